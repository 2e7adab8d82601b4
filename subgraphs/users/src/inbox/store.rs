//! All SQL of the inbox.

use chrono::{DateTime, Utc};
use sqlx::PgConnection;
use uuid::Uuid;

/// Whether the event is new. One that another transaction is taking waits for its end.
pub(super) async fn insert(
    conn: &mut PgConnection,
    event_id: Uuid,
    now: DateTime<Utc>,
) -> sqlx::Result<bool> {
    let inserted = sqlx::query!(
        r#"
        INSERT INTO users.inbox (event_id, received_at)
        VALUES ($1, $2)
        ON CONFLICT (event_id) DO NOTHING
        "#,
        event_id,
        now,
    )
    .execute(conn)
    .await?;
    Ok(inserted.rows_affected() == 1)
}

pub(crate) async fn delete_received_before(
    conn: &mut PgConnection,
    moment: DateTime<Utc>,
) -> sqlx::Result<u64> {
    let deleted = sqlx::query!(
        r#"
        DELETE FROM users.inbox
        WHERE received_at < $1
        "#,
        moment,
    )
    .execute(conn)
    .await?;
    Ok(deleted.rows_affected())
}
