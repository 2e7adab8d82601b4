//! Bounds on a document, checked on the syntax alone: in time linear in its length, before
//! anything that could be led to do more.

use std::collections::HashMap;

use apollo_compiler::ast::{Definition, Document, FragmentDefinition, Selection, Value};

use crate::{Limits, graph::GraphError};

/// What a selection set comes to once its fragments are spread.
#[derive(Clone, Copy, Default)]
struct Size {
    fields: usize,
    aliases: usize,
    root_fields: usize,
    depth: usize,
}

/// Refuses a document of which an operation is larger than `limits`.
pub(crate) fn check(limits: &Limits, document: &Document) -> Result<(), GraphError> {
    let mut measure = Measure::new(document);
    for definition in &document.definitions {
        let Definition::OperationDefinition(operation) = definition else {
            continue;
        };
        let size = measure.selections(&operation.selection_set);
        for (what, is, may_be) in [
            ("depth", size.depth, limits.max_depth),
            ("fields", size.fields, limits.max_fields),
            ("aliases", size.aliases, limits.max_aliases),
            ("root fields", size.root_fields, limits.max_root_fields),
        ] {
            if is > may_be {
                return Err(exceeded(&format!("has {what} {is}, more than {may_be}")));
            }
        }
    }
    Ok(())
}

/// The error for a document beyond a limit.
pub(crate) fn exceeded(what: &str) -> GraphError {
    GraphError::new(
        "OPERATION_LIMIT_EXCEEDED",
        format!("The operation is too large: it {what}."),
    )
}

struct Measure<'a> {
    fragments: HashMap<&'a str, &'a FragmentDefinition>,
    /// Sizes of fragments; `None` while one is being measured: a cycle counts nothing, validation
    /// refuses it.
    known: HashMap<&'a str, Option<Size>>,
}

impl<'a> Measure<'a> {
    fn new(document: &'a Document) -> Self {
        let fragments = document
            .definitions
            .iter()
            .filter_map(|definition| match definition {
                Definition::FragmentDefinition(fragment) => {
                    Some((fragment.name.as_str(), fragment.as_ref()))
                }
                _ => None,
            })
            .collect();
        Self {
            fragments,
            known: HashMap::new(),
        }
    }

    fn selections(&mut self, selections: &'a [Selection]) -> Size {
        let mut size = Size::default();
        for selection in selections {
            let part = match selection {
                Selection::Field(field) => {
                    let below = self.selections(&field.selection_set);
                    let arguments = field
                        .arguments
                        .iter()
                        .map(|argument| depth(&argument.value));
                    Size {
                        fields: below.fields.saturating_add(1),
                        aliases: below
                            .aliases
                            .saturating_add(usize::from(field.alias.is_some())),
                        root_fields: 1,
                        depth: below.depth.max(arguments.max().unwrap_or(0)) + 1,
                    }
                }
                Selection::InlineFragment(fragment) => {
                    let mut inner = self.selections(&fragment.selection_set);
                    inner.depth += 1;
                    inner
                }
                Selection::FragmentSpread(spread) => self.fragment(&spread.fragment_name),
            };
            size.fields = size.fields.saturating_add(part.fields);
            size.aliases = size.aliases.saturating_add(part.aliases);
            size.root_fields = size.root_fields.saturating_add(part.root_fields);
            size.depth = size.depth.max(part.depth);
        }
        size
    }

    fn fragment(&mut self, name: &str) -> Size {
        if let Some(known) = self.known.get(name) {
            return known.unwrap_or_default();
        }
        let Some(&fragment) = self.fragments.get(name) else {
            return Size::default();
        };
        self.known.insert(&fragment.name, None);
        let mut size = self.selections(&fragment.selection_set);
        size.depth += 1;
        self.known.insert(&fragment.name, Some(size));
        size
    }
}

fn depth(value: &Value) -> usize {
    match value {
        Value::List(items) => 1 + items.iter().map(|item| depth(item)).max().unwrap_or(0),
        Value::Object(fields) => {
            1 + fields
                .iter()
                .map(|(_, value)| depth(value))
                .max()
                .unwrap_or(0)
        }
        _ => 0,
    }
}
