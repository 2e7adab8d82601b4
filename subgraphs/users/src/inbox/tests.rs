use std::time::Duration;

use chrono::{TimeDelta, Utc};
use insta::assert_json_snapshot;
use rdkafka::{
    ClientConfig,
    message::{Header, OwnedHeaders},
    mocking::MockCluster,
    producer::{FutureProducer, FutureRecord},
};
use serde_json::{Value, json};
use setwise_events::TrainingEvent;
use sqlx::PgPool;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use super::{Taken, TrainingEvents, consume, take};
use crate::{sweep, tests::App};

const DEADLINE: Duration = Duration::from_secs(30);

fn event(user_id: Uuid) -> Value {
    json!({
        "type": "workout_completed",
        "payload": {
            "user_id": user_id, "workout_id": Uuid::from_u128(7),
            "started_at": "2025-03-01T10:00:00Z", "finished_at": "2025-03-01T10:45:30Z",
            "exercises": 5, "sets": 15, "reps": 120, "volume_kg": 4535.9237, "time_seconds": 60.0,
        },
    })
}

fn parsed(user_id: Uuid) -> TrainingEvent {
    serde_json::from_value(event(user_id)).unwrap()
}

/// The messages that wait to be mailed, the welcome apart.
async fn mails(pool: &PgPool) -> Vec<(String, Value)> {
    let mails = "SELECT key, payload FROM users.outbox WHERE payload ->> 'type' <> 'welcome' ORDER BY sequence";
    sqlx::query_as(mails).fetch_all(pool).await.unwrap()
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn an_event_leads_to_one_mail_however_often_it_comes(pool: PgPool) {
    let app = App::new(pool);
    let input = json!({
        "email": "ann@example.com", "password": "correct horse", "firstName": "Ann",
        "language": "RU", "weightUnit": "LB",
    });
    let answer = app.register(input).await;
    let user_id = app.viewer(&answer["tokens"]).await.user_id;
    let mut conn = app.pool.acquire().await.unwrap();
    let id = Uuid::now_v7();
    for expected in [Taken::Mailed, Taken::Again, Taken::Again] {
        let taken = take(&mut conn, &app.state.mail, id, &parsed(user_id), Utc::now()).await;
        assert_eq!(taken.unwrap(), expected);
    }
    let mails = mails(&app.pool).await;
    assert_eq!(mails.len(), 1);
    assert_eq!(mails[0].0, "ann@example.com");
    assert_json_snapshot!(mails[0].1, @r#"
    {
      "type": "workout_completed",
      "payload": {
        "name": "Ann",
        "reps": 120,
        "sets": 15,
        "email": "ann@example.com",
        "volume": 10000.0,
        "language": "ru",
        "exercises": 5,
        "workout_id": "00000000-0000-0000-0000-000000000007",
        "finished_at": "2025-03-01T10:45:30Z",
        "weight_unit": "lb",
        "duration_seconds": 2730
      }
    }
    "#);
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn an_event_of_a_missing_account_is_passed_over(pool: PgPool) {
    let app = App::new(pool);
    let mut conn = app.pool.acquire().await.unwrap();
    let taken = take(
        &mut conn,
        &app.state.mail,
        Uuid::now_v7(),
        &parsed(Uuid::now_v7()),
        Utc::now(),
    )
    .await;
    assert_eq!(taken.unwrap(), Taken::NoAccount);
    assert_eq!(mails(&app.pool).await, []);
    let later = Utc::now() + TimeDelta::days(61);
    assert_eq!(sweep::sweep(&app.pool, later).await.unwrap(), (0, 1));
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn reads_on_after_messages_that_are_no_events(pool: PgPool) {
    let app = App::new(pool);
    let (viewer, _) = app.sign_up("ann@example.com").await;
    let cluster = MockCluster::new(1).unwrap();
    cluster.create_topic("training-events", 1, 1).unwrap();
    let producer: FutureProducer = ClientConfig::new()
        .set("bootstrap.servers", cluster.bootstrap_servers())
        .create()
        .unwrap();
    let good = event(viewer.user_id).to_string();
    let id = Uuid::now_v7().to_string();
    for (id, payload) in [
        (&*id, "no JSON"),
        (&*id, r#"{"type":"something_new","payload":{}}"#),
        ("no id", &*good),
        (&*id, &*good),
        (&*id, &*good),
        (&*Uuid::now_v7().to_string(), &*good),
    ] {
        let headers = OwnedHeaders::new().insert(Header {
            key: "id",
            value: Some(id),
        });
        let record = FutureRecord::to("training-events")
            .key("key")
            .payload(payload)
            .headers(headers);
        producer.send(record, DEADLINE).await.unwrap();
    }
    let events = TrainingEvents {
        pool: app.pool.clone(),
        mail: app.state.mail.clone(),
        brokers: cluster.bootstrap_servers(),
        topic: "training-events".into(),
    };
    let shutdown = CancellationToken::new();
    let watch = async {
        let two = async || {
            let mails = mails(&app.pool).await;
            (mails.len() == 2).then_some(mails)
        };
        setwise_testkit::eventually("two mails wait", DEADLINE, two).await;
        shutdown.cancel();
    };
    let (outcome, ()) = tokio::join!(consume(events, shutdown.clone()), watch);
    outcome.unwrap();
}
