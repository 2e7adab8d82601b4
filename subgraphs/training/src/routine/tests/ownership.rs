use serde_json::{Value, json};
use sqlx::PgPool;
use uuid::Uuid;

use super::ROUTINE;
use crate::testing::Person;

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
