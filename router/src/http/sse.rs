//! GraphQL over server-sent events, in the "distinct connections mode": a request, a stream.

use std::time::Duration;

use axum::response::Response;
use bytes::Bytes;
use futures_util::{StreamExt as _, stream};
use tokio::sync::OwnedSemaphorePermit;

use crate::subscription::Responses;

use super::streams::{self, OpenStreams};

/// `responses` as events `next`, then one `complete`.
pub(super) fn respond(
    open: &OpenStreams,
    heartbeat: Duration,
    permit: OwnedSemaphorePermit,
    responses: Responses,
) -> Response {
    let next = open.until_shutdown(responses).map(|response| {
        let mut event = b"event: next\ndata: ".to_vec();
        event.extend_from_slice(&response.to_json());
        event.extend_from_slice(b"\n\n");
        Bytes::from(event)
    });
    // EventSource passes over an event without data
    let complete = stream::iter([Bytes::from_static(b"event: complete\ndata: \n\n")]);
    streams::body(
        "text/event-stream",
        next.chain(complete),
        heartbeat,
        Bytes::from_static(b":\n\n"),
        permit,
    )
}
