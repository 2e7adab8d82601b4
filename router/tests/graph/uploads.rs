//! Files by the GraphQL multipart request specification.

use std::{convert::Infallible, time::Duration};

use bytes::Bytes;
use futures_util::{StreamExt as _, stream};
use reqwest::{Body, RequestBuilder};
use serde_json::{Value, json};
use setwise_router::Config;

use crate::support::{
    Router, client, config,
    files::{Files, SDL},
    supergraph,
};

const STORE: &str = "mutation ($file: Upload!) { store(file: $file) }";
const OTHER_SDL: &str = "scalar Upload
    type Query { kept: Int }
    type Mutation { keep(file: Upload!): String }";

/// A router before two subgraphs that take files.
struct Shelf {
    router: Router,
    files: Files,
    other: Files,
}

impl Shelf {
    async fn start(configure: impl FnOnce(&mut Config)) -> Self {
        let files = Files::start("files", SDL).await;
        let other = Files::start("other", OTHER_SDL).await;
        let mut config = config();
        config.supergraph.sdl = Some(supergraph(&[&files.subgraph, &other.subgraph]));
        configure(&mut config);
        let router = Router::start(config).await;
        Self {
            router,
            files,
            other,
        }
    }

    fn post(&self, body: impl Into<Body>) -> RequestBuilder {
        self.bare_post(body)
            .header("apollo-require-preflight", "true")
    }

    fn bare_post(&self, body: impl Into<Body>) -> RequestBuilder {
        client()
            .post(format!("{}/graphql", self.router.url))
            .header("content-type", "multipart/form-data; boundary=B")
            .body(body)
    }

    async fn send(&self, body: impl Into<Body>) -> (u16, Value) {
        let answer = self.post(body).send();
        let answer = tokio::time::timeout(Duration::from_secs(20), answer).await;
        let answer = answer.unwrap().unwrap();
        (answer.status().as_u16(), answer.json().await.unwrap())
    }
}

fn part(name: &str, more: &str, data: &str) -> String {
    format!("--B\r\nContent-Disposition: form-data; name=\"{name}\"{more}\r\n\r\n{data}\r\n")
}

fn file(name: &str, data: &str) -> String {
    let more = format!("; filename=\"{name}.txt\"\r\nContent-Type: text/plain");
    part(name, &more, data)
}

fn before_files(query: &str, variables: &Value, map: &Value) -> String {
    let operations = json!({ "query": query, "variables": variables });
    part("operations", "", &operations.to_string()) + &part("map", "", &map.to_string())
}

fn store(files: &str) -> String {
    let map = json!({ "0": ["variables.file"] });
    before_files(STORE, &json!({ "file": null }), &map) + files + "--B--\r\n"
}

#[tokio::test]
async fn files_stream_on_while_they_arrive() {
    let shelf = Shelf::start(|_| {}).await;
    let head =
        store("").replace("--B--\r\n", "") + &file("0", "").replace("\r\n\r\n\r\n", "\r\n\r\n");
    let megabyte = || Ok::<_, Infallible>(Bytes::from(vec![b'x'; 1_000_000]));
    let (go_on, told) = tokio::sync::oneshot::channel();
    // the second megabyte is sent when the subgraph has most of the first
    let rest = stream::once(async move {
        told.await.unwrap();
        megabyte()
    });
    let body = stream::iter([Ok(Bytes::from(head)), megabyte()])
        .chain(rest)
        .chain(stream::iter([Ok(Bytes::from("\r\n--B--\r\n"))]));
    let arrived = async {
        shelf.files.received(900_000).await;
        go_on.send(()).unwrap();
    };
    let ((status, answer), ()) = tokio::join!(shelf.send(Body::wrap_stream(body)), arrived);
    assert_eq!(status, 200);
    let expected = json!({ "data": { "store": "0.txt text/plain 2000000" } });
    assert_eq!(answer, expected);
}

#[tokio::test]
async fn files_keep_their_places() {
    let shelf = Shelf::start(|_| {}).await;
    let query = "mutation ($input: StoreInput!) { storeAll(input: $input) }";
    let variables = json!({ "input": { "files": [null, null], "note": "two" } });
    let map = json!({ "a": ["variables.input.files.0"], "b": ["variables.input.files.1"] });
    let body = before_files(query, &variables, &map);
    // they come in any order
    let body = body + &file("b", "22") + &file("a", "1") + "--B--";
    let (_, answer) = shelf.send(body).await;
    let told = "b.txt text/plain 2, a.txt text/plain 1";
    assert_eq!(answer, json!({ "data": { "storeAll": told } }));
    let requests = shelf.files.requests();
    let (operations, sent_map) = &requests[0];
    assert_eq!(operations["variables"], variables);
    assert_eq!(*sent_map, map);
}

#[tokio::test]
async fn a_subgraph_may_answer_without_reading_a_file() {
    let shelf = Shelf::start(|_| {}).await;
    let query = "mutation ($file: Upload!) { reject(file: $file) }";
    let map = json!({ "0": ["variables.file"] });
    let large = file("0", &"x".repeat(9_000_000));
    let body = before_files(query, &json!({ "file": null }), &map) + &large + "--B--";
    let (status, answer) = shelf.send(body).await;
    assert_eq!(status, 200);
    assert_eq!(answer, json!({ "data": { "reject": "not read" } }));
}

