//! Swagger UI at `/docs`: what `/v1/openapi.json` says, for people, who can try it out there.
//!
//! Every address in it is relative, so that it is the same behind a proxy that puts a path before.

use axum::{
    Router,
    extract::Path,
    response::{IntoResponse as _, Response},
    routing::get,
};
use http::{StatusCode, header};

use super::static_files::{self, CSS, JAVASCRIPT, asset, node_module};

/// Own scripts and styles only, and calls of this server only.
const CONTENT_SECURITY_POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; \
     img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; \
     frame-ancestors 'none'";

pub(super) fn router() -> Router {
    Router::new()
        .route("/docs", get(page))
        .route("/docs/", get(without_slash))
        .route("/docs/{file}", get(file))
}

async fn page() -> Response {
    static_files::page(include_str!("page.html"), CONTENT_SECURITY_POLICY)
}

async fn without_slash() -> Response {
    (
        StatusCode::PERMANENT_REDIRECT,
        [(header::LOCATION, "../docs")],
    )
        .into_response()
}

async fn file(Path(file): Path<String>) -> Response {
    let (content_type, content): (_, &'static [u8]) = match file.as_str() {
        "swagger-ui.js" => (
            JAVASCRIPT,
            node_module!("swagger-ui-dist/swagger-ui-bundle.js"),
        ),
        "swagger-ui.css" => (CSS, node_module!("swagger-ui-dist/swagger-ui.css")),
        "page.js" => (JAVASCRIPT, include_bytes!("page.js")),
        "page.css" => (CSS, include_bytes!("page.css")),
        _ => return StatusCode::NOT_FOUND.into_response(),
    };
    asset(content_type, content)
}
