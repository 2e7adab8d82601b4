use std::sync::LazyLock;

use axum::{
    body::Bytes,
    response::{IntoResponse as _, Response},
};
use http::{HeaderMap, HeaderValue, StatusCode, header};
use sha2::{Digest as _, Sha256};

use super::document;
use crate::rest::routes;

/// A document as it is sent.
pub(in crate::rest) struct Served {
    json: Bytes,
    /// Weak: the same text goes out compressed and not.
    tag: HeaderValue,
}

/// Of `/v1/openapi.json`. Relative, so that it is right behind any proxy.
pub(in crate::rest) static MAIN: LazyLock<Served> = LazyLock::new(|| Served::new(["..", "../api"]));

/// Of `/api/v1/openapi.json`.
pub(in crate::rest) static ALIAS: LazyLock<Served> = LazyLock::new(|| Served::new(["../..", ".."]));

impl Served {
    fn new(servers: [&str; 2]) -> Self {
        let json = document(&routes(), servers).to_string();
        let tag = format!("W/\"{:x}\"", Sha256::digest(json.as_bytes()));
        let tag = HeaderValue::try_from(tag).expect("plain ASCII");
        Self {
            json: json.into(),
            tag,
        }
    }

    /// The document, or that it is the one that the client has.
    pub(in crate::rest) fn answer(&self, headers: &HeaderMap) -> Response {
        let caching = [
            (header::ETAG, self.tag.clone()),
            // asked for again each time, and sent only when it has changed
            (header::CACHE_CONTROL, HeaderValue::from_static("no-cache")),
            (
                header::CONTENT_TYPE,
                HeaderValue::from_static("application/json"),
            ),
            (
                header::X_CONTENT_TYPE_OPTIONS,
                HeaderValue::from_static("nosniff"),
            ),
        ];
        if self.is_known(headers) {
            return (StatusCode::NOT_MODIFIED, caching).into_response();
        }
        (caching, self.json.clone()).into_response()
    }

    fn is_known(&self, headers: &HeaderMap) -> bool {
        let ours = opaque(self.tag.to_str().unwrap_or_default());
        let known = headers.get_all(header::IF_NONE_MATCH).iter();
        let mut known = known.filter_map(|value| value.to_str().ok());
        known.any(|tags| {
            let mut tags = tags.split(',').map(str::trim);
            tags.any(|tag| tag == "*" || opaque(tag) == ours)
        })
    }
}

/// A tag without its weakness, which a comparison for `GET` does not look at.
fn opaque(tag: &str) -> &str {
    tag.strip_prefix("W/").unwrap_or(tag)
}
