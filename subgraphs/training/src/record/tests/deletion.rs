//! Sets that go at once from several workouts.

use std::time::Duration;

use futures_util::join;
use serde_json::{Value, json};
use sqlx::PgPool;
use uuid::Uuid;

use crate::{
    ids::{ExerciseId, UserId},
    record,
    testing::Person,
};

/// Two workouts with a record each in the same exercises, and deletions in both that reach the records at the same time.
struct Deletions {
    person: Person,
    exercises: Vec<String>,
    workouts: Vec<(String, Vec<(String, String)>)>,
}

impl Deletions {
    async fn new(pool: &PgPool) -> Self {
        let person = Person::new(pool);
        let exercises = person.exercises(2).await;
        let mut workouts = Vec::new();
        // the second does them the other way round
        let orders = [[0, 1], [1, 0]];
        for (order, weight) in orders.into_iter().zip([100.0, 110.0]) {
            let workout = person.start().await;
            let mut logs = Vec::new();
            for exercise in order {
                let log = person.log_exercise(&workout, &exercises[exercise]).await;
                let set = person.log_set(&workout, &log, 5, weight).await;
                logs.push((log, set));
            }
            workouts.push((workout, logs));
        }
        Self {
            person,
            exercises,
            workouts,
        }
    }

    /// Sends a deletion for each workout while the records are locked, and lets them go once both wait.
    async fn at_once(&self, pool: &PgPool, mutation: &str, input: impl Fn(usize) -> Value) {
        let mut gate = pool.begin().await.unwrap();
        let exercises = self.exercises.iter();
        let exercises = exercises.map(|id| ExerciseId(id.parse::<Uuid>().unwrap()));
        let user = UserId(self.person.id);
        record::lock(&mut gate, user, exercises.collect())
            .await
            .unwrap();
        let first = self.person.succeed(mutation, input(0), "");
        let second = async {
            waiting(pool, 1).await;
            self.person.succeed(mutation, input(1), "").await
        };
        let open = async {
            waiting(pool, 2).await;
            gate.commit().await.unwrap();
        };
        join!(first, second, open);
    }
}

/// Waits until so many transactions wait for a lock on records.
pub(super) async fn waiting(pool: &PgPool, transactions: i64) {
    let query = "
        SELECT count(*) FROM pg_locks
         WHERE locktype = 'advisory' AND NOT granted
           AND database = (SELECT oid FROM pg_database WHERE datname = current_database())";
    setwise_testkit::eventually("they wait", Duration::from_secs(20), async || {
        let waiting: i64 = sqlx::query_scalar(query).fetch_one(pool).await.unwrap();
        (waiting == transactions).then_some(())
    })
    .await;
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn workouts_deleted_at_once_do_not_wait_for_each_other(pool: PgPool) {
    let deletions = Deletions::new(&pool).await;
    let input = |workout: usize| json!({ "workoutId": deletions.workouts[workout].0 });
    deletions.at_once(&pool, "deleteWorkout", input).await;
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn exercises_deleted_at_once_do_not_wait_for_each_other(pool: PgPool) {
    let deletions = Deletions::new(&pool).await;
    let input = |workout: usize| {
        let (id, logs) = &deletions.workouts[workout];
        json!({ "workoutId": id, "exerciseLogId": logs[workout].0 })
    };
    deletions.at_once(&pool, "deleteExerciseLog", input).await;
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn sets_deleted_at_once_do_not_wait_for_each_other(pool: PgPool) {
    let deletions = Deletions::new(&pool).await;
    let input = |workout: usize| {
        let (id, logs) = &deletions.workouts[workout];
        let (log, set) = &logs[workout];
        json!({ "workoutId": id, "exerciseLogId": log, "setLogId": set })
    };
    deletions.at_once(&pool, "deleteSetLog", input).await;
}
