//! The routes outside of GraphQL, and how they say no.

use std::time::Duration;

use axum::{
    Router,
    extract::{
        DefaultBodyLimit, Path, Query,
        rejection::{PathRejection, QueryRejection},
    },
    http::{Method, StatusCode, header},
    response::{IntoResponse, Response},
    routing,
};
use tower_http::cors::{Any, CorsLayer};
use uuid::Uuid;

use crate::{
    App, download,
    signed_url::{Refused, Signed},
    upload,
};

const PREFLIGHT_SECONDS: u64 = 24 * 60 * 60;

/// `GET` and `PUT /files/{id}`.
pub(crate) fn routes(app: App) -> Router {
    // The signature is the permission, not a cookie: any origin may ask.
    let cors = CorsLayer::new()
        .allow_origin(Any)
        .allow_methods([Method::GET, Method::HEAD, Method::PUT])
        .allow_headers([header::CONTENT_TYPE, header::IF_NONE_MATCH])
        .expose_headers([header::ETAG, header::CONTENT_DISPOSITION])
        .max_age(Duration::from_secs(PREFLIGHT_SECONDS));
    Router::new()
        .route("/files/{id}", routing::get(download::get).put(upload::put))
        // Uploads count their own bytes, as they stream.
        .layer(DefaultBodyLimit::disable())
        .layer(cors)
        .with_state(app)
}

/// An answer that is not the file: a status and a line of text.
#[derive(Debug)]
pub(crate) struct HttpError {
    status: StatusCode,
    message: String,
}

impl HttpError {
    pub(crate) fn bad_request(message: String) -> Self {
        Self::new(StatusCode::BAD_REQUEST, message)
    }

    pub(crate) fn conflict(message: String) -> Self {
        Self::new(StatusCode::CONFLICT, message)
    }

    pub(crate) fn too_large(message: String) -> Self {
        Self::new(StatusCode::PAYLOAD_TOO_LARGE, message)
    }

    pub(crate) fn not_found() -> Self {
        let message = "there is no such file, or it has not been uploaded yet";
        Self::new(StatusCode::NOT_FOUND, message.into())
    }

    pub(crate) fn timeout(limit: Duration) -> Self {
        let message = format!("the file did not arrive within {} seconds", limit.as_secs());
        Self::new(StatusCode::REQUEST_TIMEOUT, message)
    }

    /// Logs what happened; the client learns only that something did.
    pub(crate) fn internal(error: &(dyn std::error::Error + 'static)) -> Self {
        let chain: Vec<_> = std::iter::successors(Some(error), |error| error.source())
            .map(ToString::to_string)
            .collect();
        tracing::error!(error.message = chain.join(": "), "a file request failed");
        let message = "something went wrong on our side".into();
        Self::new(StatusCode::INTERNAL_SERVER_ERROR, message)
    }

    fn new(status: StatusCode, message: String) -> Self {
        Self { status, message }
    }
}

impl From<Refused> for HttpError {
    fn from(refused: Refused) -> Self {
        Self::new(StatusCode::FORBIDDEN, refused.to_string())
    }
}

impl From<sqlx::Error> for HttpError {
    fn from(error: sqlx::Error) -> Self {
        Self::internal(&error)
    }
}

impl IntoResponse for HttpError {
    fn into_response(self) -> Response {
        let caching = [(header::CACHE_CONTROL, "no-store")];
        (self.status, caching, self.message + "\n").into_response()
    }
}

/// The id and the permission of a request. Without a complete signature there
/// is none, and an id that is none stands for no file.
pub(crate) fn permitted(
    path: Result<Path<Uuid>, PathRejection>,
    signed: Result<Query<Signed>, QueryRejection>,
) -> Result<(Uuid, Signed), HttpError> {
    let Path(id) = path.map_err(|_| HttpError::not_found())?;
    let Query(signed) = signed.map_err(|_| Refused::Forged)?;
    Ok((id, signed))
}
