//! `@key`: one, several, nested, composite, null, not resolvable.

use serde_json::json;

use crate::support::Graph;

#[tokio::test]
async fn joins_by_a_simple_key_and_sends_each_entity_once() {
    let graph = Graph::open([
        (
            "catalogue",
            r#"
            type Query { books: [Book!]! }
            type Book @key(fields: "isbn") { isbn: ID! title: String! }
            "#,
            json!({
                "Query": { "books": ["b1", "b2"] },
                "Book": [{ "isbn": "b1", "title": "Looms" }, { "isbn": "b2", "title": "Engines" }],
            }),
        ),
        (
            "loans",
            r#"
            type Query { loans: [Loan]! }
            type Loan { day: Int! book: Book }
            type Book @key(fields: "isbn") { isbn: ID! copies: Int! }
            "#,
            json!({
                "Query": { "loans": [
                    { "day": 1, "book": "b1" },
                    { "day": 2, "book": "b2" },
                    null,
                    { "day": 3, "book": "b1" },
                    { "day": 4, "book": null },
                ] },
                "Book": [{ "isbn": "b1", "copies": 3 }, { "isbn": "b2", "copies": 0 }],
            }),
        ),
    ])
    .await;
    let looms = json!({ "title": "Looms", "copies": 3 });
    let engines = json!({ "title": "Engines", "copies": 0 });
    graph
        .expect(
            "{ books { title copies } }",
            json!({ "books": [looms, engines] }),
            "catalogue loans",
        )
        .await;
    graph
        .expect_with(
            "{ loans { day book { title copies } } }",
            json!({}),
            json!({ "loans": [
                { "day": 1, "book": looms },
                { "day": 2, "book": engines },
                null,
                { "day": 3, "book": looms },
                { "day": 4, "book": null },
            ] }),
            "catalogue loans",
        )
        .await;
    graph.ask("{ loans { book { title } } }", json!({})).await;
    assert_eq!(
        graph.take_requests()["catalogue"][0]["variables"]["representations"],
        json!([{ "__typename": "Book", "isbn": "b1" }, { "__typename": "Book", "isbn": "b2" }])
    );
}

/// `accounts` knows a person by id, `mail` by address, `directory` by both: mail to accounts
/// leads over directory.
#[tokio::test]
async fn goes_over_a_third_subgraph_from_one_key_to_another() {
    let graph = Graph::open([
        (
            "accounts",
            r#"
            type Query { person(id: ID!): Person }
            type Person @key(fields: "id") { id: ID! nick: String! }
            "#,
            json!({
                "Query": { "person": "={args.id}" },
                "Person": [{ "id": "1", "nick": "ada" }, { "id": "2", "nick": "bob" }],
            }),
        ),
        (
            "directory",
            r#"
            type Person @key(fields: "id") @key(fields: "address") {
                id: ID!
                address: String!
                floor: Int
            }
            "#,
            json!({ "Person": [
                { "id": "1", "address": "a@x", "floor": 3 },
                { "id": "2", "address": "b@x", "floor": null },
            ] }),
        ),
        (
            "mail",
            r#"
            type Query { unread: [Letter!]! }
            type Letter { subject: String! from: Person! }
            type Person @key(fields: "address") { address: String! letters: Int! }
            "#,
            json!({
                "Query": { "unread": [
                    { "subject": "Hi", "from": "b@x" },
                    { "subject": "Re", "from": "a@x" },
                ] },
                "Person": [{ "address": "a@x", "letters": 7 }, { "address": "b@x", "letters": 0 }],
            }),
        ),
    ])
    .await;
    graph
        .expect(
            "{ unread { subject from { nick floor } } }",
            json!({ "unread": [
                { "subject": "Hi", "from": { "nick": "bob", "floor": null } },
                { "subject": "Re", "from": { "nick": "ada", "floor": 3 } },
            ] }),
            "accounts directory mail",
        )
        .await;
    graph
        .expect_with(
            "query ($id: ID!) { person(id: $id) { nick letters } nobody: person(id: 9) { letters } }",
            json!({ "id": "1" }),
            json!({ "person": { "nick": "ada", "letters": 7 }, "nobody": null }),
            "accounts directory mail",
        )
        .await;
}

