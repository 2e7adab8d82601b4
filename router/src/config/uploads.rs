use schemars::JsonSchema;
use serde::Deserialize;

/// Files that clients send by the GraphQL multipart request specification.
#[derive(Clone, Debug, Deserialize, JsonSchema, PartialEq)]
#[serde(deny_unknown_fields, default)]
pub struct Uploads {
    /// Take files. They stream on to the subgraph and are never held whole.
    pub enabled: bool,

    /// Files of one request.
    pub max_files: usize,

    /// Bytes of one file.
    pub max_file_bytes: u64,

    /// How long a request with files may take, in milliseconds: sending them counts.
    pub timeout_ms: u64,
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
