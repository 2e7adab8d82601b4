//! The direction of dependencies that `ARCHITECTURE.md` promises.

use std::{collections::BTreeSet, process::Command};

use serde_json::Value;

use crate::repo;

/// Our packages that `package` uses, and the libraries named in `libraries`.
fn uses(package: &str, libraries: &[&str]) -> BTreeSet<String> {
    let output = Command::new(env!("CARGO"))
        .args(["metadata", "--format-version=1", "--no-deps", "--offline"])
        .current_dir(repo("."))
        .output()
        .unwrap();
    let metadata: Value = serde_json::from_slice(&output.stdout).unwrap();
    let packages = metadata["packages"].as_array().unwrap();
    let found = packages.iter().find(|found| found["name"] == package);
    let dependencies = found.unwrap()["dependencies"].as_array().unwrap();
    dependencies
        .iter()
        .filter(|dependency| dependency["kind"].is_null())
        .map(|dependency| dependency["name"].as_str().unwrap())
        .filter(|name| name.starts_with("setwise") || libraries.contains(name))
        .map(str::to_owned)
        .collect()
}

fn set<const N: usize>(names: [&str; N]) -> BTreeSet<String> {
    names.into_iter().map(str::to_owned).collect()
}

#[test]
fn router_and_web_know_neither_the_database_nor_the_broker() {
    let stores = ["sqlx", "rdkafka"];
    let router = uses("setwise-router", &stores);
    assert!(
        router.is_subset(&set([
            "setwise-auth",
            "setwise-multipart",
            "setwise-service"
        ])),
        "{router:?}"
    );
    assert_eq!(uses("setwise-web", &stores), set(["setwise-service"]));
}

#[test]
fn a_subgraph_never_uses_another() {
    let shared = set([
        "setwise-auth",
        "setwise-events",
        "setwise-graphql",
        "setwise-outbox",
        "setwise-service",
    ]);
    for subgraph in ["setwise-users", "setwise-training", "setwise-files"] {
        let used = uses(subgraph, &[]);
        assert!(used.is_subset(&shared), "{subgraph} uses {used:?}");
    }
}

#[test]
fn only_the_all_in_one_carries_the_embedded_broker() {
    let broker = ["nisshi-broker", "nisshi-storage"];
    assert!(uses("setwise", &broker).contains("nisshi-broker"));
    for service in [
        "setwise-users",
        "setwise-training",
        "setwise-files",
        "setwise-router",
        "setwise-email-consumer",
        "setwise-web",
    ] {
        let used = uses(service, &broker);
        assert!(
            !used.iter().any(|name| name.starts_with("nisshi")),
            "{service}"
        );
    }
}

#[test]
fn the_e_mail_consumer_has_no_database() {
    assert!(!uses("setwise-email-consumer", &["sqlx"]).contains("sqlx"));
}
