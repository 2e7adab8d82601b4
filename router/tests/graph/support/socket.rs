//! A client of `graphql-transport-ws`.

use std::time::Duration;

use futures_util::{SinkExt as _, StreamExt as _};
use serde_json::{Value, json};
use tokio::{net::TcpStream, time::timeout};
use tokio_tungstenite::{
    MaybeTlsStream, WebSocketStream, connect_async,
    tungstenite::{self, Message, client::IntoClientRequest as _},
};

const PATIENCE: Duration = Duration::from_secs(10);

pub struct Socket(WebSocketStream<MaybeTlsStream<TcpStream>>);

impl Socket {
    pub async fn connect(
        url: &str,
        headers: &[(&'static str, &'static str)],
    ) -> Result<Self, tungstenite::Error> {
        let url = url.replace("http://", "ws://");
        let mut request = url.into_client_request().unwrap();
        for (name, value) in headers {
            request.headers_mut().insert(*name, value.parse().unwrap());
        }
        connect_async(request).await.map(|(socket, _)| Self(socket))
    }

    pub async fn open(url: &str) -> Self {
        let protocol = ("sec-websocket-protocol", "graphql-transport-ws");
        Self::connect(url, &[protocol]).await.unwrap()
    }

    /// Open, and greeted.
    pub async fn initialised(url: &str, payload: Value) -> Self {
        let mut socket = Self::open(url).await;
        socket
            .send(json!({ "type": "connection_init", "payload": payload }))
            .await;
        let ack = json!({ "type": "connection_ack" });
        assert_eq!(socket.next().await, ack);
        socket
    }

    pub async fn send(&mut self, message: Value) {
        let message = Message::text(message.to_string());
        self.0.send(message).await.unwrap();
    }

    pub async fn subscribe(&mut self, id: &str, query: &str) {
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

    pub async fn next(&mut self) -> Value {
        self.message().await.to_text().unwrap().parse().unwrap()
    }

    /// The code that the router closes with.
    pub async fn closed(&mut self) -> u16 {
        match self.message().await {
            Message::Close(Some(frame)) => frame.code.into(),
            other => panic!("not closed: {other}"),
        }
    }

    /// What still comes until the connection is gone.
    pub async fn rest(&mut self) -> Vec<Message> {
        let mut rest = Vec::new();
        while let Some(Ok(message)) = timeout(PATIENCE, self.0.next()).await.unwrap() {
            rest.push(message);
        }
        rest
    }
}
