use serde_json::{Value, json};
use setwise_service::Locale;
use sqlx::PgPool;
use uuid::Uuid;

use crate::testing::{Person, text};

const WORKOUT: &str = "query($id: ID!) { workout(id: $id) { id } }";

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn starts_empty(pool: PgPool) {
    let person = Person::new(&pool);
    let started = person
        .succeed(
            "startWorkout",
            json!({}),
            "workout { user { id } routine { id } finishedAt comment rating isGenerated reasoning generationStatus exerciseLogs { id } }",
        )
        .await;
    assert_eq!(
        started["workout"],
        json!({
            "user": { "id": person.id }, "routine": null, "finishedAt": null, "comment": null, "rating": null,
            "isGenerated": false, "reasoning": null, "generationStatus": null, "exerciseLogs": [],
        })
    );
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn starts_from_a_routine_with_its_sets_expected(pool: PgPool) {
    let person = Person::new(&pool);
    let exercises = person.exercises(3).await;
    let routine = person.routine("Push").await;
    let mut instances = Vec::new();
    for exercise in &exercises {
        instances.push(person.add_exercise(&routine, exercise).await);
    }
    for (instance, reps, weight) in [(0, 8, 60.0), (0, 6, 62.5), (2, 12, 20.0)] {
        let input = json!({ "routineId": routine, "exerciseInstanceId": instances[instance], "type": "WEIGHT", "reps": reps, "weightKg": weight });
        person.succeed("addRoutineSet", input, "set { id }").await;
    }
    instances.rotate_left(1);
    let input = json!({ "routineId": routine, "exerciseInstanceIds": instances });
    person
        .succeed("reorderRoutine", input, "routine { id }")
        .await;
    let started = person
        .succeed(
            "startWorkout",
            json!({ "routineId": routine, "weightUnit": "LB" }),
            "workout { routine { id } exerciseLogs { exercise { id } position weightUnit setLogs { id } expectedSets { position type reps weight weightKg timeSeconds } } }",
        )
        .await;
    assert_eq!(
        started["workout"],
        json!({ "routine": { "id": routine }, "exerciseLogs": [
            { "exercise": { "id": exercises[1] }, "position": 1, "weightUnit": "LB", "setLogs": [], "expectedSets": [] },
            { "exercise": { "id": exercises[2] }, "position": 2, "weightUnit": "LB", "setLogs": [], "expectedSets": [
                { "position": 1, "type": "WEIGHT", "reps": 12, "weight": 44.09, "weightKg": 20.0, "timeSeconds": null },
            ] },
            { "exercise": { "id": exercises[0] }, "position": 3, "weightUnit": "LB", "setLogs": [], "expectedSets": [
                { "position": 1, "type": "WEIGHT", "reps": 8, "weight": 132.28, "weightKg": 60.0, "timeSeconds": null },
                { "position": 2, "type": "WEIGHT", "reps": 6, "weight": 137.79, "weightKg": 62.5, "timeSeconds": null },
            ] },
        ] })
    );
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn a_routine_and_generation_exclude_each_other(pool: PgPool) {
    let person = Person::new(&pool);
    let input = json!({ "routineId": person.routine("Push").await, "generate": true });
    assert_eq!(person.refusal("startWorkout", input).await, "INVALID");
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn a_finished_workout_takes_no_changes(pool: PgPool) {
    let person = Person::new(&pool);
    let exercise = person.exercises(1).await.remove(0);
    let workout = person.start().await;
    let log = person.log_exercise(&workout, &exercise).await;
    let set = person.log_set(&workout, &log, 5, 100.0).await;
    person.complete(&workout).await;
    for (mutation, input) in [
        ("completeWorkout", json!({ "workoutId": workout })),
        (
            "logExercise",
            json!({ "workoutId": workout, "exerciseId": exercise }),
        ),
        (
            "deleteExerciseLog",
            json!({ "workoutId": workout, "exerciseLogId": log }),
        ),
        (
            "updateExerciseLog",
            json!({ "workoutId": workout, "exerciseLogId": log, "notes": "x" }),
        ),
        (
            "logSet",
            json!({ "workoutId": workout, "exerciseLogId": log, "reps": 5 }),
        ),
        (
            "updateSetLog",
            json!({ "workoutId": workout, "exerciseLogId": log, "setLogId": set, "reps": 6 }),
        ),
        (
            "deleteSetLog",
            json!({ "workoutId": workout, "exerciseLogId": log, "setLogId": set }),
        ),
    ] {
        assert_eq!(
            person.refusal(mutation, input).await,
            "FAILED_PRECONDITION",
            "{mutation}"
        );
    }
    let query = "query($id: ID!) { workout(id: $id) { exerciseLogs { notes setLogs { reps } } } }";
    let data = person.ask(query, json!({ "id": workout })).await;
    assert_eq!(
        data["workout"]["exerciseLogs"],
        json!([{ "notes": null, "setLogs": [{ "reps": 5 }] }])
    );
    person
        .succeed(
            "deleteWorkout",
            json!({ "workoutId": workout }),
            "deletedWorkoutId",
        )
        .await;
    assert_eq!(
        person.ask(WORKOUT, json!({ "id": workout })).await["workout"],
        Value::Null
    );
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn only_a_finished_workout_is_rated_and_commented_on(pool: PgPool) {
    let person = Person::new(&pool);
    let workout = person.start().await;
    let rate = |rating: i32| json!({ "workoutId": workout, "rating": rating });
    let comment = |comment: &str| json!({ "workoutId": workout, "comment": comment });
    assert_eq!(
        person.refusal("rateWorkout", rate(3)).await,
        "FAILED_PRECONDITION"
    );
    assert_eq!(
        person.refusal("commentWorkout", comment("Good")).await,
        "FAILED_PRECONDITION"
    );
    person.complete(&workout).await;
    for rating in [-1, 6, i32::MAX, i32::MIN] {
        assert_eq!(person.refusal("rateWorkout", rate(rating)).await, "INVALID");
    }
    for rating in [0, 5] {
        let rated = person
            .succeed("rateWorkout", rate(rating), "workout { rating }")
            .await;
        assert_eq!(rated["workout"]["rating"], rating);
    }
    let selection = "workout { comment rating }";
    let commented = person
        .succeed("commentWorkout", comment(" Good\u{0} "), selection)
        .await;
    assert_eq!(
        commented["workout"],
        json!({ "comment": "Good", "rating": 5 })
    );
    assert_eq!(
        person
            .refusal("commentWorkout", comment(&"x".repeat(5001)))
            .await,
        "INVALID"
    );
    let cleared = person
        .succeed("commentWorkout", comment("  "), selection)
        .await;
    assert_eq!(cleared["workout"]["comment"], Value::Null);
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn what_is_anothers_is_not_found(pool: PgPool) {
    let person = Person::new(&pool);
    let other = person.somebody_else();
    let exercise = person.exercises(1).await.remove(0);
    let workout = person.start().await;
    let log = person.log_exercise(&workout, &exercise).await;
    let set = person.log_set(&workout, &log, 5, 100.0).await;
    for id in [
        workout.as_str(),
        "not an id",
        "",
        &Uuid::now_v7().to_string(),
    ] {
        assert_eq!(
            other.ask(WORKOUT, json!({ "id": id })).await["workout"],
            Value::Null
        );
        for (mutation, input) in [
            ("deleteWorkout", json!({ "workoutId": id })),
            ("completeWorkout", json!({ "workoutId": id })),
            ("rateWorkout", json!({ "workoutId": id, "rating": 3 })),
            ("commentWorkout", json!({ "workoutId": id, "comment": "x" })),
            (
                "logExercise",
                json!({ "workoutId": id, "exerciseId": exercise }),
            ),
            (
                "deleteExerciseLog",
                json!({ "workoutId": id, "exerciseLogId": log }),
            ),
            (
                "updateExerciseLog",
                json!({ "workoutId": id, "exerciseLogId": log, "notes": "x" }),
            ),
            (
                "logSet",
                json!({ "workoutId": id, "exerciseLogId": log, "reps": 5 }),
            ),
            (
                "updateSetLog",
                json!({ "workoutId": id, "exerciseLogId": log, "setLogId": set, "reps": 6 }),
            ),
            (
                "deleteSetLog",
                json!({ "workoutId": id, "exerciseLogId": log, "setLogId": set }),
            ),
        ] {
            assert_eq!(
                other.refusal(mutation, input).await,
                "NOT_FOUND",
                "{mutation}"
            );
        }
    }
    let query = "query($id: ID!) { exerciseLog(id: $id) { id } }";
    assert_eq!(
        other.ask(query, json!({ "id": log })).await["exerciseLog"],
        Value::Null
    );
    assert_eq!(
        person.ask(query, json!({ "id": log })).await["exerciseLog"]["id"],
        log.as_str()
    );
    let secret = person.own_exercise().await;
    let input = json!({ "workoutId": other.start().await, "exerciseId": secret });
    assert_eq!(other.refusal("logExercise", input).await, "NOT_FOUND");
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn a_user_shows_training_to_nobody_else(pool: PgPool) {
    let person = Person::new(&pool);
    let other = person.somebody_else();
    let workout = person.start().await;
    person.routine("Legs").await;
    let query = "query($id: ID!) { _entities(representations: [{ __typename: \"User\", id: $id }]) {
        ... on User { id workouts { nodes { id } } routines { nodes { name } } activeWorkouts { id } } } }";
    let own = person.ask(query, json!({ "id": person.id })).await;
    assert_eq!(
        own["_entities"],
        json!([{ "id": person.id, "workouts": { "nodes": [{ "id": workout }] },
                 "routines": { "nodes": [{ "name": "Legs" }] }, "activeWorkouts": [{ "id": workout }] }])
    );
    let foreign = other.ask(query, json!({ "id": person.id })).await;
    assert_eq!(
        foreign["_entities"],
        json!([{ "id": person.id, "workouts": null, "routines": null, "activeWorkouts": null }])
    );
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn entities_are_the_viewers_own(pool: PgPool) {
    let person = Person::new(&pool);
    let other = person.somebody_else();
    let workout = person.start().await;
    let query = "query($id: ID!) { _entities(representations: [{ __typename: \"Workout\", id: $id }]) { ... on Workout { id } } }";
    let own = person.ask(query, json!({ "id": workout })).await;
    assert_eq!(own["_entities"], json!([{ "id": workout }]));
    let foreign = other.ask(query, json!({ "id": workout })).await;
    assert_eq!(foreign["_entities"], json!([null]));
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn refusals_speak_the_viewers_language(pool: PgPool) {
    let person = Person::new(&pool);
    let workout = person.start().await;
    let mutation = "mutation($id: ID!) { rateWorkout(input: { workoutId: $id, rating: 3 }) { userErrors { message } } }";
    for (locale, message) in [
        (Locale::En, "The workout is not finished yet"),
        (Locale::Ru, "Тренировка ещё не завершена"),
    ] {
        let response = person
            .execute(mutation, json!({ "id": workout }), locale)
            .await;
        let data = response.data.into_json().unwrap();
        assert_eq!(data["rateWorkout"]["userErrors"][0]["message"], message);
    }
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn completing_appends_an_event_in_the_same_transaction(pool: PgPool) {
    let person = Person::new(&pool);
    let exercises = person.exercises(2).await;
    let workout = person.start().await;
    let log = person.log_exercise(&workout, &exercises[0]).await;
    person.log_exercise(&workout, &exercises[1]).await;
    person.log_set(&workout, &log, 5, 100.0).await;
    person.log_set(&workout, &log, 3, 102.5).await;
    person.complete(&workout).await;
    assert_eq!(
        person
            .refusal("completeWorkout", json!({ "workoutId": workout }))
            .await,
        "FAILED_PRECONDITION"
    );
    let events: Vec<(String, String, Value)> =
        sqlx::query_as("SELECT topic, key, payload FROM training.outbox ORDER BY sequence")
            .fetch_all(&pool)
            .await
            .unwrap();
    let [(topic, key, event)] = events.as_slice() else {
        panic!("one event, not {events:?}")
    };
    assert_eq!(topic, "training-events");
    assert_eq!(key, &person.id.to_string());
    assert_eq!(event["type"], "workout_completed");
    let payload = &event["payload"];
    assert_eq!(text(&payload["user_id"]), person.id.to_string());
    assert_eq!(payload["workout_id"], workout.as_str());
    assert_eq!(payload["exercises"], 1);
    assert_eq!(payload["sets"], 2);
    assert_eq!(payload["reps"], 8);
    assert_eq!(payload["volume_kg"], 807.5);
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn a_completion_that_cannot_be_told_does_not_happen(pool: PgPool) {
    let person = Person::new(&pool);
    let workout = person.start().await;
    sqlx::query("ALTER TABLE training.outbox RENAME TO elsewhere")
        .execute(&pool)
        .await
        .unwrap();
    let mutation =
        "mutation($id: ID!) { completeWorkout(input: { workoutId: $id }) { workout { id } } }";
    let response = person
        .execute(mutation, json!({ "id": workout }), Locale::En)
        .await;
    let errors = serde_json::to_value(&response.errors).unwrap();
    assert_eq!(errors[0]["extensions"]["code"], "INTERNAL_SERVER_ERROR");
    assert_eq!(errors[0]["message"], "internal server error");
    let active = person.ask("{ activeWorkouts { id } }", json!({})).await;
    assert_eq!(active["activeWorkouts"], json!([{ "id": workout }]));
}
