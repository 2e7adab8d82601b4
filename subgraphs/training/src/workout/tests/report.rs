use chrono::{TimeDelta, Utc};
use proptest::{prelude::*, strategy::ValueTree};
use serde_json::{Value, json};
use setwise_graphql::WeightUnit;
use sqlx::PgPool;

use crate::{
    ids::{ExerciseId, UserId},
    set::{PerformedSet, SetEntry},
    testing::Person,
    workout::{RecordedExercise, RecordedWorkout, record},
};

const REPORT: &str = "query($id: ID!) { workout(id: $id) { report {
    totalSets totalReps totalVolumeKg totalTimeSeconds durationSeconds exerciseLogs { setLogs { reps weightKg timeSeconds } } } } }";

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn sums_sets_repetitions_volume_and_time(pool: PgPool) {
    let person = Person::new(&pool);
    let exercises = person.exercises(2).await;
    let workout = person.start().await;
    let first = person.log_exercise(&workout, &exercises[0]).await;
    let second = person.log_exercise(&workout, &exercises[1]).await;
    person.log_set(&workout, &first, 5, 100.0).await;
    person.log_set(&workout, &first, 3, 102.5).await;
    for set in [
        json!({ "reps": 10 }),
        json!({ "timeSeconds": 90.5 }),
        json!({ "reps": 2, "weight": 100, "weightUnit": "LB" }),
        json!({ "distanceMeters": 400, "timeSeconds": 60 }),
    ] {
        let mut input = set;
        input["workoutId"] = json!(workout);
        input["exerciseLogId"] = json!(second);
        person.succeed("logSet", input, "setLog { id }").await;
    }
    let mut report = person.ask(REPORT, json!({ "id": workout })).await["workout"]["report"].take();
    assert!(report["durationSeconds"].as_f64().unwrap() >= 0.0);
    report["durationSeconds"].take();
    report["exerciseLogs"].take();
    assert_eq!(
        report,
        json!({ "totalSets": 6, "totalReps": 20, "totalVolumeKg": 898.218_474, "totalTimeSeconds": 150.5,
                "durationSeconds": null, "exerciseLogs": null })
    );
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn an_empty_workout_comes_to_nothing(pool: PgPool) {
    let person = Person::new(&pool);
    let workout = person.start().await;
    let mut report = person.ask(REPORT, json!({ "id": workout })).await["workout"]["report"].take();
    report["durationSeconds"].take();
    assert_eq!(
        report,
        json!({ "totalSets": 0, "totalReps": 0, "totalVolumeKg": 0.0, "totalTimeSeconds": 0.0,
                "durationSeconds": null, "exerciseLogs": [] })
    );
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn lasts_from_start_to_finish(pool: PgPool) {
    let person = Person::new(&pool);
    let finished_at = Utc::now() - TimeDelta::days(3);
    let workout = RecordedWorkout {
        routine: None,
        weight_unit: WeightUnit::Kg,
        started_at: finished_at - TimeDelta::seconds(3725),
        finished_at,
        comment: None,
        rating: None,
        exercises: Vec::new(),
    };
    let mut conn = pool.acquire().await.unwrap();
    let id = record(&mut conn, UserId::from(person.id), &workout)
        .await
        .unwrap();
    let report = person.ask(REPORT, json!({ "id": id.0 })).await["workout"]["report"].take();
    assert_eq!(report["durationSeconds"], 3725.0);
}

fn entry() -> impl Strategy<Value = SetEntry> {
    let reps = prop::option::of(1..=100_i32);
    let weight = prop::option::of((0..=4000_u32).prop_map(|steps| f64::from(steps) / 8.0));
    let time = prop::option::of((1..=36_000_u32).prop_map(|tenths| f64::from(tenths) / 10.0));
    let unit = prop_oneof![Just(WeightUnit::Kg), Just(WeightUnit::Lb)];
    (reps, weight, time, unit)
        .prop_filter("a set measures something", |(reps, weight, time, _)| {
            reps.is_some() || weight.is_some() || time.is_some()
        })
        .prop_map(|(reps, weight, time_seconds, weight_unit)| SetEntry {
            set_type: None,
            reps,
            weight,
            weight_unit,
            time_seconds,
            distance_meters: None,
            kind: crate::set::SetKind::Normal,
            rpe: None,
        })
}

fn close(left: f64, right: f64) -> bool {
    (left - right).abs() <= 1e-6 * right.abs().max(1.0)
}

/// Every generated workout is written down and its report is compared with the sums over what was entered.
#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn totals_equal_the_sets(pool: PgPool) {
    let person = Person::new(&pool);
    let exercise = person.exercises(1).await.remove(0);
    let exercise = ExerciseId::from(exercise.parse::<uuid::Uuid>().unwrap());
    let mut runner = proptest::test_runner::TestRunner::deterministic();
    let workouts = prop::collection::vec(prop::collection::vec(entry(), 0..8), 0..5);
    for _ in 0..32 {
        let entries = workouts.new_tree(&mut runner).unwrap().current();
        let report = recorded_report(&pool, &person, exercise, &entries).await;
        let sets = entries.concat();
        assert_eq!(report["totalSets"], sets.len());
        assert_eq!(
            report["totalReps"],
            sets.iter().filter_map(|set| set.reps).sum::<i32>()
        );
        let kilograms = |set: &SetEntry| match set.weight_unit {
            WeightUnit::Kg => set.weight,
            WeightUnit::Lb => set.weight.map(|pounds| pounds * 0.453_592_37),
        };
        let volume: f64 = sets
            .iter()
            .filter_map(|set| Some(f64::from(set.reps?) * kilograms(set)?))
            .sum();
        assert!(
            close(report["totalVolumeKg"].as_f64().unwrap(), volume),
            "{report} {volume}"
        );
        let time: f64 = sets.iter().filter_map(|set| set.time_seconds).sum();
        assert!(
            close(report["totalTimeSeconds"].as_f64().unwrap(), time),
            "{report} {time}"
        );
        let shown: usize = report["exerciseLogs"]
            .as_array()
            .unwrap()
            .iter()
            .map(|log| log["setLogs"].as_array().unwrap().len())
            .sum();
        assert_eq!(shown, sets.len());
    }
}

async fn recorded_report(
    pool: &PgPool,
    person: &Person,
    exercise: ExerciseId,
    entries: &[Vec<SetEntry>],
) -> Value {
    let now = Utc::now();
    let workout = RecordedWorkout {
        routine: None,
        weight_unit: WeightUnit::Kg,
        started_at: now,
        finished_at: now,
        comment: None,
        rating: None,
        exercises: entries
            .iter()
            .map(|sets| RecordedExercise {
                exercise,
                sets: sets
                    .iter()
                    .map(|set| PerformedSet::parse(*set).unwrap())
                    .collect(),
            })
            .collect(),
    };
    let mut conn = pool.acquire().await.unwrap();
    let id = record(&mut conn, UserId::from(person.id), &workout)
        .await
        .unwrap();
    drop(conn);
    person.ask(REPORT, json!({ "id": id.0 })).await["workout"]["report"].take()
}
