//! Holds `compose.yaml` and `deploy/` to what they promise, without a
//! container engine: names, ports, profiles and health checks, the targets of
//! the Dockerfile, the environment of each service, the secrets, nginx itself,
//! and all of it together: every service as a process of its own.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod apart;
mod compose;
mod environment;
mod follow;
mod images;
mod nginx;
mod postgres;
mod process;
mod rooms;
mod secrets;
mod services;

use std::path::PathBuf;

use serde_json::Value;

/// The services that we build.
const OWN: [&str; 6] = [
    "users",
    "training",
    "files",
    "router",
    "email-consumer",
    "web",
];

/// A file of the repository.
fn repo(path: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
        .join("..")
        .join(path)
}

fn read(path: &str) -> String {
    std::fs::read_to_string(repo(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// `compose.yaml`, its merge keys expanded.
fn compose() -> Value {
    serde_saphyr::from_str(&read("compose.yaml")).unwrap()
}

fn service<'a>(compose: &'a Value, name: &str) -> &'a Value {
    let service = &compose["services"][name];
    assert!(service.is_object(), "no service {name}");
    service
}

fn texts(list: &Value) -> Vec<&str> {
    let texts = list.as_array().into_iter().flatten();
    texts.map(|text| text.as_str().unwrap()).collect()
}
