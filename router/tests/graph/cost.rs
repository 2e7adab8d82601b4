//! The estimated cost of operations.

use serde_json::{Value, json};

use crate::support::{Router, Subgraph, config, supergraph};

const SDL: &str = r#"
extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@cost", "@listSize"])
type Query {
    plain: Item
    items: [Item!]
    some(first: Int, last: Int): [Item!]
        @listSize(slicingArguments: ["first", "last"], requireOneSlicingArgument: false)
    sliced(first: Int, last: Int): [Item!] @listSize(slicingArguments: ["first", "last"])
    defaulted(first: Int = 7): [Item!] @listSize(slicingArguments: ["first"])
    assumed: [Item!] @listSize(assumedSize: 3)
    nested(page: Page, marked: Int): [Item!] @listSize(slicingArguments: ["marked"])
    windowed(window: Window = {}, hidden: Int): [Item!] @listSize(slicingArguments: ["hidden"])
    connection(first: Int): Connection @listSize(slicingArguments: ["first"], sizedFields: ["edges"])
    page(first: Int, after: String): ItemConnection
    dear: Int @cost(weight: 20)
    searched(filter: Filter @cost(weight: 4)): Item
    either: Either
}
type Mutation { change(page: Page): Item }
type Connection { edges: [Item!] total: Int }
type ItemConnection { edges: [Item!] nodes: [Item!] }
type Item { id: ID! children: [Item!] color: Color }
type Heavy @cost(weight: 5) { id: ID! }
union Either = Item | Heavy
enum Color @cost(weight: 2) { RED }
input Page { first: Int }
input Window { size: Int = 6 }
input Filter { text: String @cost(weight: 3) and: [Filter!] }
"#;

/// An answer to each of the documents that are sent.
fn nothing() -> Value {
    json!({ "data": {
        "some": null, "sliced": null, "defaulted": null, "connection": null, "page": null,
        "windowed": null, "two": null, "plain": null, "items": null,
    } })
}

async fn router(max_cost: f64) -> (Router, Subgraph) {
    let one = Subgraph::constant("one", SDL, nothing()).await;
    let mut config = config();
    // the specification has it, the composition does not take it
    let sdl = supergraph(&[&one])
        .replace("\"marked\"", "\"page.first\"")
        .replace("\"hidden\"", "\"window.size\"");
    config.supergraph.sdl = Some(sdl);
    config.limits.max_cost = Some(max_cost);
    (Router::start(config).await, one)
}

#[tokio::test]
async fn estimates_by_the_directives() {
    let (router, _one) = router(0.0).await;
    for (query, variables, cost) in [
        ("{ plain { id } }", json!({}), 1.0),
        ("{ __typename a: plain { __typename } }", json!({}), 1.0),
        ("{ items { id } }", json!({}), 10.0),
        ("{ items { children { id } } }", json!({}), 110.0),
        ("{ some(first: 4) { id } }", json!({}), 4.0),
        ("{ some(first: 4, last: 6) { id } }", json!({}), 6.0),
        ("{ some { id } }", json!({}), 10.0),
        ("{ page(first: 4) { nodes { id } } }", json!({}), 5.0),
        ("{ page { edges { id } } }", json!({}), 11.0),
        (
            "{ page(first: 100) { nodes { children { id } } } }",
            json!({}),
            1101.0,
        ),
        (
            "query ($n: Int) { some(first: $n) { id } }",
            json!({ "n": 5 }),
            5.0,
        ),
        (
            "query ($n: Int) { some(first: $n) { id } }",
            json!({}),
            10.0,
        ),
        (
            "query ($n: Int = 8) { some(first: $n) { children { id } } }",
            json!({}),
            88.0,
        ),
        ("{ defaulted { id } }", json!({}), 7.0),
        (
            "query ($n: Int) { defaulted(first: $n) { id } }",
            json!({}),
            7.0,
        ),
        (
            "query ($n: Int) { sliced(last: $n) { id } }",
            json!({ "n": 4 }),
            4.0,
        ),
        ("{ assumed { id } }", json!({}), 3.0),
        ("{ nested(page: { first: 6 }) { id } }", json!({}), 7.0),
        (
            "query ($p: Page) { nested(page: $p) { id } }",
            json!({ "p": { "first": 2 } }),
            3.0,
        ),
        (
            "query ($n: Int) { nested(page: { first: $n }) { id } }",
            json!({ "n": 3 }),
            4.0,
        ),
        (
            "{ connection(first: 9) { total edges { id } } }",
            json!({}),
            10.0,
        ),
        (
            "{ connection(first: 9) { ...E } } fragment E on Connection { edges { id } }",
            json!({}),
            10.0,
        ),
        ("{ dear }", json!({}), 20.0),
        (
            r#"{ searched(filter: { text: "a" }) { id } }"#,
            json!({}),
            8.0,
        ),
        (
            "query ($f: Filter) { searched(filter: $f) { id } }",
            json!({ "f": { "text": "a", "and": [{ "text": "b" }, {}] } }),
            13.0,
        ),
        ("{ either { ... on Item { id } } }", json!({}), 5.0),
        ("{ plain { color } }", json!({}), 3.0),
        ("mutation { change { id } }", json!({}), 11.0),
    ] {
        expect_cost(&router, query, variables, cost).await;
    }
}

