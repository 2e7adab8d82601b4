use schemars::JsonSchema;
use serde::Deserialize;

/// Bounds on one request, checked before it is planned.
#[derive(Clone, Debug, Deserialize, JsonSchema, PartialEq)]
#[serde(deny_unknown_fields, default)]
pub struct Limits {
    /// Bytes of a request body.
    pub max_body_bytes: usize,

    /// Tokens of a document.
    pub max_tokens: usize,

    /// Nesting of selection sets and values; the planner parses up to 48.
    pub max_depth: usize,

    /// Fields once fragments are spread.
    pub max_fields: usize,

    /// Aliases once fragments are spread.
    pub max_aliases: usize,

    /// Fields of the root once fragments are spread.
    pub max_root_fields: usize,

    /// Bytes of documents whose plans are kept.
    pub plan_cache_bytes: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            max_body_bytes: 2_000_000,
            max_tokens: 15_000,
            max_depth: 40,
            max_fields: 5_000,
            max_aliases: 100,
            max_root_fields: 50,
            plan_cache_bytes: 2_000_000,
        }
    }
}
