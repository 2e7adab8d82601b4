use serde_json::{Value, json};
use sqlx::PgPool;

use crate::testing::{Person, text};

const SET: &str = "set { reps maxReps kind percentOfMax rpe repsInReserve restSeconds weightKg }";

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn a_set_is_planned_in_full_and_expected_so(pool: PgPool) {
    let person = Person::new(&pool);
    let exercise = person.exercises(1).await.remove(0);
    let routine = person.routine("Push").await;
    let instance = person.add_exercise(&routine, &exercise).await;
    let at = json!({ "routineId": routine, "exerciseInstanceId": instance });
    let with = |more: Value| {
        let mut input = at.clone();
        let fields = input.as_object_mut().unwrap();
        fields.extend(more.as_object().unwrap().clone());
        input
    };
    let max = with(json!({ "trainingMaxKg": 141.0, "supersetGroup": 1, "notes": "Slowly" }));
    let changed = person
        .succeed(
            "updateExerciseInstance",
            max,
            "exerciseInstance { trainingMaxKg supersetGroup notes progression { __typename } }",
        )
        .await;
    assert_eq!(
        changed["exerciseInstance"],
        json!({ "trainingMaxKg": 141.0, "supersetGroup": 1, "notes": "Slowly", "progression": null })
    );

    let warm_up = with(json!({ "type": "WEIGHT", "kind": "WARM_UP", "reps": 10, "weightKg": 20 }));
    person.succeed("addRoutineSet", warm_up, "").await;
    let working = with(json!({
        "type": "WEIGHT", "reps": 6, "maxReps": 8, "percentOfMax": 75, "repsInReserve": 1.5, "restSeconds": 180,
    }));
    let set = person
        .succeed(
            "addRoutineSet",
            working,
            "set { id reps maxReps kind percentOfMax rpe repsInReserve restSeconds weightKg }",
        )
        .await;
    let id = text(&set["set"]["id"]);
    let planned = json!({
        "reps": 6, "maxReps": 8, "kind": "NORMAL", "percentOfMax": 75.0, "rpe": 8.5, "repsInReserve": 1.5,
        "restSeconds": 180, "weightKg": null,
    });
    // what a client does not know of stays
    let known = with(json!({ "setId": id, "type": "WEIGHT", "reps": 6 }));
    let updated = person.succeed("updateRoutineSet", known, SET).await;
    assert_eq!(updated["set"], planned);
    // but other repetitions are no range of which only the end is known
    let other = with(json!({ "setId": id, "type": "WEIGHT", "reps": 12 }));
    let changed = person.succeed("updateRoutineSet", other, SET).await;
    let reps = (&changed["set"]["reps"], &changed["set"]["maxReps"]);
    assert_eq!(reps, (&json!(12), &json!(null)));
    let range = with(json!({ "setId": id, "type": "WEIGHT", "reps": 6, "maxReps": 8 }));
    let updated = person.succeed("updateRoutineSet", range, SET).await;
    assert_eq!(updated["set"], planned);
    for (bad, why) in [
        (json!({ "maxReps": 5 }), "a range that ends below"),
        (json!({ "rpe": 8.25 }), "a quarter"),
        (json!({ "rpe": 8, "repsInReserve": 2 }), "both"),
        (json!({ "restSeconds": 3601 }), "more than an hour"),
        (json!({ "percentOfMax": 0 }), "nothing"),
    ] {
        let mut input = with(json!({ "setId": id, "type": "WEIGHT", "reps": 6 }));
        let fields = input.as_object_mut().unwrap();
        fields.extend(bad.as_object().unwrap().clone());
        assert_eq!(
            person.refusal("updateRoutineSet", input).await,
            "INVALID",
            "{why}"
        );
    }

    let started = person
        .succeed(
            "startWorkout",
            json!({ "routineId": routine }),
            "workout { exerciseLogs { supersetGroup progressionReason
                expectedSets { kind reps maxReps weightKg percentOfMax rpe restSeconds } } }",
        )
        .await;
    assert_eq!(
        started["workout"]["exerciseLogs"],
        json!([{ "supersetGroup": 1, "progressionReason": null, "expectedSets": [
            { "kind": "WARM_UP", "reps": 10, "maxReps": null, "weightKg": 20.0, "percentOfMax": null, "rpe": null, "restSeconds": null },
            // 75 % of 141 kg is 105.75 kg: 105 kg can be loaded
            { "kind": "NORMAL", "reps": 6, "maxReps": 8, "weightKg": 105.0, "percentOfMax": 75.0, "rpe": 8.5, "restSeconds": 180 },
        ] }])
    );
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn an_archived_routine_is_listed_when_asked_for(pool: PgPool) {
    let person = Person::new(&pool);
    let (kept, away) = (person.routine("Kept").await, person.routine("Away").await);
    let listed = async |archived: Value| {
        let query = "query($archived: Boolean) { routines(archived: $archived) { nodes { id } } }";
        let data = person.ask(query, json!({ "archived": archived })).await;
        let nodes = data["routines"]["nodes"].as_array().unwrap().clone();
        nodes
            .iter()
            .map(|node| text(&node["id"]))
            .collect::<Vec<_>>()
    };
    let input = json!({ "routineId": away });
    let archived = person
        .succeed("archiveRoutine", input.clone(), "routine { id archivedAt }")
        .await;
    let again = person
        .succeed("archiveRoutine", input.clone(), "routine { id archivedAt }")
        .await;
    assert_eq!(archived, again, "it stays where it is");
    assert!(archived["routine"]["archivedAt"].is_string());
    assert_eq!(listed(json!(false)).await, std::slice::from_ref(&kept));
    assert_eq!(listed(json!(true)).await, std::slice::from_ref(&away));
    let other = person.somebody_else();
    assert_eq!(
        other.refusal("unarchiveRoutine", input.clone()).await,
        "NOT_FOUND"
    );
    person.succeed("unarchiveRoutine", input, "").await;
    assert_eq!(listed(json!(false)).await, [away, kept]);
}
