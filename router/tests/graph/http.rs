//! GraphQL over HTTP: media types, methods, statuses.

use axum::http::StatusCode;
use reqwest::RequestBuilder;
use serde_json::{Value, json};
use url::Url;

use crate::support::{Shop, client};

const GRAPHQL: &str = "application/graphql-response+json";

fn url(shop: &Shop) -> String {
    format!("{}/graphql", shop.router.url)
}

fn post(shop: &Shop) -> RequestBuilder {
    client().post(url(shop))
}

fn get(shop: &Shop, parameters: &[(&str, &str)]) -> RequestBuilder {
    bare_get(shop, parameters).header("apollo-require-preflight", "1")
}

fn bare_get(shop: &Shop, parameters: &[(&str, &str)]) -> RequestBuilder {
    client().get(Url::parse_with_params(&url(shop), parameters).unwrap())
}

async fn status(request: RequestBuilder) -> StatusCode {
    let response = request.send().await.unwrap();
    StatusCode::from_u16(response.status().as_u16()).unwrap()
}

#[tokio::test]
async fn answers_the_media_type_that_was_asked_for() {
    let shop = Shop::open().await;
    for (accept, expected) in [
        (None, "application/json; charset=utf-8"),
        (Some("*/*"), "application/json; charset=utf-8"),
        (Some("application/json"), "application/json; charset=utf-8"),
        (
            Some(GRAPHQL),
            "application/graphql-response+json; charset=utf-8",
        ),
    ] {
        let mut request = post(&shop).json(&json!({ "query": "{ __typename }" }));
        if let Some(accept) = accept {
            request = request.header("accept", accept);
        }
        let response = request.send().await.unwrap();
        assert_eq!(response.headers()["content-type"], expected);
        assert_eq!(response.status().as_u16(), 200);
    }
    let request = post(&shop)
        .header("accept", "text/csv")
        .json(&json!({ "query": "{ __typename }" }));
    assert_eq!(status(request).await, StatusCode::NOT_ACCEPTABLE);
}

#[tokio::test]
async fn the_status_tells_what_the_media_type_says_it_tells() {
    let shop = Shop::open().await;
    for (query, in_graphql) in [
        ("{ me { name } }", StatusCode::OK),
        ("{ me { email } }", StatusCode::OK),
        ("{ nothing }", StatusCode::BAD_REQUEST),
        ("{", StatusCode::BAD_REQUEST),
        (
            "query ($id: ID!) { user(id: $id) { id } }",
            StatusCode::BAD_REQUEST,
        ),
    ] {
        let request = post(&shop).json(&json!({ "query": query }));
        let as_graphql = request.try_clone().unwrap().header("accept", GRAPHQL);
        assert_eq!(status(as_graphql).await, in_graphql, "{query}");
        let as_json = match in_graphql {
            StatusCode::BAD_REQUEST => StatusCode::OK,
            other => other,
        };
        assert_eq!(status(request).await, as_json, "{query}");
    }
}

#[tokio::test]
async fn refuses_malformed_bodies() {
    let shop = Shop::open().await;
    for body in [
        "",
        "{",
        "null",
        "\"{ me }\"",
        "{}",
        "{\"query\":1}",
        "{\"query\":\"\"}",
        "{\"query\":\"{ __typename }\",\"variables\":[]}",
        "{\"query\":\"{ __typename }\",\"operationName\":{}}",
        "{\"query\":\"{ __typename }\",\"extensions\":1}",
        "{\"query\":\"{ __typename }\",\"extensions\":[]}",
        "{\"query\":\"{ __typename }\",\"extensions\":{\"persistedQuery\":1}}",
        "{\"query\":\"{ __typename }\",\"query\":\"{ me { id } }\"}",
    ] {
        let request = post(&shop)
            .header("content-type", "application/json")
            .body(body);
        let response = request.send().await.unwrap();
        assert_eq!(response.status().as_u16(), 400, "{body}");
        let answer: Value = response.json().await.unwrap();
        assert_eq!(answer["errors"][0]["extensions"]["code"], "BAD_REQUEST");
    }
}

#[tokio::test]
async fn refuses_other_content_types_and_methods() {
    let shop = Shop::open().await;
    let body = r#"{"query":"{ __typename }"}"#;
    let request = post(&shop)
        .header("content-type", "application/graphql")
        .body("{ __typename }");
    assert_eq!(status(request).await, StatusCode::UNSUPPORTED_MEDIA_TYPE);
    let request = post(&shop)
        .header("content-type", "application/json; charset=utf-16")
        .body(body);
    assert_eq!(status(request).await, StatusCode::UNSUPPORTED_MEDIA_TYPE);
    let response = client()
        .put(url(&shop))
        .header("content-type", "application/json")
        .body(body)
        .send()
        .await
        .unwrap();
    assert_eq!(response.status().as_u16(), 405);
    assert_eq!(response.headers()["allow"], "GET, POST");
}

