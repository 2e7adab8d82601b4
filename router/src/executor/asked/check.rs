//! Holding answers to what was asked.

use crate::{
    executor::json::{Buffers, Object, Span, Value},
    graph::PathSegment,
    supergraph::{Kind, Supergraph},
};

use super::{Asked, OUTSIDE};

const TYPE_NAME: &str = "__typename";

/// How much of what is wrong with one answer is told: a long list may be wrong in each item.
const MAX_BREACHES: usize = 100;

/// Something of an answer that is not as it was asked for.
#[derive(Debug)]
pub(in crate::executor) struct Breach {
    /// From the root of the answer.
    pub(in crate::executor) path: Vec<PathSegment>,
    pub(in crate::executor) message: &'static str,
}

/// The entities are not as many as were asked for, or none at all.
pub(in crate::executor) const NOT_THE_ENTITIES: &str =
    "A subgraph's answer does not hold the entities that were asked for.";
const NOT_THE_ENTITY: &str =
    "A subgraph answered with something else than the entity that was asked for.";
const MISSING: &str = "A subgraph's answer lacks a field that was asked for.";
const NO_OBJECT: &str = "A subgraph's answer has something else where an object was asked for.";
const NO_TYPE: &str = "A subgraph's answer names a type that does not fit the field.";

/// Holds answers to what was asked.
pub(in crate::executor) struct Check<'a> {
    pub(in crate::executor) buffers: &'a Buffers,
    pub(in crate::executor) supergraph: &'a Supergraph,
    pub(in crate::executor) path: Vec<Step<'a>>,
    pub(in crate::executor) breaches: Vec<Breach>,
}

#[derive(Clone, Copy)]
pub(in crate::executor) enum Step<'a> {
    Key(&'a str),
    Index(usize),
}

/// The value is not what was asked for: it is null instead.
struct IsWrong;

impl<'a> Check<'a> {
    /// Leaves of `data`, fields of the root, what was asked.
    pub(in crate::executor) fn root(&mut self, asked: &'a Asked, data: &mut Object) {
        // nobody asks the root for its type in terms of another
        if self.object(asked, data, None).is_err() {
            data.fields.clear();
        }
    }

    /// Leaves of `entity`, of the type `name` as far as that is known, what was asked.
    pub(in crate::executor) fn entity(
        &mut self,
        asked: &'a Asked,
        entity: &mut Value,
        name: Option<Span>,
    ) {
        let held = match entity {
            Value::Null => return,
            Value::Object(object) if self.is_entity(object, name) => {
                self.object(asked, object, name)
            }
            Value::Object(_) | Value::List(..) | Value::Scalar(_) => {
                self.breach(NOT_THE_ENTITY);
                Err(IsWrong)
            }
        };
        if held.is_err() {
            *entity = Value::Null;
        }
    }

    /// Whether `object` tells no other type than that of the representation.
    fn is_entity(&self, object: &Object, name: Option<Span>) -> bool {
        let (told, known) = (self.buffers.type_name(object), self.text(name));
        match (told, known) {
            (Some(told), Some(known)) => told == known || self.supergraph.overlap(told, known),
            (Some(told), None) => self.supergraph.kind(told).is_some(),
            (None, _) => true,
        }
    }

    /// Leaves of `value` what was asked, and null where an object should be and is not.
    pub(in crate::executor) fn value(&mut self, asked: &'a Asked, value: &mut Value) {
        let held = match value {
            Value::Null => Ok(()),
            Value::Object(object) => self.object(asked, object, None),
            Value::List(items, _) => {
                for (index, item) in items.iter_mut().enumerate() {
                    self.path.push(Step::Index(index));
                    self.value(asked, item);
                    self.path.pop();
                }
                Ok(())
            }
            Value::Scalar(_) => {
                self.breach(NO_OBJECT);
                Err(IsWrong)
            }
        };
        if held.is_err() {
            *value = Value::Null;
        }
    }

    /// Leaves of `object` what was asked. Its type is what it tells, or else `known_as`.
    fn object(
        &mut self,
        asked: &'a Asked,
        object: &mut Object,
        known_as: Option<Span>,
    ) -> Result<(), IsWrong> {
        let hold = if asked.fragments.is_empty() {
            OUTSIDE
        } else {
            asked.hold(self.type_name(object, known_as))
        };
        let (mut next, mut certain, mut in_order, mut has_type) = (0, 0, true, true);
        object.fields.retain_mut(|(key, value)| {
            let key = self.buffers.get(*key);
            if key == TYPE_NAME.as_bytes() {
                has_type = self.fits(asked, value);
            }
            let Some(position) = asked.find(key, next) else {
                return false;
            };
            let field = &asked.fields[position];
            if field.fragments & hold == 0 {
                return false;
            }
            in_order &= position >= next;
            next = position + 1;
            certain += usize::from(field.must_come(hold));
            if !field.asked.fields.is_empty() && !value.is_null() {
                self.path.push(Step::Key(&field.key));
                self.value(&field.asked, value);
                self.path.pop();
            }
            true
        });
        if !has_type {
            self.breach(NO_TYPE);
            return Err(IsWrong);
        }
        let expected = asked.fields.iter().filter(|field| field.must_come(hold));
        if !in_order || expected.count() != certain {
            self.tell_missing(asked, object, hold);
        }
        Ok(())
    }

    #[cold]
    fn tell_missing(&mut self, asked: &'a Asked, object: &Object, hold: u64) {
        for field in asked.fields.iter().filter(|field| field.must_come(hold)) {
            if self.buffers.find(object, &field.key, 0).is_none() {
                self.path.push(Step::Key(&field.key));
                self.breach(MISSING);
                self.path.pop();
            }
        }
    }

    /// The object type of `object`; `None` where only an interface of it is known.
    fn type_name(&self, object: &Object, known_as: Option<Span>) -> Option<&'a str> {
        let told = self.buffers.type_name(object);
        let name = told.or(self.text(known_as))?;
        (self.supergraph.kind(name) == Some(Kind::Object)).then_some(name)
    }

    /// Whether what `__typename` tells may be an object of `asked`.
    fn fits(&self, asked: &Asked, told: &Value) -> bool {
        let Some(told) = self.buffers.string(told) else {
            return false;
        };
        match asked.type_name.as_deref() {
            Some(name) => told == name || self.supergraph.overlap(told, name),
            None => true,
        }
    }

    fn text(&self, span: Option<Span>) -> Option<&'a str> {
        std::str::from_utf8(self.buffers.get(span?)).ok()
    }

    pub(in crate::executor) fn breach(&mut self, message: &'static str) {
        if self.breaches.len() < MAX_BREACHES {
            let path = self.path.iter().map(|step| step.to_segment()).collect();
            self.breaches.push(Breach { path, message });
        }
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
