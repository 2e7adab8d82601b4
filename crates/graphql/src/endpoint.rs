use std::sync::Arc;

use async_graphql::{BatchRequest, ObjectType, Response, Schema, ServerError, SubscriptionType};
use axum::{
    Json, Router,
    extract::State,
    response::{IntoResponse as _, Response as HttpResponse},
    routing::post,
};
use http::{HeaderMap, header};
use setwise_auth::{AuthError, TokenVerifier, Viewer, bearer};
use setwise_service::Locale;
use tokio_util::sync::CancellationToken;

use crate::{RequestContext, stream, text};

struct Endpoint<Q, M, S> {
    schema: Schema<Q, M, S>,
    verifier: TokenVerifier,
    shutdown: CancellationToken,
}

/// `POST /graphql` of a subgraph: takes the router's JSON requests, verifies
/// the caller's token and puts a [`RequestContext`] into each request's data.
pub fn endpoint<Q, M, S>(schema: Schema<Q, M, S>, verifier: TokenVerifier) -> Router
where
    Q: ObjectType + 'static,
    M: ObjectType + 'static,
    S: SubscriptionType + 'static,
{
    endpoint_with_subscriptions(schema, verifier, CancellationToken::new())
}

/// [`endpoint`] with subscriptions, as server-sent events: `Accept: text/event-stream` asks for them. They end at
/// `shutdown` without the event that tells of a regular end, so that the router comes back for them.
pub fn endpoint_with_subscriptions<Q, M, S>(
    schema: Schema<Q, M, S>,
    verifier: TokenVerifier,
    shutdown: CancellationToken,
) -> Router
where
    Q: ObjectType + 'static,
    M: ObjectType + 'static,
    S: SubscriptionType + 'static,
{
    Router::new()
        .route("/graphql", post(execute::<Q, M, S>))
        .with_state(Arc::new(Endpoint {
            schema,
            verifier,
            shutdown,
        }))
}

async fn execute<Q, M, S>(
    State(endpoint): State<Arc<Endpoint<Q, M, S>>>,
    headers: HeaderMap,
    Json(request): Json<BatchRequest>,
) -> HttpResponse
where
    Q: ObjectType + 'static,
    M: ObjectType + 'static,
    S: SubscriptionType + 'static,
{
    let BatchRequest::Single(request) = request else {
        let error = ServerError::new("batched requests are not taken here", None);
        return Json(Response::from_errors(vec![error])).into_response();
    };
    let context = RequestContext {
        viewer: viewer(&endpoint.verifier, &headers).await,
        locale: Locale::from_headers(&headers),
    };
    if let Some(refusal) = text::refusal(&request, context.locale) {
        return Json(refusal).into_response();
    }
    if !wants_events(&headers) {
        return Json(endpoint.schema.execute(request.data(context)).await).into_response();
    }
    let token = context.viewer.as_ref().ok().and_then(|_| bearer(&headers));
    let session = stream::Session::new(endpoint.verifier.clone(), token);
    let responses = endpoint.schema.execute_stream(request.data(context));
    stream::events(responses, session, endpoint.shutdown.clone()).into_response()
}

fn wants_events(headers: &HeaderMap) -> bool {
    headers
        .get(header::ACCEPT)
        .and_then(|accept| accept.to_str().ok())
        .is_some_and(|accept| accept.starts_with("text/event-stream"))
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
