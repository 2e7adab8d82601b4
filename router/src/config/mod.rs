//! The router's configuration: one file, `router.yaml`, with what flags and the environment say
//! over it. A flag wins over its variable, that over the file, and the file over the default.
//!
//! Each section is a module with its struct. To add one: write the struct with
//! `#[serde(deny_unknown_fields, default)]` and a doc comment on each key (the comments become the
//! JSON schema's descriptions), add it as a field of [`Config`], its rules that types cannot hold
//! to [`Config::check`] (what a number may be also as `#[schemars(range(…))]`), its keys to
//! `router.example.yaml`, and run the tests with `UPDATE_SCHEMA=1` for `router.schema.json`. What
//! should also be a flag goes into [`Flags`].

mod authentication;
mod batching;
mod circuit_breaker;
mod cors;
mod csrf;
mod environment;
mod file;
mod flags;
mod limits;
mod mode;
mod persisted_queries;
mod range;
mod rate_limits;
mod subgraphs;
mod subscriptions;
mod supergraph;
mod telemetry;
mod uploads;

use std::net::SocketAddr;

use schemars::JsonSchema;
use serde::Deserialize;
use setwise_service::Network;
use url::Url;

pub use authentication::Authentication;
pub use batching::Batching;
pub use circuit_breaker::CircuitBreaker;
pub use cors::Cors;
pub use csrf::Csrf;
pub use file::ConfigError;
pub use flags::Flags;
pub use limits::Limits;
pub use mode::Mode;
pub use persisted_queries::{AutomaticPersistedQueries, PersistedQueries, UnlistedOperations};
pub use rate_limits::{FieldRate, Rate, RateLimits};
pub use subgraphs::{AllSubgraphs, SubgraphUrl, Subgraphs};
pub use subscriptions::Subscriptions;
pub use supergraph::SupergraphSource;
pub use telemetry::{LogFormat, Telemetry};
pub use uploads::Uploads;

/// The configuration of setwise-router.
#[derive(Clone, Debug, Deserialize, JsonSchema, PartialEq)]
#[serde(deny_unknown_fields, default)]
pub struct Config {
    /// Address and port to listen on.
    #[schemars(with = "String")]
    pub listen: SocketAddr,

    /// Whether this router serves the public or its developers: `production` or `development`.
    /// Production unless said otherwise.
    pub mode: Option<Mode>,

    pub supergraph: SupergraphSource,
    pub subgraphs: Subgraphs,
    pub cors: Cors,
    pub csrf: Csrf,
    pub limits: Limits,
    pub authentication: Authentication,
    pub rate_limits: RateLimits,

    /// Addresses and networks (such as `10.0.0.0/8`) of proxies whose `X-Forwarded-For` is
    /// believed.
    pub trusted_proxies: Vec<String>,

    pub batching: Batching,
    pub persisted_queries: PersistedQueries,
    pub uploads: Uploads,
    pub subscriptions: Subscriptions,

    /// Answer `__schema` and `__type`. On in development, off in production.
    pub introspection: Option<bool>,

    /// Serve GraphiQL to browsers at `/graphql`. On in development, off in production.
    pub playground: Option<bool>,

    /// Serve Setwise's REST surface: `/v1` and `/api/v1`.
    pub rest: bool,

    /// Serve Swagger UI at `/docs`, where `rest` is on.
    pub docs: bool,

    /// Origin that serves `/files/*`; without it these paths answer 404.
    pub files_url: Option<Url>,

    pub telemetry: Telemetry,

