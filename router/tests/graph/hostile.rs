//! Documents that would take a server down if it did what they ask.

use std::time::Duration;

use serde_json::{Value, json};
use tokio::time::timeout;

use crate::support::{Shop, client};

/// Far more than any of them takes, far less than any would take if it exploded.
const DEADLINE: Duration = Duration::from_secs(5);

fn repeated(count: usize, part: impl Fn(usize) -> String) -> String {
    (0..count).map(part).collect::<Vec<_>>().join(" ")
}

/// A shop that bounds everything but the cost: most of what is sent here would cost too much.
async fn shop() -> Shop {
    Shop::open_with(|config| config.limits.max_cost = None).await
}

/// Sends each document and expects one of the codes that go with it, in time, from a router that answers the next one too.
async fn send(shop: &Shop, documents: &[(&str, String, &[&str])]) {
    for (what, query, codes) in documents {
        let answer = timeout(DEADLINE, shop.query(query))
            .await
            .unwrap_or_else(|_| panic!("{what}: no answer within {DEADLINE:?}"));
        let code = answer["errors"][0]["extensions"]["code"]
            .as_str()
            .unwrap_or_default();
        let shown: String = answer.to_string().chars().take(400).collect();
        assert!(codes.contains(&code), "{what}: {shown}");
    }
    let answer = shop.query("{ me { name } }").await;
    assert_eq!(answer, json!({ "data": { "me": { "name": "Ada" } } }));
}

const TOO_LARGE: &[&str] = &["OPERATION_LIMIT_EXCEEDED"];
const INVALID: &[&str] = &["GRAPHQL_VALIDATION_FAILED"];
/// What is planned and sent; what the small subgraphs here make of it is not the router's.
const PLANNED: &[&str] = &[
    "",
    "DOWNSTREAM_SERVICE_ERROR",
    "SUBREQUEST_MALFORMED_RESPONSE",
];
const UNREADABLE: &[&str] = &["GRAPHQL_PARSE_FAILED"];

#[tokio::test]
async fn fragments_are_counted_and_not_followed() {
    let shop = shop().await;
    let doubling = |levels: usize| {
        repeated(levels, |n| {
            let next = n + 1;
            format!("fragment F{n} on User {{ friends {{ ...F{next} ...F{next} }} }}")
        })
    };
    let spreading = repeated(1_500, |n| {
        let next = n + 1;
        format!("fragment F{n} on User {{ ...F{next} ...F{next} }}")
    });
    let chain = |end: &str| {
        let links = repeated(1_700, |n| {
            let next = n + 1;
            format!("fragment F{n} on User {{ ...F{next} }}")
        });
        format!("{links} fragment F1700 on User {{ {end} }}")
    };
    let backwards = repeated(1_700, |n| {
        let (name, next) = (1_700 - n, 1_699 - n);
        format!("fragment F{name} on User {{ ...F{next} }}")
    });
    let unspread = repeated(1_000, |n| format!("fragment F{n} on User {{ id }}"));
    let documents = [
        (
            "doubling",
            format!(
                "{{ me {{ ...F0 }} }} {} fragment F13 on User {{ id }}",
                doubling(13)
            ),
            TOO_LARGE,
        ),
        (
            "doubling without fields",
            format!("{{ me {{ ...F0 }} }} {spreading} fragment F1500 on User {{ id }}"),
            TOO_LARGE,
        ),
        (
            "a chain",
            format!("{{ me {{ ...F0 }} }} {}", chain("id")),
            TOO_LARGE,
        ),
        (
            "a chain that nobody spreads",
            format!("{{ me {{ id }} }} {}", chain("id")),
            TOO_LARGE,
        ),
        (
            "a chain from its end",
            format!("{{ me {{ ...F1700 }} }} fragment F0 on User {{ id }} {backwards}"),
            TOO_LARGE,
        ),
        (
            "a long cycle",
            format!("{{ me {{ ...F0 }} }} {}", chain("...F0")),
            TOO_LARGE,
        ),
        (
            "a short cycle",
            "{ me { ...A } } fragment A on User { friends { ...B } } \
             fragment B on User { friends { ...A } }"
                .to_owned(),
            INVALID,
        ),
        (
            "a fragment in itself",
            "{ me { ...A } } fragment A on User { id ...A ...A }".to_owned(),
            INVALID,
        ),
        ("unspread", format!("{{ me {{ id }} }} {unspread}"), INVALID),
        (
            "unknown",
            format!("{{ me {{ {} }} }}", repeated(3_500, |n| format!("...U{n}"))),
            INVALID,
        ),
    ];
    send(&shop, &documents).await;
}

