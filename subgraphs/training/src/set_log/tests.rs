use proptest::{prelude::*, strategy::ValueTree};
use serde_json::{Value, json};
use sqlx::PgPool;

use crate::testing::{Person, text};

const SET: &str = "setLog { position type reps weight weightKg timeSeconds distanceMeters }";

struct Bench {
    person: Person,
    workout: String,
    log: String,
}

impl Bench {
    async fn new(pool: &PgPool) -> Self {
        let person = Person::new(pool);
        let workout = person.start().await;
        let log = person
            .log_exercise(&workout, &person.exercises(1).await[0])
            .await;
        Self {
            person,
            workout,
            log,
        }
    }

    fn input(&self, mut fields: Value) -> Value {
        fields["workoutId"] = json!(self.workout);
        fields["exerciseLogId"] = json!(self.log);
        fields
    }

    async fn log(&self, fields: Value) -> Value {
        let selection = SET.replace('{', "{ id ");
        self.person
            .succeed("logSet", self.input(fields), &selection)
            .await["setLog"]
            .take()
    }

    async fn update(&self, set: &str, mut fields: Value) -> Value {
        fields["setLogId"] = json!(set);
        self.person
            .succeed("updateSetLog", self.input(fields), SET)
            .await["setLog"]
            .take()
    }

    async fn show_in(&self, unit: &str) {
        let input = self.input(json!({ "weightUnit": unit }));
        self.person
            .succeed("updateExerciseLog", input, "exerciseLog { id }")
            .await;
    }

