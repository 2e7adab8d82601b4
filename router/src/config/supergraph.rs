use std::path::PathBuf;

use schemars::JsonSchema;
use serde::Deserialize;

use super::{
    ConfigError,
    range::{self, MAX_SECONDS},
};

/// Where the supergraph comes from.
#[derive(Clone, Debug, Deserialize, JsonSchema, PartialEq)]
#[serde(deny_unknown_fields, default)]
pub struct SupergraphSource {
    /// A `supergraph.yaml`, which is composed, or a composed supergraph SDL. Relative to the
    /// folder of `router.yaml`.
    pub path: Option<PathBuf>,

    /// Load it again when its file, or a schema file that it names, changes. Running requests end
    /// on the old one, and a bad one leaves the old one in place. SIGHUP loads it again in any
    /// case.
    pub watch: bool,

    /// How often subgraphs whose schema is given as `subgraph_url` are asked for it again, in
    /// seconds; 0 for never.
    #[schemars(range(max = MAX_SECONDS))]
    pub poll_seconds: u64,

    /// Labels of progressive overrides (`@override(label:)`) that hold: their fields come from the
    /// new subgraph. Those in percent hold by chance, for each request anew.
    pub override_labels: Vec<String>,

    /// The composed SDL, given by the embedding process; wins over `path`.
    #[serde(skip)]
    pub sdl: Option<String>,
}

impl SupergraphSource {
    pub(super) fn check(&self) -> Result<(), ConfigError> {
        range::within(
            "supergraph.poll_seconds",
            self.poll_seconds,
            &(0..=MAX_SECONDS),
        )
    }
}

impl Default for SupergraphSource {
    fn default() -> Self {
        Self {
            path: None,
            watch: true,
            poll_seconds: 30,
            override_labels: Vec::new(),
            sdl: None,
        }
    }
}
