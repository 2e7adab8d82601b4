//! GraphiQL at `/graphql` for browsers: all of it is served from here, nothing from elsewhere.

use axum::{
    Router,
    extract::Path,
    response::{Html, IntoResponse as _, Response},
    routing::get,
};
use http::{StatusCode, header};

/// Own scripts only. The editor sets its styles by script.
const CONTENT_SECURITY_POLICY: &str = "default-src 'none'; script-src 'self'; \
     style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self' data:; \
     connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

const PAGE: &str = include_str!("page.html");
const JAVASCRIPT: &str = "text/javascript; charset=utf-8";
const CSS: &str = "text/css; charset=utf-8";

macro_rules! node_module {
    ($path:literal) => {
        include_bytes!(concat!(
            env!("CARGO_MANIFEST_DIR"),
            "/../node_modules/",
            $path
        ))
    };
}

/// The page.
pub(super) fn page() -> Response {
    let headers = [
        (header::CONTENT_SECURITY_POLICY, CONTENT_SECURITY_POLICY),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::REFERRER_POLICY, "no-referrer"),
        (header::VARY, "accept"),
    ];
    (headers, Html(PAGE)).into_response()
}

/// What the page loads.
pub(super) fn assets() -> Router {
    Router::new().route("/graphiql/{file}", get(asset))
}

async fn asset(Path(file): Path<String>) -> Response {
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
    let headers = [
        (header::CONTENT_TYPE, content_type),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::CACHE_CONTROL, "public, max-age=3600"),
    ];
    (headers, content).into_response()
}
