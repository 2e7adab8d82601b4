use std::time::Duration;

use schemars::JsonSchema;
use serde::Deserialize;
use url::Url;

use super::{
    ConfigError,
    range::{self, MAX_MS},
};

/// Whose tokens are taken. A request without a token passes: what it may see, subgraphs decide.
/// One with a token that is not valid is refused.
#[derive(Clone, Debug, Deserialize, JsonSchema, PartialEq)]
#[serde(deny_unknown_fields, default)]
pub struct Authentication {
    /// Where the issuer publishes its keys (a JWKS). Tokens are not looked at when null.
    pub jwks_url: Option<Url>,

    /// The `iss` that are taken; any when there are none.
    pub issuers: Vec<String>,

    /// The `aud` that are taken; any when there are none.
    pub audiences: Vec<String>,

    /// The `typ` that a token's header must carry, such as `at+jwt`; any when null.
    pub token_type: Option<String>,

    /// How long a token is taken as it was verified, in milliseconds, at most until it expires.
    #[schemars(range(max = MAX_MS))]
    pub cache_ms: u64,
}

impl Default for Authentication {
    fn default() -> Self {
        Self {
            jwks_url: None,
            issuers: Vec::new(),
            audiences: Vec::new(),
            token_type: None,
            cache_ms: 5_000,
        }
    }
}

impl Authentication {
    pub(super) fn check(&self) -> Result<(), ConfigError> {
        range::within("authentication.cache_ms", self.cache_ms, &(0..=MAX_MS))
    }

    pub(crate) fn cache(&self) -> Duration {
        Duration::from_millis(self.cache_ms)
    }
}
