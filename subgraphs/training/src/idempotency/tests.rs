use chrono::{TimeDelta, Utc};
use futures_util::future::join_all;
use serde_json::{Value, json};
use sqlx::PgPool;

use super::forget_before;
use crate::testing::{Person, text};

/// A workout with one exercise: the ids of both.
async fn workout(person: &Person) -> (String, String) {
    let exercise = person.exercises(1).await.remove(0);
    let workout = person.start().await;
    let log = person.log_exercise(&workout, &exercise).await;
    (workout, log)
}

async fn sets(person: &Person, log: &str) -> Vec<Value> {
    let query = "query($id: ID!) { exerciseLog(id: $id) { setLogs { id position reps } } }";
    let data = person.ask(query, json!({ "id": log })).await;
    data["exerciseLog"]["setLogs"].as_array().unwrap().clone()
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn what_is_sent_again_is_applied_once(pool: PgPool) {
    let person = Person::new(&pool);
    let exercise = person.exercises(1).await.remove(0);
    let mut ids = json!({ "exerciseId": exercise });
    for (mutation, made, input) in [
        ("createRoutine", "routine", json!({ "name": "A" })),
        ("addExerciseToRoutine", "exerciseInstance", json!({})),
        ("addRoutineSet", "set", json!({ "type": "REPS", "reps": 5 })),
        ("startWorkout", "workout", json!({})),
        ("logExercise", "exerciseLog", json!({})),
        ("logSet", "setLog", json!({ "reps": 5 })),
        ("generateWorkout", "workout", json!({})),
        ("createExercise", "exercise", json!({ "name": "B" })),
        (
            "logBodyMeasurement",
            "bodyMeasurement",
            json!({ "kind": "BODY_WEIGHT", "value": 80, "unit": "KG" }),
        ),
    ] {
        let mut wanted = input;
        let needs: &[&str] = match mutation {
            "addExerciseToRoutine" => &["routineId", "exerciseId"],
            "addRoutineSet" => &["routineId", "exerciseInstanceId"],
            "logExercise" => &["workoutId", "exerciseId"],
            "logSet" => &["workoutId", "exerciseLogId"],
            "generateWorkout" => &["workoutId"],
            _ => &[],
        };
        for need in needs {
            wanted[*need] = ids[*need].clone();
        }
        wanted["clientMutationId"] = mutation.into();
        let selection = format!("clientMutationId {made} {{ id createdAt }}");
        let first = person.succeed(mutation, wanted.clone(), &selection).await;
        let again = person.succeed(mutation, wanted, &selection).await;
        assert_eq!(first, again, "{mutation}");
        assert_eq!(first["clientMutationId"], mutation);
        ids[format!("{made}Id")] = first[made]["id"].clone();
    }
    assert_eq!(sets(&person, &text(&ids["exerciseLogId"])).await.len(), 1);
    let counted = "{ routines { nodes { exerciseInstances { sets { id } } } } workouts { nodes { exerciseLogs { setLogs { id } } } }
                     exercises(filter: { search: \"B\", onlyOwn: true }) { nodes { id } } bodyMeasurements { nodes { id } } }";
    let data = person.ask(counted, json!({})).await;
    let set = json!({ "id": ids["setId"] });
    assert_eq!(
        data["routines"]["nodes"],
        json!([{ "exerciseInstances": [{ "sets": [set] }] }])
    );
    assert_eq!(data["workouts"]["nodes"].as_array().unwrap().len(), 1);
    for (made, all) in [
        ("exercise", "exercises"),
        ("bodyMeasurement", "bodyMeasurements"),
    ] {
        let id = json!([{ "id": ids[format!("{made}Id")] }]);
        assert_eq!(data[all]["nodes"], id, "{made}");
    }
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn fifty_writers_who_send_everything_again_lose_and_double_no_set(pool: PgPool) {
    let person = Person::new(&pool);
    let (workout, log) = workout(&person).await;
    let inputs = (1..=50).map(|reps| {
        json!({ "workoutId": workout, "exerciseLogId": log, "reps": reps, "weight": 20,
                "clientMutationId": format!("set {reps}") })
    });
    // each set three times at once, from all writers at once
    let inputs: Vec<_> = inputs.flat_map(|input| vec![input; 3]).collect();
    let answers = join_all(inputs.iter().map(|input| {
        let person = person.clone();
        async move {
            let payload = person
                .succeed("logSet", input.clone(), "setLog { id reps }")
                .await;
            assert_eq!(payload["setLog"]["reps"], input["reps"]);
            text(&payload["setLog"]["id"])
        }
    }))
    .await;
    for of_one_set in answers.chunks(3) {
        assert!(
            of_one_set.iter().all(|id| *id == of_one_set[0]),
            "{of_one_set:?}"
        );
    }
    let sets = sets(&person, &log).await;
    let numbers = |name: &str| {
        let mut numbers: Vec<_> = sets.iter().map(|set| set[name].as_i64().unwrap()).collect();
        numbers.sort_unstable();
        numbers
    };
    assert_eq!(numbers("reps"), (1..=50).collect::<Vec<_>>());
    assert_eq!(numbers("position"), (1..=50).collect::<Vec<_>>());
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn a_key_stands_for_one_request_of_one_person(pool: PgPool) {
    let person = Person::new(&pool);
    let (workout, log) = workout(&person).await;
    let set =
        json!({ "workoutId": workout, "exerciseLogId": log, "reps": 5, "clientMutationId": "k" });
    person.succeed("logSet", set.clone(), "").await;

    let mut other = set.clone();
    other["reps"] = 6.into();
    let payload = person.change("logSet", other, "setLog { id }").await;
    assert_eq!(payload["setLog"], Value::Null);
    assert_eq!(payload["userErrors"][0]["code"], "INVALID");
    assert_eq!(
        payload["userErrors"][0]["field"],
        json!(["clientMutationId"])
    );
    let routine = json!({ "name": "A", "clientMutationId": "k" });
    assert_eq!(
        person.refusal("createRoutine", routine.clone()).await,
        "INVALID"
    );
    assert_eq!(sets(&person, &log).await.len(), 1);

    let other = person.somebody_else();
    other.succeed("createRoutine", routine, "").await;
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn a_refused_request_leaves_its_key_free(pool: PgPool) {
    let person = Person::new(&pool);
    let (workout, log) = workout(&person).await;
    let mut set =
        json!({ "workoutId": workout, "exerciseLogId": log, "reps": 0, "clientMutationId": "k" });
    assert_eq!(person.refusal("logSet", set.clone()).await, "INVALID");
    set["reps"] = 5.into();
    person.succeed("logSet", set, "").await;
    assert_eq!(sets(&person, &log).await.len(), 1);
    for key in ["", "  ", &"k".repeat(256)] {
        let set = json!({ "workoutId": workout, "exerciseLogId": log, "reps": 5, "clientMutationId": key });
        assert_eq!(person.refusal("logSet", set).await, "INVALID", "{key:?}");
    }
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn an_answer_comes_again_after_the_workout_is_finished_but_not_for_what_is_gone(
    pool: PgPool,
) {
    let person = Person::new(&pool);
    let (workout, log) = workout(&person).await;
    let set =
        json!({ "workoutId": workout, "exerciseLogId": log, "reps": 5, "clientMutationId": "k" });
    let made = person
        .succeed("logSet", set.clone(), "setLog { id reps }")
        .await;
    person.complete(&workout).await;
    let again = person
        .succeed("logSet", set.clone(), "setLog { id reps }")
        .await;
    assert_eq!(again, made);
    person
        .succeed("deleteWorkout", json!({ "workoutId": workout }), "")
        .await;
    assert_eq!(person.refusal("logSet", set).await, "NOT_FOUND");
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn what_was_deleted_does_not_come_again(pool: PgPool) {
    let person = Person::new(&pool);
    let weight =
        json!({ "kind": "BODY_WEIGHT", "value": 80, "unit": "KG", "clientMutationId": "w" });
    for (make, made, delete, input) in [
        (
            "createExercise",
            "exercise",
            "deleteExercise",
            json!({ "name": "B", "clientMutationId": "e" }),
        ),
        (
            "logBodyMeasurement",
            "bodyMeasurement",
            "deleteBodyMeasurement",
            weight,
        ),
    ] {
        let selection = format!("{made} {{ id }}");
        let payload = person.succeed(make, input.clone(), &selection).await;
        let id = json!({ format!("{made}Id"): payload[made]["id"] });
        person.succeed(delete, id, "").await;
        assert_eq!(person.refusal(make, input).await, "NOT_FOUND", "{make}");
    }
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn keys_are_forgotten_when_they_are_old(pool: PgPool) {
    let person = Person::new(&pool);
    let routine = json!({ "name": "A", "clientMutationId": "k" });
    let made = person
        .succeed("createRoutine", routine.clone(), "routine { id }")
        .await;
    let now = Utc::now();
    let yesterday = now - TimeDelta::hours(24);
    assert_eq!(forget_before(&pool, yesterday).await.unwrap(), 0);
    let again = person
        .succeed("createRoutine", routine.clone(), "routine { id }")
        .await;
    assert_eq!(again, made);
    assert_eq!(forget_before(&pool, now).await.unwrap(), 1);
    let anew = person
        .succeed("createRoutine", routine, "routine { id }")
        .await;
    assert_ne!(anew, made);
}
