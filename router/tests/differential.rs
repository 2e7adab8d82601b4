//! Generated queries over Setwise's supergraph, answered by this router and by Apollo Gateway in
//! front of the same subgraphs: their `data` must be the same.

#![expect(clippy::unwrap_used, reason = "what goes wrong here fails the test")]

#[path = "differential/apollo.rs"]
mod apollo;
#[path = "differential/compare.rs"]
mod compare;
#[path = "differential/generate.rs"]
mod generate;
#[path = "differential/mock.rs"]
mod mock;
#[path = "conformance/support/schema.rs"]
#[expect(dead_code, reason = "these subgraphs answer everything")]
mod schema;
#[path = "conformance/support/server.rs"]
mod server;
