//! Operations that clients name instead of sending them.

use std::io::Write as _;

use serde_json::{Value, json};
use setwise_router::{Config, UnlistedOperations};
use tempfile::NamedTempFile;
use url::Url;

use crate::support::{Shop, client};

const QUERY: &str = "{ me { name } }";
/// The SHA-256 of [`QUERY`], by `printf '{ me { name } }' | sha256sum`.
const HASH: &str = "b8d9506e34c83b0e53c2aa463624fcea354713bc38f95276e6f0bd893ffb5b88";
const LISTED: &str = "query Name($id: ID!) { user(id: $id) { name } }";

fn extensions(hash: &str) -> Value {
    json!({ "persistedQuery": { "version": 1, "sha256Hash": hash } })
}

async fn get(shop: &Shop, parameters: &[(&str, &str)]) -> Value {
    let url = format!("{}/graphql", shop.router.url);
    let url = Url::parse_with_params(&url, parameters).unwrap();
    let request = client().get(url).header("apollo-require-preflight", "1");
    request.send().await.unwrap().json().await.unwrap()
}

fn code(answer: &Value) -> &str {
    let code = answer["errors"][0]["extensions"]["code"].as_str();
    code.unwrap_or_else(|| panic!("no error: {answer}"))
}

#[tokio::test]
async fn a_client_teaches_an_operation_once() {
    let shop = Shop::open().await;
    let by_hash = json!({ "extensions": extensions(HASH) });
    let unknown = shop.router.post(by_hash.clone()).await;
    assert_eq!(code(&unknown), "PERSISTED_QUERY_NOT_FOUND");
    assert_eq!(unknown["errors"][0]["message"], "PersistedQueryNotFound");
    let text = extensions(HASH).to_string();
    let unknown = get(&shop, &[("extensions", &text)]).await;
    assert_eq!(code(&unknown), "PERSISTED_QUERY_NOT_FOUND");

    let ada = json!({ "data": { "me": { "name": "Ada" } } });
    let taught = get(&shop, &[("query", QUERY), ("extensions", &text)]).await;
    assert_eq!(taught, ada);
    assert_eq!(shop.router.post(by_hash).await, ada);
    assert_eq!(get(&shop, &[("extensions", &text)]).await, ada);
    let id = format!("sha256:{HASH}");
    assert_eq!(get(&shop, &[("documentId", &id)]).await, ada);
}

#[tokio::test]
async fn nothing_is_learnt_that_is_wrong() {
    let shop = Shop::open().await;
    let lie = json!({ "query": "{ me { id } }", "extensions": extensions(HASH) });
    let refused = shop.router.post(lie).await;
    assert_eq!(code(&refused), "PERSISTED_QUERY_HASH_MISMATCH");
    assert!(shop.users.asked().is_empty());
    let by_hash = json!({ "extensions": extensions(HASH) });
    let unknown = shop.router.post(by_hash).await;
    assert_eq!(code(&unknown), "PERSISTED_QUERY_NOT_FOUND");
}

#[tokio::test]
async fn a_persisted_mutation_is_not_run_by_get() {
    let mutation = "mutation { step(n: 1) }";
    let manifest = manifest(&[("step", mutation)]);
    let shop = Shop::open_with(listing(&manifest, UnlistedOperations::Allow)).await;
    let answer = get(&shop, &[("documentId", "step")]).await;
    assert_eq!(code(&answer), "METHOD_NOT_ALLOWED");
    assert!(shop.users.asked().is_empty());
    let answer = shop.router.post(json!({ "documentId": "step" })).await;
    assert_eq!(answer, json!({ "data": { "step": [1] } }));
}

#[tokio::test]
async fn it_is_said_when_names_are_not_taken() {
    let shop = Shop::open_with(|config| config.persisted_queries.automatic.enabled = false).await;
    let answer = shop
        .router
        .post(json!({ "query": QUERY, "extensions": extensions(HASH) }))
        .await;
    assert_eq!(code(&answer), "PERSISTED_QUERY_NOT_SUPPORTED");
    assert_eq!(answer["errors"][0]["message"], "PersistedQueryNotSupported");
}

