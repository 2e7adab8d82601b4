use std::{collections::BTreeMap, str::FromStr, time::Duration};

use http::{HeaderName, header};
use schemars::JsonSchema;
use serde::Deserialize;
use url::Url;

use super::{
    CircuitBreaker, ConfigError,
    range::{self, MAX_MS},
};

/// Headers that the router itself writes for each request to a subgraph.
const OWN: [HeaderName; 8] = [
    header::ACCEPT,
    header::ACCEPT_ENCODING,
    header::CONNECTION,
    header::CONTENT_LENGTH,
    header::CONTENT_TYPE,
    header::HOST,
    header::TRANSFER_ENCODING,
    header::UPGRADE,
];

/// How subgraphs are asked.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema, PartialEq)]
#[serde(deny_unknown_fields, default)]
pub struct Subgraphs {
    /// What holds for each of them.
    pub all: AllSubgraphs,

    /// What holds for one of them, by its name in the supergraph.
    pub by_name: BTreeMap<String, SubgraphConfig>,
}

/// What holds for each subgraph.
#[derive(Clone, Debug, Deserialize, JsonSchema, PartialEq)]
#[serde(deny_unknown_fields, default)]
pub struct AllSubgraphs {
    /// How long a subgraph may take for one request, in milliseconds.
    #[schemars(range(min = 1, max = MAX_MS))]
    pub timeout_ms: u64,

    /// Headers of the client that subgraphs get. The trace's headers always go on.
    pub forward_headers: Vec<String>,

    /// Requests that are sent at a time.
    #[schemars(range(min = 1))]
    pub max_concurrent_requests: usize,

    /// Requests that wait for their turn; further ones are refused.
    pub max_queued_requests: usize,

    /// Bytes of an answer.
    #[schemars(range(min = 1))]
    pub max_response_bytes: usize,

    /// Send identical queries of one caller that are under way at once only once.
    pub deduplicate_queries: bool,

    pub circuit_breaker: CircuitBreaker,
}

/// What holds for one subgraph, over what holds for all.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema, PartialEq)]
#[serde(deny_unknown_fields, default)]
pub struct SubgraphConfig {
    /// Where it answers; wins over the supergraph's `routing_url`.
    pub url: Option<Url>,

    /// How long it may take for one request, in milliseconds.
    #[schemars(range(min = 1, max = MAX_MS))]
    pub timeout_ms: Option<u64>,

    /// Speak HTTP/2 at once (h2c), where the URL is `http://`. With `https://` it is agreed on.
    pub http2: bool,
}

impl Default for AllSubgraphs {
    fn default() -> Self {
        Self {
            timeout_ms: 30_000,
            forward_headers: vec!["authorization".to_owned(), "accept-language".to_owned()],
            max_concurrent_requests: 256,
            max_queued_requests: 1_024,
            max_response_bytes: 64 * 1024 * 1024,
            deduplicate_queries: true,
            circuit_breaker: CircuitBreaker::default(),
        }
    }
}

impl Subgraphs {
    /// Says where the subgraph `name` answers.
    pub fn set_url(&mut self, name: &str, url: Url) {
        self.by_name.entry(name.to_owned()).or_default().url = Some(url);
    }

    /// Whether the subgraph `name` is spoken to in HTTP/2 without asking.
    #[must_use]
    pub fn http2(&self, name: &str) -> bool {
        self.by_name.get(name).is_some_and(|own| own.http2)
    }

    /// How long the subgraph `name` may take for one request.
    #[must_use]
    pub fn timeout(&self, name: &str) -> Duration {
        let own = self.by_name.get(name).and_then(|own| own.timeout_ms);
        Duration::from_millis(own.unwrap_or(self.all.timeout_ms))
    }

    /// The client's headers that go on; a name that is none is refused when the file is read.
    pub(crate) fn forward_headers(&self) -> Vec<HeaderName> {
        let names = self.all.forward_headers.iter();
        names.filter_map(|name| name.parse().ok()).collect()
    }

    pub(super) fn check(&self) -> Result<(), ConfigError> {
        let key = |name| format!("subgraphs.all.{name}");
        let all = &self.all;
        range::within(key("timeout_ms"), all.timeout_ms, &(1..=MAX_MS))?;
        range::at_least(
            key("max_concurrent_requests"),
            all.max_concurrent_requests,
            1,
        )?;
        range::at_least(key("max_response_bytes"), all.max_response_bytes, 1)?;
        all.circuit_breaker.check()?;
        for (name, own) in &self.by_name {
            if let Some(timeout_ms) = own.timeout_ms {
                let key = format!("subgraphs.by_name.{name}.timeout_ms");
                range::within(key, timeout_ms, &(1..=MAX_MS))?;
            }
        }
        for name in &self.all.forward_headers {
            let why = match name.parse::<HeaderName>() {
                Err(_) => "is no name of a header",
                Ok(name) if OWN.contains(&name) => "is written by the router itself",
                Ok(_) => continue,
            };
            let what = format!("{name:?} {why}");
            return Err(ConfigError::value("subgraphs.all.forward_headers", what));
        }
        Ok(())
    }
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
