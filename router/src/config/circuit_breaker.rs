use std::time::Duration;

use schemars::JsonSchema;
use serde::Deserialize;

use super::{
    ConfigError,
    range::{self, MAX_MS},
};

/// When a subgraph is left alone: nothing is sent to it for a while, then one request is, and its
/// answer decides.
#[derive(Clone, Debug, Deserialize, JsonSchema, PartialEq)]
#[serde(deny_unknown_fields, default)]
pub struct CircuitBreaker {
    /// Failures in a row; 0 for never.
    pub failures: u32,

    /// Share of failures within ten seconds, from 0 to 1, once there were `min_requests`.
    #[schemars(range(min = 0.0, max = 1.0))]
    pub failure_ratio: f64,

    /// Requests within ten seconds from which on their share of failures counts.
    pub min_requests: u32,

    /// How long the subgraph is left alone, in milliseconds.
    #[schemars(range(max = MAX_MS))]
    pub open_ms: u64,
}

impl Default for CircuitBreaker {
    fn default() -> Self {
        Self {
            failures: 10,
            failure_ratio: 0.5,
            min_requests: 50,
            open_ms: 3_000,
        }
    }
}

impl CircuitBreaker {
    pub(super) fn check(&self) -> Result<(), ConfigError> {
        let key = |name| format!("subgraphs.all.circuit_breaker.{name}");
        range::within(key("failure_ratio"), self.failure_ratio, &(0.0..=1.0))?;
        range::within(key("open_ms"), self.open_ms, &(0..=MAX_MS))
    }

    pub(crate) fn open(&self) -> Duration {
        Duration::from_millis(self.open_ms)
    }
}
