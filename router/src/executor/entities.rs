//! Representations: what a subgraph needs to know of entities to answer for them, each once.

use std::collections::HashMap;

use super::{
    flatten::{self, Places},
    json::{Buffers, Object, Value},
    plan::{EntityFetch, PathSegment, Require},
    rewrite,
};

/// The representations of one `_entities` list, and which places wait for which of them.
#[derive(Debug)]
pub(crate) struct Representations {
    /// A JSON list.
    pub(crate) json: Vec<u8>,
    /// How many the list holds.
    pub(crate) count: usize,
    pub(crate) places: Places,
    /// For each place, the position of its representation in the list.
    pub(crate) of_place: Vec<usize>,
}

/// Gathers the representations that `fetch` needs from `data`; equal ones are sent once.
pub(crate) fn gather(buffers: &mut Buffers, data: &Value, fetch: &EntityFetch) -> Representations {
    let mut gathered = Representations {
        json: vec![b'['],
        count: 0,
        places: Places::default(),
        of_place: Vec::new(),
    };
    let mut known: HashMap<Vec<u8>, usize> = HashMap::new();
    let mut found = Vec::new();
    let mut ways = Places::default();
    for path in &fetch.paths {
        flatten::each_object(buffers, data, path, &mut |object, way| {
            found.push(object);
            ways.push(way);
        });
    }
    for (index, object) in found.into_iter().enumerate() {
        let Some(representation) = represent(buffers, fetch, object) else {
            continue;
        };
        let position = *known.entry(representation).or_insert_with_key(|json| {
            if gathered.count > 0 {
                gathered.json.push(b',');
            }
            gathered.json.extend_from_slice(json);
            gathered.count += 1;
            gathered.count - 1
        });
        gathered.places.push(ways.get(index));
        gathered.of_place.push(position);
    }
    gathered.json.push(b']');
    gathered
}

/// The places where fields of the root are merged: the root itself when `path` is empty.
pub(crate) fn root(buffers: &Buffers, data: &Value, path: &[PathSegment]) -> Representations {
    let mut places = Places::default();
    flatten::each_object(buffers, data, path, &mut |_, way| places.push(way));
    Representations {
        json: Vec::new(),
        count: 0,
        of_place: vec![0; places.len()],
        places,
    }
}

/// The representation of `object`; `None` when the data lacks what it is made of.
fn represent(buffers: &mut Buffers, fetch: &EntityFetch, object: &Object) -> Option<Vec<u8>> {
    let mut writer = Writer {
        out: Vec::new(),
        is_complete: true,
        has_value: false,
    };
    if fetch.input_rewrites.is_empty() {
        writer.object(buffers, object, &fetch.requires);
    } else {
        let mut value = Value::Object(object.clone());
        rewrite::apply(buffers, &fetch.input_rewrites, &mut value);
        writer.object(buffers, value.as_object()?, &fetch.requires);
    }
    // an entity all of whose keys are null is no entity that anyone could resolve
    (writer.is_complete && writer.has_value).then_some(writer.out)
}

struct Writer {
    out: Vec<u8>,
    /// False once a field is missing in the data.
    is_complete: bool,
    /// True once a field other than `__typename` is not null.
    has_value: bool,
}

impl Writer {
    fn object(&mut self, buffers: &Buffers, object: &Object, requires: &[Require]) {
        self.out.push(b'{');
        let start = self.out.len();
        if let Some(name) = buffers.type_name(object) {
            self.out.extend_from_slice(b"\"__typename\":\"");
            self.out.extend_from_slice(name.as_bytes());
            self.out.push(b'"');
        }
        self.fields(buffers, object, requires, start);
        self.out.push(b'}');
    }

    fn fields(&mut self, buffers: &Buffers, object: &Object, requires: &[Require], start: usize) {
        for require in requires {
            match require {
                Require::OfType { types, children } => {
                    if buffers
                        .type_name(object)
                        .is_none_or(|name| types.contains(name))
                    {
                        self.fields(buffers, object, children, start);
                    }
                }
                Require::Field { write, .. } if write == "__typename" => {}
                Require::Field {
                    read,
                    write,
                    children,
                } => {
                    let value = buffers
                        .field(object, read)
                        .or_else(|| buffers.field(object, write));
                    let Some(value) = value else {
                        self.is_complete = false;
                        return;
                    };
                    if self.out.len() > start {
                        self.out.push(b',');
                    }
                    self.out.push(b'"');
                    self.out.extend_from_slice(write.as_bytes());
                    self.out.extend_from_slice(b"\":");
                    self.has_value |= !value.is_null();
                    self.value(buffers, value, children);
                }
            }
        }
    }

    fn value(&mut self, buffers: &Buffers, value: &Value, requires: &[Require]) {
        match value {
            Value::Null => self.out.extend_from_slice(b"null"),
            Value::Scalar(span) => self.out.extend_from_slice(buffers.get(*span)),
            // a scalar may be any JSON
            Value::List(_, span) | Value::Object(Object { span, .. }) if requires.is_empty() => {
                self.out.extend_from_slice(buffers.get(*span));
            }
            Value::Object(object) => self.object(buffers, object, requires),
            Value::List(items, _) => {
                self.out.push(b'[');
                for (index, item) in items.iter().enumerate() {
                    if index > 0 {
                        self.out.push(b',');
                    }
                    self.value(buffers, item, requires);
                }
                self.out.push(b']');
            }
        }
    }
}
