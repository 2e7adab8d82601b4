use futures_util::future::join_all;
use serde_json::{Value, json};
use sqlx::PgPool;
use uuid::Uuid;

use crate::testing::{Person, text};

const ROUTINE: &str = "query($id: ID!) { routine(id: $id) { name description exerciseCount user { id }
    exerciseInstances { id position exercise { id } sets { position type reps weightKg timeSeconds } } } }";

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

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn nested_ids_belong_together(pool: PgPool) {
    let person = Person::new(&pool);
    let exercise = person.exercises(1).await.remove(0);
    let (legs, arms) = (person.routine("Legs").await, person.routine("Arms").await);
    let leg = person.add_exercise(&legs, &exercise).await;
    let arm = person.add_exercise(&arms, &exercise).await;
    let other_leg = person.add_exercise(&legs, &exercise).await;
    let input = json!({ "routineId": legs, "exerciseInstanceId": leg, "type": "REPS", "reps": 5 });
    let set = person.succeed("addRoutineSet", input, "set { id }").await["set"]["id"].take();
    for (routine, instance) in [(&legs, &arm), (&arms, &leg), (&legs, &other_leg)] {
        let path = json!({ "routineId": routine, "exerciseInstanceId": instance, "setId": set });
        assert_eq!(
            person.refusal("removeRoutineSet", path.clone()).await,
            "NOT_FOUND"
        );
        let mut update = path.clone();
        update["type"] = json!("REPS");
        assert_eq!(
            person.refusal("updateRoutineSet", update).await,
            "NOT_FOUND"
        );
    }
    for (routine, instance) in [(&legs, &arm), (&arms, &leg)] {
        let path = json!({ "routineId": routine, "exerciseInstanceId": instance });
        let mut add = path.clone();
        add["type"] = json!("REPS");
        assert_eq!(person.refusal("addRoutineSet", add).await, "NOT_FOUND");
        assert_eq!(
            person.refusal("removeExerciseFromRoutine", path).await,
            "NOT_FOUND"
        );
    }
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn what_is_anothers_is_not_found(pool: PgPool) {
    let person = Person::new(&pool);
    let other = person.somebody_else();
    let exercise = person.exercises(1).await.remove(0);
    let routine = person.routine("Legs").await;
    let instance = person.add_exercise(&routine, &exercise).await;
    let input =
        json!({ "routineId": routine, "exerciseInstanceId": instance, "type": "REPS", "reps": 5 });
    let set = person.succeed("addRoutineSet", input, "set { id }").await["set"]["id"].take();
    let workout = person.start().await;
    for id in [&routine, "not an id", &Uuid::now_v7().to_string()] {
        assert_eq!(
            other.ask(ROUTINE, json!({ "id": id })).await["routine"],
            Value::Null
        );
    }
    let query = "query($id: ID!) { exerciseInstance(id: $id) { id } }";
    assert_eq!(
        other.ask(query, json!({ "id": instance })).await["exerciseInstance"],
        Value::Null
    );
    assert_eq!(
        person.ask(query, json!({ "id": instance })).await["exerciseInstance"]["id"],
        instance.as_str()
    );
    for (mutation, input) in [
        (
            "createRoutine",
            json!({ "name": "Mine", "workoutId": workout }),
        ),
        (
            "updateRoutine",
            json!({ "routineId": routine, "name": "Mine" }),
        ),
        ("deleteRoutine", json!({ "routineId": routine })),
        (
            "addExerciseToRoutine",
            json!({ "routineId": routine, "exerciseId": exercise }),
        ),
        (
            "removeExerciseFromRoutine",
            json!({ "routineId": routine, "exerciseInstanceId": instance }),
        ),
        (
            "reorderRoutine",
            json!({ "routineId": routine, "exerciseInstanceIds": [instance] }),
        ),
        (
            "addRoutineSet",
            json!({ "routineId": routine, "exerciseInstanceId": instance, "type": "REPS" }),
        ),
        (
            "updateRoutineSet",
            json!({ "routineId": routine, "exerciseInstanceId": instance, "setId": set, "type": "REPS" }),
        ),
        (
            "removeRoutineSet",
            json!({ "routineId": routine, "exerciseInstanceId": instance, "setId": set }),
        ),
        ("startWorkout", json!({ "routineId": routine })),
    ] {
        assert_eq!(
            other.refusal(mutation, input).await,
            "NOT_FOUND",
            "{mutation}"
        );
    }
    let secret = person.own_exercise().await;
    let input = json!({ "routineId": other.routine("Theirs").await, "exerciseId": secret });
    assert_eq!(
        other.refusal("addExerciseToRoutine", input).await,
        "NOT_FOUND"
    );
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn a_workout_becomes_a_routine(pool: PgPool) {
    let person = Person::new(&pool);
    let exercises = person.exercises(3).await;
    let workout = person.start().await;
    let mut logs = Vec::new();
    for exercise in &exercises {
        logs.push(person.log_exercise(&workout, exercise).await);
    }
    let dropped = person.log_set(&workout, &logs[0], 1, 1.0).await;
    person.log_set(&workout, &logs[0], 5, 100.0).await;
    let pounds = json!({ "workoutId": workout, "exerciseLogId": logs[0], "reps": 3, "weight": 100, "weightUnit": "LB" });
    person.succeed("logSet", pounds, "setLog { id }").await;
    let timed = json!({ "workoutId": workout, "exerciseLogId": logs[2], "timeSeconds": 60 });
    person.succeed("logSet", timed, "setLog { id }").await;
    let drop = json!({ "workoutId": workout, "exerciseLogId": logs[0], "setLogId": dropped });
    person
        .succeed("deleteSetLog", drop, "exerciseLog { id }")
        .await;
    let created = person
        .succeed(
            "createRoutine",
            json!({ "name": "Again", "workoutId": workout }),
            "routine { exerciseCount exerciseInstances { position exercise { id } sets { type reps weightKg timeSeconds } } }",
        )
        .await;
    assert_eq!(
        created["routine"],
        json!({ "exerciseCount": 3, "exerciseInstances": [
            { "position": 1, "exercise": { "id": exercises[0] }, "sets": [
                { "type": "WEIGHT", "reps": 5, "weightKg": 100.0, "timeSeconds": null },
                { "type": "WEIGHT", "reps": 3, "weightKg": 45.359_237, "timeSeconds": null },
            ] },
            { "position": 2, "exercise": { "id": exercises[1] }, "sets": [] },
            { "position": 3, "exercise": { "id": exercises[2] }, "sets": [
                { "type": "TIME", "reps": null, "weightKg": null, "timeSeconds": 60.0 },
            ] },
        ] })
    );
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn deleting_a_routine_leaves_its_workouts(pool: PgPool) {
    let person = Person::new(&pool);
    let exercise = person.exercises(1).await.remove(0);
    let routine = person.routine("Legs").await;
    person.add_exercise(&routine, &exercise).await;
    let started = person
        .succeed(
            "startWorkout",
            json!({ "routineId": routine }),
            "workout { id routine { id } }",
        )
        .await;
    assert_eq!(started["workout"]["routine"]["id"], routine.as_str());
    let deleted = person
        .succeed(
            "deleteRoutine",
            json!({ "routineId": routine }),
            "deletedRoutineId",
        )
        .await;
    assert_eq!(deleted["deletedRoutineId"], routine.as_str());
    let query =
        "query($id: ID!) { workout(id: $id) { routine { id } exerciseLogs { exercise { id } } } }";
    let left = person
        .ask(query, json!({ "id": started["workout"]["id"] }))
        .await;
    assert_eq!(
        left["workout"],
        json!({ "routine": null, "exerciseLogs": [{ "exercise": { "id": exercise } }] })
    );
    assert_eq!(
        person
            .refusal("deleteRoutine", json!({ "routineId": routine }))
            .await,
        "NOT_FOUND"
    );
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn pages_go_from_the_newest_to_the_oldest(pool: PgPool) {
    let person = Person::new(&pool);
    person.somebody_else().routine("Theirs").await;
    for number in 1..=5 {
        person.routine(&number.to_string()).await;
    }
    let query = "query($after: String) { routines(first: 2, after: $after) { nodes { name } pageInfo { hasNextPage hasPreviousPage endCursor } } }";
    let (mut after, mut names, mut pages) = (Value::Null, Vec::new(), Vec::new());
    loop {
        let page = person.ask(query, json!({ "after": after })).await["routines"].take();
        names.extend(
            page["nodes"]
                .as_array()
                .unwrap()
                .iter()
                .map(|node| text(&node["name"])),
        );
        let info = &page["pageInfo"];
        pages.push((info["hasPreviousPage"] == true, info["hasNextPage"] == true));
        after = info["endCursor"].clone();
        if info["hasNextPage"] != true {
            break;
        }
    }
    assert_eq!(names, ["5", "4", "3", "2", "1"]);
    assert_eq!(pages, [(false, true), (true, true), (true, false)]);
}
