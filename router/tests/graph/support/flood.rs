use std::{
    collections::HashMap,
    convert::Infallible,
    sync::{Arc, Mutex},
};

use axum::{
    Json, Router,
    body::Body,
    extract::State,
    response::{IntoResponse as _, Response},
    routing::post,
    serve::ListenerExt as _,
};
use bytes::Bytes;
use futures_util::stream;
use serde_json::Value;
use tokio::{net::TcpListener, task::JoinSet};

use super::Subgraph;

const SDL: &str = "type Query { dry: Boolean } type Subscription { flood(to: ID!): String }";

/// Together more than all that systems on the way may hold.
pub const EVENTS: usize = 1_024;
const EVENT_BYTES: usize = 60_000;

/// A subgraph that tells each subscriber as much as it takes, up to [`EVENTS`].
pub struct Flood {
    pub subgraph: Subgraph,
    told: Told,
}

/// How many events each subscriber took, and whether it went away.
type Told = Arc<Mutex<HashMap<String, (usize, bool)>>>;

impl Flood {
    pub async fn start() -> Self {
        let told = Told::default();
        let app = Router::new()
            .route("/graphql", post(subscribe))
            .with_state(Arc::clone(&told));
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/graphql", listener.local_addr().unwrap());
        let mut tasks = JoinSet::new();
        let listener = listener.tap_io(|stream| stream.set_nodelay(true).unwrap());
        tasks.spawn(async move { axum::serve(listener, app).await.unwrap() });
        Self {
            subgraph: Subgraph::at("flood", url, SDL, tasks),
            told,
        }
    }

    pub fn has_lost(&self, subscriber: &str) -> bool {
        let told = self.told.lock().unwrap();
        told.get(subscriber).is_some_and(|(_, is_gone)| *is_gone)
    }

    /// Holds what was taken for `subscriber` to what buffers of the system explain.
    pub fn assert_held_back(&self, subscriber: &str) {
        let (events, _) = self.told.lock().unwrap()[subscriber];
        assert!(events > 0, "nothing was told");
        assert!(
            events < EVENTS / 2,
            "{events} events of {EVENT_BYTES} bytes were taken"
        );
    }
}

/// The response of an event, as JSON.
pub fn response(number: usize) -> String {
    let text = "x".repeat(EVENT_BYTES);
    format!("{{\"data\":{{\"flood\":\"{number} {text}\"}}}}")
}

struct Subscriber {
    name: String,
    told: Told,
}

impl Drop for Subscriber {
    fn drop(&mut self) {
        let mut told = self.told.lock().unwrap();
        told.entry(self.name.clone()).or_default().1 = true;
    }
}

async fn subscribe(State(told): State<Told>, Json(body): Json<Value>) -> Response {
    let query = body["query"].as_str().unwrap();
    let name = query.split('"').nth(1).unwrap().to_owned();
    let subscriber = Subscriber { name, told };
    let events = stream::unfold((0, subscriber), async |(number, subscriber)| {
        if number == EVENTS {
            return None;
        }
        let told = || subscriber.told.lock().unwrap();
        told().entry(subscriber.name.clone()).or_default().0 = number + 1;
        let event = format!("event: next\ndata: {}\n\n", response(number));
        let event = Bytes::from(event);
        Some((Ok::<_, Infallible>(event), (number + 1, subscriber)))
    });
    let complete = stream::iter([Ok(Bytes::from_static(b"event: complete\ndata: \n\n"))]);
    let body = Body::from_stream(futures_util::StreamExt::chain(events, complete));
    ([("content-type", "text/event-stream")], body).into_response()
}
