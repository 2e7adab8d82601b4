//! Answers in parts as `multipart/mixed`, as Apollo's clients read them. A delimiter follows each part at once: a part
//! is only known to be whole by what comes after it.

use axum::response::Response;
use bytes::Bytes;
use futures_util::{Stream, StreamExt as _, stream};

use crate::{defer::Parts, subscription::Responses};

use super::{
    delivery::Delivery,
    streams::{self, OpenStreams},
};

/// `responses` by Apollo's multipart protocol for subscriptions.
pub(super) fn subscription(
    open: &OpenStreams,
    delivery: Delivery,
    responses: Responses,
) -> Response {
    let parts = open.until_shutdown(responses).map(|response| {
        let mut part = b"{\"payload\":".to_vec();
        part.extend_from_slice(&response.to_json());
        part.push(b'}');
        part
    });
    let beat = Bytes::from(part(b"{}", "graphql"));
    let body = delivery.body(open, delimited("graphql", parts), beat);
    let media = "multipart/mixed;boundary=\"graphql\";subscriptionSpec=1.0";
    streams::response(media, body)
}

/// Incremental delivery as of 2022-08-24.
pub(super) fn deferred(open: &OpenStreams, delivery: Delivery, parts: Parts) -> Response {
    // nothing: what is between the parts would be one
    let beat = Bytes::new();
    let body = delivery.body(open, delimited("-", parts), beat);
    streams::response("multipart/mixed;boundary=\"-\";deferSpec=20220824", body)
}

/// JSON `parts` between delimiters.
fn delimited(
    boundary: &'static str,
    parts: impl Stream<Item = Vec<u8>> + Send + 'static,
) -> impl Stream<Item = Bytes> + Send + 'static {
    let start = stream::iter([Bytes::from(format!("\r\n--{boundary}"))]);
    let end = stream::iter([Bytes::from_static(b"--\r\n")]);
    let parts = parts.map(move |json| Bytes::from(part(&json, boundary)));
    start.chain(parts).chain(end)
}

fn part(json: &[u8], boundary: &str) -> Vec<u8> {
    let mut part = Vec::with_capacity(json.len() + 64);
    part.extend_from_slice(b"\r\ncontent-type: application/json\r\n\r\n");
    part.extend_from_slice(json);
    part.extend_from_slice(b"\r\n--");
    part.extend_from_slice(boundary.as_bytes());
    part
}
