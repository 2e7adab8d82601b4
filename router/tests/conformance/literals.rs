//! What a subgraph gets of the literals and variables of an operation: what the client wrote.

use std::sync::{Arc, Mutex};

use apollo_compiler::ast::{Definition, Document, Selection, Value as Literal};
use axum::{Router, extract::State, routing::post};
use reqwest::header::CONTENT_TYPE;
use serde_json::{Value, json};
use setwise_router::{SubgraphSchema, compose};
use tokio::{net::TcpListener, task::JoinSet};
use tokio_util::sync::CancellationToken;

use crate::support::{LINK, config};

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
            text: String = "\b"
        ): Int
    }
    type Node { json(value: JSON): Int }
    scalar JSON
    enum Color { RED }
    input In { json: JSON float: Float = 1e9 id: ID id2: ID = 99999999999999999999 }
"#;

/// A router before a subgraph that answers 1 and keeps the text of what it was asked.
struct Echo {
    url: String,
    client: reqwest::Client,
    bodies: Arc<Mutex<Vec<String>>>,
    _tasks: JoinSet<()>,
}

async fn keep(State(bodies): State<Arc<Mutex<Vec<String>>>>, body: String) -> String {
    bodies.lock().unwrap().push(body);
    let data = json!({ "json": 1, "list": 1, "string": 1, "id": 1, "float": 1, "input": 1,
        "enumerated": 1, "a": 1, "b": 1, "defaults": 1, "node": { "json": 1, "a": 1, "b": 1 } });
    json!({ "data": data }).to_string()
}

