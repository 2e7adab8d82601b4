//! `@skip` and `@include`.

use serde_json::json;

use crate::support::Graph;

#[tokio::test]
async fn an_operation_of_which_nothing_is_left_asks_nobody() {
    let graph = Graph::open([(
        "clock",
        r"type Query { now: Int later: Later } type Later { in: Int }",
        json!({ "Query": { "now": 1, "later": { "in": 2 } } }),
    )])
    .await;
    for query in [
        "{ now @skip(if: true) later @include(if: false) { in } }",
        "{ ...F @include(if: false) ... @skip(if: true) { now } } fragment F on Query { now }",
    ] {
        graph.expect(query, json!({}), "").await;
    }
    graph
        .expect(
            "{ now @skip(if: true) later { in @include(if: false) __typename } }",
            json!({ "later": { "__typename": "Later" } }),
            "clock",
        )
        .await;
    graph
        .expect(
            "{ later { in @skip(if: true) } }",
            json!({ "later": {} }),
            "clock",
        )
        .await;
}