    /// Serve on a runtime for each core, and not on the one that [`serve`](crate::serve) runs on:
    /// for a process that does nothing else.
    #[serde(skip)]
    pub on_cores: bool,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            listen: ([127, 0, 0, 1], 4000).into(),
            mode: None,
            supergraph: SupergraphSource::default(),
            subgraphs: Subgraphs::default(),
            cors: Cors::default(),
            csrf: Csrf::default(),
            limits: Limits::default(),
            authentication: Authentication::default(),
            rate_limits: RateLimits::default(),
            trusted_proxies: Vec::new(),
            batching: Batching::default(),
            persisted_queries: PersistedQueries::default(),
            uploads: Uploads::default(),
            subscriptions: Subscriptions::default(),
            introspection: None,
            playground: None,
            rest: false,
            docs: true,
            files_url: None,
            telemetry: Telemetry::default(),
            on_cores: false,
        }
    }
}

impl Config {
    /// The defaults of [`Mode::Development`]: introspection and GraphiQL are on.
    #[must_use]
    pub fn development() -> Self {
        Self {
            mode: Some(Mode::Development),
            ..Self::default()
        }
    }

    /// Whether `__schema` and `__type` are answered.
    #[must_use]
    pub fn introspection(&self) -> bool {
        self.introspection.unwrap_or_else(|| self.is_development())
    }

    /// Whether GraphiQL is served.
    #[must_use]
    pub fn playground(&self) -> bool {
        self.playground.unwrap_or_else(|| self.is_development())
    }

    /// The proxies whose `X-Forwarded-For` is believed.
    pub(crate) fn trusted_proxies(&self) -> Result<Vec<Network>, String> {
        self.trusted_proxies
            .iter()
            .map(|text| text.parse())
            .collect()
    }

    /// The JSON schema of `router.yaml`.
    #[must_use]
    pub fn schema() -> serde_json::Value {
        let mut schema = schemars::schema_for!(Self).to_value();
        environment::allow_references(&mut schema);
        schema
    }

    /// This, when it names a supergraph to serve.
    ///
    /// # Errors
    /// [`ConfigError::NoSupergraph`].
    pub fn with_supergraph(self) -> Result<Self, ConfigError> {
        if self.supergraph.path.is_none() && self.supergraph.sdl.is_none() {
            return Err(ConfigError::NoSupergraph);
        }
        Ok(self)
    }

    /// This configuration as far as it can take the place of `running` without a restart, and the
    /// keys for which one is needed.
    pub(crate) fn over(mut self, running: &Self) -> (Self, Vec<&'static str>) {
        fn keep<T: Clone + PartialEq>(new: &mut T, running: &T) -> bool {
            let differs = new != running;
            new.clone_from(running);
            differs
        }
        self.on_cores = running.on_cores;
        let subscriptions = &mut self.subscriptions.max_connections;
        let kept = [
            ("listen", keep(&mut self.listen, &running.listen)),
            (
                "supergraph.watch",
                keep(&mut self.supergraph.watch, &running.supergraph.watch),
            ),
            (
                "supergraph.poll_seconds",
                keep(
                    &mut self.supergraph.poll_seconds,
                    &running.supergraph.poll_seconds,
                ),
            ),
            (
                "subscriptions.max_connections",
                keep(subscriptions, &running.subscriptions.max_connections),
            ),
            ("rest", keep(&mut self.rest, &running.rest)),
            ("docs", keep(&mut self.docs, &running.docs)),
            ("files_url", keep(&mut self.files_url, &running.files_url)),
            ("telemetry", keep(&mut self.telemetry, &running.telemetry)),
        ];
        let differing = kept.into_iter().filter(|(_, differs)| *differs);
        (self, differing.map(|(key, _)| key).collect())
    }

    /// What types cannot hold.
    fn check(&self) -> Result<(), ConfigError> {
        self.supergraph.check()?;
        self.cors.check()?;
        self.limits.check()?;
        self.authentication.check()?;
        self.rate_limits.check()?;
        self.batching.check()?;
        self.persisted_queries.check()?;
        self.uploads.check()?;
        self.subscriptions.check()?;
        if let Err(what) = self.trusted_proxies() {
            return Err(ConfigError::value("trusted_proxies", what));
        }
        self.subgraphs.check()
    }

    fn is_development(&self) -> bool {
        self.mode == Some(Mode::Development)
    }
}
