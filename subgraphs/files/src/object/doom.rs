//! The SQL of `files.doomed_object`.

use chrono::{DateTime, Utc};
use sqlx::PgConnection;

use super::ObjectKey;

/// Notes that an object is to be removed at a time, or at another time than noted.
pub(crate) async fn doom(
    conn: &mut PgConnection,
    key: &ObjectKey,
    remove_after: DateTime<Utc>,
) -> sqlx::Result<()> {
    sqlx::query!(
        r#"
        INSERT INTO files.doomed_object (object_key, remove_after)
        VALUES ($1, $2)
        ON CONFLICT (object_key) DO UPDATE SET remove_after = excluded.remove_after
        "#,
        key.as_str(),
        remove_after,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Takes the note of an object away, because something uses it now. False when
/// there is none: the sweep has been faster, and the object is gone.
pub(crate) async fn claim(conn: &mut PgConnection, key: &ObjectKey) -> sqlx::Result<bool> {
    let done = sqlx::query!(
        r#"
        DELETE FROM files.doomed_object
        WHERE object_key = $1
        "#,
        key.as_str(),
    )
    .execute(conn)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// One object that is due, locked, and passed over by other sweeps.
pub(super) async fn lock_due(
    conn: &mut PgConnection,
    now: DateTime<Utc>,
) -> sqlx::Result<Option<ObjectKey>> {
    sqlx::query_scalar!(
        r#"
        SELECT object_key AS "object_key: ObjectKey"
        FROM files.doomed_object
        WHERE remove_after <= $1
        ORDER BY remove_after
        LIMIT 1
        FOR UPDATE SKIP LOCKED
        "#,
        now,
    )
    .fetch_optional(conn)
    .await
}
