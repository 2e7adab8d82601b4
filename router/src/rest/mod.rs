//! The `/v1` REST surface: stored GraphQL operations run through the graph, shaped as proto3 JSON.
//!
//! REST is a client of the graph and knows no rule that the graph knows. What it does know is the
//! wire: how proto3 JSON is read ([`input`]) and written ([`output`]), and which status an error of
//! the graph becomes ([`failure`]).
//!
//! To add an operation: write it in `operations/*.graphql` with the contract's field names as
//! aliases and the answer under `result` (and `entity` in a mutation's payload), then a request and
//! a response struct with what people read of their fields, a handler and a [`Route`] with what they
//! read of it in its area's module. The tests in [`contract`] hold all of them, and the document
//! that [`openapi`] makes of them, to `tests/contract.json`.

mod auth;
mod call;
mod choice;
#[cfg(test)]
mod contract;
mod exercises;
mod failure;
mod files;
mod generation_settings;
mod input;
mod muscle_groups;
mod openapi;
mod output;
mod route;
mod routines;
mod time;
mod users;
mod workouts;

use std::sync::LazyLock;

use axum::{
    Router,
    extract::Request,
    middleware::Next,
    response::Response,
    routing::{any, get},
};
use http::{HeaderMap, StatusCode, header::ACCEPT_ENCODING};
use setwise_service::Locale;
use tower_http::catch_panic::CatchPanicLayer;

use self::{failure::Failure, openapi::Served, route::Route};
use crate::reload::LiveGraph;

/// `/v1` and `/api/v1` over `graph`.
pub(crate) fn router(graph: &LiveGraph) -> Router {
    let mut router = Router::new();
    for (prefix, root, description) in [
        ("/v1", "/v1/", &openapi::MAIN),
        ("/api/v1", "/api/v1/", &openapi::ALIAS),
    ] {
        router = router
            .nest(prefix, api(graph.clone(), description))
            // what a nest does not take as its own
            .route(root, any(route::unknown_path));
    }
    router
}

/// The operations, and the description of them.
fn api(graph: LiveGraph, description: &'static LazyLock<Served>) -> Router {
    let describe = move |headers: HeaderMap| async move { description.answer(&headers) };
    let mut api = Router::new().route("/openapi.json", get(describe));
    for route in routes() {
        api = api.route(route.path, route.handler);
    }
    api.fallback(route::unknown_path)
        .method_not_allowed_fallback(route::unknown_method)
        .layer(CatchPanicLayer::custom(route::panicked))
        .with_state(graph)
}

/// Around what stands before `/v1`: a refusal that has no words there is told as any other here.
pub(crate) async fn tell_refusals(request: Request, next: Next) -> Response {
    let path = request.uri().path();
    let is_ours = path.starts_with("/v1/") || path.starts_with("/api/v1/");
    let locale = Locale::from_headers(request.headers());
    let mut response = next.run(request).await;
    if is_ours && response.status() == StatusCode::UNSUPPORTED_MEDIA_TYPE {
        let accepted = response.headers_mut().remove(ACCEPT_ENCODING);
        response = Failure::UnknownEncoding.answer(locale);
        let headers = response.headers_mut();
        headers.extend(accepted.map(|accepted| (ACCEPT_ENCODING, accepted)));
    }
    response
}

fn routes() -> Vec<Route> {
    [
        auth::routes(),
        exercises::routes(),
        files::routes(),
        generation_settings::routes(),
        muscle_groups::routes(),
        routines::routes(),
        users::routes(),
        workouts::routes(),
    ]
    .into_iter()
    .flatten()
    .collect()
}
