use chrono::{DateTime, Utc};
use sqlx::PgConnection;

use super::{Arrived, ContentType, Filename, Upload, UploadId};
use crate::{object::ObjectKey, user::UserId};

/// A row of `files.upload`.
struct Row {
    id: UploadId,
    user_id: UserId,
    filename: Filename,
    content_type: ContentType,
    created_at: DateTime<Utc>,
    expires_at: DateTime<Utc>,
    object_key: Option<ObjectKey>,
    byte_size: Option<i64>,
    uploaded_at: Option<DateTime<Utc>>,
}

impl From<Row> for Upload {
    fn from(row: Row) -> Self {
        // All three or none, as the table checks.
        let arrived = row.object_key.zip(row.byte_size).zip(row.uploaded_at);
        Self {
            id: row.id,
            user_id: row.user_id,
            filename: row.filename,
            content_type: row.content_type,
            created_at: row.created_at,
            expires_at: row.expires_at,
            arrived: arrived.map(|((object_key, byte_size), at)| Arrived {
                object_key,
                byte_size,
                at,
            }),
        }
    }
}

/// False when the person has `max_pending` pending uploads already.
pub(super) async fn insert(
    conn: &mut PgConnection,
    upload: &Upload,
    max_pending: i64,
) -> sqlx::Result<bool> {
    let done = sqlx::query!(
        r#"
        INSERT INTO files.upload (id, user_id, filename, content_type, created_at, expires_at)
        SELECT $1, $2, $3, $4, $5, $6
        WHERE (
            SELECT count(*)
            FROM files.upload
            WHERE user_id = $2 AND uploaded_at IS NULL AND expires_at > $5
        ) < $7
        "#,
        upload.id.0,
        upload.user_id.0,
        upload.filename.as_str(),
        upload.content_type.as_str(),
        upload.created_at,
        upload.expires_at,
        max_pending,
    )
    .execute(conn)
    .await?;
    Ok(done.rows_affected() == 1)
}

pub(super) async fn find(conn: &mut PgConnection, id: UploadId) -> sqlx::Result<Option<Upload>> {
    let row = sqlx::query_as!(
        Row,
        r#"
        SELECT
            id AS "id: _",
            user_id AS "user_id: _",
            filename AS "filename: _",
            content_type AS "content_type: _",
            created_at,
            expires_at,
            object_key AS "object_key: _",
            byte_size,
            uploaded_at
        FROM files.upload
        WHERE id = $1
        "#,
        id.0,
    )
    .fetch_optional(conn)
    .await?;
    Ok(row.map(Upload::from))
}

pub(crate) async fn find_for_owner(
    conn: &mut PgConnection,
    user_id: UserId,
    id: UploadId,
) -> sqlx::Result<Option<Upload>> {
    let row = sqlx::query_as!(
        Row,
        r#"
        SELECT
            id AS "id: _",
            user_id AS "user_id: _",
            filename AS "filename: _",
            content_type AS "content_type: _",
            created_at,
            expires_at,
            object_key AS "object_key: _",
            byte_size,
            uploaded_at
        FROM files.upload
        WHERE user_id = $1 AND id = $2
        "#,
        user_id.0,
        id.0,
    )
    .fetch_optional(conn)
    .await?;
    Ok(row.map(Upload::from))
}

/// False when the upload has its file already, or is gone.
pub(super) async fn set_arrived(
    conn: &mut PgConnection,
    id: UploadId,
    arrived: &Arrived,
) -> sqlx::Result<bool> {
    let done = sqlx::query!(
        r#"
        UPDATE files.upload
        SET object_key = $2, byte_size = $3, uploaded_at = $4
        WHERE id = $1 AND uploaded_at IS NULL
        "#,
        id.0,
        arrived.object_key.as_str(),
        arrived.byte_size,
        arrived.at,
    )
    .execute(conn)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Removes an upload and answers the object that nothing uses any more.
pub(crate) async fn remove(
    conn: &mut PgConnection,
    id: UploadId,
) -> sqlx::Result<Option<ObjectKey>> {
    let key = sqlx::query_scalar!(
        r#"
        DELETE FROM files.upload
        WHERE id = $1
        RETURNING object_key AS "object_key: ObjectKey"
        "#,
        id.0,
    )
    .fetch_optional(conn)
    .await?;
    Ok(key.flatten())
}

/// Removes the uploads that expired before a time without a file.
pub(super) async fn remove_abandoned(
    conn: &mut PgConnection,
    expired_before: DateTime<Utc>,
) -> sqlx::Result<u64> {
    let done = sqlx::query!(
        r#"
        DELETE FROM files.upload
        WHERE uploaded_at IS NULL AND expires_at < $1
        "#,
        expired_before,
    )
    .execute(conn)
    .await?;
    Ok(done.rows_affected())
}
