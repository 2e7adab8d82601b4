//! One connection to a GraphQL endpoint, one request at a time.

use std::time::{Duration, Instant};

use http_body_util::{BodyExt as _, Full};
use hyper::{
    Method, Request, StatusCode,
    body::Bytes,
    client::conn::http1::{self, SendRequest},
    header,
};
use hyper_util::rt::TokioIo;
use serde_json::{Value, json};
use tokio::net::TcpStream;

pub(crate) struct Client {
    sender: SendRequest<Full<Bytes>>,
}

impl Client {
    pub(crate) async fn connect(port: u16) -> anyhow::Result<Self> {
        let stream = TcpStream::connect(("127.0.0.1", port)).await?;
        stream.set_nodelay(true)?;
        let (sender, connection) = http1::handshake(TokioIo::new(stream)).await?;
        // how it ends is told to the sender
        tokio::spawn(connection);
        Ok(Self { sender })
    }

    /// The data of the answer, and the time from sending to its last byte. An answer with errors is one.
    pub(crate) async fn ask(
        &mut self,
        token: &str,
        query: &str,
        variables: &Value,
    ) -> anyhow::Result<(Value, Duration)> {
        let body = json!({ "query": query, "variables": variables }).to_string();
        let request = Request::builder()
            .method(Method::POST)
            .uri("/graphql")
            .header(header::HOST, "127.0.0.1")
            .header(header::CONTENT_TYPE, "application/json")
            .header(header::ACCEPT, "application/json")
            .header(header::AUTHORIZATION, format!("Bearer {token}"))
            .body(Full::new(Bytes::from(body)))?;
        self.sender.ready().await?;
        let started = Instant::now();
        let response = self.sender.send_request(request).await?;
        let status = response.status();
        let bytes = response.into_body().collect().await?.to_bytes();
        let took = started.elapsed();
        let text = || String::from_utf8_lossy(&bytes);
        anyhow::ensure!(status == StatusCode::OK, "{status}: {}", text());
        let mut answer: Value = serde_json::from_slice(&bytes)?;
        let refused = answer["data"].as_object().is_some_and(|fields| {
            fields.values().any(|payload| {
                let errors = payload["userErrors"].as_array();
                errors.is_some_and(|errors| !errors.is_empty())
            })
        });
        anyhow::ensure!(
            answer.get("errors").is_none() && !refused,
            "{query}: {}",
            text()
        );
        Ok((answer["data"].take(), took))
    }
}
