use std::collections::HashMap;

use apollo_compiler::response::{JsonMap, JsonValue};

use crate::{
    executor::json::{Buffers, Object, Value},
    graph::{GraphError, PathSegment},
    supergraph::{TypeId, TypeIndex},
};

use super::{Field, Guard, Leaf, Selection, Shape, ShapeKind, Slot};

/// What projection reads besides the data.
pub(crate) struct Projection<'a> {
    pub(crate) types: &'a TypeIndex,
    pub(crate) root: TypeId,
    pub(crate) selection: &'a Selection,
    pub(crate) variables: &'a JsonMap,
    /// The answers to `__schema` and `__type`, by response key.
    pub(crate) introspection: Option<&'a JsonMap>,
}

/// Writes `data`, as JSON. Errors that completion finds are added to `errors`, unless one is
/// there already that tells why the value is missing.
pub(crate) fn project(
    projection: &Projection<'_>,
    buffers: &Buffers,
    data: &Value,
    errors: &mut Vec<GraphError>,
) -> Vec<u8> {
    let empty;
    let data = match data {
        Value::Object(object) => object,
        Value::Null | Value::Scalar(_) | Value::List(..) => {
            empty = Object::default();
            &empty
        }
    };
    let mut writer = Writer {
        projection,
        buffers,
        // what several places wait for came once
        out: Vec::with_capacity((2 * buffers.len()).clamp(1024, MAX_ROOM)),
        path: Vec::new(),
        errors,
        added_errors: 0,
    };
    match writer.object(Some(projection.root), &[projection.selection], data) {
        Ok(()) => writer.out,
        Err(NullReachesParent) => b"null".to_vec(),
    }
}

/// Bytes that are set aside for `data` before its length is known, at most.
const MAX_ROOM: usize = 64 * 1024;

/// How many errors completion adds at most: a long list may be wrong in each item.
const MAX_ERRORS: usize = 100;

/// A value that may not be null is: its parent is null instead.
struct NullReachesParent;

type Completed = Result<(), NullReachesParent>;

#[derive(Clone, Copy)]
enum Step<'a> {
    Key(&'a str),
    Index(usize),
}

struct Writer<'a, 'e> {
    projection: &'a Projection<'a>,
    buffers: &'a Buffers,
    out: Vec<u8>,
    path: Vec<Step<'a>>,
    errors: &'e mut Vec<GraphError>,
    added_errors: usize,
}

/// A key of the response with the fields that apply under it.
struct Selected<'a> {
    position: usize,
    slot: &'a Slot,
    fields: Vec<&'a Field>,
}

