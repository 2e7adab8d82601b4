//! Documents, compiled when they first come.

use std::{
    collections::HashMap,
    sync::{Arc, PoisonError, RwLock},
};

use anyhow::Context as _;
use graphql_parser::query::{
    self, Definition, Document, FragmentDefinition, OperationDefinition, TypeCondition,
};

/// Compiled documents by their text: a gateway sends few.
#[derive(Default)]
pub(crate) struct Documents(RwLock<HashMap<String, Arc<[Selection]>>>);

pub(crate) enum Selection {
    Field(Field),
    On(String, Vec<Selection>),
}

pub(crate) struct Field {
    pub(crate) name: String,
    /// The response's key as it is written: quoted, with the colon.
    pub(crate) key_json: String,
    /// The variable with the representations, of `_entities`.
    pub(crate) representations: Option<String>,
    pub(crate) selections: Vec<Selection>,
}

type Fragments<'a> = HashMap<&'a str, &'a FragmentDefinition<'a, String>>;

impl Documents {
    pub(crate) fn get(&self, text: &str) -> anyhow::Result<Arc<[Selection]>> {
        let known = self.0.read().unwrap_or_else(PoisonError::into_inner);
        if let Some(document) = known.get(text) {
            return Ok(Arc::clone(document));
        }
        drop(known);
        let document: Arc<[Selection]> = compile(text)?.into();
        let mut known = self.0.write().unwrap_or_else(PoisonError::into_inner);
        known.insert(text.to_owned(), Arc::clone(&document));
        Ok(document)
    }
}

fn compile(text: &str) -> anyhow::Result<Vec<Selection>> {
    let document: Document<String> = query::parse_query(text)?;
    let mut fragments = Fragments::new();
    let mut operation = None;
    for definition in &document.definitions {
        match definition {
            Definition::Fragment(fragment) => {
                fragments.insert(&fragment.name, fragment);
            }
            Definition::Operation(OperationDefinition::Query(query)) => {
                operation = Some(&query.selection_set);
            }
            Definition::Operation(OperationDefinition::SelectionSet(set)) => operation = Some(set),
            Definition::Operation(_) => anyhow::bail!("only queries are answered"),
        }
    }
    selections(&fragments, operation.context("no query")?)
}

fn selections(
    fragments: &Fragments,
    set: &query::SelectionSet<String>,
) -> anyhow::Result<Vec<Selection>> {
    set.items
        .iter()
        .map(|selection| {
            Ok(match selection {
                query::Selection::Field(field) => Selection::Field(Field {
                    name: field.name.clone(),
                    key_json: format!("\"{}\":", field.alias.as_ref().unwrap_or(&field.name)),
                    representations: field.arguments.iter().find_map(|(_, value)| match value {
                        query::Value::Variable(name) => Some(name.clone()),
                        _ => None,
                    }),
                    selections: selections(fragments, &field.selection_set)?,
                }),
                query::Selection::InlineFragment(fragment) => Selection::On(
                    condition(
                        fragment
                            .type_condition
                            .as_ref()
                            .context("no type condition")?,
                    ),
                    selections(fragments, &fragment.selection_set)?,
                ),
                query::Selection::FragmentSpread(spread) => {
                    let fragment = fragments.get(spread.fragment_name.as_str());
                    let fragment = fragment.context("unknown fragment")?;
                    Selection::On(
                        condition(&fragment.type_condition),
                        selections(fragments, &fragment.selection_set)?,
                    )
                }
            })
        })
        .collect()
}

fn condition(TypeCondition::On(name): &TypeCondition<String>) -> String {
    name.clone()
}
