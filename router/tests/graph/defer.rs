//! `@defer`, as Apollo's clients read it.

use std::{sync::Arc, time::Duration};

use axum::{Json, response::IntoResponse as _};
use reqwest::Response;
use serde_json::{Value, json};
use tokio::{sync::Semaphore, time::timeout};

use crate::support::{Router, Shop, Subgraph, client, config, supergraph};

const PATIENCE: Duration = Duration::from_secs(10);
const ACCEPT: &str = "multipart/mixed;deferSpec=20220824,application/json;q=0.9";

/// An answer in parts, as they come.
struct Parts {
    response: Response,
    text: String,
}

impl Parts {
    async fn of(router: &Router, query: &str, variables: Value) -> Self {
        let response = client()
            .post(format!("{}/graphql", router.url))
            .header("accept", ACCEPT)
            .json(&json!({ "query": query, "variables": variables }))
            .send()
            .await
            .unwrap();
        let media = response.headers()["content-type"].to_str().unwrap();
        assert!(
            media.starts_with("multipart/mixed;boundary=\"-\""),
            "{media}"
        );
        Self {
            response,
            text: String::new(),
        }
    }

    /// The next part, without waiting for another; `None` at the end.
    async fn next(&mut self) -> Option<Value> {
        loop {
            if let Some((part, rest)) = self.text.split_once("\r\n---") {
                let part = part.split_once("\r\n\r\n").map(|(_, json)| json.to_owned());
                self.text = rest.to_string();
                if let Some(json) = part {
                    return Some(serde_json::from_str(&json).unwrap());
                }
                continue;
            }
            let chunk = timeout(PATIENCE, self.response.chunk()).await;
            let chunk = chunk.expect("a part comes in time").unwrap()?;
            self.text.push_str(std::str::from_utf8(&chunk).unwrap());
        }
    }

    /// The first part, and what comes later in the order of paths and labels.
    async fn all(mut self) -> (Value, Vec<Value>) {
        let first = self.next().await.unwrap();
        let mut has_next = first["hasNext"].as_bool().unwrap();
        let mut later = Vec::new();
        while let Some(mut part) = self.next().await {
            assert!(has_next, "{part} comes after the last");
            has_next = part["hasNext"].as_bool().unwrap();
            if let Value::Array(items) = part["incremental"].take() {
                later.extend(items);
            }
        }
        assert!(!has_next);
        later.sort_by_key(|item| format!("{} {}", item["path"], item["label"]));
        (first, later)
    }
}

async fn parts(query: &str) -> (Value, Vec<Value>) {
    let shop = Shop::open().await;
    Parts::of(&shop.router, query, json!({})).await.all().await
}

/// A subgraph that answers when it is let.
async fn gated(url: String) -> (Subgraph, Arc<Semaphore>) {
    let gate = Arc::new(Semaphore::new(0));
    let open = Arc::clone(&gate);
    let subgraph = Subgraph::answer_with("gated", "", move |request| {
        let (open, url) = (Arc::clone(&open), url.clone());
        async move {
            open.acquire().await.unwrap().forget();
            let answer = client().post(url).json(&request).send().await.unwrap();
            Json(answer.json::<Value>().await.unwrap()).into_response()
        }
    })
    .await;
    (subgraph, gate)
}

#[tokio::test]
async fn a_slow_part_does_not_hold_the_first() {
    let open = Shop::open().await;
    let (slow, gate) = gated(open.reviews.url.clone()).await;
    let shop = Shop::open_with_subgraph_at("reviews", &slow.url).await;
    let query = "{ me { name ... @defer(label: \"r\") { reviews { body } } } }";
    let mut parts = Parts::of(&shop.router, query, json!({})).await;
    let first = json!({ "data": { "me": { "name": "Ada" } }, "hasNext": true });
    assert_eq!(parts.next().await.unwrap(), first);
    gate.add_permits(1);
    let item = json!({
        "data": { "reviews": [{ "body": "Good" }, { "body": "Better" }] },
        "path": ["me"], "label": "r",
    });
    let second = json!({ "incremental": [item], "hasNext": false });
    assert_eq!(parts.next().await.unwrap(), second);
    assert_eq!(parts.next().await, None);
    assert_eq!(shop.users.asked().len(), 1, "nothing is fetched twice");
}

#[tokio::test]
async fn a_slow_field_of_the_same_subgraph_does_not_hold_the_first() {
    let open = Shop::open().await;
    let (slow, gate) = gated(open.users.url.clone()).await;
    let shop = Shop::open_with_subgraph_at("users", &slow.url).await;
    gate.add_permits(1);
    let query = "{ me { id ... @defer { name } } }";
    let mut parts = Parts::of(&shop.router, query, json!({})).await;
    let first = json!({ "data": { "me": { "id": "u1" } }, "hasNext": true });
    assert_eq!(parts.next().await.unwrap(), first);
    gate.add_permits(1);
    let second = parts.next().await.unwrap();
    assert_eq!(second["incremental"][0]["data"], json!({ "name": "Ada" }));
}

