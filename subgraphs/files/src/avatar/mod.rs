//! The picture of a person, made from an upload and encoded by us: what is
//! served inline never holds bytes that somebody else chose.

mod codec;
mod file;
mod graphql;
mod loader;
mod store;

use chrono::{DateTime, Utc};
use setwise_graphql::id_type;
use sqlx::PgConnection;
use tokio::sync::Semaphore;
use uuid::Uuid;

use crate::{
    App,
    object::{self, ObjectKey},
    refusal::Refusal,
    upload::{self, UploadId},
    user::UserId,
};

pub(crate) use graphql::{AvatarMutation, AvatarQuery};
pub(crate) use loader::{AvatarLoader, ImageLoader};

id_type!(ImageId);

/// How many pictures are decoded at a time: each may take 200 MB for a moment.
pub(crate) const DECODERS: usize = 2;

/// A picture that never changes.
#[derive(Clone, Debug)]
pub(crate) struct Image {
    pub(crate) id: ImageId,
    pub(crate) user_id: UserId,
    pub(crate) upload_id: Option<UploadId>,
    pub(crate) object_key: ObjectKey,
    pub(crate) content_type: String,
    pub(crate) byte_size: i64,
    pub(crate) width: i32,
    pub(crate) height: i32,
    pub(crate) created_at: DateTime<Utc>,
}

/// Why an avatar was not set.
#[derive(Debug, thiserror::Error)]
pub(crate) enum SetError {
    #[error("refused: {0:?}")]
    Refused(Refusal),
    #[error("the database failed")]
    Database(#[from] sqlx::Error),
    #[error("the object store failed")]
    Store(#[from] object_store::Error),
    #[error("the file did not arrive whole")]
    Interrupted(#[source] axum::Error),
}

impl From<Refusal> for SetError {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(refusal)
    }
}

/// Makes the image for [`set`] out of an upload. Its object is written, and
/// doomed unless `set` claims it.
pub(crate) async fn prepare(
    app: &App,
    user_id: UserId,
    upload_id: UploadId,
    now: DateTime<Utc>,
) -> Result<Image, SetError> {
    let mut conn = app.pool.acquire().await?;
    let upload = upload::find_for_owner(&mut conn, user_id, upload_id).await?;
    drop(conn);
    let upload = upload.ok_or(Refusal::UploadNotFound)?;
    let arrived = upload.arrived.ok_or(Refusal::NotUploaded)?;
    let encoded = encode(app, &arrived.object_key).await?;

    let id = ImageId::new();
    let image = Image {
        id,
        user_id,
        upload_id: Some(upload_id),
        object_key: ObjectKey::image(Uuid::now_v7()),
        content_type: encoded.content_type.to_owned(),
        byte_size: i64::try_from(encoded.bytes.len()).unwrap_or(i64::MAX),
        width: encoded.width.cast_signed(),
        height: encoded.height.cast_signed(),
        created_at: now,
    };
    let mut conn = app.pool.acquire().await?;
    object::doom(&mut conn, &image.object_key, now + object::WRITE_TIME).await?;
    drop(conn);
    app.objects.put(&image.object_key, encoded.bytes).await?;
    Ok(image)
}

#[tracing::instrument(skip_all, name = "avatar.encode")]
async fn encode(app: &App, key: &ObjectKey) -> Result<codec::Encoded, SetError> {
    // Taken before the file is read: what waits holds no memory.
    let permit = app.decoders.acquire().await;
    let permit = permit.unwrap_or_else(|_| unreachable!("the semaphore is never closed"));
    let bytes = app.objects.read(key).await?;
    let encoded = tokio::task::spawn_blocking(move || codec::encode(&bytes)).await;
    drop(permit);
    encoded
        .unwrap_or_else(|error| {
            // A decoder that panics has met bytes that are no picture.
            tracing::warn!(error.message = %error, "an image decoder panicked");
            Err(Refusal::NotAnImage)
        })
        .map_err(SetError::from)
}

/// Makes an upload whose file has arrived the avatar. Decoding takes its time, so it comes before
/// the transaction.
#[tracing::instrument(skip_all, name = "avatar.set", fields(user.id = %user, upload.id = %upload))]
async fn set_from_upload(app: &App, user: UserId, upload: UploadId) -> Result<Image, SetError> {
    let now = Utc::now();
    let image = prepare(app, user, upload, now).await?;
    let mut tx = app.pool.begin().await?;
    set(&mut tx, &image, now).await?;
    tx.commit().await?;
    app.sweeper.wake();
    Ok(image)
}

/// Puts a prepared image in the place of the avatar before it, which goes, and
/// the upload that it came from with it.
pub(crate) async fn set(
    conn: &mut PgConnection,
    image: &Image,
    now: DateTime<Utc>,
) -> Result<(), SetError> {
    let old = store::lock_avatar(conn, image.user_id).await?;
    // The upload may have gone with another avatar since.
    if let Some(id) = image.upload_id
        && upload::find_for_owner(conn, image.user_id, id)
            .await?
            .is_none()
    {
        return Err(Refusal::UploadNotFound.into());
    }
    if !object::claim(conn, &image.object_key).await? {
        return Err(Refusal::UploadNotFound.into());
    }
    store::insert_image(conn, image).await?;
    store::set_avatar(conn, image.user_id, Some(image.id)).await?;
    if let Some(old) = old {
        let keep = image.upload_id;
        discard(conn, old, keep, now).await?;
    }
    Ok(())
}

/// Takes the avatar away; none is fine.
pub(crate) async fn remove(
    conn: &mut PgConnection,
    user_id: UserId,
    now: DateTime<Utc>,
) -> sqlx::Result<()> {
    if let Some(old) = store::lock_avatar(conn, user_id).await? {
        store::set_avatar(conn, user_id, None).await?;
        discard(conn, old, None, now).await?;
    }
    Ok(())
}

/// Removes an image and, unless it is `keep`, the upload that it came from.
async fn discard(
    conn: &mut PgConnection,
    image: ImageId,
    keep: Option<UploadId>,
    now: DateTime<Utc>,
) -> sqlx::Result<()> {
    let Some(gone) = store::remove_image(conn, image).await? else {
        return Ok(());
    };
    object::doom(conn, &gone.object_key, now).await?;
    if let Some(id) = gone.upload_id
        && Some(id) != keep
        && let Some(key) = upload::remove(conn, id).await?
    {
        object::doom(conn, &key, now).await?;
    }
    Ok(())
}

/// The places of those who decode.
pub(crate) fn decoders() -> Semaphore {
    Semaphore::new(DECODERS)
}
