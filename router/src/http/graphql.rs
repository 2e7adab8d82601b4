use axum::{
    extract::{Request, State},
    response::{IntoResponse as _, Response},
};
use http::{HeaderValue, Method, StatusCode, header};

use crate::{
    Graph,
    graph::{GraphError, GraphResponse},
};

use super::{
    csrf,
    media::{self, Media},
    playground, request, response,
};

/// What `/graphql` needs.
#[derive(Clone)]
pub(super) struct Endpoint {
    pub(super) graph: Graph,
    pub(super) max_body_bytes: usize,
    pub(super) csrf_prevention: bool,
    pub(super) playground: bool,
}

/// `GET` and `POST /graphql`.
pub(super) async fn graphql(State(endpoint): State<Endpoint>, request: Request) -> Response {
    let is_get = request.method() == Method::GET;
    if is_get && endpoint.playground && media::wants_html(request.headers()) {
        return playground::page();
    }
    let Some(media) = Media::negotiate(request.headers()) else {
        let message = "Answers are application/graphql-response+json or application/json.";
        let error = GraphError::new("NOT_ACCEPTABLE", message);
        return response::refuse(Media::Json, StatusCode::NOT_ACCEPTABLE, error);
    };
    if !is_get && request.method() != Method::POST {
        return method_not_allowed(media, "GET, POST", "The method must be GET or POST.");
    }
    if endpoint.csrf_prevention && !csrf::is_preflighted(request.headers()) {
        let message = "This request could be a cross-site forgery: send a content type other than \
                       a form's or text/plain, or one of the headers apollo-require-preflight and \
                       x-apollo-operation-name.";
        let error = GraphError::new("BAD_REQUEST", message);
        return response::refuse(media, StatusCode::BAD_REQUEST, error);
    }
    let (parts, body) = request.into_parts();
    let request = match request::read(&parts, body, endpoint.max_body_bytes).await {
        Ok(request) => request,
        Err(malformed) => return response::refuse(media, malformed.status, malformed.error),
    };
    let prepared = match endpoint.graph.prepare(&request).await {
        Ok(prepared) => prepared,
        Err(errors) => return response::write(media, &GraphResponse { data: None, errors }),
    };
    if is_get && prepared.is_mutation() {
        return method_not_allowed(media, "POST", "Mutations must be sent with POST.");
    }
    response::write(media, &endpoint.graph.run(&prepared, request).await)
}

fn method_not_allowed(media: Media, allow: &'static str, message: &str) -> Response {
    let error = GraphError::new("METHOD_NOT_ALLOWED", message);
    let refusal = response::refuse(media, StatusCode::METHOD_NOT_ALLOWED, error);
    ([(header::ALLOW, HeaderValue::from_static(allow))], refusal).into_response()
}
