//! `@override`: a field that moved from one subgraph to another.

use serde_json::{Value, json};
use setwise_router::Config;

use crate::support::{Graph, refusal};

/// The old owner still has the field and is never asked for it.
#[tokio::test]
async fn asks_the_new_owner() {
    let graph = Graph::open([
        (
            "old",
            r#"
            type Query { bill: Bill }
            type Bill @key(fields: "id") { id: ID! amount: Int! paid: Boolean! }
            "#,
            json!({
                "Query": { "bill": "1" },
                "Bill": [{ "id": "1", "amount": "!moved away", "paid": true }],
            }),
        ),
        (
            "new",
            r#"
            type Query { drafts: [Bill!]! }
            type Bill @key(fields: "id") { id: ID! amount: Int! @override(from: "old") }
            "#,
            json!({ "Query": { "drafts": ["1"] }, "Bill": [{ "id": "1", "amount": 30 }] }),
        ),
    ])
    .await;
    graph
        .expect(
            "{ bill { paid } }",
            json!({ "bill": { "paid": true } }),
            "old",
        )
        .await;
    graph
        .expect(
            "{ bill { amount paid } }",
            json!({ "bill": { "amount": 30, "paid": true } }),
            "new old",
        )
        .await;
    graph
        .expect(
            "{ drafts { amount paid } }",
            json!({ "drafts": [{ "amount": 30, "paid": true }] }),
            "new old",
        )
        .await;
}

/// The old owner marks it external, because another of its fields requires it.
#[tokio::test]
async fn lets_the_old_owner_read_what_moved() {
    let graph = Graph::open([
        (
            "warehouse",
            r#"
            type Query { crates: [Crate!]! }
            type Crate @key(fields: "id") {
                id: ID!
                mass: Int @external
                lift: String @requires(fields: "mass")
            }
            "#,
            json!({ "Query": { "crates": ["1", "2"] }, "Crate": [{ "lift": "=lift {mass}" }] }),
        ),
        (
            "scales",
            r#"type Crate @key(fields: "id") { id: ID! mass: Int @override(from: "warehouse") }"#,
            json!({ "Crate": [{ "id": "1", "mass": 50 }, { "id": "2", "mass": null }] }),
        ),
        (
            "labels",
            r#"
            type Crate @key(fields: "id") {
                id: ID!
                lift: String @external
                label: String @requires(fields: "lift")
            }
            "#,
            json!({ "Crate": [{ "label": "={lift}!" }] }),
        ),
    ])
    .await;
    graph
        .expect(
            "{ crates { lift } }",
            json!({ "crates": [{ "lift": "lift 50" }, { "lift": "lift null" }] }),
            "scales warehouse*2",
        )
        .await;
    graph
        .expect(
            "{ crates { label } }",
            json!({ "crates": [{ "label": "lift 50!" }, { "label": "lift null!" }] }),
            "labels scales warehouse*2",
        )
        .await;
}

/// A field of the root, a whole value type, and a field of three subgraphs of which one overrides
/// another while the third shares it.
#[tokio::test]
async fn overrides_roots_values_and_one_of_several_owners() {
    let graph = Graph::open([
        (
            "legacy",
            r#"
            type Query { motto: String size: Size lamp: Lamp }
            type Size { width: Int! height: Int! }
            type Lamp @key(fields: "id") { id: ID! watts: Int! @shareable }
            "#,
            json!({ "Query": { "motto": "!moved", "size": "!moved", "lamp": { "id": "l", "watts": 1 } } }),
        ),
        (
            "site",
            r#"
            type Query { motto: String @override(from: "legacy") size: Size @override(from: "legacy") }
            type Size {
                width: Int! @override(from: "legacy")
                height: Int! @override(from: "legacy")
            }
            "#,
            json!({ "Query": { "motto": "Lift", "size": { "width": 3, "height": 4 } } }),
        ),
        (
            "lamps",
            r#"
            type Query { lamps: [Lamp!]! }
            type Lamp @key(fields: "id") { id: ID! watts: Int! @shareable @override(from: "legacy") }
            "#,
            json!({ "Query": { "lamps": ["l"] }, "Lamp": [{ "id": "l", "watts": 40 }] }),
        ),
        (
            "meters",
            r#"type Lamp @key(fields: "id") { id: ID! watts: Int! @shareable used: Int }"#,
            json!({ "Lamp": [{ "id": "l", "watts": 40, "used": 2 }] }),
        ),
    ])
    .await;
    graph
        .expect(
            "{ motto size { width height } }",
            json!({ "motto": "Lift", "size": { "width": 3, "height": 4 } }),
            "site",
        )
        .await;
    graph
        .expect(
            "{ lamp { watts used } }",
            json!({ "lamp": { "watts": 40, "used": 2 } }),
            "legacy meters",
        )
        .await;
    graph
        .expect(
            "{ lamps { watts } }",
            json!({ "lamps": [{ "watts": 40 }] }),
            "lamps",
        )
        .await;
}

