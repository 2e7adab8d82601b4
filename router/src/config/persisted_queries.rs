use std::path::PathBuf;

use schemars::JsonSchema;
use serde::Deserialize;

use super::{ConfigError, range};

/// Operations that clients name instead of sending them.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema, PartialEq)]
#[serde(deny_unknown_fields, default)]
pub struct PersistedQueries {
    /// Automatic persisted queries: clients teach the router their operations. Off under
    /// `unlisted: refuse`.
    pub automatic: AutomaticPersistedQueries,

    /// File with the persisted operations, in the format of Apollo's
    /// `generate-persisted-query-manifest`. Relative to the folder of `router.yaml`.
    pub manifest: Option<PathBuf>,

    /// What happens to operations that the manifest does not list: `allow`, `log` or `refuse`.
    pub unlisted: UnlistedOperations,

    /// Under `unlisted: refuse`, take listed operations by their id only, not by their text.
    pub require_id: bool,
}

/// Operations that clients teach the router.
#[derive(Clone, Debug, Deserialize, JsonSchema, PartialEq)]
#[serde(deny_unknown_fields, default)]
pub struct AutomaticPersistedQueries {
    /// Remember the operations that clients teach.
    pub enabled: bool,

    /// Bytes of the operations that are remembered at a time.
    #[schemars(range(min = 1))]
    pub max_bytes: usize,
}

/// What happens to operations that no manifest lists.
#[derive(Clone, Copy, Debug, Default, Deserialize, JsonSchema, PartialEq, Eq)]
#[serde(rename_all = "lowercase")]
pub enum UnlistedOperations {
    /// They run.
    #[default]
    Allow,
    /// They run, and the log tells of each.
    Log,
    /// They are refused: the manifest is a safelist.
    Refuse,
}

impl PersistedQueries {
    pub(super) fn check(&self) -> Result<(), ConfigError> {
        let max_bytes = self.automatic.max_bytes;
        range::at_least("persisted_queries.automatic.max_bytes", max_bytes, 1)
    }
}

impl Default for AutomaticPersistedQueries {
    fn default() -> Self {
        Self {
            enabled: true,
            max_bytes: 10_000_000,
        }
    }
}
