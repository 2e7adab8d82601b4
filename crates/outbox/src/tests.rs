use std::time::Duration;

use serde_json::json;
use setwise_testkit::eventually;
use sqlx::PgPool;

use super::*;

const TABLE: &str = r"
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

fn event(key: &str) -> NewEvent {
    NewEvent {
        topic: "email".into(),
        key: key.into(),
        payload: json!({ "type": "welcome", "payload": { "email": key } }),
    }
}

#[sqlx::test]
async fn an_event_stands_and_falls_with_its_transaction(pool: PgPool) {
    sqlx::raw_sql(TABLE).execute(&pool).await.unwrap();
    let outbox = Outbox::new("example");

    let mut tx = pool.begin().await.unwrap();
    outbox.append(&mut tx, event("lost@b.c")).await.unwrap();
    tx.rollback().await.unwrap();

    let mut tx = pool.begin().await.unwrap();
    let id = outbox.append(&mut tx, event("kept@b.c")).await.unwrap();
    tx.commit().await.unwrap();

    let mut conn = pool.acquire().await.unwrap();
    let rows = outbox.statements.read(&mut conn, i64::MIN).await.unwrap();
    assert_eq!(rows.len(), 1);
    assert_eq!(rows[0].id, id);
    assert_eq!(rows[0].key, "kept@b.c");
}

#[sqlx::test]
async fn a_commit_wakes_the_relay(pool: PgPool) {
    sqlx::raw_sql(TABLE).execute(&pool).await.unwrap();
    let outbox = Outbox::new("example");
    let mut listener = sqlx::postgres::PgListener::connect_with(&pool)
        .await
        .unwrap();
    listener.listen(&outbox.statements.channel()).await.unwrap();

    let mut tx = pool.begin().await.unwrap();
    outbox.append(&mut tx, event("a@b.c")).await.unwrap();
    tx.commit().await.unwrap();
    listener.recv().await.unwrap();
}

/// Sequences are drawn before the commit: without a lock, one that is drawn
/// first may be committed last.
#[sqlx::test]
async fn events_of_a_key_are_in_the_order_of_their_commits(pool: PgPool) {
    sqlx::raw_sql(TABLE).execute(&pool).await.unwrap();
    let outbox = Outbox::new("example");
    let mut first = pool.begin().await.unwrap();
    outbox.append(&mut first, event("a@b.c")).await.unwrap();

    let mut other = pool.begin().await.unwrap();
    outbox.append(&mut other, event("d@e.f")).await.unwrap();
    other.commit().await.unwrap();

    let mut second = pool.begin().await.unwrap();
    let appending = async {
        let id = outbox.append(&mut second, event("a@b.c")).await.unwrap();
        second.commit().await.unwrap();
        id
    };
    let committing = async {
        let mut conn = pool.acquire().await.unwrap();
        let waits = async || is_anyone_waiting(&mut conn).await.then_some(());
        eventually("the second waits", Duration::from_secs(10), waits).await;
        let id = outbox.append(&mut first, event("a@b.c")).await.unwrap();
        first.commit().await.unwrap();
        id
    };
    let (second, first) = tokio::join!(appending, committing);

    let mut conn = pool.acquire().await.unwrap();
    let rows = outbox.statements.read(&mut conn, i64::MIN).await.unwrap();
    let ids: Vec<_> = rows.iter().skip(2).map(|row| row.id).collect();
    assert_eq!(ids, [first, second]);
}

async fn is_anyone_waiting(conn: &mut sqlx::PgConnection) -> bool {
    sqlx::query_scalar(
        r"
        SELECT EXISTS (
            SELECT FROM pg_locks JOIN pg_database ON pg_database.oid = pg_locks.database
            WHERE locktype = 'advisory' AND NOT granted AND datname = current_database()
        )
        ",
    )
    .fetch_one(conn)
    .await
    .unwrap()
}

#[sqlx::test]
async fn one_relay_leads_until_its_session_ends(pool: PgPool) {
    let statements = Outbox::new("example").statements;
    let mut first = pool.acquire().await.unwrap().detach();
    let mut second = pool.acquire().await.unwrap();
    assert!(statements.try_lead(&mut first).await.unwrap());
    assert!(!statements.try_lead(&mut second).await.unwrap());
    sqlx::Connection::close(first).await.unwrap();
    // The server frees the lock once it sees the end of the session.
    let leads = async || {
        statements
            .try_lead(&mut second)
            .await
            .unwrap()
            .then_some(())
    };
    eventually("the second leads", Duration::from_secs(10), leads).await;
}

#[test]
#[should_panic(expected = "not a plain schema name")]
fn a_schema_name_that_is_not_plain_is_refused() {
    let _ = Outbox::new("users; DROP TABLE users.account");
}
