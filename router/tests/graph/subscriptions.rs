//! Subscriptions over server-sent events and as Apollo's multipart, and what becomes of them when something restarts.

use std::time::Duration;

use reqwest::{RequestBuilder, Response, StatusCode};
use serde_json::{Value, json};
use setwise_testkit::eventually;
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::{TcpListener, TcpStream},
    task::JoinSet,
    time::timeout,
};
use tokio_util::sync::CancellationToken;

use crate::support::{
    self,
    feed::Feed,
    flood::{self, Flood},
    products,
};

pub const QUERY: &str =
    "subscription($upc: ID!) { priceChanged(upc: $upc) { upc renamed: name(loud: true) price } }";
const PATIENCE: Duration = Duration::from_secs(10);

/// A router over products and a feed, which can be told to stop.
pub struct Market {
    pub url: String,
    pub feed: Feed,
    pub router: JoinSet<anyhow::Result<()>>,
    pub shutdown: CancellationToken,
    _products: support::Subgraph,
}

impl Market {
    pub async fn open() -> Self {
        Self::open_with(|_| {}).await
    }

    pub async fn open_with(configure: impl FnOnce(&mut setwise_router::Config)) -> Self {
        let feed = Feed::start().await;
        let products = products::start().await;
        let mut config = support::config();
        config.supergraph.sdl = Some(support::supergraph(&[&products, &feed.subgraph]));
        configure(&mut config);
        let listener = TcpListener::bind(config.listen).await.unwrap();
        let url = format!("http://{}/graphql", listener.local_addr().unwrap());
        let shutdown = CancellationToken::new();
        let mut router = JoinSet::new();
        router.spawn(setwise_router::serve(config, listener, shutdown.clone()));
        Self {
            url,
            feed,
            router,
            shutdown,
            _products: products,
        }
    }

    pub fn post(&self, accept: &str, query: &str, variables: &Value) -> RequestBuilder {
        support::client()
            .post(&self.url)
            .header("accept", accept)
            .json(&json!({ "query": query, "variables": variables }))
    }

    /// Subscribes and waits until the feed knows.
    async fn subscribe(&self, accept: &str) -> Lines {
        let before = self.feed.subscribed();
        let request = self.post(accept, QUERY, &json!({ "upc": "p1" }));
        let response = request.send().await.unwrap();
        assert_eq!(response.status(), StatusCode::OK);
        self.subscribed(before + 1).await;
        Lines {
            response,
            rest: String::new(),
        }
    }

    pub async fn subscribed(&self, count: usize) {
        eventually("the feed has a subscriber", PATIENCE, async || {
            (self.feed.subscribed() >= count).then_some(())
        })
        .await;
    }
}

/// The lines of a body, as they come.
struct Lines {
    response: Response,
    rest: String,
}

impl Lines {
    /// The next line that is not empty and no comment; `None` at the end.
    async fn next(&mut self) -> Option<String> {
        loop {
            if let Some(end) = self.rest.find('\n') {
                let line: String = self.rest.drain(..=end).collect();
                let line = line.trim_end().to_owned();
                if !line.is_empty() && !line.starts_with(':') {
                    return Some(line);
                }
                continue;
            }
            let chunk = timeout(PATIENCE, self.response.chunk()).await;
            let chunk = chunk.expect("something comes in time").unwrap()?;
            self.rest.push_str(std::str::from_utf8(&chunk).unwrap());
        }
    }

    async fn expect(&mut self, line: &str) {
        assert_eq!(self.next().await.as_deref(), Some(line));
    }

    /// The response of an event `next`.
    async fn event(&mut self) -> Value {
        self.expect("event: next").await;
        let line = self.next().await.unwrap();
        serde_json::from_str(line.strip_prefix("data: ").unwrap()).unwrap()
    }
}

pub fn changed(upc: &str) -> Value {
    let renamed = format!("PRODUCT {}", upc.to_uppercase());
    json!({ "data": { "priceChanged": { "upc": upc, "renamed": renamed, "price": 10 } } })
}

