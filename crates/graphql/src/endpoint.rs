use std::sync::Arc;

use async_graphql::{BatchRequest, ObjectType, Response, Schema, ServerError, SubscriptionType};
use axum::{Json, Router, extract::State, routing::post};
use http::HeaderMap;
use setwise_auth::{AuthError, TokenVerifier, Viewer, bearer};
use setwise_service::Locale;

use crate::RequestContext;

struct Endpoint<Q, M, S> {
    schema: Schema<Q, M, S>,
    verifier: TokenVerifier,
}

/// `POST /graphql` of a subgraph: takes the router's JSON requests, verifies
/// the caller's token and puts a [`RequestContext`] into each request's data.
pub fn endpoint<Q, M, S>(schema: Schema<Q, M, S>, verifier: TokenVerifier) -> Router
where
    Q: ObjectType + 'static,
    M: ObjectType + 'static,
    S: SubscriptionType + 'static,
{
    Router::new()
        .route("/graphql", post(execute::<Q, M, S>))
        .with_state(Arc::new(Endpoint { schema, verifier }))
}

async fn execute<Q, M, S>(
    State(endpoint): State<Arc<Endpoint<Q, M, S>>>,
    headers: HeaderMap,
    Json(request): Json<BatchRequest>,
) -> Json<Response>
where
    Q: ObjectType + 'static,
    M: ObjectType + 'static,
    S: SubscriptionType + 'static,
{
    let BatchRequest::Single(request) = request else {
        let error = ServerError::new("batched requests are not taken here", None);
        return Json(Response::from_errors(vec![error]));
    };
    let context = RequestContext {
        viewer: viewer(&endpoint.verifier, &headers).await,
        locale: Locale::from_headers(&headers),
    };
    Json(endpoint.schema.execute(request.data(context)).await)
}

pub(crate) async fn viewer(
    verifier: &TokenVerifier,
    headers: &HeaderMap,
) -> Result<Viewer, AuthError> {
    match bearer(headers) {
        Some(token) => verifier.verify(token).await,
        None => Err(AuthError::Missing),
    }
}
