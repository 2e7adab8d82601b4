//! Who may ask, and how often.

use clap::Parser as _;
use reqwest::{RequestBuilder, StatusCode};
use serde_json::{Value, json};
use setwise_router::{Config, FieldRate, Flags, Rate};

use crate::support::{Router, Subgraph, client, config, issuer::Issuer, supergraph};

const SDL: &str = "type Query { hello: String bye: String } type Mutation { login: String }";

async fn router(configure: impl FnOnce(&mut Config)) -> (Router, Subgraph) {
    let data = json!({ "data": { "hello": "hi" } });
    let one = Subgraph::constant("one", SDL, data).await;
    let mut config = config();
    config.supergraph.sdl = Some(supergraph(&[&one]));
    configure(&mut config);
    (Router::start(config).await, one)
}

fn rate(per_minute: u32, burst: u32) -> Rate {
    Rate { per_minute, burst }
}

fn post(router: &Router, body: &Value) -> RequestBuilder {
    client().post(format!("{}/graphql", router.url)).json(body)
}

/// The status, `Retry-After` and the first error's code.
async fn told(request: RequestBuilder) -> (StatusCode, Option<String>, String) {
    let response = request.send().await.unwrap();
    let status = response.status();
    let retry_after = response.headers().get("retry-after");
    let retry_after = retry_after.map(|value| value.to_str().unwrap().to_owned());
    let answer: Value = response.json().await.unwrap();
    let code = &answer["errors"][0]["extensions"]["code"];
    (
        status,
        retry_after,
        code.as_str().unwrap_or_default().to_owned(),
    )
}

fn logins(count: usize) -> Value {
    let fields: Vec<_> = (0..count).map(|n| format!("a{n}: login")).collect();
    json!({ "query": format!("mutation {{ {} }}", fields.join(" ")) })
}

#[tokio::test]
async fn each_alias_of_a_login_counts() {
    let (router, one) = router(|config| {
        config.rate_limits.fields = vec![FieldRate {
            names: vec!["login".to_owned()],
            per_address: rate(1, 10),
        }];
    })
    .await;
    let (status, retry_after, code) = told(post(&router, &logins(50))).await;
    assert_eq!(
        (status, code.as_str()),
        (StatusCode::TOO_MANY_REQUESTS, "RATE_LIMITED")
    );
    assert!(retry_after.unwrap().parse::<u32>().unwrap() > 60);
    assert_eq!(one.asked(), Vec::<Value>::new());
    let inline =
        json!({ "query": "mutation { ...L a: login } fragment L on Mutation { login b: login }" });
    for body in [logins(5), inline, logins(2)] {
        assert_eq!(told(post(&router, &body)).await.0, StatusCode::OK);
    }
    assert_eq!(told(post(&router, &logins(1))).await.2, "RATE_LIMITED");
    // what is not a login goes on
    assert_eq!(
        told(post(&router, &json!({ "query": "{ hello }" })))
            .await
            .2,
        ""
    );
}

#[tokio::test]
async fn each_entry_of_a_batch_and_each_root_field_counts() {
    let (router, _one) = router(|config| {
        config.batching.enabled = true;
        config.rate_limits.per_address = Some(rate(1, 6));
    })
    .await;
    let hello = json!({ "query": "{ hello }" });
    let two = json!({ "query": "{ hello a: hello }" });
    let response = post(&router, &json!([hello, two, hello]))
        .send()
        .await
        .unwrap();
    let answers: Value = response.json().await.unwrap();
    assert_eq!(answers[2]["data"], json!({ "hello": "hi" }), "{answers}");
    let response = post(&router, &json!([hello, hello, hello]))
        .send()
        .await
        .unwrap();
    let answers: Value = response.json().await.unwrap();
    assert_eq!(answers[1]["data"], json!({ "hello": "hi" }), "{answers}");
    assert_eq!(
        answers[2]["errors"][0]["extensions"]["code"],
        "RATE_LIMITED"
    );
    // nor is what cannot be read free of charge
    let (status, _, code) = told(post(&router, &json!({ "query": "{" }))).await;
    assert_eq!(
        (status, code.as_str()),
        (StatusCode::TOO_MANY_REQUESTS, "RATE_LIMITED")
    );
}

#[tokio::test]
async fn addresses_are_those_that_trusted_proxies_tell() {
    let (router, _one) = router(|config| {
        config.trusted_proxies = vec!["127.0.0.0/8".to_owned()];
        config.rate_limits.per_address = Some(rate(1, 1));
    })
    .await;
    let ask = async |address: &str| {
        let request = post(&router, &json!({ "query": "{ hello }" }));
        told(request.header("x-forwarded-for", address)).await.2
    };
    assert_eq!(ask("192.0.2.1").await, "");
    assert_eq!(ask("192.0.2.1").await, "RATE_LIMITED");
    assert_eq!(ask("192.0.2.2").await, "");
    // one network of IPv6 is one address
    assert_eq!(ask("2001:db8::1").await, "");
    assert_eq!(ask("2001:db8::2").await, "RATE_LIMITED");
}

#[tokio::test]
async fn a_token_that_is_not_valid_is_refused() {
    let issuer = Issuer::start().await;
    let (router, one) = router(|config| issuer.configure(config)).await;
    let other = Issuer::start().await;
    let ask = async |token: &str| {
        let request = post(&router, &json!({ "query": "{ hello }" }));
        let (status, _, code) = told(request.bearer_auth(token)).await;
        (status, code)
    };
    let refused = (StatusCode::UNAUTHORIZED, "UNAUTHENTICATED".to_owned());
    for token in ["nonsense", &issuer.token(-1), &other.token(60)] {
        assert_eq!(ask(token).await, refused, "{token}");
    }
    assert_eq!(one.asked(), Vec::<Value>::new());
    let good = issuer.token(60);
    for _ in 0..2 {
        assert_eq!(ask(&good).await, (StatusCode::OK, String::new()));
    }
    let sent = one.last_headers()["authorization"].clone();
    assert_eq!(sent, format!("Bearer {good}"));
    let anonymous = post(&router, &json!({ "query": "{ hello }" }));
    assert_eq!(told(anonymous).await.0, StatusCode::OK);
}

#[tokio::test]
async fn viewers_are_counted_by_the_subject_of_their_tokens() {
    let issuer = Issuer::start().await;
    let (router, _one) = router(|config| {
        issuer.configure(config);
        config.rate_limits.per_viewer = Some(rate(1, 1));
    })
    .await;
    let ask = async |token: &str| {
        let request = post(&router, &json!({ "query": "{ hello }" }));
        told(request.bearer_auth(token)).await.2
    };
    let (ada, bob) = (issuer.token(60), issuer.token(60));
    assert_eq!(ask(&ada).await, "");
    assert_eq!(ask(&ada).await, "RATE_LIMITED");
    assert_eq!(ask(&bob).await, "");
}

#[test]
fn logins_are_slow_in_the_image() {
    let file = concat!(env!("CARGO_MANIFEST_DIR"), "/../deploy/router.yaml");
    let flags = Flags::try_parse_from(["setwise-router", "--config", file]).unwrap();
    let config = flags.load().unwrap();
    let names: Vec<_> = config
        .rate_limits
        .fields
        .iter()
        .flat_map(|rate| &rate.names)
        .collect();
    for name in ["login", "register", "refreshSession"] {
        assert!(names.iter().any(|known| *known == name), "{name}");
    }
}
