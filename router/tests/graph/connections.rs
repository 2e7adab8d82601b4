//! The connections below GraphQL: kept alive, HTTP/2, compressed.

use std::{
    io::Write as _,
    sync::{Arc, Mutex},
};

use axum::{
    Json, Router as App,
    http::{Method, Request, Version, header},
    routing::post,
};
use bytes::Bytes;
use flate2::{Compression, write::GzEncoder};
use futures_util::future;
use http_body_util::{BodyExt as _, Full};
use hyper_util::{client::legacy::Client, rt::TokioExecutor};
use serde_json::{Value, json};
use tokio::{
    io::{AsyncBufReadExt as _, AsyncReadExt as _, AsyncWriteExt as _, BufReader},
    net::{TcpListener, TcpStream},
    sync::Barrier,
    task::JoinSet,
};

use crate::support::{Router, Shop, Subgraph, client, config, supergraph};

const SDL: &str = "type Query { a: Int } type Mutation { a: Int }";
const ONE: &str = r#"{"data":{"a":1}}"#;

/// A server that answers one request of each connection, and closes the connection when it gets
/// another. What it got is kept.
async fn start_closing(together: usize) -> (Subgraph, Arc<Mutex<Vec<String>>>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/graphql", listener.local_addr().unwrap());
    let got = Arc::<Mutex<Vec<String>>>::default();
    let first = Arc::new(Barrier::new(together));
    let mut tasks = JoinSet::new();
    let kept = Arc::clone(&got);
    tasks.spawn(async move {
        let mut connections = JoinSet::new();
        for number in 0.. {
            let (stream, _) = listener.accept().await.unwrap();
            let first = (number < together).then(|| Arc::clone(&first));
            connections.spawn(answer_once(stream, Arc::clone(&kept), first));
        }
    });
    (Subgraph::at("closing", url, SDL, tasks), got)
}

async fn answer_once(stream: TcpStream, got: Arc<Mutex<Vec<String>>>, first: Option<Arc<Barrier>>) {
    let mut stream = BufReader::new(stream);
    let Some(body) = request(&mut stream).await else {
        return;
    };
    got.lock().unwrap().push(body);
    if let Some(first) = first {
        // as many connections as requests
        first.wait().await;
    }
    let answer = format!(
        "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\r\n{ONE}",
        ONE.len()
    );
    stream.write_all(answer.as_bytes()).await.unwrap();
    let second = request(&mut stream).await;
    got.lock().unwrap().extend(second);
}

/// The body of the next request.
async fn request(stream: &mut BufReader<TcpStream>) -> Option<String> {
    let mut length = 0;
    loop {
        let mut line = String::new();
        if stream.read_line(&mut line).await.ok()? == 0 {
            return None;
        }
        match line.trim_end().split_once(": ") {
            Some((name, value)) if name.eq_ignore_ascii_case("content-length") => {
                length = value.parse().unwrap();
            }
            None if line == "\r\n" => break,
            _ => {}
        }
    }
    let mut body = vec![0; length];
    stream.read_exact(&mut body).await.ok()?;
    String::from_utf8(body).ok()
}

async fn router_of(subgraph: &Subgraph, http2: bool) -> Router {
    let mut config = config();
    config.supergraph.sdl = Some(supergraph(&[subgraph]));
    let by_name = &mut config.subgraphs.by_name;
    by_name.entry(subgraph.name.to_owned()).or_default().http2 = http2;
    // what is counted here is requests
    config.subgraphs.all.deduplicate_queries = false;
    Router::start(config).await
}

