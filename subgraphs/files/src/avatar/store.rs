use sqlx::PgConnection;

use super::{Image, ImageId};
use crate::{object::ObjectKey, upload::UploadId, user::UserId};

/// Locks the place of a person's avatar, and answers what stands there.
pub(super) async fn lock_avatar(
    conn: &mut PgConnection,
    user_id: UserId,
) -> sqlx::Result<Option<ImageId>> {
    // An update that changes nothing, for its lock: the row may be new.
    sqlx::query_scalar!(
        r#"
        INSERT INTO files.avatar (user_id)
        VALUES ($1)
        ON CONFLICT (user_id) DO UPDATE SET user_id = excluded.user_id
        RETURNING image_id AS "image_id: ImageId"
        "#,
        user_id.0,
    )
    .fetch_one(conn)
    .await
}

pub(super) async fn set_avatar(
    conn: &mut PgConnection,
    user_id: UserId,
    image_id: Option<ImageId>,
) -> sqlx::Result<()> {
    sqlx::query!(
        r#"
        UPDATE files.avatar
        SET image_id = $2
        WHERE user_id = $1
        "#,
        user_id.0,
        image_id.map(|id| id.0),
    )
    .execute(conn)
    .await?;
    Ok(())
}

pub(super) async fn insert_image(conn: &mut PgConnection, image: &Image) -> sqlx::Result<()> {
    sqlx::query!(
        r#"
        INSERT INTO files.image
            (id, user_id, upload_id, object_key, content_type, byte_size, width, height, created_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
        "#,
        image.id.0,
        image.user_id.0,
        image.upload_id.map(|id| id.0),
        image.object_key.as_str(),
        image.content_type,
        image.byte_size,
        image.width,
        image.height,
        image.created_at,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// What an image leaves behind.
pub(super) struct Gone {
    pub(super) object_key: ObjectKey,
    pub(super) upload_id: Option<UploadId>,
}

pub(super) async fn remove_image(
    conn: &mut PgConnection,
    id: ImageId,
) -> sqlx::Result<Option<Gone>> {
    sqlx::query_as!(
        Gone,
        r#"
        DELETE FROM files.image
        WHERE id = $1
        RETURNING object_key AS "object_key: _", upload_id AS "upload_id: _"
        "#,
        id.0,
    )
    .fetch_optional(conn)
    .await
}

/// The avatars of those of the users who have one.
pub(super) async fn avatars(
    conn: &mut PgConnection,
    user_ids: &[uuid::Uuid],
) -> sqlx::Result<Vec<Image>> {
    sqlx::query_as!(
        Image,
        r#"
        SELECT
            image.id AS "id: _",
            image.user_id AS "user_id: _",
            image.upload_id AS "upload_id: _",
            image.object_key AS "object_key: _",
            image.content_type,
            image.byte_size,
            image.width,
            image.height,
            image.created_at
        FROM files.avatar
        JOIN files.image ON image.id = avatar.image_id
        WHERE avatar.user_id = ANY($1)
        "#,
        user_ids,
    )
    .fetch_all(conn)
    .await
}

/// Those of the images that there are.
pub(super) async fn images(
    conn: &mut PgConnection,
    ids: &[uuid::Uuid],
) -> sqlx::Result<Vec<Image>> {
    sqlx::query_as!(
        Image,
        r#"
        SELECT
            id AS "id: _",
            user_id AS "user_id: _",
            upload_id AS "upload_id: _",
            object_key AS "object_key: _",
            content_type,
            byte_size,
            width,
            height,
            created_at
        FROM files.image
        WHERE id = ANY($1)
        "#,
        ids,
    )
    .fetch_all(conn)
    .await
}
