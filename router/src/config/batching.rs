use schemars::JsonSchema;
use serde::Deserialize;

use super::{ConfigError, range};

/// Several operations in one request, as a JSON array.
#[derive(Clone, Debug, Deserialize, JsonSchema, PartialEq)]
#[serde(deny_unknown_fields, default)]
pub struct Batching {
    /// Take such requests.
    pub enabled: bool,

    /// Operations of one request at most.
    #[schemars(range(min = 1))]
    pub max_operations: usize,
}

impl Batching {
    pub(super) fn check(&self) -> Result<(), ConfigError> {
        range::at_least("batching.max_operations", self.max_operations, 1)
    }
}

impl Default for Batching {
    fn default() -> Self {
        Self {
            enabled: false,
            max_operations: 10,
        }
    }
}
