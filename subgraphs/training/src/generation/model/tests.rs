//! Generation over an endpoint that answers what a test tells it to, over HTTP.

mod endpoint;
mod failures;
mod prompts;

use std::time::Duration;

use serde_json::{Value, json};
use setwise_service::Locale;
use setwise_testkit::eventually;
use sqlx::PgPool;
use tokio_util::sync::CancellationToken;

use super::Model;
use crate::{
    exercise::catalogue,
    generation::{Worker, run, worker::work},
    testing::{Person, text},
};
use endpoint::{Endpoint, Reply, good};

const PATIENCE: Duration = Duration::from_secs(20);
const PLANNED: &str = "the built-in planner made this workout.";

async fn person(pool: &PgPool) -> Person {
    catalogue::load(pool).await.unwrap();
    Person::new(pool)
}

/// Asks for a workout in a language and returns its id.
async fn ask(person: &Person, locale: Locale, prompt: &str) -> String {
    let query =
        "mutation($prompt: String) { startWorkout(input: { generate: true, prompt: $prompt, ifActive: START_ANOTHER }) {
        workout { id } userErrors { message } } }";
    let response = person
        .execute(query, json!({ "prompt": prompt }), locale)
        .await;
    assert!(response.errors.is_empty(), "{:?}", response.errors);
    let data = response.data.into_json().unwrap();
    text(&data["startWorkout"]["workout"]["id"])
}

async fn workout(person: &Person, id: &str) -> Value {
    let query = "query($id: ID!) { workout(id: $id) { generationStatus reasoning
        exerciseLogs { exercise { id name } expectedSets { type reps weightKg timeSeconds } } } }";
    let mut data = person.ask(query, json!({ "id": id })).await;
    data["workout"].take()
}

/// Lets a worker do the one job there is, with a model.
async fn work_with(pool: &PgPool, model: &Model) {
    let done = work(pool, Some(model), &CancellationToken::new()).await;
    assert!(done.unwrap(), "there was no job");
}