#[tokio::test]
async fn each_item_of_a_list_gets_its_part() {
    let shop = Shop::open().await;
    let query = "{ products { upc ...Rest @defer(label: \"rest\") } }
        fragment Rest on Product { upc loud: name(loud: true) reviews { body } }";
    let parts = Parts::of(&shop.router, query, json!({})).await;
    let (first, later) = parts.all().await;
    let products = json!([{ "upc": "p1" }, null, { "upc": "p2" }]);
    assert_eq!(
        first,
        json!({ "data": { "products": products }, "hasNext": true })
    );
    assert_eq!(later[0]["path"], json!(["products", 0]));
    assert_eq!(later[1]["path"], json!(["products", 2]));
    let data = json!({ "upc": "p2", "loud": "PRODUCT P2", "reviews": [{ "body": "Better" }] });
    assert_eq!(
        later[1],
        json!({ "data": data, "path": ["products", 2], "label": "rest" })
    );
    let asked = shop.products.asked();
    let asked_first = asked[0]["query"].as_str().unwrap();
    assert!(!asked_first.contains("loud"), "{asked_first}");
    assert_eq!(asked.len(), 2, "one request for all parts");
}

#[tokio::test]
async fn parts_lie_in_parts() {
    let query = "{ me { id ... @defer(label: \"outer\") { name
        reviews { id ... @defer(label: \"inner\") { body product { name } } } } } }";
    let (first, later) = parts(query).await;
    assert_eq!(first["data"], json!({ "me": { "id": "u1" } }));
    let outer = json!({ "name": "Ada", "reviews": [{ "id": "r1", "body": "Good" }] });
    // reviews have no key: their fragment stays with what is around it
    assert_eq!(later.len(), 1, "{later:?}");
    assert_eq!(later[0]["data"]["name"], outer["name"]);
    assert_eq!(later[0]["data"]["reviews"][0]["body"], "Good");

    let query = "{ me { id ... @defer(label: \"outer\") { reviews { product { upc
        ... @defer(label: \"inner\") { name } } } } } }";
    let (_, later) = parts(query).await;
    let names: Vec<_> = later
        .iter()
        .map(|item| (item["label"].as_str().unwrap(), item["path"].to_string()))
        .collect();
    let expected = [
        ("outer", "[\"me\"]".to_owned()),
        ("inner", "[\"me\",\"reviews\",0,\"product\"]".to_owned()),
        ("inner", "[\"me\",\"reviews\",1,\"product\"]".to_owned()),
    ];
    assert_eq!(names.len(), 3, "{later:?}");
    for place in expected {
        assert!(names.contains(&place), "{place:?} is not in {names:?}");
    }
}

#[tokio::test]
async fn what_a_variable_turns_off_is_not_deferred() {
    let shop = Shop::open().await;
    let query =
        "query($later: Boolean!) { me { name ... @defer(if: $later) { reviews { body } } } }";
    let parts = Parts::of(&shop.router, query, json!({ "later": true })).await;
    assert_eq!(parts.all().await.1.len(), 1);
    let response = client()
        .post(format!("{}/graphql", shop.router.url))
        .header("accept", ACCEPT)
        .json(&json!({ "query": query, "variables": { "later": false } }))
        .send()
        .await
        .unwrap();
    let media = response.headers()["content-type"].to_str().unwrap();
    assert!(media.starts_with("application/json"), "{media}");
    let answer: Value = response.json().await.unwrap();
    assert_eq!(answer["data"]["me"]["reviews"][0]["body"], "Good");
}

#[tokio::test]
async fn clients_that_take_no_parts_get_the_whole() {
    let shop = Shop::open().await;
    let query = "{ me { name ... @defer { reviews { body } } } }";
    let answer = shop.query(query).await;
    let reviews = json!([{ "body": "Good" }, { "body": "Better" }]);
    let whole = json!({ "data": { "me": { "name": "Ada", "reviews": reviews } } });
    assert_eq!(answer, whole);
}

#[tokio::test]
async fn a_mutation_runs_once() {
    let shop = Shop::open().await;
    let query = "mutation { touch(id: \"u1\") { id ... @defer { name reviews { body } } } }";
    let parts = Parts::of(&shop.router, query, json!({})).await;
    let (first, later) = parts.all().await;
    assert_eq!(first["data"], json!({ "touch": { "id": "u1" } }));
    assert_eq!(later[0]["path"], json!(["touch"]));
    assert_eq!(later[0]["data"]["name"], "Ada");
    assert_eq!(later[0]["data"]["reviews"][0]["body"], "Good");
    let asked = shop.users.asked();
    let mutations = asked
        .iter()
        .filter(|request| request["query"].as_str().unwrap().contains("mutation"));
    assert_eq!(mutations.count(), 1);
}

#[tokio::test]
async fn fields_of_the_root_can_wait() {
    let query = "{ me { name } ... @defer { product(upc: \"p1\") { price } __schema { queryType { name } } } }";
    let (first, later) = parts(query).await;
    assert_eq!(first["data"], json!({ "me": { "name": "Ada" } }));
    let schema = json!({ "queryType": { "name": "Query" } });
    let data = json!({ "product": { "price": 10 }, "__schema": schema });
    assert_eq!(later, [json!({ "data": data, "path": [] })]);
}

#[tokio::test]
async fn fragments_on_abstract_types_wait_where_they_apply() {
    let query = "{ search { __typename ... on Product @defer { name } ... on User { id } } }";
    let (first, later) = parts(query).await;
    let search = json!([{ "__typename": "Product" }, { "__typename": "User", "id": "u2" }]);
    assert_eq!(first["data"], json!({ "search": search }));
    let item = json!({ "data": { "name": "Product p1" }, "path": ["search", 0] });
    assert_eq!(later, [item]);
}

#[tokio::test]
async fn aliases_that_are_keys_are_the_clients() {
    let query = "{ mine: me { id: name ... @defer { name: id body: reviews { body } } } }";
    let (first, later) = parts(query).await;
    assert_eq!(first["data"], json!({ "mine": { "id": "Ada" } }));
    assert_eq!(later[0]["path"], json!(["mine"]));
    assert_eq!(later[0]["data"]["name"], "u1");
    assert_eq!(later[0]["data"]["body"][0]["body"], "Good");
}

#[tokio::test]
async fn an_error_of_a_part_is_told_with_it() {
    let query = "{ me { id ... @defer { address: email } } }";
    let (first, later) = parts(query).await;
    assert_eq!(first.get("errors"), None);
    assert_eq!(later[0]["data"], json!({ "address": null }));
    let error = &later[0]["errors"][0];
    assert_eq!(error["path"], json!(["me", "address"]));
    assert_eq!(error["extensions"]["code"], "FORBIDDEN");
}

/// The plan asks for a key that the client did not ask for, and the subgraph lacks it.
#[tokio::test]
async fn an_error_of_a_part_ends_where_the_client_asked() {
    const KEY: &str =
        r#"extend schema @link(url: "https://specs.apollo.dev/federation/v2.3", import: ["@key"])"#;
    let names = format!(
        "{KEY} type Query {{ me: User }} \
         type User @key(fields: \"id\") {{ id: ID! name: String }}"
    );
    let me = json!({ "__typename": "User", "id": "1", "name": "Ada" });
    let names = Subgraph::constant("names", &names, json!({ "data": { "me": me } })).await;
    let friends = format!("{KEY} type User @key(fields: \"id\") {{ id: ID! best: User }}");
    let best = json!({ "data": { "_entities": [{ "best": {} }] } });
    let friends = Subgraph::constant("friends", &friends, best).await;
    let mut config = config();
    config.supergraph.sdl = Some(supergraph(&[&names, &friends]));
    let router = Router::start(config).await;
    let query = "{ me { id ... @defer { best { name } } } }";
    let (first, later) = Parts::of(&router, query, json!({})).await.all().await;
    assert_eq!(first["data"], json!({ "me": { "id": "1" } }));
    let errors = later[0]["errors"].as_array().unwrap();
    for error in errors {
        assert_eq!(error["path"], json!(["me", "best"]), "{error}");
        assert_eq!(error["extensions"]["code"], "SUBREQUEST_MALFORMED_RESPONSE");
    }
}

#[tokio::test]
async fn a_null_that_may_not_be_takes_the_part_alone() {
    let nowhere = crate::support::subgraph::nowhere().await;
    let shop = Shop::open_with_subgraph_at("products", &nowhere).await;
    let query = "{ me { reviews { product { upc ... @defer { name } } } } }";
    let parts = Parts::of(&shop.router, query, json!({})).await;
    let (first, later) = parts.all().await;
    assert_eq!(first.get("errors"), None);
    assert_eq!(later.len(), 2);
    for (index, item) in later.iter().enumerate() {
        assert_eq!(item["data"], Value::Null);
        let place = json!(["me", "reviews", index, "product"]);
        assert_eq!(item["path"], place);
        let code = &item["errors"][0]["extensions"]["code"];
        assert_eq!(code, "SUBGRAPH_UNAVAILABLE");
    }
}

#[tokio::test]
async fn the_schema_tells_of_it() {
    let shop = Shop::open().await;
    let query = "{ __schema { directives { name locations args { name } } } }";
    let answer = shop.query(query).await;
    let directives = answer["data"]["__schema"]["directives"].as_array().unwrap();
    let defer = directives.iter().find(|it| it["name"] == "defer").unwrap();
    let locations = json!(["FRAGMENT_SPREAD", "INLINE_FRAGMENT"]);
    assert_eq!(defer["locations"], locations);
}
