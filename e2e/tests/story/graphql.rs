//! The story and its rules over GraphQL.

use chrono::{TimeDelta, Utc};
use serde_json::{Value, json};
use setwise_auth::TokenIssuer;
use setwise_e2e::PASSWORD;
use uuid::Uuid;

use crate::{
    api::{Api, text},
    person::{Person, new_address},
    stack::Shared,
};

#[tokio::test(flavor = "multi_thread")]
async fn a_person_trains_over_graphql() {
    let stack = Shared::stack();
    let api = Api::new(&stack);
    let email = new_address();
    let input =
        json!({ "email": email, "password": PASSWORD, "firstName": "Анна", "language": "RU" });
    let entity = "user { displayName language } tokens { accessToken }";
    let registered = api.mutate("register", entity, input).await;
    assert_eq!(
        registered["user"],
        json!({ "displayName": "Анна", "language": "RU" })
    );
    stack.mail(&email, "Добро пожаловать").await;

    let input = json!({ "email": email, "password": PASSWORD });
    let entity = "tokens { accessToken }";
    let session = api.mutate("login", entity, input).await;
    let api = api.with_token(&text(&session, "tokens.accessToken"));
    let (routine, exercise) = build_routine(&api).await;
    let workout = train(&api, &routine).await;
    stack.mail(&email, "Тренировка завершена").await;
    look_back(&api, &workout, &exercise).await;
}

/// A routine of two exercises for one muscle group, with a set of the first.
async fn build_routine(api: &Api) -> (String, String) {
    let query = "
        query ($group: [ID!]) {
            muscleGroups { id }
            exercises(first: 2, filter: { muscleGroupIds: $group }) {
                nodes { id muscleGroups { id } }
                pageInfo { hasNextPage endCursor }
            }
        }";
    let all = api.data(query, json!({})).await;
    let group = text(&all, "muscleGroups.0.id");
    let found = api.data(query, json!({ "group": [group] })).await;
    let nodes = found["exercises"]["nodes"].as_array().unwrap();
    assert_eq!(nodes.len(), 2);
    for exercise in nodes {
        let groups = exercise["muscleGroups"].as_array().unwrap();
        assert!(groups.contains(&json!({ "id": group })), "{exercise}");
    }

    let input = json!({ "name": "Сила" });
    let routine = api.mutate("createRoutine", "routine { id }", input).await;
    let routine = text(&routine, "routine.id");
    let mut instances = Vec::new();
    for exercise in nodes {
        let input = json!({ "routineId": routine, "exerciseId": exercise["id"] });
        let entity = "exerciseInstance { id position }";
        let added = api.mutate("addExerciseToRoutine", entity, input).await;
        instances.push(text(&added, "exerciseInstance.id"));
    }
    let input = json!({
        "routineId": routine, "exerciseInstanceId": instances[0],
        "type": "WEIGHT", "reps": 5, "weightKg": 100,
    });
    let entity = "set { id type weightKg }";
    let set = api.mutate("addRoutineSet", entity, input).await;
    assert_eq!(set["set"]["weightKg"], json!(100.0));
    (routine, text(&nodes[0], "id"))
}

async fn train(api: &Api, routine: &str) -> String {
    let input = json!({ "routineId": routine });
    let entity = "workout { id exerciseLogs { id expectedSets { reps weightKg } } }";
    let started = api.mutate("startWorkout", entity, input).await;
    let workout = text(&started, "workout.id");
    let expected = json!([{ "reps": 5, "weightKg": 100.0 }]);
    assert_eq!(
        started["workout"]["exerciseLogs"][0]["expectedSets"],
        expected
    );
    let log = text(&started, "workout.exerciseLogs.0.id");
    for reps in [5, 4] {
        let input = json!({
            "workoutId": workout, "exerciseLogId": log, "reps": reps, "weight": 100,
        });
        let set = api.mutate("logSet", "setLog { reps weight }", input).await;
        assert_eq!(set["setLog"], json!({ "reps": reps, "weight": 100.0 }));
    }
    let input = json!({ "workoutId": workout });
    let entity = "workout { finishedAt report { totalSets totalReps totalVolumeKg } }";
    let done = api.mutate("completeWorkout", entity, input).await;
    assert!(done["workout"]["finishedAt"].is_string());
    let report = json!({ "totalSets": 2, "totalReps": 9, "totalVolumeKg": 900.0 });
    assert_eq!(done["workout"]["report"], report);
    workout
}

