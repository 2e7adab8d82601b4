//! The program itself: its commands, and the supergraph changing under it.

#![expect(clippy::unwrap_used, reason = "what goes wrong here fails the test")]

#[path = "process/commands.rs"]
mod commands;
#[path = "process/memory.rs"]
mod memory;
#[path = "process/reload.rs"]
mod reload;
#[path = "process/shutdown.rs"]
mod shutdown;
#[path = "process/support.rs"]
mod support;
#[path = "process/tls.rs"]
mod tls;