#[tokio::test]
async fn each_event_is_completed_by_the_other_subgraphs() {
    let market = Market::open().await;
    let mut lines = market.subscribe("text/event-stream").await;
    let media = &lines.response.headers()["content-type"];
    assert_eq!(media, "text/event-stream");
    assert_eq!(market.feed.last_variables(), json!({ "upc": "p1" }));
    for upc in ["p1", "p2", "p1"] {
        market.feed.price_changed(upc);
        assert_eq!(lines.event().await, changed(upc));
    }
    market.feed.complete();
    lines.expect("event: complete").await;
    lines.expect("data:").await;
    assert_eq!(lines.next().await, None);
}

#[tokio::test]
async fn apollo_clients_get_parts() {
    let market = Market::open_with(|config| {
        config.subscriptions.heartbeat_ms = 50;
    })
    .await;
    let accept = "multipart/mixed;boundary=\"graphql\";subscriptionSpec=1.0,application/json";
    let mut lines = market.subscribe(accept).await;
    let media = lines.response.headers()["content-type"].to_str().unwrap();
    assert_eq!(
        media,
        "multipart/mixed;boundary=\"graphql\";subscriptionSpec=1.0"
    );
    lines.expect("--graphql").await;
    lines.expect("content-type: application/json").await;
    lines.expect("{}").await;
    market.feed.price_changed("p2");
    market.feed.complete();
    let mut told = Vec::new();
    while let Some(line) = lines.next().await {
        told.push(line);
    }
    told.retain(|line| line != "{}" && line != "--graphql");
    told.dedup();
    let part = told[1].parse::<Value>().unwrap();
    assert_eq!(part, json!({ "payload": changed("p2") }));
    assert_eq!(told.last().unwrap(), "--graphql--");
}

#[tokio::test]
async fn a_silent_stream_shows_that_it_lives() {
    let market = Market::open_with(|config| {
        config.subscriptions.heartbeat_ms = 20;
    })
    .await;
    let mut lines = market.subscribe("text/event-stream").await;
    let chunk = timeout(PATIENCE, lines.response.chunk()).await.unwrap();
    assert_eq!(chunk.unwrap().unwrap(), ":\n\n");
}

#[tokio::test]
async fn queries_are_answered_as_events_to_those_who_take_nothing_else() {
    let market = Market::open().await;
    let request = market.post(
        "text/event-stream",
        "{ product(upc: \"p1\") { price } }",
        &json!({}),
    );
    let text = request.send().await.unwrap().text().await.unwrap();
    assert_eq!(
        text,
        "event: next\ndata: {\"data\":{\"product\":{\"price\":10}}}\n\nevent: complete\ndata: \n\n"
    );
}

#[tokio::test]
async fn who_takes_no_stream_is_told_how() {
    let market = Market::open().await;
    let request = market.post("application/json", QUERY, &json!({ "upc": "p1" }));
    let answer: Value = request.send().await.unwrap().json().await.unwrap();
    let code = &answer["errors"][0]["extensions"]["code"];
    assert_eq!(code, "SUBSCRIPTION_NOT_SUPPORTED");
}

#[tokio::test]
async fn a_subgraph_that_is_away_is_an_error() {
    let mut market = Market::open().await;
    market.feed.stop().await;
    let request = market.post("text/event-stream", QUERY, &json!({ "upc": "p1" }));
    let text = request.send().await.unwrap().text().await.unwrap();
    assert!(text.contains("SUBGRAPH_UNAVAILABLE"), "{text}");
    assert!(text.ends_with("event: complete\ndata: \n\n"), "{text}");
}

#[tokio::test]
async fn a_subscription_survives_a_restart_of_its_subgraph() {
    let mut market = Market::open().await;
    let mut lines = market.subscribe("text/event-stream").await;
    market.feed.price_changed("p1");
    assert_eq!(lines.event().await, changed("p1"));
    market.feed.stop().await;
    market.feed.start_again().await;
    market.subscribed(2).await;
    market.feed.price_changed("p2");
    assert_eq!(lines.event().await, changed("p2"));
}

