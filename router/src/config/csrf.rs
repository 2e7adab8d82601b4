use schemars::JsonSchema;
use serde::Deserialize;

/// Protection from requests that a browser sends to another site without asking it first.
#[derive(Clone, Debug, Deserialize, JsonSchema, PartialEq)]
#[serde(deny_unknown_fields, default)]
pub struct Csrf {
    /// Refuse such requests.
    pub prevention: bool,
}

impl Default for Csrf {
    fn default() -> Self {
        Self { prevention: true }
    }
}