async fn expect_cost(router: &Router, query: &str, variables: Value, cost: f64) {
    let answer = router.query_with(query, variables).await;
    let extensions = &answer["errors"][0]["extensions"];
    assert_eq!(extensions["limit"], "cost", "{query}: {answer}");
    assert_eq!(extensions["found"], json!(cost), "{query}");
}

#[tokio::test]
async fn negative_arguments_do_not_make_a_list_short() {
    let (router, _one) = router(0.0).await;
    for (query, cost) in [
        ("{ some(first: -4) { id } plain { id } }", 11.0),
        ("{ some(first: -4, last: 3) { id } }", 10.0),
        ("{ some(first: -4, last: 30) { id } }", 30.0),
        ("query ($n: Int = -1) { some(first: $n) { id } }", 10.0),
    ] {
        expect_cost(&router, query, json!({}), cost).await;
    }
}

#[tokio::test]
async fn what_is_left_out_costs_nothing() {
    let (router, _one) = router(0.0).await;
    for (query, cost) in [
        ("{ items @skip(if: true) { id } plain { id } }", 1.0),
        ("{ items @include(if: true) { id } }", 10.0),
        (
            "{ ... @include(if: false) { items { id } } plain { id } }",
            1.0,
        ),
        (
            "{ ...F @skip(if: true) plain { id } } fragment F on Query { items { id } }",
            1.0,
        ),
        (
            "query ($s: Boolean = true) { items @skip(if: $s) { id } plain { id } }",
            1.0,
        ),
        (
            "query ($s: Boolean = true) { ... @skip(if: $s) { sliced { id } } plain { id } }",
            1.0,
        ),
        (
            "query ($i: Boolean = true) { items { children @include(if: $i) { id } } }",
            110.0,
        ),
        (
            "query ($i: Boolean = false) { items { children @include(if: $i) { id } } }",
            10.0,
        ),
    ] {
        expect_cost(&router, query, json!({}), cost).await;
    }
}

#[tokio::test]
async fn defaults_of_input_objects_slice() {
    let (router, _one) = router(0.0).await;
    for (query, variables, cost) in [
        ("{ windowed { id } }", json!({}), 6.0),
        ("{ windowed(window: {}) { id } }", json!({}), 7.0),
        ("{ windowed(window: { size: 2 }) { id } }", json!({}), 3.0),
        (
            "query ($w: Window) { windowed(window: $w) { id } }",
            json!({}),
            6.0,
        ),
        (
            "query ($w: Window) { windowed(window: $w) { id } }",
            json!({ "w": {} }),
            7.0,
        ),
        (
            "query ($w: Window = {}) { windowed(window: $w) { id } }",
            json!({}),
            7.0,
        ),
        (
            "query ($n: Int) { windowed(window: { size: $n }) { id } }",
            json!({}),
            7.0,
        ),
        (
            "query ($n: Int) { windowed(window: { size: $n }) { id } }",
            json!({ "n": 20 }),
            21.0,
        ),
    ] {
        expect_cost(&router, query, variables, cost).await;
    }
}

