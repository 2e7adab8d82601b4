use chrono::{TimeDelta, Utc};
use serde_json::{Value, json};
use setwise_graphql::WeightUnit;
use sqlx::PgPool;

use crate::{
    ids::{ExerciseId, UserId, WorkoutId},
    set::{PlannedSet, SetType},
    testing::{Person, text},
    workout::{self, RecordedExercise, RecordedWorkout},
};

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn changes_only_what_is_given_and_clears_what_is_null(pool: PgPool) {
    let person = Person::new(&pool);
    let workout = person.start().await;
    let log = person
        .log_exercise(&workout, &person.exercises(1).await[0])
        .await;
    let selection = "exerciseLog { notes powerRating weightUnit }";
    for (change, expected) in [
        (
            json!({ "notes": " Slow " }),
            json!({ "notes": "Slow", "powerRating": null, "weightUnit": "KG" }),
        ),
        (
            json!({ "powerRating": 10 }),
            json!({ "notes": "Slow", "powerRating": 10, "weightUnit": "KG" }),
        ),
        (
            json!({ "weightUnit": "LB" }),
            json!({ "notes": "Slow", "powerRating": 10, "weightUnit": "LB" }),
        ),
        (
            json!({ "powerRating": 0 }),
            json!({ "notes": "Slow", "powerRating": 0, "weightUnit": "LB" }),
        ),
        (
            json!({ "notes": null, "powerRating": null }),
            json!({ "notes": null, "powerRating": null, "weightUnit": "LB" }),
        ),
    ] {
        let mut input = change;
        input["workoutId"] = json!(workout);
        input["exerciseLogId"] = json!(log);
        let changed = person.succeed("updateExerciseLog", input, selection).await;
        assert_eq!(changed["exerciseLog"], expected);
    }
    for power_rating in [-1, 11, 100_000] {
        let input =
            json!({ "workoutId": workout, "exerciseLogId": log, "powerRating": power_rating });
        assert_eq!(person.refusal("updateExerciseLog", input).await, "INVALID");
    }
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn belongs_to_its_workout(pool: PgPool) {
    let person = Person::new(&pool);
    let exercise = person.exercises(1).await.remove(0);
    let (first, second) = (person.start().await, person.start().await);
    let log = person.log_exercise(&first, &exercise).await;
    let path = json!({ "workoutId": second, "exerciseLogId": log });
    assert_eq!(
        person.refusal("deleteExerciseLog", path.clone()).await,
        "NOT_FOUND"
    );
    assert_eq!(
        person.refusal("updateExerciseLog", path.clone()).await,
        "NOT_FOUND"
    );
    let mut set = path;
    set["reps"] = json!(5);
    assert_eq!(person.refusal("logSet", set).await, "NOT_FOUND");
    let missing = json!({ "workoutId": first, "exerciseId": uuid::Uuid::now_v7() });
    assert_eq!(person.refusal("logExercise", missing).await, "NOT_FOUND");
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn deleting_one_keeps_the_order_of_the_others(pool: PgPool) {
    let person = Person::new(&pool);
    let exercises = person.exercises(3).await;
    let workout = person.start().await;
    let mut logs = Vec::new();
    for exercise in &exercises {
        logs.push(person.log_exercise(&workout, exercise).await);
    }
    person.log_set(&workout, &logs[1], 5, 20.0).await;
    let input = json!({ "workoutId": workout, "exerciseLogId": logs[1] });
    let left = person
        .succeed(
            "deleteExerciseLog",
            input.clone(),
            "workout { exerciseLogs { id } report { totalSets } }",
        )
        .await;
    assert_eq!(
        left["workout"],
        json!({ "exerciseLogs": [{ "id": logs[0] }, { "id": logs[2] }], "report": { "totalSets": 0 } })
    );
    assert_eq!(
        person.refusal("deleteExerciseLog", input).await,
        "NOT_FOUND"
    );
    let appended = person.log_exercise(&workout, &exercises[1]).await;
    let query = "query($id: ID!) { workout(id: $id) { exerciseLogs { id } } }";
    let data = person.ask(query, json!({ "id": workout })).await;
    assert_eq!(
        data["workout"]["exerciseLogs"],
        json!([{ "id": logs[0] }, { "id": logs[2] }, { "id": appended }])
    );
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn a_workout_holds_a_hundred_exercises(pool: PgPool) {
    let person = Person::new(&pool);
    let exercise = person.exercises(1).await.remove(0);
    let workout = person.start().await;
    for _ in 0..100 {
        person.log_exercise(&workout, &exercise).await;
    }
    let input = json!({ "workoutId": workout, "exerciseId": exercise });
    assert_eq!(
        person.refusal("logExercise", input).await,
        "RESOURCE_EXHAUSTED"
    );
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn planned_exercises_come_with_their_expected_sets(pool: PgPool) {
    let person = Person::new(&pool);
    let exercises = person.exercises(2).await;
    let workout = person.start().await;
    person.log_exercise(&workout, &exercises[1]).await;
    let user = UserId::from(person.id);
    let id = WorkoutId::from(workout.parse::<uuid::Uuid>().unwrap());
    let planned = [super::PlannedExercise {
        exercise: ExerciseId::from(exercises[0].parse::<uuid::Uuid>().unwrap()),
        sets: vec![PlannedSet::parse(SetType::Weight, Some(8), Some(42.5), None).unwrap(); 2],
    }];
    let mut tx = pool.begin().await.unwrap();
    let open = workout::open(&mut tx, user, id).await.unwrap();
    super::add_planned(&mut tx, &open, &planned, Utc::now())
        .await
        .unwrap();
    tx.commit().await.unwrap();
    let query = "query($id: ID!) { workout(id: $id) { exerciseLogs { position exercise { id } expectedSets { position type reps weight } } } }";
    let data = person.ask(query, json!({ "id": workout })).await;
    assert_eq!(
        data["workout"]["exerciseLogs"],
        json!([
            { "position": 1, "exercise": { "id": exercises[1] }, "expectedSets": [] },
            { "position": 2, "exercise": { "id": exercises[0] }, "expectedSets": [
                { "position": 1, "type": "WEIGHT", "reps": 8, "weight": 42.5 },
                { "position": 2, "type": "WEIGHT", "reps": 8, "weight": 42.5 },
            ] },
        ])
    );
}

/// Writes down a workout of some days ago with one set of each exercise, its repetitions the days.
async fn train(pool: &PgPool, person: &Person, days_ago: i32, exercises: &[&str]) {
    let set = crate::set::PerformedSet::parse(crate::set::SetEntry {
        set_type: None,
        reps: Some(days_ago),
        weight: Some(20.0),
        weight_unit: WeightUnit::Kg,
        time_seconds: None,
        distance_meters: None,
        kind: crate::set::SetKind::Normal,
        rpe: None,
    });
    let started_at = Utc::now() - TimeDelta::days(days_ago.into());
    let workout = RecordedWorkout {
        routine: None,
        weight_unit: WeightUnit::Kg,
        started_at,
        finished_at: started_at + TimeDelta::hours(1),
        comment: None,
        rating: None,
        exercises: exercises
            .iter()
            .map(|exercise| RecordedExercise {
                exercise: ExerciseId::from(exercise.parse::<uuid::Uuid>().unwrap()),
                sets: vec![set.unwrap()],
            })
            .collect(),
    };
    let mut conn = pool.acquire().await.unwrap();
    workout::record(&mut conn, UserId::from(person.id), &workout)
        .await
        .unwrap();
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn history_goes_from_the_newest_to_the_oldest(pool: PgPool) {
    let person = Person::new(&pool);
    let exercises = person.exercises(2).await;
    let (squat, press) = (exercises[0].as_str(), exercises[1].as_str());
    // Written down out of order; the same exercise twice in one workout.
    for (days_ago, done) in [
        (3, vec![squat]),
        (5, vec![squat, squat]),
        (1, vec![press, squat]),
        (9, vec![press]),
    ] {
        train(&pool, &person, days_ago, &done).await;
    }
    train(&pool, &person.somebody_else(), 2, &[squat]).await;
    let query = "query($id: ID!, $first: Int, $after: String, $offset: Int) { exercise(id: $id) {
        history(first: $first, after: $after, offset: $offset) { nodes { setLogs { reps } } pageInfo { hasNextPage endCursor } } } }";
    let days = |data: &Value| -> Vec<i64> {
        let nodes = data["exercise"]["history"]["nodes"].as_array().unwrap();
        nodes
            .iter()
            .map(|log| log["setLogs"][0]["reps"].as_i64().unwrap())
            .collect()
    };
    let all = person.ask(query, json!({ "id": squat })).await;
    assert_eq!(days(&all), [1, 3, 5, 5]);
    assert_eq!(all["exercise"]["history"]["pageInfo"]["hasNextPage"], false);
    let first = person.ask(query, json!({ "id": squat, "first": 3 })).await;
    assert_eq!(days(&first), [1, 3, 5]);
    let info = &first["exercise"]["history"]["pageInfo"];
    assert_eq!(info["hasNextPage"], true);
    let rest = person
        .ask(
            query,
            json!({ "id": squat, "first": 3, "after": info["endCursor"] }),
        )
        .await;
    assert_eq!(days(&rest), [5]);
    let skipped = person
        .ask(query, json!({ "id": squat, "first": 2, "offset": 1 }))
        .await;
    assert_eq!(days(&skipped), [3, 5]);
    let many =
        "{ exercises(first: 2) { nodes { id history(first: 1) { nodes { setLogs { reps } } } } } }";
    let data = person.ask(many, json!({})).await;
    let nodes = data["exercises"]["nodes"].as_array().unwrap();
    for node in nodes {
        assert_eq!(
            node["history"]["nodes"][0]["setLogs"][0]["reps"], 1,
            "{node}"
        );
    }
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn shows_the_sets_of_the_latest_earlier_finished_workout(pool: PgPool) {
    let person = Person::new(&pool);
    let exercises = person.exercises(2).await;
    let (squat, press) = (exercises[0].as_str(), exercises[1].as_str());
    train(&pool, &person, 9, &[squat, press]).await;
    train(&pool, &person, 5, &[squat, squat]).await;
    train(&pool, &person.somebody_else(), 1, &[squat]).await;
    let unfinished = person.start().await;
    let log = person.log_exercise(&unfinished, squat).await;
    person.log_set(&unfinished, &log, 77, 20.0).await;
    let workout = person.start().await;
    person.log_exercise(&workout, squat).await;
    person.log_exercise(&workout, press).await;
    let query = "query($id: ID!) { workout(id: $id) { exerciseLogs { previousSetLogs { reps exerciseLog { workout { id } } } } } }";
    let data = person.ask(query, json!({ "id": workout })).await;
    let logs = data["workout"]["exerciseLogs"].as_array().unwrap();
    let reps = |log: &Value| -> Vec<i64> {
        let sets = log["previousSetLogs"].as_array().unwrap();
        sets.iter()
            .map(|set| set["reps"].as_i64().unwrap())
            .collect()
    };
    assert_eq!(reps(&logs[0]), [5, 5]);
    assert_eq!(reps(&logs[1]), [9]);
    // An earlier workout looks back from its own time.
    let earlier = text(&logs[0]["previousSetLogs"][0]["exerciseLog"]["workout"]["id"]);
    let data = person.ask(query, json!({ "id": earlier })).await;
    assert_eq!(reps(&data["workout"]["exerciseLogs"][0]), [9]);
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn a_planner_sees_what_was_trained_since(pool: PgPool) {
    let person = Person::new(&pool);
    let exercises = person.exercises(2).await;
    train(&pool, &person, 40, &[&exercises[0]]).await;
    train(&pool, &person, 5, &[&exercises[0]]).await;
    train(&pool, &person, 2, &[&exercises[1]]).await;
    train(&pool, &person.somebody_else(), 1, &[&exercises[1]]).await;
    let mut conn = pool.acquire().await.unwrap();
    let since = Utc::now() - TimeDelta::days(30);
    let trained = workout::trained_since(&mut conn, UserId::from(person.id), since)
        .await
        .unwrap();
    let seen: Vec<_> = trained
        .iter()
        .map(|trained| {
            (
                trained.exercise_id.0.to_string(),
                trained.sets,
                trained.top_reps,
                trained.max_weight_kg,
            )
        })
        .collect();
    assert_eq!(
        seen,
        [
            (exercises[1].clone(), 1, Some(2), Some(20.0)),
            (exercises[0].clone(), 1, Some(5), Some(20.0))
        ]
    );
}
