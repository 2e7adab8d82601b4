use std::{pin::pin, time::Duration};

use futures_util::{StreamExt as _, poll};
use serde_json::{Value, json};
use setwise_service::Secret;
use sqlx::{ConnectOptions as _, PgPool, postgres::PgListener};
use tokio::{task::JoinSet, time::timeout};
use tokio_util::sync::CancellationToken;

use crate::{
    ids::WorkoutId,
    testing::{Events, Person},
    workout::{self, store},
};

const PATIENCE: Duration = Duration::from_secs(10);

/// Hears of changes as another replica would: over its own connection.
fn listen(person: &Person, pool: &PgPool) -> JoinSet<anyhow::Result<()>> {
    let url = Secret::new(pool.connect_options().to_url_lossy());
    let mut listening = JoinSet::new();
    let shutdown = CancellationToken::new();
    listening.spawn(workout::listen(person.live(), url, shutdown));
    listening
}

async fn next(events: &mut Events) -> Option<Value> {
    let event = timeout(PATIENCE, events.next()).await;
    event.expect("something happens in time")
}

/// Reads on until an event satisfies: changes may be told once or twice.
async fn until(events: &mut Events, is_it: impl Fn(&Value) -> bool) {
    loop {
        let event = next(events).await.expect("there is more");
        if is_it(&event["workoutUpdated"]) {
            return;
        }
    }
}

fn sets(workout: &Value) -> usize {
    let logs = workout["exerciseLogs"].as_array();
    logs.into_iter()
        .flatten()
        .map(|log| log["setLogs"].as_array().map_or(0, Vec::len))
        .sum()
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn a_second_screen_follows_a_workout_until_it_is_deleted(pool: PgPool) {
    let person = Person::new(&pool);
    let _listening = listen(&person, &pool);
    let exercises = person.exercises(1).await;
    let workout = person.start().await;
    let mut events = person.follow(&workout);
    let first = next(&mut events).await.unwrap();
    assert_eq!(sets(&first["workoutUpdated"]), 0, "{first}");

    let log = person.log_exercise(&workout, &exercises[0]).await;
    person.log_set(&workout, &log, 5, 60.0).await;
    until(&mut events, |workout| sets(workout) == 1).await;
    person.complete(&workout).await;
    until(&mut events, |workout| workout["finishedAt"].is_string()).await;
    let rating = json!({ "workoutId": workout, "rating": 4 });
    person
        .succeed("rateWorkout", rating, "workout { id }")
        .await;
    until(&mut events, |workout| workout["rating"] == 4).await;
    let gone = json!({ "workoutId": workout });
    person
        .succeed("deleteWorkout", gone, "deletedWorkoutId")
        .await;
    until(&mut events, Value::is_null).await;
    assert_eq!(next(&mut events).await, None);
}

/// A phone may be out of reach before it hears that its set is kept.
#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn a_set_is_announced_when_who_logged_it_hangs_up(pool: PgPool) {
    let person = Person::new(&pool);
    let exercises = person.exercises(1).await;
    let workout = person.start().await;
    let log = person.log_exercise(&workout, &exercises[0]).await;
    let mut listener = PgListener::connect_with(&pool).await.unwrap();
    listener.listen(store::CHANNEL).await.unwrap();
    let hung_up = async {
        let mut logging = pin!(person.log_set(&workout, &log, 5, 60.0));
        while poll!(&mut logging).is_pending() {
            // time for what was sent to be done, and nobody there to read the answer
            for _ in 0..20 {
                let count = sqlx::query_scalar("SELECT count(*) FROM training.set_log");
                let count: i64 = count.fetch_one(&pool).await.unwrap();
                if count == 1 {
                    return;
                }
            }
        }
    };
    timeout(PATIENCE, hung_up).await.unwrap();
    let heard = timeout(PATIENCE, listener.recv()).await.unwrap().unwrap();
    assert_eq!(heard.payload(), workout);
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn only_the_owner_follows_a_workout(pool: PgPool) {
    let person = Person::new(&pool);
    let workout = person.start().await;
    let mut events = person.somebody_else().follow(&workout);
    let answer = json!({ "workoutUpdated": null });
    assert_eq!(next(&mut events).await, Some(answer));
    assert_eq!(next(&mut events).await, None);
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn changes_are_told_when_they_are_committed(pool: PgPool) {
    let person = Person::new(&pool);
    let _listening = listen(&person, &pool);
    let workout = person.start().await;
    let mut events = person.follow(&workout);
    next(&mut events).await.unwrap();
    let id = WorkoutId(workout.parse().unwrap());
    // connecting tells everyone once: when this is heard, the listener listens
    let mut announced = pool.begin().await.unwrap();
    store::announce(&mut announced, id).await.unwrap();
    announced.commit().await.unwrap();
    next(&mut events).await.unwrap();
    while timeout(Duration::from_millis(300), events.next())
        .await
        .is_ok()
    {}
    let mut undone = pool.begin().await.unwrap();
    store::announce(&mut undone, id).await.unwrap();
    undone.rollback().await.unwrap();
    let told = timeout(Duration::from_millis(300), events.next()).await;
    assert!(told.is_err(), "{told:?}");
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn a_lost_listener_comes_back_and_looks_again(pool: PgPool) {
    let person = Person::new(&pool);
    let _listening = listen(&person, &pool);
    let exercises = person.exercises(1).await;
    let workout = person.start().await;
    let mut events = person.follow(&workout);
    let log = person.log_exercise(&workout, &exercises[0]).await;
    until(&mut events, |workout| workout["exerciseLogs"] != json!([])).await;

    let cut = "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity
                WHERE datname = current_database() AND query LIKE 'LISTEN%'";
    let mut lost: i64 = 0;
    while lost == 0 {
        lost = sqlx::query_scalar(cut).fetch_one(&pool).await.unwrap();
    }
    person.log_set(&workout, &log, 5, 60.0).await;
    until(&mut events, |workout| sets(workout) == 1).await;
    person.log_set(&workout, &log, 5, 60.0).await;
    until(&mut events, |workout| sets(workout) == 2).await;
}