#[tokio::test]
async fn what_is_no_upload_is_refused_before_anything_runs() {
    let shelf = Shelf::start(|_| {}).await;
    let null = json!({ "file": null });
    let map = json!({ "0": ["variables.file"] });
    let operations = json!({ "query": STORE, "variables": null }).to_string();
    let mapped = |map: Value| before_files(STORE, &null, &map) + &file("0", "x") + "--B--";
    for body in [
        String::new(),
        "--B--".to_owned(),
        // the order
        part("map", "", &map.to_string()) + &part("operations", "", &operations) + "--B--",
        part("operations", "", &operations) + &file("0", "x") + "--B--",
        file("0", "x") + &before_files(STORE, &null, &map) + "--B--",
        // what stands in them
        part("operations", "", "{") + &part("map", "", "{}") + "--B--",
        part("operations", "", "[]") + &part("map", "", "{}") + "--B--",
        mapped(json!([])),
        mapped(json!({ "0": ["variables.other"] })),
        mapped(json!({ "0": ["query"] })),
        before_files(STORE, &json!({ "file": "x" }), &map) + &file("0", "x") + "--B--",
    ] {
        let (status, answer) = shelf.send(body.clone()).await;
        assert_eq!(status, 400, "{body}: {answer}");
        let message = answer["errors"][0]["message"].as_str();
        assert!(
            message.is_some_and(|message| message.ends_with('.')),
            "{answer}"
        );
    }
    assert!(shelf.files.requests().is_empty());
}

#[tokio::test]
async fn what_goes_wrong_on_the_way_is_told() {
    let shelf = Shelf::start(|config| config.uploads.max_file_bytes = 1_000).await;
    for (files, status, word) in [
        (file("1", "x"), 400, "\"1\""),
        (String::new(), 400, "\"0\""),
        (file("0", "x") + &file("0", "y"), 400, "twice"),
        (file("0", &"x".repeat(1_001)), 413, "1000 bytes"),
        (file("0", "x").replace("\r\n", "\n"), 400, "cannot be read"),
    ] {
        let (told, answer) = shelf.send(store(&files)).await;
        assert_eq!(told, status, "{answer}");
        let message = answer["errors"][0]["message"].as_str().unwrap();
        assert!(message.contains(word), "{message}");
        assert!(answer.get("data").is_none());
    }
    let (status, _) = shelf.send(store(&file("0", &"x".repeat(1_000)))).await;
    assert_eq!(status, 200);
}

#[tokio::test]
async fn files_are_bounded_and_may_be_turned_off() {
    let shelf = Shelf::start(|config| config.uploads.max_files = 1).await;
    let map = json!({ "0": ["variables.file"], "1": ["variables.file"] });
    let body = before_files(STORE, &json!({ "file": null }), &map) + "--B--";
    assert_eq!(shelf.send(body).await.0, 413);

    let shelf = Shelf::start(|config| config.uploads.enabled = false).await;
    assert_eq!(shelf.send(store(&file("0", "x"))).await.0, 415);
    assert!(shelf.files.requests().is_empty());
}

#[tokio::test]
async fn files_go_to_one_subgraph() {
    let shelf = Shelf::start(|_| {}).await;
    let map = json!({ "0": ["variables.file"] });
    let with = |query: &str| {
        before_files(query, &json!({ "file": null }), &map) + &file("0", "x") + "--B--"
    };
    let both = "mutation ($file: Upload!) { store(file: $file) keep(file: $file) }";
    let (_, answer) = shelf.send(with(both)).await;
    let code = &answer["errors"][0]["extensions"]["code"];
    assert_eq!(code, "UPLOAD_NOT_POSSIBLE", "{answer}");
    assert!(shelf.files.requests().is_empty());
    assert!(shelf.other.requests().is_empty());

    let keep = "mutation ($file: Upload!) { keep(file: $file) }";
    let (_, answer) = shelf.send(with(keep)).await;
    assert_eq!(answer, json!({ "data": { "keep": "0.txt text/plain 1" } }));
    // a file that nobody asks for is let go
    let skipped = "mutation ($file: Upload!, $no: Boolean!) { keep(file: $file) @skip(if: $no) }";
    let body = before_files(skipped, &json!({ "file": null, "no": true }), &map);
    let (_, answer) = shelf.send(body + &file("0", "x") + "--B--").await;
    assert_eq!(answer, json!({ "data": {} }));
}

#[tokio::test]
async fn a_form_that_could_be_forged_is_refused() {
    let shelf = Shelf::start(|_| {}).await;
    let answer = shelf.bare_post(store(&file("0", "x"))).send().await;
    let answer = answer.unwrap();
    assert_eq!(answer.status().as_u16(), 400);
    assert!(answer.text().await.unwrap().contains("forgery"));
    assert!(shelf.files.requests().is_empty());
}
