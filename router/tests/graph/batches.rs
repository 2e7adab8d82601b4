//! Several operations in one request.

use std::{sync::Arc, time::Duration};

use axum::{Json, response::IntoResponse as _};
use serde_json::{Value, json};
use setwise_router::Config;
use tokio::sync::Barrier;

use crate::support::{Router, Shop, Subgraph, client, config, supergraph};

fn batching(config: &mut Config) {
    config.batching.enabled = true;
    config.batching.max_operations = 4;
}

async fn post(shop: &Shop, batch: Value) -> (u16, Value) {
    let request = client().post(format!("{}/graphql", shop.router.url));
    let response = request.json(&batch).send().await.unwrap();
    (response.status().as_u16(), response.json().await.unwrap())
}

#[tokio::test]
async fn are_off_by_default() {
    let shop = Shop::open().await;
    let (status, answer) = post(&shop, json!([{ "query": "{ me { id } }" }])).await;
    assert_eq!(status, 400);
    let error = &answer["errors"][0];
    assert_eq!(error["extensions"]["code"], "BATCHING_NOT_ENABLED");
    assert!(shop.users.asked().is_empty());
}

#[tokio::test]
async fn are_answered_in_their_order_whatever_fails() {
    let shop = Shop::open_with(batching).await;
    let (status, answer) = post(
        &shop,
        json!([
            { "query": "query ($id: ID!) { user(id: $id) { name } }", "variables": { "id": "u2" } },
            { "query": "{ nothing }" },
            1,
            { "query": "mutation { touch(id: \"u3\") { name } }" },
        ]),
    )
    .await;
    assert_eq!(status, 200);
    assert_eq!(answer[0], json!({ "data": { "user": { "name": "Bob" } } }));
    let code = |index: usize| answer[index]["errors"][0]["extensions"]["code"].clone();
    assert_eq!(code(1), "GRAPHQL_VALIDATION_FAILED");
    assert_eq!(code(2), "BAD_REQUEST");
    assert_eq!(answer[3], json!({ "data": { "touch": { "name": "Cid" } } }));
    assert_eq!(answer.as_array().unwrap().len(), 4);
}

#[tokio::test]
async fn are_bounded() {
    let shop = Shop::open_with(batching).await;
    for (count, code) in [(0, "BAD_REQUEST"), (5, "BATCH_LIMIT_EXCEEDED")] {
        let batch = vec![json!({ "query": "{ __typename }" }); count];
        let (status, answer) = post(&shop, batch.into()).await;
        assert_eq!(status, 400);
        assert_eq!(answer["errors"][0]["extensions"]["code"], code);
    }
}

#[tokio::test]
async fn run_at_the_same_time() {
    // answers to nobody before both have asked
    let both = Arc::new(Barrier::new(2));
    let sdl = "type Query { a: Int b: Int }";
    let subgraph = Subgraph::answer_with("numbers", sdl, move |_| {
        let both = Arc::clone(&both);
        async move {
            both.wait().await;
            Json(json!({ "data": { "a": 1, "b": 2 } })).into_response()
        }
    })
    .await;
    let mut config = config();
    batching(&mut config);
    config.supergraph.sdl = Some(supergraph(&[&subgraph]));
    let router = Router::start(config).await;
    let batch = json!([{ "query": "{ a }" }, { "query": "{ b }" }]);
    let answer = tokio::time::timeout(Duration::from_secs(10), router.post(batch));
    let expected = json!([{ "data": { "a": 1 } }, { "data": { "b": 2 } }]);
    assert_eq!(answer.await.unwrap(), expected);
}
