use chrono::{DateTime, TimeDelta, Utc};
use serde_json::{Value, json};
use sqlx::PgPool;

use crate::{demo::seed_demo, testing::Person};

fn now() -> DateTime<Utc> {
    "2026-06-17T12:00:00Z".parse().unwrap()
}

async fn counts(pool: &PgPool) -> (i64, i64, i64, i64) {
    sqlx::query_as(
        "SELECT (SELECT count(*) FROM training.routine), (SELECT count(*) FROM training.workout),
                (SELECT count(*) FROM training.exercise_log), (SELECT count(*) FROM training.set_log)",
    )
    .fetch_one(pool)
    .await
    .unwrap()
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn half_a_year_is_written_once(pool: PgPool) {
    let person = Person::new(&pool);
    let (first, second) = tokio::join!(
        seed_demo(&pool, person.id, now(), 1),
        seed_demo(&pool, person.id, now(), 1)
    );
    first.and(second).unwrap();
    let written = counts(&pool).await;
    assert_eq!(written.0, 3);
    assert!((75..=108).contains(&written.1), "{} workouts", written.1);
    assert!(written.3 > written.2 * 2, "{} sets", written.3);
    seed_demo(&pool, person.id, now(), 1).await.unwrap();
    assert_eq!(counts(&pool).await, written);
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn it_reads_like_training(pool: PgPool) {
    let person = Person::new(&pool);
    seed_demo(&pool, person.id, now(), 42).await.unwrap();
    let query = "{ routines { nodes { name exerciseInstances { sets { type } } } }
        workouts(first: 100) { nodes { startedAt finishedAt rating comment report { totalVolumeKg totalSets }
            exerciseLogs { exercise { name } setLogs { reps weightKg } } } } }";
    let data = person.ask(query, json!({})).await;
    assert_eq!(data["routines"]["nodes"][0]["name"], "Leg day");
    let workouts = data["workouts"]["nodes"].as_array().unwrap();
    let time = |workout: &Value, field: &str| {
        workout[field]
            .as_str()
            .unwrap()
            .parse::<DateTime<Utc>>()
            .unwrap()
    };
    let newest = &workouts[0];
    assert!(now() - time(newest, "startedAt") < TimeDelta::days(7));
    assert!(
        workouts
            .iter()
            .all(|workout| time(workout, "finishedAt") <= now())
    );
    assert!(
        workouts
            .iter()
            .all(|workout| workout["report"]["totalVolumeKg"].as_f64() > Some(500.0))
    );
    assert!(
        workouts
            .iter()
            .any(|workout| workout["comment"].is_string())
    );
    let bench =
        |workout: &&Value| workout["exerciseLogs"][0]["exercise"]["name"] == "Barbell bench press";
    let weight = |workout: &Value| {
        workout["exerciseLogs"][0]["setLogs"][0]["weightKg"]
            .as_f64()
            .unwrap()
    };
    let newest = workouts.iter().find(bench).map(weight).unwrap();
    let oldest = workouts.iter().rfind(bench).map(weight).unwrap();
    assert!(newest > oldest + 10.0, "from {oldest} to {newest}");
}
