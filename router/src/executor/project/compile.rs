//! From the client's operation to what [`write`](super::write) follows.

use std::collections::HashMap;

use apollo_compiler::{
    Schema,
    ast::{DirectiveList, Type, Value},
    executable::{self, ExecutableDocument, Operation},
    schema::ExtendedType,
};

use crate::{
    executor::ClientKeys,
    supergraph::{TypeIndex, TypeSet},
};

use super::{Condition, Field, Guard, Leaf, Selection, Shape, ShapeKind, Slot, Variant};

/// Compiles the selections of a valid `operation`.
pub(crate) fn compile(
    schema: &Schema,
    types: &TypeIndex,
    document: &ExecutableDocument,
    operation: &Operation,
    client_keys: &ClientKeys,
) -> Selection {
    let set = &operation.selection_set;
    compile_set(schema, types, document, set, client_keys)
}

/// Compiles a selection set of a valid operation.
pub(crate) fn compile_set(
    schema: &Schema,
    types: &TypeIndex,
    document: &ExecutableDocument,
    set: &executable::SelectionSet,
    client_keys: &ClientKeys,
) -> Selection {
    let compiler = Compiler {
        schema,
        types,
        document,
        client_keys,
    };
    compiler.selection(&types.possible(&set.ty), &[set])
}

struct Compiler<'a> {
    schema: &'a Schema,
    types: &'a TypeIndex,
    document: &'a ExecutableDocument,
    client_keys: &'a ClientKeys,
}

/// The fields of one selection set in order, by key and guard.
#[derive(Default)]
struct Groups<'a> {
    groups: Vec<Group<'a>>,
    by_key: HashMap<&'a str, Vec<usize>>,
}

struct Group<'a> {
    guard: Guard,
    /// The type whose field it is.
    parent: &'a str,
    fields: Vec<&'a executable::Field>,
}

