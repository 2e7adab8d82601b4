//! Subgraphs that answer with errors, wrongly, late or not at all.

use axum::{
    Json,
    http::StatusCode,
    response::{IntoResponse as _, Response},
};
use serde_json::json;

use crate::support::{Router, Shop, Subgraph, config, subgraph::nowhere, supergraph};

const SDL: &str = "type Query { hello: String bye: String } type Mutation { change: String }";

async fn router_of(one: &Subgraph) -> Router {
    let mut config = config();
    config.supergraph.sdl = Some(supergraph(&[one]));
    Router::start(config).await
}

async fn answering(answer: fn() -> Response) -> (Router, Subgraph) {
    let one = Subgraph::answer_with("one", SDL, move |_| async move { answer() }).await;
    (router_of(&one).await, one)
}

#[tokio::test]
async fn errors_keep_their_code_and_tell_their_service() {
    let shop = Shop::open().await;
    let answer = shop.query("{ me { name email } }").await;
    assert_eq!(
        answer["data"],
        json!({ "me": { "name": "Ada", "email": null } })
    );
    assert_eq!(
        answer["errors"],
        json!([{
            "message": "the address is secret",
            "path": ["me", "email"],
            "extensions": { "code": "FORBIDDEN", "service": "users" },
        }])
    );
}

