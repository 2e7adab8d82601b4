//! Unions and interfaces across subgraphs.

use serde_json::json;

use crate::support::Graph;

/// Each subgraph has its own members of the union; a member is joined from the third.
#[tokio::test]
async fn unions_have_members_that_only_some_subgraphs_know() {
    let graph = Graph::open([
        (
            "search",
            r#"
            type Query { find: [Hit!]! }
            union Hit = Page | Person
            type Page @key(fields: "id") { id: ID! }
            type Person @key(fields: "id") { id: ID! }
            "#,
            json!({ "Query": { "find": [
                { "__typename": "Page", "id": "p" },
                { "__typename": "Person", "id": "u" },
            ] } }),
        ),
        (
            "pages",
            r#"
            type Query { trail: [Hit!]! }
            union Hit = Page | File
            type Page @key(fields: "id") { id: ID! text: String! }
            type File @key(fields: "id") { id: ID! bytes: Int! }
            "#,
            json!({
                "Query": { "trail": ["File:f", "Page:p"] },
                "Page": [{ "id": "p", "text": "Hello" }],
                "File": [{ "id": "f", "bytes": 12 }],
            }),
        ),
        (
            "people",
            r#"
            type Person @key(fields: "id") { id: ID! name: String! }
            type File @key(fields: "id") { id: ID! owner: Person }
            "#,
            json!({
                "Person": [{ "id": "u", "name": "Ada" }],
                "File": [{ "id": "f", "owner": "u" }],
            }),
        ),
    ])
    .await;
    let ask = "__typename ... on Page { text } ... on Person { name } ... on File { bytes owner { name } }";
    graph
        .expect(
            &format!("{{ find {{ {ask} }} }}"),
            json!({ "find": [
                { "__typename": "Page", "text": "Hello" },
                { "__typename": "Person", "name": "Ada" },
            ] }),
            "pages people search",
        )
        .await;
    graph
        .expect(
            &format!("{{ trail {{ {ask} }} }}"),
            json!({ "trail": [
                { "__typename": "File", "bytes": 12, "owner": { "name": "Ada" } },
                { "__typename": "Page", "text": "Hello" },
            ] }),
            "pages people",
        )
        .await;
}

/// A shared field whose union has other members in each subgraph: only what all have in common
/// can come, and asking for the rest is no error.
#[tokio::test]
async fn intersects_the_unions_of_a_shared_field() {
    let graph = Graph::open([
        (
            "a",
            r"
            type Query { top: Media @shareable list: [Media]! }
            union Media = Book | Film
            type Book @shareable { title: String! }
            type Film { title: String! }
            ",
            json!({ "Query": {
                "top": { "__typename": "Book", "title": "Looms" },
                "list": [{ "__typename": "Film", "title": "Engines" }, null],
            } }),
        ),
        (
            "b",
            r"
            type Query { top: Media @shareable last: Media }
            union Media = Book | Song
            type Book @shareable { title: String! }
            type Song { title: String! }
            ",
            json!({ "Query": {
                "top": { "__typename": "Book", "title": "Looms" },
                "last": { "__typename": "Song", "title": "Ode" },
            } }),
        ),
    ])
    .await;
    let all =
        "{ __typename ... on Book { title } ... on Film { t: title } ... on Song { s: title } }";
    let answer = graph.ask(&format!("{{ top {all} }}"), json!({})).await;
    assert_eq!(
        answer,
        json!({ "data": { "top": { "__typename": "Book", "title": "Looms" } } })
    );
    graph.take_requests();
    graph
        .expect(
            &format!("{{ list {all} last {all} }}"),
            json!({
                "list": [{ "__typename": "Film", "t": "Engines" }, null],
                "last": { "__typename": "Song", "s": "Ode" },
            }),
            "a b",
        )
        .await;
}

