//! Schemas of Federation 1: no `@link`, extensions of types of other subgraphs, value types that
//! several have.

use serde_json::json;

use crate::support::Graph;

#[tokio::test]
async fn extends_entities_of_other_subgraphs() {
    let graph = Graph::open_unlinked([
        (
            "users",
            r#"
            extend type Query { me: User }
            type User @key(fields: "id") { id: ID! name: String mail: String }
            "#,
            json!({
                "Query": { "me": "1" },
                "User": [{ "id": "1", "name": "Ada", "mail": "a@x" }],
            }),
        ),
        (
            "reviews",
            r#"
            type Query { reviews: [Review!]! }
            type Review @key(fields: "id") { id: ID! author: User @provides(fields: "name") }
            extend type User @key(fields: "id") {
                id: ID! @external
                name: String @external
                reviews: [Review!]!
            }
            "#,
            json!({
                "Query": { "reviews": ["r"] },
                "Review": [{ "id": "r", "author": { "id": "1", "name": "Ada" } }],
                "User": [{ "id": "1", "reviews": ["r", "r"] }],
            }),
        ),
    ])
    .await;
    graph
        .expect(
            "{ me { name reviews { id author { name } } } }",
            json!({ "me": { "name": "Ada", "reviews": [
                { "id": "r", "author": { "name": "Ada" } },
                { "id": "r", "author": { "name": "Ada" } },
            ] } }),
            "reviews users",
        )
        .await;
    graph
        .expect(
            "{ reviews { author { mail } } }",
            json!({ "reviews": [{ "author": { "mail": "a@x" } }] }),
            "reviews users",
        )
        .await;
}

#[tokio::test]
async fn requires_of_extended_types() {
    let graph = Graph::open_unlinked([
        (
            "items",
            r#"
            type Query { items: [Item] }
            type Item @key(fields: "sku") { sku: String! weight: Int }
            "#,
            json!({
                "Query": { "items": ["a", null, "b"] },
                "Item": [{ "sku": "a", "weight": 3 }, { "sku": "b", "weight": null }],
            }),
        ),
        (
            "stock",
            r#"
            extend type Item @key(fields: "sku") {
                sku: String! @external
                weight: Int @external
                post: String @requires(fields: "weight")
                left: Int!
            }
            "#,
            json!({ "Item": [{ "post": "=w{weight}", "left": 2 }] }),
        ),
    ])
    .await;
    graph
        .expect(
            "{ items { post left } }",
            json!({ "items": [{ "post": "w3", "left": 2 }, null, { "post": "wnull", "left": 2 }] }),
            "items stock",
        )
        .await;
}

/// A value type that both have is shareable without being marked.
#[tokio::test]
async fn shares_value_types_beside_federation_2() {
    let graph = Graph::open_unlinked([
        (
            "old",
            r#"
            type Query { route: Route }
            type Route @key(fields: "id") { id: ID! from: Point }
            type Point { x: Int! y: Int! }
            "#,
            json!({
                "Query": { "route": "1" },
                "Route": [{ "id": "1", "from": { "x": 1, "y": 2 } }],
            }),
        ),
        (
            "new",
            r#"
            extend schema @link(url: "https://specs.apollo.dev/federation/v2.3", import: ["@key", "@shareable"])
            type Route @key(fields: "id") { id: ID! to: Point }
            type Point @shareable { x: Int! y: Int! }
            "#,
            json!({ "Route": [{ "id": "1", "to": { "x": 3, "y": 4 } }] }),
        ),
    ])
    .await;
    graph
        .expect(
            "{ route { from { x y } to { y x } } }",
            json!({ "route": { "from": { "x": 1, "y": 2 }, "to": { "y": 4, "x": 3 } } }),
            "new old",
        )
        .await;
}
