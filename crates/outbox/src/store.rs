use std::sync::Arc;

use sqlx::{AssertSqlSafe, PgConnection};
use uuid::Uuid;

use crate::NewEvent;

const BATCH: i64 = 500;

/// A row of the outbox.
#[derive(Clone, Debug, sqlx::FromRow)]
pub(crate) struct Row {
    pub sequence: i64,
    pub id: Uuid,
    pub topic: String,
    pub key: String,
    pub payload: String,
    pub traceparent: Option<String>,
}

/// The statements of one schema: sqlx checks SQL when it is compiled, and the
/// schema is known only by whoever makes the outbox.
#[derive(Clone, Debug)]
pub(crate) struct Statements {
    schema: &'static str,
    append: Arc<str>,
    read: Arc<str>,
    delete: Arc<str>,
}

impl Statements {
    pub fn new(schema: &'static str) -> Self {
        let plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_';
        assert!(
            !schema.is_empty() && schema.bytes().all(plain),
            "not a plain schema name: {schema}"
        );
        let append = format!(
            r"
            WITH event AS (
                INSERT INTO {schema}.outbox (id, topic, key, payload, traceparent)
                VALUES ($1, $2, $3, $4, $5)
            )
            SELECT pg_notify($6, '')
            "
        );
        let read = format!(
            r"
            SELECT sequence, id, topic, key, payload::text AS payload, traceparent
            FROM {schema}.outbox
            WHERE sequence > $1
            ORDER BY sequence
            LIMIT $2
            "
        );
        let delete = format!("DELETE FROM {schema}.outbox WHERE sequence = ANY($1)");
        Self {
            schema,
            append: append.into(),
            read: read.into(),
            delete: delete.into(),
        }
    }

    pub fn schema(&self) -> &'static str {
        self.schema
    }

    /// The channel of LISTEN and NOTIFY that tells of new rows.
    pub fn channel(&self) -> String {
        format!("{}_outbox", self.schema)
    }

    /// Takes the lock of the event's key for this transaction. A statement of
    /// its own: the next sequence must be drawn with the lock in hand.
    pub async fn lock_key(&self, conn: &mut PgConnection, event: &NewEvent) -> sqlx::Result<()> {
        let lock = [self.schema, &event.topic, &event.key].join("\n");
        sqlx::query("SELECT pg_advisory_xact_lock(hashtextextended($1, 0))")
            .bind(lock)
            .execute(conn)
            .await?;
        Ok(())
    }

    pub async fn append(
        &self,
        conn: &mut PgConnection,
        id: Uuid,
        event: &NewEvent,
        traceparent: Option<&str>,
    ) -> sqlx::Result<()> {
        sqlx::query(AssertSqlSafe(self.append.clone()))
            .bind(id)
            .bind(&event.topic)
            .bind(&event.key)
            .bind(&event.payload)
            .bind(traceparent)
            .bind(self.channel())
            .execute(conn)
            .await?;
        Ok(())
    }

    /// The next rows after `sequence`, in order.
    pub async fn read(&self, conn: &mut PgConnection, sequence: i64) -> sqlx::Result<Vec<Row>> {
        sqlx::query_as(AssertSqlSafe(self.read.clone()))
            .bind(sequence)
            .bind(BATCH)
            .fetch_all(conn)
            .await
    }

    pub async fn delete(&self, conn: &mut PgConnection, sequences: &[i64]) -> sqlx::Result<()> {
        sqlx::query(AssertSqlSafe(self.delete.clone()))
            .bind(sequences)
            .execute(conn)
            .await?;
        Ok(())
    }

    /// Takes the lock of the active relay for this session, if it is free. It
    /// is not waited for in the database: a statement that waits would hold
    /// back vacuum.
    pub async fn try_lead(&self, conn: &mut PgConnection) -> sqlx::Result<bool> {
        sqlx::query_scalar("SELECT pg_try_advisory_lock(hashtextextended($1, 0))")
            .bind(self.channel())
            .fetch_one(conn)
            .await
    }
}
