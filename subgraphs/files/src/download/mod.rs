//! `GET /files/{id}`: what was uploaded, and the pictures made of it.
//!
//! Bytes that somebody sent are never rendered as a page of ours: they come as
//! an attachment, with a fixed type and in a sandbox. Only pictures that we
//! encoded ourselves come inline.

mod store;

use std::fmt::Write;

use axum::{
    body::Body,
    extract::{
        Path, Query, State,
        rejection::{PathRejection, QueryRejection},
    },
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use uuid::Uuid;

use crate::{
    App,
    http::{HttpError, permitted},
    object::ObjectKey,
    signed_url::Signed,
};

const SANDBOX: HeaderValue = HeaderValue::from_static("default-src 'none'; sandbox");
/// A day, in seconds: a file never changes, but one that is removed should not stay for long.
const CACHING: HeaderValue = HeaderValue::from_static("private, max-age=86400, immutable");
const NOSNIFF: HeaderValue = HeaderValue::from_static("nosniff");

/// A file that can be served.
#[derive(Clone, Debug)]
struct Download {
    object_key: ObjectKey,
    content_type: String,
    byte_size: i64,
    /// The name that its owner gave; an image of ours has none.
    filename: Option<String>,
}

/// `GET /files/{id}`: the file, if the URL permits it.
#[tracing::instrument(skip_all, name = "download")]
pub(crate) async fn get(
    State(app): State<App>,
    path: Result<Path<Uuid>, PathRejection>,
    signed: Result<Query<Signed>, QueryRejection>,
    headers: HeaderMap,
) -> Result<Response, HttpError> {
    let (id, signed) = permitted(path, signed)?;
    app.urls.check_get(id, &signed)?;
    let mut conn = app.pool.acquire().await?;
    let download = store::find(&mut conn, id).await?;
    drop(conn);
    let download = download.ok_or_else(HttpError::not_found)?;
    // What an id stands for never changes.
    let etag = format!("\"{id}\"");
    let caching = [
        (header::ETAG, header_value(&etag)?),
        (header::CACHE_CONTROL, CACHING),
        (header::CONTENT_SECURITY_POLICY, SANDBOX),
        (header::X_CONTENT_TYPE_OPTIONS, NOSNIFF),
    ];
    if is_known(&headers, &etag) {
        return Ok((StatusCode::NOT_MODIFIED, caching).into_response());
    }
    let body = match app.objects.stream(&download.object_key).await {
        Ok(stream) => Body::from_stream(stream),
        Err(object_store::Error::NotFound { .. }) => {
            // Between the look-up and now, an avatar may have been replaced.
            tracing::warn!(file.id = %id, "a file has no object in the store");
            return Err(HttpError::not_found());
        }
        Err(error) => return Err(HttpError::internal(&error)),
    };
    let content = [
        (header::CONTENT_TYPE, header_value(&download.content_type)?),
        (header::CONTENT_LENGTH, download.byte_size.into()),
        (
            header::CONTENT_DISPOSITION,
            header_value(&disposition(download.filename.as_deref()))?,
        ),
    ];
    Ok((caching, content, body).into_response())
}

fn header_value(text: &str) -> Result<HeaderValue, HttpError> {
    HeaderValue::from_str(text).map_err(|error| HttpError::internal(&error))
}

/// Whether the client has the file already (RFC 9110, 13.1.2).
fn is_known(headers: &HeaderMap, etag: &str) -> bool {
    let values = headers.get_all(header::IF_NONE_MATCH).iter();
    let mut tags = values
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .map(str::trim);
    tags.any(|tag| tag == "*" || tag.trim_start_matches("W/") == etag)
}

/// RFC 6266: a plain name for old clients, and the whole name for the others.
fn disposition(filename: Option<&str>) -> String {
    let Some(name) = filename else {
        return "inline".into();
    };
    let plain: String = name
        .chars()
        .map(|char| match char {
            '"' | '\\' | '%' => '_',
            ' '..='~' => char,
            _ => '_',
        })
        .collect();
    let whole = name.bytes().fold(String::new(), |mut text, byte| {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            text.push(char::from(byte));
        } else {
            // Writing to a string does not fail.
            let _ = write!(text, "%{byte:02X}");
        }
        text
    });
    format!("attachment; filename=\"{plain}\"; filename*=UTF-8''{whole}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_an_attachment_for_old_and_new_clients() {
        assert_eq!(disposition(None), "inline");
        assert_eq!(
            disposition(Some("a\"b\\é.txt")),
            "attachment; filename=\"a_b__.txt\"; filename*=UTF-8''a%22b%5C%C3%A9.txt"
        );
    }

    #[test]
    fn knows_its_etag_among_others() {
        let with = |value: &'static str| {
            let mut headers = HeaderMap::new();
            headers.insert(header::IF_NONE_MATCH, HeaderValue::from_static(value));
            is_known(&headers, "\"a\"")
        };
        assert!(with("\"a\""));
        assert!(with("\"b\", W/\"a\""));
        assert!(with("*"));
        assert!(!with("\"b\""));
        assert!(!is_known(&HeaderMap::new(), "\"a\""));
    }
}
