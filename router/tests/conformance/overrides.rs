//! `@override`: a field that moved from one subgraph to another.

use serde_json::json;

use crate::support::Graph;

/// The old owner still has the field and is never asked for it.
#[tokio::test]
async fn asks_the_new_owner() {
    let graph = Graph::open([
        (
            "old",
            r#"
            type Query { bill: Bill }
            type Bill @key(fields: "id") { id: ID! amount: Int! paid: Boolean! }
            "#,
            json!({
                "Query": { "bill": "1" },
                "Bill": [{ "id": "1", "amount": "!moved away", "paid": true }],
            }),
        ),
        (
            "new",
            r#"
            type Query { drafts: [Bill!]! }
            type Bill @key(fields: "id") { id: ID! amount: Int! @override(from: "old") }
            "#,
            json!({ "Query": { "drafts": ["1"] }, "Bill": [{ "id": "1", "amount": 30 }] }),
        ),
    ])
    .await;
    graph
        .expect(
            "{ bill { paid } }",
            json!({ "bill": { "paid": true } }),
            "old",
        )
        .await;
    graph
        .expect(
            "{ bill { amount paid } }",
            json!({ "bill": { "amount": 30, "paid": true } }),
            "new old",
        )
        .await;
    graph
        .expect(
            "{ drafts { amount paid } }",
            json!({ "drafts": [{ "amount": 30, "paid": true }] }),
            "new old",
        )
        .await;
}

/// The old owner marks it external, because another of its fields requires it.
#[tokio::test]
async fn lets_the_old_owner_read_what_moved() {
    let graph = Graph::open([
        (
            "warehouse",
            r#"
            type Query { crates: [Crate!]! }
            type Crate @key(fields: "id") {
                id: ID!
                mass: Int @external
                lift: String @requires(fields: "mass")
            }
            "#,
            json!({ "Query": { "crates": ["1", "2"] }, "Crate": [{ "lift": "=lift {mass}" }] }),
        ),
        (
            "scales",
            r#"type Crate @key(fields: "id") { id: ID! mass: Int @override(from: "warehouse") }"#,
            json!({ "Crate": [{ "id": "1", "mass": 50 }, { "id": "2", "mass": null }] }),
        ),
        (
            "labels",
            r#"
            type Crate @key(fields: "id") {
                id: ID!
                lift: String @external
                label: String @requires(fields: "lift")
            }
            "#,
            json!({ "Crate": [{ "label": "={lift}!" }] }),
        ),
    ])
    .await;
    graph
        .expect(
            "{ crates { lift } }",
            json!({ "crates": [{ "lift": "lift 50" }, { "lift": "lift null" }] }),
            "scales warehouse*2",
        )
        .await;
    graph
        .expect(
            "{ crates { label } }",
            json!({ "crates": [{ "label": "lift 50!" }, { "label": "lift null!" }] }),
            "labels scales warehouse*2",
        )
        .await;
}

/// A field of the root, a whole value type, and a field of three subgraphs of which one overrides
/// another while the third shares it.
#[tokio::test]
async fn overrides_roots_values_and_one_of_several_owners() {
    let graph = Graph::open([
        (
            "legacy",
            r#"
            type Query { motto: String size: Size lamp: Lamp }
            type Size { width: Int! height: Int! }
            type Lamp @key(fields: "id") { id: ID! watts: Int! @shareable }
            "#,
            json!({ "Query": { "motto": "!moved", "size": "!moved", "lamp": { "id": "l", "watts": 1 } } }),
        ),
        (
            "site",
            r#"
            type Query { motto: String @override(from: "legacy") size: Size @override(from: "legacy") }
            type Size {
                width: Int! @override(from: "legacy")
                height: Int! @override(from: "legacy")
            }
            "#,
            json!({ "Query": { "motto": "Lift", "size": { "width": 3, "height": 4 } } }),
        ),
        (
            "lamps",
            r#"
            type Query { lamps: [Lamp!]! }
            type Lamp @key(fields: "id") { id: ID! watts: Int! @shareable @override(from: "legacy") }
            "#,
            json!({ "Query": { "lamps": ["l"] }, "Lamp": [{ "id": "l", "watts": 40 }] }),
        ),
        (
            "meters",
            r#"type Lamp @key(fields: "id") { id: ID! watts: Int! @shareable used: Int }"#,
            json!({ "Lamp": [{ "id": "l", "watts": 40, "used": 2 }] }),
        ),
    ])
    .await;
    graph
        .expect(
            "{ motto size { width height } }",
            json!({ "motto": "Lift", "size": { "width": 3, "height": 4 } }),
            "site",
        )
        .await;
    graph
        .expect(
            "{ lamp { watts used } }",
            json!({ "lamp": { "watts": 40, "used": 2 } }),
            "legacy meters",
        )
        .await;
    graph
        .expect(
            "{ lamps { watts } }",
            json!({ "lamps": [{ "watts": 40 }] }),
            "lamps",
        )
        .await;
}
