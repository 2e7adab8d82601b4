//! Supergraphs whose subgraphs execute for real, each over a fixture of its own and strict about
//! what it is asked.

pub mod echo;
pub mod issuer;
pub mod object;
pub mod schema;
pub mod server;

use std::collections::BTreeMap;

use apollo_compiler::resolvers::ObjectValue;
use serde_json::{Value, json};
use setwise_router::{Config, SubgraphSchema, compose};
use tokio::{net::TcpListener, task::JoinSet};
use tokio_util::sync::CancellationToken;

use object::Fixture;
use server::{Resolver, Server};

/// The link of a Federation 2 subgraph, with all that it may import.
pub const LINK: &str = r#"extend schema @link(
    url: "https://specs.apollo.dev/federation/v2.9"
    import: ["@key", "@requires", "@provides", "@external", "@shareable", "@override",
        "@inaccessible", "@tag", "@interfaceObject", "@authenticated", "@requiresScopes",
        "@policy", "@cost", "@listSize", "@extends"]
)
"#;

/// A router in front of the subgraphs of one arrangement.
pub struct Graph {
    url: String,
    client: reqwest::Client,
    servers: BTreeMap<String, Server>,
    _tasks: JoinSet<()>,
}

/// One subgraph: its name, its schema without the link, its fixture.
pub type Part<'a> = (&'a str, &'a str, Value);

impl Resolver for Fixture {
    fn schema(&self) -> &schema::SubgraphSchema {
        &self.schema
    }

    fn root<'a>(&'a self, type_name: &str) -> Box<dyn ObjectValue + 'a> {
        Box::new(self.root(type_name))
    }
}

/// A router's configuration without anything but defaults.
pub fn config(supergraph: String) -> Config {
    let mut config = Config::development();
    config.supergraph.sdl = Some(supergraph);
    config
}

/// Why Federation 2 subgraphs do not compose.
pub fn refusal<const N: usize>(parts: [(&str, &str); N]) -> String {
    let schemas = parts.map(|(name, sdl)| SubgraphSchema {
        name: name.to_owned(),
        routing_url: "http://127.0.0.1:1/".to_owned(),
        sdl: format!("{LINK}{sdl}"),
    });
    compose(&schemas).expect_err("they compose").to_string()
}

/// Starts the subgraphs of `parts`, linked as Federation 2, and composes them.
pub async fn compose_parts(parts: Vec<Part<'_>>) -> (String, BTreeMap<String, Server>) {
    let mut schemas = Vec::new();
    let mut servers = BTreeMap::new();
    for (name, sdl, data) in parts {
        let fixture = Fixture {
            schema: schema::SubgraphSchema::new(name, sdl),
            data,
        };
        let server = Server::start(fixture).await;
        schemas.push(SubgraphSchema {
            name: name.to_owned(),
            routing_url: server.url.clone(),
            sdl: sdl.to_owned(),
        });
        servers.insert(name.to_owned(), server);
    }
    let supergraph = compose(&schemas).unwrap_or_else(|error| panic!("{error:#}"));
    (supergraph, servers)
}

impl Graph {
    /// A graph of Federation 2 subgraphs.
    pub async fn open<const N: usize>(parts: [Part<'_>; N]) -> Self {
        Self::open_with(parts, |_| {}).await
    }

    /// A graph of Federation 2 subgraphs behind a router that is not configured as usual.
    pub async fn open_with<const N: usize>(
        parts: [Part<'_>; N],
        configure: impl FnOnce(&mut Config),
    ) -> Self {
        let linked: Vec<_> = parts
            .into_iter()
            .map(|(name, sdl, data)| (name, format!("{LINK}{sdl}"), data))
            .collect();
        let parts = linked
            .iter()
            .map(|(name, sdl, data)| (*name, sdl.as_str(), data.clone()))
            .collect();
        Self::start(parts, configure).await
    }

    /// A graph of subgraphs as they are.
    pub async fn open_unlinked<const N: usize>(parts: [Part<'_>; N]) -> Self {
        Self::start(parts.into(), |_| {}).await
    }

    async fn start(parts: Vec<Part<'_>>, configure: impl FnOnce(&mut Config)) -> Self {
        let (supergraph, servers) = compose_parts(parts).await;
        let mut config = config(supergraph);
        configure(&mut config);
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/graphql", listener.local_addr().unwrap());
        let mut tasks = JoinSet::new();
        tasks.spawn(async move {
            let shutdown = CancellationToken::new();
            setwise_router::serve(config, listener, shutdown)
                .await
                .unwrap();
        });
        Self {
            url,
            client: reqwest::Client::builder().no_proxy().build().unwrap(),
            servers,
            _tasks: tasks,
        }
    }

    /// The whole response.
    pub async fn ask(&self, query: &str, variables: Value) -> Value {
        self.ask_as(None, query, variables).await
    }

    /// The whole response to a caller with this token.
    pub async fn ask_as(&self, token: Option<&str>, query: &str, variables: Value) -> Value {
        let body = json!({ "query": query, "variables": variables });
        let mut request = self.client.post(&self.url).json(&body);
        if let Some(token) = token {
            request = request.bearer_auth(token);
        }
        let response = request.send().await.unwrap();
        response.json().await.unwrap()
    }

    /// Holds that `query` is answered with `data` and without errors, by the requests of
    /// `requests` (`"stock*2 users"`) and no others.
    pub async fn expect(&self, query: &str, data: Value, requests: &str) {
        self.expect_with(query, json!({}), data, requests).await;
    }

    pub async fn expect_with(&self, query: &str, variables: Value, data: Value, requests: &str) {
        self.take_requests();
        let answer = self.ask(query, variables).await;
        let asked = self.take_requests();
        assert!(
            answer == json!({ "data": data }),
            "{query}\nanswered {answer:#}\nnot {:#}\nasked {asked:#?}",
            json!({ "data": data }),
        );
        assert_eq!(counts(&asked), requests, "{query}\nasked {asked:#?}");
    }

    /// The requests of each subgraph since the last call.
    pub fn take_requests(&self) -> BTreeMap<&str, Vec<Value>> {
        self.servers
            .iter()
            .map(|(name, server)| (name.as_str(), server.take_asked()))
            .filter(|(_, asked)| !asked.is_empty())
            .collect()
    }
}

fn counts(asked: &BTreeMap<&str, Vec<Value>>) -> String {
    let counts: Vec<_> = asked
        .iter()
        .map(|(name, asked)| match asked.len() {
            1 => (*name).to_owned(),
            count => format!("{name}*{count}"),
        })
        .collect();
    counts.join(" ")
}
