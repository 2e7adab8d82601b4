//! What every service does the same way: configuration, telemetry, health,
//! serving HTTP, background tasks and an orderly end.
//!
//! A service's `main` is `config::parse` and [`run`]; its library serves with
//! [`serve_http`], or on [`cores`], and keeps its background work in [`Tasks`].

mod client_address;
pub mod config;
mod connections;
pub mod cores;
mod health;
mod http_server;
mod locale;
mod run;
mod tasks;
mod telemetry;
pub mod trace;

pub use client_address::{Client, Network};
pub use config::Secret;
pub use connections::ClientConnection;
pub use health::{Readiness, health};
pub use http_server::serve_http;
pub use locale::Locale;
pub use run::{run, shutdown_on_signal};
pub use tasks::Tasks;
pub use telemetry::{LogFormat, Telemetry, TelemetryConfig};
