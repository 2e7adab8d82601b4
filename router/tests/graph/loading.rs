//! Where a supergraph comes from, and what is said when it does not come.

use std::fs;

use axum::{Json, response::IntoResponse as _, routing::any};
use serde_json::json;
use setwise_router::{Graph, SubgraphSchema, compose, supergraph_sdl};
use tokio::{net::TcpListener, task::JoinSet};

use crate::support::{Router, Shop, Subgraph, client, config, supergraph, users};

#[tokio::test]
async fn composes_a_supergraph_yaml() {
    let users = users::start().await;
    let asked = Subgraph::answer_with(
        "asked",
        "type Query { hello: String }",
        |request| async move {
            let query = request["query"].as_str().unwrap_or_default();
            let data = if query.contains("_service") {
                json!({ "_service": { "sdl": "type Query { hello: String }" } })
            } else {
                json!({ "hello": "hi" })
            };
            Json(json!({ "data": data })).into_response()
        },
    )
    .await;
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("users.graphql"), &users.sdl).unwrap();
    let yaml = folder.path().join("supergraph.yaml");
    let text = format!(
        "federation_version: =2.9.0\nsubgraphs:\n  users:\n    routing_url: {}\n    schema:\n      file: ./users.graphql\n  asked:\n    schema:\n      subgraph_url: {}\n",
        users.url, asked.url,
    );
    fs::write(&yaml, text).unwrap();
    let mut config = config();
    config.supergraph.path = Some(yaml);
    let router = Router::start(config.clone()).await;
    let expected = json!({ "data": { "me": { "name": "Ada" }, "hello": "hi" } });
    assert_eq!(router.query("{ me { name } hello }").await, expected);

    // what it composes is taken as a supergraph itself
    let composed = folder.path().join("supergraph.graphql");
    fs::write(&composed, supergraph_sdl(&config).await.unwrap()).unwrap();
    config.supergraph.path = Some(composed);
    let router = Router::start(config).await;
    assert_eq!(router.query("{ me { name } hello }").await, expected);
}

#[tokio::test]
async fn given_urls_win() {
    let users = users::start().await;
    let mut config = config();
    config.supergraph.sdl = Some(supergraph(&[&users]).replace(&users.url, "http://127.0.0.1:9"));
    config
        .subgraphs
        .set_url("users", users.url.parse().unwrap());
    let router = Router::start(config).await;
    let answer = router.query("{ me { name } }").await;
    assert_eq!(answer, json!({ "data": { "me": { "name": "Ada" } } }));
}

#[test]
fn names_what_does_not_compose() {
    let subgraph = |name: &str, sdl: &str| SubgraphSchema {
        name: name.to_owned(),
        routing_url: "http://127.0.0.1:9".to_owned(),
        sdl: sdl.to_owned(),
    };
    let federated = |ty: &str| {
        format!(
            r#"extend schema @link(url: "https://specs.apollo.dev/federation/v2.3", import: ["@shareable"])
               type Query {{ size: {ty} @shareable }}"#
        )
    };
    let error = compose(&[
        subgraph("a", &federated("Int")),
        subgraph("b", &federated("String")),
    ])
    .unwrap_err();
    let error = format!("{error:#}");
    assert!(
        error.contains("Query.size") && error.contains("\"a\""),
        "{error}"
    );
    let error = compose(&[subgraph("broken", "type Query {")]).unwrap_err();
    assert!(error.to_string().starts_with("[broken] "), "{error}");
}

