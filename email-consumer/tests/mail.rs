//! Mail through Apache Kafka and a real mail connection, with the production
//! library of the consumer and of the outbox.

#![expect(
    clippy::unwrap_used,
    reason = "these are tests, functions outside #[test] too"
)]

#[path = "mail/broker.rs"]
mod broker;
#[path = "mail/running.rs"]
mod running;
#[path = "mail/spans.rs"]
mod spans;

use std::{collections::BTreeMap, time::Duration};

use broker::{PAYLOAD_NAME, Produced, header, produce, read, shared_broker};
use mail_parser::MessageParser;
use opentelemetry::trace::TraceContextExt;
use rdkafka::Message as _;
use running::{Running, config};
use serde_json::{Value, json};
use setwise_outbox::{NewEvent, Outbox, Relay};
use setwise_testkit::{ApacheKafka, ReceivedMail, SmtpFailure, SmtpServer, eventually};
use spans::Spans;
use sqlx::PgPool;
use tokio::{net::TcpListener, task::JoinSet};
use tokio_util::sync::CancellationToken;
use tracing::Instrument;
use tracing_opentelemetry::OpenTelemetrySpanExt;
use uuid::Uuid;

const SOON: Duration = Duration::from_mins(1);

const OUTBOX: &str = r"
    CREATE SCHEMA example;
    CREATE TABLE example.outbox (
        sequence bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        id uuid NOT NULL UNIQUE,
        topic text NOT NULL,
        key text NOT NULL,
        payload jsonb NOT NULL,
        traceparent text,
        created_at timestamptz NOT NULL DEFAULT now()
    );
";

fn welcome(email: &str, language: &str) -> Value {
    json!({
        "type": "welcome",
        "payload": { "email": email, "name": PAYLOAD_NAME, "language": language },
    })
}

async fn mails(smtp: &SmtpServer, count: usize) -> Vec<ReceivedMail> {
    eventually("the mails arrive", SOON, async || {
        let mails = smtp.mails();
        (mails.len() >= count).then_some(mails)
    })
    .await
}

fn recipients(mails: &[ReceivedMail]) -> Vec<&str> {
    mails.iter().map(|mail| mail.to[0].as_str()).collect()
}

