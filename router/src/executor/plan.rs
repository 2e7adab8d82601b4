//! A plan as the executor runs it: everything that does not depend on the request is ready.

use std::collections::HashSet;

use super::asked::Asked;

/// A step of a plan.
#[derive(Debug)]
pub(crate) enum Node {
    Fetch(Fetch),
    Sequence(Vec<Node>),
    Parallel(Vec<Node>),
    /// One of two branches, by a boolean variable.
    Condition {
        variable: String,
        then: Option<Box<Node>>,
        otherwise: Option<Box<Node>>,
    },
}

impl Node {
    pub(crate) fn has_mutation(&self) -> bool {
        match self {
            Self::Fetch(fetch) => fetch.is_mutation,
            Self::Sequence(nodes) | Self::Parallel(nodes) => nodes.iter().any(Self::has_mutation),
            Self::Condition {
                then, otherwise, ..
            } => [then, otherwise]
                .into_iter()
                .flatten()
                .any(|node| node.has_mutation()),
        }
    }
}

/// One request to one subgraph.
#[derive(Debug)]
pub(crate) struct Fetch {
    /// Position in the supergraph's subgraphs.
    pub(crate) subgraph: usize,
    /// Queries may be sent again, mutations never.
    pub(crate) is_mutation: bool,
    /// The document as a JSON string, quotes included.
    pub(crate) query_json: String,
    /// The client's variables that the document uses.
    pub(crate) variables: Vec<String>,
    pub(crate) kind: FetchKind,
    pub(crate) asked: Asked,
}

#[derive(Debug)]
pub(crate) enum FetchKind {
    /// Fields of the root. They are merged at the root, or at `path` where a payload leads back
    /// to it.
    Root {
        path: Vec<PathSegment>,
        output_rewrites: Vec<Rewrite>,
    },
    /// Entities, each list merged where its representations came from.
    Entities(Vec<EntityFetch>),
}

/// One `_entities` list of a fetch.
#[derive(Debug)]
pub(crate) struct EntityFetch {
    /// `_entities`, or its alias.
    pub(crate) response_key: String,
    /// The variable that carries the representations.
    pub(crate) variable: String,
    /// Where the entities lie.
    pub(crate) paths: Vec<Vec<PathSegment>>,
    /// What a representation is made of.
    pub(crate) requires: Vec<Require>,
    pub(crate) input_rewrites: Vec<Rewrite>,
    pub(crate) output_rewrites: Vec<Rewrite>,
}

/// A step towards entities in the data.
#[derive(Debug)]
pub(crate) enum PathSegment {
    Field(String),
    EachItem,
    /// Only objects of these types; those that do not tell their type pass.
    OfType(TypeNames),
}

/// A part of a representation.
#[derive(Debug, PartialEq)]
pub(crate) enum Require {
    Field {
        /// Key in the data.
        read: String,
        /// Key in the representation.
        write: String,
        children: Vec<Require>,
    },
    OfType {
        types: TypeNames,
        children: Vec<Require>,
    },
}

/// A change to a representation before it is sent, or to an answer before it is merged.
#[derive(Debug)]
pub(crate) struct Rewrite {
    pub(crate) path: Vec<PathSegment>,
    pub(crate) change: Change,
}

#[derive(Debug)]
pub(crate) enum Change {
    /// The value becomes this string.
    SetString(String),
    /// The key that the path ends in is renamed.
    RenameKey(String),
    /// The key that the path ends in goes, with its value.
    RemoveKey,
}

/// Names of types, with those that implement them or belong to them.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct TypeNames(HashSet<String>);

impl TypeNames {
    pub(crate) fn contains(&self, name: &str) -> bool {
        self.0.contains(name)
    }

    /// Those that are in `other` too.
    pub(crate) fn and(&self, other: &Self) -> Self {
        self.0.intersection(&other.0).cloned().collect()
    }
}

impl Extend<String> for TypeNames {
    fn extend<I: IntoIterator<Item = String>>(&mut self, names: I) {
        self.0.extend(names);
    }
}

impl FromIterator<String> for TypeNames {
    fn from_iter<I: IntoIterator<Item = String>>(names: I) -> Self {
        Self(names.into_iter().collect())
    }
}
