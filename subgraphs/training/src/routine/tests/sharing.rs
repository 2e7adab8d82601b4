use serde_json::{Value, json};
use sqlx::PgPool;

use crate::testing::{Person, text};

const PLAN: &str =
    "name description exerciseInstances { supersetGroup notes trainingMaxKg exercise { id }
    progression { __typename } sets { type kind reps maxReps weightKg rpe restSeconds } }";

/// A routine with a superset, the second exercise of which only its author sees, and its exercises.
async fn routine(person: &Person) -> (String, [String; 2]) {
    let exercise = person.exercises(1).await.remove(0);
    let own = person.own_exercise().await;
    let routine = person.routine("Push").await;
    for exercise in [&exercise, &own] {
        let instance = person.add_exercise(&routine, exercise).await;
        let at = json!({ "routineId": routine, "exerciseInstanceId": instance });
        let mut set = at.clone();
        set["type"] = "WEIGHT".into();
        set["reps"] = 5.into();
        set["maxReps"] = 8.into();
        set["weightKg"] = 60.into();
        set["rpe"] = json!(8.5);
        set["restSeconds"] = 120.into();
        set["kind"] = "TO_FAILURE".into();
        person.succeed("addRoutineSet", set, "").await;
        let mut change = at;
        change["supersetGroup"] = 1.into();
        change["notes"] = "Slowly".into();
        change["trainingMaxKg"] = 100.into();
        change["progression"] = json!({ "linear": { "step": 2.5 } });
        person.succeed("updateExerciseInstance", change, "").await;
    }
    (routine, [exercise, own])
}

async fn plan(person: &Person, routine: &str) -> Value {
    let query = format!("query($id: ID!) {{ routine(id: $id) {{ {PLAN} }} }}");
    let mut data = person.ask(&query, json!({ "id": routine })).await;
    data["routine"].take()
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn a_duplicate_is_the_same_and_a_thing_of_its_own(pool: PgPool) {
    let person = Person::new(&pool);
    let (original, _) = routine(&person).await;
    let input = json!({ "routineId": original, "clientMutationId": "k" });
    let made = person
        .succeed(
            "duplicateRoutine",
            input.clone(),
            "routine { id exerciseCount }",
        )
        .await;
    let again = person
        .succeed("duplicateRoutine", input, "routine { id exerciseCount }")
        .await;
    assert_eq!(again, made);
    assert_eq!(made["routine"]["exerciseCount"], 2);
    let copy = text(&made["routine"]["id"]);
    assert_eq!(plan(&person, &copy).await, plan(&person, &original).await);

    let delete = json!({ "routineId": original });
    person.succeed("deleteRoutine", delete, "").await;
    let left = plan(&person, &copy).await;
    assert_eq!(left["exerciseInstances"].as_array().unwrap().len(), 2);

    let named = json!({ "routineId": copy, "name": "Pull" });
    let named = person
        .succeed("duplicateRoutine", named, "routine { name }")
        .await;
    assert_eq!(named["routine"]["name"], "Pull");
    let other = person.somebody_else();
    let theirs = json!({ "routineId": copy });
    assert_eq!(other.refusal("duplicateRoutine", theirs).await, "NOT_FOUND");
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn whoever_has_the_link_reads_and_copies_what_is_everyones(pool: PgPool) {
    let person = Person::new(&pool);
    let (original, [exercise, _]) = routine(&person).await;
    let input = json!({ "routineId": original });
    let shared = person
        .succeed("shareRoutine", input.clone(), "share { token }")
        .await;
    let again = person
        .succeed("shareRoutine", input.clone(), "share { token }")
        .await;
    assert_eq!(again, shared, "the link stays");
    let token = text(&shared["share"]["token"]);
    assert_eq!(token.len(), 32);

    let friend = person.somebody_else();
    let query = "query($token: String!) { sharedRoutine(token: $token) { name hiddenExerciseCount
        exercises { exercise { id } notes supersetGroup sets { reps maxReps weightKg kind rpe restSeconds } } } }";
    let seen = friend.ask(query, json!({ "token": token })).await;
    assert_eq!(
        seen["sharedRoutine"],
        json!({ "name": "Push", "hiddenExerciseCount": 1, "exercises": [
            { "exercise": { "id": exercise }, "notes": "Slowly", "supersetGroup": 1, "sets": [
                { "reps": 5, "maxReps": 8, "weightKg": 60.0, "kind": "TO_FAILURE", "rpe": 8.5, "restSeconds": 120 },
            ] },
        ] })
    );
    let query = "query($id: ID!) { routine(id: $id) { id } }";
    let data = friend.ask(query, json!({ "id": original })).await;
    assert_eq!(data["routine"], Value::Null, "the original is not theirs");

    let copied = friend
        .succeed(
            "copySharedRoutine",
            json!({ "token": token }),
            "routine { id share { token } }",
        )
        .await;
    assert_eq!(copied["routine"]["share"], Value::Null);
    let copy = plan(&friend, &text(&copied["routine"]["id"])).await;
    let instances = copy["exerciseInstances"].as_array().unwrap();
    assert_eq!(instances.len(), 1);
    assert_eq!(
        instances[0]["trainingMaxKg"],
        Value::Null,
        "strength stays private"
    );
    assert_eq!(
        instances[0]["progression"]["__typename"],
        "LinearProgression"
    );

    let unshared = person
        .succeed(
            "unshareRoutine",
            input.clone(),
            "routine { share { token } }",
        )
        .await;
    assert_eq!(unshared["routine"]["share"], Value::Null);
    let query = "query($token: String!) { sharedRoutine(token: $token) { name } }";
    let gone = friend.ask(query, json!({ "token": token })).await;
    assert_eq!(gone["sharedRoutine"], Value::Null);
    let input_of_friend = json!({ "token": token });
    assert_eq!(
        friend.refusal("copySharedRoutine", input_of_friend).await,
        "NOT_FOUND"
    );
    let anew = person
        .succeed("shareRoutine", input, "share { token }")
        .await;
    assert_ne!(anew, shared, "a link that was taken back stays so");
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn only_its_owner_shares_a_routine(pool: PgPool) {
    let person = Person::new(&pool);
    let (original, _) = routine(&person).await;
    let other = person.somebody_else();
    let input = json!({ "routineId": original });
    assert_eq!(
        other.refusal("shareRoutine", input.clone()).await,
        "NOT_FOUND"
    );
    person.succeed("shareRoutine", input.clone(), "").await;
    assert_eq!(other.refusal("unshareRoutine", input).await, "NOT_FOUND");
}
