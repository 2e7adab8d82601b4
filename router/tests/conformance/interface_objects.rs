//! Entity interfaces and `@interfaceObject`.

use serde_json::json;

use crate::support::Graph;

/// `reviews` adds a field to all media without knowing what media there are.
#[tokio::test]
async fn adds_fields_to_all_implementations() {
    let graph = Graph::open([
        (
            "media",
            r#"
            type Query { media: [Media!]! book: Book }
            interface Media @key(fields: "id") { id: ID! title: String! }
            type Book implements Media @key(fields: "id") { id: ID! title: String! pages: Int! }
            type Film implements Media @key(fields: "id") { id: ID! title: String! minutes: Int! }
            "#,
            json!({
                "Query": { "media": ["Book:b", "Film:f"], "book": "b" },
                "Book": [{ "id": "b", "title": "Looms", "pages": 90 }],
                "Film": [{ "id": "f", "title": "Engines", "minutes": 80 }],
            }),
        ),
        (
            "reviews",
            r#"
            type Query { worst: Media! best: [Media!]! }
            type Media @key(fields: "id") @interfaceObject { id: ID! stars: Int! }
            "#,
            json!({
                "Query": { "worst": "f", "best": ["b", "f"] },
                "Media": [{ "id": "b", "stars": 5 }, { "id": "f", "stars": 1 }],
            }),
        ),
    ])
    .await;
    graph
        .expect(
            "{ media { title stars } }",
            json!({ "media": [{ "title": "Looms", "stars": 5 }, { "title": "Engines", "stars": 1 }] }),
            "media reviews",
        )
        .await;
    graph
        .expect(
            "{ worst { id stars } }",
            json!({ "worst": { "id": "f", "stars": 1 } }),
            "reviews",
        )
        .await;
    graph
        .expect(
            "{ best { __typename stars title ... on Book { pages } ... on Film { minutes stars } } }",
            json!({ "best": [
                { "__typename": "Book", "stars": 5, "title": "Looms", "pages": 90 },
                { "__typename": "Film", "stars": 1, "title": "Engines", "minutes": 80 },
            ] }),
            // the planner asks the stars of a film once more
            "media reviews*2",
        )
        .await;
    graph
        .expect(
            "{ book { stars pages } }",
            json!({ "book": { "stars": 5, "pages": 90 } }),
            "media reviews",
        )
        .await;
}

/// The interface object requires a field of the interface.
#[tokio::test]
async fn requires_fields_of_the_interface() {
    let graph = Graph::open([
        (
            "ware",
            r#"
            type Query { goods: [Good!]! chair: Chair }
            interface Good @key(fields: "sku") { sku: ID! cost: Int! }
            type Chair implements Good @key(fields: "sku") { sku: ID! cost: Int! legs: Int! }
            type Lamp implements Good @key(fields: "sku") { sku: ID! cost: Int! watts: Int! }
            "#,
            json!({
                "Query": { "goods": ["Chair:c", "Lamp:l"], "chair": "c" },
                "Chair": [{ "sku": "c", "cost": 20, "legs": 4 }],
                "Lamp": [{ "sku": "l", "cost": 9, "watts": 40 }],
            }),
        ),
        (
            "price",
            r#"
            type Good @key(fields: "sku") @interfaceObject {
                sku: ID!
                cost: Int! @external
                price: String! @requires(fields: "cost")
            }
            "#,
            json!({ "Good": [{ "price": "=2x{cost}" }] }),
        ),
    ])
    .await;
    graph
        .expect(
            "{ goods { price } }",
            json!({ "goods": [{ "price": "2x20" }, { "price": "2x9" }] }),
            "price ware",
        )
        .await;
    graph
        .expect(
            "{ goods { sku ... on Lamp { watts price } } chair { price legs } }",
            json!({
                "goods": [{ "sku": "c" }, { "sku": "l", "watts": 40, "price": "2x9" }],
                "chair": { "price": "2x20", "legs": 4 },
            }),
            "price ware",
        )
        .await;
}

