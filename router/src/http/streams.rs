//! Answers that go on: which way a client takes them, and what all ways share.

use std::{sync::Arc, time::Duration};

use axum::{body::Body, response::Response};
use futures_util::{StreamExt as _, stream};
use http::{HeaderMap, HeaderValue, StatusCode, header};
use setwise_service::ClientConnection;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio_util::{sync::CancellationToken, task::TaskTracker};

use crate::{
    graph::GraphError,
    subscription::{Responses, subscribe, until},
};

use super::{
    delivery::Delivery,
    graphql::{Endpoint, Operation},
    media::Media,
    multipart,
    refusal::Refusal,
    response, sse,
};

/// What connections that stay open share.
#[derive(Clone)]
pub(crate) struct OpenStreams {
    pub(super) shutdown: CancellationToken,
    pub(super) tasks: TaskTracker,
    free: Arc<Semaphore>,
}

impl OpenStreams {
    /// They end when `shutdown` is cancelled.
    pub(crate) fn new(max_connections: usize, shutdown: CancellationToken) -> Self {
        let free = max_connections.min(Semaphore::MAX_PERMITS);
        Self {
            shutdown,
            tasks: TaskTracker::new(),
            free: Arc::new(Semaphore::new(free)),
        }
    }

    /// The right to one more, until it is dropped.
    pub(super) fn admit(&self) -> Result<OwnedSemaphorePermit, GraphError> {
        Arc::clone(&self.free).try_acquire_owned().map_err(|_| {
            let message = "Too many subscriptions are open: try again later.";
            GraphError::new("TOO_MANY_SUBSCRIPTIONS", message)
        })
    }

    /// `responses` until the router shuts down, which the last response then tells.
    pub(super) fn until_shutdown(&self, responses: Responses) -> Responses {
        let message = "The router is shutting down: subscribe again.";
        let error = GraphError::new("SERVER_SHUTTING_DOWN", message);
        until(responses, self.shutdown.clone().cancelled_owned(), error)
    }

    /// Waits until the tasks of open connections have said goodbye, a few seconds at most.
    pub(crate) async fn closed(&self) {
        const PATIENCE: Duration = Duration::from_secs(5);
        self.tasks.close();
        if tokio::time::timeout(PATIENCE, self.tasks.wait())
            .await
            .is_err()
        {
            tracing::warn!("some streams and WebSockets did not close in time");
        }
    }
}

/// The ways in which a client takes an answer of several parts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Accepted {
    /// GraphQL over SSE
    pub(super) events: bool,
    /// Apollo's multipart subscriptions
    pub(super) multipart_subscription: bool,
    /// Incremental delivery as of 2022-08-24
    pub(super) multipart_defer: bool,
}

impl Accepted {
    pub(super) fn by(headers: &HeaderMap) -> Self {
        let mut accepted = Self::default();
        for range in headers
            .get_all(header::ACCEPT)
            .iter()
            .filter_map(|value| value.to_str().ok())
            .flat_map(|value| value.split(','))
        {
            let mut parts = range.split(';').map(str::trim);
            let essence = parts.next().unwrap_or_default().to_ascii_lowercase();
            let parameter = |name: &str| {
                let mut parameters = range.split(';').skip(1).filter_map(|p| p.split_once('='));
                let found = parameters.find(|(key, _)| key.trim().eq_ignore_ascii_case(name));
                found.map(|(_, value)| value.trim().trim_matches('"'))
            };
            if parameter("q").is_some_and(|q| q.parse() == Ok(0.0)) {
                continue;
            }
            match essence.as_str() {
                "text/event-stream" => accepted.events = true,
                "multipart/mixed" => {
                    let subscription = parameter("subscriptionSpec");
                    let defer = parameter("deferSpec");
                    accepted.multipart_subscription |=
                        subscription == Some("1.0") || (subscription.is_none() && defer.is_none());
                    // without a version it is the one that clients read before there were any
                    accepted.multipart_defer |=
                        defer == Some("20220824") || (defer.is_none() && subscription.is_none());
                }
                _ => {}
            }
        }
        accepted
    }

