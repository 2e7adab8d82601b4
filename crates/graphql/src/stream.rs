//! Answers as server-sent events, in the "distinct connections mode" of GraphQL over SSE.

use std::{convert::Infallible, time::Duration};

use async_graphql::{Error, Pos, Response};
use axum::response::sse::{Event, KeepAlive, Sse};
use futures_util::{Stream, StreamExt as _, stream};
use setwise_auth::{AuthError, TokenVerifier};
use tokio_util::sync::CancellationToken;

use crate::ResolverError;

/// How long nothing is sent before a comment shows that the connection lives.
const KEEP_ALIVE: Duration = Duration::from_secs(10);

/// By which right a caller listens.
pub(crate) struct Session {
    verifier: TokenVerifier,
    /// `None` for one who came without.
    token: Option<String>,
}

impl Session {
    pub(crate) fn new(verifier: TokenVerifier, token: Option<&str>) -> Self {
        Self {
            verifier,
            token: token.map(str::to_owned),
        }
    }

    /// Why the caller may not hear more; a key service that is away takes no rights.
    async fn ended(&self) -> Option<AuthError> {
        match self.verifier.verify(self.token.as_deref()?).await {
            Ok(_) | Err(AuthError::KeysUnavailable) => None,
            Err(error) => Some(error),
        }
    }
}

/// `responses` as events `next`, then one `complete`. What comes after the end of the session is an error and the
/// last; after `shutdown` the stream ends without `complete`.
pub(crate) fn events(
    responses: impl Stream<Item = Response> + Send + 'static,
    session: Session,
    shutdown: CancellationToken,
) -> Sse<impl Stream<Item = Result<Event, Infallible>>> {
    let start = Some((responses.boxed(), session));
    let responses = stream::unfold(start, async |state| {
        let (mut responses, session) = state?;
        let response = responses.next().await?;
        match session.ended().await {
            None => Some((response, Some((responses, session)))),
            Some(error) => {
                let error = Error::from(ResolverError::from(error));
                let error = error.into_server_error(Pos::default());
                Some((Response::from_errors(vec![error]), None))
            }
        }
    });
    let next = responses.map(|response| {
        let json = serde_json::to_string(&response).expect("a response is plain JSON");
        Event::default().event("next").data(json)
    });
    // some clients want the field, though it is empty
    let complete = stream::once(async { Event::default().event("complete").data("") });
    let events = next
        .chain(complete)
        .take_until(shutdown.cancelled_owned())
        .map(Ok);
    Sse::new(events).keep_alive(KeepAlive::new().interval(KEEP_ALIVE))
}
