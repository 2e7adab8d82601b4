use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

use crate::{OWN, compose, read, service, texts};

fn names(compose: &Value) -> Vec<&String> {
    compose["services"].as_object().unwrap().keys().collect()
}

#[test]
fn each_profile_starts_its_services() {
    let compose = compose();
    let mut profiles = BTreeMap::<&str, BTreeSet<&str>>::new();
    for name in names(&compose) {
        for profile in texts(&service(&compose, name)["profiles"]) {
            profiles.entry(profile).or_default().insert(name);
        }
    }
    let database = ["db"];
    let kafka = ["kafka0"];
    let tracing = ["jaeger"];
    let logging = ["dozzle"];
    let backend = ["router", "users", "training", "files"];
    let mail = ["email-consumer"];
    let frontend = ["web"];
    let all = |parts: &[&[&'static str]]| parts.concat().into_iter().collect::<BTreeSet<_>>();
    let of_backend = all(&[&database, &kafka, &tracing, &backend, &mail]);
    let of_dev = &of_backend | &all(&[&frontend, &logging]);
    let expected = BTreeMap::from([
        ("database", all(&[&database])),
        ("kafka", all(&[&kafka])),
        ("tracing", all(&[&tracing])),
        ("logging", all(&[&logging])),
        ("full", &of_dev | &all(&[&["nginx"]])),
        ("dev", of_dev),
        ("backend", of_backend),
    ]);
    assert_eq!(profiles, expected);
}

#[test]
fn every_service_is_on_the_one_network() {
    let compose = compose();
    let network = "fitness-trainer-network";
    assert_eq!(compose["networks"], json!({ network: { "name": network } }));
    for name in names(&compose) {
        assert_eq!(
            service(&compose, name)["networks"],
            json!([network]),
            "{name}"
        );
    }
}

#[test]
fn only_nginx_is_open_to_other_machines() {
    let compose = compose();
    let mut open = Vec::new();
    let mut local = BTreeSet::new();
    for name in names(&compose) {
        for port in texts(&service(&compose, name)["ports"]) {
            match port.strip_prefix("127.0.0.1:") {
                Some(port) => assert!(local.insert(port.to_owned()), "{port} twice"),
                None => open.push((name.as_str(), port)),
            }
        }
    }
    assert_eq!(open, [("nginx", "${HTTP_PORT:-8080}:8080")]);
    for port in [
        "5432:5432",
        "9092:9092",
        "16686:16686",
        "4317:4317",
        "4318:4318",
    ] {
        assert!(local.contains(port), "{port}");
    }
}

#[test]
fn the_broker_is_found_inside_and_outside() {
    let kafka = read("deploy/env/kafka0.env");
    let advertised = "KAFKA_ADVERTISED_LISTENERS=INTERNAL://kafka0:29092,EXTERNAL://127.0.0.1:9092";
    assert!(kafka.lines().any(|line| line == advertised));
    assert!(kafka.contains("KAFKA_PROCESS_ROLES=broker,controller"));
}

#[test]
fn health_is_asked_as_often_as_before() {
    let compose = compose();
    let numbers = |name: &str| {
        let health = &service(&compose, name)["healthcheck"];
        let text = |key: &str| health[key].as_str().unwrap().to_owned();
        let retries = health["retries"].as_u64().unwrap();
        (text("interval"), text("timeout"), retries)
    };
    assert_eq!(numbers("db"), ("10s".into(), "5s".into(), 5));
    assert!(
        service(&compose, "db")["healthcheck"]["test"][1]
            .as_str()
            .unwrap()
            .starts_with("pg_isready")
    );
    for name in OWN.into_iter().chain(["nginx", "kafka0", "dozzle"]) {
        assert_eq!(numbers(name), ("30s".into(), "10s".into(), 3), "{name}");
    }
}

#[test]
fn services_start_when_what_they_need_is_healthy() {
    let compose = compose();
    let needs = |name: &str| {
        let needs = service(&compose, name)["depends_on"].as_object();
        needs.cloned().unwrap_or_default()
    };
    for name in names(&compose) {
        let profiles: BTreeSet<_> = texts(&service(&compose, name)["profiles"])
            .into_iter()
            .collect();
        for (needed, how) in needs(name) {
            assert_eq!(
                how,
                json!({ "condition": "service_healthy" }),
                "{name}: {needed}"
            );
            let needed = service(&compose, &needed);
            assert!(needed["healthcheck"].is_object(), "{name}");
            // Else a profile would not start.
            let there = texts(&needed["profiles"]).into_iter().collect();
            assert!(profiles.is_subset(&there), "{name}");
        }
    }
    let needs = |name: &str| {
        needs(name)
            .into_iter()
            .map(|(needed, _)| needed)
            .collect::<BTreeSet<_>>()
    };
    let set = |names: &[&str]| names.iter().copied().map(str::to_owned).collect();
    assert_eq!(needs("router"), set(&["users", "training", "files"]));
    assert_eq!(needs("nginx"), set(&["router", "web"]));
    assert_eq!(needs("users"), set(&["db", "kafka0"]));
}

#[test]
fn our_services_have_no_privileges() {
    let compose = compose();
    for name in OWN {
        let service = service(&compose, name);
        assert!(
            service["user"]
                .as_str()
                .unwrap()
                .starts_with("${SETWISE_UID:?"),
            "{name}"
        );
        assert_eq!(service["read_only"], true, "{name}");
        assert_eq!(service["cap_drop"], json!(["ALL"]), "{name}");
    }
}
