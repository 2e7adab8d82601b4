//! Writing the client's `data` from what the subgraphs answered: the client's selections in the
//! client's order, completed by the specification over the API schema.

mod compile;
mod write;

use crate::supergraph::{TypeId, TypeSet};

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

#[derive(Debug)]
enum Leaf {
    Int,
    Float,
    String,
    Boolean,
    Id,
    Enum(Vec<String>),
    /// Any JSON.
    Custom,
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

impl Leaf {
    /// Whether a scalar, as JSON, is a value of this type.
    fn accepts(&self, json: &[u8]) -> bool {
        let is_number = matches!(json.first(), Some(b'-' | b'0'..=b'9'));
        let is_string = json.first() == Some(&b'"');
        match self {
            Self::Custom => true,
            Self::Int => is_number && !json.iter().any(|byte| matches!(byte, b'.' | b'e' | b'E')),
            Self::Float => is_number,
            Self::Boolean => matches!(json, b"true" | b"false"),
            Self::String => is_string,
            Self::Id => is_string || is_number,
            Self::Enum(values) => {
                let name = json
                    .strip_prefix(b"\"")
                    .and_then(|json| json.strip_suffix(b"\""));
                name.is_some_and(|name| values.iter().any(|value| value.as_bytes() == name))
            }
        }
    }
}
