//! Writing the client's `data` from what the subgraphs answered: the client's selections in the
//! client's order, completed by the specification over the API schema.

mod compile;
mod leaf;
mod write;

use crate::{
    graph::PathSegment,
    supergraph::{TypeId, TypeSet},
};

use leaf::Leaf;

pub(crate) use compile::{compile, compile_set};
pub(crate) use write::{Projection, project};

/// What the client selects on one composite value.
#[derive(Debug)]
pub(crate) struct Selection {
    slots: Vec<Slot>,
    /// Each slot has one variant that always applies.
    is_plain: bool,
}

/// One key of the response.
#[derive(Debug)]
struct Slot {
    /// The key in the data.
    key: String,
    /// The key in the response.
    client_key: String,
    /// The response's key as it is written: quoted, with the colon.
    key_json: String,
    /// The fields that may stand under the key, by type and condition. Those that apply together
    /// are the same field and their selections add up.
    variants: Vec<Variant>,
}

#[derive(Debug)]
struct Variant {
    /// Where the selection set names it first: the order of the response.
    position: usize,
    guard: Guard,
    field: Field,
}

/// When a field is selected: all of it must hold.
#[derive(Clone, Debug, Default, PartialEq)]
struct Guard {
    types: Option<TypeSet>,
    conditions: Vec<Condition>,
}

/// The variable must have this value.
#[derive(Clone, Debug, PartialEq)]
struct Condition {
    variable: String,
    must_be: bool,
}

#[derive(Debug)]
enum Field {
    Typename,
    /// `__schema` and `__type`: answered by the router itself.
    Introspection,
    Data {
        /// `Type.field`, for messages.
        coordinate: String,
        shape: Shape,
    },
}

/// The type of a field.
#[derive(Debug)]
struct Shape {
    is_non_null: bool,
    kind: ShapeKind,
}

#[derive(Debug)]
enum ShapeKind {
    List(Box<Shape>),
    Leaf(Leaf),
    Object(TypeId, Selection),
    Abstract(TypeSet, Selection),
}

impl Selection {
    /// How much of `path`, with the keys of the data, the client asked for: what the plan asks
    /// for beside that is nothing to it.
    pub(crate) fn known_part(&self, path: &[PathSegment]) -> usize {
        let mut selections = vec![self];
        for (index, segment) in path.iter().enumerate() {
            let key = match segment {
                // `@` stands for every item of a list
                PathSegment::Key(key) if key != "@" => key,
                PathSegment::Key(_) | PathSegment::Index(_) => continue,
            };
            let slots = selections.iter().flat_map(|selection| &selection.slots);
            let mut fields = slots
                .filter(|slot| slot.key == *key)
                .flat_map(|slot| &slot.variants)
                .map(|variant| &variant.field)
                .peekable();
            if fields.peek().is_none() {
                return index;
            }
            selections = fields.filter_map(Field::selection).collect();
        }
        path.len()
    }
}

impl ShapeKind {
    fn selection(&self) -> Option<&Selection> {
        match self {
            Self::List(item) => item.kind.selection(),
            Self::Leaf(_) => None,
            Self::Object(_, selection) | Self::Abstract(_, selection) => Some(selection),
        }
    }
}

impl Field {
    fn selection(&self) -> Option<&Selection> {
        match self {
            Self::Data { shape, .. } => shape.kind.selection(),
            Self::Typename | Self::Introspection => None,
        }
    }
}
