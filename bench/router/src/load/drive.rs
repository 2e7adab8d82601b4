//! The load: connections that each send a request when the last one is answered.

use std::{
    sync::atomic::{AtomicU64, Ordering},
    time::{Duration, Instant},
};

use anyhow::Context as _;
use hdrhistogram::Histogram;
use http_body_util::{BodyExt as _, Full};
use hyper::{
    Method, Request, StatusCode,
    body::Bytes,
    client::conn::http1::{self, SendRequest},
    header,
};
use hyper_util::rt::TokioIo;
use tokio::{net::TcpStream, task::JoinSet};

use crate::gateways::Gateway;

/// A load on one gateway.
pub(crate) struct Load {
    body: Bytes,
    connections: usize,
    duration: Duration,
}

/// What a load came to.
#[derive(Default)]
pub(crate) struct Sample {
    pub(crate) requests: u64,
    pub(crate) seconds: f64,
    /// What the gateway's process took of the CPU.
    pub(crate) cpu_seconds: f64,
    /// Microseconds from sending to the last byte of the answer.
    latency: Option<Histogram<u64>>,
}

/// Each request has a token of its own: no answer may be another caller's.
static TOKENS: AtomicU64 = AtomicU64::new(0);

impl Load {
    pub(crate) fn new(query: &str, connections: usize, duration: Duration) -> Self {
        Self {
            body: body(query),
            connections,
            duration,
        }
    }

    pub(crate) async fn run(self, gateway: &mut Gateway) -> anyhow::Result<Sample> {
        let cpu_before = gateway.process.cpu_seconds()?;
        let started = Instant::now();
        let end = started + self.duration;
        let mut connections = JoinSet::new();
        for _ in 0..self.connections {
            connections.spawn(connection(gateway.port, self.body.clone(), end));
        }
        let mut latency = histogram()?;
        while let Some(ended) = connections.join_next().await {
            latency.add(ended?.with_context(|| gateway.name.clone())?)?;
        }
        Ok(Sample {
            requests: latency.len(),
            seconds: started.elapsed().as_secs_f64(),
            cpu_seconds: gateway.process.cpu_seconds()? - cpu_before,
            latency: Some(latency),
        })
    }
}

impl Sample {
    pub(crate) fn add(&mut self, other: &Self) -> anyhow::Result<()> {
        self.requests += other.requests;
        self.seconds += other.seconds;
        self.cpu_seconds += other.cpu_seconds;
        match (&mut self.latency, &other.latency) {
            (Some(latency), Some(other)) => latency.add(other)?,
            (latency, other) => latency.clone_from(other),
        }
        Ok(())
    }

    /// Milliseconds.
    #[expect(
        clippy::cast_precision_loss,
        reason = "latencies are far below 2^52 microseconds"
    )]
    pub(crate) fn latency_ms(&self, quantile: f64) -> f64 {
        let latency = self.latency.as_ref();
        latency.map_or(0.0, |latency| {
            latency.value_at_quantile(quantile) as f64 / 1000.0
        })
    }
}

/// One request, and what it was answered with.
pub(crate) async fn once(gateway: &Gateway, query: &str) -> anyhow::Result<serde_json::Value> {
    let mut sender = connect(gateway.port).await?;
    let answer = send(&mut sender, &body(query))
        .await
        .with_context(|| gateway.name.clone())?;
    serde_json::from_slice(&answer).with_context(|| format!("{} answers no JSON", gateway.name))
}

async fn connection(port: u16, body: Bytes, end: Instant) -> anyhow::Result<Histogram<u64>> {
    let mut latency = histogram()?;
    let mut sender = connect(port).await?;
    let mut length = None;
    while Instant::now() < end {
        let started = Instant::now();
        let answer = send(&mut sender, &body).await?;
        let micros = u64::try_from(started.elapsed().as_micros())?;
        latency.record(micros.max(1))?;
        // the answer was compared once; all that follow are as long
        let length = *length.get_or_insert(answer.len());
        anyhow::ensure!(
            answer.len() == length,
            "answers otherwise: {}",
            String::from_utf8_lossy(&answer)
        );
    }
    Ok(latency)
}

async fn connect(port: u16) -> anyhow::Result<SendRequest<Full<Bytes>>> {
    let stream = TcpStream::connect(("127.0.0.1", port)).await?;
    stream.set_nodelay(true)?;
    let (sender, connection) = http1::handshake(TokioIo::new(stream)).await?;
    // how it ends is told to the sender
    tokio::spawn(connection);
    Ok(sender)
}

async fn send(sender: &mut SendRequest<Full<Bytes>>, body: &Bytes) -> anyhow::Result<Bytes> {
    sender.ready().await?;
    let number = TOKENS.fetch_add(1, Ordering::Relaxed);
    let request = Request::builder()
        .method(Method::POST)
        .uri("/graphql")
        .header(header::HOST, "127.0.0.1")
        .header(header::CONTENT_TYPE, "application/json")
        .header(header::ACCEPT, "application/json")
        .header(header::AUTHORIZATION, format!("Bearer {number:0>180}"))
        .body(Full::new(body.clone()))?;
    let response = sender.send_request(request).await?;
    let status = response.status();
    let answer = response.into_body().collect().await?.to_bytes();
    anyhow::ensure!(
        status == StatusCode::OK,
        "{status}: {}",
        String::from_utf8_lossy(&answer)
    );
    Ok(answer)
}

fn body(query: &str) -> Bytes {
    serde_json::json!({ "query": query }).to_string().into()
}

/// Up to a minute, to three digits.
fn histogram() -> anyhow::Result<Histogram<u64>> {
    Ok(Histogram::new_with_bounds(1, 60_000_000, 3)?)
}
