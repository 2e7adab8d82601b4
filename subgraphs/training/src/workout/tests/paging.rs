use chrono::{TimeDelta, Utc};
use serde_json::{Value, json};
use sqlx::PgPool;

use crate::testing::{Person, text};

const PAGE: &str = "query($first: Int, $after: String, $offset: Int) { workouts(first: $first, after: $after, offset: $offset) {
    edges { cursor node { id } } nodes { id } pageInfo { hasNextPage hasPreviousPage startCursor endCursor } } }";

async fn start_many(person: &Person, count: usize) -> Vec<String> {
    let mut workouts = Vec::new();
    for _ in 0..count {
        workouts.push(person.start().await);
    }
    workouts.reverse();
    workouts
}

fn ids(page: &Value) -> Vec<String> {
    page["nodes"]
        .as_array()
        .unwrap()
        .iter()
        .map(|node| text(&node["id"]))
        .collect()
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn cursors_walk_from_the_newest_to_the_oldest(pool: PgPool) {
    let person = Person::new(&pool);
    person.somebody_else().start().await;
    let workouts = start_many(&person, 7).await;
    let (mut after, mut seen, mut next) = (Value::Null, Vec::new(), Vec::new());
    loop {
        let variables = json!({ "first": 3, "after": after });
        let page = person.ask(PAGE, variables).await["workouts"].take();
        seen.extend(ids(&page));
        let edges = page["edges"].as_array().unwrap();
        let info = &page["pageInfo"];
        assert_eq!(info["startCursor"], edges[0]["cursor"]);
        assert_eq!(info["endCursor"], edges[edges.len() - 1]["cursor"]);
        assert_eq!(info["hasPreviousPage"], !after.is_null());
        next.push(info["hasNextPage"] == true);
        after = info["endCursor"].clone();
        if next.last() == Some(&false) {
            break;
        }
    }
    assert_eq!(seen, workouts);
    assert_eq!(next, [true, true, false]);
    let past = person
        .ask(PAGE, json!({ "first": 3, "after": after }))
        .await;
    assert_eq!(past["workouts"]["nodes"], json!([]));
    assert_eq!(past["workouts"]["pageInfo"]["hasNextPage"], false);
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn an_exactly_full_page_has_no_next(pool: PgPool) {
    let person = Person::new(&pool);
    let workouts = start_many(&person, 3).await;
    let page = person.ask(PAGE, json!({ "first": 3 })).await["workouts"].take();
    assert_eq!(ids(&page), workouts);
    assert_eq!(page["pageInfo"]["hasNextPage"], false);
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn offset_skips(pool: PgPool) {
    let person = Person::new(&pool);
    let workouts = start_many(&person, 5).await;
    let page = person.ask(PAGE, json!({ "first": 2, "offset": 2 })).await["workouts"].take();
    assert_eq!(ids(&page), workouts[2..4]);
    assert_eq!(page["pageInfo"]["hasNextPage"], true);
    assert_eq!(page["pageInfo"]["hasPreviousPage"], true);
    let page = person.ask(PAGE, json!({ "first": 2, "offset": 4 })).await["workouts"].take();
    assert_eq!(ids(&page), workouts[4..]);
    assert_eq!(page["pageInfo"]["hasNextPage"], false);
    let past = person.ask(PAGE, json!({ "first": 2, "offset": 40 })).await;
    assert_eq!(past["workouts"]["nodes"], json!([]));
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn rejects_a_page_that_makes_no_sense(pool: PgPool) {
    let person = Person::new(&pool);
    for variables in [
        json!({ "first": -1 }),
        json!({ "first": 101 }),
        json!({ "offset": -1 }),
        json!({ "after": "nonsense" }),
    ] {
        let response = person
            .execute(PAGE, variables.clone(), setwise_service::Locale::En)
            .await;
        let errors = serde_json::to_value(&response.errors).unwrap();
        assert_eq!(
            errors[0]["extensions"]["code"], "BAD_USER_INPUT",
            "{variables}: {errors}"
        );
    }
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn workouts_of_one_instant_are_all_paged(pool: PgPool) {
    let person = Person::new(&pool);
    start_many(&person, 5).await;
    sqlx::query("UPDATE training.workout SET started_at = $1")
        .bind(Utc::now() - TimeDelta::days(1))
        .execute(&pool)
        .await
        .unwrap();
    let first = person.ask(PAGE, json!({ "first": 3 })).await["workouts"].take();
    let after = &first["pageInfo"]["endCursor"];
    let second = person
        .ask(PAGE, json!({ "first": 3, "after": after }))
        .await["workouts"]
        .take();
    let mut seen = ids(&first);
    seen.extend(ids(&second));
    seen.sort();
    seen.dedup();
    assert_eq!(seen.len(), 5);
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn active_workouts_are_those_not_finished(pool: PgPool) {
    let person = Person::new(&pool);
    person.somebody_else().start().await;
    let workouts = start_many(&person, 3).await;
    person.complete(&workouts[1]).await;
    let data = person.ask("{ activeWorkouts { id } }", json!({})).await;
    assert_eq!(
        data["activeWorkouts"],
        json!([{ "id": workouts[0] }, { "id": workouts[2] }])
    );
}
