use std::{any::Any, borrow::Cow, sync::Arc};

use axum::response::{IntoResponse, Response};
use http::StatusCode;

use crate::graph::{GraphError, UserError};

/// Why a page cannot be shown. The answer carries it to `page::open`, which
/// knows language and form and draws the page that tells what to do.
#[derive(Debug, thiserror::Error)]
pub(crate) enum WebError {
    #[error("there is no such page")]
    NotFound,
    #[error("this page is for people who are signed in")]
    SignedOut,
    #[error("the form does not come from a page of ours")]
    Forgery,
    #[error("the request cannot be understood: {0}")]
    BadRequest(Cow<'static, str>),
    #[error("the request is too large")]
    TooLarge,
    #[error("the router refused: {0}")]
    Refused(String),
    #[error(transparent)]
    Graph(GraphError),
    #[error("a page panicked: {0}")]
    Panicked(String),
}

impl From<GraphError> for WebError {
    fn from(error: GraphError) -> Self {
        match error {
            GraphError::Unauthenticated => Self::SignedOut,
            GraphError::Forbidden | GraphError::NotFound => Self::NotFound,
            GraphError::BadInput(reason) => Self::BadRequest(reason.into()),
            GraphError::Unreachable(_)
            | GraphError::PartUnavailable(_)
            | GraphError::RateLimited
            | GraphError::Unexpected { .. } => Self::Graph(error),
        }
    }
}

impl WebError {
    pub(crate) fn status(&self) -> StatusCode {
        match self {
            Self::NotFound => StatusCode::NOT_FOUND,
            Self::SignedOut => StatusCode::UNAUTHORIZED,
            Self::Forgery => StatusCode::FORBIDDEN,
            Self::BadRequest(_) => StatusCode::BAD_REQUEST,
            Self::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            Self::Refused(_) => StatusCode::UNPROCESSABLE_ENTITY,
            Self::Graph(GraphError::RateLimited) => StatusCode::TOO_MANY_REQUESTS,
            Self::Graph(GraphError::Unreachable(_) | GraphError::PartUnavailable(_)) => {
                StatusCode::SERVICE_UNAVAILABLE
            }
            Self::Graph(
                GraphError::Unauthenticated
                | GraphError::Forbidden
                | GraphError::NotFound
                | GraphError::BadInput(_)
                | GraphError::Unexpected { .. },
            )
            | Self::Panicked(_) => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }

    /// A change without refusal that does not say what it made: what was asked can be asked again, by the same key.
    pub(crate) fn untold() -> Self {
        let reason = "a payload without what was made";
        Self::Graph(GraphError::PartUnavailable(reason.to_owned()))
    }

    /// What [`CatchPanicLayer`](tower_http::catch_panic::CatchPanicLayer) answers for a page that panicked.
    pub(crate) fn panicked(payload: Box<dyn Any + Send>) -> Response {
        let reason = match payload.downcast::<String>() {
            Ok(reason) => *reason,
            Err(payload) => payload
                .downcast::<&str>()
                .map_or_else(|_| "without a reason".into(), |reason| (*reason).to_owned()),
        };
        Self::Panicked(reason).into_response()
    }

    /// Whether the same request may well succeed later.
    pub(crate) fn is_passing(&self) -> bool {
        let status = self.status();
        status == StatusCode::SERVICE_UNAVAILABLE || status == StatusCode::TOO_MANY_REQUESTS
    }
}

/// For actions that have no field to show an error beside.
pub(crate) fn refusal(errors: &[UserError]) -> WebError {
    match errors.first() {
        Some(error) if error.code == "NOT_FOUND" => WebError::NotFound,
        Some(error) => WebError::Refused(error.message.clone()),
        None => WebError::untold(),
    }
}

impl IntoResponse for WebError {
    fn into_response(self) -> Response {
        let mut response = self.status().into_response();
        response.extensions_mut().insert(Arc::new(self));
        response
    }
}
