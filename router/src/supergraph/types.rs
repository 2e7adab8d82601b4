//! The object types of the API schema, numbered, so that type conditions compare numbers.

use std::collections::HashMap;

use apollo_compiler::{Schema, schema::ExtendedType};

/// An object type of the API schema.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct TypeId(u32);

/// A set of object types.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct TypeSet(Box<[TypeId]>);

/// Every composite type of the API schema and the object types it may be at run time.
#[derive(Debug)]
pub(crate) struct TypeIndex {
    names: Vec<String>,
    ids: HashMap<String, TypeId>,
    possible: HashMap<String, TypeSet>,
}

impl TypeIndex {
    pub(crate) fn new(schema: &Schema) -> Self {
        let names: Vec<String> = schema
            .types
            .iter()
            .filter(|(_, definition)| definition.is_object())
            .map(|(name, _)| name.to_string())
            .collect();
        let ids: HashMap<String, TypeId> = names
            .iter()
            .zip(0..)
            .map(|(name, id)| (name.clone(), TypeId(id)))
            .collect();
        let implementers = schema.implementers_map();
        let possible = schema
            .types
            .iter()
            .filter_map(|(name, definition)| {
                let mut set: Vec<TypeId> = match definition {
                    ExtendedType::Object(_) => vec![ids[name.as_str()]],
                    ExtendedType::Interface(_) => implementers
                        .get(name)
                        .map(|implementers| &implementers.objects)
                        .into_iter()
                        .flatten()
                        .map(|object| ids[object.as_str()])
                        .collect(),
                    ExtendedType::Union(union_) => union_
                        .members
                        .iter()
                        .map(|member| ids[member.as_str()])
                        .collect(),
                    ExtendedType::Scalar(_)
                    | ExtendedType::Enum(_)
                    | ExtendedType::InputObject(_) => return None,
                };
                set.sort_unstable();
                Some((name.to_string(), TypeSet(set.into())))
            })
            .collect();
        Self {
            names,
            ids,
            possible,
        }
    }

    pub(crate) fn id(&self, name: &str) -> Option<TypeId> {
        self.ids.get(name).copied()
    }

    pub(crate) fn name(&self, id: TypeId) -> &str {
        &self.names[id.0 as usize]
    }

    /// Whether `name` is an interface or a union.
    pub(crate) fn is_abstract(&self, name: &str) -> bool {
        self.possible.contains_key(name) && !self.ids.contains_key(name)
    }

    /// The object types that `name` may be; none for a name that is no composite type.
    pub(crate) fn possible(&self, name: &str) -> TypeSet {
        self.possible
            .get(name)
            .cloned()
            .unwrap_or_else(|| TypeSet(Box::default()))
    }
}

impl TypeSet {
    pub(crate) fn contains(&self, id: TypeId) -> bool {
        self.0.binary_search(&id).is_ok()
    }

    /// The only type of a set of one.
    pub(crate) fn single(&self) -> Option<TypeId> {
        match *self.0 {
            [id] => Some(id),
            _ => None,
        }
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub(crate) fn is_subset(&self, other: &Self) -> bool {
        self.0.iter().all(|id| other.contains(*id))
    }

    pub(crate) fn intersection(&self, other: &Self) -> Self {
        Self(
            self.0
                .iter()
                .copied()
                .filter(|id| other.contains(*id))
                .collect(),
        )
    }
}
