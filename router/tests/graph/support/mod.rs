//! A router with its subgraphs, each on a port of its own.

pub mod feed;
pub mod files;
pub mod flood;
pub mod issuer;
pub mod products;
pub mod reviews;
pub mod socket;
pub mod subgraph;
pub mod users;

use serde_json::{Value, json};
use setwise_router::{Config, SubgraphSchema, compose};
use tokio::{net::TcpListener, task::JoinSet};
use tokio_util::sync::CancellationToken;

pub use subgraph::Subgraph;

/// A router that serves the shop: users, products and reviews.
pub struct Shop {
    pub router: Router,
    pub users: Subgraph,
    pub products: Subgraph,
    pub reviews: Subgraph,
}

/// A running router.
pub struct Router {
    pub url: String,
    _tasks: JoinSet<()>,
}

/// The configuration of development, on a free port.
pub fn config() -> Config {
    let mut config = Config::development();
    config.listen = ([127, 0, 0, 1], 0).into();
    config
}

impl Shop {
    pub async fn open() -> Self {
        Self::open_with(|_| {}).await
    }

    pub async fn open_with(configure: impl FnOnce(&mut Config)) -> Self {
        let users = users::start().await;
        let products = products::start().await;
        let reviews = reviews::start().await;
        let mut config = config();
        config.supergraph.sdl = Some(supergraph(&[&users, &products, &reviews]));
        configure(&mut config);
        Self {
            router: Router::start(config).await,
            users,
            products,
            reviews,
        }
    }

    /// A shop whose subgraph `name` is somewhere else.
    pub async fn open_with_subgraph_at(name: &str, url: &str) -> Self {
        Self::open_with(|config| config.subgraphs.set_url(name, url.parse().unwrap())).await
    }

    pub async fn query(&self, query: &str) -> Value {
        self.router.query(query).await
    }
}

impl Router {
    pub async fn start(config: Config) -> Self {
        let listener = TcpListener::bind(config.listen).await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let mut tasks = JoinSet::new();
        tasks.spawn(async move {
            let shutdown = CancellationToken::new();
            setwise_router::serve(config, listener, shutdown)
                .await
                .unwrap();
        });
        Self { url, _tasks: tasks }
    }

    pub async fn query(&self, query: &str) -> Value {
        self.post(json!({ "query": query })).await
    }

    pub async fn query_with(&self, query: &str, variables: Value) -> Value {
        self.post(json!({ "query": query, "variables": variables }))
            .await
    }

    pub async fn post(&self, body: Value) -> Value {
        let response = client()
            .post(format!("{}/graphql", self.url))
            .json(&body)
            .send()
            .await
            .unwrap();
        response.json().await.unwrap()
    }
}

pub fn client() -> reqwest::Client {
    reqwest::Client::builder().no_proxy().build().unwrap()
}

/// The supergraph SDL that `subgraphs` compose to.
pub fn supergraph(subgraphs: &[&Subgraph]) -> String {
    let schemas: Vec<_> = subgraphs
        .iter()
        .map(|subgraph| SubgraphSchema {
            name: subgraph.name.to_owned(),
            routing_url: subgraph.url.clone(),
            sdl: subgraph.sdl.clone(),
        })
        .collect();
    compose(&schemas).unwrap()
}
