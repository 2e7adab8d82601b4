//! GraphQL over WebSocket, by the protocol `graphql-transport-ws`.

use std::{fs, time::Duration};

use serde_json::{Value, json};
use setwise_testkit::eventually;
use tokio::time::timeout;
use tokio_tungstenite::tungstenite::{self, Message};

use crate::{
    subscriptions::{Market, QUERY, changed},
    support::{
        self, Subgraph,
        flood::{self, Flood},
        socket::Socket,
    },
};

const PATIENCE: Duration = Duration::from_secs(10);

#[tokio::test]
async fn a_subscription_runs_until_the_client_completes_it() {
    let market = Market::open().await;
    let token = json!({ "Authorization": "Bearer abc" });
    let mut socket = Socket::initialised(&market.url, token).await;
    socket.subscribe("1", QUERY).await;
    market.subscribed(1).await;
    assert_eq!(market.feed.last_headers()["authorization"], "Bearer abc");
    market.feed.price_changed("p2");
    let next = json!({ "id": "1", "type": "next", "payload": changed("p2") });
    assert_eq!(socket.next().await, next);
    socket.send(json!({ "id": "1", "type": "complete" })).await;
    // the id is free again
    socket.subscribe("1", QUERY).await;
    market.subscribed(2).await;
    market.feed.complete();
    let complete = json!({ "id": "1", "type": "complete" });
    assert_eq!(socket.next().await, complete);
}

#[tokio::test]
async fn queries_run_beside_and_errors_end_one_operation() {
    let market = Market::open().await;
    let mut socket = Socket::initialised(&market.url, Value::Null).await;
    socket
        .subscribe("q", "query { product(upc: \"p1\") { price } }")
        .await;
    let payload = json!({ "data": { "product": { "price": 10 } } });
    let next = json!({ "id": "q", "type": "next", "payload": payload });
    assert_eq!(socket.next().await, next);
    let complete = json!({ "id": "q", "type": "complete" });
    assert_eq!(socket.next().await, complete);

    socket.subscribe("e", "{ nothing }").await;
    let error = socket.next().await;
    assert_eq!(
        (&error["id"], &error["type"]),
        (&json!("e"), &json!("error"))
    );
    let code = &error["payload"][0]["extensions"]["code"];
    assert_eq!(code, "GRAPHQL_VALIDATION_FAILED");
    socket
        .send(json!({ "type": "ping", "payload": { "n": 1 } }))
        .await;
    let pong = json!({ "type": "pong", "payload": { "n": 1 } });
    assert_eq!(socket.next().await, pong);
}

#[tokio::test]
async fn what_is_against_the_protocol_closes_the_connection() {
    let market = Market::open_with(|config| {
        config.subscriptions.connection_init_timeout_ms = 300;
    })
    .await;
    let mut silent = Socket::open(&market.url).await;
    assert_eq!(silent.closed().await, 4408);
    let mut hasty = Socket::open(&market.url).await;
    hasty.subscribe("1", QUERY).await;
    assert_eq!(hasty.closed().await, 4401);
    let mut twice = Socket::initialised(&market.url, Value::Null).await;
    twice.send(json!({ "type": "connection_init" })).await;
    assert_eq!(twice.closed().await, 4429);
    let mut same = Socket::initialised(&market.url, Value::Null).await;
    same.subscribe("1", QUERY).await;
    same.subscribe("1", QUERY).await;
    assert_eq!(same.closed().await, 4409);
    let mut unknown = Socket::initialised(&market.url, Value::Null).await;
    unknown.send(json!({ "type": "start" })).await;
    assert_eq!(unknown.closed().await, 4400);
    let mut forbidden = Socket::open(&market.url).await;
    let init = json!({ "type": "connection_init", "payload": { "authorization": 1 } });
    forbidden.send(init).await;
    assert_eq!(forbidden.closed().await, 4403);
    let mut other = Socket::connect(&market.url, &[]).await.unwrap();
    assert_eq!(other.closed().await, 4406);
}

