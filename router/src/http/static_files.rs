//! Pages for browsers and what they load: all of it is embedded, nothing comes from elsewhere.

use axum::response::{Html, IntoResponse as _, Response};
use http::header;

/// A file of a package from npm, as `bin/assets` fetched it.
macro_rules! node_module {
    ($path:literal) => {
        include_bytes!(concat!(
            env!("CARGO_MANIFEST_DIR"),
            "/../node_modules/",
            $path
        ))
    };
}
pub(super) use node_module;

pub(super) const JAVASCRIPT: &str = "text/javascript; charset=utf-8";
pub(super) const CSS: &str = "text/css; charset=utf-8";

/// A page that may load only what `content_security_policy` lets it.
pub(super) fn page(html: &'static str, content_security_policy: &'static str) -> Response {
    let headers = [
        (header::CONTENT_SECURITY_POLICY, content_security_policy),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::REFERRER_POLICY, "no-referrer"),
    ];
    (headers, Html(html)).into_response()
}

/// What a page loads.
pub(super) fn asset(content_type: &'static str, content: &'static [u8]) -> Response {
    let headers = [
        (header::CONTENT_TYPE, content_type),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::CACHE_CONTROL, "public, max-age=3600"),
    ];
    (headers, content).into_response()
}
