//! Aliases that are names of fields, given other names while an operation is planned and
//! executed: for `{ me { id: name reviews { body } } }` the planner fetches the key `id` beside
//! the client's `id`, and then takes one for the other. So it does with a field that `@requires`
//! selects with other arguments than the client, or with none: such fields are given an alias.

use std::collections::HashMap;

use apollo_compiler::{
    ExecutableDocument, Name,
    executable::{Selection, SelectionSet},
};

use crate::{executor::ClientKeys, supergraph::Supergraph};

/// How the names that aliases are given begin.
const PREFIX: &str = "_setwise_";

/// `document` with its keys freed of those that the planner needs for `supergraph`, and what the
/// client calls them; `None` when there is nothing to change.
pub(crate) fn free(
    supergraph: &Supergraph,
    document: &ExecutableDocument,
) -> Option<(ExecutableDocument, ClientKeys)> {
    let mut names = Names::default();
    for set in document
        .operations
        .iter()
        .map(|operation| &operation.selection_set)
    {
        names.collect(supergraph, set);
    }
    for fragment in document.fragments.values() {
        names.collect(supergraph, &fragment.selection_set);
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

/// New names by key and field: what the specification lets be the same key stays the same key.
#[derive(Default)]
struct Names(HashMap<(Name, Name), Name>);

impl Names {
    fn collect(&mut self, supergraph: &Supergraph, set: &SelectionSet) {
        for selection in &set.selections {
            match selection {
                Selection::Field(field) => {
                    let key = field.response_key();
                    let is_taken = if *key == field.name {
                        supergraph.required_with_arguments.contains(key.as_str())
                    } else {
                        supergraph.field_names.contains(key.as_str())
                            || key.starts_with("__")
                            || key.starts_with(PREFIX)
                    };
                    if is_taken {
                        let next = self.0.len();
                        self.0
                            .entry((key.clone(), field.name.clone()))
                            .or_insert_with(|| {
                                Name::new(&format!("{PREFIX}{next}")).expect("this is a name")
                            });
                    }
                    self.collect(supergraph, &field.selection_set);
                }
                Selection::InlineFragment(fragment) => {
                    self.collect(supergraph, &fragment.selection_set);
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
                    let key = (field.response_key().clone(), field.name.clone());
                    if let Some(name) = self.0.get(&key) {
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
            .map(|((key, _), name)| (name.to_string(), key.to_string()))
            .collect()
    }
}
