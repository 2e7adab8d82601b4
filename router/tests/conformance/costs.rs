//! `@cost` and `@listSize`: weights that come from several subgraphs, and the limit on what an
//! operation may cost by them. `tests/graph/cost.rs` has the arithmetic.

use serde_json::{Value, json};

use crate::support::{Graph, Part, refusal};

/// A graph that takes operations up to this cost.
async fn graph<const N: usize>(parts: [Part<'_>; N], max_cost: f64) -> Graph {
    Graph::open_with(parts, |config| config.limits.max_cost = Some(max_cost)).await
}

/// Holds that each operation is refused for its cost and reaches no subgraph.
async fn expect_costs(graph: &Graph, costs: &[(&str, f64)]) {
    for (query, cost) in costs {
        let answer = graph.ask(query, json!({})).await;
        let extensions = &answer["errors"][0]["extensions"];
        assert_eq!(extensions["limit"], "cost", "{query}: {answer}");
        assert_eq!(extensions["found"], json!(cost), "{query}");
    }
    assert!(graph.take_requests().is_empty());
}

async fn code(graph: &Graph, query: &str, variables: Value) -> Value {
    let answer = graph.ask(query, variables).await;
    answer["errors"][0]["extensions"]["code"].clone()
}

/// The largest weight of a type, an enum, a scalar and a field counts, wherever it is said.
#[tokio::test]
async fn types_and_fields_weigh_as_the_heaviest_subgraph_says() {
    let graph = graph(
        [
            (
                "a",
                r#"
                type Query { row: Row }
                type Row @key(fields: "id") @cost(weight: 3) {
                    id: ID!
                    heavy: Int @shareable @cost(weight: 5)
                    kind: Kind @shareable
                    at: Stamp @shareable
                }
                enum Kind @cost(weight: 1) { A }
                scalar Stamp @cost(weight: 4)
                "#,
                json!({
                    "Query": { "row": "1" },
                    "Row": [{ "id": "1", "heavy": 9, "kind": "A", "at": "now" }],
                }),
            ),
            (
                "b",
                r#"
                type Row @key(fields: "id") @cost(weight: 2) {
                    id: ID!
                    heavy: Int @shareable @cost(weight: 7)
                    kind: Kind @shareable
                    at: Stamp @shareable
                    own: Row @cost(weight: 10)
                }
                enum Kind @cost(weight: 6) { A }
                scalar Stamp @cost(weight: 1)
                "#,
                json!({ "Row": [{ "id": "1", "own": "1" }] }),
            ),
        ],
        10.0,
    )
    .await;
    graph
        .expect("{ row { heavy } }", json!({ "row": { "heavy": 9 } }), "a")
        .await;
    expect_costs(
        &graph,
        &[
            ("{ row { heavy at } }", 14.0),
            ("{ row { heavy kind } }", 16.0),
            ("{ row { own { id } } }", 13.0),
            ("{ a: row { heavy } b: row { heavy } }", 20.0),
        ],
    )
    .await;
}

/// So do arguments and the fields of input objects, also those that come as variables.
#[tokio::test]
async fn arguments_and_inputs_weigh_as_the_heaviest_subgraph_says() {
    let graph = graph(
        [
            (
                "a",
                r"
                type Query {
                    find(by: By @cost(weight: 4), n: Int @cost(weight: 1)): Int @shareable
                }
                input By { text: String @cost(weight: 3) kind: Kind }
                enum Kind @cost(weight: 2) { A }
                ",
                json!({ "Query": { "find": 1 } }),
            ),
            (
                "b",
                r"
                type Query {
                    find(by: By @cost(weight: 2), n: Int @cost(weight: 8)): Int @shareable
                }
                input By { text: String @cost(weight: 6) kind: Kind }
                enum Kind { A }
                ",
                json!({ "Query": { "find": 1 } }),
            ),
        ],
        7.0,
    )
    .await;
    graph
        .expect("{ find(by: { kind: A }) }", json!({ "find": 1 }), "a")
        .await;
    expect_costs(
        &graph,
        &[
            (r#"{ find(by: { text: "x" }) }"#, 10.0),
            ("{ find(n: 1) }", 8.0),
            (r#"{ find(by: { text: "x", kind: A }, n: 1) }"#, 20.0),
        ],
    )
    .await;
    let by_variable = "query ($by: By) { find(by: $by) }";
    let told = code(&graph, by_variable, json!({ "by": { "text": "x" } })).await;
    assert_eq!(told, "OPERATION_LIMIT_EXCEEDED");
    let told = code(&graph, by_variable, json!({ "by": { "kind": "A" } })).await;
    assert_eq!(told, json!(null));
}

/// A value of an interface or a union is taken to be the heaviest that it may be, though that is
/// another subgraph's.
#[tokio::test]
async fn abstract_types_weigh_as_their_heaviest_members() {
    let graph = graph(
        [
            (
                "zoo",
                r#"
                type Query { pet: Pet find: Found }
                interface Pet { id: ID! }
                union Found = Cat | Note
                type Cat implements Pet @key(fields: "id") { id: ID! }
                type Note { text: String }
                "#,
                json!({
                    "Query": { "pet": "Cat:1", "find": { "__typename": "Note", "text": "t" } },
                    "Cat": [{ "id": "1" }],
                }),
            ),
            (
                "vet",
                r#"
                type Cat @key(fields: "id") @cost(weight: 9) { id: ID! scan: Int @cost(weight: 20) }
                "#,
                json!({ "Cat": [{ "id": "1", "scan": 3 }] }),
            ),
        ],
        9.0,
    )
    .await;
    graph
        .expect("{ pet { id } }", json!({ "pet": { "id": "1" } }), "zoo")
        .await;
    graph
        .expect(
            "{ find { ... on Note { text } } }",
            json!({ "find": { "text": "t" } }),
            "zoo",
        )
        .await;
    expect_costs(
        &graph,
        &[
            ("{ pet { ... on Cat { scan } } }", 29.0),
            ("{ pet { id } find { __typename } }", 18.0),
        ],
    )
    .await;
}

/// Of what two subgraphs assume the larger counts, and a list in a list is as often as both say.
#[tokio::test]
async fn assumed_sizes_are_the_largest_and_multiply() {
    let sdl = |size: u32, own: &str| {
        format!(
            r#"
            type Query {{ teams: [Team!] @shareable @listSize(assumedSize: {size}) }}
            type Team @key(fields: "id") {{ id: ID! {own} }}
            "#
        )
    };
    let (a, b) = (
        sdl(3, "name: String"),
        sdl(5, "members: [Member] @listSize(assumedSize: 4)") + " type Member { name: String }",
    );
    let graph = graph(
        [
            (
                "a",
                &a,
                json!({ "Query": { "teams": ["1"] }, "Team": [{ "id": "1", "name": "red" }] }),
            ),
            (
                "b",
                &b,
                json!({
                    "Query": { "teams": ["1"] },
                    "Team": [{ "id": "1", "members": [{ "name": "Ada" }] }],
                }),
            ),
        ],
        5.0,
    )
    .await;
    graph
        .expect(
            "{ teams { name } }",
            json!({ "teams": [{ "name": "red" }] }),
            "a",
        )
        .await;
    expect_costs(&graph, &[("{ teams { members { name } } }", 25.0)]).await;
}

/// The length of a page in one subgraph tells how often an entity is joined from another.
#[tokio::test]
async fn sized_fields_tell_how_many_entities_are_joined() {
    let graph = graph(
        [
            (
                "books",
                r#"
                type Query {
                    books(page: Int, before: Int): Books!
                        @listSize(slicingArguments: ["page", "before"], sizedFields: ["items", "ids"])
                }
                type Books { items: [Book!]! ids: [ID!]! total: Int @cost(weight: 2) }
                type Book @key(fields: "isbn") { isbn: ID! title: String! }
                "#,
                json!({
                    "Query": { "books": { "items": ["1", "2"], "ids": ["1", "2"], "total": 2 } },
                    "Book": [{ "isbn": "1", "title": "A" }, { "isbn": "2", "title": "B" }],
                }),
            ),
            (
                "shop",
                r#"type Book @key(fields: "isbn") { isbn: ID! price: Int @cost(weight: 3) }"#,
                json!({ "Book": [{ "isbn": "1", "price": 10 }, { "isbn": "2", "price": 20 }] }),
            ),
        ],
        9.0,
    )
    .await;
    graph
        .expect(
            "{ books(page: 2) { items { title price } } }",
            json!({ "books": { "items": [
                { "title": "A", "price": 10 },
                { "title": "B", "price": 20 },
            ] } }),
            "books shop",
        )
        .await;
    expect_costs(
        &graph,
        &[
            ("{ books(page: 3) { items { price } } }", 13.0),
            ("{ books(before: 10) { items { isbn } ids total } }", 13.0),
        ],
    )
    .await;
    for query in [
        "{ books { total } }",
        "{ books(page: 1, before: 1) { total } }",
    ] {
        let told = code(&graph, query, json!({})).await;
        assert_eq!(told, "SLICING_ARGUMENT_REQUIRED", "{query}");
    }
    assert!(graph.take_requests().is_empty());
}

/// One subgraph lets the slicing argument be left out: then all do, and the list is as long as
/// assumed. What only one subgraph has as an argument slices nothing.
#[tokio::test]
async fn one_subgraph_may_let_slicing_arguments_be_left_out() {
    let graph = graph(
        [
            (
                "strict",
                r#"
                type Query {
                    log(first: Int): [Int!] @shareable
                        @listSize(slicingArguments: ["first"], assumedSize: 6)
                    lines(first: Int, last: Int): [Line!] @shareable
                        @listSize(slicingArguments: ["first", "last"])
                }
                type Line @shareable { text: String }
                "#,
                json!({ "Query": { "log": [1], "lines": [{ "text": "a" }] } }),
            ),
            (
                "lax",
                r#"
                type Query {
                    log(first: Int): [Int!] @shareable @cost(weight: 1)
                        @listSize(slicingArguments: ["first"], requireOneSlicingArgument: false)
                    lines(first: Int): [Line!] @shareable @listSize(slicingArguments: ["first"])
                }
                type Line @shareable { text: String }
                "#,
                json!({ "Query": { "log": [1], "lines": [{ "text": "a" }] } }),
            ),
        ],
        6.0,
    )
    .await;
    let answer = graph.ask("{ log }", json!({})).await;
    assert_eq!(answer, json!({ "data": { "log": [1] } }));
    let answer = graph.ask("{ lines(first: 6) { text } }", json!({})).await;
    assert_eq!(answer, json!({ "data": { "lines": [{ "text": "a" }] } }));
    graph.take_requests();
    expect_costs(
        &graph,
        &[
            ("{ log(first: 7) }", 7.0),
            ("{ log lines(first: 2) { text } }", 8.0),
        ],
    )
    .await;
    let told = code(&graph, "{ lines { text } }", json!({})).await;
    assert_eq!(told, "SLICING_ARGUMENT_REQUIRED");
}

#[test]
fn what_cannot_be_a_list_size_does_not_compose() {
    let told = refusal([(
        "shop",
        r#"type Query { a(by: String): [Int] @listSize(slicingArguments: ["by"]) }"#,
    )]);
    assert!(
        told.contains("LIST_SIZE_INVALID_SLICING_ARGUMENT") && told.contains("Query.a"),
        "{told}"
    );
}
