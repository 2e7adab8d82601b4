//! Sending an answer that goes on: no faster than its client reads, and only while it does.
//!
//! A body is asked for its next chunk when there is room to send it. So one that nobody reads is
//! never asked, and cannot see that time goes by: a task beside it does.

use std::{
    io,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use axum::body::Body;
use bytes::Bytes;
use futures_util::{Stream, StreamExt as _, stream};
use setwise_service::ClientConnection;
use tokio::{
    sync::{OwnedSemaphorePermit, mpsc},
    time,
};

use super::streams::OpenStreams;

/// How an answer that goes on is sent, and its place among those that are open.
pub(super) struct Delivery {
    /// After how long of silence a sign of life is sent.
    pub(super) heartbeat: Duration,
    /// How long a chunk may wait until it is taken.
    pub(super) send_timeout: Duration,
    pub(super) permit: OwnedSemaphorePermit,
    /// `None` where other answers go over the same connection.
    pub(super) client: Option<ClientConnection>,
}

impl Delivery {
    /// A body of `chunks` that are sent as they come, with `beat` as the sign of life. The client
    /// that takes none of them in for too long is disconnected.
    pub(super) fn body<S>(self, open: &OpenStreams, chunks: S, beat: Bytes) -> Body
    where
        S: Stream<Item = Bytes> + Send + 'static,
    {
        let (sender, receiver) = mpsc::channel(1);
        let is_late = Arc::new(AtomicBool::new(false));
        let told_late = Arc::clone(&is_late);
        open.tasks.spawn(async move {
            let sent = self.send(chunks, beat, sender).await;
            drop(self.permit);
            if sent.is_ok() {
                return;
            }
            tracing::debug!(
                "a client did not take an event in within {:?}: it is disconnected",
                self.send_timeout
            );
            told_late.store(true, Ordering::Release);
            if let Some(client) = self.client {
                client.close();
            }
        });
        let start = (receiver, is_late);
        Body::from_stream(stream::unfold(start, |(mut receiver, is_late)| async {
            match receiver.recv().await {
                Some(chunk) => Some((Ok(chunk), (receiver, is_late))),
                // not the end of the answer: it breaks off
                None if is_late.swap(false, Ordering::AcqRel) => Some((
                    Err(io::Error::from(io::ErrorKind::TimedOut)),
                    (receiver, is_late),
                )),
                None => None,
            }
        }))
    }

    /// Gives `chunks` to the body until there are no more or the client is gone.
    async fn send(
        &self,
        chunks: impl Stream<Item = Bytes> + Send,
        beat: Bytes,
        body: mpsc::Sender<Bytes>,
    ) -> Result<(), time::error::Elapsed> {
        let mut chunks = std::pin::pin!(chunks);
        loop {
            let next = tokio::select! {
                next = time::timeout(self.heartbeat, chunks.next()) => next,
                () = body.closed() => return Ok(()),
            };
            let chunk = match next {
                Ok(Some(chunk)) => chunk,
                Ok(None) => return Ok(()),
                Err(_) => beat.clone(),
            };
            let sent = time::timeout(self.send_timeout, body.send(chunk)).await?;
            if sent.is_err() {
                return Ok(());
            }
        }
    }
}
