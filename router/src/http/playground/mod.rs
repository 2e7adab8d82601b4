//! GraphiQL at `/graphql` for browsers.

use axum::{
    Router,
    extract::{Path, State},
    response::{IntoResponse as _, Response},
    routing::get,
};
use http::{HeaderValue, StatusCode, header};

use super::{
    LiveSettings,
    static_files::{self, CSS, JAVASCRIPT, asset, node_module},
};

/// Own scripts only. The editor sets its styles by script.
const CONTENT_SECURITY_POLICY: &str = "default-src 'none'; script-src 'self'; \
     style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self' data:; \
     connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/// The page.
pub(super) fn page() -> Response {
    let mut page = static_files::page(include_str!("page.html"), CONTENT_SECURITY_POLICY);
    let headers = page.headers_mut();
    headers.insert(header::VARY, HeaderValue::from_static("accept"));
    page
}

/// What the page loads.
pub(super) fn assets(settings: LiveSettings) -> Router {
    Router::new()
        .route("/graphiql/{file}", get(file))
        .with_state(settings)
}

async fn file(State(settings): State<LiveSettings>, Path(file): Path<String>) -> Response {
    if !settings.current().playground {
        return StatusCode::NOT_FOUND.into_response();
    }
    let (content_type, content): (_, &'static [u8]) = match file.as_str() {
        "react.js" => (
            JAVASCRIPT,
            node_module!("react/umd/react.production.min.js"),
        ),
        "react-dom.js" => (
            JAVASCRIPT,
            node_module!("react-dom/umd/react-dom.production.min.js"),
        ),
        "graphiql.js" => (JAVASCRIPT, node_module!("graphiql/graphiql.min.js")),
        "graphiql.css" => (CSS, node_module!("graphiql/graphiql.min.css")),
        "page.js" => (JAVASCRIPT, include_bytes!("page.js")),
        "page.css" => (CSS, include_bytes!("page.css")),
        _ => return StatusCode::NOT_FOUND.into_response(),
    };
    asset(content_type, content)
}
