//! `/files/*` is passed on to the router, so that pictures come from the
//! page's own origin whatever address the graph wrote into their URL.

use axum::{
    Router,
    body::Body,
    extract::{Path, Request, State},
    response::{IntoResponse, Response},
    routing::get,
};
use http::{HeaderMap, HeaderName, StatusCode, header};
use setwise_service::trace;
use url::Url;
use uuid::Uuid;

use crate::{app::App, error::WebError};

const ASKED: [HeaderName; 4] = [
    header::ACCEPT,
    header::IF_NONE_MATCH,
    header::IF_MODIFIED_SINCE,
    header::RANGE,
];
const ANSWERED: [HeaderName; 8] = [
    header::ACCEPT_RANGES,
    header::CACHE_CONTROL,
    header::CONTENT_DISPOSITION,
    header::CONTENT_LENGTH,
    header::CONTENT_RANGE,
    header::CONTENT_TYPE,
    header::ETAG,
    header::LAST_MODIFIED,
];

pub(crate) fn routes() -> Router<App> {
    Router::new().route("/files/{id}", get(fetch))
}

async fn fetch(State(app): State<App>, Path(id): Path<String>, request: Request) -> Response {
    // Anything else, dots above all, would lead to other paths of the router.
    let Ok(id) = id.parse::<Uuid>() else {
        return WebError::NotFound.into_response();
    };
    let query = request.uri().query().map(|query| format!("?{query}"));
    let path = format!("/files/{id}{}", query.unwrap_or_default());
    let mut headers = only(&ASKED, request.headers());
    trace::inject(&mut headers);
    let graph = app.graph();
    let answer = graph
        .http()
        .get(graph.at(&path))
        .headers(headers)
        .send()
        .await;
    match answer {
        Ok(answer) => {
            let status = answer.status();
            let headers = only(&ANSWERED, answer.headers());
            (status, headers, Body::from_stream(answer.bytes_stream())).into_response()
        }
        Err(error) => {
            tracing::warn!(error.message = %error, "a file cannot be fetched from the router");
            StatusCode::BAD_GATEWAY.into_response()
        }
    }
}

fn only(names: &[HeaderName], headers: &HeaderMap) -> HeaderMap {
    let names = names.iter();
    let kept = names.filter_map(|name| Some((name.clone(), headers.get(name)?.clone())));
    kept.collect()
}

/// Path and query of a URL that the graph gives, when it is a file of ours.
pub(crate) fn own_path(url: &str) -> Option<String> {
    let url = Url::parse(url).ok()?;
    let path = url.path();
    if !path.starts_with("/files/") {
        return None;
    }
    let query = url.query().map(|query| format!("?{query}"));
    Some(format!("{path}{}", query.unwrap_or_default()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pictures_are_asked_of_the_own_origin() {
        let path = own_path("http://127.0.0.1:4000/files/1?signature=a");
        assert_eq!(path.as_deref(), Some("/files/1?signature=a"));
        assert_eq!(own_path("https://evil.example/tracker.gif"), None);
        assert_eq!(own_path("/files/1"), None);
    }
}
