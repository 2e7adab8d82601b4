//! Tokens of subscribers: where they come from, and when they end.

use serde_json::{Value, json};
use setwise_router::{Config, Rate};

use crate::{
    subscriptions::{Market, QUERY},
    support::{self, Router, Subgraph, issuer::Issuer, socket::Socket},
};

const SDL: &str = r#"
    extend schema
        @link(url: "https://specs.apollo.dev/federation/v2.5", import: ["@authenticated"])
    type Query { open: String secret: String @authenticated }
"#;

/// A router over a subgraph with a secret, and its address.
async fn router(configure: impl FnOnce(&mut Config)) -> (Router, Subgraph, String) {
    let data = json!({ "data": { "open": "o", "secret": "s" } });
    let one = Subgraph::constant("one", SDL, data).await;
    let mut config = support::config();
    config.supergraph.sdl = Some(support::supergraph(&[&one]));
    configure(&mut config);
    let router = Router::start(config).await;
    let url = format!("{}/graphql", router.url);
    (router, one, url)
}

fn authorization(token: &str) -> Value {
    json!({ "Authorization": format!("Bearer {token}") })
}

#[tokio::test]
async fn the_token_of_connection_init_opens_what_needs_one() {
    let issuer = Issuer::start().await;
    let (_router, one, url) = router(|config| issuer.configure(config)).await;
    let token = issuer.token(60);
    let bearer = format!("Bearer {token}");
    for payload in [
        json!({ "Authorization": bearer }),
        json!({ "authorization": bearer }),
        json!({ "headers": { "Authorization": bearer } }),
        json!({ "headers": { "authorization": bearer }, "other": 1 }),
    ] {
        let mut socket = Socket::initialised(&url, payload.clone()).await;
        socket.subscribe("1", "{ secret }").await;
        let answer = socket.next().await;
        let data = json!({ "data": { "secret": "s" } });
        assert_eq!(answer["payload"], data, "{payload}");
        assert_eq!(one.last_headers()["authorization"], bearer);
    }
    let mut anonymous = Socket::initialised(&url, json!({})).await;
    anonymous.subscribe("1", "{ secret }").await;
    let answer = anonymous.next().await;
    let code = &answer["payload"]["errors"][0]["extensions"]["code"];
    assert_eq!(code, "UNAUTHORIZED_FIELD_OR_TYPE", "{answer}");
}

#[tokio::test]
async fn a_bad_token_of_connection_init_closes_the_connection() {
    let issuer = Issuer::start().await;
    let other = Issuer::start().await;
    let (_router, _one, url) = router(|config| issuer.configure(config)).await;
    for token in ["nonsense", &issuer.token(-1), &other.token(60)] {
        assert_eq!(closed(&url, token).await, 4403, "{token}");
    }
    let (_router, _one, url) = router(|config| {
        issuer.configure(config);
        config.authentication.jwks_url = Some("http://127.0.0.1:1/jwks".parse().unwrap());
    })
    .await;
    assert_eq!(closed(&url, &issuer.token(60)).await, 1013);
}

/// The code that a connection that begins with `token` is closed with.
async fn closed(url: &str, token: &str) -> u16 {
    let mut socket = Socket::open(url).await;
    let init = json!({ "type": "connection_init", "payload": authorization(token) });
    socket.send(init).await;
    socket.closed().await
}

#[tokio::test]
async fn operations_of_a_connection_count_for_its_viewer() {
    let issuer = Issuer::start().await;
    let (_router, _one, url) = router(|config| {
        issuer.configure(config);
        config.rate_limits.per_viewer = Some(Rate {
            per_minute: 1,
            burst: 1,
        });
    })
    .await;
    let payload = authorization(&issuer.token(60));
    let mut socket = Socket::initialised(&url, payload.clone()).await;
    socket.subscribe("1", "{ open }").await;
    assert_eq!(socket.next().await["type"], "next");
    assert_eq!(socket.next().await["type"], "complete");
    // another connection is the same viewer
    for mut socket in [socket, Socket::initialised(&url, payload).await] {
        socket.subscribe("2", "{ open }").await;
        let answer = socket.next().await;
        let code = &answer["payload"][0]["extensions"]["code"];
        assert_eq!(code, "RATE_LIMITED", "{answer}");
    }
}

#[tokio::test]
async fn what_runs_over_a_websocket_ends_with_its_token() {
    let issuer = Issuer::start().await;
    let market = Market::open_with(|config| issuer.configure(config)).await;
    let payload = authorization(&issuer.token(2));
    let mut socket = Socket::initialised(&market.url, payload).await;
    socket.subscribe("1", QUERY).await;
    market.subscribed(1).await;
    for id in ["1", "2"] {
        let refused = socket.next().await;
        assert_eq!(
            (&refused["id"], &refused["type"]),
            (&json!(id), &json!("error"))
        );
        let code = &refused["payload"][0]["extensions"]["code"];
        assert_eq!(code, "UNAUTHENTICATED", "{refused}");
        socket.subscribe("2", QUERY).await;
    }
    assert_eq!(market.feed.subscribed(), 1);
}

#[tokio::test]
async fn an_event_stream_ends_with_its_token() {
    let issuer = Issuer::start().await;
    let market = Market::open_with(|config| issuer.configure(config)).await;
    let request = market.post("text/event-stream", QUERY, &json!({ "upc": "p1" }));
    let request = request.bearer_auth(issuer.token(2));
    let text = request.send().await.unwrap().text().await.unwrap();
    let (next, complete) = text.split_once("event: complete").unwrap();
    let answer = next.trim().strip_prefix("event: next\ndata: ").unwrap();
    let answer: Value = serde_json::from_str(answer).unwrap();
    let code = &answer["errors"][0]["extensions"]["code"];
    assert_eq!(code, "UNAUTHENTICATED", "{answer}");
    assert_eq!(complete.trim(), "data:");
    assert_eq!(market.feed.subscribed(), 1);
}
