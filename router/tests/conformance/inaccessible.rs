//! `@inaccessible`: what clients do not see, and what the router works with all the same.

use serde_json::json;

use crate::support::Graph;

async fn is_refused(graph: &Graph, query: &str) -> bool {
    let answer = graph.ask(query, json!({})).await;
    assert!(
        graph.take_requests().is_empty(),
        "{query} reached a subgraph"
    );
    answer["errors"][0]["extensions"]["code"] == "GRAPHQL_VALIDATION_FAILED"
}

/// The key is inaccessible, and joins by it all the same.
#[tokio::test]
async fn joins_by_inaccessible_keys() {
    let graph = Graph::open([
        (
            "a",
            r#"
            type Query { user: User }
            type User @key(fields: "row") { row: Int! @inaccessible name: String! }
            "#,
            json!({ "Query": { "user": 1 }, "User": [{ "row": 1, "name": "Ada" }] }),
        ),
        (
            "b",
            r#"type User @key(fields: "row") { row: Int! age: Int }"#,
            json!({ "User": [{ "row": 1, "age": 36 }] }),
        ),
    ])
    .await;
    graph
        .expect(
            "{ user { name age } }",
            json!({ "user": { "name": "Ada", "age": 36 } }),
            "a b",
        )
        .await;
    assert!(is_refused(&graph, "{ user { row } }").await);
    graph
        .expect(
            r#"{ __type(name: "User") { fields { name } } }"#,
            json!({ "__type": { "fields": [{ "name": "name" }, { "name": "age" }] } }),
            "",
        )
        .await;
}

/// An inaccessible value of an enum, argument and member of a union: a value that comes all the
/// same is null with an error, never shown.
#[tokio::test]
async fn hides_inaccessible_values_members_and_arguments() {
    let graph = Graph::open([(
        "a",
        r"
        type Query {
            levels: [Level]!
            found: [Found]!
            list(first: Int, debug: Boolean @inaccessible): [Int]!
        }
        enum Level { LOW HIGH @inaccessible }
        interface Secret @inaccessible { n: Int }
        union Found = Seen | Hidden
        type Seen implements Secret { n: Int }
        type Hidden @inaccessible { n: Int }
        ",
        json!({ "Query": {
            "levels": ["LOW", "HIGH"],
            "found": [{ "__typename": "Seen", "n": 1 }, { "__typename": "Hidden", "n": 2 }],
            "list": [1],
        } }),
    )])
    .await;
    let answer = graph
        .ask("{ levels found { ... on Seen { n } } }", json!({}))
        .await;
    assert_eq!(
        answer["data"],
        json!({ "levels": ["LOW", null], "found": [{ "n": 1 }, null] })
    );
    let errors = answer["errors"].as_array().unwrap().iter();
    let paths: Vec<_> = errors.map(|error| error["path"].clone()).collect();
    assert_eq!(paths, [json!(["levels", 1]), json!(["found", 1])]);
    graph.take_requests();
    assert!(is_refused(&graph, "{ list(debug: true) }").await);
    assert!(is_refused(&graph, "{ found { ... on Hidden { n } } }").await);
    graph
        .expect("{ list(first: 1) }", json!({ "list": [1] }), "a")
        .await;
}

/// A whole inaccessible type, which a visible field requires.
#[tokio::test]
async fn requires_inaccessible_fields() {
    let graph = Graph::open([
        (
            "a",
            r#"
            type Query { box: Box }
            type Box @key(fields: "id") { id: ID! inner: Inner @inaccessible }
            type Inner @inaccessible { size: Int! }
            "#,
            json!({ "Query": { "box": "1" }, "Box": [{ "id": "1", "inner": { "size": 9 } }] }),
        ),
        (
            "b",
            r#"
            type Box @key(fields: "id") {
                id: ID!
                inner: Inner @external
                label: String @requires(fields: "inner { size }")
            }
            type Inner @inaccessible { size: Int! @external }
            "#,
            json!({ "Box": [{ "label": "=size {inner.size}" }] }),
        ),
    ])
    .await;
    graph
        .expect(
            "{ box { label } }",
            json!({ "box": { "label": "size 9" } }),
            "a b",
        )
        .await;
    assert!(is_refused(&graph, "{ box { inner { size } } }").await);
}
