use clap::ValueEnum;
use schemars::JsonSchema;
use serde::Deserialize;

/// Whom a router serves. It decides what is on where nothing else is said.
#[derive(Clone, Copy, Debug, Default, Deserialize, JsonSchema, PartialEq, Eq, ValueEnum)]
#[serde(rename_all = "lowercase")]
pub enum Mode {
    /// The public: introspection and GraphiQL are off.
    #[default]
    Production,
    /// Its developers: introspection and GraphiQL are on.
    Development,
}
