//! The router over HTTP, in front of small subgraphs that run in the same process.

#![expect(clippy::unwrap_used, reason = "what goes wrong here fails the test")]

#[path = "graph/batches.rs"]
mod batches;
#[path = "graph/breaches.rs"]
mod breaches;
#[path = "graph/clients.rs"]
mod clients;
#[path = "graph/connection_tokens.rs"]
mod connection_tokens;
#[path = "graph/connections.rs"]
mod connections;
#[path = "graph/cost.rs"]
mod cost;
#[path = "graph/defer.rs"]
mod defer;
#[path = "graph/failures.rs"]
mod failures;
#[path = "graph/fuzz/mod.rs"]
mod fuzz;
#[path = "graph/guard.rs"]
mod guard;
#[path = "graph/hostile.rs"]
mod hostile;
#[path = "graph/http.rs"]
mod http;
#[path = "graph/joins.rs"]
mod joins;
#[path = "graph/loading.rs"]
mod loading;
#[path = "graph/mutations.rs"]
mod mutations;
#[path = "graph/nulls.rs"]
mod nulls;
#[path = "graph/persisted.rs"]
mod persisted;
#[path = "graph/requests.rs"]
mod requests;
#[path = "graph/selections.rs"]
mod selections;
#[path = "graph/setwise.rs"]
mod setwise;
#[path = "graph/subscriptions.rs"]
mod subscriptions;
#[path = "graph/support/mod.rs"]
mod support;
#[path = "graph/uploads.rs"]
mod uploads;
#[path = "graph/upstreams.rs"]
mod upstreams;
#[path = "graph/websockets.rs"]
mod websockets;
#[path = "graph/wrong_answers.rs"]
mod wrong_answers;