    async fn weights(&self) -> Vec<(f64, f64)> {
        let query = "query($id: ID!) { exerciseLog(id: $id) { setLogs { weight weightKg } } }";
        let data = self.person.ask(query, json!({ "id": self.log })).await;
        let sets = data["exerciseLog"]["setLogs"].as_array().unwrap();
        sets.iter()
            .map(|set| {
                (
                    set["weight"].as_f64().unwrap(),
                    set["weightKg"].as_f64().unwrap(),
                )
            })
            .collect()
    }
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn a_weight_is_in_the_exercise_logs_unit_unless_it_says_otherwise(pool: PgPool) {
    let bench = Bench::new(&pool).await;
    bench.log(json!({ "reps": 5, "weight": 60 })).await;
    bench
        .log(json!({ "reps": 5, "weight": 100, "weightUnit": "LB" }))
        .await;
    assert_eq!(bench.weights().await, [(60.0, 60.0), (45.36, 45.359_237)]);
    bench.show_in("LB").await;
    assert_eq!(bench.weights().await, [(132.28, 60.0), (100.0, 45.359_237)]);
    bench.log(json!({ "reps": 5, "weight": 225 })).await;
    assert_eq!(bench.weights().await[2], (225.0, 102.058_283_25));
    bench.show_in("KG").await;
    assert_eq!(bench.weights().await[0], (60.0, 60.0));
}

/// Whatever is entered comes back to the last digit, however often the unit shown changes in between.
#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn weights_survive_a_round_trip_between_the_units(pool: PgPool) {
    let bench = Bench::new(&pool).await;
    let mut runner = proptest::test_runner::TestRunner::deterministic();
    let entered: Vec<f64> = prop::collection::vec(0..=1_000_000_u32, 60)
        .new_tree(&mut runner)
        .unwrap()
        .current()
        .into_iter()
        .map(|hundredths| f64::from(hundredths) / 100.0)
        .collect();
    for (index, weight) in entered.iter().enumerate() {
        let unit = if index % 2 == 0 { "KG" } else { "LB" };
        bench
            .log(json!({ "reps": 1, "weight": weight, "weightUnit": unit }))
            .await;
    }
    for (unit, parity) in [("KG", 0), ("LB", 1), ("KG", 0)] {
        bench.show_in(unit).await;
        for (index, (weight, kilograms)) in bench.weights().await.into_iter().enumerate() {
            if index % 2 == parity {
                assert_eq!(weight.to_bits(), entered[index].to_bits());
            }
            let exact = if index % 2 == 0 {
                entered[index]
            } else {
                entered[index] * 0.453_592_37
            };
            assert!((kilograms - exact).abs() < 1e-9, "{kilograms} {exact}");
        }
    }
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn rejects_values_out_of_bounds(pool: PgPool) {
    let bench = Bench::new(&pool).await;
    let set = text(&bench.log(json!({ "reps": 5 })).await["id"]);
    for (field, value) in [
        ("reps", json!(0)),
        ("reps", json!(-5)),
        ("reps", json!(10_001)),
        ("weight", json!(-0.01)),
        ("weight", json!(10_001)),
        ("weight", json!(1e308)),
        ("timeSeconds", json!(0)),
        ("timeSeconds", json!(-1)),
        ("timeSeconds", json!(604_801)),
        ("distanceMeters", json!(0)),
        ("distanceMeters", json!(-1)),
        ("distanceMeters", json!(1_000_001)),
    ] {
        let mut input = bench.input(json!({ "reps": 5 }));
        input[field] = value;
        let payload = bench.person.change("logSet", input.clone(), "").await;
        assert_eq!(payload["userErrors"][0]["code"], "INVALID", "{input}");
        assert_eq!(payload["userErrors"][0]["field"], json!([field]), "{input}");
        input["setLogId"] = json!(set);
        assert_eq!(bench.person.refusal("updateSetLog", input).await, "INVALID");
    }
    assert_eq!(
        bench.person.refusal("logSet", bench.input(json!({}))).await,
        "INVALID"
    );
    let only_type = bench.input(json!({ "type": "REPS" }));
    assert_eq!(bench.person.refusal("logSet", only_type).await, "INVALID");
    let emptied = bench.input(json!({ "setLogId": set, "reps": null }));
    assert_eq!(
        bench.person.refusal("updateSetLog", emptied).await,
        "INVALID"
    );
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn changes_only_what_is_given_and_clears_what_is_null(pool: PgPool) {
    let bench = Bench::new(&pool).await;
    let set = text(
        &bench
            .log(json!({ "reps": 5, "weight": 100, "weightUnit": "LB" }))
            .await["id"],
    );
    let whole = |reps: i32, weight: Value, kilograms: Value, time: Value| {
        json!({ "position": 1, "type": "WEIGHT", "reps": reps, "weight": weight, "weightKg": kilograms,
                "timeSeconds": time, "distanceMeters": null })
    };
    let pounds = (json!(45.36), json!(45.359_237));
    assert_eq!(
        bench.update(&set, json!({ "reps": 6 })).await,
        whole(6, pounds.0.clone(), pounds.1.clone(), Value::Null)
    );
    assert_eq!(
        bench.update(&set, json!({ "timeSeconds": 2.5 })).await,
        whole(6, pounds.0, pounds.1, json!(2.5))
    );
    assert_eq!(
        bench.update(&set, json!({ "weightUnit": "KG" })).await,
        whole(6, json!(100.0), json!(100.0), json!(2.5))
    );
    assert_eq!(
        bench
            .update(&set, json!({ "weight": 70, "timeSeconds": null }))
            .await,
        whole(6, json!(70.0), json!(70.0), Value::Null)
    );
    let cleared = bench
        .update(&set, json!({ "weight": null, "type": "REPS" }))
        .await;
    assert_eq!(cleared["weight"], Value::Null);
    assert_eq!(cleared["type"], "REPS");
    assert_eq!(cleared["reps"], 6);
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn belongs_to_its_exercise_log(pool: PgPool) {
    let bench = Bench::new(&pool).await;
    let set = text(&bench.log(json!({ "reps": 5 })).await["id"]);
    let exercise = bench.person.exercises(1).await.remove(0);
    let sibling = bench.person.log_exercise(&bench.workout, &exercise).await;
    let other = bench.person.start().await;
    for (workout, log) in [(&bench.workout, &sibling), (&other, &bench.log)] {
        let mut path = json!({ "workoutId": workout, "exerciseLogId": log, "setLogId": set });
        assert_eq!(
            bench.person.refusal("deleteSetLog", path.clone()).await,
            "NOT_FOUND"
        );
        path["reps"] = json!(6);
        assert_eq!(
            bench.person.refusal("updateSetLog", path).await,
            "NOT_FOUND"
        );
    }
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn deleting_one_keeps_the_order_of_the_others(pool: PgPool) {
    let bench = Bench::new(&pool).await;
    let mut sets = Vec::new();
    for reps in 1..=3 {
        sets.push(text(&bench.log(json!({ "reps": reps })).await["id"]));
    }
    let input = bench.input(json!({ "setLogId": sets[1] }));
    let left = bench
        .person
        .succeed(
            "deleteSetLog",
            input.clone(),
            "exerciseLog { setLogs { reps position } }",
        )
        .await;
    assert_eq!(
        left["exerciseLog"]["setLogs"],
        json!([{ "reps": 1, "position": 1 }, { "reps": 3, "position": 3 }])
    );
    assert_eq!(
        bench.person.refusal("deleteSetLog", input).await,
        "NOT_FOUND"
    );
    assert_eq!(bench.log(json!({ "reps": 4 })).await["position"], 4);
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn kind_effort_and_time_of_a_set_are_kept(pool: PgPool) {
    let person = Person::new(&pool);
    let exercise = person.exercises(1).await.remove(0);
    let workout = person.start().await;
    let log = person.log_exercise(&workout, &exercise).await;
    let at = json!({ "workoutId": workout, "exerciseLogId": log });
    let selection = "setLog { id kind rpe performedAt enteredWeight enteredWeightUnit weight }";
    let performed_at = chrono::Utc::now();
    let mut set = at.clone();
    set["reps"] = 8.into();
    set["weight"] = json!(135.5);
    set["weightUnit"] = "LB".into();
    set["kind"] = "TO_FAILURE".into();
    set["rpe"] = json!(9.5);
    set["performedAt"] = json!(performed_at);
    let logged = person.succeed("logSet", set.clone(), selection).await;
    let logged = &logged["setLog"];
    assert_eq!(logged["kind"], "TO_FAILURE");
    assert_eq!(logged["rpe"], 9.5);
    assert_eq!(logged["enteredWeight"], 135.5);
    assert_eq!(logged["enteredWeightUnit"], "LB");
    assert_eq!(logged["weight"], 61.46, "in the exercise's unit");
    let told = logged["performedAt"]
        .as_str()
        .unwrap()
        .parse::<chrono::DateTime<chrono::Utc>>();
    assert_eq!(
        told.unwrap().timestamp_micros(),
        performed_at.timestamp_micros()
    );

    let mut change = at.clone();
    change["setLogId"] = logged["id"].clone();
    change["rpe"] = serde_json::Value::Null;
    let changed = person
        .succeed("updateSetLog", change, "setLog { kind rpe }")
        .await;
    assert_eq!(
        changed["setLog"],
        json!({ "kind": "TO_FAILURE", "rpe": null })
    );

    for (field, bad) in [
        ("rpe", json!(0.5)),
        ("rpe", json!(7.75)),
        ("performedAt", json!("2000-01-01T00:00:00Z")),
        (
            "performedAt",
            json!(performed_at + chrono::TimeDelta::hours(1)),
        ),
    ] {
        let mut set = set.clone();
        set[field] = bad;
        assert_eq!(person.refusal("logSet", set).await, "INVALID", "{field}");
    }
    let plain = person.log_set(&workout, &log, 5, 20.0).await;
    let query = "query($id: ID!) { exerciseLog(id: $id) { setLogs { id kind rpe createdAt performedAt } } }";
    let data = person.ask(query, json!({ "id": log })).await;
    let plain_log = &data["exerciseLog"]["setLogs"][1];
    assert_eq!(plain_log["id"], plain.as_str());
    assert_eq!(plain_log["kind"], "NORMAL");
    assert_eq!(plain_log["performedAt"], plain_log["createdAt"]);
}
