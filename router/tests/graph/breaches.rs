//! Subgraphs whose answers are GraphQL, and not answers to what they were asked.

use serde_json::{Value, json};

use crate::support::{Router, Subgraph, config, supergraph};

const KEY: &str =
    r#"extend schema @link(url: "https://specs.apollo.dev/federation/v2.3", import: ["@key"])"#;

/// A router in front of posts and of users that answer `users`.
async fn blog(posts: Value, users: Value) -> (Router, [Subgraph; 2]) {
    let posts = Subgraph::constant(
        "posts",
        &format!(
            r#"{KEY} type Query {{ posts: [Post!]! node: Node }}
               type Post {{ author: User }}
               interface Node {{ id: ID! }}
               type User implements Node @key(fields: "id") {{ id: ID! }}
               type Page implements Node @key(fields: "id") {{ id: ID! }}"#
        ),
        posts,
    )
    .await;
    let users = Subgraph::constant(
        "users",
        &format!(
            r#"{KEY} type User @key(fields: "id") {{ id: ID! email: String name: String! best: User }}
               type Page @key(fields: "id") {{ id: ID! title: String }}"#
        ),
        users,
    )
    .await;
    let mut config = config();
    config.supergraph.sdl = Some(supergraph(&[&posts, &users]));
    (Router::start(config).await, [posts, users])
}

/// Posts by the users of these ids, with aliases and without.
fn posts_by(ids: &[&str]) -> Value {
    let posts = |key: &str| {
        let author = |id: &&str| json!({ key: { "__typename": "User", "id": id } });
        ids.iter().map(author).collect::<Vec<_>>()
    };
    json!({ "data": { "all": posts("by"), "posts": posts("author") } })
}

fn malformed(message: &str, path: &Value) -> Value {
    json!({
        "message": message,
        "path": path,
        "extensions": { "code": "SUBREQUEST_MALFORMED_RESPONSE", "service": "users" },
    })
}

#[tokio::test]
async fn entities_that_are_not_as_many_as_were_asked_for_are_told() {
    let entity = json!({ "email": "a@example.org" });
    for users in [
        json!({ "_entities": null }),
        json!({}),
        json!({ "_entities": [] }),
        json!({ "_entities": 5 }),
        json!({ "_entities": {} }),
        json!({ "_entities": [entity] }),
        json!({ "_entities": [entity, entity, entity] }),
    ] {
        let shown = users.to_string();
        let (router, _subgraphs) = blog(posts_by(&["u1", "u2"]), json!({ "data": users })).await;
        let answer = router
            .query("{ all: posts { by: author { email } } }")
            .await;
        let nothing = json!({ "by": { "email": null } });
        assert_eq!(
            answer["data"],
            json!({ "all": [nothing, nothing] }),
            "{shown}"
        );
        let error = malformed(
            "A subgraph's answer does not hold the entities that were asked for.",
            &json!(["all"]),
        );
        assert_eq!(answer["errors"], json!([error]), "{shown}");
    }
}

#[tokio::test]
async fn an_entity_that_is_none_leaves_the_others() {
    for wrong in [
        json!(5),
        json!("u1"),
        json!([{ "email": "no" }]),
        json!({ "__typename": "Page", "email": "no" }),
        json!({ "__typename": "Nothing", "email": "no" }),
    ] {
        let shown = wrong.to_string();
        let entities = json!([wrong, { "email": "b@example.org" }]);
        let users = json!({ "data": { "_entities": entities } });
        let (router, _subgraphs) = blog(posts_by(&["u1", "u2"]), users).await;
        let answer = router
            .query("{ all: posts { by: author { id mail: email } } }")
            .await;
        // `mail` is asked for under that name, and comes under another
        let by = |id: &str| json!({ "by": { "id": id, "mail": null } });
        assert_eq!(
            answer["data"],
            json!({ "all": [by("u1"), by("u2")] }),
            "{shown}"
        );
        let error = malformed(
            "A subgraph answered with something else than the entity that was asked for.",
            &json!(["all", 0, "by"]),
        );
        let missing = malformed(
            "A subgraph's answer lacks a field that was asked for.",
            &json!(["all", 1, "by", "mail"]),
        );
        assert_eq!(answer["errors"], json!([error, missing]), "{shown}");
    }
}

