use std::{net::SocketAddr, path::PathBuf};

use clap::{ArgAction::Set, Args, Parser};
use url::Url;

use super::{Config, ConfigError, LogFormat, Mode, SubgraphUrl, file};

/// What flags and the environment say, over `router.yaml`. Defaults are those of the file.
#[derive(Parser, Clone, Debug)]
pub struct Flags {
    /// `router.yaml`: everything below and more in one file; `config schema` prints what it may hold
    #[arg(long, env = "ROUTER_CONFIG", value_name = "FILE")]
    pub config: Option<PathBuf>,

    /// Address to listen on [default: 127.0.0.1:4000]
    #[arg(long, env = "ROUTER_LISTEN", value_name = "ADDRESS")]
    pub listen: Option<SocketAddr>,

    /// Whom this router serves: production has introspection and GraphiQL off unless they are
    /// turned on [default: production]
    #[arg(long, env = "ROUTER_MODE", value_enum)]
    pub mode: Option<Mode>,

    /// Supergraph to serve: `supergraph.yaml` (composed at start) or a composed supergraph SDL
    #[arg(long, env = "ROUTER_SUPERGRAPH", value_name = "FILE")]
    pub supergraph: Option<PathBuf>,

    /// Routing URLs by subgraph, `name=URL` separated by commas; they win over those of the supergraph
    #[arg(long, env = "SUBGRAPH_URLS", value_delimiter = ',')]
    pub subgraph_urls: Vec<SubgraphUrl>,

    /// Origin that serves `/files/*`; without it these paths answer 404
    #[arg(long, env = "FILES_URL")]
    pub files_url: Option<Url>,

    /// Serve Setwise's REST surface: `/v1`, `/api/v1`, `/docs`
    #[arg(long, env = "ROUTER_REST", num_args = 0..=1, require_equals = true, default_missing_value = "true")]
    pub rest: Option<bool>,

    /// Serve Swagger UI at `/docs`, where `/v1` is served [default: true]
    #[arg(long, env = "ROUTER_DOCS", action = Set)]
    pub docs: Option<bool>,

    /// Serve GraphiQL to browsers at `/graphql` [default: true in development]
    #[arg(long, env = "ROUTER_PLAYGROUND", action = Set)]
    pub playground: Option<bool>,

    /// Answer `__schema` and `__type` [default: true in development]
    #[arg(long, env = "ROUTER_INTROSPECTION", action = Set)]
    pub introspection: Option<bool>,

    /// Origins that browsers may call from, separated by commas; `*` for any; none by default
    #[arg(long, env = "ROUTER_CORS_ORIGINS", value_delimiter = ',')]
    pub cors_origins: Vec<String>,

    /// Refuse requests that a browser sends to another site without asking first (CSRF
    /// prevention) [default: true]
    #[arg(long, env = "ROUTER_CSRF_PREVENTION", action = Set)]
    pub csrf_prevention: Option<bool>,

    /// How long one subgraph may take for one request, in milliseconds [default: 30000]
    #[arg(long, env = "ROUTER_SUBGRAPH_TIMEOUT_MS")]
    pub subgraph_timeout_ms: Option<u64>,

    #[command(flatten)]
    limits: LimitFlags,

    #[command(flatten)]
    telemetry: TelemetryFlags,
}

#[derive(Args, Clone, Debug)]
struct LimitFlags {
    /// Bytes of a request body [default: 2000000]
    #[arg(long, env = "ROUTER_MAX_BODY_BYTES")]
    max_body_bytes: Option<usize>,

    /// Tokens of a document [default: 15000]
    #[arg(long, env = "ROUTER_MAX_TOKENS")]
    max_tokens: Option<usize>,

    /// Nesting of selection sets and values; the planner parses up to 48 [default: 40]
    #[arg(long, env = "ROUTER_MAX_DEPTH")]
    max_depth: Option<usize>,

    /// Fields once fragments are spread [default: 5000]
    #[arg(long, env = "ROUTER_MAX_FIELDS")]
    max_fields: Option<usize>,

    /// Aliases once fragments are spread [default: 100]
    #[arg(long, env = "ROUTER_MAX_ALIASES")]
    max_aliases: Option<usize>,

    /// Fields of the root once fragments are spread [default: 50]
    #[arg(long, env = "ROUTER_MAX_ROOT_FIELDS")]
    max_root_fields: Option<usize>,

    /// Bytes of documents whose plans are kept [default: 2000000]
    #[arg(long, env = "ROUTER_PLAN_CACHE_BYTES")]
    plan_cache_bytes: Option<usize>,
}

#[derive(Args, Clone, Debug)]
struct TelemetryFlags {
    /// OTLP over HTTP, such as `http://127.0.0.1:4318`; no traces are sent without it
    #[arg(long, env = "OTEL_EXPORTER_OTLP_ENDPOINT")]
    otel_exporter_otlp_endpoint: Option<String>,

    /// How log lines look [default: text]
    #[arg(long, env = "LOG_FORMAT", value_enum)]
    log_format: Option<LogFormat>,

    /// Which log lines are written, as tracing's `EnvFilter` reads it
    #[arg(long, env = "RUST_LOG")]
    rust_log: Option<String>,
}

impl Flags {
    /// The whole configuration: the file, if there is one, and these over it.
    ///
    /// # Errors
    /// When the file cannot be read, or a value of it or of the flags cannot be meant.
    pub fn load(self) -> Result<Config, ConfigError> {
        let mut config = match &self.config {
            Some(path) => file::read(path)?,
            None => Config::default(),
        };
        self.apply(&mut config);
        config.check()?;
        Ok(config)
    }

    fn apply(self, config: &mut Config) {
        set(&mut config.listen, self.listen);
        config.mode = self.mode.or(config.mode);
        config.introspection = self.introspection.or(config.introspection);
        config.playground = self.playground.or(config.playground);
        set(&mut config.rest, self.rest);
        set(&mut config.docs, self.docs);
        config.files_url = self.files_url.or(config.files_url.take());
        config.supergraph.path = self.supergraph.or(config.supergraph.path.take());
        for SubgraphUrl { name, url } in self.subgraph_urls {
            config.subgraphs.set_url(&name, url);
        }
        if !self.cors_origins.is_empty() {
            config.cors.origins = self.cors_origins;
        }
        set(&mut config.csrf.prevention, self.csrf_prevention);
        set(
            &mut config.subgraphs.all.timeout_ms,
            self.subgraph_timeout_ms,
        );
        let limits = &mut config.limits;
        set(&mut limits.max_body_bytes, self.limits.max_body_bytes);
        set(&mut limits.max_tokens, self.limits.max_tokens);
        set(&mut limits.max_depth, self.limits.max_depth);
        set(&mut limits.max_fields, self.limits.max_fields);
        set(&mut limits.max_aliases, self.limits.max_aliases);
        set(&mut limits.max_root_fields, self.limits.max_root_fields);
        set(&mut limits.plan_cache_bytes, self.limits.plan_cache_bytes);
        let telemetry = &mut config.telemetry;
        let endpoint = self.telemetry.otel_exporter_otlp_endpoint;
        telemetry.otlp_endpoint = endpoint.or(telemetry.otlp_endpoint.take());
        set(&mut telemetry.log_format, self.telemetry.log_format);
        telemetry.log_filter = self.telemetry.rust_log.or(telemetry.log_filter.take());
    }
}

fn set<T>(value: &mut T, given: Option<T>) {
    if let Some(given) = given {
        *value = given;
    }
}
