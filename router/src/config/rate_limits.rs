use schemars::JsonSchema;
use serde::Deserialize;

use super::{ConfigError, range};

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
    #[schemars(range(min = 1))]
    pub per_minute: u32,

    /// How many may be asked for at once.
    #[schemars(range(min = 1))]
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
        let all = [
            ("per_viewer", self.per_viewer),
            ("per_address", self.per_address),
        ];
        let all = all.map(|(name, rate)| (name.to_owned(), rate));
        let fields = self.fields.iter().zip(0..).map(|(field, index)| {
            let name = format!("fields.{index}.per_address");
            (name, Some(field.per_address))
        });
        for (name, rate) in all.into_iter().chain(fields) {
            let Some(Rate { per_minute, burst }) = rate else {
                continue;
            };
            range::at_least(format!("rate_limits.{name}.per_minute"), per_minute, 1)?;
            range::at_least(format!("rate_limits.{name}.burst"), burst, 1)?;
        }
        Ok(())
    }
}