#[tokio::test]
async fn an_entity_that_is_not_there_is_no_error() {
    let users = json!({ "data": { "_entities": [null] } });
    let (router, _subgraphs) = blog(posts_by(&["u1"]), users).await;
    let answer = router.query("{ posts { author { email } } }").await;
    assert_eq!(
        answer,
        json!({ "data": { "posts": [{ "author": { "email": null } }] } })
    );
}

#[tokio::test]
async fn what_was_not_asked_for_overwrites_nothing() {
    let users = json!({ "data": { "_entities": [
        { "__typename": "User", "id": "u9", "email": "a@example.org", "name": 5, "author": {} },
    ] } });
    let (router, _subgraphs) = blog(posts_by(&["u1"]), users).await;
    let answer = router.query("{ posts { author { id email } } }").await;
    let author = json!({ "id": "u1", "email": "a@example.org" });
    assert_eq!(
        answer,
        json!({ "data": { "posts": [{ "author": author }] } })
    );
}

#[tokio::test]
async fn a_field_that_is_missing_is_told() {
    const MISSING: &str = "A subgraph's answer lacks a field that was asked for.";
    let (router, _subgraphs) = blog(
        posts_by(&["u1"]),
        json!({ "data": { "_entities": [{ "best": {} }] } }),
    )
    .await;
    let answer = router
        .query("{ posts { author { email best { name } } } }")
        .await;
    let author = json!({ "email": null, "best": null });
    assert_eq!(answer["data"], json!({ "posts": [{ "author": author }] }));
    let errors = [
        json!(["posts", 0, "author", "best", "name"]),
        json!(["posts", 0, "author", "email"]),
    ]
    .map(|path| malformed(MISSING, &path));
    assert_eq!(answer["errors"], json!(errors));
}

#[tokio::test]
async fn a_field_of_the_root_that_is_missing_is_told() {
    let (router, _subgraphs) = blog(json!({ "data": {} }), Value::Null).await;
    let answer = router.query("{ one: node { id } }").await;
    assert_eq!(answer["data"], json!({ "one": null }));
    assert_eq!(answer["errors"][0]["path"], json!(["one"]));
    let extensions = json!({ "code": "SUBREQUEST_MALFORMED_RESPONSE", "service": "posts" });
    assert_eq!(answer["errors"][0]["extensions"], extensions);
}

#[tokio::test]
async fn an_error_of_the_subgraph_explains_what_is_missing() {
    let posts = json!({ "data": {}, "errors": [{ "message": "no", "path": ["node"] }] });
    let (router, _subgraphs) = blog(posts, Value::Null).await;
    let answer = router.query("{ node { id } }").await;
    assert_eq!(answer["data"], json!({ "node": null }));
    assert_eq!(answer["errors"].as_array().unwrap().len(), 1, "{answer}");
    assert_eq!(answer["errors"][0]["message"], "no");
}

#[tokio::test]
async fn a_type_that_is_none_of_an_interfaces_is_told() {
    for name in [json!("Nothing"), json!("Query"), json!(5), Value::Null] {
        let shown = name.to_string();
        let posts = json!({ "data": { "node": { "__typename": name, "id": "u1" } } });
        let (router, _subgraphs) = blog(posts, Value::Null).await;
        for query in [
            "{ node { id } }",
            "{ node { id ... on User { id } } }",
            "{ node { __typename } }",
            "{ node { id ... on User { email } ... on Page { title } } }",
        ] {
            let answer = router.query(query).await;
            let error = &answer["errors"][0];
            assert!(
                error["extensions"]["code"].is_string(),
                "{shown} {query} {answer}"
            );
            assert_eq!(error["path"], json!(["node"]), "{shown} {query}");
            assert_eq!(answer["data"], json!({ "node": null }), "{shown} {query}");
        }
    }
}

#[tokio::test]
async fn a_value_where_an_object_was_asked_for_leaves_what_others_gave() {
    let users = json!({ "data": { "_entities": [{ "email": "a@example.org", "best": 7 }] } });
    let (router, _subgraphs) = blog(posts_by(&["u1"]), users).await;
    let answer = router
        .query("{ posts { author { email best { name } } } }")
        .await;
    let author = json!({ "email": "a@example.org", "best": null });
    assert_eq!(answer["data"], json!({ "posts": [{ "author": author }] }));
    assert_eq!(
        answer["errors"],
        json!([malformed(
            "A subgraph's answer has something else where an object was asked for.",
            &json!(["posts", 0, "author", "best"]),
        )])
    );
}
