//! What a fetch asks for, and holding a subgraph's answer to it: nothing else of an answer is
//! merged, so that no subgraph overwrites what another one gave, and what is missing is told.

use crate::{
    graph::PathSegment,
    supergraph::{Kind, Supergraph},
};

use super::{
    json::{Buffers, Object, Span, Value},
    plan::TypeNames,
};

const TYPE_NAME: &str = "__typename";

/// The field stands outside of all fragments.
const OUTSIDE: u64 = 1 << 63;

/// Fragments of one selection set that are told apart. What is in further ones may come for any
/// type.
const MAX_FRAGMENTS: usize = 63;

/// How much of what is wrong with one answer is told: a long list may be wrong in each item.
const MAX_BREACHES: usize = 100;

/// A selection set as it is sent.
#[derive(Debug, Default)]
pub(crate) struct Asked {
    fields: Vec<Field>,
    /// The types that its fragments are for.
    fragments: Vec<TypeNames>,
    /// The type whose fields they are; `None` where that is not one of the supergraph's.
    type_name: Option<String>,
}

#[derive(Debug)]
struct Field {
    key: String,
    /// A bit for each fragment that it stands in.
    fragments: u64,
    /// Whether it comes whatever the variables are.
    is_certain: bool,
    /// Empty for a scalar.
    asked: Asked,
}

/// Where a selection stands.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Within {
    fragments: u64,
    is_certain: bool,
}

impl Within {
    /// Outside of all fragments and conditions.
    pub(crate) const NOTHING: Self = Self {
        fragments: OUTSIDE,
        is_certain: true,
    };

    /// Under a condition, when there `is_one`.
    pub(crate) fn condition(self, is_one: bool) -> Self {
        Self {
            is_certain: self.is_certain && !is_one,
            ..self
        }
    }
}

impl Asked {
    /// Nothing yet, of the type `type_name`.
    pub(crate) fn of_type(type_name: Option<String>) -> Self {
        Self {
            type_name,
            ..Self::default()
        }
    }

    /// What stands in a fragment on `types`, within another one or not.
    pub(crate) fn fragment(&mut self, within: Within, types: &TypeNames) -> Within {
        let types = match self.types(within) {
            Some(outer) => outer.and(types),
            None => types.clone(),
        };
        let known = self.fragments.iter().position(|known| *known == types);
        let bit = known.unwrap_or(self.fragments.len());
        if bit >= MAX_FRAGMENTS {
            return Within {
                fragments: OUTSIDE,
                is_certain: false,
            };
        }
        if known.is_none() {
            self.fragments.push(types);
        }
        Within {
            fragments: 1 << bit,
            ..within
        }
    }

    fn types(&self, within: Within) -> Option<&TypeNames> {
        self.fragments
            .get(within.fragments.trailing_zeros() as usize)
    }

    /// Adds a field. Those with the same key are one.
    pub(crate) fn add(&mut self, within: Within, key: &str, asked: Self) {
        let Within {
            fragments,
            is_certain,
        } = within;
        let Some(known) = self.fields.iter_mut().find(|field| field.key == key) else {
            self.fields.push(Field {
                key: key.to_owned(),
                fragments,
                is_certain,
                asked,
            });
            return;
        };
        let come_together = known.fragments == fragments && known.is_certain && is_certain;
        known.fragments |= fragments;
        known.is_certain &= is_certain;
        known.asked.extend(asked);
        if !come_together {
            known.asked.doubt();
        }
    }

    fn extend(&mut self, other: Self) {
        if self.type_name != other.type_name {
            self.type_name = None;
        }
        for field in other.fields {
            let is_in_one = field.fragments.is_power_of_two();
            let types = other
                .fragments
                .get(field.fragments.trailing_zeros() as usize);
            let within = match types {
                Some(types) if is_in_one => self.fragment(Within::NOTHING, types),
                // of several it is not looked at which
                Some(_) => Within::NOTHING.condition(true),
                None => Within::NOTHING,
            };
            let within = within.condition(!field.is_certain);
            self.add(within, &field.key, field.asked);
        }
    }

    /// Nothing of it need come.
    fn doubt(&mut self) {
        for field in &mut self.fields {
            field.is_certain = false;
            field.asked.doubt();
        }
    }

    /// What is asked of the field `key`.
    pub(crate) fn of(&self, key: &str) -> Option<&Self> {
        let field = self.fields.iter().find(|field| field.key == key)?;
        Some(&field.asked)
    }

    /// A bit for each fragment that holds for an object of type `name`.
    fn hold(&self, name: Option<&str>) -> u64 {
        if self.fragments.is_empty() {
            return OUTSIDE;
        }
        let Some(name) = name else {
            return u64::MAX;
        };
        let fragments = self.fragments.iter().enumerate();
        fragments.fold(OUTSIDE, |hold, (bit, types)| {
            hold | (u64::from(types.contains(name)) << bit)
        })
    }

    /// The position of `key`, looked for from `hint` on.
    fn find(&self, key: &[u8], hint: usize) -> Option<usize> {
        let is_key = |field: &Field| field.key.as_bytes() == key;
        let (before, after) = self.fields.split_at(hint.min(self.fields.len()));
        let offset = after.iter().position(is_key);
        offset
            .map(|offset| before.len() + offset)
            .or_else(|| before.iter().position(is_key))
    }
}

/// Something of an answer that is not as it was asked for.
#[derive(Debug)]
pub(super) struct Breach {
    /// From the root of the answer.
    pub(super) path: Vec<PathSegment>,
    pub(super) message: &'static str,
}

/// The entities are not as many as were asked for, or none at all.
pub(super) const NOT_THE_ENTITIES: &str =
    "A subgraph's answer does not hold the entities that were asked for.";
const NOT_THE_ENTITY: &str =
    "A subgraph answered with something else than the entity that was asked for.";
const MISSING: &str = "A subgraph's answer lacks a field that was asked for.";
const NO_OBJECT: &str = "A subgraph's answer has something else where an object was asked for.";
const NO_TYPE: &str = "A subgraph's answer names a type that does not fit the field.";

/// Holds answers to what was asked.
pub(super) struct Check<'a> {
    pub(super) buffers: &'a Buffers,
    pub(super) supergraph: &'a Supergraph,
    pub(super) path: Vec<Step<'a>>,
    pub(super) breaches: Vec<Breach>,
}

#[derive(Clone, Copy)]
pub(super) enum Step<'a> {
    Key(&'a str),
    Index(usize),
}

/// The value is not what was asked for: it is null instead.
struct IsWrong;

impl<'a> Check<'a> {
    /// Leaves of `data`, fields of the root, what was asked.
    pub(super) fn root(&mut self, asked: &'a Asked, data: &mut Object) {
        // nobody asks the root for its type in terms of another
        if self.object(asked, data, None).is_err() {
            data.fields.clear();
        }
    }

    /// Leaves of `entity`, of the type `name` as far as that is known, what was asked.
    pub(super) fn entity(&mut self, asked: &'a Asked, entity: &mut Value, name: Option<Span>) {
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
    pub(super) fn value(&mut self, asked: &'a Asked, value: &mut Value) {
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

    pub(super) fn breach(&mut self, message: &'static str) {
        if self.breaches.len() < MAX_BREACHES {
            let path = self.path.iter().map(|step| step.to_segment()).collect();
            self.breaches.push(Breach { path, message });
        }
    }
}

impl Field {
    /// Whether it comes with an object for which these fragments `hold`.
    fn must_come(&self, hold: u64) -> bool {
        let surely = if hold == u64::MAX { OUTSIDE } else { hold };
        self.is_certain && self.fragments & surely != 0
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