#[tokio::test]
async fn a_query_survives_connections_that_are_closed_as_it_is_sent() {
    let (subgraph, got) = start_closing(4).await;
    let router = router_of(&subgraph, false).await;
    let expected = json!({ "data": { "a": 1 } });
    // four connections that are idle afterwards
    let texts = ["{ a }", "{a}", "query A { a }", "query B { a }"];
    let answers = texts.map(|text| router.query(text));
    for answer in future::join_all(answers).await {
        assert_eq!(answer, expected);
    }
    assert_eq!(got.lock().unwrap().len(), 4);
    for _ in 0..4 {
        assert_eq!(router.query("{ a }").await, expected);
    }
    // each went over a connection that closed, and then over a new one
    assert_eq!(got.lock().unwrap().len(), 4 + 2 * 4);
}

#[tokio::test]
async fn a_mutation_is_never_sent_twice() {
    let (subgraph, got) = start_closing(1).await;
    let router = router_of(&subgraph, false).await;
    assert_eq!(router.query("{ a }").await, json!({ "data": { "a": 1 } }));
    let answer = router.query("mutation { a }").await;
    let code = &answer["errors"][0]["extensions"]["code"];
    assert_eq!(code, "SUBGRAPH_UNAVAILABLE", "{answer}");
    let got = got.lock().unwrap();
    let mutations = got.iter().filter(|body| body.contains("mutation"));
    assert_eq!(mutations.count(), 1);
}

#[tokio::test]
async fn subgraphs_are_asked_in_http2_where_it_is_said_so() {
    for http2 in [false, true] {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/graphql", listener.local_addr().unwrap());
        let answer = |version: Version| async move {
            Json(json!({ "data": { "a": i32::from(version == Version::HTTP_2) } }))
        };
        let app = App::new().route("/graphql", post(answer));
        let mut tasks = JoinSet::new();
        tasks.spawn(async move { axum::serve(listener, app).await.unwrap() });
        let subgraph = Subgraph::at("numbers", url, SDL, tasks);
        let router = router_of(&subgraph, http2).await;
        let expected = json!({ "data": { "a": i32::from(http2) } });
        for _ in 0..2 {
            assert_eq!(router.query("{ a }").await, expected);
        }
    }
}

#[tokio::test]
async fn clients_may_speak_http2() {
    let shop = Shop::open().await;
    let client = Client::builder(TokioExecutor::new())
        .http2_only(true)
        .build_http();
    let request = Request::builder()
        .method(Method::POST)
        .uri(format!("{}/graphql", shop.router.url))
        .header(header::CONTENT_TYPE, "application/json")
        .body(Full::<Bytes>::from(r#"{"query":"{ me { name } }"}"#))
        .unwrap();
    let response = client.request(request).await.unwrap();
    assert_eq!(response.version(), Version::HTTP_2);
    let body = response.into_body().collect().await.unwrap().to_bytes();
    let answer: Value = serde_json::from_slice(&body).unwrap();
    assert_eq!(answer, json!({ "data": { "me": { "name": "Ada" } } }));
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

#[tokio::test]
async fn bodies_are_compressed_both_ways() {
    let shop = Shop::open().await;
    let post = |encoding: &str, body: Vec<u8>| {
        client()
            .post(format!("{}/graphql", shop.router.url))
            .header("content-type", "application/json")
            .header("content-encoding", encoding.to_owned())
            .header("accept-encoding", "gzip")
            .body(body)
            .send()
    };
    let query = br#"{"query":"{ users { name reviews { body } } }"}"#;
    let response = post("gzip", gzip(query)).await.unwrap();
    assert_eq!(response.status().as_u16(), 200);
    assert_eq!(response.headers()["content-encoding"], "gzip");
    let body = response.bytes().await.unwrap();
    assert!(body.starts_with(&[0x1f, 0x8b]), "{body:?}");

    let response = post("zstd", query.to_vec()).await.unwrap();
    assert_eq!(response.status().as_u16(), 415);
    // what grows beyond the limit is refused, however small it came
    let bomb = gzip(&vec![b' '; 50_000_000]);
    assert!(bomb.len() < 1_000_000);
    let response = post("gzip", bomb).await.unwrap();
    assert_eq!(response.status().as_u16(), 413);
}
