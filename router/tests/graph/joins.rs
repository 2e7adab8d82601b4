//! Entities from several subgraphs in one answer.

use serde_json::json;

use crate::support::{Router, Shop, Subgraph, config, supergraph};

#[tokio::test]
async fn joins_two_subgraphs() {
    let shop = Shop::open().await;
    let answer = shop.query("{ me { name reviews { body } } }").await;
    assert_eq!(
        answer,
        json!({ "data": { "me": {
            "name": "Ada",
            "reviews": [{ "body": "Good" }, { "body": "Better" }],
        } } })
    );
    assert_eq!(shop.users.asked().len(), 1);
    assert_eq!(shop.reviews.asked().len(), 1);
    assert_eq!(shop.products.asked().len(), 0);
}

#[tokio::test]
async fn joins_three_subgraphs_and_back() {
    let shop = Shop::open().await;
    let answer = shop
        .query(
            "{ me { reviews(first: 1) { product { name maker { name role } } author { name } } } }",
        )
        .await;
    assert_eq!(
        answer,
        json!({ "data": { "me": { "reviews": [{
            "product": { "name": "Product p1", "maker": { "name": "Ada", "role": "ADMIN" } },
            "author": { "name": "Ada" },
        }] } } })
    );
}

#[tokio::test]
async fn sends_equal_representations_once() {
    let shop = Shop::open().await;
    let answer = shop.query("{ reviews { id author { name } } }").await;
    assert_eq!(
        answer["data"]["reviews"],
        json!([
            { "id": "r1", "author": { "name": "Ada" } },
            { "id": "r2", "author": { "name": "Ada" } },
            { "id": "r3", "author": { "name": "Bob" } },
            { "id": "r4", "author": { "name": "Bob" } },
        ])
    );
    assert_eq!(shop.users.asked().len(), 1);
    assert_eq!(
        shop.users.last_representations(),
        [
            json!({ "__typename": "User", "id": "u1" }),
            json!({ "__typename": "User", "id": "u2" }),
        ]
    );
}

#[tokio::test]
async fn lists_keep_their_nulls() {
    let shop = Shop::open().await;
    let answer = shop
        .query("{ me { friends { name reviews { body } } } products { upc reviews { body } } }")
        .await;
    assert_eq!(
        answer,
        json!({ "data": {
            "me": { "friends": [
                { "name": "Bob", "reviews": [{ "body": "Bad" }, { "body": "Worse" }] },
                null,
                { "name": "Bob", "reviews": [{ "body": "Bad" }, { "body": "Worse" }] },
                { "name": "Cid", "reviews": [] },
            ] },
            "products": [
                { "upc": "p1", "reviews": [{ "body": "Good" }, { "body": "Bad" }, { "body": "Worse" }] },
                null,
                { "upc": "p2", "reviews": [{ "body": "Better" }] },
            ],
        } })
    );
    assert_eq!(shop.users.asked().len(), 1);
    assert_eq!(shop.products.asked().len(), 1);
}

#[tokio::test]
async fn fetches_what_a_field_requires() {
    let shop = Shop::open().await;
    let answer = shop.query("{ products { shipping } }").await;
    assert_eq!(
        answer,
        json!({ "data": { "products": [{ "shipping": 30 }, null, { "shipping": null }] } })
    );
    assert_eq!(
        shop.reviews.last_representations(),
        [
            json!({ "__typename": "Product", "price": 10, "weight": 3, "upc": "p1" }),
            json!({ "__typename": "Product", "price": 10, "weight": null, "upc": "p2" }),
        ]
    );
}

#[tokio::test]
async fn entities_that_no_subgraph_knows_are_null() {
    let shop = Shop::open().await;
    let answer = shop
        .query(r#"{ user(id: "u9") { name reviews { body } } product(upc: "p9") { name } }"#)
        .await;
    assert_eq!(answer, json!({ "data": { "user": null, "product": null } }));
    assert_eq!(shop.reviews.asked().len(), 0);
}

#[tokio::test]
async fn passes_the_callers_identity_language_and_nothing_else() {
    let shop = Shop::open().await;
    crate::support::client()
        .post(format!("{}/graphql", shop.router.url))
        .header("x-access-token", "abc")
        .header("accept-language", "ru")
        .header("cookie", "session=1")
        .json(&json!({ "query": "{ me { name } }" }))
        .send()
        .await
        .unwrap();
    let headers = shop.users.last_headers();
    assert_eq!(headers["authorization"], "Bearer abc");
    assert_eq!(headers["accept-language"], "ru");
    assert!(!headers.contains_key("cookie"));
    assert!(!headers.contains_key("x-access-token"));
}

/// The query of the start page: three subgraphs, each asked once.
#[tokio::test]
async fn the_start_page_asks_each_subgraph_once() {
    const KEYS: &str =
        r#"extend schema @link(url: "https://specs.apollo.dev/federation/v2.3", import: ["@key"])"#;
    let users = Subgraph::constant(
        "users",
        &format!(
            r#"{KEYS} type Query {{ me: User }} type User @key(fields: "id") {{ id: ID! displayName: String! }}"#
        ),
        json!({ "data": { "me": { "__typename": "User", "id": "u1", "displayName": "Ada" } } }),
    )
    .await;
    let files = Subgraph::constant(
        "files",
        &format!(
            r#"{KEYS} type User @key(fields: "id") {{ id: ID! avatar: Image }} type Image @key(fields: "id") {{ id: ID! url: String! }}"#
        ),
        json!({ "data": { "_entities": [{ "avatar": { "url": "http://files/1" } }] } }),
    )
    .await;
    let workouts = json!({ "edges": [{ "node": {
        "startedAt": "2026-11-24T10:00:00Z",
        "exerciseLogs": [{
            "exercise": { "name": "Squat" },
            "setLogs": [{ "reps": 5, "weightKg": 102.50 }],
        }],
    } }] });
    let training = Subgraph::constant(
        "training",
        &format!(
            r#"{KEYS}
            type User @key(fields: "id") {{ id: ID! workouts(first: Int = 20, after: String): WorkoutConnection }}
            type WorkoutConnection {{ edges: [WorkoutEdge!]! }}
            type WorkoutEdge {{ node: Workout! }}
            type Workout @key(fields: "id") {{ id: ID! startedAt: String! exerciseLogs: [ExerciseLog!]! }}
            type ExerciseLog @key(fields: "id") {{ id: ID! exercise: Exercise! setLogs: [SetLog!]! }}
            type Exercise @key(fields: "id") {{ id: ID! name: String! }}
            type SetLog {{ id: ID! reps: Int weightKg: Float }}"#
        ),
        json!({ "data": { "_entities": [{ "workouts": workouts }] } }),
    )
    .await;
    let mut config = config();
    config.supergraph_sdl = Some(supergraph(&[&users, &files, &training]));
    let router = Router::start(config).await;
    let answer = router
        .query(
            "{ me { displayName avatar { url } workouts(first: 3) { edges { node { startedAt \
             exerciseLogs { exercise { name } setLogs { reps weightKg } } } } } } }",
        )
        .await;
    assert_eq!(
        answer,
        json!({ "data": { "me": {
            "displayName": "Ada",
            "avatar": { "url": "http://files/1" },
            "workouts": workouts,
        } } })
    );
    for subgraph in [&users, &files, &training] {
        assert_eq!(subgraph.asked().len(), 1, "{}", subgraph.name);
    }
}
