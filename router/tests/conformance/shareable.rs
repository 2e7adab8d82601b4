//! `@shareable`: fields and roots that several subgraphs answer for.

use serde_json::json;

use crate::support::Graph;

/// One request when one subgraph has everything, whichever it is.
#[tokio::test]
async fn takes_shared_value_types_from_where_the_request_goes_anyway() {
    let graph = Graph::open([
        (
            "gym",
            r#"
            type Query { gym: Gym! }
            type Gym @key(fields: "id") { id: ID! place: Place! }
            type Place @shareable { lat: Float! lon: Float! }
            "#,
            json!({
                "Query": { "gym": "g" },
                "Gym": [{ "id": "g", "place": { "lat": 59.9, "lon": 30.25 } }],
            }),
        ),
        (
            "maps",
            r#"
            type Query { here: Place! }
            type Place @shareable { lat: Float! lon: Float! }
            type Gym @key(fields: "id") { id: ID! parking: Place }
            "#,
            json!({
                "Query": { "here": { "lat": 0.5, "lon": -1.0 } },
                "Gym": [{ "id": "g", "parking": { "lat": 60.0, "lon": 30.0 } }],
            }),
        ),
    ])
    .await;
    graph
        .expect(
            "{ gym { place { lat lon } } }",
            json!({ "gym": { "place": { "lat": 59.9, "lon": 30.25 } } }),
            "gym",
        )
        .await;
    graph
        .expect(
            "{ here { lat } }",
            json!({ "here": { "lat": 0.5 } }),
            "maps",
        )
        .await;
    graph
        .expect(
            "{ gym { parking { lon } place { lon } } }",
            json!({ "gym": { "parking": { "lon": 30.0 }, "place": { "lon": 30.25 } } }),
            "gym maps",
        )
        .await;
}

/// A root that two subgraphs have: what only one of them knows below is asked of that one, and
/// the two answers are one object, though it is no entity.
#[tokio::test]
async fn puts_the_parts_of_a_shared_root_together() {
    let graph = Graph::open([
        (
            "billing",
            r"
            type Query { viewer: Viewer @shareable }
            type Viewer { name: String! @shareable balance: Int! }
            ",
            json!({ "Query": { "viewer": { "name": "Ada", "balance": 7 } } }),
        ),
        (
            "social",
            r"
            type Query { viewer: Viewer @shareable }
            type Viewer { name: String! @shareable friends: [Friend!]! }
            type Friend { nick: String! }
            ",
            json!({ "Query": { "viewer": { "name": "Ada", "friends": [{ "nick": "bob" }] } } }),
        ),
    ])
    .await;
    graph
        .expect(
            "{ viewer { name balance } }",
            json!({ "viewer": { "name": "Ada", "balance": 7 } }),
            "billing",
        )
        .await;
    graph
        .expect(
            "{ viewer { friends { nick } balance name } }",
            json!({ "viewer": { "friends": [{ "nick": "bob" }], "balance": 7, "name": "Ada" } }),
            "billing social",
        )
        .await;
}

/// A shared root of entities: each subgraph lists them, and the rest is joined by key.
#[tokio::test]
async fn joins_entities_of_a_shared_root() {
    let graph = Graph::open([
        (
            "a",
            r#"
            type Query { tracks: [Track!]! @shareable }
            type Track @key(fields: "id") { id: ID! title: String! @shareable mood: String }
            "#,
            json!({
                "Query": { "tracks": ["1", "2"] },
                "Track": [
                    { "id": "1", "title": "One", "mood": "calm" },
                    { "id": "2", "title": "Two", "mood": null },
                ],
            }),
        ),
        (
            "b",
            r#"
            type Query { tracks: [Track!]! @shareable }
            type Track @key(fields: "id") { id: ID! title: String! @shareable bars: Int! }
            "#,
            json!({
                "Query": { "tracks": ["1", "2"] },
                "Track": [
                    { "id": "1", "title": "One", "bars": 12 },
                    { "id": "2", "title": "Two", "bars": 16 },
                ],
            }),
        ),
        (
            "c",
            r#"type Track @key(fields: "id") { id: ID! plays: Int }"#,
            json!({ "Track": [{ "id": "1", "plays": 100 }, { "id": "2", "plays": 0 }] }),
        ),
    ])
    .await;
    graph
        .expect(
            "{ tracks { title bars } }",
            json!({ "tracks": [{ "title": "One", "bars": 12 }, { "title": "Two", "bars": 16 }] }),
            "b",
        )
        .await;
    graph
        .expect(
            "{ tracks { plays mood } }",
            json!({ "tracks": [{ "plays": 100, "mood": "calm" }, { "plays": 0, "mood": null }] }),
            "a c",
        )
        .await;
}

/// A shared mutation and a shared object below it are asked of one subgraph only: twice would be
/// done twice.
#[tokio::test]
async fn runs_a_shared_mutation_once() {
    let sdl = r"
        type Query { ping: Int @shareable }
        type Mutation { save(text: String!): Saved! @shareable }
        type Saved @shareable { text: String! at: Int! }
        ";
    let data = json!({ "Mutation": { "save": { "text": "kept", "at": 9 } } });
    let graph = Graph::open([("one", sdl, data.clone()), ("two", sdl, data)]).await;
    let answer = graph
        .ask(r#"mutation { save(text: "x") { text at } }"#, json!({}))
        .await;
    assert_eq!(
        answer,
        json!({ "data": { "save": { "text": "kept", "at": 9 } } })
    );
    let asked = graph.take_requests();
    assert_eq!(asked.values().map(Vec::len).sum::<usize>(), 1, "{asked:#?}");
}

/// The root's own name is the router's to tell: no subgraph is asked for it, between mutations
/// neither.
#[tokio::test]
async fn asks_nobody_for_the_name_of_the_root() {
    let sdl = |field: &str| {
        format!(
            "type Query {{ ping: Int @shareable }} \
             type Mutation {{ {field}: Int! touch: Int @shareable }}"
        )
    };
    let data = json!({ "Query": { "ping": 1 }, "Mutation": { "a": 1, "b": 2, "touch": 3 } });
    let graph = Graph::open([("one", &sdl("a"), data.clone()), ("two", &sdl("b"), data)]).await;
    graph
        .expect(
            "mutation { b ... { __typename } ...M again: b } fragment M on Mutation { name: __typename }",
            json!({ "b": 2, "__typename": "Mutation", "name": "Mutation", "again": 2 }),
            "two",
        )
        .await;
    graph
        .expect(
            "{ __typename ping }",
            json!({ "__typename": "Query", "ping": 1 }),
            "one",
        )
        .await;
    graph
        .expect("{ name: __typename }", json!({ "name": "Query" }), "")
        .await;
}