#[tokio::test]
async fn nesting_does_not_exhaust_the_stack() {
    let shop = shop().await;
    let nested = |open: &str, inner: &str, close: &str, depth: usize| {
        format!("{}{inner}{}", open.repeat(depth), close.repeat(depth))
    };
    let argument = |value: &str| format!("{{ user(id: {value}) {{ id }} }}");
    let documents = [
        ("fields", nested("{ a ", "{ a }", " }", 7_000), TOO_LARGE),
        ("open fields", "{a".repeat(7_000), TOO_LARGE),
        (
            "inline fragments",
            nested("{ ... ", "{ id }", " }", 5_000),
            TOO_LARGE,
        ),
        ("lists", argument(&nested("[", "1", "]", 7_000)), TOO_LARGE),
        ("open lists", argument(&"[".repeat(14_000)), TOO_LARGE),
        (
            "objects",
            argument(&nested("{a: ", "1", "}", 3_500)),
            TOO_LARGE,
        ),
        (
            "the value of a directive",
            format!("{{ me {{ id @a(b: {}) }} }}", nested("[", "1", "]", 7_000)),
            TOO_LARGE,
        ),
        (
            "a default value",
            format!(
                "query ($a: Int = {}) {{ me {{ id }} }}",
                nested("[", "1", "]", 7_000)
            ),
            TOO_LARGE,
        ),
        (
            "the type of a variable",
            format!(
                "query ($a: {}) {{ me {{ id }} }}",
                nested("[", "Int", "]", 7_000)
            ),
            TOO_LARGE,
        ),
        (
            "as deep as it may be",
            format!(
                "query ($no: Boolean = true) {{ me @skip(if: $no) {} }}",
                nested("{ friends ", "{ id }", " }", 38)
            ),
            PLANNED,
        ),
        (
            "values as deep as they may be",
            argument(&nested("[", "1", "]", 38)),
            INVALID,
        ),
    ];
    send(&shop, &documents).await;
}

#[tokio::test]
async fn many_of_anything_are_refused_or_answered_in_time() {
    let shop = shop().await;
    let me = |selections: &str| format!("{{ me {{ {selections} }} }}");
    let conditions = repeated(100, |n| format!("$v{n}: Boolean = true"));
    let conditioned = repeated(100, |n| format!("a{n}: id @include(if: $v{n})"));
    let fetched = repeated(90, |n| {
        format!("a{n}: reviews(first: {n}) @include(if: $v{n}) {{ id }}")
    });
    let twice = (0..9).fold("id".to_owned(), |inner, _| {
        format!("friends {{ {inner} }} friends {{ {inner} }}")
    });
    let documents = [
        (
            "aliases",
            me(&repeated(10_000, |n| format!("a{n}: id"))),
            TOO_LARGE,
        ),
        ("fields", me(&"id ".repeat(4_990)), PLANNED),
        ("objects", me(&"friends { id } ".repeat(700)), PLANNED),
        (
            "pairs of pairs",
            format!("query ($no: Boolean = true) {{ me @skip(if: $no) {{ {twice} }} }}"),
            PLANNED,
        ),
        (
            "conflicts",
            me(&repeated(700, |n| format!("reviews(first: {n}) {{ id }}"))),
            INVALID,
        ),
        (
            "unknown fields",
            me(&repeated(4_900, |n| format!("u{n}"))),
            INVALID,
        ),
        (
            "fragments of a union",
            format!(
                "{{ search {{ {} }} }}",
                "... on User { id } ... on Product { upc } ".repeat(350)
            ),
            PLANNED,
        ),
        (
            "nested fragments of an interface",
            format!(
                "{{ media {{ {} }} }}",
                "... on Media { ... on Book { pages } ... on Film { minutes } title } ".repeat(200)
            ),
            PLANNED,
        ),
        (
            "operations",
            repeated(700, |n| format!("query Q{n} {{ me {{ id }} }}")),
            &["OPERATION_RESOLUTION_FAILURE"],
        ),
        ("nameless operations", "{ me { id } } ".repeat(800), INVALID),
        (
            "variables",
            format!(
                "query ({}) {{ me {{ id }} }}",
                repeated(1_500, |n| format!("$v{n}: Int"))
            ),
            INVALID,
        ),
        (
            "conditions",
            format!("query ({conditions}) {{ me {{ {conditioned} }} }}"),
            PLANNED,
        ),
        (
            "conditions on fetches",
            format!("query ({conditions}) {{ me {{ {fetched} }} unused: me {{ {conditioned} }} }}"),
            TOO_LARGE,
        ),
        (
            "directives",
            me(&format!("id {}", "@skip(if: true) ".repeat(2_000))),
            TOO_LARGE,
        ),
        (
            "directives in many places",
            me(&"id @skip(if: true) ".repeat(1_500)),
            TOO_LARGE,
        ),
        (
            "items of a list",
            format!("{{ user(id: [{}]) {{ id }} }}", "1 ".repeat(6_000)),
            INVALID,
        ),
        ("levels of introspection", introspection(12), INVALID),
        (
            "types",
            "type A { a: Int } ".repeat(700),
            &[
                "GRAPHQL_VALIDATION_FAILED",
                "GRAPHQL_PARSE_FAILED",
                "OPERATION_RESOLUTION_FAILURE",
            ],
        ),
    ];
    send(&shop, &documents).await;
}

