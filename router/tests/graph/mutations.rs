//! Mutations run one after the other, and once.

use serde_json::json;

use crate::support::Shop;

#[tokio::test]
async fn root_fields_run_in_order() {
    let shop = Shop::open().await;
    let answer = shop
        .query("mutation { a: step(n: 1) b: step(n: 2) c: step(n: 3) }")
        .await;
    assert_eq!(
        answer,
        json!({ "data": { "a": [1], "b": [1, 2], "c": [1, 2, 3] } })
    );
}

#[tokio::test]
async fn what_a_mutation_answers_is_joined() {
    let shop = Shop::open().await;
    let answer = shop
        .query(
            r#"mutation { first: touch(id: "u2") { name reviews(first: 1) { body } }
                          step(n: 1)
                          second: touch(id: "u1") { reviews(first: 1) { product { name } } } }"#,
        )
        .await;
    assert_eq!(
        answer,
        json!({ "data": {
            "first": { "name": "Bob", "reviews": [{ "body": "Bad" }] },
            "step": [1],
            "second": { "reviews": [{ "product": { "name": "Product p1" } }] },
        } })
    );
}
