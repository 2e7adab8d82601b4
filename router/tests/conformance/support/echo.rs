//! A router before a subgraph that keeps the text of what it is asked.

use std::sync::{Arc, Mutex};

use apollo_compiler::ast::{Definition, Document, Selection, Value as Literal};
use axum::{Router, extract::State, routing::post};
use reqwest::header::CONTENT_TYPE;
use serde_json::{Value, json};
use setwise_router::{SubgraphSchema, compose};
use tokio::{net::TcpListener, task::JoinSet};
use tokio_util::sync::CancellationToken;

use super::{LINK, config};

const SDL: &str = r#"
    type Query {
        json(value: JSON): Int
        list(values: [JSON]): Int
        string(value: String): Int
        id(value: ID): Int
        float(value: Float): Int
        input(value: In): Int
        enumerated(value: Color): Int
        node: Node
        defaults(
            float: Float = 1e9
            big: Float = 123456789012345678901234567890
            id: ID = 99999999999999999999
            json: JSON = { a: 1e400 }
            text: String = "\b\u{1F600}"
        ): Int
    }
    type Node { json(value: JSON): Int }
    scalar JSON
    "With \u{1F600}, \uD83D\uDE00"
    enum Color { RED }
    input In { json: JSON float: Float = 1e9 id: ID id2: ID = 99999999999999999999 }
"#;

/// A router before a subgraph that answers 1 and keeps the text of what it was asked.
pub struct Echo {
    url: String,
    client: reqwest::Client,
    pub bodies: Arc<Mutex<Vec<String>>>,
    _tasks: JoinSet<()>,
}

async fn keep(State(bodies): State<Arc<Mutex<Vec<String>>>>, body: String) -> String {
    bodies.lock().unwrap().push(body);
    let data = json!({ "json": 1, "list": 1, "string": 1, "id": 1, "float": 1, "input": 1,
        "enumerated": 1, "a": 1, "b": 1, "defaults": 1, "node": { "json": 1, "a": 1, "b": 1 } });
    json!({ "data": data }).to_string()
}

impl Echo {
    pub async fn open() -> Self {
        let bodies = Arc::default();
        let app = Router::new()
            .route("/graphql", post(keep))
            .with_state(Arc::clone(&bodies));
        let mut tasks = JoinSet::new();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let routing_url = format!("http://{}/graphql", listener.local_addr().unwrap());
        tasks.spawn(async move { axum::serve(listener, app).await.unwrap() });
        let subgraph = SubgraphSchema {
            name: "echo".to_owned(),
            routing_url,
            sdl: format!("{LINK}{SDL}"),
        };
        let config = config(compose(&[subgraph]).unwrap_or_else(|error| panic!("{error:#}")));
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/graphql", listener.local_addr().unwrap());
        tasks.spawn(async move {
            let shutdown = CancellationToken::new();
            setwise_router::serve(config, listener, shutdown)
                .await
                .unwrap();
        });
        Self {
            url,
            client: reqwest::Client::builder().no_proxy().build().unwrap(),
            bodies,
            _tasks: tasks,
        }
    }

    /// Sends `query` with the text `variables`.
    pub async fn ask(&self, query: &str, variables: &str) -> Value {
        let query = Value::from(query);
        let body = format!(r#"{{"query":{query},"variables":{variables}}}"#);
        let request = self.client.post(&self.url).body(body);
        let response = request.header(CONTENT_TYPE, "application/json").send();
        response.await.unwrap().json().await.unwrap()
    }

    /// The document and the text of the variables that reach the subgraph.
    pub async fn received(&self, query: &str, variables: &str) -> (Document, String) {
        let answer = self.ask(query, variables).await;
        assert!(answer.get("errors").is_none(), "{query}: {answer}");
        let bodies = std::mem::take(&mut *self.bodies.lock().unwrap());
        let [body] = bodies.as_slice() else {
            panic!("{query}: {bodies:?}");
        };
        let told: Value = serde_json::from_str(body).unwrap();
        let document = told["query"].as_str().unwrap();
        let document = Document::parse(document, "echo.graphql")
            .unwrap_or_else(|failed| panic!("{document}: {}", failed.errors));
        let (_, variables) = body.split_once(r#","variables":"#).unwrap();
        let variables = variables.strip_suffix('}').unwrap().to_owned();
        (document, variables)
    }

    /// The errors' messages, of an operation that does not reach the subgraph.
    pub async fn refused(&self, query: &str, code: &str) -> String {
        let answer = self.ask(query, "{}").await;
        let error = &answer["errors"][0];
        assert_eq!(error["extensions"]["code"], code, "{query}: {answer}");
        assert!(self.bodies.lock().unwrap().is_empty());
        error["message"].to_string()
    }
}

/// The argument of the operation's first field.
pub fn argument(document: &Document) -> &Literal {
    let [Definition::OperationDefinition(operation)] = &document.definitions[..] else {
        panic!("{document}");
    };
    let mut selections = &operation.selection_set;
    while let [Selection::Field(field), ..] = &selections[..] {
        if let Some(argument) = field.arguments.first() {
            return &argument.value;
        }
        selections = &field.selection_set;
    }
    panic!("{document}");
}