#[tokio::test]
async fn errors_of_entities_have_the_clients_paths() {
    const KEY: &str =
        r#"extend schema @link(url: "https://specs.apollo.dev/federation/v2.3", import: ["@key"])"#;
    let mine = ["u1", "u2", "u1"].map(|id| json!({ "by": { "__typename": "User", "id": id } }));
    let posts = Subgraph::constant(
        "posts",
        &format!(
            r#"{KEY} type Query {{ posts: [Post!]! }} type Post {{ author: User }}
               type User @key(fields: "id", resolvable: false) {{ id: ID! }}"#
        ),
        json!({ "data": { "mine": mine } }),
    )
    .await;
    let users = Subgraph::constant(
        "users",
        &format!(r#"{KEY} type User @key(fields: "id") {{ id: ID! email: String }}"#),
        json!({
            "data": { "_entities": [{ "mail": null }, { "mail": "u2@example.org" }] },
            "errors": [{ "message": "no", "path": ["_entities", 0, "mail"] }],
        }),
    )
    .await;
    let mut config = config();
    config.supergraph.sdl = Some(supergraph(&[&posts, &users]));
    let router = Router::start(config).await;
    let answer = router
        .query("{ mine: posts { by: author { mail: email } } }")
        .await;
    let error = |index: usize| {
        json!({
            "message": "no",
            "path": ["mine", index, "by", "mail"],
            "extensions": { "code": "DOWNSTREAM_SERVICE_ERROR", "service": "users" },
        })
    };
    assert_eq!(answer["errors"], json!([error(0), error(2)]));
    assert_eq!(
        answer["data"]["mine"][1],
        json!({ "by": { "mail": "u2@example.org" } })
    );
}

#[tokio::test]
async fn an_error_of_the_only_entity_needs_no_index() {
    let shop = Shop::open().await;
    let answer = shop
        .query("{ mine: reviews { by: author { mail: email } } }")
        .await;
    // the subgraph leaves the index out, and two users were asked for
    assert_eq!(answer["errors"][0]["path"], json!(["mine"]));
    let answer = shop
        .query(r#"{ product(upc: "p2") { reviews { by: author { mail: email } } } }"#)
        .await;
    assert_eq!(
        answer["errors"][0]["path"],
        json!(["product", "reviews", 0, "by", "mail"])
    );
}

#[tokio::test]
async fn a_dead_subgraph_leaves_the_others_data() {
    let shop = Shop::open_with_subgraph_at("reviews", &nowhere().await).await;
    let answer = shop
        .query("{ me { name } products { name reviews { body } } }")
        .await;
    assert_eq!(
        answer["data"],
        json!({
            "me": { "name": "Ada" },
            "products": [
                { "name": "Product p1", "reviews": null },
                null,
                { "name": "Product p2", "reviews": null },
            ],
        })
    );
    assert_eq!(
        answer["errors"],
        json!([{
            "message": "A subgraph cannot be reached.",
            "path": ["products"],
            "extensions": { "code": "SUBGRAPH_UNAVAILABLE", "service": "reviews" },
        }])
    );
}

#[tokio::test]
async fn what_a_dead_subgraph_must_give_is_null_up_to_where_it_may_be() {
    let shop = Shop::open_with_subgraph_at("users", &nowhere().await).await;
    let answer = shop
        .query("{ product(upc: \"p1\") { name reviews { body author { name } } } }")
        .await;
    assert_eq!(
        answer["data"],
        json!({ "product": { "name": "Product p1", "reviews": null } })
    );
    assert_eq!(answer["errors"].as_array().unwrap().len(), 1);
    assert_eq!(answer["errors"][0]["extensions"]["service"], "users");
}

#[tokio::test]
async fn a_slow_subgraph_is_not_waited_for() {
    let slow = Subgraph::answer_with("one", SDL, |_| std::future::pending()).await;
    let mut config = config();
    config.supergraph.sdl = Some(supergraph(&[&slow]));
    config.subgraphs.all.timeout_ms = 50;
    let router = Router::start(config).await;
    let answer = router.query("{ hello }").await;
    assert_eq!(answer["data"], json!({ "hello": null }));
    assert_eq!(
        answer["errors"],
        json!([{
            "message": "A subgraph did not answer in time.",
            "extensions": { "code": "GATEWAY_TIMEOUT", "service": "one" },
        }])
    );
}

#[tokio::test]
async fn an_http_error_does_not_show_its_body() {
    let (router, _one) =
        answering(|| (StatusCode::BAD_GATEWAY, "10.0.0.7 is down").into_response()).await;
    let answer = router.query("{ hello }").await;
    assert_eq!(
        answer["errors"][0]["extensions"],
        json!({ "code": "SUBREQUEST_HTTP_ERROR", "http": { "status": 502 }, "service": "one" })
    );
    assert!(!answer.to_string().contains("10.0.0.7"));
}

#[tokio::test]
async fn answers_that_are_not_graphql_are_told_as_such() {
    for answer in [
        || "not json".into_response(),
        || Json(json!([])).into_response(),
        || Json(json!({})).into_response(),
        || Json(json!({ "data": [] })).into_response(),
        || Json(json!({ "data": null, "errors": "no" })).into_response(),
    ] {
        let (router, _one) = answering(answer).await;
        let answer = router.query("{ hello }").await;
        assert_eq!(answer["data"], json!({ "hello": null }));
        assert_eq!(
            answer["errors"][0]["extensions"]["code"],
            "SUBREQUEST_MALFORMED_RESPONSE"
        );
    }
}

#[tokio::test]
async fn data_is_kept_beside_errors_that_are_out_of_form() {
    let (router, _one) = answering(|| {
        let errors = json!([{ "message": 1, "path": [1.5], "extensions": [] }, {}]);
        Json(json!({ "data": { "hello": "hi" }, "errors": errors })).into_response()
    })
    .await;
    let answer = router.query("{ hello }").await;
    assert_eq!(answer["data"], json!({ "hello": "hi" }));
    let error = json!({
        "message": "",
        "extensions": { "code": "DOWNSTREAM_SERVICE_ERROR", "service": "one" },
    });
    assert_eq!(answer["errors"], json!([error, error]));
}

#[tokio::test]
async fn graphql_errors_are_read_whatever_the_status() {
    let (router, _one) = answering(|| {
        let body =
            json!({ "errors": [{ "message": "no", "extensions": { "code": "UNAUTHENTICATED" } }] });
        (StatusCode::UNAUTHORIZED, Json(body)).into_response()
    })
    .await;
    let answer = router.query("{ hello }").await;
    assert_eq!(answer["errors"][0]["extensions"]["code"], "UNAUTHENTICATED");
}
