//! Measuring a document. A fragment is measured once, however often it is spread.

use std::collections::HashMap;

use apollo_compiler::ast::{
    Definition, DirectiveList, Document, FragmentDefinition, OperationDefinition, Selection, Value,
};

use crate::graph::GraphError;

use super::{Limit, exceeded};

/// What a selection set comes to once its fragments are spread.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Size {
    pub(super) fields: usize,
    pub(super) root_fields: usize,
    pub(super) aliases: usize,
    pub(super) directives: usize,
    pub(super) directives_per_location: usize,
    /// Selection sets, fragments and values within each other.
    pub(super) depth: usize,
    /// Fields within each other.
    pub(super) height: usize,
}

pub(super) struct Measure<'a> {
    fragments: HashMap<&'a str, &'a FragmentDefinition>,
    /// Sizes of fragments; `None` while one is being measured: a cycle counts nothing, validation
    /// refuses it.
    known: HashMap<&'a str, Option<Size>>,
    max_depth: usize,
}

impl<'a> Measure<'a> {
    /// No path is followed beyond `max_depth`, so that none exhausts the stack.
    pub(super) fn new(document: &'a Document, max_depth: usize) -> Self {
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
            max_depth,
        }
    }

    pub(super) fn operation(
        &mut self,
        operation: &'a OperationDefinition,
    ) -> Result<Size, GraphError> {
        let mut size = self.selections(&operation.selection_set, 0)?;
        size.add_directives(&operation.directives);
        for variable in &operation.variables {
            size.add_directives(&variable.directives);
            let default = variable.default_value.as_ref();
            size.depth = size.depth.max(default.map_or(0, |value| depth(value)));
        }
        Ok(size)
    }

    /// The fragment `name` as spread `level` levels below the root.
    pub(super) fn fragment(&mut self, name: &str, level: usize) -> Result<Size, GraphError> {
        if let Some(known) = self.known.get(name) {
            return Ok(known.unwrap_or_default());
        }
        let Some(&fragment) = self.fragments.get(name) else {
            return Ok(Size::default());
        };
        self.known.insert(&fragment.name, None);
        let mut size = self.selections(&fragment.selection_set, level + 1)?;
        size.depth += 1;
        size.add_directives(&fragment.directives);
        self.known.insert(&fragment.name, Some(size));
        Ok(size)
    }

    fn selections(
        &mut self,
        selections: &'a [Selection],
        level: usize,
    ) -> Result<Size, GraphError> {
        if level > self.max_depth {
            return Err(exceeded(Limit::Depth, level, self.max_depth));
        }
        let mut size = Size::default();
        for selection in selections {
            let part = match selection {
                Selection::Field(field) => {
                    let below = self.selections(&field.selection_set, level + 1)?;
                    let values = field.arguments.iter().map(|one| depth(&one.value)).max();
                    let mut part = Size {
                        fields: below.fields.saturating_add(1),
                        root_fields: 1,
                        aliases: below
                            .aliases
                            .saturating_add(usize::from(field.alias.is_some())),
                        depth: below.depth.max(values.unwrap_or(0)) + 1,
                        height: below.height + 1,
                        ..below
                    };
                    part.add_directives(&field.directives);
                    part
                }
                Selection::InlineFragment(fragment) => {
                    let mut part = self.selections(&fragment.selection_set, level + 1)?;
                    part.depth += 1;
                    part.add_directives(&fragment.directives);
                    part
                }
                Selection::FragmentSpread(spread) => {
                    let mut part = self.fragment(&spread.fragment_name, level)?;
                    part.add_directives(&spread.directives);
                    part
                }
            };
            size.add(part);
        }
        Ok(size)
    }
}

impl Size {
    /// Takes in what stands beside the rest.
    fn add(&mut self, part: Self) {
        self.fields = self.fields.saturating_add(part.fields);
        self.root_fields = self.root_fields.saturating_add(part.root_fields);
        self.aliases = self.aliases.saturating_add(part.aliases);
        self.directives = self.directives.saturating_add(part.directives);
        self.directives_per_location = self
            .directives_per_location
            .max(part.directives_per_location);
        self.depth = self.depth.max(part.depth);
        self.height = self.height.max(part.height);
    }

    fn add_directives(&mut self, directives: &DirectiveList) {
        self.directives = self.directives.saturating_add(directives.len());
        self.directives_per_location = self.directives_per_location.max(directives.len());
        let arguments = directives.iter().flat_map(|one| &one.arguments);
        let values = arguments.map(|argument| depth(&argument.value)).max();
        self.depth = self.depth.max(values.unwrap_or(0));
    }
}

/// How deep lists and objects lie within each other; the parser bounds it.
fn depth(value: &Value) -> usize {
    match value {
        Value::List(items) => 1 + items.iter().map(|item| depth(item)).max().unwrap_or(0),
        Value::Object(fields) => {
            let inner = fields.iter().map(|(_, value)| depth(value));
            1 + inner.max().unwrap_or(0)
        }
        _ => 0,
    }
}
