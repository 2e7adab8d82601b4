//! Aliases that are names of fields, given other names while an operation is planned and
//! executed: for `{ me { id: name reviews { body } } }` the planner fetches the key `id` beside
//! the client's `id`, and then takes one for the other.

use std::collections::{HashMap, HashSet};

use apollo_compiler::{
    ExecutableDocument, Name,
    executable::{Selection, SelectionSet},
};

use crate::executor::ClientKeys;

/// How the names that aliases are given begin.
const PREFIX: &str = "_setwise_";

/// `document` with its aliases freed of `field_names`, and what the client calls them; `None`
/// when there is nothing to change.
pub(crate) fn free(
    field_names: &HashSet<String>,
    document: &ExecutableDocument,
) -> Option<(ExecutableDocument, ClientKeys)> {
    let mut names = Names::default();
    for set in document
        .operations
        .iter()
        .map(|operation| &operation.selection_set)
    {
        names.collect(field_names, set);
    }
    for fragment in document.fragments.values() {
        names.collect(field_names, &fragment.selection_set);
    }
    if names.0.is_empty() {
        return None;
    }
    let mut document = document.clone();
    let operations = &mut document.operations;
    for operation in operations
        .anonymous
        .iter_mut()
        .chain(operations.named.values_mut())
    {
        names.apply(&mut operation.make_mut().selection_set);
    }
    for fragment in document.fragments.values_mut() {
        names.apply(&mut fragment.make_mut().selection_set);
    }
    Some((document, names.into_client_keys()))
}

/// New names by alias and field: what the specification lets be the same key stays the same key.
#[derive(Default)]
struct Names(HashMap<(Name, Name), Name>);

impl Names {
    fn collect(&mut self, field_names: &HashSet<String>, set: &SelectionSet) {
        for selection in &set.selections {
            match selection {
                Selection::Field(field) => {
                    if let Some(alias) = &field.alias
                        && *alias != field.name
                        && (field_names.contains(alias.as_str())
                            || alias.starts_with("__")
                            || alias.starts_with(PREFIX))
                    {
                        let next = self.0.len();
                        self.0
                            .entry((alias.clone(), field.name.clone()))
                            .or_insert_with(|| {
                                Name::new(&format!("{PREFIX}{next}")).expect("this is a name")
                            });
                    }
                    self.collect(field_names, &field.selection_set);
                }
                Selection::InlineFragment(fragment) => {
                    self.collect(field_names, &fragment.selection_set);
                }
                Selection::FragmentSpread(_) => {}
            }
        }
    }

    fn apply(&self, set: &mut SelectionSet) {
        for selection in &mut set.selections {
            match selection {
                Selection::Field(field) => {
                    let field = field.make_mut();
                    if let Some(alias) = &field.alias
                        && let Some(name) = self.0.get(&(alias.clone(), field.name.clone()))
                    {
                        field.alias = Some(name.clone());
                    }
                    self.apply(&mut field.selection_set);
                }
                Selection::InlineFragment(fragment) => {
                    self.apply(&mut fragment.make_mut().selection_set);
                }
                Selection::FragmentSpread(_) => {}
            }
        }
    }

    fn into_client_keys(self) -> ClientKeys {
        self.0
            .into_iter()
            .map(|((alias, _), name)| (name.to_string(), alias.to_string()))
            .collect()
    }
}
