use schemars::JsonSchema;
use serde::Deserialize;

use super::ConfigError;

/// How often callers may ask. Each root field counts as often as it is asked for, by whatever
/// alias and in whichever request of a batch; an operation counts at least once.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema, PartialEq)]
#[serde(deny_unknown_fields, default)]
pub struct RateLimits {
    /// For each subject whose token was verified. No bound when null.
    pub per_viewer: Option<Rate>,

    /// For each address; of IPv6 its network of 64 bits. No bound when null.
    pub per_address: Option<Rate>,

    /// Stricter ones for some root fields, such as those that take passwords.
    pub fields: Vec<FieldRate>,
}

/// How many come back, and how many may be asked for at once.
#[derive(Clone, Copy, Debug, Deserialize, JsonSchema, PartialEq, Eq)]
#[serde(deny_unknown_fields)]
pub struct Rate {
    /// How many come back within a minute.
    pub per_minute: u32,

    /// How many may be asked for at once.
    pub burst: u32,
}

/// A rate that some root fields share.
#[derive(Clone, Debug, Deserialize, JsonSchema, PartialEq, Eq)]
#[serde(deny_unknown_fields)]
pub struct FieldRate {
    /// Names of root fields.
    pub names: Vec<String>,

    /// For each address.
    pub per_address: Rate,
}

impl RateLimits {
    pub(super) fn check(&self) -> Result<(), ConfigError> {
        let fields = self.fields.iter().map(|field| field.per_address);
        let rates = self.per_viewer.into_iter().chain(self.per_address);
        if rates
            .chain(fields)
            .any(|rate| rate.per_minute == 0 || rate.burst == 0)
        {
            let what = "per_minute and burst must be at least 1";
            return Err(ConfigError::value("rate_limits", what.to_owned()));
        }
        Ok(())
    }
}
