//! What happens when a part fails: a subgraph, the broker, the whole process.

#![expect(
    clippy::unwrap_used,
    reason = "a helper of a test fails the test by panicking"
)]

mod kill;
mod outage;
mod process;
mod trace;
