//! What a progression goes by: where, when and how the exercise was done before.

use chrono::TimeDelta;
use serde_json::{Value, json};
use sqlx::PgPool;

use super::progressing::{Training, set};
use crate::testing::{Person, text};

fn linear() -> Value {
    json!({ "linear": { "step": 2.5 } })
}

impl Training {
    /// Does sets of the exercise in a workout of its own.
    async fn train_freely(&self, done: &[(i32, f64)]) {
        let workout = self.person.start().await;
        let log = self.person.log_exercise(&workout, &self.exercise).await;
        for &(reps, weight) in done {
            self.person.log_set(&workout, &log, reps, weight).await;
        }
        self.person.complete(&workout).await;
    }
}

/// An exercise of a person's own with nothing but the body.
async fn bodyweight_exercise(person: &Person, pool: &PgPool) -> String {
    let exercise = person.own_exercise().await;
    let change = "UPDATE training.exercise SET measurement = 'bodyweight_reps' WHERE id = $1::uuid";
    let change = sqlx::query(change).bind(&exercise);
    change.execute(pool).await.unwrap();
    exercise
}

/// Moves all that was done so many days back.
async fn back_date(pool: &PgPool, days: i64) {
    for table in ["workout", "exercise_log"] {
        let query = format!("UPDATE training.{table} SET started_at = started_at - $1");
        let query = sqlx::query(sqlx::AssertSqlSafe(query)).bind(TimeDelta::days(days));
        query.execute(pool).await.unwrap();
    }
}

