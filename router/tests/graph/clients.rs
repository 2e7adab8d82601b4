//! Clients from npm against the router: each file in `tests/clients` is one test here.

use std::{path::Path, process::Stdio, time::Duration};

use tokio::process::Command;

use crate::{
    subscriptions::Market,
    support::{
        Router, Shop, config,
        files::{self, Files},
        products, reviews, supergraph, users,
    },
};

/// How long the tests of one file may take.
const DEADLINE: Duration = Duration::from_mins(1);

/// Runs the tests of `tests/clients/{file}` against `router`.
async fn run(file: &str, router: &Router) {
    run_at(file, &format!("{}/graphql", router.url)).await;
}

async fn run_at(file: &str, url: &str) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/clients");
    assert!(
        folder.join("node_modules").exists(),
        "the clients are missing: run bin/assets router/tests/clients"
    );
    let node = Command::new("node")
        .args(["--test", "--test-reporter=spec", file])
        .current_dir(&folder)
        .env("ROUTER_URL", url)
        .stdin(Stdio::null())
        .kill_on_drop(true)
        .output();
    let output = tokio::time::timeout(DEADLINE, node)
        .await
        .unwrap_or_else(|_| panic!("{file} takes longer than {DEADLINE:?}"))
        .expect("Node.js runs");
    assert!(
        output.status.success(),
        "{file} failed:\n{}{}",
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    );
}

#[tokio::test]
async fn the_router_keeps_to_the_specification() {
    let shop = Shop::open().await;
    run("specification.test.mjs", &shop.router).await;
}

#[tokio::test]
async fn the_description_of_rest_is_valid() {
    let shop = Shop::open_with(|config| config.rest = true).await;
    run("openapi.test.mjs", &shop.router).await;
}

/// Runs the tests of `tests/clients/{file}` against the shop with a shelf for files, where batches
/// are taken.
async fn run_with_files(file: &str) {
    let shop = [
        users::start().await,
        products::start().await,
        reviews::start().await,
    ];
    let shelf = Files::start("files", files::SDL).await;
    let subgraphs: Vec<_> = shop.iter().chain([&shelf.subgraph]).collect();
    let mut config = config();
    config.supergraph.sdl = Some(supergraph(&subgraphs));
    config.batching.enabled = true;
    run(file, &Router::start(config).await).await;
}

#[tokio::test]
async fn graphql_request_is_served() {
    run_with_files("graphql-request.test.mjs").await;
}

#[tokio::test]
async fn apollo_client_is_served() {
    run_with_files("apollo-client.test.mjs").await;
}

#[tokio::test]
async fn urql_is_served() {
    run_with_files("urql.test.mjs").await;
}

#[tokio::test]
async fn clients_get_deferred_parts() {
    let shop = Shop::open().await;
    run("defer.test.mjs", &shop.router).await;
}

#[tokio::test]
async fn clients_subscribe() {
    let market = Market::open().await;
    let url = market.url.clone();
    tokio::select! {
        () = run_at("subscriptions.test.mjs", &url) => {}
        never = market.feed.tell_again_and_again("p2") => match never {},
    }
}