#[tokio::test]
async fn operations_and_messages_are_bounded() {
    let market = Market::open_with(|config| {
        config.subscriptions.max_operations_per_connection = 1;
        config.limits.max_body_bytes = 10_000;
    })
    .await;
    let mut socket = Socket::initialised(&market.url, Value::Null).await;
    socket.subscribe("1", QUERY).await;
    socket.subscribe("2", QUERY).await;
    let error = socket.next().await;
    assert_eq!(error["id"], "2");
    let code = &error["payload"][0]["extensions"]["code"];
    assert_eq!(code, "TOO_MANY_SUBSCRIPTIONS");
    socket
        .send(json!({ "type": "ping", "payload": { "x": "x".repeat(20_000) } }))
        .await;
    let end = socket.rest().await;
    assert!(
        !end.iter().any(Message::is_text),
        "{end:?} for a message that is too large"
    );
}

#[tokio::test]
async fn pages_of_other_origins_get_no_socket() {
    let market = Market::open_with(|config| {
        config.cors.origins = vec!["https://app.example".to_owned()];
    })
    .await;
    let protocol = ("sec-websocket-protocol", "graphql-transport-ws");
    let from = async |origin| Socket::connect(&market.url, &[protocol, ("origin", origin)]).await;
    assert!(from("https://app.example").await.is_ok());
    match from("https://evil.example").await {
        Err(tungstenite::Error::Http(response)) => assert_eq!(response.status(), 403),
        other => panic!("opened: {}", other.is_ok()),
    }
}

#[tokio::test]
async fn a_shutdown_says_goodbye() {
    let mut market = Market::open().await;
    let mut socket = Socket::initialised(&market.url, Value::Null).await;
    socket.subscribe("1", QUERY).await;
    market.subscribed(1).await;
    market.shutdown.cancel();
    assert_eq!(socket.closed().await, 1001);
    drop(socket);
    let ended = timeout(PATIENCE, market.router.join_next()).await;
    ended.expect("the router ends").unwrap().unwrap().unwrap();
}

#[tokio::test]
async fn who_takes_nothing_is_disconnected() {
    let flood = Flood::start().await;
    let mut config = support::config();
    config.supergraph.sdl = Some(support::supergraph(&[&flood.subgraph]));
    config.subscriptions.send_timeout_ms = 300;
    let router = support::Router::start(config).await;
    let url = format!("{}/graphql", router.url);
    let mut socket = Socket::initialised(&url, Value::Null).await;
    let query = "subscription { flood(to: \"idle\") }";
    socket.subscribe("1", query).await;
    eventually("the flood ends", PATIENCE, async || {
        flood.has_lost("idle").then_some(())
    })
    .await;
    flood.assert_held_back("idle");
    // what was sent before can still be read, and then no more
    assert!(socket.rest().await.len() < flood::EVENTS / 2);
}

#[tokio::test]
async fn what_begins_after_a_reload_asks_the_new_supergraph() {
    let sdl = |fields: &str| format!("type Query {{ {fields} }}");
    let data = json!({ "data": { "a": 1, "b": 2 } });
    let mut one = Subgraph::constant("one", &sdl("a: Int"), data).await;
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("supergraph.graphql");
    fs::write(&file, support::supergraph(&[&one])).unwrap();
    let mut config = support::config();
    config.supergraph.path = Some(file.clone());
    let router = support::Router::start(config).await;
    let url = format!("{}/graphql", router.url);
    let mut socket = Socket::initialised(&url, Value::Null).await;
    socket.subscribe("1", "{ b }").await;
    assert_eq!(socket.next().await["type"], "error");

    one.sdl = sdl("a: Int b: Int");
    fs::write(&file, support::supergraph(&[&one])).unwrap();
    eventually("the new supergraph is served", PATIENCE, async || {
        let answer = router.query("{ b }").await;
        (answer["data"]["b"] == 2).then_some(())
    })
    .await;
    socket.subscribe("2", "{ b }").await;
    let answer = socket.next().await;
    assert_eq!(answer["payload"], json!({ "data": { "b": 2 } }), "{answer}");
}
