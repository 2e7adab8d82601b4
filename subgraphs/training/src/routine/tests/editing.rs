use futures_util::future::join_all;
use serde_json::json;
use sqlx::PgPool;

use super::ROUTINE;
use crate::testing::{Person, text};

async fn order(person: &Person, routine: &str) -> Vec<String> {
    let data = person.ask(ROUTINE, json!({ "id": routine })).await;
    let instances = data["routine"]["exerciseInstances"].as_array().unwrap();
    instances
        .iter()
        .map(|instance| text(&instance["id"]))
        .collect()
}

async fn positions(person: &Person, routine: &str) -> Vec<i64> {
    let data = person.ask(ROUTINE, json!({ "id": routine })).await;
    let instances = data["routine"]["exerciseInstances"].as_array().unwrap();
    instances
        .iter()
        .map(|instance| instance["position"].as_i64().unwrap())
        .collect()
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn holds_exercises_and_sets_in_order(pool: PgPool) {
    let person = Person::new(&pool);
    let exercises = person.exercises(2).await;
    let routine = person.routine("  Push day ").await;
    let first = person.add_exercise(&routine, &exercises[0]).await;
    person.add_exercise(&routine, &exercises[1]).await;
    for (reps, weight) in [(8, 60.0), (6, 62.5)] {
        let input = json!({ "routineId": routine, "exerciseInstanceId": first, "type": "WEIGHT", "reps": reps, "weightKg": weight });
        person.succeed("addRoutineSet", input, "set { id }").await;
    }
    let timed = json!({ "routineId": routine, "exerciseInstanceId": first, "type": "TIME", "timeSeconds": 1.5 });
    person
        .succeed("addRoutineSet", timed, "set { id exerciseInstance { id } }")
        .await;
    let mut data = person.ask(ROUTINE, json!({ "id": routine })).await;
    for instance in data["routine"]["exerciseInstances"].as_array_mut().unwrap() {
        instance.as_object_mut().unwrap().remove("id");
    }
    assert_eq!(
        data["routine"],
        json!({
            "name": "Push day",
            "description": "",
            "exerciseCount": 2,
            "user": { "id": person.id },
            "exerciseInstances": [
                { "position": 1, "exercise": { "id": exercises[0] }, "sets": [
                    { "position": 1, "type": "WEIGHT", "reps": 8, "weightKg": 60.0, "timeSeconds": null },
                    { "position": 2, "type": "WEIGHT", "reps": 6, "weightKg": 62.5, "timeSeconds": null },
                    { "position": 3, "type": "TIME", "reps": null, "weightKg": null, "timeSeconds": 1.5 },
                ] },
                { "position": 2, "exercise": { "id": exercises[1] }, "sets": [] },
            ],
        })
    );
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn rejects_a_name_that_is_empty_or_too_long(pool: PgPool) {
    let person = Person::new(&pool);
    let routine = person.routine("Legs").await;
    for name in ["", "  \t", &"x".repeat(201)] {
        assert_eq!(
            person
                .refusal("createRoutine", json!({ "name": name }))
                .await,
            "INVALID"
        );
        let input = json!({ "routineId": routine, "name": name });
        assert_eq!(person.refusal("updateRoutine", input).await, "INVALID");
    }
    person.routine(&"ж".repeat(200)).await;
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn changes_only_what_is_given(pool: PgPool) {
    let person = Person::new(&pool);
    let input = json!({ "name": "Legs", "description": "Heavy" });
    let created = person
        .succeed("createRoutine", input, "routine { id }")
        .await;
    let id = &created["routine"]["id"];
    let renamed = person
        .succeed(
            "updateRoutine",
            json!({ "routineId": id, "name": "Lower" }),
            "routine { name description }",
        )
        .await;
    assert_eq!(
        renamed["routine"],
        json!({ "name": "Lower", "description": "Heavy" })
    );
    let cleared = person
        .succeed(
            "updateRoutine",
            json!({ "routineId": id, "description": "" }),
            "routine { name description }",
        )
        .await;
    assert_eq!(
        cleared["routine"],
        json!({ "name": "Lower", "description": "" })
    );
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn rejects_set_values_out_of_bounds(pool: PgPool) {
    let person = Person::new(&pool);
    let exercise = person.exercises(1).await.remove(0);
    let routine = person.routine("Legs").await;
    let instance = person.add_exercise(&routine, &exercise).await;
    let path = json!({ "routineId": routine, "exerciseInstanceId": instance, "type": "WEIGHT" });
    let added = person
        .succeed("addRoutineSet", path.clone(), "set { id }")
        .await;
    for (field, value) in [
        ("reps", json!(0)),
        ("reps", json!(-1)),
        ("reps", json!(10_001)),
        ("weightKg", json!(-0.5)),
        ("weightKg", json!(1e300)),
        ("timeSeconds", json!(0.0)),
        ("timeSeconds", json!(-1.0)),
    ] {
        let mut input = path.clone();
        input[field] = value;
        let payload = person.change("addRoutineSet", input.clone(), "").await;
        assert_eq!(payload["userErrors"][0]["code"], "INVALID", "{input}");
        assert_eq!(payload["userErrors"][0]["field"], json!([field]), "{input}");
        input["setId"] = added["set"]["id"].clone();
        assert_eq!(person.refusal("updateRoutineSet", input).await, "INVALID");
    }
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn a_set_is_replaced_and_removed(pool: PgPool) {
    let person = Person::new(&pool);
    let exercise = person.exercises(1).await.remove(0);
    let routine = person.routine("Legs").await;
    let instance = person.add_exercise(&routine, &exercise).await;
    let mut path = json!({ "routineId": routine, "exerciseInstanceId": instance, "type": "WEIGHT", "reps": 5, "weightKg": 100 });
    let added = person
        .succeed("addRoutineSet", path.clone(), "set { id }")
        .await;
    person
        .succeed("addRoutineSet", path.clone(), "set { id }")
        .await;
    path = json!({ "routineId": routine, "exerciseInstanceId": instance, "setId": added["set"]["id"], "type": "REPS", "reps": 12 });
    let replaced = person
        .succeed(
            "updateRoutineSet",
            path.clone(),
            "set { position type reps weightKg }",
        )
        .await;
    assert_eq!(
        replaced["set"],
        json!({ "position": 1, "type": "REPS", "reps": 12, "weightKg": null })
    );
    path.as_object_mut()
        .unwrap()
        .retain(|key, _| key.ends_with("Id"));
    let left = person
        .succeed(
            "removeRoutineSet",
            path.clone(),
            "exerciseInstance { sets { position reps } }",
        )
        .await;
    assert_eq!(
        left["exerciseInstance"]["sets"],
        json!([{ "position": 2, "reps": 5 }])
    );
    assert_eq!(person.refusal("removeRoutineSet", path).await, "NOT_FOUND");
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn takes_a_new_order_only_of_what_is_there(pool: PgPool) {
    let person = Person::new(&pool);
    let exercise = person.exercises(1).await.remove(0);
    let routine = person.routine("Legs").await;
    let mut ids = Vec::new();
    for _ in 0..4 {
        ids.push(person.add_exercise(&routine, &exercise).await);
    }
    let foreign = person
        .add_exercise(&person.routine("Arms").await, &exercise)
        .await;
    let reversed: Vec<_> = ids.iter().rev().cloned().collect();
    let input = json!({ "routineId": routine, "exerciseInstanceIds": reversed });
    person
        .succeed("reorderRoutine", input, "routine { id }")
        .await;
    assert_eq!(order(&person, &routine).await, reversed);
    assert_eq!(positions(&person, &routine).await, [1, 2, 3, 4]);
    let mut doubled = ids.clone();
    doubled[3] = doubled[0].clone();
    let mut strange = ids.clone();
    strange[3] = foreign;
    let mut longer = ids.clone();
    longer.push(ids[0].clone());
    for wrong in [
        Vec::new(),
        ids[..3].to_vec(),
        doubled,
        strange,
        longer,
        vec!["not an id".to_owned()],
    ] {
        let input = json!({ "routineId": routine, "exerciseInstanceIds": wrong });
        assert_eq!(person.refusal("reorderRoutine", input).await, "INVALID");
    }
    assert_eq!(order(&person, &routine).await, reversed);
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn removing_an_exercise_keeps_the_order_of_the_others(pool: PgPool) {
    let person = Person::new(&pool);
    let exercise = person.exercises(1).await.remove(0);
    let routine = person.routine("Legs").await;
    let mut ids = Vec::new();
    for _ in 0..3 {
        ids.push(person.add_exercise(&routine, &exercise).await);
    }
    let input = json!({ "routineId": routine, "exerciseInstanceId": ids[1] });
    let left = person
        .succeed(
            "removeExerciseFromRoutine",
            input.clone(),
            "routine { exerciseCount }",
        )
        .await;
    assert_eq!(left["routine"]["exerciseCount"], 2);
    assert_eq!(
        person.refusal("removeExerciseFromRoutine", input).await,
        "NOT_FOUND"
    );
    let appended = person.add_exercise(&routine, &exercise).await;
    assert_eq!(
        order(&person, &routine).await,
        [&ids[0], &ids[2], &appended].map(Clone::clone)
    );
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn concurrent_edits_leave_each_exercise_at_its_own_place(pool: PgPool) {
    let person = Person::new(&pool);
    let exercise = person.exercises(1).await.remove(0);
    let routine = person.routine("Legs").await;
    let mut ids = Vec::new();
    for _ in 0..6 {
        ids.push(person.add_exercise(&routine, &exercise).await);
    }
    let reorders = (0..12).map(|turn| {
        let mut wanted = ids.clone();
        wanted.rotate_left(turn % 6);
        let input = json!({ "routineId": routine, "exerciseInstanceIds": wanted });
        let person = &person;
        async move { person.change("reorderRoutine", input, "").await }
    });
    let appends = (0..12).map(|_| {
        let input = json!({ "routineId": routine, "exerciseId": exercise });
        let person = &person;
        async move { person.change("addExerciseToRoutine", input, "").await }
    });
    let (reordered, appended) = futures_util::join!(join_all(reorders), join_all(appends));
    // An order that misses what was appended meanwhile is refused, never half done.
    for payload in reordered {
        let errors = payload["userErrors"].as_array().unwrap();
        assert!(
            errors.iter().all(|error| error["code"] == "INVALID"),
            "{payload}"
        );
    }
    assert!(
        appended
            .iter()
            .all(|payload| payload["userErrors"] == json!([]))
    );
    let mut places = positions(&person, &routine).await;
    assert_eq!(places.len(), 18);
    places.dedup();
    assert_eq!(places, (1..=18).collect::<Vec<_>>());
    let mut present = order(&person, &routine).await;
    present.retain(|id| ids.contains(id));
    let mut expected = ids.clone();
    present.sort();
    expected.sort();
    assert_eq!(present, expected);
}