#[tokio::test]
async fn a_welcome_is_sent_in_the_persons_language() {
    let kafka = shared_broker().await;
    let smtp = SmtpServer::start().await;
    let config = config(&kafka.brokers(), smtp.port());
    let consumer = Running::start(config.clone()).await;

    let id = Uuid::now_v7();
    let message = Produced::new("anna@example.com", &welcome("anna@example.com", "ru")).id(id);
    produce(&kafka.brokers(), &config.kafka_topic, &[message]).await;

    let mails = mails(&smtp, 1).await;
    assert_eq!(mails[0].to, ["anna@example.com"]);
    assert_eq!(mails[0].from, "no-reply@setwise.example");
    let mail = MessageParser::default().parse(&mails[0].content).unwrap();
    assert_eq!(mail.subject().unwrap(), "Добро пожаловать в Setwise");
    assert_eq!(mail.message_id().unwrap(), format!("{id}@setwise.example"));
    assert_eq!((mail.text_body_count(), mail.html_body_count()), (1, 1));
    assert!(mail.body_text(0).unwrap().contains("Анна, здравствуйте!"));
    let html = mail.body_html(0).unwrap();
    assert!(html.contains(r#"lang="ru""#), "{html}");
    assert!(html.contains("https://setwise.example/"), "{html}");
    consumer.stop().await;
}

#[tokio::test]
async fn a_mail_that_fails_is_tried_again() {
    let kafka = shared_broker().await;
    let smtp = SmtpServer::start().await;
    smtp.fail_next(1, SmtpFailure::Transient);
    smtp.fail_next(1, SmtpFailure::Disconnect);
    let config = config(&kafka.brokers(), smtp.port());
    let consumer = Running::start(config.clone()).await;

    let message = Produced::new("ann@example.com", &welcome("ann@example.com", "en"));
    produce(&kafka.brokers(), &config.kafka_topic, &[message]).await;

    assert_eq!(recipients(&mails(&smtp, 1).await), ["ann@example.com"]);
    assert!(smtp.attempts() >= 3);
    consumer.stop().await;
}

#[tokio::test]
async fn a_mail_that_always_fails_goes_to_the_dead_letters_and_the_next_one_goes_out() {
    let kafka = shared_broker().await;
    let smtp = SmtpServer::start().await;
    // The first attempt and three retries.
    smtp.fail_next(4, SmtpFailure::Transient);
    let config = config(&kafka.brokers(), smtp.port());
    let consumer = Running::start(config.clone()).await;

    let id = Uuid::now_v7();
    let dead = Produced::new("same key", &welcome("dead@example.com", "en")).id(id);
    let next = Produced::new("same key", &welcome("next@example.com", "en"));
    produce(&kafka.brokers(), &config.kafka_topic, &[dead.clone(), next]).await;

    assert_eq!(recipients(&mails(&smtp, 1).await), ["next@example.com"]);
    let topic = format!("{}.dead-letter", config.kafka_topic);
    let letters = read(&kafka.brokers(), &topic, 1).await;
    assert_eq!(letters[0].payload().unwrap(), dead.payload);
    assert_eq!(letters[0].key().unwrap(), b"same key");
    assert_eq!(header(&letters[0], "id"), id.to_string());
    assert_eq!(header(&letters[0], "attempts"), "4");
    assert_eq!(header(&letters[0], "original-topic"), config.kafka_topic);
    assert_eq!(header(&letters[0], "original-offset"), "0");
    assert!(header(&letters[0], "error").contains("451"));
    consumer.stop().await;
}

#[tokio::test]
async fn what_no_retry_can_mend_goes_to_the_dead_letters_at_once() {
    let kafka = shared_broker().await;
    let smtp = SmtpServer::start().await;
    let config = config(&kafka.brokers(), smtp.port());
    let consumer = Running::start(config.clone()).await;

    let garbage = Produced::raw("same key", b"\xff{not json");
    let unknown = Produced::new("same key", &json!({ "type": "fax", "payload": {} }));
    let nobody = Produced::new("same key", &welcome("nobody", "en"));
    let fine = Produced::new("same key", &welcome("fine@example.com", "en"));
    let dead = [garbage, unknown, nobody];
    let all = [&dead[..], &[fine]].concat();
    produce(&kafka.brokers(), &config.kafka_topic, &all).await;
    assert_eq!(recipients(&mails(&smtp, 1).await), ["fine@example.com"]);

    smtp.fail_next(1, SmtpFailure::Permanent);
    let refused = Produced::new("same key", &welcome("refused@example.com", "en"));
    produce(
        &kafka.brokers(),
        &config.kafka_topic,
        std::slice::from_ref(&refused),
    )
    .await;

    let topic = format!("{}.dead-letter", config.kafka_topic);
    let letters = read(&kafka.brokers(), &topic, 4).await;
    for (letter, dead) in letters.iter().zip(dead.iter().chain([&refused])) {
        assert_eq!(letter.payload().unwrap(), dead.payload);
        assert_eq!(header(letter, "attempts"), "1");
    }
    consumer.stop().await;
}

#[tokio::test]
async fn a_message_that_comes_twice_is_one_mail() {
    let kafka = shared_broker().await;
    let smtp = SmtpServer::start().await;
    let config = config(&kafka.brokers(), smtp.port());
    let consumer = Running::start(config.clone()).await;

    let twice = Produced::new("same key", &welcome("once@example.com", "en")).id(Uuid::now_v7());
    let next = Produced::new("same key", &welcome("next@example.com", "en"));
    let all = [twice.clone(), twice, next];
    produce(&kafka.brokers(), &config.kafka_topic, &all).await;

    let mails = mails(&smtp, 2).await;
    assert_eq!(recipients(&mails), ["once@example.com", "next@example.com"]);
    consumer.stop().await;
}

#[tokio::test]
async fn what_was_sent_is_not_sent_again_after_a_restart() {
    let kafka = shared_broker().await;
    let smtp = SmtpServer::start().await;
    let config = config(&kafka.brokers(), smtp.port());
    for email in ["first@example.com", "second@example.com"] {
        let consumer = Running::start(config.clone()).await;
        let message = Produced::new("same key", &welcome(email, "en"));
        produce(&kafka.brokers(), &config.kafka_topic, &[message]).await;
        eventually("the mail arrives", SOON, async || {
            recipients(&smtp.mails()).contains(&email).then_some(())
        })
        .await;
        consumer.stop().await;
    }
    assert_eq!(
        recipients(&smtp.mails()),
        ["first@example.com", "second@example.com"]
    );
}

#[tokio::test]
async fn mail_waits_for_a_mail_server_that_is_down() {
    let kafka = shared_broker().await;
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let mut config = config(&kafka.brokers(), port);
    config.retries = 8;
    let consumer = Running::start(config.clone()).await;

    let message = Produced::new("ann@example.com", &welcome("ann@example.com", "en"));
    produce(&kafka.brokers(), &config.kafka_topic, &[message]).await;
    // The first attempt meets a server that breaks off and is gone.
    drop(listener.accept().await.unwrap());
    drop(listener);

    let smtp = SmtpServer::start_on(port).await;
    assert_eq!(recipients(&mails(&smtp, 1).await), ["ann@example.com"]);
    consumer.stop().await;
}

#[sqlx::test]
async fn committed_events_are_mailed_once_the_broker_is_back(pool: PgPool) {
    sqlx::raw_sql(OUTBOX).execute(&pool).await.unwrap();
    let mut kafka = ApacheKafka::start().await;
    let smtp = SmtpServer::start().await;
    let config = config(&kafka.brokers(), smtp.port());
    let consumer = Running::start(config.clone()).await;
    let outbox = Outbox::new("example");
    let relay = Relay::new(pool.clone(), outbox.clone(), &kafka.brokers());
    let shutdown = CancellationToken::new();
    let mut tasks = JoinSet::new();
    tasks.spawn(relay.run(shutdown.clone()));

    let append = async |email: &str| {
        let mut tx = pool.begin().await.unwrap();
        let event = NewEvent {
            topic: config.kafka_topic.clone(),
            key: email.into(),
            payload: welcome(email, "en"),
        };
        outbox.append(&mut tx, event).await.unwrap();
        tx.commit().await.unwrap();
    };
    append("before@example.com").await;
    mails(&smtp, 1).await;

    kafka.kill().await;
    append("meanwhile@example.com").await;
    kafka.start_again().await;
    append("after@example.com").await;

    let mut mails: Vec<_> = mails(&smtp, 3)
        .await
        .iter()
        .map(|mail| mail.to[0].clone())
        .collect();
    mails.sort();
    assert_eq!(
        mails,
        [
            "after@example.com",
            "before@example.com",
            "meanwhile@example.com"
        ]
    );
    consumer.stop().await;
    shutdown.cancel();
    while let Some(ended) = tasks.join_next().await {
        ended.unwrap().unwrap();
    }
}

#[sqlx::test]
async fn a_mail_belongs_to_the_trace_that_asked_for_it(pool: PgPool) {
    sqlx::raw_sql(OUTBOX).execute(&pool).await.unwrap();
    let spans = Spans::follow();
    let kafka = shared_broker().await;
    let smtp = SmtpServer::start().await;
    let config = config(&kafka.brokers(), smtp.port());
    let consumer = Running::start(config.clone()).await;
    let outbox = Outbox::new("example");
    let relay = Relay::new(pool.clone(), outbox.clone(), &kafka.brokers());
    let shutdown = CancellationToken::new();
    let mut tasks = JoinSet::new();
    tasks.spawn(relay.run(shutdown.clone()));

    let request = tracing::info_span!("request");
    let event = NewEvent {
        topic: config.kafka_topic.clone(),
        key: "ann@example.com".into(),
        payload: welcome("ann@example.com", "en"),
    };
    let mut conn = pool.acquire().await.unwrap();
    let appended = outbox.append(&mut conn, event);
    appended.instrument(request.clone()).await.unwrap();
    mails(&smtp, 1).await;

    let mut parent = request.context().span().span_context().clone();
    for name in ["outbox.publish", "email.send", "mail.send"] {
        let span = eventually(name, SOON, async || spans.child(parent.span_id(), name)).await;
        assert_eq!(span.span_context.trace_id(), parent.trace_id());
        parent = span.span_context;
    }
    consumer.stop().await;
    shutdown.cancel();
    while let Some(ended) = tasks.join_next().await {
        ended.unwrap().unwrap();
    }
}

#[sqlx::test]
async fn a_relay_outlives_its_connections_to_the_database(pool: PgPool) {
    sqlx::raw_sql(OUTBOX).execute(&pool).await.unwrap();
    let kafka = shared_broker().await;
    let topic = format!("events-{}", Uuid::now_v7());
    let outbox = Outbox::new("example");
    let relay = Relay::new(pool.clone(), outbox.clone(), &kafka.brokers());
    let shutdown = CancellationToken::new();
    let mut tasks = JoinSet::new();
    tasks.spawn(relay.run(shutdown.clone()));

    let mut conn = pool.acquire().await.unwrap();
    let mut append = async |number: i64| {
        let event = NewEvent {
            topic: topic.clone(),
            key: "same key".into(),
            payload: json!({ "number": number }),
        };
        outbox.append(&mut conn, event).await.unwrap();
    };
    append(1).await;
    read(&kafka.brokers(), &topic, 1).await;
    let cut = r"
        SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity
        WHERE datname = current_database() AND pid <> pg_backend_pid()
            AND (query LIKE '%FROM example.outbox%' OR query LIKE 'LISTEN%')
    ";
    let connections: i64 = sqlx::query_scalar(cut).fetch_one(&pool).await.unwrap();
    assert_eq!(connections, 2, "one reads, one listens");
    append(2).await;
    read(&kafka.brokers(), &topic, 2).await;
    shutdown.cancel();
    while let Some(ended) = tasks.join_next().await {
        ended.unwrap().unwrap();
    }
}

#[sqlx::test]
async fn no_event_is_lost_or_overtaken_when_the_relay_is_killed(pool: PgPool) {
    const KEYS: i64 = 10;
    const EVENTS: i64 = 200;
    sqlx::raw_sql(OUTBOX).execute(&pool).await.unwrap();
    let kafka = shared_broker().await;
    let topic = format!("events-{}", Uuid::now_v7());
    let outbox = Outbox::new("example");
    let mut conn = pool.acquire().await.unwrap();
    for number in 0..EVENTS {
        let event = NewEvent {
            topic: topic.clone(),
            key: (number % KEYS).to_string(),
            payload: json!({ "number": number }),
        };
        outbox.append(&mut conn, event).await.unwrap();
    }

    let shutdown = CancellationToken::new();
    let relay = || Relay::new(pool.clone(), outbox.clone(), &kafka.brokers());
    let mut tasks = JoinSet::new();
    let first = tasks.spawn(relay().run(shutdown.clone()));
    let left = async || -> i64 {
        let count = sqlx::query_scalar("SELECT count(*) FROM example.outbox");
        count.fetch_one(&pool).await.unwrap()
    };
    eventually("the first relay has begun", SOON, async || {
        (left().await < EVENTS).then_some(())
    })
    .await;
    first.abort();
    assert!(tasks.join_next().await.unwrap().is_err());
    assert!(left().await > 0, "the relay was killed in the middle");
    tasks.spawn(relay().run(shutdown.clone()));
    tasks.spawn(relay().run(shutdown.clone()));
    eventually("the outbox is empty", SOON, async || {
        (left().await == 0).then_some(())
    })
    .await;
    shutdown.cancel();
    while let Some(ended) = tasks.join_next().await {
        ended.unwrap().unwrap();
    }

    let messages = read(&kafka.brokers(), &topic, usize::try_from(EVENTS).unwrap()).await;
    let mut seen: BTreeMap<String, Vec<i64>> = BTreeMap::new();
    for message in &messages {
        let key = String::from_utf8(message.key().unwrap().to_vec()).unwrap();
        let payload: Value = serde_json::from_slice(message.payload().unwrap()).unwrap();
        let number = payload["number"].as_i64().unwrap();
        let numbers = seen.entry(key).or_default();
        // What was published but not yet deleted comes again.
        if numbers.last() != Some(&number) {
            numbers.push(number);
        }
    }
    let expected = (0..KEYS).map(|key| {
        let numbers = (key..EVENTS).step_by(usize::try_from(KEYS).unwrap());
        (key.to_string(), numbers.collect())
    });
    assert_eq!(seen, expected.collect());
}
