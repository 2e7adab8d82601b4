use std::time::Duration;

use schemars::JsonSchema;
use serde::Deserialize;

/// Answers that go on: subscriptions, and answers in parts.
#[derive(Clone, Debug, Deserialize, JsonSchema, PartialEq)]
#[serde(deny_unknown_fields, default)]
pub struct Subscriptions {
    /// Connections with such answers that are open at once.
    pub max_connections: usize,

    /// Operations that one WebSocket carries at once.
    pub max_operations_per_connection: usize,

    /// How long a client may take to begin with `connection_init`, in milliseconds.
    pub connection_init_timeout_ms: u64,

    /// How long a client may take to take one message in over a WebSocket, in milliseconds; a slower
    /// one is disconnected. Until then nothing more is asked of subgraphs for it.
    pub send_timeout_ms: u64,

    /// After how long of silence a sign of life is sent, in milliseconds.
    pub heartbeat_ms: u64,
}

impl Subscriptions {
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
