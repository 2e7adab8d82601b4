use std::{
    convert::Infallible,
    net::SocketAddr,
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use axum::{
    Json, Router,
    body::Body,
    extract::State,
    http::HeaderMap,
    response::{IntoResponse as _, Response},
    routing::post,
};
use bytes::Bytes;
use futures_util::stream;
use serde_json::{Value, json};
use tokio::{net::TcpListener, sync::broadcast, task::JoinSet};

use super::Subgraph;

const SDL: &str = r#"
    extend schema @link(url: "https://specs.apollo.dev/federation/v2.3", import: ["@key"])
    type Subscription {
        priceChanged(upc: ID!): Product
    }
    type Product @key(fields: "upc", resolvable: false) {
        upc: ID!
    }
"#;

/// A subgraph that tells subscribers what the test says, over server-sent events.
pub struct Feed {
    pub subgraph: Subgraph,
    address: SocketAddr,
    heard: Heard,
    server: JoinSet<()>,
}

#[derive(Clone)]
struct Heard {
    events: broadcast::Sender<Bytes>,
    subscribers: Arc<AtomicUsize>,
    asked: Arc<Mutex<Vec<(HeaderMap, Value)>>>,
}

impl Feed {
    pub async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let heard = Heard {
            events: broadcast::Sender::new(64),
            subscribers: Arc::default(),
            asked: Arc::default(),
        };
        // only for its name, schema and place in the supergraph
        let mut subgraph = Subgraph::constant("feed", SDL, json!({})).await;
        subgraph.url = format!("http://{address}/graphql");
        Self {
            subgraph,
            address,
            server: serve(listener, heard.clone()),
            heard,
        }
    }

    /// Breaks every connection.
    pub async fn stop(&mut self) {
        self.server.shutdown().await;
    }

    pub async fn start_again(&mut self) {
        let listener = TcpListener::bind(self.address).await.unwrap();
        self.server = serve(listener, self.heard.clone());
    }

    /// How many have subscribed so far.
    pub fn subscribed(&self) -> usize {
        self.heard.subscribers.load(Ordering::SeqCst)
    }

    pub fn last_headers(&self) -> HeaderMap {
        self.heard.asked.lock().unwrap().last().unwrap().0.clone()
    }

    pub fn last_variables(&self) -> Value {
        self.heard.asked.lock().unwrap().last().unwrap().1["variables"].clone()
    }

    pub fn price_changed(&self, upc: &str) {
        let data = json!({ "priceChanged": { "__typename": "Product", "upc": upc } });
        self.tell(&format!(
            "event: next\ndata: {}\n\n",
            json!({ "data": data })
        ));
    }

    /// Tells of a change to whoever listens, for as long as it is polled.
    pub async fn tell_again_and_again(&self, upc: &str) -> Infallible {
        let mut ticks = tokio::time::interval(Duration::from_millis(50));
        loop {
            ticks.tick().await;
            if self.heard.events.receiver_count() > 0 {
                self.price_changed(upc);
            }
        }
    }

    pub fn complete(&self) {
        self.tell("event: complete\ndata: \n\n");
    }

    fn tell(&self, text: &str) {
        let told = self.heard.events.send(Bytes::from(text.to_owned()));
        told.expect("somebody has subscribed");
    }
}

fn serve(listener: TcpListener, heard: Heard) -> JoinSet<()> {
    let app = Router::new()
        .route("/graphql", post(subscribe))
        .with_state(heard);
    let mut server = JoinSet::new();
    // connections are tasks of their own: they must end with the server
    server.spawn(async move {
        let mut connections = JoinSet::new();
        loop {
            let (stream, _) = listener.accept().await.unwrap();
            let service = hyper_util::service::TowerToHyperService::new(app.clone());
            connections.spawn(async move {
                let io = hyper_util::rt::TokioIo::new(stream);
                let http = hyper::server::conn::http1::Builder::new();
                // the router may leave at any time
                let _ = http.serve_connection(io, service).await;
            });
        }
    });
    server
}

async fn subscribe(
    State(heard): State<Heard>,
    headers: HeaderMap,
    Json(body): Json<Value>,
) -> Response {
    heard.asked.lock().unwrap().push((headers, body));
    let events = heard.events.subscribe();
    heard.subscribers.fetch_add(1, Ordering::SeqCst);
    let events = stream::unfold(events, async |mut events| {
        let event = events.recv().await.ok()?;
        Some((Ok::<_, Infallible>(event), events))
    });
    let body = Body::from_stream(events);
    ([("content-type", "text/event-stream")], body).into_response()
}
