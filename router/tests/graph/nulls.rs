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
async fn integers_are_read_however_they_are_written() {
    let data = json!({ "list": [{ "number": 2.0 }, { "number": 1e2 }, { "number": -7 }] });
    let (one, _one) = router(data).await;
    let answer = one.query("{ list { number } }").await;
    let numbers = [2, 100, -7].map(|number| json!({ "number": number }));
    assert_eq!(answer, json!({ "data": { "list": numbers } }));
    for number in [json!(2.5), json!(1_u64 << 31), json!("2")] {
        let (one, _one) = router(json!({ "a": { "number": number } })).await;
        let answer = one.query("{ a { number } }").await;
        assert_eq!(answer["data"], json!({ "a": { "number": null } }));
        let error = &answer["errors"][0];
        assert_eq!(error["extensions"]["code"], "INVALID_SUBGRAPH_VALUE");
        assert_eq!(error["path"], json!(["a", "number"]));
    }
}

#[tokio::test]
async fn names_are_read_with_escapes() {
    let subgraph = Subgraph::answer_with("one", SDL, |_| async {
        let body = r#"{"d\u0061ta":{"\u0061":{"i\u0064":"1","kind":"ON\u0045"}}}"#;
        ([("content-type", "application/json")], body).into_response()
    })
    .await;
    let mut config = config();
    config.supergraph.sdl = Some(supergraph(&[&subgraph]));
    let router = Router::start(config).await;
    let answer = router.query("{ a { id kind } }").await;
    let expected = json!({ "data": { "a": { "id": "1", "kind": "ONE" } } });
    assert_eq!(answer, expected);
}

#[tokio::test]
async fn values_that_clients_may_not_see_are_null() {
    let shop = Shop::open().await;
    let answer = shop.query(r#"{ user(id: "u3") { name role } }"#).await;
    assert_eq!(answer["data"], Value::from_iter([("user", Value::Null)]));
    assert!(!answer.to_string().contains("GHOST"));
}
