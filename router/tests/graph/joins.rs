//! Entities from several subgraphs in one answer.

use serde_json::json;

use crate::support::{Shop, client};

#[tokio::test]
async fn joins_two_subgraphs() {
    let shop = Shop::open().await;
    let answer = shop.query("{ me { name reviews { body } } }").await;
    assert_eq!(
        answer,
        json!({ "data": { "me": {
            "name": "Ada",
            "reviews": [{ "body": "Good" }, { "body": "Better" }],
        } } })
    );
    assert_eq!(shop.users.asked().len(), 1);
    assert_eq!(shop.reviews.asked().len(), 1);
    assert_eq!(shop.products.asked().len(), 0);
}

#[tokio::test]
async fn joins_three_subgraphs_and_back() {
    let shop = Shop::open().await;
    let answer = shop
        .query(
            "{ me { reviews(first: 1) { product { name maker { name role } } author { name } } } }",
        )
        .await;
    assert_eq!(
        answer,
        json!({ "data": { "me": { "reviews": [{
            "product": { "name": "Product p1", "maker": { "name": "Ada", "role": "ADMIN" } },
            "author": { "name": "Ada" },
        }] } } })
    );
}

#[tokio::test]
async fn sends_equal_representations_once() {
    let shop = Shop::open().await;
    let answer = shop.query("{ reviews { id author { name } } }").await;
    assert_eq!(
        answer["data"]["reviews"],
        json!([
            { "id": "r1", "author": { "name": "Ada" } },
            { "id": "r2", "author": { "name": "Ada" } },
            { "id": "r3", "author": { "name": "Bob" } },
            { "id": "r4", "author": { "name": "Bob" } },
        ])
    );
    assert_eq!(shop.users.asked().len(), 1);
    assert_eq!(
        shop.users.last_representations(),
        [
            json!({ "__typename": "User", "id": "u1" }),
            json!({ "__typename": "User", "id": "u2" }),
        ]
    );
}

#[tokio::test]
async fn lists_keep_their_nulls() {
    let shop = Shop::open().await;
    let answer = shop
        .query("{ me { friends { name reviews { body } } } products { upc reviews { body } } }")
        .await;
    assert_eq!(
        answer,
        json!({ "data": {
            "me": { "friends": [
                { "name": "Bob", "reviews": [{ "body": "Bad" }, { "body": "Worse" }] },
                null,
                { "name": "Bob", "reviews": [{ "body": "Bad" }, { "body": "Worse" }] },
                { "name": "Cid", "reviews": [] },
            ] },
            "products": [
                { "upc": "p1", "reviews": [{ "body": "Good" }, { "body": "Bad" }, { "body": "Worse" }] },
                null,
                { "upc": "p2", "reviews": [{ "body": "Better" }] },
            ],
        } })
    );
    assert_eq!(shop.users.asked().len(), 1);
    assert_eq!(shop.products.asked().len(), 1);
}

#[tokio::test]
async fn fetches_what_a_field_requires() {
    let shop = Shop::open().await;
    let answer = shop.query("{ products { shipping } }").await;
    assert_eq!(
        answer,
        json!({ "data": { "products": [{ "shipping": 30 }, null, { "shipping": null }] } })
    );
    assert_eq!(
        shop.reviews.last_representations(),
        [
            json!({ "__typename": "Product", "price": 10, "weight": 3, "upc": "p1" }),
            json!({ "__typename": "Product", "price": 10, "weight": null, "upc": "p2" }),
        ]
    );
}

#[tokio::test]
async fn entities_that_no_subgraph_knows_are_null() {
    let shop = Shop::open().await;
    let answer = shop
        .query(r#"{ user(id: "u9") { name reviews { body } } product(upc: "p9") { name } }"#)
        .await;
    assert_eq!(answer, json!({ "data": { "user": null, "product": null } }));
    assert_eq!(shop.reviews.asked().len(), 0);
}

#[tokio::test]
async fn passes_the_callers_identity_language_and_nothing_else() {
    let shop = Shop::open().await;
    client()
        .post(format!("{}/graphql", shop.router.url))
        .header("x-access-token", "abc")
        .header("accept-language", "ru")
        .header("cookie", "session=1")
        .json(&json!({ "query": "{ me { name } }" }))
        .send()
        .await
        .unwrap();
    let headers = shop.users.last_headers();
    assert_eq!(headers["authorization"], "Bearer abc");
    assert_eq!(headers["accept-language"], "ru");
    assert!(!headers.contains_key("cookie"));
    assert!(!headers.contains_key("x-access-token"));
}
