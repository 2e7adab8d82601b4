//! What a fetch asks for, and holding a subgraph's answer to it: nothing else of an answer is
//! merged, so that no subgraph overwrites what another one gave, and what is missing is told.

mod check;

use super::plan::TypeNames;

pub(super) use check::{Breach, Check, NOT_THE_ENTITIES, Step};

/// The field stands outside of all fragments.
const OUTSIDE: u64 = 1 << 63;

/// Fragments of one selection set that are told apart. What is in further ones may come for any
/// type.
const MAX_FRAGMENTS: usize = 63;

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

impl Field {
    /// Whether it comes with an object for which these fragments `hold`.
    fn must_come(&self, hold: u64) -> bool {
        let surely = if hold == u64::MAX { OUTSIDE } else { hold };
        self.is_certain && self.fragments & surely != 0
    }
}
