use futures_util::future::join_all;
use serde_json::json;
use sqlx::PgPool;

use crate::testing::Person;

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn fifty_sets_at_once_are_all_kept_at_their_own_places(pool: PgPool) {
    let person = Person::new(&pool);
    let exercise = person.exercises(1).await.remove(0);
    let workout = person.start().await;
    let log = person.log_exercise(&workout, &exercise).await;
    join_all((1..=50).map(|reps| person.log_set(&workout, &log, reps, 20.0))).await;
    let query = "query($id: ID!) { exerciseLog(id: $id) { setLogs { position reps } } }";
    let data = person.ask(query, json!({ "id": log })).await;
    let sets = data["exerciseLog"]["setLogs"].as_array().unwrap();
    let positions: Vec<_> = sets
        .iter()
        .map(|set| set["position"].as_i64().unwrap())
        .collect();
    assert_eq!(positions, (1..=50).collect::<Vec<_>>());
    let mut reps: Vec<_> = sets
        .iter()
        .map(|set| set["reps"].as_i64().unwrap())
        .collect();
    reps.sort_unstable();
    assert_eq!(reps, (1..=50).collect::<Vec<_>>());
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn exercises_logged_at_once_have_their_own_places(pool: PgPool) {
    let person = Person::new(&pool);
    let exercise = person.exercises(1).await.remove(0);
    let workout = person.start().await;
    join_all((0..20).map(|_| person.log_exercise(&workout, &exercise))).await;
    let query = "query($id: ID!) { workout(id: $id) { exerciseLogs { position } } }";
    let data = person.ask(query, json!({ "id": workout })).await;
    let logs = data["workout"]["exerciseLogs"].as_array().unwrap();
    let positions: Vec<_> = logs
        .iter()
        .map(|log| log["position"].as_i64().unwrap())
        .collect();
    assert_eq!(positions, (1..=20).collect::<Vec<_>>());
}

/// What the completion reports is what stays: a set is either in the event or refused.
#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn completing_and_logging_do_not_interleave(pool: PgPool) {
    let person = Person::new(&pool);
    let exercise = person.exercises(1).await.remove(0);
    for _ in 0..5 {
        let workout = person.start().await;
        let log = person.log_exercise(&workout, &exercise).await;
        let set = json!({ "workoutId": workout, "exerciseLogId": log, "reps": 5, "weight": 20 });
        let logging = join_all((0..20).map(|_| person.change("logSet", set.clone(), "")));
        let completing = join_all(
            (0..3).map(|_| person.change("completeWorkout", json!({ "workoutId": workout }), "")),
        );
        let (logged, completed) = futures_util::join!(logging, completing);
        let accepted = logged
            .iter()
            .filter(|payload| payload["userErrors"] == json!([]));
        let accepted = i64::try_from(accepted.count()).unwrap();
        for payload in logged
            .iter()
            .filter(|payload| payload["userErrors"] != json!([]))
        {
            assert_eq!(payload["userErrors"][0]["code"], "FAILED_PRECONDITION");
        }
        let finished = completed
            .iter()
            .filter(|payload| payload["userErrors"] == json!([]));
        assert_eq!(finished.count(), 1);
        let reported: i64 = sqlx::query_scalar(
            "SELECT (payload->'payload'->>'sets')::bigint FROM training.outbox WHERE payload->'payload'->>'workout_id' = $1",
        )
        .bind(&workout)
        .fetch_one(&pool)
        .await
        .unwrap();
        assert_eq!(reported, accepted);
        let query = "query($id: ID!) { workout(id: $id) { report { totalSets } } }";
        let data = person.ask(query, json!({ "id": workout })).await;
        assert_eq!(data["workout"]["report"]["totalSets"], accepted);
    }
}