#[tokio::test]
async fn says_what_it_cannot_load() {
    let folder = tempfile::tempdir().unwrap();
    let yaml = folder.path().join("supergraph.yaml");
    let mut config = config();
    let said = async |config: &setwise_router::Config| match Graph::load(config).await {
        Ok(_) => panic!("loaded"),
        Err(error) => format!("{error:#}"),
    };
    assert!(said(&config).await.contains("--supergraph"));

    config.supergraph.path = Some(yaml.clone());
    assert!(said(&config).await.contains("supergraph.yaml"));

    fs::write(&yaml, "subgraphs: { a: { routing_url: x, shema: {} } }").unwrap();
    assert!(said(&config).await.contains("shema"));

    fs::write(&yaml, "subgraphs: { a: { routing_url: x, schema: {} } }").unwrap();
    assert!(said(&config).await.contains("subgraphs.a.schema"));

    config.supergraph.sdl = Some("type Query { a: Int }".to_owned());
    config
        .subgraphs
        .set_url("stranger", "http://127.0.0.1:9".parse().unwrap());
    assert!(said(&config).await.contains("stranger"));
}

#[tokio::test]
async fn explains_a_plan() {
    let users = users::start().await;
    let mut config = config();
    config.supergraph.sdl = Some(supergraph(&[&users]));
    let graph = Graph::load(&config).await.unwrap();
    let plan = graph.explain("{ me { name } }").unwrap();
    assert!(plan.to_string().contains("Fetch(service: \"users\")"));
    assert_eq!(plan.to_json()["node"]["serviceName"], "users");
    assert!(graph.explain("{ nothing }").is_err());
    // as deep as the limit allows
    let deep = "friends { ".repeat(38) + "id" + &" }".repeat(38);
    graph.explain(&format!("{{ me {{ {deep} }} }}")).unwrap();
    let deeper = "friends { ".repeat(39) + "id" + &" }".repeat(39);
    let error = graph.explain(&format!("{{ me {{ {deeper} }} }}"));
    assert!(
        error
            .unwrap_err()
            .to_string()
            .contains("is 41, the limit is 40")
    );
}

#[tokio::test]
async fn files_are_passed_through() {
    let app = axum::Router::new().route(
        "/files/{*path}",
        any(|request: axum::extract::Request| async move {
            let seen = format!("{} {}", request.method(), request.uri());
            let body = axum::body::to_bytes(request.into_body(), 1_000)
                .await
                .unwrap();
            format!("{seen} {}", String::from_utf8_lossy(&body))
        }),
    );
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let origin = format!("http://{}", listener.local_addr().unwrap());
    let mut tasks = JoinSet::new();
    tasks.spawn(async move { axum::serve(listener, app).await.unwrap() });
    let shop = Shop::open_with(|config| config.files_url = Some(origin.parse().unwrap())).await;
    let response = client()
        .put(format!("{}/files/a/b?signature=x%2Fy", shop.router.url))
        .body("bytes")
        .send()
        .await
        .unwrap();
    assert_eq!(
        response.text().await.unwrap(),
        "PUT /files/a/b?signature=x%2Fy bytes"
    );

    let without = Shop::open().await;
    let response = client()
        .get(format!("{}/files/a", without.router.url))
        .send()
        .await
        .unwrap();
    assert_eq!(response.status().as_u16(), 404);
}

/// What a supergraph says must be understood, and is not, would be left out in silence.
#[tokio::test]
async fn a_feature_that_is_not_known_is_refused() {
    let sdl = r#"
        extend schema @link(
            url: "https://specs.apollo.dev/federation/v2.8"
            import: ["@key", "@context", "@fromContext"]
        )
        type Query { me: User! }
        type User @key(fields: "id") @context(name: "user") { id: ID! coin: String! bill: Bill! }
        type Bill @key(fields: "id") {
            id: ID!
            sum(coin: String @fromContext(field: "$user { coin }")): Int
        }
        "#;
    let schemas = ["one", "two"].map(|name| SubgraphSchema {
        name: name.to_owned(),
        routing_url: "http://127.0.0.1:9/".to_owned(),
        sdl: match name {
            "one" => sdl.to_owned(),
            _ => "type Query { hello: String }".to_owned(),
        },
    });
    let mut config = config();
    config.supergraph.sdl = Some(compose(&schemas).unwrap());
    let error = Graph::load(&config).await.err().expect("it is refused");
    let told = format!("{error:#}");
    assert!(
        told.contains("https://specs.apollo.dev/context/v0.1 (for: SECURITY)"),
        "{told}"
    );
}
