use schemars::JsonSchema;
use serde::Deserialize;

use super::{ConfigError, range};

/// Far more than any operation costs, and a float that counts without gaps.
const MAX_COST: f64 = 1e15;

/// Bounds on one request, checked before it is planned.
#[derive(Clone, Debug, Deserialize, JsonSchema, PartialEq)]
#[serde(deny_unknown_fields, default)]
pub struct Limits {
    /// Bytes of a request body.
    #[schemars(range(min = 1))]
    pub max_body_bytes: usize,

    /// Bytes of a document.
    #[schemars(range(min = 1))]
    pub max_document_bytes: usize,

    /// Tokens of a document.
    #[schemars(range(min = 1))]
    pub max_tokens: usize,

    /// Nesting of selection sets and values; the planner parses up to 48.
    #[schemars(range(min = 1))]
    pub max_depth: usize,

    /// Fields within each other on the longest path.
    #[schemars(range(min = 1))]
    pub max_height: usize,

    /// Fields once fragments are spread.
    #[schemars(range(min = 1))]
    pub max_fields: usize,

    /// Aliases once fragments are spread.
    pub max_aliases: usize,

    /// Fields of the root once fragments are spread.
    #[schemars(range(min = 1))]
    pub max_root_fields: usize,

    /// Directives once fragments are spread.
    pub max_directives: usize,

    /// Directives in one place.
    pub max_directives_per_location: usize,

    /// Estimated cost of an operation, by `@cost` and `@listSize`: each object counts 1. No bound
    /// when null.
    #[schemars(range(min = 0.0, max = MAX_COST))]
    pub max_cost: Option<f64>,

    /// Items that a list is taken to have when its field has no `@listSize`.
    pub default_list_size: u32,

    /// Bytes of documents whose plans are kept.
    pub plan_cache_bytes: usize,
}

impl Limits {
    pub(super) fn check(&self) -> Result<(), ConfigError> {
        range::at_least("limits.max_body_bytes", self.max_body_bytes, 1)?;
        range::at_least("limits.max_document_bytes", self.max_document_bytes, 1)?;
        range::at_least("limits.max_tokens", self.max_tokens, 1)?;
        range::at_least("limits.max_depth", self.max_depth, 1)?;
        range::at_least("limits.max_height", self.max_height, 1)?;
        range::at_least("limits.max_fields", self.max_fields, 1)?;
        range::at_least("limits.max_root_fields", self.max_root_fields, 1)?;
        match self.max_cost {
            Some(max) => range::within("limits.max_cost", max, &(0.0..=MAX_COST)),
            None => Ok(()),
        }
    }
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            max_body_bytes: 2_000_000,
            max_document_bytes: 256_000,
            max_tokens: 15_000,
            max_depth: 40,
            max_height: 40,
            max_fields: 5_000,
            max_aliases: 100,
            max_root_fields: 50,
            max_directives: 500,
            max_directives_per_location: 10,
            max_cost: Some(1_000_000.0),
            default_list_size: 10,
            plan_cache_bytes: 2_000_000,
        }
    }
}
