use axum::response::{IntoResponse as _, Response};
use http::{HeaderValue, StatusCode, header};

use crate::{
    graph::{GraphError, GraphResponse},
    upload::UploadError,
};

use super::{media::Media, response};

/// Why a request's operation does not run.
#[derive(Debug)]
pub(super) struct Refusal {
    pub(super) errors: Vec<GraphError>,
    /// `None` for a well-formed request, where the media type decides.
    status: Option<StatusCode>,
    allow: Option<&'static str>,
}

impl Refusal {
    /// The request is no GraphQL request.
    pub(super) fn malformed(message: &str) -> Self {
        Self::with_status(StatusCode::BAD_REQUEST, message)
    }

    pub(super) fn with_status(status: StatusCode, message: &str) -> Self {
        Self::from_error(status, GraphError::new("BAD_REQUEST", message))
    }

    pub(super) fn from_error(status: StatusCode, error: GraphError) -> Self {
        Self {
            errors: vec![error],
            status: Some(status),
            allow: None,
        }
    }

    pub(super) fn of_upload(error: &UploadError) -> Self {
        Self::with_status(error.status(), &error.to_string())
    }

    /// The request is well-formed, its operation not acceptable.
    pub(super) fn of_operation(errors: Vec<GraphError>) -> Self {
        Self {
            errors,
            status: None,
            allow: None,
        }
    }

    pub(super) fn method_not_allowed(allow: &'static str, message: &str) -> Self {
        let error = GraphError::new("METHOD_NOT_ALLOWED", message);
        Self {
            allow: Some(allow),
            ..Self::from_error(StatusCode::METHOD_NOT_ALLOWED, error)
        }
    }

    /// The answer; no cache keeps it.
    pub(super) fn answer(self, media: Media) -> Response {
        let refused = GraphResponse {
            data: None,
            errors: self.errors,
        };
        let status = self
            .status
            .unwrap_or_else(|| response::status(media, &refused));
        let mut answer = response::with_status(media, status, refused.to_json());
        let headers = answer.headers_mut();
        if status == StatusCode::UNAUTHORIZED {
            headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
        }
        let mut waits = refused.errors.iter();
        if let Some(seconds) = waits.find_map(GraphError::retry_after_seconds) {
            headers.insert(header::RETRY_AFTER, seconds.into());
        }
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        if let Some(allow) = self.allow {
            headers.insert(header::ALLOW, HeaderValue::from_static(allow));
        }
        answer.into_response()
    }
}