    pub(super) fn something(self) -> bool {
        self.events || self.multipart_subscription || self.multipart_defer
    }
}

impl Endpoint {
    /// How an answer that goes on is sent to `client`, when there is a place for one more.
    fn deliver(&self, client: Option<ClientConnection>) -> Result<Delivery, GraphError> {
        let subscriptions = &self.settings.subscriptions;
        Ok(Delivery {
            heartbeat: subscriptions.heartbeat(),
            send_timeout: subscriptions.send_timeout(),
            permit: self.streams.admit()?,
            client,
        })
    }
}

/// Answers an operation in the way that the client takes.
pub(super) async fn respond(
    endpoint: Endpoint,
    client: Option<ClientConnection>,
    accepted: Accepted,
    operation: Operation,
) -> Response {
    let Operation {
        prepared, request, ..
    } = operation;
    let delivery = match endpoint.deliver(client) {
        Ok(delivery) => delivery,
        Err(error) => {
            let status = StatusCode::SERVICE_UNAVAILABLE;
            return Refusal::from_error(status, error).answer(Media::GraphqlResponse);
        }
    };
    let (graph, open) = (endpoint.graph, &endpoint.streams);
    let is_subscription = prepared.is_subscription();
    if accepted.events {
        let responses = if is_subscription {
            subscribe(graph, prepared, request).await
        } else {
            stream::iter([graph.run(&prepared, request).await]).boxed()
        };
        sse::respond(open, delivery, responses)
    } else if is_subscription && accepted.multipart_subscription {
        let responses = subscribe(graph, prepared, request).await;
        multipart::subscription(open, delivery, responses)
    } else {
        let response = graph.run(&prepared, request).await;
        response::write(Media::GraphqlResponse, &response)
    }
}

/// Answers an operation in parts, when any of it is deferred.
pub(super) async fn respond_in_parts(
    endpoint: &Endpoint,
    client: Option<ClientConnection>,
    media: Media,
    operation: Operation,
) -> Response {
    let Operation {
        prepared, request, ..
    } = operation;
    // without room for one more, all comes at once
    let Ok(delivery) = endpoint.deliver(client) else {
        return response::write(media, &endpoint.graph.run(&prepared, request).await);
    };
    match endpoint.graph.run_in_parts(&prepared, request).await {
        Ok(parts) => multipart::deferred(&endpoint.streams, delivery, parts),
        Err(response) => response::write(media, &response),
    }
}

/// An answer that goes on.
pub(super) fn response(content_type: &'static str, body: Body) -> Response {
    let mut response = Response::new(body);
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(content_type));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-cache"));
    // nginx would hold chunks back
    headers.insert("x-accel-buffering", HeaderValue::from_static("no"));
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    fn accepted(accept: &'static str) -> Accepted {
        let mut headers = HeaderMap::new();
        headers.insert(header::ACCEPT, HeaderValue::from_static(accept));
        Accepted::by(&headers)
    }

    #[test]
    fn clients_say_how_they_take_parts() {
        let nothing = Accepted::default();
        for (accept, expected) in [
            ("application/json, */*", nothing),
            (
                "text/event-stream",
                Accepted {
                    events: true,
                    ..nothing
                },
            ),
            ("text/event-stream;q=0, application/json", nothing),
            (
                "multipart/mixed;boundary=graphql;subscriptionSpec=1.0,application/json",
                Accepted {
                    multipart_subscription: true,
                    ..nothing
                },
            ),
            (
                "multipart/mixed;deferSpec=20220824,application/json;q=0.9",
                Accepted {
                    multipart_defer: true,
                    ..nothing
                },
            ),
            ("multipart/mixed;deferSpec=20991231", nothing),
            (
                "application/json, text/event-stream, multipart/mixed",
                Accepted {
                    events: true,
                    multipart_subscription: true,
                    multipart_defer: true,
                },
            ),
        ] {
            assert_eq!(accepted(accept), expected, "{accept}");
        }
    }
}
