//! Representations: what a subgraph needs to know of entities to answer for them, each once.

use std::{
    collections::HashMap,
    hash::{BuildHasher as _, RandomState},
    ops::Range,
};

use super::{
    flatten::{self, Places},
    json::{Buffers, Object, Span, Value},
    plan::{EntityFetch, PathSegment, Require, TypeNames},
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
    /// For each representation, the type of its entity, where that is known.
    pub(crate) type_names: Vec<Option<Span>>,
}

/// Gathers the representations that `fetch` needs from `data`; equal ones are sent once.
pub(crate) fn gather(buffers: &mut Buffers, data: &Value, fetch: &EntityFetch) -> Representations {
    let mut found = Vec::new();
    let mut ways = Places::default();
    for path in &fetch.paths {
        flatten::each_object(buffers, data, path, &mut |object, way| {
            found.push(object);
            ways.push(way);
        });
    }
    let mut gathered = Representations {
        json: Vec::with_capacity(1024),
        count: 0,
        places: Places::default(),
        of_place: Vec::with_capacity(found.len()),
        type_names: Vec::with_capacity(found.len()),
    };
    gathered.json.push(b'[');
    let mut known = Known::default();
    for (index, object) in found.into_iter().enumerate() {
        let end = gathered.json.len();
        if gathered.count > 0 {
            gathered.json.push(b',');
        }
        let start = gathered.json.len();
        if !represent(buffers, fetch, object, &mut gathered.json) {
            gathered.json.truncate(end);
            continue;
        }
        let position = known.position(&gathered.json, start);
        if position == gathered.count {
            gathered.count += 1;
            gathered.type_names.push(buffers.type_name_span(object));
        } else {
            gathered.json.truncate(end);
        }
        gathered.places.push(ways.get(index));
        gathered.of_place.push(position);
    }
    gathered.json.push(b']');
    gathered
}

/// The representations that are in the list already.
#[derive(Default)]
struct Known {
    ranges: Vec<Range<usize>>,
    hasher: RandomState,
    /// The first of each hash.
    by_hash: HashMap<u64, usize>,
}

impl Known {
    /// The position of what `json` holds from `start` on: the next one when it is new.
    fn position(&mut self, json: &[u8], start: usize) -> usize {
        let new = &json[start..];
        let next = self.ranges.len();
        let first = *self
            .by_hash
            .entry(self.hasher.hash_one(new))
            .or_insert(next);
        // a hash alone says nothing
        let mut rest = self.ranges.iter().skip(first);
        let known = rest.position(|range| json[range.clone()] == *new);
        if let Some(offset) = known {
            return first + offset;
        }
        self.ranges.push(start..json.len());
        next
    }
}

/// The places where fields of the root are merged: the root itself when `path` is empty.
pub(crate) fn root(buffers: &Buffers, data: &Value, path: &[PathSegment]) -> Representations {
    let mut places = Places::default();
    flatten::each_object(buffers, data, path, &mut |_, way| places.push(way));
    Representations {
        json: Vec::new(),
        count: 0,
        of_place: vec![0; places.len()],
        type_names: Vec::new(),
        places,
    }
}

/// Writes the representation of `object`; false when the data lacks what it is made of.
fn represent(
    buffers: &mut Buffers,
    fetch: &EntityFetch,
    object: &Object,
    out: &mut Vec<u8>,
) -> bool {
    let mut writer = Writer {
        out,
        is_complete: true,
        has_value: false,
    };
    if fetch.input_rewrites.is_empty() {
        writer.object(buffers, object, &fetch.requires);
    } else {
        let mut value = Value::Object(object.clone());
        rewrite::apply(buffers, &fetch.input_rewrites, &mut value);
        let Some(object) = value.as_object() else {
            return false;
        };
        writer.object(buffers, object, &fetch.requires);
    }
    // an entity all of whose keys are null is no entity that anyone could resolve
    writer.is_complete && writer.has_value
}

struct Writer<'a> {
    out: &'a mut Vec<u8>,
    /// False once a field is missing in the data.
    is_complete: bool,
    /// True once a field other than `__typename` is not null.
    has_value: bool,
}

impl Writer<'_> {
    fn object(&mut self, buffers: &Buffers, object: &Object, requires: &[Require]) {
        self.out.push(b'{');
        let start = self.out.len();
        if let Some(name) = buffers.type_name(object) {
            self.out.extend_from_slice(b"\"__typename\":\"");
            self.out.extend_from_slice(name.as_bytes());
            self.out.push(b'"');
        }
        self.fields(buffers, object, requires, &[], start);
        self.out.push(b'}');
    }

    /// Writes what `requires` asks for and the `earlier` ones beside it do not.
    fn fields(
        &mut self,
        buffers: &Buffers,
        object: &Object,
        requires: &[Require],
        earlier: &[Require],
        start: usize,
    ) {
        for (index, require) in requires.iter().enumerate() {
            let before = &requires[..index];
            match require {
                Require::OfType { types, children } => {
                    if is_of(buffers, object, types) {
                        self.fields(buffers, object, children, before, start);
                    }
                }
                Require::Field { write, .. } if write == "__typename" => {}
                // an entity and its interface may have the same key
                Require::Field { .. }
                    if is_among(buffers, object, before, require)
                        || is_among(buffers, object, earlier, require) => {}
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

/// Whether `object` is of one of `types`, as far as is known.
fn is_of(buffers: &Buffers, object: &Object, types: &TypeNames) -> bool {
    let name = buffers.type_name(object);
    name.is_none_or(|name| types.contains(name))
}

/// Whether `requires` asks for `field` of `object`.
fn is_among(buffers: &Buffers, object: &Object, requires: &[Require], field: &Require) -> bool {
    requires.iter().any(|require| match require {
        Require::OfType { types, children } => {
            is_of(buffers, object, types) && is_among(buffers, object, children, field)
        }
        Require::Field { .. } => require == field,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(name: &str) -> Require {
        Require::Field {
            read: name.to_owned(),
            write: name.to_owned(),
            children: Vec::new(),
        }
    }

    fn of_type(names: &[&str], children: Vec<Require>) -> Require {
        let types = names.iter().map(|name| (*name).to_owned()).collect();
        Require::OfType { types, children }
    }

    #[test]
    fn a_key_stands_once_in_a_representation() {
        let mut buffers = Buffers::default();
        let text = r#"{"__typename":"Book","id":"1","code":"b"}"#;
        let book = buffers.parse(text.into()).unwrap();
        let fetch = EntityFetch {
            response_key: "_entities".to_owned(),
            variable: "representations".to_owned(),
            paths: vec![Vec::new()],
            requires: vec![
                of_type(&["Film"], vec![key("code")]),
                of_type(&["Book", "Media"], vec![key("id")]),
                of_type(
                    &["Media", "Book", "Film"],
                    vec![key("id"), key("code"), key("code")],
                ),
            ],
            input_rewrites: Vec::new(),
            output_rewrites: Vec::new(),
        };
        let gathered = gather(&mut buffers, &book, &fetch);
        let json = std::str::from_utf8(&gathered.json).unwrap();
        assert_eq!(json, format!("[{text}]"));
    }
}
