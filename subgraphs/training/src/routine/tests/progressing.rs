use serde_json::{Value, json};
use setwise_service::Locale;
use sqlx::PgPool;

use crate::testing::{Person, text};

const EXPECTED: &str = "workout { id exerciseLogs { id progressionReason expectedSets { kind reps maxReps weight weightKg percentOfMax } } }";

pub(super) struct Training {
    pub(super) person: Person,
    pub(super) exercise: String,
    pub(super) routine: String,
    pub(super) instance: String,
    pub(super) unit: &'static str,
}

impl Training {
    /// A routine of one exercise with a warm-up set and working sets.
    pub(super) async fn new(pool: &PgPool, unit: &'static str, progression: Value) -> Self {
        let person = Person::new(pool);
        let exercise = person.own_exercise().await;
        Self::of(person, exercise, unit, progression).await
    }

    pub(super) async fn of(
        person: Person,
        exercise: String,
        unit: &'static str,
        progression: Value,
    ) -> Self {
        let routine = person.routine("Squats").await;
        let instance = person.add_exercise(&routine, &exercise).await;
        let training = Self {
            person,
            exercise,
            routine,
            instance,
            unit,
        };
        let warm_up = json!({ "type": "WEIGHT", "kind": "WARM_UP", "reps": 10, "weightKg": 20 });
        training.change("addRoutineSet", warm_up).await;
        for _ in 0..3 {
            let set = json!({ "type": "WEIGHT", "reps": 8, "weightKg": 80 });
            training.change("addRoutineSet", set).await;
        }
        let progression = json!({ "trainingMaxKg": 100, "progression": progression });
        training.change("updateExerciseInstance", progression).await;
        training
    }

    pub(super) async fn change(&self, mutation: &str, mut input: Value) {
        input["routineId"] = self.routine.as_str().into();
        input["exerciseInstanceId"] = self.instance.as_str().into();
        self.person.succeed(mutation, input, "").await;
    }

    /// Starts a workout, does its sets as given, and returns what it expected and why.
    pub(super) async fn train(&self, done: &[(i32, f64, Option<f64>)]) -> (Value, Value) {
        let input = json!({ "routineId": self.routine, "weightUnit": self.unit });
        let started = self.person.succeed("startWorkout", input, EXPECTED).await;
        let workout = text(&started["workout"]["id"]);
        let log = &started["workout"]["exerciseLogs"][0];
        for (reps, weight, rpe) in done {
            let set = json!({
                "workoutId": workout, "exerciseLogId": log["id"], "reps": reps, "weight": weight,
                "weightUnit": self.unit, "rpe": rpe,
            });
            self.person.succeed("logSet", set, "").await;
        }
        self.person.complete(&workout).await;
        (
            log["expectedSets"].clone(),
            log["progressionReason"].clone(),
        )
    }
}

