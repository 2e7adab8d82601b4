//! Writing GraphQL responses as an HTTP response.

use axum::{body::Body, response::Response};
use http::{HeaderValue, StatusCode, header};

use crate::graph::GraphResponse;

use super::{media::Media, pieces::Pieces};

/// Codes of errors that are not the client's doing.
const OUR_FAULT: [&str; 2] = ["INTERNAL_SERVER_ERROR", "QUERY_PLANNING_FAILED"];

/// Codes of errors that are told by a status of their own, whatever the media type.
const REFUSED: [(&str, StatusCode); 3] = [
    ("UNAUTHENTICATED", StatusCode::UNAUTHORIZED),
    ("RATE_LIMITED", StatusCode::TOO_MANY_REQUESTS),
    (
        "AUTHENTICATION_UNAVAILABLE",
        StatusCode::SERVICE_UNAVAILABLE,
    ),
];

/// `response` as `media`.
pub(super) fn write(media: Media, response: &GraphResponse) -> Response {
    let status = status(media, response);
    match response.to_pieces() {
        Some(pieces) => with_body(media, status, Body::new(Pieces::new(pieces))),
        None => with_status(media, status, response.to_json()),
    }
}

/// The responses of a batch, in its order.
pub(super) fn write_batch(media: Media, responses: &[GraphResponse]) -> Response {
    let mut json = vec![b'['];
    for (index, response) in responses.iter().enumerate() {
        if index > 0 {
            json.push(b',');
        }
        json.extend_from_slice(&response.to_json());
    }
    json.push(b']');
    with_status(media, StatusCode::OK, json)
}

/// The status of the answer to a well-formed request.
pub(super) fn status(media: Media, response: &GraphResponse) -> StatusCode {
    if response.data.is_some() {
        return StatusCode::OK;
    }
    for (code, status) in REFUSED {
        if response.errors.iter().any(|error| error.code() == code) {
            return status;
        }
    }
    let mut errors = response.errors.iter();
    media.refusal(errors.any(|error| OUR_FAULT.contains(&error.code())))
}

pub(super) fn with_status(media: Media, status: StatusCode, json: Vec<u8>) -> Response {
    with_body(media, status, Body::from(json))
}

fn with_body(media: Media, status: StatusCode, body: Body) -> Response {
    let mut http = Response::new(body);
    *http.status_mut() = status;
    http.headers_mut().insert(
        header::CONTENT_TYPE,
        HeaderValue::from_static(media.content_type()),
    );
    http
}
