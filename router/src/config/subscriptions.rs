use std::time::Duration;

use schemars::JsonSchema;
use serde::Deserialize;

use super::{
    ConfigError,
    range::{self, MAX_MS},
};

/// Answers that go on: subscriptions, and answers in parts.
#[derive(Clone, Debug, Deserialize, JsonSchema, PartialEq)]
#[serde(deny_unknown_fields, default)]
pub struct Subscriptions {
    /// Connections with such answers that are open at once.
    pub max_connections: usize,

    /// Operations that one WebSocket carries at once.
    #[schemars(range(min = 1))]
    pub max_operations_per_connection: usize,

    /// How long a client may take to begin with `connection_init`, in milliseconds.
    #[schemars(range(min = 1, max = MAX_MS))]
    pub connection_init_timeout_ms: u64,

    /// How long a client may take to take one message in, in milliseconds; a slower one is
    /// disconnected. Until then nothing more is asked of subgraphs for it.
    #[schemars(range(min = 1, max = MAX_MS))]
    pub send_timeout_ms: u64,

    /// After how long of silence a sign of life is sent, in milliseconds.
    #[schemars(range(min = 1, max = MAX_MS))]
    pub heartbeat_ms: u64,
}

impl Subscriptions {
    pub(super) fn check(&self) -> Result<(), ConfigError> {
        let key = |name| format!("subscriptions.{name}");
        let operations = self.max_operations_per_connection;
        range::at_least(key("max_operations_per_connection"), operations, 1)?;
        let init = self.connection_init_timeout_ms;
        range::within(key("connection_init_timeout_ms"), init, &(1..=MAX_MS))?;
        range::within(key("send_timeout_ms"), self.send_timeout_ms, &(1..=MAX_MS))?;
        range::within(key("heartbeat_ms"), self.heartbeat_ms, &(1..=MAX_MS))
    }

    pub(crate) fn send_timeout(&self) -> Duration {
        Duration::from_millis(self.send_timeout_ms)
    }

    pub(crate) fn heartbeat(&self) -> Duration {
        Duration::from_millis(self.heartbeat_ms.max(1))
    }
}

impl Default for Subscriptions {
    fn default() -> Self {
        Self {
            max_connections: 10_000,
            max_operations_per_connection: 100,
            connection_init_timeout_ms: 10_000,
            send_timeout_ms: 30_000,
            heartbeat_ms: 10_000,
        }
    }
}
