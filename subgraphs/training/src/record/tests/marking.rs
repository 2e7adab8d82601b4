use serde_json::{Value, json};
use sqlx::PgPool;

use super::{records, value};
use crate::testing::Person;

/// Logs a set and returns its id with the kinds of the records that it broke.
pub(super) async fn log(
    person: &Person,
    workout: &str,
    log: &str,
    set: Value,
) -> (String, Vec<String>) {
    let mut input = set;
    input["workoutId"] = json!(workout);
    input["exerciseLogId"] = json!(log);
    let payload = person
        .succeed("logSet", input, "setLog { id records { kind } }")
        .await;
    let kinds = payload["setLog"]["records"].as_array().unwrap().iter();
    let kinds = kinds.map(|record| crate::testing::text(&record["kind"]));
    (
        crate::testing::text(&payload["setLog"]["id"]),
        kinds.collect(),
    )
}

const STRENGTH: [&str; 3] = [
    "HEAVIEST_WEIGHT",
    "ESTIMATED_ONE_REP_MAX_EPLEY",
    "ESTIMATED_ONE_REP_MAX_BRZYCKI",
];

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn a_set_names_the_records_it_broke(pool: PgPool) {
    let person = Person::new(&pool);
    let exercise = person.exercises(1).await.remove(0);
    let first = person.start().await;
    let log_id = person.log_exercise(&first, &exercise).await;
    let kg = |reps: i32, weight: f64| json!({ "reps": reps, "weight": weight });
    assert!(
        log(&person, &first, &log_id, kg(5, 100.0))
            .await
            .1
            .is_empty()
    );
    assert_eq!(
        log(&person, &first, &log_id, kg(5, 110.0)).await.1,
        STRENGTH
    );
    assert_eq!(
        log(&person, &first, &log_id, kg(6, 100.0)).await.1,
        ["MOST_REPS_AT_WEIGHT"]
    );
    person.complete(&first).await;

    let second = person.start().await;
    let log_id = person.log_exercise(&second, &exercise).await;
    // 12 repetitions predict nothing, and the volume is 1,200 of 1,650 kg
    assert_eq!(
        log(&person, &second, &log_id, kg(12, 100.0)).await.1,
        ["MOST_REPS_AT_WEIGHT"]
    );
    assert_eq!(
        log(&person, &second, &log_id, kg(5, 100.0)).await.1,
        ["SESSION_VOLUME"]
    );
    // the session's volume grows on, but its record is broken already
    assert!(
        log(&person, &second, &log_id, kg(5, 100.0))
            .await
            .1
            .is_empty()
    );
    let now = records(&person, &exercise).await;
    assert_eq!(
        now,
        json!({ "heaviest": { "value": 110.0 }, "epley": { "value": 128.33 }, "brzycki": { "value": 123.75 },
                "mostReps": [{ "weight": 110.0, "reps": 5 }, { "weight": 100.0, "reps": 12 }],
                "volume": { "value": 2200.0 } })
    );
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn the_report_marks_the_records_of_the_time(pool: PgPool) {
    let person = Person::new(&pool);
    let exercise = person.exercises(1).await.remove(0);
    let mut workouts = Vec::new();
    for weight in [100.0, 105.0, 110.0] {
        let workout = person.start().await;
        let log_id = person.log_exercise(&workout, &exercise).await;
        person.log_set(&workout, &log_id, 1, weight).await;
        person.complete(&workout).await;
        workouts.push(workout);
    }
    let query = "query($id: ID!) { workout(id: $id) { report { records { kind value setLog { weight } } } } }";
    let mut broken = Vec::new();
    for workout in &workouts {
        let data = person.ask(query, json!({ "id": workout })).await;
        broken.push(data["workout"]["report"]["records"].clone());
    }
    assert_eq!(broken[0], json!([]));
    for (records, weight) in [(&broken[1], 105.0), (&broken[2], 110.0)] {
        let records = records.as_array().unwrap();
        assert_eq!(records.len(), 4);
        assert!(records.iter().all(|record| record["value"] == weight));
        assert!(
            records
                .iter()
                .all(|record| record["setLog"]["weight"] == weight)
        );
    }
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn kilograms_are_compared_and_the_entered_unit_is_shown(pool: PgPool) {
    let person = Person::new(&pool);
    let exercise = person.exercises(1).await.remove(0);
    let workout = person.start().await;
    let log_id = person.log_exercise(&workout, &exercise).await;
    let pounds = json!({ "reps": 1, "weight": 225, "weightUnit": "LB" });
    log(
        &person,
        &workout,
        &log_id,
        json!({ "reps": 1, "weight": 102 }),
    )
    .await;
    assert_eq!(log(&person, &workout, &log_id, pounds).await.1, STRENGTH);
    // 102.05 kg are less than 225 lb, 102.06 kg are more
    assert!(
        log(
            &person,
            &workout,
            &log_id,
            json!({ "reps": 1, "weight": 102.05 })
        )
        .await
        .1
        .is_empty()
    );
    let query = "query($id: ID!) { exercise(id: $id) { records { heaviestWeight {
        kg: value lb: value(unit: LB) weight(unit: LB) reps setLog { weightKg } } } } }";
    let data = person.ask(query, json!({ "id": exercise })).await;
    assert_eq!(
        data["exercise"]["records"]["heaviestWeight"],
        json!({ "kg": 102.06, "lb": 225.0, "weight": 225.0, "reps": 1, "setLog": { "weightKg": 102.058_283_25 } })
    );
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn sets_without_weight_have_records_of_repetitions(pool: PgPool) {
    let person = Person::new(&pool);
    let exercise = person.exercises(1).await.remove(0);
    let workout = person.start().await;
    let log_id = person.log_exercise(&workout, &exercise).await;
    log(&person, &workout, &log_id, json!({ "reps": 8 })).await;
    assert_eq!(
        log(&person, &workout, &log_id, json!({ "reps": 9 }))
            .await
            .1,
        ["MOST_REPS_AT_WEIGHT"]
    );
    log(&person, &workout, &log_id, json!({ "timeSeconds": 60 })).await;
    let now = records(&person, &exercise).await;
    assert_eq!(now["mostReps"], json!([{ "weight": 0.0, "reps": 9 }]));
    for kind in ["heaviest", "epley", "brzycki", "volume"] {
        assert_eq!(now[kind], json!(null));
    }
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn the_next_best_is_the_record_when_the_best_goes(pool: PgPool) {
    let person = Person::new(&pool);
    let exercise = person.exercises(1).await.remove(0);
    let heaviest = async || value(&records(&person, &exercise).await, "heaviest");
    let first = person.start().await;
    let first_log = person.log_exercise(&first, &exercise).await;
    person.log_set(&first, &first_log, 5, 100.0).await;
    let mistaken = person.log_set(&first, &first_log, 5, 1000.0).await;
    let second = person.start().await;
    let second_log = person.log_exercise(&second, &exercise).await;
    let (later, broken) = log(
        &person,
        &second,
        &second_log,
        json!({ "reps": 5, "weight": 120 }),
    )
    .await;
    assert!(broken.is_empty());
    assert!((heaviest().await - 1000.0).abs() < 1e-9);

    // corrected, the earlier set leaves the later one the record
    let input = json!({ "workoutId": first, "exerciseLogId": first_log, "setLogId": mistaken, "weight": 110 });
    person.succeed("updateSetLog", input, "setLog { id }").await;
    assert!((heaviest().await - 120.0).abs() < 1e-9);
    let query = "query($id: ID!) { exerciseLog(id: $id) { setLogs { records { kind } } } }";
    let data = person.ask(query, json!({ "id": second_log })).await;
    assert_eq!(
        data["exerciseLog"]["setLogs"][0]["records"]
            .as_array()
            .unwrap()
            .len(),
        3
    );

    let input = json!({ "workoutId": second, "exerciseLogId": second_log, "setLogId": later });
    person
        .succeed("deleteSetLog", input, "exerciseLog { id }")
        .await;
    assert!((heaviest().await - 110.0).abs() < 1e-9);
    person
        .succeed(
            "deleteWorkout",
            json!({ "workoutId": first }),
            "deletedWorkoutId",
        )
        .await;
    assert!(heaviest().await.abs() < 1e-9);
    assert_eq!(records(&person, &exercise).await["mostReps"], json!([]));
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn nobody_sees_the_records_of_another(pool: PgPool) {
    let person = Person::new(&pool);
    let exercise = person.exercises(1).await.remove(0);
    let workout = person.start().await;
    let log_id = person.log_exercise(&workout, &exercise).await;
    person.log_set(&workout, &log_id, 5, 100.0).await;
    let other = records(&person.somebody_else(), &exercise).await;
    assert_eq!(other["heaviest"], json!(null));
    assert_eq!(other["mostReps"], json!([]));
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn warm_up_sets_make_no_records_and_do_not_count(pool: PgPool) {
    let person = Person::new(&pool);
    let exercise = person.exercises(1).await.remove(0);
    let workout = person.start().await;
    let log_id = person.log_exercise(&workout, &exercise).await;
    let kg = |weight: f64, kind: &str| json!({ "reps": 5, "weight": weight, "kind": kind });
    log(&person, &workout, &log_id, kg(100.0, "NORMAL")).await;
    let (set, broken) = log(&person, &workout, &log_id, kg(120.0, "WARM_UP")).await;
    assert!(broken.is_empty());
    let query = "query($id: ID!) { exercise(id: $id) { sessions { nodes { sets volumeKg } } } }";
    let sessions = async || {
        let mut data = person.ask(query, json!({ "id": exercise })).await;
        data["exercise"]["sessions"]["nodes"].take()
    };
    assert_eq!(sessions().await, json!([{ "sets": 1, "volumeKg": 500.0 }]));
    assert!((value(&records(&person, &exercise).await, "heaviest") - 100.0).abs() < 1e-9);

    // it was no warm-up after all, and then again it was
    for (kind, sets, heaviest) in [("NORMAL", 2, 120.0), ("WARM_UP", 1, 100.0)] {
        let input =
            json!({ "workoutId": workout, "exerciseLogId": log_id, "setLogId": set, "kind": kind });
        person.succeed("updateSetLog", input, "setLog { id }").await;
        assert_eq!(sessions().await[0]["sets"], sets);
        assert!((value(&records(&person, &exercise).await, "heaviest") - heaviest).abs() < 1e-9);
    }
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn an_exercise_twice_in_a_workout_is_one_session(pool: PgPool) {
    let person = Person::new(&pool);
    let exercise = person.exercises(1).await.remove(0);
    let kg = |weight: f64| json!({ "reps": 5, "weight": weight });
    let first = person.start().await;
    let log_id = person.log_exercise(&first, &exercise).await;
    log(&person, &first, &log_id, kg(100.0)).await;
    person.complete(&first).await;
    let second = person.start().await;
    let mut broken = Vec::new();
    for _ in 0..2 {
        let log_id = person.log_exercise(&second, &exercise).await;
        broken.push(log(&person, &second, &log_id, kg(80.0)).await.1);
    }
    assert_eq!(broken, [vec![], vec!["SESSION_VOLUME".to_owned()]]);
    let now = records(&person, &exercise).await;
    assert_eq!(now["volume"], json!({ "value": 800.0 }));
    let third = person.start().await;
    let log_id = person.log_exercise(&third, &exercise).await;
    let less = json!({ "reps": 7, "weight": 100.0 });
    let (_, broken) = log(&person, &third, &log_id, less).await;
    assert!(
        !broken.contains(&"SESSION_VOLUME".to_owned()),
        "700 of 800 kg"
    );
}