fn weights(expected: &Value) -> Vec<f64> {
    let sets = expected.as_array().unwrap().iter();
    let working = sets.filter(|set| set["kind"] != "WARM_UP");
    working.map(|set| set["weight"].as_f64().unwrap()).collect()
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn a_heavy_single_elsewhere_does_not_move_the_routine(pool: PgPool) {
    let training = Training::new(&pool, "KG", linear()).await;
    training.train_freely(&[(1, 150.0)]).await;
    let (expected, reason) = training.train(&[(8, 100.0, None); 3]).await;
    assert_eq!(weights(&expected), [117.5; 3]);
    let reason = text(&reason);
    assert!(
        reason.contains("is an estimated one-repetition maximum of 150 kg: 3x8 at 117.5 kg"),
        "{reason}"
    );
    training.train_freely(&[(1, 160.0)]).await;
    let (expected, reason) = training.train(&[]).await;
    assert_eq!(weights(&expected), [102.5; 3]);
    assert_eq!(reason, "3x8 at 100 kg done: 102.5 kg");
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn what_was_done_elsewhere_long_after_the_routine_is_what_counts(pool: PgPool) {
    let training = Training::new(&pool, "KG", linear()).await;
    for _ in 0..11 {
        training.train(&[(8, 100.0, None); 3]).await;
    }
    back_date(&pool, 27).await;
    training.train_freely(&[(8, 60.0)]).await;
    let (expected, reason) = training.train(&[]).await;
    assert_eq!(weights(&expected), [102.5; 3], "not long after");
    assert_eq!(reason, "3x8 at 100 kg done: 102.5 kg");
    back_date(&pool, 170).await;
    training.train_freely(&[(8, 60.0)]).await;
    let (expected, reason) = training.train(&[]).await;
    assert_eq!(weights(&expected), [60.0; 3]);
    let reason = text(&reason);
    assert!(
        reason.starts_with("60 kg for 8 on ") && reason.ends_with("3x8 at 60 kg"),
        "{reason}"
    );
}

/// Heavy first and light second: each goes on from its own.
#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn the_same_exercise_twice_in_a_routine_progresses_twice(pool: PgPool) {
    let training = Training::new(&pool, "KG", linear()).await;
    let person = &training.person;
    let light = person
        .add_exercise(&training.routine, &training.exercise)
        .await;
    let path = json!({ "routineId": training.routine, "exerciseInstanceId": light });
    let with = |mut input: Value| {
        input["routineId"] = path["routineId"].clone();
        input["exerciseInstanceId"] = path["exerciseInstanceId"].clone();
        input
    };
    let planned = with(json!({ "type": "WEIGHT", "reps": 8, "weightKg": 50 }));
    person.succeed("addRoutineSet", planned, "").await;
    let progression = with(json!({ "progression": linear() }));
    person
        .succeed("updateExerciseInstance", progression, "")
        .await;
    let selection = "workout { id exerciseLogs { id expectedSets { kind weight } } }";
    let mut seen = Vec::new();
    for _ in 0..2 {
        let input = json!({ "routineId": training.routine });
        let started = person.succeed("startWorkout", input, selection).await;
        let workout = text(&started["workout"]["id"]);
        for (place, weight) in [(0, 100.0), (1, 50.0)] {
            let log = &started["workout"]["exerciseLogs"][place];
            seen.push(weights(&log["expectedSets"])[0]);
            for _ in 0..3 {
                let log = text(&log["id"]);
                person.log_set(&workout, &log, 8, weight).await;
            }
        }
        person.complete(&workout).await;
    }
    assert_eq!(seen, [80.0, 50.0, 102.5, 52.5]);
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn after_a_long_break_the_weight_is_lower_and_the_reason_says_so(pool: PgPool) {
    let training = Training::new(&pool, "KG", linear()).await;
    training.train(&[(8, 100.0, None); 3]).await;
    back_date(&pool, 40).await;
    let (expected, reason) = training.train(&[]).await;
    assert_eq!(weights(&expected), [90.0; 3]);
    assert_eq!(
        reason,
        "3x8 at 100 kg done 40 days ago: 90 kg to begin again"
    );
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn another_training_maximum_begins_the_waves_anew(pool: PgPool) {
    let week = |percent| json!({ "sets": [{ "percent": percent, "reps": 5 }] });
    let waves = json!({ "waves": { "weeks": [week(70), week(80)], "step": 5 } });
    let training = Training::new(&pool, "KG", waves).await;
    training.train(&[(5, 70.0, None)]).await;
    training.train(&[(5, 80.0, None)]).await;
    training.train(&[(5, 72.5, None)]).await;
    let same = json!({ "trainingMaxKg": 100 });
    training.change("updateExerciseInstance", same).await;
    let (expected, _) = training.train(&[(5, 85.0, None)]).await;
    assert_eq!(weights(&expected), [85.0], "the fourth: 80 % of 105 kg");
    let another = json!({ "trainingMaxKg": 110 });
    training.change("updateExerciseInstance", another).await;
    let (expected, reason) = training.train(&[]).await;
    assert_eq!(weights(&expected), [77.5]);
    assert_eq!(
        reason,
        "Week 1 of 2: up to 70% of a training maximum of 110 kg: 77.5 kg"
    );
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn after_a_long_break_the_rest_of_a_round_is_eased(pool: PgPool) {
    let week = |percent| json!({ "sets": [{ "percent": percent, "reps": 5 }] });
    let waves = json!({ "waves": { "weeks": [week(70), week(80), week(90)], "step": 5 } });
    let training = Training::new(&pool, "KG", waves).await;
    let set_long_ago =
        "UPDATE training.exercise_instance SET progression_since = progression_since - $1";
    let set_long_ago = sqlx::query(set_long_ago).bind(TimeDelta::days(400));
    set_long_ago.execute(&pool).await.unwrap();
    let mut seen = Vec::new();
    for days_before in [0, 40, 3, 3, 3] {
        back_date(&pool, days_before).await;
        let (expected, reason) = training.train(&[(5, 60.0, None)]).await;
        seen.push((weights(&expected)[0], text(&reason)));
    }
    let (weights, reasons): (Vec<f64>, Vec<String>) = seen.into_iter().unzip();
    // the second round of three begins with 105 kg
    assert_eq!(weights, [70.0, 72.5, 80.0, 72.5, 85.0]);
    assert_eq!(
        reasons[2],
        "Week 3 of 3: up to 90% of a training maximum of 90 kg, lowered after 40 days away: 80 kg"
    );
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn warm_ups_alone_are_no_week_of_the_waves(pool: PgPool) {
    let week = |percent| json!({ "sets": [{ "percent": percent, "reps": 5 }] });
    let waves = json!({ "waves": { "weeks": [week(70), week(80)], "step": 5 } });
    let training = Training::new(&pool, "KG", waves).await;
    let input = json!({ "routineId": training.routine });
    let selection = "workout { id exerciseLogs { id } }";
    let started = training
        .person
        .succeed("startWorkout", input, selection)
        .await;
    let workout = text(&started["workout"]["id"]);
    let warm_up = json!({
        "workoutId": workout, "exerciseLogId": started["workout"]["exerciseLogs"][0]["id"],
        "reps": 5, "weight": 20, "kind": "WARM_UP",
    });
    training.person.succeed("logSet", warm_up, "").await;
    training.person.complete(&workout).await;
    let (expected, _) = training.train(&[]).await;
    assert_eq!(weights(&expected), [70.0]);
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn no_weight_that_was_logged_keeps_a_routine_from_starting(pool: PgPool) {
    let training = Training::new(&pool, "KG", linear()).await;
    training.train(&[(8, 10_000.0, None); 3]).await;
    let (expected, reason) = training.train(&[]).await;
    assert_eq!(weights(&expected), [10_000.0; 3]);
    assert_eq!(
        reason,
        "3x8 at 10000 kg done: no more than 10000 kg is planned; correct the set if it was mistyped"
    );
    let max = json!({ "trainingMaxKg": 10_000 });
    training.change("updateExerciseInstance", max).await;
    let set = json!({ "type": "WEIGHT", "reps": 1, "percentOfMax": 200, "kind": "DROP" });
    training.change("addRoutineSet", set).await;
    let (expected, _) = training.train(&[]).await;
    assert_eq!(weights(&expected), [10_000.0; 4]);
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn as_many_as_can_be_done_is_not_one(pool: PgPool) {
    let rpe = json!({ "rpe": { "targetRpe": 8 } });
    let training = Training::new(&pool, "KG", rpe).await;
    let data = training
        .person
        .ask(
            "query($id: ID!) { routine(id: $id) { exerciseInstances { sets { id kind } } } }",
            json!({ "id": training.routine }),
        )
        .await;
    let sets = data["routine"]["exerciseInstances"][0]["sets"].as_array();
    let working = sets.unwrap().iter().filter(|set| set["kind"] == "NORMAL");
    for set in working {
        let open = json!({ "setId": set["id"], "type": "WEIGHT", "kind": "TO_FAILURE" });
        training.change("updateRoutineSet", open).await;
    }
    training.train(&[(8, 80.0, Some(8.0)); 3]).await;
    let (expected, _) = training.train(&[]).await;
    assert_eq!(weights(&expected), [80.0; 3], "as hard as was aimed for");
    assert_eq!(expected[1]["reps"], Value::Null);
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn pounds_become_kilograms_that_can_be_loaded(pool: PgPool) {
    let mut training = Training::new(&pool, "LB", linear()).await;
    training.train(&[(8, 225.0, None); 3]).await;
    training.unit = "KG";
    let (expected, _) = training.train(&[]).await;
    assert_eq!(expected[1], set("NORMAL", 8, 105.0));
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn assistance_gets_less_and_bodyweight_gets_repetitions(pool: PgPool) {
    let person = Person::new(&pool);
    let exercise = person.assisted_exercise().await;
    let training = Training::of(person.clone(), exercise, "KG", linear()).await;
    training.train(&[(8, 20.0, None); 3]).await;
    let (expected, reason) = training.train(&[]).await;
    assert_eq!(weights(&expected), [17.5; 3]);
    assert_eq!(
        reason,
        "3x8 with 20 kg of assistance done: 17.5 kg of assistance"
    );

    let exercise = bodyweight_exercise(&person, &pool).await;
    let training = Training::of(person.clone(), exercise, "KG", linear()).await;
    let input = json!({ "routineId": training.routine });
    let selection = "workout { id exerciseLogs { id } }";
    let started = person.succeed("startWorkout", input, selection).await;
    let workout = text(&started["workout"]["id"]);
    for _ in 0..3 {
        let log = &started["workout"]["exerciseLogs"][0]["id"];
        let set = json!({ "workoutId": workout, "exerciseLogId": log, "reps": 8 });
        person.succeed("logSet", set, "").await;
    }
    person.complete(&workout).await;
    let (expected, reason) = training.train(&[]).await;
    assert_eq!(reason, "3x8 with bodyweight done: 9 repetitions");
    let next = &expected[1];
    assert_eq!((&next["reps"], &next["weight"]), (&json!(9), &Value::Null));
}
