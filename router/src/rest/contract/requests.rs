use axum::{Router, body::Body};
use http::{Request, StatusCode};
use serde_json::{Map, Value, json};
use tokio::net::TcpListener;
use tower::ServiceExt as _;

use super::{CONTRACT, ContractOperation, ContractType, Kind, graph, graph_with};
use crate::{reload::LiveGraph, rest::router};

async fn api() -> Router {
    router(&LiveGraph::new(graph().await))
}

async fn send(
    api: &Router,
    method: &str,
    path: &str,
    token: Option<&str>,
    body: String,
) -> (StatusCode, Value) {
    let mut request = Request::builder().method(method).uri(path);
    if let Some(token) = token {
        request = request.header("x-access-token", token);
    }
    let request = request.body(Body::from(body)).unwrap();
    let response = api.clone().oneshot(request).await.unwrap();
    let status = response.status();
    let body = axum::body::to_bytes(response.into_body(), usize::MAX);
    (
        status,
        serde_json::from_slice(&body.await.unwrap()).unwrap(),
    )
}

/// A path of `operation` under `prefix`.
fn path(operation: &ContractOperation, prefix: &str) -> String {
    let path = operation.path.strip_prefix("/v1").unwrap();
    format!("{prefix}{}", path.replace(['{', '}'], ""))
}

/// A value that the contract allows for `kind`.
fn good(kind: &Kind) -> Value {
    let Kind::One(name) = kind else {
        return json!([]);
    };
    match name.as_str() {
        "string" => json!("text"),
        "boolean" => json!(true),
        "int32" | "float" => json!(1),
        "timestamp" => json!("2000-01-01T00:00:00Z"),
        "duration" => json!("1s"),
        name => match &CONTRACT.types[name] {
            ContractType::Enum(values) => json!(values[1]),
            ContractType::Fields(fields) => fields
                .iter()
                .map(|(name, field)| (name.clone(), good(&field.kind)))
                .collect(),
        },
    }
}

fn required(body: &str) -> Map<String, Value> {
    CONTRACT
        .fields(body)
        .iter()
        .filter(|(_, field)| field.required)
        .map(|(name, field)| (name.clone(), good(&field.kind)))
        .collect()
}

fn snake(name: &str) -> String {
    let mut snake = String::new();
    for letter in name.chars() {
        if letter.is_ascii_uppercase() {
            snake.push('_');
        }
        snake.push(letter.to_ascii_lowercase());
    }
    snake
}

#[tokio::test]
async fn asks_for_a_token_before_anything_else() {
    let api = api().await;
    for operation in CONTRACT.operations.iter().filter(|one| one.auth) {
        for prefix in ["/v1", "/api/v1"] {
            let path = path(operation, prefix);
            let (status, body) = send(&api, &operation.method, &path, None, "{".into()).await;
            assert_eq!(status, StatusCode::UNAUTHORIZED, "{path}");
            assert_eq!(body["code"], 16, "{path}");
            assert_eq!(body["details"], json!([]), "{path}");
        }
    }
}

#[tokio::test]
async fn names_the_required_field_that_is_missing_or_empty() {
    let api = api().await;
    for operation in &CONTRACT.operations {
        let Some(body) = &operation.body else {
            continue;
        };
        let path = path(operation, "/v1");
        let full = required(body);
        for name in full.keys() {
            let mut missing = full.clone();
            missing.remove(name);
            let mut empty = full.clone();
            empty.insert(
                name.clone(),
                full[name].as_str().map_or(json!(0), |_| json!("")),
            );
            for fields in [missing, empty] {
                let fields = Value::Object(fields).to_string();
                let (status, body) = send(&api, &operation.method, &path, Some("t"), fields).await;
                assert_eq!(status, StatusCode::BAD_REQUEST, "{path} {body}");
                assert_eq!(body["code"], 3, "{path}");
                let message = body["message"].as_str().unwrap();
                assert!(
                    message.starts_with(&format!("{name}: ")),
                    "{path} {message}"
                );
            }
        }
    }
}

