//! A workout under way on another device: each change of it is told to the
//! page, which then looks again.

use std::convert::Infallible;

use axum::{
    body::Body,
    extract::Path,
    response::{IntoResponse, Response},
};
use bytes::Bytes;
use futures_util::stream;
use http::header;
use serde_json::json;

use super::OPERATIONS;
use crate::{
    error::WebError,
    graph::{Operation, Told},
    page::SignedIn,
};

const CHANGES: Operation = Operation::new(OPERATIONS, "WorkoutChanges");

/// Server-sent events `changed`, the first at once. They end with the access
/// token: the browser then comes again, which renews it.
pub(super) async fn follow(page: SignedIn, Path(id): Path<String>) -> Result<Response, WebError> {
    let graph = page.app.graph();
    let changes = graph.follow(CHANGES, json!({ "id": id }), page.caller());
    let start = (changes.await?, page.app.shutdown().clone());
    let events = stream::unfold(start, async |(mut changes, shutdown)| {
        let told = shutdown.run_until_cancelled(changes.next()).await;
        let event: &[u8] = match told.flatten()? {
            // a browser passes over an event without data
            Told::Event => b"event: changed\ndata: 1\n\n",
            Told::SignOfLife => b":\n\n",
        };
        let event = Bytes::from_static(event);
        Some((Ok::<_, Infallible>(event), (changes, shutdown)))
    });
    let headers = [
        (header::CONTENT_TYPE, "text/event-stream"),
        (header::CACHE_CONTROL, "no-store"),
        // nginx would hold events back
        (header::HeaderName::from_static("x-accel-buffering"), "no"),
    ];
    Ok((headers, Body::from_stream(events)).into_response())
}
