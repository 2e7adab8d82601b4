//! Random documents, variables and answers of subgraphs, made from seeds that are near what breaks
//! things: whatever comes, the router answers well-formed JSON, soon, and does not fault.
//!
//! Each target runs for `FUZZ_SECONDS`, 10 unless said otherwise. What it finds goes into
//! `corpus/` as a seed.

mod mutate;

use std::{
    panic::AssertUnwindSafe,
    path::Path,
    sync::{Arc, Mutex},
    time::{Duration, Instant},
};

use axum::{
    body::Body,
    http::header,
    response::{IntoResponse as _, Response},
};
use futures_util::FutureExt as _;
use serde_json::{Map, Value, json};
use setwise_router::{Graph, GraphRequest, GraphResponse};
use tokio::time::timeout;

use crate::support::{Subgraph, config, supergraph};

use mutate::Mutator;

/// In which any input must be answered, in the dev profile on a busy machine.
const DEADLINE: Duration = Duration::from_secs(20);

const SDL: &str = r#"
extend schema @link(url: "https://specs.apollo.dev/federation/v2.3", import: ["@key"])
type Query {
    me: User
    users(first: Int = 3, where: Where): [User!]
    found(text: String, any: Any): [Found]
    node(id: ID!): Node
}
type Mutation { change(input: Where!): User }
interface Node { id: ID! }
type User implements Node @key(fields: "id") {
    id: ID! name: String age: Int score: Float is: Boolean role: Role friends: [User!]! best: User any: Any
}
type Post implements Node { id: ID! text: String! tags: [[String!]] author: User }
union Found = User | Post
enum Role { ADMIN MEMBER }
scalar Any
input Where { ids: [ID!] role: Role = MEMBER ages: [[Int]] score: Float and: [Where!] not: Where any: Any is: Boolean! = true }
"#;

const OTHER_SDL: &str = r#"
extend schema @link(url: "https://specs.apollo.dev/federation/v2.3", import: ["@key"])
type User @key(fields: "id") { id: ID! posts(first: Int): [Text!] mood: Int }
type Text { body: String }
"#;

/// Two subgraphs that answer whatever they are told to.
struct Fuzzed {
    graph: Graph,
    answer: Arc<Mutex<Vec<u8>>>,
    _subgraphs: [Subgraph; 2],
}

impl Fuzzed {
    async fn start() -> Self {
        let answer = Arc::new(Mutex::new(br#"{"data":{}}"#.to_vec()));
        let answering = || {
            let answer = Arc::clone(&answer);
            move |_: Value| {
                let body = answer.lock().unwrap().clone();
                let json = [(header::CONTENT_TYPE, "application/json")];
                let response: Response = (json, Body::from(body)).into_response();
                std::future::ready(response)
            }
        };
        let one = Subgraph::answer_with("one", SDL, answering()).await;
        let other = Subgraph::answer_with("other", OTHER_SDL, answering()).await;
        let mut config = config();
        config.supergraph.sdl = Some(supergraph(&[&one, &other]));
        config.limits.max_cost = None;
        Self {
            graph: Graph::load(&config).await.unwrap(),
            answer,
            _subgraphs: [one, other],
        }
    }

    /// Executes and holds what must hold of any answer; `input` is shown when it does not.
    async fn execute(&self, query: &str, variables: Map<String, Value>, input: &[u8]) {
        let request = GraphRequest {
            query: query.into(),
            variables,
            ..GraphRequest::default()
        };
        let executed = AssertUnwindSafe(self.graph.execute(request)).catch_unwind();
        let shown = || String::from_utf8_lossy(input).into_owned();
        let answer = timeout(DEADLINE, executed)
            .await
            .unwrap_or_else(|_| panic!("no answer within {DEADLINE:?} to {}", shown()))
            .unwrap_or_else(|_| panic!("a panic at {}", shown()));
        if let Err(what) = check(&answer) {
            panic!("{what} at {}", shown());
        }
    }
}

fn check(answer: &GraphResponse) -> Result<(), String> {
    let json: Value = serde_json::from_slice(&answer.to_json())
        .map_err(|error| format!("an answer that is no JSON: {error}"))?;
    if json.get("data").is_none_or(Value::is_null) && answer.errors.is_empty() {
        return Err("neither data nor errors".to_owned());
    }
    match answer
        .errors
        .iter()
        .find(|error| error.code().is_empty() || error.code() == "INTERNAL_SERVER_ERROR")
    {
        Some(error) => Err(format!("a fault: {error:?}")),
        None => Ok(()),
    }
}

/// The seeds of a target, and for how long it runs.
fn corpus(target: &str) -> (Mutator, Instant) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/graph/fuzz/corpus")
        .join(target);
    let mut files: Vec<_> = std::fs::read_dir(&folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    files.sort();
    let seeds = files.iter().map(|file| std::fs::read(file).unwrap());
    let seconds = std::env::var_os("FUZZ_SECONDS").map_or(10, |seconds| {
        seconds.to_str().and_then(|text| text.parse().ok()).unwrap()
    });
    let until = Instant::now() + Duration::from_secs(seconds);
    (Mutator::new(seeds.collect()), until)
}

#[tokio::test]
async fn any_document_is_answered() {
    let fuzzed = Fuzzed::start().await;
    let (mut inputs, until) = corpus("document");
    while Instant::now() < until {
        let input = inputs.next();
        let query = String::from_utf8_lossy(&input);
        fuzzed.execute(&query, Map::new(), &input).await;
    }
}

#[tokio::test]
async fn any_variables_are_answered() {
    const QUERY: &str = "query ($w: Where, $n: Int, $any: Any, $id: ID! = 1, $text: String) {
        users(first: $n, where: $w) { id name }
        found(text: $text, any: $any) { __typename }
        node(id: $id) { id }
    }";
    let fuzzed = Fuzzed::start().await;
    let (mut inputs, until) = corpus("variables");
    while Instant::now() < until {
        let input = inputs.next();
        if let Ok(variables) = serde_json::from_slice(&input) {
            fuzzed.execute(QUERY, variables, &input).await;
        }
    }
}

#[tokio::test]
async fn any_answer_of_a_subgraph_is_survived() {
    const QUERY: &str = "{
        me { id name age score is role any mood posts(first: 1) { body } friends { name posts { body } } }
        found { __typename ... on User { id best { mood } } ... on Post { text tags author { posts { body } } } }
        node(id: 1) { id ... on Post { text } }
    }";
    let fuzzed = Fuzzed::start().await;
    let (mut inputs, until) = corpus("response");
    while Instant::now() < until {
        let input = inputs.next();
        fuzzed.answer.lock().unwrap().clone_from(&input);
        fuzzed.execute(QUERY, Map::new(), &input).await;
    }
    *fuzzed.answer.lock().unwrap() = json!({ "data": { "me": { "id": "1" } } })
        .to_string()
        .into();
    let request = GraphRequest {
        query: "{ me { id } }".into(),
        ..GraphRequest::default()
    };
    let answer = fuzzed.graph.execute(request).await;
    assert_eq!(answer.data().unwrap(), Some(json!({ "me": { "id": "1" } })));
}
