//! Where a supergraph comes from: an SDL that is given, a composed SDL in a file, or Apollo's
//! `supergraph.yaml`, composed here.

use std::{
    collections::{BTreeMap, HashSet},
    path::{Path, PathBuf},
    time::Duration,
};

use anyhow::{Context as _, bail};
use bytes::Bytes;
use http::{HeaderMap, Uri};
use serde::Deserialize;

use crate::{Config, ConfigError, config::SupergraphSource, executor::SubgraphClient};

use super::{SubgraphSchema, compose};

/// Bytes that a subgraph's schema may have.
const MAX_SCHEMA_BYTES: usize = 64 * 1024 * 1024;

/// How long a subgraph may take to tell its schema.
const SCHEMA_TIMEOUT: Duration = Duration::from_secs(10);

/// `supergraph.yaml`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct SupergraphYaml {
    /// Taken and not needed: one composition version is built in.
    #[serde(default, rename = "federation_version")]
    _federation_version: Option<String>,
    subgraphs: BTreeMap<String, SubgraphYaml>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct SubgraphYaml {
    routing_url: Option<String>,
    schema: SchemaYaml,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct SchemaYaml {
    file: Option<PathBuf>,
    subgraph_url: Option<String>,
    sdl: Option<String>,
}

/// What a supergraph is made from. Equal sources make equal supergraphs.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Source {
    Composed(String),
    Subgraphs(Vec<SubgraphSchema>),
}

impl Source {
    /// Reads what `config` names; asks subgraphs for their schemas where it says so.
    pub(crate) async fn read(config: &SupergraphSource) -> anyhow::Result<Self> {
        if let Some(sdl) = &config.sdl {
            return Ok(Self::Composed(sdl.clone()));
        }
        let Some(path) = &config.path else {
            return Err(ConfigError::NoSupergraph.into());
        };
        let text = read(path).await?;
        if !is_yaml(path) {
            return Ok(Self::Composed(text));
        }
        let subgraphs = subgraphs(&text, folder(path))
            .await
            .with_context(|| path.display().to_string())?;
        Ok(Self::Subgraphs(subgraphs))
    }

    /// The supergraph SDL.
    pub(crate) fn sdl(&self) -> anyhow::Result<String> {
        match self {
            Self::Composed(sdl) => Ok(sdl.clone()),
            Self::Subgraphs(subgraphs) => compose(subgraphs),
        }
    }
}

/// The supergraph SDL that `config` names.
pub async fn supergraph_sdl(config: &Config) -> anyhow::Result<String> {
    Source::read(&config.supergraph).await?.sdl()
}

/// Where a change of a supergraph would show.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Watched {
    pub(crate) files: Vec<PathBuf>,
    /// Whether subgraphs are asked for their schemas.
    pub(crate) asks_subgraphs: bool,
}

impl Watched {
    /// What the supergraph at `path` is made from; only `path` itself while that cannot be read.
    pub(crate) async fn of(path: &Path) -> Self {
        let mut watched = Self {
            files: vec![path.to_owned()],
            asks_subgraphs: false,
        };
        if is_yaml(path)
            && let Ok(text) = read(path).await
            && let Ok(yaml) = serde_saphyr::from_str::<SupergraphYaml>(&text)
        {
            for SubgraphYaml { schema, .. } in yaml.subgraphs.into_values() {
                watched.asks_subgraphs |= schema.subgraph_url.is_some();
                let file = schema.file.map(|file| folder(path).join(file));
                watched.files.extend(file);
            }
        }
        watched
    }
}

fn is_yaml(path: &Path) -> bool {
    let extension = path.extension().and_then(|extension| extension.to_str());
    matches!(extension, Some("yaml" | "yml"))
}

fn folder(path: &Path) -> &Path {
    path.parent().unwrap_or(Path::new(""))
}

/// The subgraphs of a `supergraph.yaml`, whose files are relative to `folder`.
async fn subgraphs(text: &str, folder: &Path) -> anyhow::Result<Vec<SubgraphSchema>> {
    let yaml: SupergraphYaml = serde_saphyr::from_str(text)?;
    let mut subgraphs = Vec::with_capacity(yaml.subgraphs.len());
    for (name, subgraph) in yaml.subgraphs {
        let schema = subgraph.schema;
        let (sdl, schema_url) = match (schema.file, schema.subgraph_url, schema.sdl) {
            (Some(file), None, None) => (read(&folder.join(file)).await?, None),
            (None, Some(url), None) => {
                let sdl = fetch_sdl(&url)
                    .await
                    .with_context(|| format!("schema of {name} from {url}"))?;
                (sdl, Some(url))
            }
            (None, None, Some(sdl)) => (sdl, None),
            _ => bail!("subgraphs.{name}.schema: give one of file, subgraph_url, sdl"),
        };
        let Some(routing_url) = subgraph.routing_url.or(schema_url) else {
            bail!("subgraphs.{name}.routing_url: missing");
        };
        subgraphs.push(SubgraphSchema {
            name,
            routing_url,
            sdl,
        });
    }
    Ok(subgraphs)
}

/// Asks a running subgraph for its schema.
async fn fetch_sdl(url: &str) -> anyhow::Result<String> {
    #[derive(Deserialize)]
    struct Response {
        data: Data,
    }
    #[derive(Deserialize)]
    struct Data {
        #[serde(rename = "_service")]
        service: Service,
    }
    #[derive(Deserialize)]
    struct Service {
        sdl: String,
    }

    let url: Uri = url.parse()?;
    let urls = std::slice::from_ref(&url);
    let client = SubgraphClient::new(urls, HashSet::new(), MAX_SCHEMA_BYTES)?;
    let query = Bytes::from_static(br#"{"query":"{ _service { sdl } }"}"#);
    let body = client
        .post(&url, &HeaderMap::new(), query, SCHEMA_TIMEOUT, true)
        .await?;
    let response: Response = serde_json::from_slice(&body).context("no _service.sdl")?;
    Ok(response.data.service.sdl)
}

async fn read(path: &Path) -> anyhow::Result<String> {
    tokio::fs::read_to_string(path)
        .await
        .with_context(|| path.display().to_string())
}
