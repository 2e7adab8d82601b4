use schemars::JsonSchema;
use serde::Deserialize;

/// Several operations in one request, as a JSON array.
#[derive(Clone, Debug, Deserialize, JsonSchema, PartialEq)]
#[serde(deny_unknown_fields, default)]
pub struct Batching {
    /// Take such requests.
    pub enabled: bool,

    /// Operations of one request at most.
    pub max_operations: usize,
}

impl Default for Batching {
    fn default() -> Self {
        Self {
            enabled: false,
            max_operations: 10,
        }
    }
}
