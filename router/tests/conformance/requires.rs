//! `@requires`: simple, nested, in chains, over lists and abstract types.

use serde_json::json;

use crate::support::{Graph, refusal};

#[tokio::test]
async fn sends_what_a_field_requires() {
    let graph = Graph::open([
        (
            "products",
            r#"
            type Query { products: [Product!]! }
            type Product @key(fields: "upc") { upc: ID! price: Int weight: Int }
            "#,
            json!({
                "Query": { "products": ["p1", "p2"] },
                "Product": [
                    { "upc": "p1", "price": 10, "weight": 3 },
                    { "upc": "p2", "price": null, "weight": 4 },
                ],
            }),
        ),
        (
            "shipping",
            r#"
            type Product @key(fields: "upc") {
                upc: ID!
                price: Int @external
                weight: Int @external
                label: String @requires(fields: "price weight")
                heavy: String @requires(fields: "weight")
                depot: String
            }
            "#,
            json!({ "Product": [{
                "label": "={upc}: {price} for {weight}",
                "heavy": "={weight} kg",
                "depot": "west",
            }] }),
        ),
    ])
    .await;
    graph
        .expect(
            "{ products { label depot } }",
            json!({ "products": [
                { "label": "p1: 10 for 3", "depot": "west" },
                { "label": "p2: null for 4", "depot": "west" },
            ] }),
            "products shipping",
        )
        .await;
    // an alias that has the name of what is required
    graph
        .expect(
            "{ products { price: upc weight heavy kept: label } }",
            json!({ "products": [
                { "price": "p1", "weight": 3, "heavy": "3 kg", "kept": "p1: 10 for 3" },
                { "price": "p2", "weight": 4, "heavy": "4 kg", "kept": "p2: null for 4" },
            ] }),
            "products shipping",
        )
        .await;
}

