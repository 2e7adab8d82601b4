//! The SQL of applied mutations.

use chrono::{DateTime, Utc};
use sqlx::PgConnection;
use uuid::Uuid;

use super::Sent;
use crate::ids::UserId;

/// A mutation that was applied.
pub(super) struct Applied {
    pub(super) operation: String,
    pub(super) input_hash: Vec<u8>,
    pub(super) made_id: Uuid,
}

/// Takes a key; false when it is taken. Waits for a transaction that has taken it and is under way.
pub(super) async fn insert(
    conn: &mut PgConnection,
    user: UserId,
    sent: &Sent,
    made_id: Uuid,
    now: DateTime<Utc>,
) -> sqlx::Result<bool> {
    let inserted = sqlx::query!(
        "
        INSERT INTO training.applied_mutation (user_id, key, operation, input_hash, made_id, applied_at)
        VALUES ($1, $2, $3, $4, $5, $6)
        ON CONFLICT (user_id, key) DO NOTHING
        ",
        user.0,
        sent.key,
        sent.operation,
        &sent.input_hash[..],
        made_id,
        now,
    )
    .execute(conn)
    .await?;
    Ok(inserted.rows_affected() > 0)
}

pub(super) async fn find(
    conn: &mut PgConnection,
    user: UserId,
    key: &str,
) -> sqlx::Result<Option<Applied>> {
    sqlx::query_as!(
        Applied,
        "SELECT operation, input_hash, made_id FROM training.applied_mutation WHERE user_id = $1 AND key = $2",
        user.0,
        key,
    )
    .fetch_optional(conn)
    .await
}

pub(super) async fn delete_before(
    conn: &mut PgConnection,
    time: DateTime<Utc>,
) -> sqlx::Result<u64> {
    let deleted = sqlx::query!(
        "DELETE FROM training.applied_mutation WHERE applied_at < $1",
        time
    )
    .execute(conn)
    .await?;
    Ok(deleted.rows_affected())
}
