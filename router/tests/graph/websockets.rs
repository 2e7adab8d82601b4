//! GraphQL over WebSocket, by the protocol `graphql-transport-ws`.

use std::time::Duration;

use futures_util::{SinkExt as _, StreamExt as _};
use serde_json::{Value, json};
use tokio::{net::TcpStream, time::timeout};
use tokio_tungstenite::{
    MaybeTlsStream, WebSocketStream, connect_async,
    tungstenite::{self, Message, client::IntoClientRequest as _},
};

use crate::subscriptions::{Market, QUERY, changed};

const PATIENCE: Duration = Duration::from_secs(10);

struct Socket(WebSocketStream<MaybeTlsStream<TcpStream>>);

impl Socket {
    async fn connect(
        market: &Market,
        headers: &[(&'static str, &'static str)],
    ) -> Result<Self, tungstenite::Error> {
        let url = market.url.replace("http://", "ws://");
        let mut request = url.into_client_request().unwrap();
        for (name, value) in headers {
            request.headers_mut().insert(*name, value.parse().unwrap());
        }
        connect_async(request).await.map(|(socket, _)| Self(socket))
    }

    async fn open(market: &Market) -> Self {
        let protocol = ("sec-websocket-protocol", "graphql-transport-ws");
        Self::connect(market, &[protocol]).await.unwrap()
    }

    /// Open, and greeted.
    async fn initialised(market: &Market, payload: Value) -> Self {
        let mut socket = Self::open(market).await;
        socket
            .send(json!({ "type": "connection_init", "payload": payload }))
            .await;
        let ack = json!({ "type": "connection_ack" });
        assert_eq!(socket.next().await, ack);
        socket
    }

    async fn send(&mut self, message: Value) {
        let message = Message::text(message.to_string());
        self.0.send(message).await.unwrap();
    }

    async fn subscribe(&mut self, id: &str, query: &str) {
        let payload = json!({ "query": query, "variables": { "upc": "p1" } });
        self.send(json!({ "id": id, "type": "subscribe", "payload": payload }))
            .await;
    }

    async fn message(&mut self) -> Message {
        loop {
            let message = timeout(PATIENCE, self.0.next()).await;
            let message = message.expect("something comes in time").unwrap().unwrap();
            if !message.is_ping() {
                return message;
            }
        }
    }

    async fn next(&mut self) -> Value {
        self.message().await.to_text().unwrap().parse().unwrap()
    }

    /// The code that the router closes with.
    async fn closed(&mut self) -> u16 {
        match self.message().await {
            Message::Close(Some(frame)) => frame.code.into(),
            other => panic!("not closed: {other}"),
        }
    }
}

#[tokio::test]
async fn a_subscription_runs_until_the_client_completes_it() {
    let market = Market::open().await;
    let token = json!({ "Authorization": "Bearer abc" });
    let mut socket = Socket::initialised(&market, token).await;
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
    let mut socket = Socket::initialised(&market, Value::Null).await;
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
    let mut silent = Socket::open(&market).await;
    assert_eq!(silent.closed().await, 4408);
    let mut hasty = Socket::open(&market).await;
    hasty.subscribe("1", QUERY).await;
    assert_eq!(hasty.closed().await, 4401);
    let mut twice = Socket::initialised(&market, Value::Null).await;
    twice.send(json!({ "type": "connection_init" })).await;
    assert_eq!(twice.closed().await, 4429);
    let mut same = Socket::initialised(&market, Value::Null).await;
    same.subscribe("1", QUERY).await;
    same.subscribe("1", QUERY).await;
    assert_eq!(same.closed().await, 4409);
    let mut unknown = Socket::initialised(&market, Value::Null).await;
    unknown.send(json!({ "type": "start" })).await;
    assert_eq!(unknown.closed().await, 4400);
    let mut forbidden = Socket::open(&market).await;
    let init = json!({ "type": "connection_init", "payload": { "authorization": 1 } });
    forbidden.send(init).await;
    assert_eq!(forbidden.closed().await, 4403);
    let mut other = Socket::connect(&market, &[]).await.unwrap();
    assert_eq!(other.closed().await, 4406);
}

#[tokio::test]
async fn operations_and_messages_are_bounded() {
    let market = Market::open_with(|config| {
        config.subscriptions.max_operations_per_connection = 1;
        config.limits.max_body_bytes = 10_000;
    })
    .await;
    let mut socket = Socket::initialised(&market, Value::Null).await;
    socket.subscribe("1", QUERY).await;
    socket.subscribe("2", QUERY).await;
    let error = socket.next().await;
    assert_eq!(error["id"], "2");
    let code = &error["payload"][0]["extensions"]["code"];
    assert_eq!(code, "TOO_MANY_SUBSCRIPTIONS");
    socket
        .send(json!({ "type": "ping", "payload": { "x": "x".repeat(20_000) } }))
        .await;
    let end = timeout(PATIENCE, socket.0.next()).await.unwrap();
    assert!(
        !matches!(end, Some(Ok(Message::Text(_)))),
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
    let from = async |origin| Socket::connect(&market, &[protocol, ("origin", origin)]).await;
    assert!(from("https://app.example").await.is_ok());
    match from("https://evil.example").await {
        Err(tungstenite::Error::Http(response)) => assert_eq!(response.status(), 403),
        other => panic!("opened: {}", other.is_ok()),
    }
}

#[tokio::test]
async fn a_shutdown_says_goodbye() {
    let mut market = Market::open().await;
    let mut socket = Socket::initialised(&market, Value::Null).await;
    socket.subscribe("1", QUERY).await;
    market.subscribed(1).await;
    market.shutdown.cancel();
    assert_eq!(socket.closed().await, 1001);
    drop(socket);
    let ended = timeout(PATIENCE, market.router.join_next()).await;
    ended.expect("the router ends").unwrap().unwrap().unwrap();
}