#[tokio::test]
async fn refuses_bodies_beyond_the_limit() {
    let shop = Shop::open_with(|config| config.limits.max_body_bytes = 1_000).await;
    let query = format!("{{ __typename }} # {}", "x".repeat(1_000));
    let request = post(&shop).json(&json!({ "query": query }));
    assert_eq!(status(request).await, StatusCode::PAYLOAD_TOO_LARGE);
}

#[tokio::test]
async fn queries_come_by_get_and_mutations_do_not() {
    let shop = Shop::open().await;
    let query = "query Q($id: ID!) { user(id: $id) { name } } query Other { me { id } }";
    let parameters = [
        ("query", query),
        ("operationName", "Q"),
        ("variables", r#"{"id":"u2"}"#),
    ];
    let response = get(&shop, &parameters).send().await.unwrap();
    assert_eq!(response.status().as_u16(), 200);
    let answer: Value = response.json().await.unwrap();
    assert_eq!(answer, json!({ "data": { "user": { "name": "Bob" } } }));

    let response = get(&shop, &[("query", "mutation { step(n: 1) }")])
        .send()
        .await
        .unwrap();
    assert_eq!(response.status().as_u16(), 405);
    assert_eq!(response.headers()["allow"], "POST");
    assert_eq!(shop.users.asked().len(), 1);

    let request = get(&shop, &[("query", "{ __typename }"), ("variables", "[]")]);
    assert_eq!(status(request).await, StatusCode::BAD_REQUEST);
    assert_eq!(status(get(&shop, &[])).await, StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn refuses_what_could_be_a_forgery() {
    let shop = Shop::open().await;
    let parameters = [("query", "{ __typename }")];
    let bare = bare_get(&shop, &parameters);
    assert_eq!(
        status(bare.try_clone().unwrap()).await,
        StatusCode::BAD_REQUEST
    );
    let form = post(&shop)
        .header("content-type", "text/plain")
        .body(r#"{"query":"{ __typename }"}"#);
    assert_eq!(status(form).await, StatusCode::BAD_REQUEST);
    let named = bare
        .try_clone()
        .unwrap()
        .header("x-apollo-operation-name", "Q");
    assert_eq!(status(named).await, StatusCode::OK);

    let open = Shop::open_with(|config| config.csrf.prevention = false).await;
    assert_eq!(status(bare_get(&open, &parameters)).await, StatusCode::OK);
}

#[tokio::test]
async fn browsers_get_a_playground_that_loads_nothing_from_elsewhere() {
    let shop = Shop::open().await;
    let browser = client()
        .get(url(&shop))
        .header("accept", "text/html,*/*;q=0.8");
    let page = browser.send().await.unwrap();
    assert_eq!(page.headers()["content-type"], "text/html; charset=utf-8");
    let policy = page.headers()["content-security-policy"].to_str().unwrap();
    assert!(policy.contains("script-src 'self';"), "{policy}");
    let html = page.text().await.unwrap();
    assert!(!html.contains("http"), "{html}");
    let assets = html
        .split('"')
        .filter(|part| part.starts_with("/graphiql/"));
    for asset in assets {
        let request = client().get(format!("{}{asset}", shop.router.url));
        assert_eq!(status(request).await, StatusCode::OK, "{asset}");
    }

    let shop = Shop::open_with(|config| config.playground = Some(false)).await;
    let browser = client().get(url(&shop)).header("accept", "text/html");
    assert_eq!(status(browser).await, StatusCode::NOT_ACCEPTABLE);
}

#[tokio::test]
async fn the_description_of_rest_is_a_page_that_loads_nothing_from_elsewhere() {
    let shop = Shop::open_with(|config| config.rest = true).await;
    let docs = format!("{}/docs", shop.router.url);
    let page = client().get(&docs).send().await.unwrap();
    assert_eq!(page.headers()["content-type"], "text/html; charset=utf-8");
    let policy = page.headers()["content-security-policy"].to_str().unwrap();
    assert!(!policy.contains("unsafe"), "{policy}");
    let html = page.text().await.unwrap();
    assert!(!html.contains("http"), "{html}");
    let assets = html.split('"').filter(|part| part.starts_with("docs/"));
    let assets: Vec<_> = assets.collect();
    assert_eq!(assets.len(), 4, "{html}");
    for asset in assets {
        let request = client().get(Url::parse(&docs).unwrap().join(asset).unwrap());
        assert_eq!(status(request).await, StatusCode::OK, "{asset}");
    }
    // reqwest follows to /docs
    let slash = client().get(format!("{docs}/"));
    assert_eq!(status(slash).await, StatusCode::OK);

    let description = client().get(format!("{}/v1/openapi.json", shop.router.url));
    let description = description.header("accept-encoding", "gzip");
    let description = description.send().await.unwrap();
    assert_eq!(description.headers()["content-encoding"], "gzip");

    for (rest, shown) in [(true, false), (false, true)] {
        let shop = Shop::open_with(|config| {
            config.rest = rest;
            config.docs = shown;
        })
        .await;
        let request = client().get(format!("{}/docs", shop.router.url));
        assert_eq!(
            status(request).await,
            StatusCode::NOT_FOUND,
            "{rest} {shown}"
        );
    }
}

#[tokio::test]
async fn rest_tells_of_every_refusal_as_it_tells_of_others() {
    let shop = Shop::open_with(|config| config.rest = true).await;
    for (encoding, expected) in [("br", 415), ("gzip", 400)] {
        let login = client().post(format!("{}/v1/auth/login", shop.router.url));
        let login = login.header("content-encoding", encoding).body("{}");
        let answer = login.send().await.unwrap();
        assert_eq!(answer.status().as_u16(), expected, "{encoding}");
        let body: Value = answer.json().await.unwrap();
        assert_eq!(body["code"], 3, "{body}");
    }
    // GraphQL has its own way
    let graphql = post(&shop).header("content-encoding", "br").body("{}");
    let answer = graphql.send().await.unwrap();
    assert_eq!(answer.status().as_u16(), 415);
    assert!(answer.bytes().await.unwrap().is_empty());
}

#[tokio::test]
async fn allows_the_origins_that_are_configured() {
    let shop =
        Shop::open_with(|config| config.cors.origins = vec!["https://a.example".into()]).await;
    let preflight = |origin: &str| {
        client()
            .request("OPTIONS".parse().unwrap(), url(&shop))
            .header("origin", origin.to_owned())
            .header("access-control-request-method", "POST")
            .header(
                "access-control-request-headers",
                "content-type,authorization",
            )
            .send()
    };
    let allowed = preflight("https://a.example").await.unwrap();
    let headers = allowed.headers();
    assert_eq!(headers["access-control-allow-origin"], "https://a.example");
    assert_eq!(
        headers["access-control-allow-headers"],
        "content-type,authorization"
    );
    assert_eq!(headers["access-control-max-age"], "7200");
    assert_eq!(
        headers["access-control-allow-methods"],
        "GET,POST,PUT,PATCH,DELETE"
    );
    assert!(!headers.contains_key("access-control-allow-credentials"));
    let other = preflight("https://b.example").await.unwrap();
    assert!(!other.headers().contains_key("access-control-allow-origin"));
}

#[tokio::test]
async fn tells_browsers_all_that_is_configured() {
    let shop = Shop::open_with(|config| {
        config.cors.origins = vec!["https://a.example".into()];
        config.cors.credentials = true;
        config.cors.methods = vec!["POST".into()];
        config.cors.allow_headers = vec!["content-type".into()];
        config.cors.expose_headers = vec!["x-request-id".into()];
        config.cors.max_age_seconds = 60;
    })
    .await;
    let preflight = client()
        .request("OPTIONS".parse().unwrap(), url(&shop))
        .header("origin", "https://a.example")
        .header("access-control-request-method", "POST")
        .header("access-control-request-headers", "x-other");
    let allowed = preflight.send().await.unwrap();
    for (name, value) in [
        ("access-control-allow-credentials", "true"),
        ("access-control-allow-methods", "POST"),
        ("access-control-allow-headers", "content-type"),
        ("access-control-max-age", "60"),
    ] {
        assert_eq!(allowed.headers()[name], value);
    }
    let call = post(&shop)
        .header("origin", "https://a.example")
        .json(&json!({ "query": "{ __typename }" }));
    let answer = call.send().await.unwrap();
    let headers = answer.headers();
    assert_eq!(headers["access-control-allow-origin"], "https://a.example");
    assert_eq!(headers["access-control-allow-credentials"], "true");
    assert_eq!(headers["access-control-expose-headers"], "x-request-id");
}

#[tokio::test]
async fn tells_that_it_is_well() {
    let shop = Shop::open().await;
    for path in ["healthz", "health", "readyz", "metrics"] {
        let request = client().get(format!("{}/{path}", shop.router.url));
        assert_eq!(status(request).await, StatusCode::OK, "{path}");
    }
}
