use std::{net::SocketAddr, path::PathBuf, str::FromStr, time::Duration};

use clap::Args;
use setwise_service::TelemetryConfig;
use url::Url;

/// What the router needs to know to serve a supergraph.
#[derive(clap::Parser, Clone, Debug)]
#[expect(clippy::struct_excessive_bools, reason = "each is a switch of its own")]
pub struct Config {
    /// Address to listen on
    #[arg(long, env = "ROUTER_LISTEN", default_value = "127.0.0.1:4000")]
    pub listen: SocketAddr,

    /// Supergraph to serve: `supergraph.yaml` (composed at start) or a composed supergraph SDL
    #[arg(long, env = "ROUTER_SUPERGRAPH")]
    pub supergraph: Option<PathBuf>,

    /// Composed supergraph SDL given by the embedding process; wins over `supergraph`
    #[arg(skip)]
    pub supergraph_sdl: Option<String>,

    /// Routing URLs by subgraph, `name=URL` separated by commas; they win over those of the supergraph
    #[arg(long, env = "SUBGRAPH_URLS", value_delimiter = ',')]
    pub subgraph_urls: Vec<SubgraphUrl>,

    /// Origin that serves `/files/*`; without it these paths answer 404
    #[arg(long, env = "FILES_URL")]
    pub files_url: Option<Url>,

    /// Serve the REST surface: `/v1`, `/api/v1`, `/docs`
    #[arg(long, env = "ROUTER_REST", default_value_t = false)]
    pub rest: bool,

    /// Serve GraphiQL to browsers at `/graphql`
    #[arg(long, env = "ROUTER_PLAYGROUND", default_value_t = true, action = clap::ArgAction::Set)]
    pub playground: bool,

    /// Answer `__schema` and `__type`
    #[arg(long, env = "ROUTER_INTROSPECTION", default_value_t = true, action = clap::ArgAction::Set)]
    pub introspection: bool,

    /// Origins that browsers may call from, separated by commas; `*` for any; none by default
    #[arg(long, env = "ROUTER_CORS_ORIGINS", value_delimiter = ',')]
    pub cors_origins: Vec<String>,

    /// Refuse requests that a browser sends to another site without asking first (CSRF prevention)
    #[arg(long, env = "ROUTER_CSRF_PREVENTION", default_value_t = true, action = clap::ArgAction::Set)]
    pub csrf_prevention: bool,

    /// How long one subgraph may take for one request, in milliseconds
    #[arg(long = "subgraph-timeout-ms", env = "ROUTER_SUBGRAPH_TIMEOUT_MS", default_value = "30000", value_parser = milliseconds)]
    pub subgraph_timeout: Duration,

    #[command(flatten)]
    pub limits: Limits,

    #[arg(skip)]
    pub batching: Batching,

    #[arg(skip)]
    pub persisted_queries: PersistedQueries,

    #[command(flatten)]
    pub telemetry: TelemetryConfig,
}

/// Several operations in one request, as a JSON array.
#[derive(Clone, Debug, PartialEq)]
pub struct Batching {
    /// Take such requests.
    pub enabled: bool,

    /// Operations of one request at most.
    pub max_operations: usize,
}

/// Operations that clients name instead of sending them.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct PersistedQueries {
    /// Automatic persisted queries: clients teach the router their operations. Off under
    /// `unlisted: refuse`.
    pub automatic: AutomaticPersistedQueries,

    /// File with the persisted operations, in the format of Apollo's
    /// `generate-persisted-query-manifest`.
    pub manifest: Option<PathBuf>,

    /// What happens to operations that the manifest does not list.
    pub unlisted: UnlistedOperations,

    /// Under `unlisted: refuse`, take listed operations by their id only, not by their text.
    pub require_id: bool,
}

#[derive(Clone, Debug, PartialEq)]
pub struct AutomaticPersistedQueries {
    /// Remember the operations that clients teach.
    pub enabled: bool,

    /// Bytes of the operations that are remembered at a time.
    pub max_bytes: usize,
}

/// What happens to operations that no manifest lists.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum UnlistedOperations {
    /// They run.
    #[default]
    Allow,
    /// They run, and the log tells of each.
    Log,
    /// They are refused: the manifest is a safelist.
    Refuse,
}

impl Default for Batching {
    fn default() -> Self {
        Self {
            enabled: false,
            max_operations: 10,
        }
    }
}

impl Default for AutomaticPersistedQueries {
    fn default() -> Self {
        Self {
            enabled: true,
            max_bytes: 10_000_000,
        }
    }
}

/// Bounds on one request, checked before it is planned.
#[derive(Args, Clone, Debug)]
pub struct Limits {
    /// Bytes of a request body
    #[arg(long, env = "ROUTER_MAX_BODY_BYTES", default_value_t = 2_000_000)]
    pub max_body_bytes: usize,

    /// Tokens of a document
    #[arg(long, env = "ROUTER_MAX_TOKENS", default_value_t = 15_000)]
    pub max_tokens: usize,

    /// Nesting of selection sets and values; the planner parses up to 48
    #[arg(long, env = "ROUTER_MAX_DEPTH", default_value_t = 40)]
    pub max_depth: usize,

    /// Fields once fragments are spread
    #[arg(long, env = "ROUTER_MAX_FIELDS", default_value_t = 5_000)]
    pub max_fields: usize,

    /// Aliases once fragments are spread
    #[arg(long, env = "ROUTER_MAX_ALIASES", default_value_t = 100)]
    pub max_aliases: usize,

    /// Fields of the root once fragments are spread
    #[arg(long, env = "ROUTER_MAX_ROOT_FIELDS", default_value_t = 50)]
    pub max_root_fields: usize,

    /// Bytes of documents whose plans are kept
    #[arg(long, env = "ROUTER_PLAN_CACHE_BYTES", default_value_t = 2_000_000)]
    pub plan_cache_bytes: usize,
}

/// Where one subgraph answers: `name=URL`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SubgraphUrl {
    pub name: String,
    pub url: Url,
}

impl FromStr for SubgraphUrl {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let (name, url) = text
            .split_once('=')
            .ok_or_else(|| "expected name=URL".to_owned())?;
        let url = url.parse().map_err(|error| format!("{url}: {error}"))?;
        Ok(Self {
            name: name.trim().to_owned(),
            url,
        })
    }
}

fn milliseconds(text: &str) -> Result<Duration, std::num::ParseIntError> {
    text.parse().map(Duration::from_millis)
}