/// The interface of one subgraph is not known to the other, which has the types and more fields.
#[tokio::test]
async fn interfaces_of_one_subgraph_have_fields_of_another() {
    let graph = Graph::open([
        (
            "zoo",
            r#"
            type Query { animals: [Animal!]! }
            interface Animal { id: ID! legs: Int }
            type Cat implements Animal @key(fields: "id") { id: ID! legs: Int }
            type Eel implements Animal @key(fields: "id") { id: ID! legs: Int volts: Int! }
            "#,
            json!({
                "Query": { "animals": ["Cat:1", "Eel:2"] },
                "Cat": [{ "id": "1", "legs": 4 }],
                "Eel": [{ "id": "2", "legs": null, "volts": 500 }],
            }),
        ),
        (
            "vet",
            r#"
            interface Patient { id: ID! visits: [Visit!]! }
            type Visit { day: Int! cost: Int }
            type Cat implements Patient @key(fields: "id") { id: ID! visits: [Visit!]! }
            type Eel implements Patient @key(fields: "id") { id: ID! visits: [Visit!]! }
            "#,
            json!({
                "Cat": [{ "id": "1", "visits": [{ "day": 1, "cost": 5 }] }],
                "Eel": [{ "id": "2", "visits": [] }],
            }),
        ),
    ])
    .await;
    graph
        .expect(
            "{ animals { legs ... on Patient { visits { day cost } } ... on Eel { volts } } }",
            json!({ "animals": [
                { "legs": 4, "visits": [{ "day": 1, "cost": 5 }] },
                { "legs": null, "visits": [], "volts": 500 },
            ] }),
            "vet zoo",
        )
        .await;
    graph
        .expect(
            "{ animals { ... on Cat { visits { day } } } }",
            json!({ "animals": [{ "visits": [{ "day": 1 }] }, {}] }),
            "vet zoo",
        )
        .await;
}

/// Both subgraphs have the interface, each with other implementations of it.
#[tokio::test]
async fn interfaces_have_implementations_that_only_some_subgraphs_know() {
    let graph = Graph::open([
        (
            "shop",
            r#"
            type Query { items: [Item!]! }
            interface Item { id: ID! name: String! }
            type Toy implements Item @key(fields: "id") { id: ID! name: String! age: Int! }
            "#,
            json!({
                "Query": { "items": ["Toy:t"] },
                "Toy": [{ "id": "t", "name": "Top", "age": 3 }],
            }),
        ),
        (
            "library",
            r#"
            type Query { lent: [Item!]! }
            interface Item { id: ID! name: String! }
            type Map implements Item @key(fields: "id") { id: ID! name: String! scale: Int! }
            type Toy implements Item @key(fields: "id") { id: ID! name: String! @external lent: Boolean! }
            "#,
            json!({
                "Query": { "lent": ["Map:m", "Toy:t"] },
                "Map": [{ "id": "m", "name": "Alps", "scale": 50 }],
                "Toy": [{ "id": "t", "lent": true }],
            }),
        ),
    ])
    .await;
    graph
        .expect(
            "{ items { name ... on Toy { lent } ... on Map { scale } } }",
            json!({ "items": [{ "name": "Top", "lent": true }] }),
            "library shop",
        )
        .await;
    graph
        .expect(
            "{ lent { id name ... on Toy { age } } }",
            json!({ "lent": [{ "id": "m", "name": "Alps" }, { "id": "t", "name": "Top", "age": 3 }] }),
            "library shop",
        )
        .await;
}

/// Fragments on abstract types within others, and a union all of whose members are of an
/// interface.
#[tokio::test]
async fn narrows_through_nested_fragments() {
    let graph = Graph::open([
        (
            "one",
            r#"
            type Query { nodes: [Node!]! }
            interface Node { id: ID! }
            interface Named implements Node { id: ID! name: String! }
            union Thing = Dog | Rock
            type Dog implements Node & Named @key(fields: "id") { id: ID! name: String! }
            type Rock implements Node @key(fields: "id") { id: ID! }
            "#,
            json!({
                "Query": { "nodes": ["Dog:d", "Rock:r"] },
                "Dog": [{ "id": "d", "name": "Rex" }],
                "Rock": [{ "id": "r" }],
            }),
        ),
        (
            "two",
            r#"
            type Dog @key(fields: "id") { id: ID! bark: String }
            type Rock @key(fields: "id") { id: ID! mass: Int! }
            "#,
            json!({
                "Dog": [{ "id": "d", "bark": "woof" }],
                "Rock": [{ "id": "r", "mass": 8 }],
            }),
        ),
    ])
    .await;
    graph
        .expect(
            "{ nodes { ...N } } fragment N on Node { ... on Thing { ... on Named { name ...D } \
             ... on Rock { mass } } id } fragment D on Dog { bark }",
            json!({ "nodes": [
                { "name": "Rex", "bark": "woof", "id": "d" },
                { "mass": 8, "id": "r" },
            ] }),
            "one two",
        )
        .await;
}
