//! A picture that comes with the mutation: an upload that is announced, received and used in one.

use axum::Error;
use chrono::Utc;
use futures_util::TryStreamExt as _;
use setwise_graphql::IncomingFile;

use super::{Image, SetError, set_from_upload};
use crate::{
    App,
    object::{self, WriteError},
    refusal::Refusal,
    upload::{self, Announcement, CreateError, ReceiveError, UploadId},
    user::UserId,
};

/// Makes `file` the person's avatar, while it arrives. Nothing stays of one that is refused.
#[tracing::instrument(skip_all, name = "avatar.set_from_file", fields(user.id = %user_id))]
pub(super) async fn set_from_file(
    app: &App,
    user_id: UserId,
    file: IncomingFile,
) -> Result<Image, SetError> {
    let id = UploadId::new();
    let content_type = file.content_type.as_deref();
    let announcement = Announcement {
        id,
        user_id,
        filename: file
            .filename
            .clone()
            .unwrap_or_else(|| "picture".to_owned()),
        content_type: content_type
            .unwrap_or("application/octet-stream")
            .to_owned(),
    };
    let mut tx = app.pool.begin().await?;
    upload::create(&mut tx, announcement, Utc::now()).await?;
    tx.commit().await?;
    let outcome = receive(app, user_id, id, file).await;
    if outcome.is_err() {
        discard(app, id).await?;
    }
    outcome
}

async fn receive(
    app: &App,
    user_id: UserId,
    id: UploadId,
    file: IncomingFile,
) -> Result<Image, SetError> {
    let bytes = Box::pin(file.into_stream().map_err(Error::new));
    upload::receive(app, id, bytes, Utc::now()).await?;
    set_from_upload(app, user_id, id).await
}

async fn discard(app: &App, id: UploadId) -> sqlx::Result<()> {
    let mut tx = app.pool.begin().await?;
    if let Some(key) = upload::remove(&mut tx, id).await? {
        object::doom(&mut tx, &key, Utc::now()).await?;
    }
    tx.commit().await?;
    app.sweeper.wake();
    Ok(())
}

impl From<CreateError> for SetError {
    fn from(error: CreateError) -> Self {
        match error {
            CreateError::Refused(refusal) => Self::Refused(refusal),
            CreateError::Database(error) => Self::Database(error),
        }
    }
}

impl From<ReceiveError> for SetError {
    fn from(error: ReceiveError) -> Self {
        match error {
            // it was announced a moment ago: only the person's other doing takes it away
            ReceiveError::NotFound | ReceiveError::AlreadyUploaded => {
                Self::Refused(Refusal::UploadNotFound)
            }
            ReceiveError::Write(WriteError::TooLarge { max }) => {
                Self::Refused(Refusal::TooManyBytes { max })
            }
            ReceiveError::Write(WriteError::Empty) => Self::Refused(Refusal::EmptyFile),
            ReceiveError::Write(WriteError::Interrupted(error)) => Self::Interrupted(error),
            ReceiveError::Write(WriteError::Store(error)) => Self::Store(error),
            ReceiveError::Database(error) => Self::Database(error),
        }
    }
}
