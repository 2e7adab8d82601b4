use sqlx::PgConnection;
use uuid::Uuid;

use super::Download;

/// The file of an upload that has arrived, or of an image.
pub(super) async fn find(conn: &mut PgConnection, id: Uuid) -> sqlx::Result<Option<Download>> {
    sqlx::query_as!(
        Download,
        r#"
        SELECT
            object_key AS "object_key!: _",
            content_type AS "content_type!",
            byte_size AS "byte_size!",
            filename
        FROM files.upload
        WHERE id = $1 AND uploaded_at IS NOT NULL
        UNION ALL
        SELECT object_key, content_type, byte_size, NULL
        FROM files.image
        WHERE id = $1
        "#,
        id,
    )
    .fetch_optional(conn)
    .await
}