fn introspection(levels: usize) -> String {
    let inner = "fields { type { ".repeat(levels) + "name" + &" } }".repeat(levels);
    format!("{{ __schema {{ types {{ {inner} }} }} }}")
}

#[tokio::test]
async fn long_and_odd_texts_are_read_in_time() {
    let shop = Shop::open_with(|config| {
        config.limits.max_body_bytes = 20_000_000;
        config.limits.max_cost = None;
    })
    .await;
    // planned, but not sent
    let argument = |value: &str| {
        format!("query ($no: Boolean = true) {{ user(id: {value}) @skip(if: $no) {{ id }} }}")
    };
    let documents = [
        (
            "a long string",
            argument(&format!("\"{}\"", "a".repeat(250_000))),
            PLANNED,
        ),
        (
            "a long block string",
            argument(&format!("\"\"\"{}\"\"\"", "a\n ".repeat(80_000))),
            PLANNED,
        ),
        (
            "too long a string",
            argument(&format!("\"{}\"", "a".repeat(1_000_000))),
            TOO_LARGE,
        ),
        (
            "an open string",
            argument(&format!("\"{}", "a".repeat(250_000))),
            UNREADABLE,
        ),
        (
            "a long number",
            argument(&"9".repeat(250_000)),
            &[
                "",
                "GRAPHQL_VALIDATION_FAILED",
                "DOWNSTREAM_SERVICE_ERROR",
                "SUBREQUEST_MALFORMED_RESPONSE",
            ],
        ),
        ("a large number", argument("1e999999999"), INVALID),
        (
            "a long name",
            format!("{{ {} }}", "a".repeat(250_000)),
            INVALID,
        ),
        (
            "commas",
            format!("{{ me {{ id {} }} }}", ",".repeat(250_000)),
            TOO_LARGE,
        ),
        (
            "comments",
            format!("{}{{ me {{ id }} }}", "# a\n".repeat(60_000)),
            TOO_LARGE,
        ),
        (
            "control characters",
            "\u{0}\u{1}\u{7f}".repeat(50_000),
            &["GRAPHQL_PARSE_FAILED", "OPERATION_LIMIT_EXCEEDED"],
        ),
        (
            "a byte order mark",
            "\u{feff}{ me { id } }".to_owned(),
            &["", "GRAPHQL_PARSE_FAILED"],
        ),
        (
            "wide characters",
            "🏋️".repeat(30_000),
            &["GRAPHQL_PARSE_FAILED", "OPERATION_LIMIT_EXCEEDED"],
        ),
        (
            "escapes",
            argument(r#""\ud83c\udfcb \u{1F3CB} \uD800""#),
            &["GRAPHQL_PARSE_FAILED", "QUERY_PLANNING_FAILED", ""],
        ),
    ];
    send(&shop, &documents).await;
}

#[tokio::test]
async fn deep_variables_are_refused() {
    let shop = shop().await;
    let url = format!("{}/graphql", shop.router.url);
    let query = "query ($a: ID!) { user(id: $a) { id } }";
    for depth in [60, 100_000, 900_000] {
        let deep = format!("{}1{}", "[".repeat(depth), "]".repeat(depth));
        let body = format!(r#"{{"query":{},"variables":{{"a":{deep}}}}}"#, json!(query));
        let request = client()
            .post(&url)
            .header("content-type", "application/json");
        let response = timeout(DEADLINE, request.body(body).send()).await.unwrap();
        let answer: Value = response.unwrap().json().await.unwrap();
        let code = answer["errors"][0]["extensions"]["code"].as_str();
        let expected = if depth < 100 {
            "BAD_USER_INPUT"
        } else {
            "BAD_REQUEST"
        };
        assert_eq!(code, Some(expected), "{answer}");
    }
    let long = "1".repeat(1_000_000);
    let body = format!(r#"{{"query":{},"variables":{{"a":{long}}}}}"#, json!(query));
    let request = client()
        .post(&url)
        .header("content-type", "application/json");
    let response = timeout(DEADLINE, request.body(body).send()).await.unwrap();
    let answer: Value = response.unwrap().json().await.unwrap();
    assert!(
        answer["errors"][0]["extensions"]["code"].is_string(),
        "{answer}"
    );
}