impl<'a> Compiler<'a> {
    fn selection(&self, parent: &TypeSet, sets: &[&'a executable::SelectionSet]) -> Selection {
        let mut groups = Groups::default();
        for set in sets {
            self.collect(parent, &Guard::default(), set, &mut groups);
        }
        let mut slots: Vec<Slot> = Vec::new();
        let mut slot_of_key: HashMap<&str, usize> = HashMap::new();
        for (position, group) in groups.groups.into_iter().enumerate() {
            let key = group.fields[0].response_key().as_str();
            let slot = *slot_of_key.entry(key).or_insert_with(|| {
                let client_key = self.client_keys.of(key);
                slots.push(Slot {
                    key: key.to_owned(),
                    client_key: client_key.to_owned(),
                    key_json: format!("\"{client_key}\":"),
                    variants: Vec::new(),
                });
                slots.len() - 1
            });
            slots[slot].variants.push(Variant {
                position,
                field: self.field(group.parent, &group.fields),
                guard: group.guard,
            });
        }
        let is_plain = slots.iter().all(|slot| match slot.variants.as_slice() {
            [variant] => variant.guard == Guard::default(),
            _ => false,
        });
        Selection { slots, is_plain }
    }

    /// Spreads `set`: what applies to none of `parent` or is skipped for certain is left out.
    fn collect(
        &self,
        parent: &TypeSet,
        guard: &Guard,
        set: &'a executable::SelectionSet,
        groups: &mut Groups<'a>,
    ) {
        for selection in &set.selections {
            let Some(guard) = guard.and(selection.directives()) else {
                continue;
            };
            match selection {
                executable::Selection::Field(field) => groups.add(guard, &set.ty, field),
                executable::Selection::InlineFragment(fragment) => {
                    let condition = fragment.type_condition.as_ref();
                    let condition = condition.map(|name| self.types.possible(name));
                    if let Some(guard) = guard.and_types(parent, condition) {
                        self.collect(parent, &guard, &fragment.selection_set, groups);
                    }
                }
                executable::Selection::FragmentSpread(spread) => {
                    let Some(fragment) = spread.fragment_def(self.document) else {
                        continue;
                    };
                    let condition = self.types.possible(fragment.type_condition());
                    if let Some(guard) = guard.and_types(parent, Some(condition)) {
                        self.collect(parent, &guard, &fragment.selection_set, groups);
                    }
                }
            }
        }
    }

    fn field(&self, parent: &str, fields: &[&'a executable::Field]) -> Field {
        let first = fields[0];
        match first.name.as_str() {
            "__typename" => Field::Typename,
            "__schema" | "__type" => Field::Introspection,
            name => {
                let sets: Vec<_> = fields.iter().map(|field| &field.selection_set).collect();
                Field::Data {
                    coordinate: format!("{parent}.{name}"),
                    shape: self.shape(first.ty(), &sets),
                }
            }
        }
    }

    fn shape(&self, ty: &Type, sets: &[&'a executable::SelectionSet]) -> Shape {
        let kind = match ty {
            Type::List(item) | Type::NonNullList(item) => {
                ShapeKind::List(Box::new(self.shape(item, sets)))
            }
            Type::Named(name) | Type::NonNullNamed(name) => match self.schema.types.get(name) {
                Some(ExtendedType::Enum(definition)) => ShapeKind::Leaf(Leaf::Enum(
                    definition.values.keys().map(ToString::to_string).collect(),
                )),
                Some(ExtendedType::Object(_)) => {
                    let possible = self.types.possible(name);
                    let id = possible.single().expect("an object type is itself");
                    ShapeKind::Object(id, self.selection(&possible, sets))
                }
                Some(ExtendedType::Interface(_) | ExtendedType::Union(_)) => {
                    let possible = self.types.possible(name);
                    let selection = self.selection(&possible, sets);
                    ShapeKind::Abstract(possible, selection)
                }
                Some(ExtendedType::Scalar(_) | ExtendedType::InputObject(_)) | None => {
                    ShapeKind::Leaf(scalar(name))
                }
            },
        };
        Shape {
            is_non_null: ty.is_non_null(),
            kind,
        }
    }
}

impl<'a> Groups<'a> {
    fn add(&mut self, guard: Guard, parent: &'a str, field: &'a executable::Field) {
        let same_key = self.by_key.entry(field.response_key()).or_default();
        let mut known = same_key.iter().copied();
        if let Some(index) = known.find(|&index| self.groups[index].guard == guard) {
            self.groups[index].fields.push(field);
        } else {
            same_key.push(self.groups.len());
            self.groups.push(Group {
                guard,
                parent,
                fields: vec![field],
            });
        }
    }
}

impl Guard {
    /// With the conditions of `@skip` and `@include`; `None` when they never hold.
    fn and(&self, directives: &DirectiveList) -> Option<Self> {
        let mut guard = self.clone();
        for (name, must_be) in [("skip", false), ("include", true)] {
            let Some(directive) = directives.get(name) else {
                continue;
            };
            match directive
                .specified_argument_by_name("if")
                .map(AsRef::as_ref)
            {
                Some(Value::Boolean(value)) if *value != must_be => return None,
                Some(Value::Variable(variable)) => {
                    let condition = Condition {
                        variable: variable.to_string(),
                        must_be,
                    };
                    if !guard.conditions.contains(&condition) {
                        guard.conditions.push(condition);
                    }
                }
                _ => {}
            }
        }
        Some(guard)
    }

    /// Within `condition`, on a value that may be `parent`; `None` when they never meet.
    fn and_types(mut self, parent: &TypeSet, condition: Option<TypeSet>) -> Option<Self> {
        let Some(condition) = condition else {
            return Some(self);
        };
        let before = self.types.as_ref().unwrap_or(parent);
        let after = before.intersection(&condition);
        if after.is_empty() {
            return None;
        }
        if !parent.is_subset(&after) {
            self.types = Some(after);
        }
        Some(self)
    }
}

fn scalar(name: &str) -> Leaf {
    match name {
        "Int" => Leaf::Int,
        "Float" => Leaf::Float,
        "String" => Leaf::String,
        "Boolean" => Leaf::Boolean,
        "ID" => Leaf::Id,
        _ => Leaf::Custom,
    }
}
