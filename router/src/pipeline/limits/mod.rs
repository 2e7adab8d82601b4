//! Bounds on a document, checked on the syntax alone: in time linear in its length, before
//! anything that could be led to do more. What depends on the schema is [`cost`].

pub(crate) mod cost;
mod size;

use apollo_compiler::ast::{Definition, Document};
use serde_json::Value;

use crate::{Limits, graph::GraphError};

use size::{Measure, Size};

/// What an operation may have only so much of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Limit {
    Bytes,
    Tokens,
    Depth,
    Height,
    Fields,
    RootFields,
    Aliases,
    Directives,
    DirectivesPerLocation,
    Cost,
}

/// Refuses a document of which an operation is larger than `limits`. Fragments that no operation
/// spreads are measured for their depth: what validates them goes as deep.
pub(crate) fn check(limits: &Limits, document: &Document) -> Result<(), GraphError> {
    let mut measure = Measure::new(document, limits.max_depth);
    for definition in &document.definitions {
        let size = match definition {
            Definition::OperationDefinition(operation) => measure.operation(operation)?,
            Definition::FragmentDefinition(fragment) => Size {
                depth: measure.fragment(&fragment.name, 0)?.depth,
                ..Size::default()
            },
            _ => continue,
        };
        for (limit, found, allowed) in [
            (Limit::Depth, size.depth, limits.max_depth),
            (Limit::Height, size.height, limits.max_height),
            (Limit::Fields, size.fields, limits.max_fields),
            (Limit::RootFields, size.root_fields, limits.max_root_fields),
            (Limit::Aliases, size.aliases, limits.max_aliases),
            (Limit::Directives, size.directives, limits.max_directives),
            (
                Limit::DirectivesPerLocation,
                size.directives_per_location,
                limits.max_directives_per_location,
            ),
        ] {
            if found > allowed {
                return Err(exceeded(limit, found, allowed));
            }
        }
    }
    Ok(())
}

/// The error for an operation of which `found` is above `allowed`. Of tokens and of the depth no
/// more are counted than the first beyond the limit.
pub(crate) fn exceeded(
    limit: Limit,
    found: impl Into<Number>,
    allowed: impl Into<Number>,
) -> GraphError {
    let (found, allowed) = (found.into().0, allowed.into().0);
    let (what, advice) = (limit.words(), limit.advice());
    let mut error = GraphError::new(
        "OPERATION_LIMIT_EXCEEDED",
        format!(
            "The operation is too large: its {what} is {found}, the limit is {allowed}. {advice}"
        ),
    );
    let extensions = &mut error.extensions;
    extensions.insert("limit".to_owned(), limit.key().into());
    extensions.insert("found".to_owned(), found);
    extensions.insert("allowed".to_owned(), allowed);
    error
}

/// A count, or a cost.
pub(crate) struct Number(Value);

impl From<usize> for Number {
    fn from(count: usize) -> Self {
        Self(count.into())
    }
}

impl From<f64> for Number {
    fn from(cost: f64) -> Self {
        Self(cost.into())
    }
}

impl Limit {
    /// `extensions.limit`
    fn key(self) -> &'static str {
        match self {
            Self::Bytes => "bytes",
            Self::Tokens => "tokens",
            Self::Depth => "depth",
            Self::Height => "height",
            Self::Fields => "fields",
            Self::RootFields => "rootFields",
            Self::Aliases => "aliases",
            Self::Directives => "directives",
            Self::DirectivesPerLocation => "directivesPerLocation",
            Self::Cost => "cost",
        }
    }

    fn words(self) -> &'static str {
        match self {
            Self::Bytes => "number of bytes",
            Self::Tokens => "number of tokens",
            Self::Depth => "depth (selections, fragments and values within each other)",
            Self::Height => "height (fields on one path)",
            Self::Fields => "number of fields",
            Self::RootFields => "number of root fields",
            Self::Aliases => "number of aliases",
            Self::Directives => "number of directives",
            Self::DirectivesPerLocation => "number of directives in one place",
            Self::Cost => "estimated cost",
        }
    }

    fn advice(self) -> &'static str {
        match self {
            Self::Bytes | Self::Tokens => "Send large values as variables, or split the operation.",
            Self::Depth => "Nest fewer selections, fragments and values.",
            Self::Height => "Select fewer levels of fields.",
            Self::Fields => {
                "Select fewer fields: those of a fragment count each time that it is spread."
            }
            Self::RootFields => "Split the operation.",
            Self::Aliases => "Ask for the same fields in several operations.",
            Self::Directives | Self::DirectivesPerLocation => "Use fewer directives.",
            Self::Cost => "Ask for shorter lists or for fewer levels of lists.",
        }
    }
}
