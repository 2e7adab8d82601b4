use schemars::JsonSchema;
use serde::Deserialize;

use super::{
    ConfigError,
    range::{self, MAX_MS},
};

/// Files that clients send by the GraphQL multipart request specification.
#[derive(Clone, Debug, Deserialize, JsonSchema, PartialEq)]
#[serde(deny_unknown_fields, default)]
pub struct Uploads {
    /// Take files. They stream on to the subgraph and are never held whole.
    pub enabled: bool,

    /// Files of one request.
    #[schemars(range(min = 1))]
    pub max_files: usize,

    /// Bytes of one file.
    #[schemars(range(min = 1))]
    pub max_file_bytes: u64,

    /// How long a request with files may take, in milliseconds: sending them counts.
    #[schemars(range(min = 1, max = MAX_MS))]
    pub timeout_ms: u64,
}

impl Uploads {
    pub(super) fn check(&self) -> Result<(), ConfigError> {
        range::at_least("uploads.max_files", self.max_files, 1)?;
        range::at_least("uploads.max_file_bytes", self.max_file_bytes, 1)?;
        range::within("uploads.timeout_ms", self.timeout_ms, &(1..=MAX_MS))
    }
}

impl Default for Uploads {
    fn default() -> Self {
        Self {
            enabled: true,
            max_files: 10,
            max_file_bytes: 10 * 1024 * 1024,
            timeout_ms: 600_000,
        }
    }
}