#[tokio::test]
async fn requires_nested_fields_of_lists_and_objects() {
    let graph = Graph::open([
        (
            "house",
            r#"
            type Query { house: House }
            type House @key(fields: "id") { id: ID! rooms: [Room!]! plot: Plot }
            type Room { side: Side! name: String! }
            type Side { a: Int! b: Int! }
            type Plot { size: Int! }
            "#,
            json!({
                "Query": { "house": "h" },
                "House": [{
                    "id": "h",
                    "rooms": [
                        { "name": "hall", "side": { "a": 2, "b": 3 } },
                        { "name": "bath", "side": { "a": 1, "b": 2 } },
                    ],
                    "plot": null,
                }],
            }),
        ),
        (
            "tax",
            r#"
            type House @key(fields: "id") {
                id: ID!
                rooms: [Room!]! @external
                plot: Plot @external
                floor: String! @requires(fields: "rooms { side { a b } } plot { size }")
                names: String @requires(fields: "rooms { name }")
            }
            type Room { side: Side! @external name: String! @external }
            type Side { a: Int! @external b: Int! @external }
            type Plot { size: Int! @external }
            "#,
            json!({ "House": [{ "floor": "={rooms.side} on {plot}", "names": "=all {rooms.name}" }] }),
        ),
    ])
    .await;
    graph
        .expect(
            "{ house { floor } }",
            json!({ "house": { "floor": r#"[{"a":2,"b":3},{"a":1,"b":2}] on null"# } }),
            "house tax",
        )
        .await;
    graph
        .expect(
            "{ house { names rooms { n: name } floor } }",
            json!({ "house": {
                "names": r#"all ["hall","bath"]"#,
                "rooms": [{ "n": "hall" }, { "n": "bath" }],
                "floor": r#"[{"a":2,"b":3},{"a":1,"b":2}] on null"#,
            } }),
            "house tax",
        )
        .await;
}

/// `c.rank` requires `b.score`, which requires `a.votes`.
#[tokio::test]
async fn follows_a_chain_of_requirements() {
    let graph = Graph::open([
        (
            "a",
            r#"
            type Query { posts: [Post] }
            type Post @key(fields: "id") { id: ID! votes: Int }
            "#,
            json!({
                "Query": { "posts": ["1", null, "2"] },
                "Post": [{ "id": "1", "votes": 5 }, { "id": "2", "votes": null }],
            }),
        ),
        (
            "b",
            r#"
            type Post @key(fields: "id") {
                id: ID!
                votes: Int @external
                score: String @requires(fields: "votes")
            }
            "#,
            json!({ "Post": [{ "score": "=s{votes}" }] }),
        ),
        (
            "c",
            r#"
            type Post @key(fields: "id") {
                id: ID!
                score: String @external
                votes: Int @external
                rank: String @requires(fields: "score")
                both: String @requires(fields: "score votes")
            }
            "#,
            json!({ "Post": [{ "rank": "=r{score}", "both": "={score}+{votes}" }] }),
        ),
    ])
    .await;
    graph
        .expect(
            "{ posts { rank } }",
            json!({ "posts": [{ "rank": "rs5" }, null, { "rank": "rsnull" }] }),
            "a b c",
        )
        .await;
    graph
        .expect(
            "{ posts { both id } }",
            json!({ "posts": [
                { "both": "s5+5", "id": "1" }, null, { "both": "snull+null", "id": "2" },
            ] }),
            "a b c",
        )
        .await;
}

/// The field that requires lies below a list in an entity of another subgraph, and what it
/// requires comes from a third.
#[tokio::test]
async fn requires_from_a_third_subgraph_below_lists() {
    let graph = Graph::open([
        (
            "teams",
            r#"
            type Query { teams: [Team!]! }
            type Team { name: String! members: [Member!]! }
            type Member @key(fields: "id") { id: ID! }
            "#,
            json!({ "Query": { "teams": [
                { "name": "red", "members": [{ "id": "1" }, { "id": "2" }] },
                { "name": "blue", "members": [{ "id": "2" }] },
                { "name": "none", "members": [] },
            ] } }),
        ),
        (
            "people",
            r#"type Member @key(fields: "id") { id: ID! born: Int! }"#,
            json!({ "Member": [{ "id": "1", "born": 1990 }, { "id": "2", "born": 2000 }] }),
        ),
        (
            "league",
            r#"
            type Member @key(fields: "id") {
                id: ID!
                born: Int! @external
                class: String! @requires(fields: "born")
            }
            "#,
            json!({ "Member": [{ "class": "=U{born}" }] }),
        ),
    ])
    .await;
    graph
        .expect(
            "{ teams { name members { class } } }",
            json!({ "teams": [
                { "name": "red", "members": [{ "class": "U1990" }, { "class": "U2000" }] },
                { "name": "blue", "members": [{ "class": "U2000" }] },
                { "name": "none", "members": [] },
            ] }),
            "league people teams",
        )
        .await;
}

/// What is required is an entity of which the key alone is there: its fields come from its owner.
#[tokio::test]
async fn requires_fields_behind_another_entity() {
    let graph = Graph::open([
        (
            "orders",
            r#"
            type Query { order: Order }
            type Order @key(fields: "id") { id: ID! buyer: Buyer }
            type Buyer @key(fields: "id", resolvable: false) { id: ID! }
            "#,
            json!({ "Query": { "order": { "id": "o", "buyer": { "id": "b" } } } }),
        ),
        (
            "buyers",
            r#"type Buyer @key(fields: "id") { id: ID! town: String! }"#,
            json!({ "Buyer": [{ "id": "b", "town": "Omsk" }] }),
        ),
        (
            "routes",
            r#"
            type Order @key(fields: "id") {
                id: ID!
                buyer: Buyer @external
                route: String @requires(fields: "buyer { town }")
            }
            type Buyer @key(fields: "id") { id: ID! town: String! @external }
            "#,
            json!({ "Order": [{ "route": "=to {buyer.town}" }] }),
        ),
    ])
    .await;
    graph
        .expect(
            "{ order { route } }",
            json!({ "order": { "route": "to Omsk" } }),
            "buyers orders routes",
        )
        .await;
}

/// What is required of a union and of an interface is read through fragments: on their types, on
/// an interface that only some of them have, and within each other. A type that the requiring
/// subgraph does not know gives nothing but its interface's fields.
#[tokio::test]
async fn requires_through_fragments_on_unions_and_interfaces() {
    let graph = Graph::open([
        (
            "shop",
            r#"
            type Query { orders: [Order!]! }
            type Order @key(fields: "id") { id: ID! item: Item good: Good }
            union Item = Book | Disc | Card
            interface Good { code: String! }
            type Book implements Good { code: String! pages: Int next: Good }
            type Disc implements Good { code: String! minutes: Int }
            type Card { value: Int }
            "#,
            json!({
                "Query": { "orders": ["1", "2", "3", "4"] },
                "Order": [
                    {
                        "id": "1",
                        "item": { "__typename": "Book", "code": "b", "pages": 9,
                            "next": { "__typename": "Disc", "code": "n", "minutes": 5 } },
                        "good": { "__typename": "Disc", "code": "d", "minutes": 40 },
                    },
                    {
                        "id": "2",
                        "item": { "__typename": "Disc", "code": "d", "minutes": 40 },
                        "good": { "__typename": "Book", "code": "b", "pages": null },
                    },
                    { "id": "3", "item": { "__typename": "Card", "value": 7 }, "good": null },
                    { "id": "4", "item": null, "good": null },
                ],
            }),
        ),
        (
            "post",
            r#"
            type Order @key(fields: "id") {
                id: ID!
                item: Item @external
                good: Good @external
                fee: String @requires(fields: "item { ... on Good { code } ... on Card { value } }")
                weight: String @requires(fields: "good { code ... on Book { pages } }")
                deep: String @requires(fields: "item { ... on Book { next { ... on Disc { minutes } } } }")
            }
            union Item = Book | Disc | Card
            interface Good { code: String! @external }
            type Book implements Good { code: String! @external pages: Int @external next: Good @external }
            type Disc implements Good { code: String! @external minutes: Int @external }
            type Card { value: Int @external }
            "#,
            json!({ "Order": [{ "fee": "=of {item}", "weight": "=of {good}", "deep": "=of {item}" }] }),
        ),
    ])
    .await;
    graph
        .expect(
            "{ orders { fee } }",
            json!({ "orders": [
                { "fee": r#"of {"__typename":"Book","code":"b"}"# },
                { "fee": r#"of {"__typename":"Disc","code":"d"}"# },
                { "fee": r#"of {"__typename":"Card","value":7}"# },
                { "fee": "of null" },
            ] }),
            "post shop",
        )
        .await;
    graph
        .expect(
            "{ orders { weight item { ... on Card { value } } } }",
            json!({ "orders": [
                { "weight": r#"of {"__typename":"Disc","code":"d"}"#, "item": {} },
                { "weight": r#"of {"__typename":"Book","code":"b","pages":null}"#, "item": {} },
                { "weight": "of null", "item": { "value": 7 } },
                { "weight": "of null", "item": null },
            ] }),
            "post shop",
        )
        .await;
    graph
        .expect(
            "{ orders { deep } }",
            json!({ "orders": [
                { "deep": r#"of {"__typename":"Book","next":{"__typename":"Disc","minutes":5}}"# },
                { "deep": r#"of {"__typename":"Disc"}"# },
                { "deep": r#"of {"__typename":"Card"}"# },
                { "deep": "of null" },
            ] }),
            "post shop",
        )
        .await;
}

#[test]
fn requirements_that_nobody_meets_do_not_compose() {
    let told = refusal([
        (
            "shop",
            r#"
            type Query { orders: [Order!]! }
            type Order @key(fields: "id") { id: ID! item: Item }
            union Item = Book | Disc
            type Book { pages: Int }
            type Disc { minutes: Int }
            "#,
        ),
        (
            "post",
            r#"
            type Order @key(fields: "id") {
                id: ID!
                item: Item @external
                fee: String @requires(fields: "item { ... on Tape { length } }")
            }
            union Item = Book | Tape
            type Book { pages: Int @external }
            type Tape { length: Int @external }
            "#,
        ),
    ]);
    assert!(
        told.contains("[post]") || told.contains("\"post\""),
        "{told}"
    );
}
