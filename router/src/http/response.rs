//! Writing a GraphQL response as an HTTP response.

use axum::{body::Body, response::Response};
use http::{HeaderValue, StatusCode, header};

use crate::graph::{GraphError, GraphResponse};

use super::media::Media;

/// Codes of errors that are not the client's doing.
const OUR_FAULT: [&str; 2] = ["INTERNAL_SERVER_ERROR", "QUERY_PLANNING_FAILED"];

/// `response` as `media`.
pub(super) fn write(media: Media, response: &GraphResponse) -> Response {
    let status = if response.data.is_some() {
        StatusCode::OK
    } else {
        let mut errors = response.errors.iter();
        media.refusal(errors.any(|error| OUR_FAULT.contains(&error.code())))
    };
    with_status(media, status, response)
}

/// An error with a status of its own.
pub(super) fn refuse(media: Media, status: StatusCode, error: GraphError) -> Response {
    let response = GraphResponse {
        data: None,
        errors: vec![error],
    };
    with_status(media, status, &response)
}

fn with_status(media: Media, status: StatusCode, response: &GraphResponse) -> Response {
    let mut http = Response::new(Body::from(response.to_json()));
    *http.status_mut() = status;
    http.headers_mut().insert(
        header::CONTENT_TYPE,
        HeaderValue::from_static(media.content_type()),
    );
    http
}
