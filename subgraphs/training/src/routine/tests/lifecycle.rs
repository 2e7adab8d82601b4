use serde_json::{Value, json};
use sqlx::PgPool;

use crate::testing::{Person, text};

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
