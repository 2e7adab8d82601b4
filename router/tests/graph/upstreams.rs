//! What subgraphs are spared, and what a subgraph that fails is spared for a while.

use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};

use axum::{
    Json,
    http::{HeaderMap, StatusCode},
    response::IntoResponse as _,
};
use futures_util::{FutureExt as _, future};
use serde_json::{Value, json};
use setwise_router::{AllSubgraphs, CircuitBreaker, Graph, GraphRequest, GraphResponse};
use tokio::sync::Semaphore;

use crate::support::{Subgraph, config, supergraph};

const SDL: &str = "type Query { hello: String bye: String } type Mutation { change: String }";

const HELLO: &str = "{ hello }";
const CHANGE: &str = "mutation { change }";

async fn graph_of(subgraph: &Subgraph, upstreams: AllSubgraphs) -> Graph {
    let mut config = config();
    config.supergraph.sdl = Some(supergraph(&[subgraph]));
    config.subgraphs.all = upstreams;
    Graph::load(&config).await.unwrap()
}

async fn ask(graph: &Graph, token: &str, query: &str) -> GraphResponse {
    let mut headers = HeaderMap::new();
    headers.insert("authorization", token.parse().unwrap());
    let request = GraphRequest {
        query: query.into(),
        headers,
        ..GraphRequest::default()
    };
    graph.execute(request).await
}

/// A graph over a subgraph that answers as often as the semaphore has permits. The operations are
/// planned, so that asking begins at once.
async fn slow(upstreams: AllSubgraphs) -> (Graph, Subgraph, Arc<Semaphore>) {
    let gate = Arc::new(Semaphore::new(2));
    let open = Arc::clone(&gate);
    let subgraph = Subgraph::answer_with("one", SDL, move |_| {
        let open = Arc::clone(&open);
        async move {
            open.acquire().await.unwrap().forget();
            Json(json!({ "data": { "hello": "hi", "change": "done" } })).into_response()
        }
    })
    .await;
    let graph = graph_of(&subgraph, upstreams).await;
    for query in [HELLO, CHANGE] {
        assert!(ask(&graph, "ada", query).await.errors.is_empty());
    }
    (graph, subgraph, gate)
}

/// Asks all at once and lets the subgraph answer when all are under way; how often it was asked.
async fn requests(asked: &[(&str, &str)]) -> usize {
    let (graph, subgraph, gate) = slow(AllSubgraphs::default()).await;
    let before = subgraph.asked().len();
    let asked = asked.iter().map(|(token, query)| ask(&graph, token, query));
    let mut answers = future::join_all(asked);
    assert!((&mut answers).now_or_never().is_none());
    gate.add_permits(100);
    for answer in answers.await {
        assert_eq!(answer.errors, []);
        let data: Option<Value> = answer.data().unwrap();
        assert!(data.is_some_and(|data| data["hello"] == "hi" || data["change"] == "done"));
    }
    subgraph.asked().len() - before
}

#[tokio::test]
async fn identical_queries_under_way_are_sent_once() {
    assert_eq!(requests(&[("ada", HELLO); 8]).await, 1);
}

#[tokio::test]
async fn queries_of_two_callers_are_two_requests() {
    let asked = [
        ("ada", HELLO),
        ("bob", HELLO),
        ("ada", HELLO),
        ("bob", HELLO),
    ];
    assert_eq!(requests(&asked).await, 2);
}

#[tokio::test]
async fn a_mutation_is_sent_each_time() {
    assert_eq!(requests(&[("ada", CHANGE); 2]).await, 2);
}

#[tokio::test]
async fn one_query_after_the_other_is_sent_each_time() {
    let (graph, subgraph, gate) = slow(AllSubgraphs::default()).await;
    gate.add_permits(2);
    for _ in 0..2 {
        ask(&graph, "ada", HELLO).await;
    }
    assert_eq!(subgraph.asked().len(), 4);
}