pub(super) fn set(kind: &str, reps: i32, weight: f64) -> Value {
    json!({ "kind": kind, "reps": reps, "maxReps": null, "weight": weight, "weightKg": weight, "percentOfMax": null })
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn the_next_workout_goes_on_from_what_was_done_and_says_why(pool: PgPool) {
    let training = Training::new(&pool, "KG", json!({ "linear": { "step": 2.5 } })).await;
    let (expected, reason) = training.train(&[(8, 80.0, Some(8.0)); 3]).await;
    let warm_up = set("WARM_UP", 10, 20.0);
    let all = |weight| {
        let working = set("NORMAL", 8, weight);
        json!([warm_up, working, working, working])
    };
    assert_eq!((expected, reason), (all(80.0), Value::Null), "as planned");
    let (expected, reason) = training
        .train(&[(8, 82.5, None), (8, 82.5, None), (6, 82.5, None)])
        .await;
    assert_eq!(expected, all(82.5));
    assert_eq!(reason, "3x8 at 80 kg done with 2 in reserve: 82.5 kg");
    let (expected, reason) = training.train(&[]).await;
    assert_eq!(expected, all(82.5));
    assert_eq!(
        reason,
        "3x6 at 82.5 kg done, not all that was planned: 82.5 kg again; 2 more times and it goes down"
    );
    let query = "{ workouts(first: 1) { nodes { exerciseLogs { progressionReason } } } }";
    let response = training.person.execute(query, json!({}), Locale::Ru).await;
    let data = response.data.into_json().unwrap();
    assert_eq!(
        data["workouts"]["nodes"][0]["exerciseLogs"][0]["progressionReason"],
        "Сделано 3×6 с весом 82,5 кг, это не весь план: снова 82,5 кг; неудач до снижения веса: 2"
    );
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn pounds_stay_round(pool: PgPool) {
    let double = json!({ "double": { "minReps": 8, "maxReps": 12, "step": 5, "unit": "LB" } });
    let training = Training::new(&pool, "LB", double).await;
    training.train(&[(12, 225.0, None); 3]).await;
    let (expected, reason) = training.train(&[]).await;
    assert_eq!(
        expected[1],
        json!({ "kind": "NORMAL", "reps": 8, "maxReps": 12, "weight": 230.0, "weightKg": 104.326_245_1, "percentOfMax": null })
    );
    assert_eq!(reason, "3x12 at 225 lb done, the top of the range: 230 lb");
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn waves_move_on_with_each_finished_workout(pool: PgPool) {
    let week = |percent, reps| json!({ "sets": [{ "percent": percent, "reps": reps }, { "percent": percent + 10, "reps": reps }] });
    let waves = json!({ "waves": { "weeks": [week(65, 5), week(75, 3)], "step": 5 } });
    let training = Training::new(&pool, "KG", waves).await;
    let mut weights = Vec::new();
    for _ in 0..3 {
        let (expected, reason) = training.train(&[(5, 65.0, None)]).await;
        let sets = expected.as_array().unwrap();
        assert_eq!(sets.len(), 3, "the warm-up and the week's sets");
        assert!(text(&reason).starts_with("Week "), "{reason}");
        weights.push(sets[2]["weightKg"].as_f64().unwrap());
    }
    // 75 % and 85 % of 100 kg, then 75 % of 105 kg is 78.75 kg
    assert_eq!(weights, [75.0, 85.0, 80.0]);
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn a_progression_is_named_exactly_once_and_within_bounds(pool: PgPool) {
    let training = Training::new(&pool, "KG", json!({ "rpe": { "targetRpe": 8 } })).await;
    for bad in [
        json!({}),
        json!({ "linear": { "step": 2.5 }, "rpe": { "targetRpe": 8 } }),
        json!({ "linear": { "step": 0 } }),
        json!({ "linear": { "step": 2.5, "deloadAfter": 0 } }),
        json!({ "double": { "minReps": 8, "maxReps": 7, "step": 2.5 } }),
        json!({ "rpe": { "targetRpe": 10.5 } }),
        json!({ "waves": { "weeks": [] } }),
        json!({ "waves": { "weeks": [{ "sets": [{ "percent": 300, "reps": 1 }] }] } }),
    ] {
        let input = json!({
            "routineId": training.routine, "exerciseInstanceId": training.instance, "progression": bad,
        });
        let refusal = training.person.refusal("updateExerciseInstance", input);
        assert_eq!(refusal.await, "INVALID", "{bad}");
    }
    training
        .change("updateExerciseInstance", json!({ "progression": null }))
        .await;
    let (_, reason) = training.train(&[]).await;
    assert_eq!(reason, Value::Null);
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn plates_and_warm_ups_are_computed(pool: PgPool) {
    let person = Person::new(&pool);
    let query = "{
        usual: plates(weight: 102.5) { platesPerSide weight missing }
        pounds: plates(weight: 225, unit: LB) { platesPerSide missing }
        little: plates(weight: 103, bar: 15, rack: [{ weight: 20, count: 2 }, { weight: 10, count: 3 }]) { platesPerSide weight missing }
        none: plates(weight: 15) { weight }
        warmUpSets(weight: 100) { weight reps }
    }";
    let data = person.ask(query, json!({})).await;
    assert_eq!(
        data,
        json!({
            "usual": { "platesPerSide": [25.0, 15.0, 1.25], "weight": 102.5, "missing": 0.0 },
            "pounds": { "platesPerSide": [45.0, 45.0], "missing": 0.0 },
            "little": { "platesPerSide": [20.0, 10.0], "weight": 75.0, "missing": 28.0 },
            "none": null,
            "warmUpSets": [
                { "weight": 20.0, "reps": 10 }, { "weight": 50.0, "reps": 5 }, { "weight": 70.0, "reps": 3 }, { "weight": 85.0, "reps": 2 },
            ],
        })
    );
    let response = person
        .execute("{ plates(weight: 1e9) { weight } }", json!({}), Locale::En)
        .await;
    assert_eq!(response.errors.len(), 1);
}
