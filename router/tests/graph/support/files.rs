//! A subgraph that takes files.

use std::sync::{Arc, Mutex};

use axum::{
    Json, Router,
    extract::{Request, State},
    response::{IntoResponse as _, Response},
    routing::post,
};
use serde_json::{Value, json};
use setwise_multipart::{Reader, boundary};
use tokio::{net::TcpListener, sync::watch, task::JoinSet};

use super::Subgraph;

pub const SDL: &str = "scalar Upload
    type Query { stored: Int }
    type Mutation {
        store(file: Upload!): String
        storeAll(input: StoreInput!): String
        reject(file: Upload!): String
    }
    input StoreInput { files: [Upload!]! note: String }";

/// Answers each mutation with names, types and sizes of the files that it got.
pub struct Files {
    pub subgraph: Subgraph,
    received: Received,
}

#[derive(Clone)]
struct Received {
    /// Bytes of files so far.
    bytes: watch::Sender<u64>,
    /// `operations` and `map` of each request.
    requests: Arc<Mutex<Vec<(Value, Value)>>>,
}

impl Files {
    pub async fn start(name: &'static str, sdl: &str) -> Self {
        let received = Received {
            bytes: watch::Sender::new(0),
            requests: Arc::default(),
        };
        let app = Router::new()
            .route("/graphql", post(take))
            .with_state(received.clone());
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/graphql", listener.local_addr().unwrap());
        let mut tasks = JoinSet::new();
        tasks.spawn(async move { axum::serve(listener, app).await.unwrap() });
        Self {
            subgraph: Subgraph::at(name, url, sdl, tasks),
            received,
        }
    }

    /// Waits until so many bytes of files have arrived.
    pub async fn received(&self, bytes: u64) {
        let mut received = self.received.bytes.subscribe();
        received.wait_for(|&sum| sum >= bytes).await.unwrap();
    }

    /// `operations` and `map` of the requests so far.
    pub fn requests(&self) -> Vec<(Value, Value)> {
        self.received.requests.lock().unwrap().clone()
    }
}

async fn take(State(received): State<Received>, request: Request) -> Response {
    let boundary = boundary(request.headers()).unwrap().unwrap();
    let mut reader = Reader::new(request.into_body().into_data_stream(), &boundary);
    let mut json = async |name| -> Value {
        assert_eq!(reader.next_part().await.unwrap().unwrap().name, name);
        serde_json::from_slice(&reader.bytes(100_000).await.unwrap()).unwrap()
    };
    let (operations, map) = (json("operations").await, json("map").await);
    let query = operations["query"].as_str().unwrap().to_owned();
    received.requests.lock().unwrap().push((operations, map));
    let data = |text: String| {
        let field = ["storeAll", "store", "reject", "keep"]
            .into_iter()
            .find(|field| query.contains(field))
            .unwrap();
        Json(json!({ "data": { field: text } })).into_response()
    };
    if query.contains("reject") {
        return data("not read".to_owned());
    }
    let mut told = Vec::new();
    while let Ok(Some(part)) = reader.next_part().await {
        let mut size = 0;
        while let Ok(Some(chunk)) = reader.chunk().await {
            size += chunk.len() as u64;
            let sum = |sum: &mut u64| *sum += chunk.len() as u64;
            received.bytes.send_modify(sum);
        }
        let (filename, content_type) = (part.filename, part.content_type);
        told.push(format!(
            "{} {} {size}",
            filename.unwrap_or_default(),
            content_type.unwrap_or_default()
        ));
    }
    data(told.join(", "))
}