/// A workout that an endpoint with these replies leads to.
async fn generated(pool: &PgPool, replies: Vec<Reply>) -> (Value, Vec<Value>) {
    let endpoint = Endpoint::start(replies).await;
    let person = person(pool).await;
    let id = ask(&person, Locale::En, "").await;
    work_with(pool, &endpoint.model(10)).await;
    (workout(&person, &id).await, endpoint.requests())
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn a_good_answer_is_the_workout(pool: PgPool) {
    let (filled, requests) = generated(&pool, vec![good()]).await;
    assert_eq!(filled["generationStatus"], "COMPLETED");
    assert_eq!(filled["reasoning"], "Strong legs first, then the rest.");
    let logs = filled["exerciseLogs"].as_array().unwrap();
    let ids: Vec<_> = logs
        .iter()
        .map(|log| text(&log["exercise"]["id"]))
        .collect();
    assert_eq!(ids, endpoint::first_ids(&requests[0], 5));
    for log in logs {
        assert_eq!(log["expectedSets"].as_array().unwrap().len(), 3, "{log}");
    }
    assert_eq!(requests.len(), 1);
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn who_follows_hears_of_the_end(pool: PgPool) {
    use futures_util::StreamExt as _;
    use sqlx::ConnectOptions as _;

    let endpoint = Endpoint::start(vec![good()]).await;
    let person = person(&pool).await;
    let url = setwise_service::Secret::new(pool.connect_options().to_url_lossy());
    let mut listening = tokio::task::JoinSet::new();
    let listen = crate::workout::listen(person.live(), url, CancellationToken::new());
    listening.spawn(listen);
    let id = ask(&person, Locale::En, "").await;
    let query = "subscription($id: ID!) { workoutUpdated(workoutId: $id) {
        generationStatus exerciseLogs { id } } }";
    let mut events = person.subscribe(query, json!({ "id": id }));
    let first = events.next().await.unwrap();
    assert_eq!(first["workoutUpdated"]["generationStatus"], "RUNNING");
    work_with(&pool, &endpoint.model(10)).await;
    let told = async {
        loop {
            let event = events.next().await.unwrap();
            if event["workoutUpdated"]["generationStatus"] == "COMPLETED" {
                return event;
            }
        }
    };
    let event = tokio::time::timeout(PATIENCE, told).await.unwrap();
    let logs = event["workoutUpdated"]["exerciseLogs"].as_array().unwrap();
    assert_eq!(logs.len(), 5);
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn nothing_is_held_while_the_model_thinks(pool: PgPool) {
    let endpoint = Endpoint::start(vec![Reply::Held(Box::new(good()))]).await;
    let person = person(&pool).await;
    let id = ask(&person, Locale::En, "").await;
    let model = endpoint.model(60);
    let working = work_with(&pool, &model);
    let logging = async {
        endpoint.asked(1).await;
        // The person goes on training, with an exercise that the model chooses too.
        let own_choice = endpoint::first_ids(&endpoint.requests()[0], 1).remove(0);
        let log = person.log_exercise(&id, &own_choice).await;
        person.log_set(&id, &log, 5, 50.0).await;
        endpoint.release();
        own_choice
    };
    let both = async { tokio::join!(working, logging) };
    let ((), own_choice) = tokio::time::timeout(PATIENCE, Box::pin(both))
        .await
        .unwrap();
    let filled = workout(&person, &id).await;
    assert_eq!(filled["generationStatus"], "COMPLETED");
    let logs = filled["exerciseLogs"].as_array().unwrap();
    let same = logs
        .iter()
        .filter(|log| log["exercise"]["id"] == own_choice);
    assert_eq!(same.count(), 1, "what the person began is not added again");
    assert_eq!(logs.len(), 5);
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn a_restart_in_the_middle_takes_the_job_again(pool: PgPool) {
    let endpoint = Endpoint::start(vec![Reply::Held(Box::new(good())), good()]).await;
    let person = person(&pool).await;
    let id = ask(&person, Locale::En, "").await;
    let shutdown = CancellationToken::new();
    let model = endpoint.model(60);
    let serve = run(
        pool.clone(),
        Worker::default(),
        Some(model.clone()),
        shutdown.clone(),
    );
    let stop = async {
        endpoint.asked(1).await;
        shutdown.cancel();
    };
    let both = async { tokio::join!(serve, stop) };
    let (served, ()) = tokio::time::timeout(PATIENCE, Box::pin(both))
        .await
        .unwrap();
    served.unwrap();
    assert_eq!(workout(&person, &id).await["generationStatus"], "RUNNING");
    // The next process finds the job at once: the lease was given back.
    work_with(&pool, &model).await;
    let filled = workout(&person, &id).await;
    assert_eq!(filled["generationStatus"], "COMPLETED");
    assert_eq!(filled["reasoning"], "Strong legs first, then the rest.");
    assert_eq!(endpoint.requests().len(), 2);
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn a_job_that_was_cut_off_twice_is_left_to_the_planner(pool: PgPool) {
    let endpoint = Endpoint::start(vec![good()]).await;
    let person = person(&pool).await;
    let id = ask(&person, Locale::En, "").await;
    sqlx::query("UPDATE training.generation_job SET attempts = 2, lease_until = now()")
        .execute(&pool)
        .await
        .unwrap();
    work_with(&pool, &endpoint.model(10)).await;
    let filled = workout(&person, &id).await;
    assert_eq!(filled["generationStatus"], "COMPLETED");
    assert_eq!(endpoint.requests().len(), 0);
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn several_are_asked_for_at_once(pool: PgPool) {
    let held = || Reply::Held(Box::new(good()));
    let endpoint = Endpoint::start(vec![held(), held(), held()]).await;
    let person = person(&pool).await;
    let mut ids = Vec::new();
    for _ in 0..3 {
        ids.push(ask(&person, Locale::En, "").await);
    }
    let shutdown = CancellationToken::new();
    let model = endpoint.model(60);
    let serve = run(
        pool.clone(),
        Worker::default(),
        Some(model),
        shutdown.clone(),
    );
    let watch = async {
        endpoint.asked(3).await;
        endpoint.release();
        eventually("all are filled", PATIENCE, async || {
            for id in &ids {
                if workout(&person, id).await["generationStatus"] != "COMPLETED" {
                    return None;
                }
            }
            Some(())
        })
        .await;
        shutdown.cancel();
    };
    let (served, ()) = tokio::join!(serve, watch);
    served.unwrap();
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn who_comes_back_late_changes_nothing(pool: PgPool) {
    let endpoint = Endpoint::start(vec![Reply::Held(Box::new(good())), good()]).await;
    let person = person(&pool).await;
    let id = ask(&person, Locale::En, "").await;
    let model = endpoint.model(60);
    let late = work_with(&pool, &model);
    let other = async {
        endpoint.asked(1).await;
        // The lease was not renewed in time, and another process has done the job meanwhile.
        sqlx::query("UPDATE training.generation_job SET lease_until = now()")
            .execute(&pool)
            .await
            .unwrap();
        work_with(&pool, &model).await;
        let filled = workout(&person, &id).await;
        endpoint.release();
        filled
    };
    let both = async { tokio::join!(late, other) };
    let ((), filled) = tokio::time::timeout(PATIENCE, Box::pin(both))
        .await
        .unwrap();
    assert_eq!(filled["generationStatus"], "COMPLETED");
    assert_eq!(workout(&person, &id).await, filled);
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn a_lease_is_renewed_by_its_holder_alone(pool: PgPool) {
    use crate::generation::store;
    use chrono::{TimeDelta, Utc};

    let person = person(&pool).await;
    ask(&person, Locale::En, "").await;
    let mut conn = pool.acquire().await.unwrap();
    let (now, minute) = (Utc::now(), TimeDelta::seconds(60));
    let job = store::claim_job(&mut conn, now, minute).await.unwrap();
    let job = job.unwrap();
    let later = now + minute * 2;
    let is_kept = store::renew_lease(&mut conn, &job, now + minute * 3).await;
    assert!(is_kept.unwrap());
    let none = store::claim_job(&mut conn, later, minute).await.unwrap();
    assert!(
        none.is_none(),
        "the lease holds longer than it did at first"
    );
    let next = store::claim_job(&mut conn, later + minute * 2, minute).await;
    assert!(next.unwrap().is_some());
    let is_kept = store::renew_lease(&mut conn, &job, later + minute * 9).await;
    assert!(!is_kept.unwrap(), "another worker has it");
}