/// A field that moved twice is its last owner's, and what requires it gets it from there. Moves in
/// a circle do not compose.
#[tokio::test]
async fn follows_moves_from_one_to_the_next() {
    let graph = Graph::open([
        (
            "a",
            r#"
            type Query { songs: [Song!]! }
            type Song @key(fields: "id") { id: ID! title: String mood: String }
            "#,
            json!({
                "Query": { "songs": ["1", "2"] },
                "Song": [
                    { "id": "1", "title": "!moved away", "mood": "calm" },
                    { "id": "2", "title": "!moved away", "mood": null },
                ],
            }),
        ),
        (
            "b",
            r#"
            type Song @key(fields: "id") {
                id: ID!
                title: String @override(from: "a")
                bars: Int
            }
            "#,
            json!({ "Song": [
                { "id": "1", "title": "!moved on", "bars": 12 },
                { "id": "2", "title": "!moved on", "bars": 16 },
            ] }),
        ),
        (
            "c",
            r#"type Song @key(fields: "id") { id: ID! title: String @override(from: "b") }"#,
            json!({ "Song": [{ "id": "1", "title": "One" }, { "id": "2", "title": "Two" }] }),
        ),
        (
            "d",
            r#"
            type Song @key(fields: "id") {
                id: ID!
                title: String @external
                label: String @requires(fields: "title")
            }
            "#,
            json!({ "Song": [{ "label": "={title}!" }] }),
        ),
    ])
    .await;
    graph
        .expect(
            "{ songs { title bars mood } }",
            json!({ "songs": [
                { "title": "One", "bars": 12, "mood": "calm" },
                { "title": "Two", "bars": 16, "mood": null },
            ] }),
            "a b c",
        )
        .await;
    graph
        .expect(
            "{ songs { label } }",
            json!({ "songs": [{ "label": "One!" }, { "label": "Two!" }] }),
            "a c d",
        )
        .await;
    let song = |from: &str| {
        format!(
            r#"
            type Query {{ song: Song @shareable }}
            type Song @key(fields: "id") {{ id: ID! title: String @override(from: "{from}") }}
            "#
        )
    };
    let told = refusal([("a", &song("b")), ("b", &song("a"))]);
    assert!(
        told.contains("OVERRIDE_SOURCE_HAS_OVERRIDE") && told.contains("Song.title"),
        "{told}"
    );
}

/// The schemas of an old and a new owner of `Bill.amount`, whose move has this label.
fn moving(label: &str) -> [(&'static str, String, Value); 2] {
    [
        (
            "old",
            r#"
            type Query { bill: Bill }
            type Bill @key(fields: "id") { id: ID! amount: Int! paid: Boolean! }
            "#
            .to_owned(),
            json!({ "Query": { "bill": "1" }, "Bill": [{ "id": "1", "amount": 1, "paid": true }] }),
        ),
        (
            "new",
            format!(
                r#"
                type Bill @key(fields: "id") {{
                    id: ID!
                    amount: Int! @override(from: "old", label: "{label}")
                    due: Int
                }}
                "#
            ),
            json!({ "Bill": [{ "id": "1", "amount": 2, "due": 5 }] }),
        ),
    ]
}

async fn open_moving(label: &str, configure: impl FnOnce(&mut Config)) -> Graph {
    let [old, new] = &moving(label);
    let parts = [old, new].map(|(name, sdl, data)| (*name, sdl.as_str(), data.clone()));
    Graph::open_with(parts, configure).await
}

/// A progressive `@override(label:)` in percent: that many of all requests, each by chance, get the
/// field from its new owner, and each gets all of it from one.
#[tokio::test]
async fn moves_a_share_of_requests() {
    let query = "{ bill { amount paid due } again: bill { amount } }";
    let answer = |amount: i32| {
        json!({
            "bill": { "amount": amount, "paid": true, "due": 5 },
            "again": { "amount": amount },
        })
    };
    for (label, amount) in [("percent(0)", 1), ("percent(100)", 2)] {
        let graph = open_moving(label, |_| {}).await;
        for _ in 0..5 {
            graph.expect(query, answer(amount), "new old").await;
        }
        let asked = if amount == 1 { "old" } else { "new old" };
        let data = json!({ "bill": { "amount": amount } });
        graph.expect("{ bill { amount } }", data, asked).await;
    }
    let graph = open_moving("percent(33.5)", |_| {}).await;
    let mut moved = 0;
    for _ in 0..150 {
        let told = graph.ask(query, json!({})).await;
        let amount = told["data"]["bill"]["amount"].as_i64().unwrap();
        moved += amount - 1;
        let amount = i32::try_from(amount).unwrap();
        assert_eq!(told, json!({ "data": answer(amount) }));
    }
    // seven standard deviations around the mean of 50
    assert!((10..=90).contains(&moved), "{moved} of 150 moved");
}

/// A progressive `@override(label:)` of any other name holds when the configuration names it.
#[tokio::test]
async fn moves_what_the_configuration_names() {
    for (labels, amount, asked) in [
        (vec![], 1, "old"),
        (vec!["another".to_owned()], 1, "old"),
        (vec!["billing/v2".to_owned()], 2, "new old"),
    ] {
        let graph = open_moving("billing/v2", |config| {
            config.supergraph.override_labels = labels;
        })
        .await;
        let data = json!({ "bill": { "amount": amount } });
        graph.expect("{ bill { amount } }", data, asked).await;
        let data = json!({ "bill": { "amount": amount, "due": 5 } });
        graph
            .expect("{ bill { amount due } }", data, "new old")
            .await;
    }
    let told = refusal([(
        "one",
        r#"type Query { a: Int @override(from: "two", label: "9 lives") }"#,
    )]);
    assert!(told.contains("OVERRIDE_LABEL_INVALID"), "{told}");
}
