//! `/files/*`: passed on to the files service as it is, so that one door is enough.

use axum::{
    Router,
    body::Body,
    extract::{Request, State},
    response::{IntoResponse as _, Response},
    routing::any,
};
use http::{HeaderMap, HeaderName, StatusCode, Uri, header, uri::PathAndQuery};
use hyper_util::{
    client::legacy::{Client, connect::HttpConnector},
    rt::TokioExecutor,
};
use url::Url;

/// Headers that concern one connection only.
const HOP_BY_HOP: [HeaderName; 8] = [
    header::CONNECTION,
    HeaderName::from_static("keep-alive"),
    header::PROXY_AUTHENTICATE,
    header::PROXY_AUTHORIZATION,
    header::TE,
    header::TRAILER,
    header::TRANSFER_ENCODING,
    header::UPGRADE,
];

#[derive(Clone)]
struct Origin {
    url: Url,
    http: Client<HttpConnector, Body>,
}

pub(super) fn router(origin: &Url) -> Router {
    let origin = Origin {
        url: origin.clone(),
        http: Client::builder(TokioExecutor::new()).build_http(),
    };
    Router::new()
        .route("/files/{*path}", any(pass_on))
        .with_state(origin)
}

async fn pass_on(State(origin): State<Origin>, mut request: Request) -> Response {
    let Some(uri) = origin.uri(request.uri().path_and_query()) else {
        return StatusCode::BAD_REQUEST.into_response();
    };
    *request.uri_mut() = uri;
    strip(request.headers_mut());
    request.headers_mut().remove(header::HOST);
    setwise_service::trace::inject(request.headers_mut());
    match origin.http.request(request).await {
        Ok(mut response) => {
            strip(response.headers_mut());
            response.map(Body::new)
        }
        Err(error) => {
            tracing::warn!(
                error = &error as &dyn std::error::Error,
                "files service gave no answer"
            );
            StatusCode::BAD_GATEWAY.into_response()
        }
    }
}

impl Origin {
    fn uri(&self, path: Option<&PathAndQuery>) -> Option<Uri> {
        let origin = self.url.as_str().trim_end_matches('/');
        format!("{origin}{}", path?).parse().ok()
    }
}

fn strip(headers: &mut HeaderMap) {
    for name in HOP_BY_HOP {
        headers.remove(name);
    }
}
