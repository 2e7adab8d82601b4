use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering},
};

use serde_json::json;
use sqlx::PgPool;
use tracing_subscriber::{
    Layer,
    layer::{Context, SubscriberExt},
};

use crate::testing::Person;

/// Counts the SQL statements that sqlx reports.
#[derive(Clone, Default)]
struct Statements(Arc<AtomicUsize>);

impl<S: tracing::Subscriber> Layer<S> for Statements {
    fn on_event(&self, event: &tracing::Event<'_>, _ctx: Context<'_, S>) {
        if event.metadata().target() == "sqlx::query" {
            self.0.fetch_add(1, Ordering::Relaxed);
        }
    }
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn a_page_of_workouts_takes_a_bounded_number_of_statements(pool: PgPool) {
    let person = Person::new(&pool);
    let exercises = person.exercises(3).await;
    let routine = person.routine("Push").await;
    for exercise in &exercises {
        let instance = person.add_exercise(&routine, exercise).await;
        let input = json!({ "routineId": routine, "exerciseInstanceId": instance, "type": "REPS", "reps": 5 });
        person.succeed("addRoutineSet", input, "set { id }").await;
    }
    let query = "{ workouts(first: 20) { nodes { id routine { name } report { totalSets }
        exerciseLogs { exercise { name muscleGroups { name } } setLogs { reps weight } expectedSets { reps } previousSetLogs { reps } } } } }";
    let mut counts = Vec::new();
    for workouts in [2, 18] {
        for _ in 0..workouts {
            let started = person
                .succeed(
                    "startWorkout",
                    json!({ "routineId": routine }),
                    "workout { id exerciseLogs { id } }",
                )
                .await;
            let workout = started["workout"]["id"].as_str().unwrap();
            for log in started["workout"]["exerciseLogs"].as_array().unwrap() {
                person
                    .log_set(workout, log["id"].as_str().unwrap(), 5, 20.0)
                    .await;
            }
            person.complete(workout).await;
        }
        let statements = Statements::default();
        let subscriber = tracing_subscriber::registry().with(statements.clone());
        let guard = tracing::subscriber::set_default(subscriber);
        let data = person.ask(query, json!({})).await;
        drop(guard);
        let nodes = data["workouts"]["nodes"].as_array().unwrap();
        assert!(
            nodes
                .iter()
                .all(|node| node["exerciseLogs"].as_array().unwrap().len() == 3)
        );
        counts.push(statements.0.load(Ordering::Relaxed));
    }
    assert!(counts[0] > 0, "no statement was seen");
    assert_eq!(
        counts[0], counts[1],
        "as many statements for 20 workouts as for 2"
    );
    assert!(counts[1] <= 9, "{} statements", counts[1]);
}
