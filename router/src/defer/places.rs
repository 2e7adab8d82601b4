//! Finding, in what was answered, where deferred fragments belong.

use apollo_compiler::response::{JsonMap, JsonValue};

use crate::{
    executor::{
        ClientKeys,
        json::{Buffers, Object, Value},
    },
    graph::PathSegment,
    supergraph::Supergraph,
};

use super::{
    plan::{Entity, Part},
    split::{Guard, Hop},
};

/// An object that has a deferred fragment.
#[derive(Clone, Debug)]
pub(super) struct Place {
    /// The way to it from the root, in the client's names.
    pub(super) path: Vec<PathSegment>,
    /// What the plan is told of it, as JSON; `None` when a key is missing.
    pub(super) known: Option<String>,
}

/// What finding places reads.
pub(super) struct Finder<'a> {
    pub(super) supergraph: &'a Supergraph,
    pub(super) variables: &'a JsonMap,
    pub(super) client_keys: &'a ClientKeys,
    pub(super) buffers: &'a Buffers,
    pub(super) part: &'a Part,
}

impl Finder<'_> {
    /// Adds the places of the part below `value`, which lies at `path`.
    pub(super) fn find(&self, value: &Value, path: &mut Vec<PathSegment>, found: &mut Vec<Place>) {
        self.go(value, &self.part.hops, path, found);
    }

    fn go(&self, value: &Value, hops: &[Hop], path: &mut Vec<PathSegment>, found: &mut Vec<Place>) {
        match value {
            Value::List(items, _) => {
                for (index, item) in items.iter().enumerate() {
                    path.push(PathSegment::Index(index));
                    self.go(item, hops, path, found);
                    path.pop();
                }
            }
            Value::Object(object) => match hops.split_first() {
                Some((hop, rest)) => {
                    let below = self.buffers.field(object, &hop.key);
                    if let Some(below) = below
                        && self.holds(&hop.guard, object)
                    {
                        let key = self.client_keys.of(&hop.key).to_owned();
                        path.push(PathSegment::Key(key));
                        self.go(below, rest, path, found);
                        path.pop();
                    }
                }
                None if self.holds(&self.part.guard, object) => {
                    let known = match &self.part.entity {
                        Some(entity) if !self.is_of_type(object, &entity.name) => return,
                        Some(entity) => self.known(object, entity),
                        None => Some(String::new()),
                    };
                    found.push(Place {
                        path: path.clone(),
                        known,
                    });
                }
                None => {}
            },
            Value::Null | Value::Scalar(_) => {}
        }
    }

    fn holds(&self, guard: &Guard, object: &Object) -> bool {
        guard.conditions.iter().all(|(variable, must_be)| {
            let value = self.variables.get(variable.as_str());
            value.and_then(JsonValue::as_bool) == Some(*must_be)
        }) && guard.types.iter().all(|name| self.is_of_type(object, name))
    }

    /// An object that does not tell its type can be of one only.
    fn is_of_type(&self, object: &Object, name: &str) -> bool {
        let types = &self.supergraph.types;
        let is = self.buffers.type_name(object).and_then(|is| types.id(is));
        is.is_none_or(|is| types.possible(name).contains(is))
    }

    fn known(&self, object: &Object, entity: &Entity) -> Option<String> {
        let mut json = format!("{{\"__typename\":\"{}\"", entity.name);
        for key in &entity.keys {
            let Value::Scalar(span) = self.buffers.field(object, &key.read)? else {
                return None;
            };
            json.push_str(",\"");
            json.push_str(&key.write);
            json.push_str("\":");
            json.push_str(std::str::from_utf8(self.buffers.get(*span)).ok()?);
        }
        json.push('}');
        Some(json)
    }
}

/// Whether a response has an object at `path`: what a null took with it gets no parts.
pub(super) fn is_there(data: &serde_json::Value, path: &[PathSegment]) -> bool {
    let end = path.iter().try_fold(data, |value, segment| match segment {
        PathSegment::Index(index) => value.get(index),
        PathSegment::Key(key) => value.get(key),
    });
    end.is_some_and(serde_json::Value::is_object)
}
