use std::path::PathBuf;

use schemars::JsonSchema;
use serde::Deserialize;

/// Where the supergraph comes from.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema, PartialEq)]
#[serde(deny_unknown_fields, default)]
pub struct SupergraphSource {
    /// A `supergraph.yaml`, which is composed, or a composed supergraph SDL. Relative to the
    /// folder of `router.yaml`.
    pub path: Option<PathBuf>,

    /// The composed SDL, given by the embedding process; wins over `path`.
    #[serde(skip)]
    pub sdl: Option<String>,
}
