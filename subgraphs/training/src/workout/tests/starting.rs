use chrono::{TimeDelta, Utc};
use futures_util::future::join_all;
use serde_json::{Value, json};
use sqlx::PgPool;
use uuid::Uuid;

use crate::testing::{Person, text};

const ACTIVE: &str = "workout { id } activeWorkout { id }";

async fn finished(person: &Person, workout: &str) -> bool {
    let query = "query($id: ID!) { workout(id: $id) { finishedAt } }";
    let data = person.ask(query, json!({ "id": workout })).await;
    data["workout"]["finishedAt"].is_string()
}

/// As if a workout had been finished some hours ago.
async fn finished_ago(pool: &PgPool, workout: &str, ago: TimeDelta) {
    let end = Utc::now() - ago;
    sqlx::query("UPDATE training.workout SET started_at = $2, finished_at = $2 WHERE id = $1")
        .bind(workout.parse::<Uuid>().unwrap())
        .bind(end)
        .execute(pool)
        .await
        .unwrap();
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn a_workout_under_way_is_offered_back(pool: PgPool) {
    let person = Person::new(&pool);
    let under_way = person.start().await;
    let refused = person.change("startWorkout", json!({}), ACTIVE).await;
    assert_eq!(refused["userErrors"][0]["code"], "ALREADY_EXISTS");
    assert_eq!(refused["workout"], Value::Null);
    assert_eq!(refused["activeWorkout"]["id"], under_way.as_str());

    for _ in 0..2 {
        let input = json!({ "ifActive": "CONTINUE", "clientMutationId": "go on" });
        let gone_on = person.succeed("startWorkout", input, ACTIVE).await;
        assert_eq!(gone_on["workout"]["id"], under_way.as_str());
        assert_eq!(gone_on["activeWorkout"], Value::Null);
    }

    let other = person.somebody_else();
    other.succeed("startWorkout", json!({}), "").await;
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn what_is_under_way_can_be_completed_first(pool: PgPool) {
    let person = Person::new(&pool);
    let (first, second) = (person.start().await, person.start().await);
    let input = json!({ "ifActive": "COMPLETE" });
    let started = person.succeed("startWorkout", input, ACTIVE).await;
    let started = text(&started["workout"]["id"]);
    assert!(finished(&person, &first).await);
    assert!(finished(&person, &second).await);
    assert!(!finished(&person, &started).await);
    let told: i64 = sqlx::query_scalar("SELECT count(*) FROM training.outbox")
        .fetch_one(&pool)
        .await
        .unwrap();
    assert_eq!(told, 2, "both completions are told");
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn of_many_starts_at_once_one_starts(pool: PgPool) {
    let person = Person::new(&pool);
    let starts = (0..10).map(|_| person.change("startWorkout", json!({}), ACTIVE));
    let started = join_all(starts).await;
    let ids: Vec<_> = started
        .iter()
        .filter_map(|payload| payload["workout"]["id"].as_str())
        .collect();
    assert_eq!(ids.len(), 1, "{started:?}");
    for payload in started
        .iter()
        .filter(|payload| payload["workout"].is_null())
    {
        assert_eq!(payload["activeWorkout"]["id"], ids[0]);
    }
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn a_workout_is_reopened_within_a_day(pool: PgPool) {
    let person = Person::new(&pool);
    let workout = person.start().await;
    let input = json!({ "workoutId": workout });
    assert_eq!(
        person.refusal("reopenWorkout", input.clone()).await,
        "FAILED_PRECONDITION",
        "it is under way"
    );
    person.complete(&workout).await;
    let rating = json!({ "workoutId": workout, "rating": 4 });
    person.succeed("rateWorkout", rating, "").await;

    finished_ago(&pool, &workout, TimeDelta::minutes(24 * 60 + 1)).await;
    assert_eq!(
        person.refusal("reopenWorkout", input.clone()).await,
        "FAILED_PRECONDITION",
        "it is too late"
    );
    finished_ago(&pool, &workout, TimeDelta::minutes(24 * 60 - 1)).await;
    let other = person.somebody_else();
    assert_eq!(
        other.refusal("reopenWorkout", input.clone()).await,
        "NOT_FOUND"
    );
    let reopened = person
        .succeed("reopenWorkout", input, "workout { finishedAt rating }")
        .await;
    assert_eq!(
        reopened["workout"],
        json!({ "finishedAt": null, "rating": 4 })
    );
    let exercise = person.exercises(1).await.remove(0);
    let log = person.log_exercise(&workout, &exercise).await;
    person.log_set(&workout, &log, 5, 20.0).await;
    person.complete(&workout).await;
    let told = "SELECT count(*) FROM training.outbox WHERE payload->'payload'->>'workout_id' = $1";
    let told = sqlx::query_scalar::<_, i64>(told).bind(&workout);
    assert_eq!(told.fetch_one(&pool).await.unwrap(), 1, "one mail");
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn nothing_is_reopened_beside_a_workout_under_way(pool: PgPool) {
    let person = Person::new(&pool);
    let workout = person.start().await;
    person.complete(&workout).await;
    person.start().await;
    let input = json!({ "workoutId": workout });
    assert_eq!(
        person.refusal("reopenWorkout", input).await,
        "ALREADY_EXISTS"
    );
}