#[tokio::test]
async fn joins_by_composite_and_nested_keys() {
    let graph = Graph::open([
        (
            "flights",
            r#"
            type Query { departures: [Flight!]! }
            type Flight @key(fields: "number leg { from { code } day }") {
                number: Int!
                leg: Leg!
                gate: String
            }
            type Leg @shareable { from: Airport! day: Int! }
            type Airport @key(fields: "code") { code: String! town: String! }
            "#,
            json!({
                "Query": { "departures": [
                    { "number": 1, "leg": { "from": "LED", "day": 5 }, "gate": "B" },
                    { "number": 1, "leg": { "from": "LED", "day": 6 }, "gate": null },
                    { "number": 1, "leg": { "from": "AMS", "day": 5 }, "gate": "C" },
                ] },
                "Airport": [
                    { "code": "LED", "town": "Petersburg" },
                    { "code": "AMS", "town": "Amsterdam" },
                ],
            }),
        ),
        (
            "crews",
            r#"
            type Flight @key(fields: "number leg { from { code } day }") {
                number: Int!
                leg: Leg!
                captain: String
            }
            type Leg @shareable { from: Airport! day: Int! }
            type Airport @key(fields: "code", resolvable: false) { code: String! }
            "#,
            json!({ "Flight": [
                { "number": 1, "leg": { "from": { "code": "LED" }, "day": 5 }, "captain": "Ann" },
                { "number": 1, "leg": { "from": { "code": "AMS" }, "day": 5 }, "captain": "Cor" },
            ] }),
        ),
        (
            "weather",
            r#"
            type Airport @key(fields: "code") { code: String! wind: Int! }
            "#,
            json!({ "Airport": [{ "code": "LED", "wind": 9 }, { "code": "AMS", "wind": 14 }] }),
        ),
    ])
    .await;
    graph
        .expect(
            "{ departures { gate captain leg { from { town wind } } } }",
            json!({ "departures": [
                { "gate": "B", "captain": "Ann", "leg": { "from": { "town": "Petersburg", "wind": 9 } } },
                { "gate": null, "captain": null, "leg": { "from": { "town": "Petersburg", "wind": 9 } } },
                { "gate": "C", "captain": "Cor", "leg": { "from": { "town": "Amsterdam", "wind": 14 } } },
            ] }),
            "crews flights weather",
        )
        .await;
}

/// A key with a null in it is whole when another part has a value; alone it leads nowhere.
#[tokio::test]
async fn null_keys_lead_nowhere_and_null_parts_of_keys_do() {
    let graph = Graph::open([
        (
            "orders",
            r#"
            type Query { orders: [Order!]! }
            type Order { no: Int! parcel: Parcel seller: Seller }
            type Parcel @key(fields: "code") { code: String }
            type Seller @key(fields: "firm branch") { firm: String! branch: String }
            "#,
            json!({ "Query": { "orders": [
                { "no": 1, "parcel": { "code": "x" }, "seller": { "firm": "f", "branch": null } },
                { "no": 2, "parcel": { "code": null }, "seller": { "firm": "f", "branch": "b" } },
                { "no": 3, "parcel": null, "seller": null },
            ] } }),
        ),
        (
            "post",
            r#"
            type Parcel @key(fields: "code") { code: String stops: [String] }
            type Seller @key(fields: "firm branch") { firm: String! branch: String town: String }
            "#,
            json!({
                "Parcel": [{ "code": "x", "stops": ["A", null, "B"] }],
                "Seller": [
                    { "firm": "f", "branch": null, "town": "Omsk" },
                    { "firm": "f", "branch": "b", "town": "Tomsk" },
                ],
            }),
        ),
    ])
    .await;
    graph
        .expect(
            "{ orders { no parcel { code stops } seller { town } } }",
            json!({ "orders": [
                {
                    "no": 1,
                    "parcel": { "code": "x", "stops": ["A", null, "B"] },
                    "seller": { "town": "Omsk" },
                },
                { "no": 2, "parcel": { "code": null, "stops": null }, "seller": { "town": "Tomsk" } },
                { "no": 3, "parcel": null, "seller": null },
            ] }),
            "orders post",
        )
        .await;
}

