//! What the client gets: null propagation over joins, error paths, aliases, variables.

use serde_json::json;

use crate::support::Graph;

async fn library() -> Graph {
    Graph::open([
        (
            "books",
            r#"
            type Query { books(first: Int = 2, where: Where): [Book!]! shelf: [Book]! asked(where: Where): String }
            input Where { word: String = "all" tags: [Tag!] }
            enum Tag { NEW OLD }
            type Book @key(fields: "id") { id: ID! title: String }
            "#,
            json!({
                "Query": { "books": ["1", "2"], "shelf": ["1", "2"], "asked": "=w{args.where}" },
                "Book": [{ "id": "1", "title": "One" }, { "id": "2", "title": "Two" }],
            }),
        ),
        (
            "ratings",
            r#"type Book @key(fields: "id") { id: ID! stars: Int! note: String votes: [Vote!] }
            type Vote { by: String! }"#,
            json!({ "Book": [
                { "id": "1", "stars": 5, "note": "fine", "votes": [{ "by": "a" }] },
                { "id": "2", "stars": "!no stars", "note": "!no note", "votes": [{ "by": "!nobody" }] },
            ] }),
        ),
    ])
    .await
}

#[tokio::test]
async fn nulls_propagate_over_joins_and_errors_tell_the_clients_path() {
    let graph = library().await;
    for (query, data, paths) in [
        (
            "{ shelf { id: title ...S } } fragment S on Book { points: stars }",
            json!({ "shelf": [{ "id": "One", "points": 5 }, null] }),
            json!([["shelf", 1, "points"]]),
        ),
        (
            "{ list: shelf { note votes { who: by } } }",
            json!({ "list": [
                { "note": "fine", "votes": [{ "who": "a" }] },
                { "note": null, "votes": null },
            ] }),
            json!([["list", 1, "note"], ["list", 1, "votes", 0, "who"]]),
        ),
    ] {
        let answer = graph.ask(query, json!({})).await;
        assert_eq!(answer["data"], data);
        let errors = answer["errors"].as_array().unwrap();
        let told: Vec<_> = errors.iter().map(|error| error["path"].clone()).collect();
        assert_eq!(json!(told), paths);
        let mut services = errors.iter().map(|error| &error["extensions"]["service"]);
        assert!(services.all(|service| service == "ratings"));
    }
    let answer = graph.ask("{ books { stars } }", json!({})).await;
    assert_eq!(answer["data"], json!(null));
}

#[tokio::test]
async fn variables_have_their_defaults_and_types() {
    let graph = library().await;
    graph
        .expect_with(
            "query ($w: Where = { tags: [NEW] }, $t: Tag!) { a: asked(where: $w) \
             b: asked(where: { tags: [$t], word: null }) c: asked }",
            json!({ "t": "OLD" }),
            json!({
                "a": r#"w{"tags":["NEW"],"word":"all"}"#,
                "b": r#"w{"word":null,"tags":["OLD"]}"#,
                "c": "wnull",
            }),
            "books",
        )
        .await;
    let answer = graph
        .ask(
            "query ($t: Tag!) { asked(where: { tags: [$t] }) }",
            json!({ "t": "MID" }),
        )
        .await;
    assert_eq!(answer["errors"][0]["extensions"]["code"], "BAD_USER_INPUT");
}
