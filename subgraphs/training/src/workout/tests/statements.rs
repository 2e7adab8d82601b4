use std::{cell::Cell, sync::Once};

use serde_json::json;
use sqlx::PgPool;
use tracing_subscriber::{
    Layer,
    layer::{Context, SubscriberExt},
};

use crate::testing::Person;

thread_local! {
    static STATEMENTS: Cell<usize> = const { Cell::new(0) };
}

/// Counts the SQL statements that sqlx reports on each thread: a test has a thread of its own.
struct Statements;

impl<S: tracing::Subscriber> Layer<S> for Statements {
    fn on_event(&self, event: &tracing::Event<'_>, _ctx: Context<'_, S>) {
        if event.metadata().target() == "sqlx::query" {
            STATEMENTS.set(STATEMENTS.get() + 1);
        }
    }
}

/// Counts from now on. What is told to one thread only may be missed while others run: this is told to all.
fn count_statements() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        let subscriber = tracing_subscriber::registry().with(Statements);
        tracing::subscriber::set_global_default(subscriber).unwrap();
    });
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn a_page_of_workouts_takes_a_bounded_number_of_statements(pool: PgPool) {
    count_statements();
    let person = Person::new(&pool);
    let exercises = person.exercises(3).await;
    let routine = person.routine("Push").await;
    for exercise in &exercises {
        let instance = person.add_exercise(&routine, exercise).await;
        let input = json!({ "routineId": routine, "exerciseInstanceId": instance, "type": "REPS", "reps": 5 });
        person.succeed("addRoutineSet", input, "set { id }").await;
    }
    // what was done, what was done the time before, and the records; then with all that belongs to it
    let queries = [
        "{ workouts(first: 20) { nodes { id startedAt
            exerciseLogs { exercise { name } setLogs { reps weight records { kind } } previousSetLogs { reps weight } } } } }",
        "{ workouts(first: 20) { nodes { id routine { name } report { totalSets }
            exerciseLogs { exercise { name muscleGroups { name } } setLogs { reps weight records { kind } }
                expectedSets { reps } previousSetLogs { reps } } } } }",
    ];
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
        let mut taken = Vec::new();
        for query in queries {
            let before = STATEMENTS.get();
            let data = person.ask(query, json!({})).await;
            let statements = STATEMENTS.get() - before;
            let nodes = data["workouts"]["nodes"].as_array().unwrap();
            assert!(
                nodes
                    .iter()
                    .all(|node| node["exerciseLogs"].as_array().unwrap().len() == 3)
            );
            taken.push(statements);
        }
        counts.push(taken);
    }
    assert!(counts[0][0] > 0, "no statement was seen");
    assert_eq!(
        counts[0], counts[1],
        "as many statements for 20 workouts as for 2"
    );
    assert!(counts[1][0] <= 6, "{counts:?} statements");
    assert!(counts[1][1] <= 10, "{counts:?} statements");
}