impl<'a> Writer<'a, '_> {
    /// Writes an object of type `id`; `None` where the subgraph knows it by its interface only.
    fn object(
        &mut self,
        id: Option<TypeId>,
        selections: &[&'a Selection],
        object: &'a Object,
    ) -> Completed {
        self.out.push(b'{');
        if let [selection] = selections
            && selection.is_plain
        {
            for (index, slot) in selection.slots.iter().enumerate() {
                let [variant] = slot.variants.as_slice() else {
                    continue;
                };
                self.separate(index);
                self.slot(id, slot, &[&variant.field], object, index)?;
            }
        } else {
            for (index, selected) in self.selected(id, selections).into_iter().enumerate() {
                self.separate(index);
                self.slot(id, selected.slot, &selected.fields, object, index)?;
            }
        }
        self.out.push(b'}');
        Ok(())
    }

    /// The fields that apply to an object of type `id`, in the order of the response.
    fn selected(&self, id: Option<TypeId>, selections: &[&'a Selection]) -> Vec<Selected<'a>> {
        let mut all: Vec<Selected<'a>> = Vec::new();
        let mut by_key: HashMap<&str, usize> = HashMap::new();
        let mut start = 0;
        for selection in selections {
            for slot in &selection.slots {
                for variant in &slot.variants {
                    if !self.applies(&variant.guard, id) {
                        continue;
                    }
                    let next = all.len();
                    let index = *by_key.entry(&slot.key).or_insert(next);
                    if index == next {
                        all.push(Selected {
                            position: start + variant.position,
                            slot,
                            fields: vec![&variant.field],
                        });
                    } else {
                        all[index].fields.push(&variant.field);
                        let position = start + variant.position;
                        all[index].position = all[index].position.min(position);
                    }
                }
            }
            start += selection
                .slots
                .iter()
                .map(|slot| slot.variants.len())
                .sum::<usize>();
        }
        all.sort_by_key(|selected| selected.position);
        all
    }

    fn applies(&self, guard: &Guard, id: Option<TypeId>) -> bool {
        let types = guard.types.as_ref();
        types.is_none_or(|types| id.is_some_and(|id| types.contains(id)))
            && guard.conditions.iter().all(|condition| {
                let value = self.projection.variables.get(condition.variable.as_str());
                value.and_then(JsonValue::as_bool) == Some(condition.must_be)
            })
    }

    fn slot(
        &mut self,
        id: Option<TypeId>,
        slot: &'a Slot,
        fields: &[&'a Field],
        object: &'a Object,
        hint: usize,
    ) -> Completed {
        self.out.extend_from_slice(slot.key_json.as_bytes());
        match fields[0] {
            Field::Typename => {
                // nobody asks an object of unknown type for its type
                let name = id.map_or("", |id| self.projection.types.name(id));
                self.out.push(b'"');
                self.out.extend_from_slice(name.as_bytes());
                self.out.push(b'"');
                Ok(())
            }
            Field::Introspection => {
                let answers = self.projection.introspection;
                match answers.and_then(|answers| answers.get(slot.client_key.as_str())) {
                    Some(answer) => serde_json::to_writer(&mut self.out, answer)
                        .expect("a JSON value is written to memory"),
                    None => self.out.extend_from_slice(b"null"),
                }
                Ok(())
            }
            Field::Data { coordinate, shape } => {
                let (one, many);
                let selections: &[&'a Selection] = match (fields, shape.kind.selection()) {
                    (_, None) => &[],
                    ([_], Some(selection)) => {
                        one = [selection];
                        &one
                    }
                    _ => {
                        many = fields
                            .iter()
                            .filter_map(|field| field.selection())
                            .collect::<Vec<_>>();
                        &many
                    }
                };
                let value = self
                    .buffers
                    .find(object, &slot.key, hint)
                    .map_or(&Value::Null, |position| &object.fields[position].1);
                self.path.push(Step::Key(&slot.client_key));
                let completed = self.value(coordinate, shape, selections, value);
                self.path.pop();
                completed
            }
        }
    }

    fn value(
        &mut self,
        field: &str,
        shape: &'a Shape,
        selections: &[&'a Selection],
        value: &'a Value,
    ) -> Completed {
        let start = self.out.len();
        let completed = if value.is_null() {
            if shape.is_non_null {
                self.error(format!(
                    "Cannot return null for non-nullable field {field}."
                ));
            }
            Err(NullReachesParent)
        } else {
            self.present(field, shape, selections, value)
        };
        if completed.is_err() && !shape.is_non_null {
            self.out.truncate(start);
            self.out.extend_from_slice(b"null");
            return Ok(());
        }
        completed
    }

    /// A value that is not null.
    fn present(
        &mut self,
        field: &str,
        shape: &'a Shape,
        selections: &[&'a Selection],
        value: &'a Value,
    ) -> Completed {
        match (&shape.kind, value) {
            (ShapeKind::List(item_shape), Value::List(items, _)) => {
                self.out.push(b'[');
                for (index, item) in items.iter().enumerate() {
                    self.separate(index);
                    self.path.push(Step::Index(index));
                    let completed = self.value(field, item_shape, selections, item);
                    self.path.pop();
                    completed?;
                }
                self.out.push(b']');
                Ok(())
            }
            (ShapeKind::Object(id, _), Value::Object(object)) => {
                self.object(Some(*id), selections, object)
            }
            (ShapeKind::Abstract(possible, _), Value::Object(object)) => {
                let types = self.projection.types;
                let name = self.buffers.type_name(object);
                let id = name.and_then(|name| types.id(name));
                match id.filter(|id| possible.contains(*id)) {
                    Some(id) => self.object(Some(id), selections, object),
                    // an interface object, of which only what all types have is selected
                    None if name.is_none_or(|name| types.is_abstract(name))
                        && selections
                            .iter()
                            .all(|selection| selection.suits_any_type()) =>
                    {
                        self.object(None, selections, object)
                    }
                    None => self.mismatch(field),
                }
            }
            (ShapeKind::Leaf(leaf), value) => self.leaf(field, leaf, value),
            (ShapeKind::List(_) | ShapeKind::Object(..) | ShapeKind::Abstract(..), _) => {
                self.mismatch(field)
            }
        }
    }

    fn leaf(&mut self, field: &str, leaf: &Leaf, value: &Value) -> Completed {
        let text = match value {
            Value::Scalar(span) => self.buffers.get(*span),
            Value::List(_, span) | Value::Object(Object { span, .. })
                if matches!(leaf, Leaf::Custom) =>
            {
                self.buffers.get(*span)
            }
            Value::Null | Value::List(..) | Value::Object(_) => return self.mismatch(field),
        };
        let Some(text) = leaf.coerce(text) else {
            return self.mismatch(field);
        };
        self.out.extend_from_slice(&text);
        Ok(())
    }

    fn mismatch(&mut self, field: &str) -> Completed {
        self.error(format!("The value of field {field} does not fit its type."));
        Err(NullReachesParent)
    }

    /// Adds an error at the current path, unless one tells about it or about what lies above or
    /// below it already.
    fn error(&mut self, message: String) {
        if self.added_errors == MAX_ERRORS {
            return;
        }
        let path: Vec<PathSegment> = self.path.iter().map(|step| step.to_segment()).collect();
        let is_told = self.errors.iter().any(|error| {
            let Some(told) = &error.path else { return true };
            let common = told.len().min(path.len());
            // `@` stands for every item of a list
            let mut pairs = told[..common].iter().zip(&path[..common]);
            pairs.all(|(told, here)| match (told, here) {
                (PathSegment::Key(key), PathSegment::Index(_)) => key == "@",
                (told, here) => told == here,
            })
        });
        if !is_told {
            let mut error = GraphError::new("INVALID_SUBGRAPH_VALUE", message);
            error.path = Some(path);
            self.errors.push(error);
            self.added_errors += 1;
        }
    }

    fn separate(&mut self, index: usize) {
        if index > 0 {
            self.out.push(b',');
        }
    }
}

impl Selection {
    /// Whether what it selects of an object does not depend on the object's type.
    fn suits_any_type(&self) -> bool {
        let mut variants = self.slots.iter().flat_map(|slot| &slot.variants);
        variants.all(|variant| {
            variant.guard.types.is_none() && !matches!(variant.field, Field::Typename)
        })
    }
}

impl Step<'_> {
    fn to_segment(self) -> PathSegment {
        match self {
            Self::Key(key) => PathSegment::Key(key.to_owned()),
            Self::Index(index) => PathSegment::Index(index),
        }
    }
}
