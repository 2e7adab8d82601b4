//! GraphQL over server-sent events, in the "distinct connections mode": a request, a stream.

use axum::response::Response;
use bytes::Bytes;
use futures_util::{StreamExt as _, stream};

use crate::subscription::Responses;

use super::{
    delivery::Delivery,
    streams::{self, OpenStreams},
};

/// `responses` as events `next`, then one `complete`.
pub(super) fn respond(open: &OpenStreams, delivery: Delivery, responses: Responses) -> Response {
    let next = open.until_shutdown(responses).map(|response| {
        let mut event = b"event: next\ndata: ".to_vec();
        event.extend_from_slice(&response.to_json());
        event.extend_from_slice(b"\n\n");
        Bytes::from(event)
    });
    // EventSource passes over an event without data
    let complete = stream::iter([Bytes::from_static(b"event: complete\ndata: \n\n")]);
    let beat = Bytes::from_static(b":\n\n");
    let body = delivery.body(open, next.chain(complete), beat);
    streams::response("text/event-stream", body)
}
