//! `@authenticated`, `@requiresScopes` and `@policy`: what the caller may not see is asked of no
//! subgraph, is null, and is told of.

use std::sync::Arc;

use serde_json::{Value, json};
use setwise_router::{Claims, Graph, GraphRequest};

use crate::support::{LINK, compose_parts, config};

/// Subgraphs that fail whatever they are asked in vain.
async fn ask(sdl: &str, data: Value, claims: Option<Value>, query: &str) -> Value {
    let sdl = format!("{LINK}{sdl}");
    let (supergraph, _servers) = compose_parts(vec![("one", &sdl, data)]).await;
    let graph = Graph::load(&config(supergraph)).await.unwrap();
    // a plan made for one caller is not another's
    for others in [None, Some(json!({ "scope": "read write admin" }))] {
        graph.execute(request(query, others)).await;
    }
    let response = graph.execute(request(query, claims)).await;
    serde_json::from_slice(&response.to_json()).unwrap()
}

fn request(query: &str, claims: Option<Value>) -> GraphRequest {
    GraphRequest {
        query: query.into(),
        claims: claims.map(|claims| Arc::new(Claims(claims.as_object().unwrap().clone()))),
        ..GraphRequest::default()
    }
}

fn denied(path: &Value) -> Value {
    json!({
        "message": "Unauthorized field or type",
        "path": path,
        "extensions": { "code": "UNAUTHORIZED_FIELD_OR_TYPE" },
    })
}

#[tokio::test]
async fn fields_and_types_need_a_caller() {
    let sdl = r"
        type Query { posts: [Post!]! secret: Secret open: Int }
        type Post { title: String! views: Int @authenticated author: Author }
        type Author { name: String! mail: String! @authenticated }
        type Secret @authenticated { text: String! }
        ";
    let data = json!({ "Query": {
        "posts": [{ "title": "One", "views": 7, "author": { "name": "Ada", "mail": "a@x" } }],
        "secret": { "text": "hidden" },
        "open": 1,
    } });
    let query = "{ posts { title seen: views author { mail } } hush: secret { text } open }";
    assert_eq!(
        ask(sdl, data.clone(), None, query).await,
        json!({
            "data": { "posts": [{ "title": "One", "seen": null, "author": null }], "hush": null, "open": 1 },
            "errors": [
                denied(&json!(["posts", "@", "seen"])),
                denied(&json!(["posts", "@", "author", "mail"])),
                denied(&json!(["hush"])),
            ],
        })
    );
    assert_eq!(
        ask(sdl, data, Some(json!({ "sub": "u" })), query).await,
        json!({ "data": {
            "posts": [{ "title": "One", "seen": 7, "author": { "mail": "a@x" } }],
            "hush": { "text": "hidden" },
            "open": 1,
        } })
    );
}

#[tokio::test]
async fn scopes_are_alternatives_of_lists_and_policies_are_denied() {
    let sdl = r#"
        type Query {
            a: Int @requiresScopes(scopes: [["read", "write"], ["admin"]])
            b: Level
            c: Int @policy(policies: [["vip"]])
            d: Int @authenticated @requiresScopes(scopes: [["read"]])
        }
        enum Level @requiresScopes(scopes: [["admin"]]) { LOW }
        "#;
    let data = json!({ "Query": { "a": 1, "b": "LOW", "c": "!not evaluated", "d": 4 } });
    for (claims, expected) in [
        (None, json!({ "a": null, "b": null, "c": null, "d": null })),
        (
            Some(json!({ "scope": "read" })),
            json!({ "a": null, "b": null, "c": null, "d": 4 }),
        ),
        (
            Some(json!({ "scope": ["write", "read"] })),
            json!({ "a": 1, "b": null, "c": null, "d": 4 }),
        ),
        (
            Some(json!({ "scope": "admin other" })),
            json!({ "a": 1, "b": "LOW", "c": null, "d": null }),
        ),
    ] {
        let answer = ask(sdl, data.clone(), claims, "{ a b c d }").await;
        let fields = expected.as_object().unwrap().iter();
        let errors: Vec<_> = fields
            .filter(|(_, value)| value.is_null())
            .map(|(name, _)| denied(&json!([name])))
            .collect();
        assert_eq!(answer, json!({ "data": expected, "errors": errors }));
    }
}

/// Through an interface a field is seen only by who may see it of every implementation; a denied
/// mutation does not run.
#[tokio::test]
async fn abstract_types_and_mutations_are_protected_too() {
    let sdl = r#"
        type Query { nodes: [Node!]! any: [Any!]! }
        type Mutation { wipe: Int @requiresScopes(scopes: [["admin"]]) touch: Int }
        interface Node { id: ID! }
        union Any = Open | Closed
        type Open implements Node { id: ID! }
        type Closed implements Node { id: ID! @authenticated text: String }
        "#;
    let nodes = json!([
        { "__typename": "Open", "id": "1" },
        { "__typename": "Closed", "id": "2", "text": "t" },
    ]);
    let data = json!({
        "Query": { "nodes": nodes, "any": nodes },
        "Mutation": { "wipe": "!must not run", "touch": 1 },
    });
    assert_eq!(
        ask(
            sdl,
            data.clone(),
            None,
            "{ any { ...O ... on Closed { id text } } } fragment O on Open { id }"
        )
        .await,
        json!({ "data": null, "errors": [denied(&json!(["any", "@", "id"]))] })
    );
    assert_eq!(
        ask(sdl, data.clone(), None, "{ nodes { ... on Open { id } } }").await,
        json!({ "data": { "nodes": [{ "id": "1" }, {}] } })
    );
    assert_eq!(
        ask(sdl, data.clone(), None, "{ nodes { id } }").await,
        json!({ "data": null, "errors": [denied(&json!(["nodes", "@", "id"]))] })
    );
    assert_eq!(
        ask(sdl, data, Some(json!({})), "mutation { wipe touch }").await,
        json!({
            "data": { "wipe": null, "touch": 1 },
            "errors": [denied(&json!(["wipe"]))],
        })
    );
}
