//! The client's selections: what it asks for, under the names and in the order it asks.

use serde_json::{Value, json};

use crate::support::{Shop, client};

#[tokio::test]
async fn answers_under_aliases() {
    let shop = Shop::open().await;
    let answer = shop
        .query(
            r#"{ a: user(id: "u1") { n: name r: reviews(first: 1) { b: body } }
                 b: user(id: "u2") { n: name r: reviews { p: product { loud: name(loud: true) name } } } }"#,
        )
        .await;
    assert_eq!(
        answer,
        json!({ "data": {
            "a": { "n": "Ada", "r": [{ "b": "Good" }] },
            "b": { "n": "Bob", "r": [
                { "p": { "loud": "PRODUCT P1", "name": "Product p1" } },
                { "p": { "loud": "PRODUCT P1", "name": "Product p1" } },
            ] },
        } })
    );
}

/// The keys that joins need are fetched beside what the client calls by their names.
#[tokio::test]
async fn an_alias_may_take_the_name_of_a_key() {
    let shop = Shop::open().await;
    let answer = shop
        .query("{ me { id: name reviews { body } } products { upc: price shipping } }")
        .await;
    assert_eq!(
        answer,
        json!({ "data": {
            "me": { "id": "Ada", "reviews": [{ "body": "Good" }, { "body": "Better" }] },
            "products": [{ "upc": 10, "shipping": 30 }, null, { "upc": 10, "shipping": null }],
        } })
    );
}

#[tokio::test]
async fn errors_are_told_at_the_clients_aliases() {
    let shop = Shop::open().await;
    let answer = shop
        .query("{ users: me { id: email __typename: name reviews { id } } }")
        .await;
    let reviews = json!([{ "id": "r1" }, { "id": "r2" }]);
    assert_eq!(
        answer["data"],
        json!({ "users": { "id": null, "__typename": "Ada", "reviews": reviews } })
    );
    assert_eq!(answer["errors"][0]["path"], json!(["users", "id"]));
}

#[tokio::test]
async fn skips_and_includes_by_variable() {
    let shop = Shop::open().await;
    let query = "query ($yes: Boolean!, $no: Boolean!) {
        me {
            id @include(if: $no)
            name @skip(if: $no)
            reviews @include(if: $yes) { body product @skip(if: $yes) { name } }
            ... on User @include(if: $no) { email }
        }
        users @skip(if: $yes) { name }
    }";
    let variables = json!({ "yes": true, "no": false });
    let answer = shop.router.query_with(query, variables).await;
    assert_eq!(
        answer,
        json!({ "data": { "me": {
            "name": "Ada",
            "reviews": [{ "body": "Good" }, { "body": "Better" }],
        } } })
    );
    assert_eq!(shop.products.asked().len(), 0);

    let variables = json!({ "yes": false, "no": false });
    let answer = shop.router.query_with(query, variables).await;
    let users = json!([{ "name": "Ada" }, { "name": "Bob" }, { "name": "Cid" }]);
    assert_eq!(
        answer,
        json!({ "data": { "me": { "name": "Ada" }, "users": users } })
    );
    assert_eq!(shop.reviews.asked().len(), 1);
}

#[tokio::test]
async fn skips_and_includes_by_literal() {
    let shop = Shop::open().await;
    let answer = shop
        .query(
            "{ me { id @skip(if: true) name @include(if: true) reviews @skip(if: true) { id } } }",
        )
        .await;
    assert_eq!(answer, json!({ "data": { "me": { "name": "Ada" } } }));
    let answer = shop.query("{ me { name @skip(if: true) } }").await;
    assert_eq!(answer, json!({ "data": { "me": {} } }));
}

#[tokio::test]
async fn spreads_fragments_on_interfaces() {
    let shop = Shop::open().await;
    let answer = shop
        .query(
            "{ media { __typename title ...InBook ... on Film { minutes director { name } } } }
             fragment InBook on Book { pages author { name reviews(first: 1) { body } } }",
        )
        .await;
    assert_eq!(
        answer,
        json!({ "data": { "media": [
            { "__typename": "Book", "title": "Engines", "pages": 200,
              "author": { "name": "Ada", "reviews": [{ "body": "Good" }] } },
            { "__typename": "Film", "title": "Looms", "minutes": 90, "director": { "name": "Bob" } },
        ] } })
    );
}

#[tokio::test]
async fn spreads_fragments_on_unions() {
    let shop = Shop::open().await;
    let answer = shop
        .query("{ search { ... on Product { upc reviews { id } } ... on User { name role } } }")
        .await;
    assert_eq!(
        answer,
        json!({ "data": { "search": [
            { "upc": "p1", "reviews": [{ "id": "r1" }, { "id": "r3" }, { "id": "r4" }] },
            { "name": "Bob", "role": "MEMBER" },
        ] } })
    );
}

#[tokio::test]
async fn adds_up_selections_of_one_field() {
    let shop = Shop::open().await;
    let answer = shop
        .query(
            "query ($yes: Boolean = true) {
                media { ... on Book { author { id } } }
                media { ... on Book @include(if: $yes) { author { name } } ... on Media { title } }
             }",
        )
        .await;
    assert_eq!(
        answer,
        json!({ "data": { "media": [
            { "author": { "id": "u1", "name": "Ada" }, "title": "Engines" },
            { "title": "Looms" },
        ] } })
    );
}

#[tokio::test]
async fn keeps_the_order_of_the_selection() {
    let shop = Shop::open().await;
    let text = client()
        .post(format!("{}/graphql", shop.router.url))
        .json(&json!({ "query": "{ users { name id } me { reviews { id } name __typename id } }" }))
        .send()
        .await
        .unwrap()
        .text()
        .await
        .unwrap();
    let users = r#"[{"name":"Ada","id":"u1"},{"name":"Bob","id":"u2"},{"name":"Cid","id":"u3"}]"#;
    let me = r#"{"reviews":[{"id":"r1"},{"id":"r2"}],"name":"Ada","__typename":"User","id":"u1"}"#;
    assert_eq!(text, format!(r#"{{"data":{{"users":{users},"me":{me}}}}}"#));
}

#[tokio::test]
async fn answers_typename_of_the_root_itself() {
    let shop = Shop::open().await;
    let answer = shop.query("{ __typename again: __typename }").await;
    assert_eq!(
        answer,
        json!({ "data": { "__typename": "Query", "again": "Query" } })
    );
    assert_eq!(shop.users.asked().len(), 0);
}

#[tokio::test]
async fn scalars_of_any_json_pass_unchanged() {
    let shop = Shop::open().await;
    let response = client()
        .post(format!("{}/graphql", shop.router.url))
        .json(&json!({ "query": r#"{ product(upc: "p1") { details } }"# }))
        .send()
        .await
        .unwrap();
    let text = response.text().await.unwrap();
    assert!(text.contains("9007199254740993"), "{text}");
    let answer: Value = serde_json::from_str(&text).unwrap();
    assert_eq!(
        answer["data"]["product"]["details"]["text"],
        "a \"quoted\" line\n"
    );
}