#[tokio::test]
async fn reads_every_field_of_every_body_in_both_spellings() {
    let api = api().await;
    for operation in &CONTRACT.operations {
        let Some(body) = &operation.body else {
            continue;
        };
        let path = path(operation, "/v1");
        for name in CONTRACT.fields(body).keys() {
            for spelling in [name.clone(), snake(name)] {
                let mut fields = required(body);
                fields.remove(name);
                fields.insert(spelling.clone(), json!([{}]));
                let fields = Value::Object(fields).to_string();
                let (status, body) = send(&api, &operation.method, &path, Some("t"), fields).await;
                assert_eq!(status, StatusCode::BAD_REQUEST, "{path} {spelling}");
                let message = body["message"].as_str().unwrap();
                assert!(message.starts_with(name), "{path} {spelling}: {message}");
            }
        }
    }
}

#[tokio::test]
async fn reads_every_number_of_every_query() {
    let api = api().await;
    for operation in &CONTRACT.operations {
        for (name, _) in operation.query.iter().filter(|(_, kind)| *kind == "int32") {
            let path = format!("{}?{name}=many", path(operation, "/v1"));
            let (status, body) =
                send(&api, &operation.method, &path, Some("t"), String::new()).await;
            assert_eq!(status, StatusCode::BAD_REQUEST, "{path}");
            assert!(
                body["message"].as_str().unwrap().starts_with(name),
                "{path}"
            );
        }
    }
}

#[tokio::test]
async fn refuses_what_is_not_json() {
    let api = api().await;
    let long = format!("{{\"email\": \"{}\"}}", "a".repeat(1_000_000));
    let (status, answer) = send(&api, "POST", "/v1/auth/login", None, long).await;
    assert_eq!(status, StatusCode::PAYLOAD_TOO_LARGE);
    assert_eq!(answer["code"], 3);
    for body in ["{", "[]", "nope", "{} {}"] {
        let (status, answer) = send(&api, "POST", "/v1/auth/login", None, body.into()).await;
        assert_eq!(status, StatusCode::BAD_REQUEST, "{body}");
        assert_eq!(answer["code"], 3, "{body}");
    }
}

#[tokio::test]
async fn tells_an_unknown_path_from_an_unknown_method() {
    let api = api().await;
    for prefix in ["/v1", "/api/v1"] {
        for path in ["", "/", "/nothing", "/workouts/1/2/3", "/auth"] {
            let path = format!("{prefix}{path}");
            let (status, body) = send(&api, "GET", &path, None, String::new()).await;
            assert_eq!(status, StatusCode::NOT_FOUND, "{path}");
            assert_eq!(body["code"], 5, "{path}");
        }
        for (method, path) in [("GET", "/auth/login"), ("PATCH", "/users/me")] {
            let path = format!("{prefix}{path}");
            let (status, body) = send(&api, method, &path, None, String::new()).await;
            assert_eq!(status, StatusCode::NOT_IMPLEMENTED, "{path}");
            assert_eq!(body["code"], 12, "{path}");
        }
    }
}

#[tokio::test]
async fn a_subgraph_out_of_reach_is_unavailable() {
    let api = api().await;
    for path in ["/v1/users/me", "/v1/workouts", "/v1/exercises/1/history"] {
        let (status, body) = send(&api, "GET", path, Some("t"), String::new()).await;
        assert_eq!(status, StatusCode::SERVICE_UNAVAILABLE, "{path} {body}");
        assert_eq!(body["code"], 14, "{path}");
    }
}

#[tokio::test]
async fn a_subgraph_that_says_nothing_is_too_late() {
    let silent = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/graphql", silent.local_addr().unwrap());
    let graph = graph_with(|config| {
        config.subgraphs.all.timeout_ms = 50;
        config.subgraphs.set_url("users", url.parse().unwrap());
    });
    let api = router(&LiveGraph::new(graph.await));
    let (status, body) = send(&api, "GET", "/v1/users/me", Some("t"), String::new()).await;
    assert_eq!(status, StatusCode::GATEWAY_TIMEOUT, "{body}");
    assert_eq!(body["code"], 4);
}