/// The subgraph that owns the link knows the target by its key only and cannot be asked for it.
#[tokio::test]
async fn stubs_that_are_not_resolvable_are_never_asked() {
    let graph = Graph::open([
        (
            "notes",
            r#"
            type Query { note: Note! }
            type Note @key(fields: "id") { id: ID! about: Topic! replies: [Note!]! }
            type Topic @key(fields: "slug", resolvable: false) { slug: String! }
            "#,
            json!({
                "Query": { "note": "n1" },
                "Note": [
                    { "id": "n1", "about": "iron", "replies": ["n2", "n2"] },
                    { "id": "n2", "about": "rest", "replies": [] },
                ],
            }),
        ),
        (
            "topics",
            r#"
            type Query { topic: Topic! }
            type Topic @key(fields: "slug") { slug: String! name: String! pinned: Note }
            type Note @key(fields: "id", resolvable: false) { id: ID! }
            "#,
            json!({
                "Query": { "topic": "rest" },
                "Topic": [
                    { "slug": "iron", "name": "Iron", "pinned": "n2" },
                    { "slug": "rest", "name": "Rest", "pinned": null },
                ],
            }),
        ),
    ])
    .await;
    graph
        .expect(
            "{ note { about { slug } replies { about { name } } } topic { slug pinned { id } } }",
            json!({
                "note": {
                    "about": { "slug": "iron" },
                    "replies": [{ "about": { "name": "Rest" } }, { "about": { "name": "Rest" } }],
                },
                "topic": { "slug": "rest", "pinned": null },
            }),
            "notes topics*2",
        )
        .await;
    graph
        .expect(
            "{ note { about { pinned { about { name } } } } }",
            json!({ "note": { "about": { "pinned": { "about": { "name": "Rest" } } } } }),
            "notes*2 topics*2",
        )
        .await;
}

/// Each subgraph's key differs from its neighbour's: a chain of three joins for one field.
#[tokio::test]
async fn follows_a_chain_of_keys() {
    let graph = Graph::open([
        (
            "a",
            r#"
            type Query { part: Part }
            type Part @key(fields: "id") { id: ID! }
            "#,
            json!({ "Query": { "part": { "id": "p" } } }),
        ),
        (
            "b",
            r#"type Part @key(fields: "id") @key(fields: "maker { id } no") { id: ID! maker: Maker! no: Int! }
            type Maker { id: ID! @shareable }"#,
            json!({ "Part": [{ "id": "p", "maker": { "id": "m" }, "no": 4 }] }),
        ),
        (
            "c",
            r#"type Part @key(fields: "maker { id } no") @key(fields: "bin") { maker: Maker! @shareable no: Int! @shareable bin: Int! }
            type Maker { id: ID! @shareable }"#,
            json!({ "Part": [{ "maker": { "id": "m" }, "no": 4, "bin": 77 }] }),
        ),
        (
            "d",
            r#"type Part @key(fields: "bin") { bin: Int! stock: Int }"#,
            json!({ "Part": [{ "bin": 77, "stock": 12 }] }),
        ),
    ])
    .await;
    graph
        .expect(
            "{ part { stock } }",
            json!({ "part": { "stock": 12 } }),
            "a b c d",
        )
        .await;
    graph
        .expect(
            "{ part { id __typename } }",
            json!({ "part": { "id": "p", "__typename": "Part" } }),
            "a",
        )
        .await;
}