#[tokio::test]
async fn refuses_what_costs_too_much_with_its_variables() {
    let (router, one) = router(50.0).await;
    let query = "query ($n: Int) { some(first: $n) { id } }";
    let answer = router.query_with(query, json!({ "n": 51 })).await;
    let error = json!({
        "message": "The operation is too large: its estimated cost is 51.0, the limit is 50.0. \
                    Ask for shorter lists or for fewer levels of lists.",
        "extensions": {
            "code": "OPERATION_LIMIT_EXCEEDED",
            "limit": "cost",
            "found": 51.0,
            "allowed": 50.0,
        },
    });
    assert_eq!(answer, json!({ "errors": [error] }));
    assert_eq!(one.asked(), Vec::<Value>::new());
    let answer = router.query_with(query, json!({ "n": 50 })).await;
    assert_eq!(answer["data"], json!({ "some": null }));
}

#[tokio::test]
async fn refuses_lists_without_exactly_one_slicing_argument() {
    let (router, one) = router(1000.0).await;
    let refused = |field: &str, names: &str, count: &str| {
        json!({ "errors": [{
            "message": format!(
                "Query.{field} needs exactly one of its slicing arguments ({names}), and was given \
                 {count}. Say by one of them how many items to return."
            ),
            "extensions": { "code": "SLICING_ARGUMENT_REQUIRED" },
        }] })
    };
    let sliced = |count| refused("sliced", "first, last", count);
    for (query, variables, answer) in [
        ("{ sliced { id } }", json!({}), sliced("none")),
        ("{ sliced(first: null) { id } }", json!({}), sliced("none")),
        (
            "{ sliced(first: 1, last: 1) { id } }",
            json!({}),
            sliced("2"),
        ),
        (
            "query ($n: Int) { sliced(first: $n, last: 2) { id } }",
            json!({ "n": 1 }),
            sliced("2"),
        ),
        (
            "query ($n: Int) { sliced(first: $n) { id } }",
            json!({ "n": null }),
            sliced("none"),
        ),
        (
            "{ connection { edges { id } } }",
            json!({}),
            refused("connection", "first", "none"),
        ),
        (
            "{ nested(page: {}) { id } }",
            json!({}),
            refused("nested", "page.first", "none"),
        ),
        (
            "{ defaulted(first: null) { id } }",
            json!({}),
            refused("defaulted", "first", "none"),
        ),
        (
            "{ windowed(window: { size: null }) { id } }",
            json!({}),
            refused("windowed", "window.size", "none"),
        ),
        (
            "query ($i: Boolean!) { plain { id } sliced @include(if: $i) { id } }",
            json!({ "i": true }),
            sliced("none"),
        ),
    ] {
        assert_eq!(router.query_with(query, variables).await, answer, "{query}");
    }
    assert_eq!(one.asked(), Vec::<Value>::new());
    for (query, variables) in [
        (
            "query ($n: Int) { sliced(first: $n, last: 2) { id } }",
            json!({}),
        ),
        ("{ sliced(first: 1, last: null) { id } }", json!({})),
        ("{ defaulted { id } page { nodes { id } } }", json!({})),
        (
            "{ windowed { id } two: windowed(window: {}) { id } }",
            json!({}),
        ),
        (
            "query ($w: Window) { windowed(window: $w) { id } }",
            json!({ "w": {} }),
        ),
        ("{ sliced(first: -1) { id } }", json!({})),
        ("{ plain { id } sliced @skip(if: true) { id } }", json!({})),
        (
            "{ plain { id } ... @include(if: false) { sliced { id } } }",
            json!({}),
        ),
        (
            "query ($i: Boolean!) { plain { id } items { id } sliced @include(if: $i) { id } }",
            json!({ "i": false }),
        ),
    ] {
        let answer = router.query_with(query, variables).await;
        assert_eq!(answer.get("errors"), None, "{query}");
    }
}

#[tokio::test]
async fn requires_no_slicing_argument_where_costs_have_no_limit() {
    let one = Subgraph::constant("one", SDL, nothing()).await;
    let mut config = config();
    config.supergraph.sdl = Some(supergraph(&[&one]));
    config.limits.max_cost = None;
    let router = Router::start(config).await;
    let answer = router.query("{ sliced { id } }").await;
    assert_eq!(answer, json!({ "data": { "sliced": null } }));
}
