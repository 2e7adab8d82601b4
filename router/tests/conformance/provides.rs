//! `@provides`: a path on which a subgraph answers for what is another's otherwise.

use serde_json::json;

use crate::support::Graph;

#[tokio::test]
async fn asks_no_second_subgraph_for_what_is_provided() {
    let graph = Graph::open([
        (
            "reviews",
            r#"
            type Query { reviews: [Review!]! latest: Review }
            type Review @key(fields: "id") {
                id: ID!
                author: User @provides(fields: "name")
                editor: User
            }
            type User @key(fields: "id") { id: ID! name: String! @external }
            "#,
            json!({
                "Query": { "reviews": ["r"], "latest": "r" },
                "Review": [{
                    "id": "r",
                    "author": { "id": "1", "name": "Ada" },
                    "editor": { "id": "2", "name": "not to be asked" },
                }],
            }),
        ),
        (
            "users",
            r#"type User @key(fields: "id") { id: ID! name: String! born: Int }"#,
            json!({ "User": [
                { "id": "1", "name": "Ada", "born": 1815 },
                { "id": "2", "name": "Bob", "born": null },
            ] }),
        ),
    ])
    .await;
    graph
        .expect(
            "{ reviews { author { name } } }",
            json!({ "reviews": [{ "author": { "name": "Ada" } }] }),
            "reviews",
        )
        .await;
    graph
        .expect(
            "{ latest { author { name born } editor { name } } }",
            json!({ "latest": { "author": { "name": "Ada", "born": 1815 }, "editor": { "name": "Bob" } } }),
            "reviews users",
        )
        .await;
}

#[tokio::test]
async fn provides_nested_fields() {
    let graph = Graph::open([
        (
            "cart",
            r#"
            type Query {
                cart: [Item!]! @provides(fields: "maker { town { name } } title")
                saved: [Item!]!
            }
            type Item @key(fields: "id") { id: ID! title: String @external maker: Maker @external }
            type Maker @key(fields: "id") { id: ID! town: Town @external }
            type Town { name: String @external }
            "#,
            json!({ "Query": {
                "cart": [
                    { "id": "1", "title": "Saw", "maker": { "id": "m", "town": { "name": "Omsk" } } },
                    { "id": "2", "title": null, "maker": null },
                ],
                "saved": [{ "id": "1", "title": "not to be asked" }],
            } }),
        ),
        (
            "items",
            r#"
            type Item @key(fields: "id") { id: ID! title: String @shareable maker: Maker @shareable }
            type Maker @key(fields: "id") { id: ID! town: Town @shareable size: Int }
            type Town { name: String @shareable zip: Int }
            "#,
            json!({
                "Item": [{ "id": "1", "title": "Saw", "maker": "m" }, { "id": "2", "title": null, "maker": null }],
                "Maker": [{ "id": "m", "size": 40, "town": { "name": "Omsk", "zip": 644 } }],
            }),
        ),
    ])
    .await;
    graph
        .expect(
            "{ cart { title maker { town { name } } } }",
            json!({ "cart": [
                { "title": "Saw", "maker": { "town": { "name": "Omsk" } } },
                { "title": null, "maker": null },
            ] }),
            "cart",
        )
        .await;
    graph
        .expect(
            "{ cart { maker { size town { name zip } } } saved { title } }",
            json!({
                "cart": [
                    { "maker": { "size": 40, "town": { "name": "Omsk", "zip": 644 } } },
                    { "maker": null },
                ],
                "saved": [{ "title": "Saw" }],
            }),
            "cart items",
        )
        .await;
}

#[tokio::test]
async fn provides_on_the_members_of_a_union() {
    let graph = Graph::open([
        (
            "feed",
            r#"
            type Query { feed: [Entry!]! @provides(fields: "... on Film { title } ... on Song { length }") }
            union Entry = Film | Song
            type Film @key(fields: "id") { id: ID! title: String! @external }
            type Song @key(fields: "id") { id: ID! length: Int! @external }
            "#,
            json!({ "Query": { "feed": [
                { "__typename": "Film", "id": "f", "title": "Metropolis" },
                { "__typename": "Song", "id": "s", "length": 180 },
            ] } }),
        ),
        (
            "media",
            r#"
            type Film @key(fields: "id") { id: ID! title: String! @shareable year: Int }
            type Song @key(fields: "id") { id: ID! title: String! length: Int! @shareable }
            "#,
            json!({
                "Film": [{ "id": "f", "title": "Metropolis", "year": 1927 }],
                "Song": [{ "id": "s", "title": "Looms", "length": 180 }],
            }),
        ),
    ])
    .await;
    graph
        .expect(
            "{ feed { ... on Film { title } ... on Song { length } } }",
            json!({ "feed": [{ "title": "Metropolis" }, { "length": 180 }] }),
            "feed",
        )
        .await;
    graph
        .expect(
            "{ feed { __typename ... on Film { title year } ... on Song { name: title length } } }",
            json!({ "feed": [
                { "__typename": "Film", "title": "Metropolis", "year": 1927 },
                { "__typename": "Song", "name": "Looms", "length": 180 },
            ] }),
            "feed media",
        )
        .await;
}

#[tokio::test]
async fn provides_on_an_interface() {
    let graph = Graph::open([
        (
            "shelf",
            r#"
            type Query { shelf: [Media!]! @provides(fields: "... on Book { pages }") }
            interface Media { id: ID! }
            type Book implements Media @key(fields: "id") { id: ID! pages: Int! @external }
            type Disc implements Media @key(fields: "id") { id: ID! }
            "#,
            json!({ "Query": { "shelf": [
                { "__typename": "Book", "id": "b", "pages": 90 },
                { "__typename": "Disc", "id": "d" },
            ] } }),
        ),
        (
            "stock",
            r#"
            interface Media { id: ID! pages: Int }
            type Book implements Media @key(fields: "id") { id: ID! pages: Int! @shareable }
            type Disc implements Media @key(fields: "id") { id: ID! pages: Int }
            "#,
            json!({
                "Book": [{ "id": "b", "pages": 90 }],
                "Disc": [{ "id": "d", "pages": null }],
            }),
        ),
    ])
    .await;
    graph
        .expect(
            "{ shelf { id ... on Book { pages } } }",
            json!({ "shelf": [{ "id": "b", "pages": 90 }, { "id": "d" }] }),
            "shelf",
        )
        .await;
    graph
        .expect(
            "{ shelf { pages } }",
            json!({ "shelf": [{ "pages": 90 }, { "pages": null }] }),
            "shelf stock",
        )
        .await;
}