#[tokio::test]
async fn a_shutdown_ends_subscriptions_with_a_reason() {
    let mut market = Market::open().await;
    let mut lines = market.subscribe("text/event-stream").await;
    market.shutdown.cancel();
    let last = lines.event().await;
    assert_eq!(
        last["errors"][0]["extensions"]["code"],
        "SERVER_SHUTTING_DOWN"
    );
    lines.expect("event: complete").await;
    drop(lines);
    let ended = timeout(PATIENCE, market.router.join_next()).await;
    ended.expect("the router ends").unwrap().unwrap().unwrap();
}

#[tokio::test]
async fn streams_are_bounded() {
    let market = Market::open_with(|config| config.subscriptions.max_connections = 1).await;
    let first = market.subscribe("text/event-stream").await;
    let request = || market.post("text/event-stream", QUERY, &json!({ "upc": "p1" }));
    let refused = request().send().await.unwrap();
    assert_eq!(refused.status(), StatusCode::SERVICE_UNAVAILABLE);
    drop(first);
    eventually("there is room again", PATIENCE, async || {
        let status = request().send().await.unwrap().status();
        (status == StatusCode::OK).then_some(())
    })
    .await;
}

#[tokio::test]
async fn who_does_not_read_makes_the_router_read_no_more() {
    let flood = Flood::start().await;
    let mut config = support::config();
    config.supergraph.sdl = Some(support::supergraph(&[&flood.subgraph]));
    let router = support::Router::start(config).await;
    let subscribe = async |name: &str| {
        let query = format!("subscription {{ flood(to: \"{name}\") }}");
        let request = support::client()
            .post(format!("{}/graphql", router.url))
            .header("accept", "text/event-stream")
            .json(&json!({ "query": query }));
        Lines {
            response: request.send().await.unwrap(),
            rest: String::new(),
        }
    };
    let mut idle = subscribe("idle").await;
    let mut busy = subscribe("busy").await;
    take_flood(&mut busy, flood::EVENTS).await;
    busy.expect("event: complete").await;
    flood.assert_held_back("idle");
    // and nothing of it is lost
    take_flood(&mut idle, flood::EVENTS / 2).await;
}

#[tokio::test]
async fn who_does_not_read_for_too_long_is_disconnected() {
    let flood = Flood::start().await;
    let mut config = support::config();
    config.supergraph.sdl = Some(support::supergraph(&[&flood.subgraph]));
    config.subscriptions.max_connections = 1;
    config.subscriptions.send_timeout_ms = 300;
    let router = support::Router::start(config).await;
    let address = router.url.strip_prefix("http://").unwrap();
    for (name, accept) in [
        ("events", "text/event-stream"),
        ("parts", "multipart/mixed;subscriptionSpec=1.0"),
    ] {
        let query = format!("subscription {{ flood(to: \"{name}\") }}");
        let body = json!({ "query": query }).to_string();
        let request = format!(
            "POST /graphql HTTP/1.1\r\nhost: test\r\naccept: {accept}\r\n\
             content-type: application/json\r\ncontent-length: {}\r\n\r\n{body}",
            body.len()
        );
        let mut silent = TcpStream::connect(address).await.unwrap();
        silent.write_all(request.as_bytes()).await.unwrap();
        eventually("the subgraph is let go", PATIENCE, async || {
            flood.has_lost(name).then_some(())
        })
        .await;
        flood.assert_held_back(name);
        // the next one finds the place free
        eventually("the connection is closed", PATIENCE, async || {
            let mut taken = vec![0; 65_536];
            loop {
                match silent.read(&mut taken).await {
                    Ok(0) | Err(_) => return Some(()),
                    Ok(_) => {}
                }
            }
        })
        .await;
    }
}

/// The first `count` events, in order.
async fn take_flood(lines: &mut Lines, count: usize) {
    for number in 0..count {
        lines.expect("event: next").await;
        let line = lines.next().await.unwrap();
        let response = line.strip_prefix("data: ").unwrap();
        assert!(
            response == flood::response(number),
            "event {number} is another"
        );
    }
}