async fn look_back(api: &Api, workout: &str, exercise: &str) {
    let input = json!({ "workoutId": workout, "rating": 5 });
    let rated = api.mutate("rateWorkout", "workout { rating }", input).await;
    assert_eq!(rated["workout"]["rating"], 5);
    let query = "
        query ($exercise: ID!) {
            exercise(id: $exercise) {
                history(first: 5) { nodes { workout { id rating } setLogs { reps } } }
            }
            me {
                displayName
                avatar { url }
                workouts(first: 3) {
                    edges {
                        node { startedAt exerciseLogs { exercise { name } setLogs { reps weightKg } } }
                    }
                }
            }
        }";
    let data = api.data(query, json!({ "exercise": exercise })).await;
    let history = json!([{
        "workout": { "id": workout, "rating": 5 },
        "setLogs": [{ "reps": 5 }, { "reps": 4 }],
    }]);
    assert_eq!(data["exercise"]["history"]["nodes"], history);
    assert_eq!(data["me"]["displayName"], "Анна");
    assert_eq!(data["me"]["avatar"], Value::Null);
    let workouts = data["me"]["workouts"]["edges"].as_array().unwrap();
    assert_eq!(workouts.len(), 1);
    let sets = &workouts[0]["node"]["exerciseLogs"][0]["setLogs"];
    assert_eq!(sets[1], json!({ "reps": 4, "weightKg": 100.0 }));
}

/// The code of the payload's first user error.
async fn refusal(api: &Api, field: &str, input: Value) -> String {
    let payload = api.mutate(field, "", input).await;
    text(&payload, "userErrors.0.code")
}

#[tokio::test(flavor = "multi_thread")]
async fn a_finished_workout_takes_no_changes_over_graphql() {
    let stack = Shared::stack();
    let person = Person::register(&stack).await;
    let finished = person.finished_workout().await;
    let (workout, log) = (&finished.workout, &finished.log);
    let of_log = json!({ "workoutId": workout, "exerciseLogId": log });
    for (field, input) in [
        ("completeWorkout", json!({ "workoutId": workout })),
        (
            "logSet",
            json!({ "workoutId": workout, "exerciseLogId": log, "reps": 5 }),
        ),
        (
            "updateSetLog",
            json!({ "workoutId": workout, "exerciseLogId": log, "setLogId": finished.set, "reps": 5 }),
        ),
        ("deleteExerciseLog", of_log),
    ] {
        let code = refusal(&person.api, field, input).await;
        assert_eq!(code, "FAILED_PRECONDITION", "{field}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn another_persons_things_are_not_found_over_graphql() {
    let stack = Shared::stack();
    let (person, stranger) = (
        Person::register(&stack).await,
        Person::register(&stack).await,
    );
    let (workout, log) = person.workout().await;
    let query = "
        query ($user: ID!, $workout: ID!, $log: ID!) {
            user(id: $user) { email }
            workout(id: $workout) { id }
            exerciseLog(id: $log) { id }
        }";
    let variables = json!({ "user": person.id, "workout": workout, "log": log });
    let data = stranger.api.data(query, variables).await;
    assert_eq!(
        data,
        json!({ "user": null, "workout": null, "exerciseLog": null })
    );
    let input = json!({ "workoutId": workout, "exerciseLogId": log, "reps": 5 });
    assert_eq!(refusal(&stranger.api, "logSet", input).await, "NOT_FOUND");
    let input = json!({ "workoutId": "not an id" });
    let code = refusal(&stranger.api, "deleteWorkout", input).await;
    assert_eq!(code, "NOT_FOUND");
}

#[tokio::test(flavor = "multi_thread")]
async fn asks_who_has_no_token_or_an_expired_one_to_sign_in() {
    let stack = Shared::stack();
    let api = Api::new(&stack);
    let issuer = TokenIssuer::from_pem(&stack.token_signing_key()).unwrap();
    let quarter = TimeDelta::minutes(15);
    let past = Utc::now() - quarter * 2;
    let expired = issuer
        .issue(Uuid::now_v7(), Uuid::now_v7(), past, quarter)
        .unwrap();
    for api in [
        api.clone(),
        api.with_token("nonsense"),
        api.with_token(&expired),
    ] {
        let response = api.graphql("{ me { id } }", json!({})).await;
        assert_eq!(
            text(&response, "errors.0.extensions.code"),
            "UNAUTHENTICATED"
        );
        assert_eq!(response["data"], json!({ "me": null }));
        let response = api
            .graphql("{ workouts { nodes { id } } }", json!({}))
            .await;
        assert_eq!(
            text(&response, "errors.0.extensions.code"),
            "UNAUTHENTICATED"
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_password_and_a_used_token_are_user_errors() {
    let stack = Shared::stack();
    let person = Person::register(&stack).await;
    for email in [person.email.clone(), new_address()] {
        let input = json!({ "email": email, "password": "something else" });
        let code = refusal(&person.api, "login", input).await;
        assert_eq!(code, "INVALID_CREDENTIALS");
    }
    let input = person.tokens.clone();
    let entity = "tokens { refreshToken }";
    let refreshed = person
        .api
        .mutate("refreshSession", entity, input.clone())
        .await;
    assert!(refreshed["tokens"]["refreshToken"].is_string());
    let code = refusal(&person.api, "refreshSession", input).await;
    assert_eq!(code, "INVALID_TOKEN");
    let input = json!({ "email": person.email, "password": PASSWORD });
    let code = refusal(&person.api, "register", input).await;
    assert_eq!(code, "ALREADY_EXISTS");
}