impl Echo {
    async fn open() -> Self {
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
    async fn ask(&self, query: &str, variables: &str) -> Value {
        let query = Value::from(query);
        let body = format!(r#"{{"query":{query},"variables":{variables}}}"#);
        let request = self.client.post(&self.url).body(body);
        let response = request.header(CONTENT_TYPE, "application/json").send();
        response.await.unwrap().json().await.unwrap()
    }

    /// The document and the text of the variables that reach the subgraph.
    async fn received(&self, query: &str, variables: &str) -> (Document, String) {
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
    async fn refused(&self, query: &str, code: &str) -> String {
        let answer = self.ask(query, "{}").await;
        let error = &answer["errors"][0];
        assert_eq!(error["extensions"]["code"], code, "{query}: {answer}");
        assert!(self.bodies.lock().unwrap().is_empty());
        error["message"].to_string()
    }
}

/// The argument of the operation's first field.
fn argument(document: &Document) -> &Literal {
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

fn literal(text: &str) -> Literal {
    let document = Document::parse(format!("{{ f(a: {text}) }}"), "literal.graphql");
    argument(&document.unwrap()).clone()
}

const STRINGS: &[&str] = &[
    r#""\b\f\n\r\t\/\\\"""#,
    r#""\u0008""#,
    r#""\u0010\u0000\u001f\u007F""#,
    r#""\uD83D\uDE00""#,
    r#""\u{1F600} \u{41}""#,
    r#""é 😀 \u00e9""#,
    r#""__setwise_literal_0""#,
    r##""# { } $v""##,
    "\"\"\"\n    Say \"hello\",\n      \\\"\"\" twice \\n\n\n    end\n  \"\"\"",
    "\"\"\" \u{a0}x\n\u{a0} y\n \u{3000}z\"\"\"",
    "\"\"\"ends in \\\"\"\"\"\"\"",
    "\"\"\"a\\b\"\"\"",
];

const NUMBERS: &[&str] = &[
    "1e9",
    "6.02e9",
    "1.0e90",
    "1e0",
    "1e05",
    "1.5e0",
    "1E9",
    "1.0",
    "-0.0",
    "0.1000",
    "1e400",
    "-1e-400",
    "-0",
    "0",
    "9223372036854775808",
    "-9223372036854775809",
    "123456789012345678901234567890",
    "12345678901234567890.5",
];

#[tokio::test]
async fn strings_reach_the_subgraph_as_they_are() {
    let echo = Echo::open().await;
    for text in STRINGS {
        for query in [
            format!("{{ string(value: {text}) }}"),
            format!("{{ id(value: {text}) }}"),
            format!("{{ json(value: {{ a: [{text}] }}) }}"),
            format!("{{ node {{ json(value: {{ a: [{text}] }}) }} }}"),
        ] {
            let (document, _) = echo.received(&query, "{}").await;
            let client = Document::parse(&query, "query.graphql").unwrap();
            assert_eq!(argument(&document), argument(&client), "{query}");
        }
    }
}

#[tokio::test]
async fn numbers_reach_the_subgraph_as_they_were_written() {
    let echo = Echo::open().await;
    for text in NUMBERS {
        for query in [
            format!("{{ json(value: {text}) }}"),
            format!("{{ json(value: {{ a: [{text}] }}) }}"),
            format!("{{ a: json(value: {text}) node {{ b: json(value: {text}) }} }}"),
        ] {
            let (document, _) = echo.received(&query, "{}").await;
            let client = Document::parse(&query, "query.graphql").unwrap();
            assert_eq!(argument(&document), argument(&client), "{query}");
        }
    }
    for text in ["1e9", "6.02e9", "123456789012345678901234567890"] {
        let query = format!("{{ float(value: {text}) }}");
        let (document, _) = echo.received(&query, "{}").await;
        assert_eq!(argument(&document), &literal(text), "{query}");
    }
    let query = "{ id(value: 99999999999999999999) }";
    let (document, _) = echo.received(query, "{}").await;
    assert_eq!(argument(&document), &literal("99999999999999999999"));
}

#[tokio::test]
async fn a_supergraph_may_have_any_default() {
    let echo = Echo::open().await;
    let (document, _) = echo.received("{ defaults }", "{}").await;
    assert_eq!(
        document.to_string().replace(char::is_whitespace, ""),
        "{defaults}"
    );
    let introspection = r#"{ __type(name: "Query") { fields { args { defaultValue } } } }"#;
    let answer = echo.ask(introspection, "{}").await.to_string();
    for default in [
        "1e9",
        "123456789012345678901234567890",
        "99999999999999999999",
        "1e400",
    ] {
        assert!(answer.contains(default), "{default}: {answer}");
    }
}

#[tokio::test]
async fn variables_inside_custom_scalars_are_any_that_are_declared() {
    let echo = Echo::open().await;
    for (query, value) in [
        ("query($v: Int) { json(value: [$v]) }", "[$v]"),
        (
            "query($v: Int) { list(values: [[{ a: $v }, $v]]) }",
            "[[{a: $v}, $v]]",
        ),
        (
            "query($v: Int) { json(value: { a: [1, [$v]] }) }",
            "{a: [1, [$v]]}",
        ),
        (
            "query($v: Int) { input(value: { json: [$v] }) }",
            "{json: [$v]}",
        ),
        (
            "query($v: Int) { node { ...F } } fragment F on Node { json(value: [$v]) }",
            "[$v]",
        ),
    ] {
        let (document, variables) = echo.received(query, r#"{"v":7}"#).await;
        assert_eq!(argument(&document), &literal(value), "{query}");
        assert_eq!(variables, r#"{"v":7}"#, "{query}");
    }
    for query in [
        "{ json(value: { a: $zz }) }",
        "{ json(value: [{ a: $zz }]) }",
        "{ json(value: [$zz]) }",
        "query($v: Int) { a: json(value: { a: $v }) b: json(value: { a: { b: $zz } }) }",
        "{ input(value: { json: { a: $zz } }) }",
        "{ node { ...F } } fragment F on Node { json(value: { a: [$zz] }) }",
        "query A($zz: Int) { json(value: { a: $zz }) ...F } \
         query B { ...F } fragment F on Query { json(value: { a: $zz }) }",
    ] {
        let message = echo.refused(query, "GRAPHQL_VALIDATION_FAILED").await;
        assert!(
            message.contains("`$zz` is not defined"),
            "{query}: {message}"
        );
    }
    for query in [
        "query($v: Int) { json(value: $v) }",
        "query($v: Int) { list(values: [$v]) }",
        "query($v: Int) { json(value: [1]) }",
        "query($v: Int) { json(value: [$v]) a: json(value: [$v]) a: json(value: [1]) }",
    ] {
        echo.refused(query, "GRAPHQL_VALIDATION_FAILED").await;
    }
}
