//! The `/v1` REST surface: stored GraphQL operations run through the graph, shaped as proto3 JSON.
//!
//! REST is a client of the graph and knows no rule that the graph knows. What it does know is the
//! wire: how proto3 JSON is read ([`input`]) and written ([`output`]), and which status an error of
//! the graph becomes ([`failure`]).
//!
//! To add an operation: write it in `operations/*.graphql` with the contract's field names as
//! aliases and the answer under `result` (and `entity` in a mutation's payload), then a request and
//! a response struct, a handler and a [`Route`] in its area's module. The tests in [`contract`]
//! hold all of them to `tests/contract.json`.

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
mod output;
mod route;
mod routines;
mod time;
mod users;
mod workouts;

use axum::{Router, extract::Request, middleware::Next, response::Response, routing::any};
use http::{StatusCode, header::ACCEPT_ENCODING};
use setwise_service::Locale;
use tower_http::catch_panic::CatchPanicLayer;

use self::{failure::Failure, route::Route};
use crate::reload::LiveGraph;

/// `/v1` and `/api/v1` over `graph`.
pub(crate) fn router(graph: LiveGraph) -> Router {
    let mut api = Router::new();
    for route in routes() {
        api = api.route(route.path, route.handler);
    }
    let api = api
        .fallback(route::unknown_path)
        .method_not_allowed_fallback(route::unknown_method)
        .layer(CatchPanicLayer::custom(route::panicked))
        .with_state(graph);
    let mut router = Router::new();
    for (prefix, root) in [("/v1", "/v1/"), ("/api/v1", "/api/v1/")] {
        router = router
            .nest(prefix, api.clone())
            // what a nest does not take as its own
            .route(root, any(route::unknown_path));
    }
    router
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