fn manifest(operations: &[(&str, &str)]) -> NamedTempFile {
    let operations: Vec<_> = operations
        .iter()
        .map(|(id, body)| json!({ "id": id, "name": id, "type": "query", "body": body }))
        .collect();
    let manifest = json!({
        "format": "apollo-persisted-query-manifest",
        "version": 1,
        "operations": operations,
    });
    let mut file = NamedTempFile::new().unwrap();
    write!(file, "{manifest}").unwrap();
    file
}

fn listing(manifest: &NamedTempFile, unlisted: UnlistedOperations) -> impl FnOnce(&mut Config) {
    let path = manifest.path().to_owned();
    move |config| {
        config.persisted_queries.manifest = Some(path);
        config.persisted_queries.unlisted = unlisted;
    }
}

#[tokio::test]
async fn only_listed_operations_run_under_a_safelist() {
    let manifest = manifest(&[("name", LISTED)]);
    let shop = Shop::open_with(listing(&manifest, UnlistedOperations::Refuse)).await;
    let variables = json!({ "id": "u2" });
    let bob = json!({ "data": { "user": { "name": "Bob" } } });
    for by in [
        json!({ "extensions": extensions("name") }),
        json!({ "documentId": "name" }),
        json!({ "query": LISTED }),
        json!({ "query": "query Name($id: ID!) {\n  user(id: $id) {\n    name\n  }\n}\n" }),
    ] {
        let mut request = by;
        request["variables"] = variables.clone();
        assert_eq!(shop.router.post(request).await, bob);
    }
    let asked = shop.users.asked().len();
    for (request, expected) in [
        (json!({ "query": QUERY }), "QUERY_NOT_IN_SAFELIST"),
        (
            json!({ "query": "{ __typename }" }),
            "QUERY_NOT_IN_SAFELIST",
        ),
        (
            json!({ "query": QUERY, "extensions": extensions(HASH) }),
            "QUERY_NOT_IN_SAFELIST",
        ),
        (
            json!({ "extensions": extensions(HASH) }),
            "PERSISTED_QUERY_NOT_IN_LIST",
        ),
    ] {
        assert_eq!(code(&shop.router.post(request).await), expected);
    }
    assert_eq!(shop.users.asked().len(), asked);
}

#[tokio::test]
async fn a_safelist_may_require_ids() {
    let manifest = manifest(&[("name", LISTED)]);
    let shop = Shop::open_with(|config| {
        listing(&manifest, UnlistedOperations::Refuse)(config);
        config.persisted_queries.require_id = true;
    })
    .await;
    let request = json!({ "query": LISTED, "variables": { "id": "u2" } });
    let refused = shop.router.post(request).await;
    assert_eq!(code(&refused), "PERSISTED_QUERY_ID_REQUIRED");
    let request = json!({ "documentId": "name", "variables": { "id": "u2" } });
    let answer = shop.router.post(request).await;
    assert_eq!(answer, json!({ "data": { "user": { "name": "Bob" } } }));
}

#[tokio::test]
async fn a_listed_operation_runs_by_id_and_others_run_too_where_they_may() {
    let manifest = manifest(&[("name", LISTED)]);
    for unlisted in [UnlistedOperations::Allow, UnlistedOperations::Log] {
        let shop = Shop::open_with(listing(&manifest, unlisted)).await;
        let request = json!({ "documentId": "name", "variables": { "id": "u2" } });
        let answer = shop.router.post(request).await;
        assert_eq!(answer, json!({ "data": { "user": { "name": "Bob" } } }));
        let ada = json!({ "data": { "me": { "name": "Ada" } } });
        let taught = json!({ "query": QUERY, "extensions": extensions(HASH) });
        assert_eq!(shop.router.post(taught).await, ada);
        let by_hash = json!({ "extensions": extensions(HASH) });
        assert_eq!(shop.router.post(by_hash).await, ada);
    }
}
