//! Null propagation over the API schema.

use axum::{Json, response::IntoResponse as _};
use serde_json::{Value, json};

use crate::support::{Router, Shop, Subgraph, config, supergraph};

const SDL: &str = r#"
    extend schema @link(url: "https://specs.apollo.dev/federation/v2.3", import: ["@key"])
    type Query { a: A list: [A!] lists: [[Int!]] strict: A! }
    type A { id: ID! b: B required: B! kind: Kind number: Int flag: Boolean }
    type B { name: String! }
    enum Kind { ONE TWO }
"#;

/// A router in front of one subgraph that answers `data`.
async fn router(data: Value) -> (Router, Subgraph) {
    let subgraph = Subgraph::answer_with("one", SDL, move |_| {
        let data = data.clone();
        async move { Json(json!({ "data": data })).into_response() }
    })
    .await;
    let mut config = config();
    config.supergraph.sdl = Some(supergraph(&[&subgraph]));
    (Router::start(config).await, subgraph)
}

#[tokio::test]
async fn a_null_stops_at_the_first_parent_that_may_be_null() {
    let (router, _one) = router(json!({ "a": { "b": { "name": null } } })).await;
    let answer = router.query("{ a { b { name } } }").await;
    assert_eq!(answer["data"], json!({ "a": { "b": null } }));
    assert_eq!(answer["errors"][0]["path"], json!(["a", "b", "name"]));
    assert_eq!(
        answer["errors"][0]["message"],
        "Cannot return null for non-nullable field B.name."
    );
}

#[tokio::test]
async fn a_null_passes_through_parents_that_may_not_be_null() {
    let (router, _one) = router(json!({ "a": { "required": { "name": null } } })).await;
    let answer = router.query("{ a { required { name } } }").await;
    assert_eq!(answer["data"], json!({ "a": null }));
    assert_eq!(answer["errors"].as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn a_null_reaches_the_root() {
    let (router, _one) = router(json!({ "strict": null })).await;
    let answer = router.query("{ strict { id } }").await;
    assert_eq!(answer["data"], Value::Null);
    assert_eq!(answer["errors"][0]["path"], json!(["strict"]));
}

#[tokio::test]
async fn a_null_item_empties_the_list() {
    let data = json!({ "list": [{ "id": 1 }, null], "lists": [[1, 2], [1, null], null] });
    let (router, _one) = router(data).await;
    let answer = router.query("{ list { id } lists }").await;
    assert_eq!(
        answer["data"],
        json!({ "list": null, "lists": [[1, 2], null, null] })
    );
}

#[tokio::test]
async fn values_that_do_not_fit_are_null() {
    let data = json!({ "a": { "id": 7, "kind": "THREE", "number": "7", "flag": 1, "b": [] } });
    let (router, _one) = router(data).await;
    let answer = router
        .query("{ a { id kind number flag b { name } } }")
        .await;
    assert_eq!(
        answer["data"],
        json!({ "a": { "id": "7", "kind": null, "number": null, "flag": null, "b": null } })
    );
    assert_eq!(answer["errors"].as_array().unwrap().len(), 4);
}

#[tokio::test]
async fn values_that_clients_may_not_see_are_null() {
    let shop = Shop::open().await;
    let answer = shop.query(r#"{ user(id: "u3") { name role } }"#).await;
    assert_eq!(answer["data"], Value::from_iter([("user", Value::Null)]));
    assert!(!answer.to_string().contains("GHOST"));
}
