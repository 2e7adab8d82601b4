//! Uploads: a person announces a file, gets a signed URL, and sends the file
//! there by one PUT.

mod graphql;
mod http;
mod store;

use std::{fmt, str::FromStr};

use bytes::Bytes;
use chrono::{DateTime, SubsecRound, TimeDelta, Utc};
use futures_util::Stream;
use setwise_graphql::id_type;
use sqlx::PgConnection;
use uuid::Uuid;

use crate::{
    App,
    object::{self, ObjectKey, WriteError},
    refusal::Refusal,
    user::UserId,
};

pub(crate) use graphql::{UploadMutation, UploadQuery};
pub(crate) use http::put;
pub(crate) use store::{find_for_owner, remove};

id_type!(UploadId);

/// How long an upload URL is good for.
const UPLOAD_TIME: TimeDelta = TimeDelta::minutes(15);
/// A file that began to arrive in time may still arrive: only then is an upload abandoned.
const ABANDONED_AFTER: TimeDelta = object::WRITE_TIME;
/// How many announced files of one person may be pending at a time.
const MAX_PENDING: i64 = 50;
const MAX_NAME_CHARS: usize = 255;

/// A file that was announced, and perhaps has arrived.
#[derive(Clone, Debug)]
pub(crate) struct Upload {
    pub(crate) id: UploadId,
    pub(crate) user_id: UserId,
    pub(crate) filename: Filename,
    pub(crate) content_type: ContentType,
    pub(crate) created_at: DateTime<Utc>,
    pub(crate) expires_at: DateTime<Utc>,
    pub(crate) arrived: Option<Arrived>,
}

/// The file of an upload.
#[derive(Clone, Debug)]
pub(crate) struct Arrived {
    pub(crate) object_key: ObjectKey,
    pub(crate) byte_size: i64,
    pub(crate) at: DateTime<Utc>,
}

/// The last part of a path, without control characters: 1 to 255 characters.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::Type)]
#[sqlx(transparent)]
pub(crate) struct Filename(String);