#[tokio::test]
async fn a_caller_that_leaves_does_not_take_the_answer_along() {
    let (graph, subgraph, gate) = slow(AllSubgraphs::default()).await;
    let mut first = Box::pin(ask(&graph, "ada", HELLO));
    assert!(first.as_mut().now_or_never().is_none());
    let mut second = Box::pin(ask(&graph, "ada", HELLO));
    assert!(second.as_mut().now_or_never().is_none());
    drop(first);
    gate.add_permits(1);
    assert_eq!(second.await.errors, []);
    assert_eq!(subgraph.asked().len(), 3);
}

fn error(answer: &GraphResponse) -> (&str, Option<u64>) {
    let error = &answer.errors[0];
    let seconds = error.extensions.get("retryAfterSeconds");
    (error.code(), seconds.and_then(Value::as_u64))
}

#[tokio::test]
async fn few_wait_for_a_subgraph_that_has_too_much_to_do() {
    let upstreams = AllSubgraphs {
        max_concurrent_requests: 1,
        max_queued_requests: 1,
        ..AllSubgraphs::default()
    };
    let (graph, _subgraph, gate) = slow(upstreams).await;
    let mut first = Box::pin(ask(&graph, "ada", HELLO));
    assert!(first.as_mut().now_or_never().is_none());
    let mut second = Box::pin(ask(&graph, "bob", HELLO));
    assert!(second.as_mut().now_or_never().is_none());
    let third = ask(&graph, "cid", HELLO).await;
    assert_eq!(error(&third), ("SUBGRAPH_UNAVAILABLE", Some(1)));
    gate.add_permits(2);
    assert_eq!(first.await.errors, []);
    assert_eq!(second.await.errors, []);
}

/// A subgraph that fails while it is told to.
async fn failing(open_ms: u64) -> (Graph, Subgraph, Arc<AtomicBool>) {
    let is_failing = Arc::new(AtomicBool::new(true));
    let fails = Arc::clone(&is_failing);
    let subgraph = Subgraph::answer_with("one", SDL, move |_| {
        let fails = fails.load(Ordering::Relaxed);
        async move {
            if fails {
                return StatusCode::BAD_GATEWAY.into_response();
            }
            Json(json!({ "data": { "hello": "hi" } })).into_response()
        }
    })
    .await;
    let upstreams = AllSubgraphs {
        circuit_breaker: CircuitBreaker {
            failures: 3,
            open_ms,
            ..CircuitBreaker::default()
        },
        ..AllSubgraphs::default()
    };
    (graph_of(&subgraph, upstreams).await, subgraph, is_failing)
}

#[tokio::test]
async fn a_subgraph_that_fails_is_left_alone() {
    let (graph, subgraph, _) = failing(600_000).await;
    for _ in 0..3 {
        let answer = ask(&graph, "ada", HELLO).await;
        assert_eq!(error(&answer), ("SUBREQUEST_HTTP_ERROR", None));
    }
    for query in [HELLO, CHANGE] {
        let answer = ask(&graph, "ada", query).await;
        assert_eq!(error(&answer), ("SUBGRAPH_UNAVAILABLE", Some(600)));
        assert_eq!(answer.errors[0].service(), Some("one"));
    }
    assert_eq!(subgraph.asked().len(), 3);
}

#[tokio::test]
async fn a_subgraph_that_answers_again_is_asked_again() {
    let (graph, subgraph, is_failing) = failing(0).await;
    for _ in 0..5 {
        assert!(!ask(&graph, "ada", HELLO).await.errors.is_empty());
    }
    is_failing.store(false, Ordering::Relaxed);
    for _ in 0..2 {
        assert_eq!(ask(&graph, "ada", HELLO).await.errors, []);
    }
    assert_eq!(subgraph.asked().len(), 7);
}

#[tokio::test]
async fn an_answer_that_is_too_large_is_not_read() {
    let data = json!({ "data": { "hello": "a".repeat(1_000) } });
    let subgraph = Subgraph::constant("one", SDL, data).await;
    let upstreams = AllSubgraphs {
        max_response_bytes: 500,
        ..AllSubgraphs::default()
    };
    let graph = graph_of(&subgraph, upstreams).await;
    let answer = ask(&graph, "ada", HELLO).await;
    assert_eq!(error(&answer).0, "SUBREQUEST_HTTP_ERROR");
    assert_eq!(
        answer.errors[0].message,
        "A subgraph's answer is too large."
    );
}