/// Two interface objects of one interface, one of which starts the query; the types are the
/// third's.
#[tokio::test]
async fn joins_two_interface_objects() {
    let graph = Graph::open([
        (
            "core",
            r#"
            interface Account @key(fields: "id") { id: ID! }
            type Person implements Account @key(fields: "id") { id: ID! age: Int }
            type Firm implements Account @key(fields: "id") { id: ID! staff: Int! }
            "#,
            json!({
                "Person": [{ "id": "1", "age": 30 }],
                "Firm": [{ "id": "2", "staff": 12 }],
            }),
        ),
        (
            "chat",
            r#"
            type Query { online: [Account]! }
            type Account @key(fields: "id") @interfaceObject { id: ID! status: String }
            "#,
            json!({
                "Query": { "online": ["1", null, "2"] },
                "Account": [{ "id": "1", "status": "busy" }, { "id": "2", "status": null }],
            }),
        ),
        (
            "bank",
            r#"type Account @key(fields: "id") @interfaceObject { id: ID! money: Int! }"#,
            json!({ "Account": [{ "id": "1", "money": 3 }, { "id": "2", "money": 900 }] }),
        ),
    ])
    .await;
    graph
        .expect(
            "{ online { status money } }",
            json!({ "online": [
                { "status": "busy", "money": 3 }, null, { "status": null, "money": 900 },
            ] }),
            "bank chat",
        )
        .await;
    graph
        .expect(
            "{ online { money ... on Person { age } } }",
            json!({ "online": [{ "money": 3, "age": 30 }, null, { "money": 900 }] }),
            "bank chat core",
        )
        .await;
    graph
        .expect(
            "{ online { __typename } }",
            json!({ "online": [
                { "__typename": "Person" }, null, { "__typename": "Firm" },
            ] }),
            "chat core",
        )
        .await;
}

/// From an interface object to the fields of its types, whatever the subgraphs are called: the
/// planner follows the first name.
#[tokio::test]
async fn narrows_interface_objects_whatever_the_names_are() {
    for [core, chat, bank] in [
        ["core", "chat", "bank"],
        ["a", "b", "c"],
        ["z", "y", "x"],
        ["b", "a", "c"],
        ["b", "c", "a"],
    ] {
        let graph = Graph::open([
            (
                core,
                r#"
                type Query { person: Person }
                interface Account @key(fields: "id") { id: ID! }
                type Person implements Account @key(fields: "id") { id: ID! age: Int }
                type Firm implements Account @key(fields: "id") { id: ID! staff: Int! }
                "#,
                json!({
                    "Query": { "person": "1" },
                    "Person": [{ "id": "1", "age": 30 }],
                    "Firm": [{ "id": "2", "staff": 12 }],
                }),
            ),
            (
                chat,
                r#"
                type Query { online: [Account]! }
                type Account @key(fields: "id") @interfaceObject { id: ID! status: String }
                "#,
                json!({
                    "Query": { "online": ["1", null, "2"] },
                    "Account": [{ "id": "1", "status": "busy" }, { "id": "2", "status": null }],
                }),
            ),
            (
                bank,
                r#"
                type Query { richest: Account! }
                type Account @key(fields: "id") @interfaceObject {
                    id: ID!
                    status: String @external
                    money: Int!
                    rating: String @requires(fields: "status")
                }
                "#,
                json!({
                    "Query": { "richest": "2" },
                    "Account": [
                        { "id": "1", "money": 3, "rating": "=A {status}" },
                        { "id": "2", "money": 900, "rating": "=B {status}" },
                    ],
                }),
            ),
        ])
        .await;
        for (query, data) in [
            (
                "{ online { ... on Person { age } } }",
                json!({ "online": [{ "age": 30 }, null, {}] }),
            ),
            (
                "{ online { __typename money ... on Person { age } ... on Firm { staff status } } }",
                json!({ "online": [
                    { "__typename": "Person", "money": 3, "age": 30 },
                    null,
                    { "__typename": "Firm", "money": 900, "staff": 12, "status": null },
                ] }),
            ),
            (
                "{ online { ... on Person { age rating } } richest { rating ... on Firm { staff } } }",
                json!({
                    "online": [{ "age": 30, "rating": "A busy" }, null, {}],
                    "richest": { "rating": "B null", "staff": 12 },
                }),
            ),
            (
                "{ person { age money rating } }",
                json!({ "person": { "age": 30, "money": 3, "rating": "A busy" } }),
            ),
        ] {
            let answer = graph.ask(query, json!({})).await;
            assert_eq!(
                answer,
                json!({ "data": data }),
                "{core} {chat} {bank}: {query}"
            );
        }
    }
}