impl Filename {
    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for Filename {
    type Err = Refusal;

    fn from_str(text: &str) -> Result<Self, Refusal> {
        let name = text.rsplit(['/', '\\']).next().unwrap_or_default();
        let name: String = name.chars().filter(|char| !char.is_control()).collect();
        let name = name.trim();
        if name.is_empty() {
            return Err(Refusal::EmptyFilename);
        }
        if name.chars().count() > MAX_NAME_CHARS {
            return Err(Refusal::LongFilename {
                max: MAX_NAME_CHARS,
            });
        }
        Ok(Self(name.to_owned()))
    }
}

/// A media type in lower case, like `image/jpeg`. Parameters are dropped.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::Type)]
#[sqlx(transparent)]
pub(crate) struct ContentType(String);

impl ContentType {
    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for ContentType {
    type Err = Refusal;

    /// RFC 9110, 8.3.1, and the lengths of RFC 6838, 4.2.
    fn from_str(text: &str) -> Result<Self, Refusal> {
        let is_token = |part: &str| {
            let fits =
                |char: char| char.is_ascii_alphanumeric() || "!#$%&'*+-.^_`|~".contains(char);
            (1..=127).contains(&part.len()) && part.chars().all(fits)
        };
        let essence = text.split(';').next().unwrap_or_default().trim();
        match essence.split_once('/') {
            Some((kind, subtype)) if is_token(kind) && is_token(subtype) => {
                Ok(Self(essence.to_ascii_lowercase()))
            }
            _ => Err(Refusal::InvalidContentType),
        }
    }
}

impl fmt::Display for ContentType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// What a person says about a file before sending it.
pub(crate) struct Announcement {
    pub(crate) id: UploadId,
    pub(crate) user_id: UserId,
    pub(crate) filename: String,
    pub(crate) content_type: String,
}

/// Why an upload was not created.
#[derive(Debug, thiserror::Error)]
pub(crate) enum CreateError {
    #[error("refused: {0:?}")]
    Refused(Refusal),
    #[error("the database failed")]
    Database(#[from] sqlx::Error),
}

impl From<Refusal> for CreateError {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(refusal)
    }
}

/// Announces a file; the upload URL is good for 15 minutes from `now`.
pub(crate) async fn create(
    conn: &mut PgConnection,
    announcement: Announcement,
    now: DateTime<Utc>,
) -> Result<Upload, CreateError> {
    let upload = Upload {
        id: announcement.id,
        user_id: announcement.user_id,
        filename: announcement.filename.parse()?,
        content_type: announcement.content_type.parse()?,
        created_at: now,
        // URLs count in seconds.
        expires_at: now.trunc_subsecs(0) + UPLOAD_TIME,
        arrived: None,
    };
    if !store::insert(conn, &upload, MAX_PENDING).await? {
        return Err(Refusal::TooManyPending { max: MAX_PENDING }.into());
    }
    Ok(upload)
}

/// Why a file was not taken.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ReceiveError {
    #[error("there is no such upload")]
    NotFound,
    #[error("this upload has its file already")]
    AlreadyUploaded,
    #[error(transparent)]
    Write(#[from] WriteError),
    #[error("the database failed")]
    Database(#[from] sqlx::Error),
}

/// Takes the file of an upload, once. The caller has checked the signature.
#[tracing::instrument(skip_all, name = "upload.receive", fields(upload.id = %id))]
pub(crate) async fn receive(
    app: &App,
    id: UploadId,
    body: impl Stream<Item = Result<Bytes, axum::Error>> + Send + Unpin,
    now: DateTime<Utc>,
) -> Result<(), ReceiveError> {
    let mut conn = app.pool.acquire().await?;
    let upload = store::find(&mut conn, id).await?;
    if upload.ok_or(ReceiveError::NotFound)?.arrived.is_some() {
        return Err(ReceiveError::AlreadyUploaded);
    }
    let key = ObjectKey::upload(Uuid::now_v7());
    object::doom(&mut conn, &key, now + object::WRITE_TIME).await?;
    // A file may take minutes to arrive: no connection waits for it.
    drop(conn);
    let outcome = match app.objects.write(&key, body, app.upload_max_bytes).await {
        Ok(byte_size) => keep(app, id, &key, byte_size).await,
        Err(error) => Err(error.into()),
    };
    if outcome.is_err() {
        let mut conn = app.pool.acquire().await?;
        object::doom(&mut conn, &key, now).await?;
        app.sweeper.wake();
    }
    outcome
}

/// Of several files that were sent to one upload, the first that is whole stays.
async fn keep(
    app: &App,
    id: UploadId,
    key: &ObjectKey,
    byte_size: u64,
) -> Result<(), ReceiveError> {
    let arrived = Arrived {
        object_key: key.clone(),
        byte_size: i64::try_from(byte_size).unwrap_or(i64::MAX),
        at: Utc::now(),
    };
    let mut tx = app.pool.begin().await?;
    if !store::set_arrived(&mut tx, id, &arrived).await? {
        return Err(ReceiveError::AlreadyUploaded);
    }
    if !object::claim(&mut tx, key).await? {
        return Err(ReceiveError::NotFound);
    }
    tx.commit().await?;
    Ok(())
}

/// Removes the uploads whose file never came, and answers how many.
pub(crate) async fn remove_abandoned(
    conn: &mut PgConnection,
    now: DateTime<Utc>,
) -> sqlx::Result<u64> {
    store::remove_abandoned(conn, now - ABANDONED_AFTER).await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_filename_is_the_last_part_of_a_path() {
        for (text, expected) in [
            ("me.jpg", "me.jpg"),
            ("/sdcard/DCIM/me.jpg", "me.jpg"),
            (r"C:\Photos\me.jpg", "me.jpg"),
            (" моё фото\r\n.png ", "моё фото.png"),
        ] {
            assert_eq!(text.parse::<Filename>().unwrap().as_str(), expected);
        }
        for bad in ["", "  ", "folder/", "\0"] {
            assert_eq!(bad.parse::<Filename>(), Err(Refusal::EmptyFilename));
        }
        assert!("a".repeat(256).parse::<Filename>().is_err());
    }

    #[test]
    fn a_content_type_is_a_type_and_a_subtype() {
        for (text, expected) in [
            ("image/JPEG", "image/jpeg"),
            ("text/plain; charset=utf-8", "text/plain"),
            ("image/svg+xml", "image/svg+xml"),
        ] {
            assert_eq!(text.parse::<ContentType>().unwrap().as_str(), expected);
        }
        for bad in [
            "",
            "image",
            "image/",
            "/png",
            "image/a b",
            "a/b/c",
            "image/\u{e9}",
            "a/b\r\nc",
        ] {
            assert_eq!(bad.parse::<ContentType>(), Err(Refusal::InvalidContentType));
        }
    }
}
