use std::time::Duration;

use axum::{
    body::{Body, BodyDataStream},
    extract::{
        Path, Query, State,
        rejection::{PathRejection, QueryRejection},
    },
    http::{HeaderMap, StatusCode, header},
};
use chrono::{DateTime, Utc};
use futures_util::StreamExt;
use uuid::Uuid;

use super::{ContentType, ReceiveError, UploadId};
use crate::{
    App,
    http::{HttpError, permitted},
    object::WriteError,
    signed_url::Signed,
};

/// The longest that a file may take to arrive.
const ARRIVAL_TIME: Duration = Duration::from_mins(10);

/// How long a refused file may go on arriving.
const DRAIN_TIME: Duration = Duration::from_secs(10);

/// `PUT /files/{id}`: the file of an upload.
pub(crate) async fn put(
    State(app): State<App>,
    path: Result<Path<Uuid>, PathRejection>,
    signed: Result<Query<Signed>, QueryRejection>,
    headers: HeaderMap,
    body: Body,
) -> Result<StatusCode, HttpError> {
    let now = Utc::now();
    let (id, signed) = permitted(path, signed)?;
    let expected = app.urls.check_put(id, signed, now)?;
    check_content_type(&headers, &expected)?;
    let mut body = body.into_data_stream();
    let outcome = take(&app, UploadId(id), &headers, &mut body, now).await;
    if outcome.is_err() {
        drain(&mut body, app.upload_max_bytes).await;
    }
    outcome.map(|()| StatusCode::OK)
}

async fn take(
    app: &App,
    id: UploadId,
    headers: &HeaderMap,
    body: &mut BodyDataStream,
    now: DateTime<Utc>,
) -> Result<(), HttpError> {
    check_length(headers, app.upload_max_bytes)?;
    let receive = super::receive(app, id, body, now);
    let outcome = tokio::time::timeout(ARRIVAL_TIME, receive).await;
    Ok(outcome.map_err(|_| HttpError::timeout(ARRIVAL_TIME))??)
}

/// Lets a client that is still sending finish, within reason: one whose
/// connection breaks while it sends does not read why.
async fn drain(body: &mut BodyDataStream, max: u64) {
    let discard = async {
        let mut left = max;
        while let Some(Ok(bytes)) = body.next().await {
            left = left.saturating_sub(bytes.len() as u64);
            if left == 0 {
                break;
            }
        }
    };
    // Whoever is slower than that has been told by the closed connection.
    let _ = tokio::time::timeout(DRAIN_TIME, discard).await;
}

fn check_content_type(headers: &HeaderMap, expected: &str) -> Result<(), HttpError> {
    let Some(given) = headers.get(header::CONTENT_TYPE) else {
        return Err(HttpError::bad_request(format!(
            "the header Content-Type is missing: this upload was announced as {expected}"
        )));
    };
    let given = given.to_str().ok().and_then(|text| text.parse().ok());
    if given.is_some_and(|given: ContentType| given.as_str() == expected) {
        return Ok(());
    }
    Err(HttpError::bad_request(format!(
        "the header Content-Type must be {expected}, as this upload was announced"
    )))
}

/// Refuses what is too large before a byte of it is read.
fn check_length(headers: &HeaderMap, max: u64) -> Result<(), HttpError> {
    let length = headers.get(header::CONTENT_LENGTH);
    let length = length.and_then(|value| value.to_str().ok()?.parse::<u64>().ok());
    if length.is_some_and(|length| length > max) {
        return Err(WriteError::TooLarge { max }.into());
    }
    Ok(())
}

impl From<ReceiveError> for HttpError {
    fn from(error: ReceiveError) -> Self {
        match error {
            ReceiveError::NotFound => Self::not_found(),
            ReceiveError::AlreadyUploaded => Self::conflict(error.to_string()),
            ReceiveError::Write(error) => error.into(),
            ReceiveError::Database(error) => Self::internal(&error),
        }
    }
}

impl From<WriteError> for HttpError {
    fn from(error: WriteError) -> Self {
        match error {
            WriteError::TooLarge { .. } => Self::too_large(error.to_string()),
            WriteError::Empty | WriteError::Interrupted(_) => Self::bad_request(error.to_string()),
            WriteError::Store(error) => Self::internal(&error),
        }
    }
}
