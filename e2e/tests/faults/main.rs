//! What happens when a part fails: a subgraph, the broker, the whole process.

mod kill;
mod outage;
mod process;
mod trace;
