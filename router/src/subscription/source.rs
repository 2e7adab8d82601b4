//! The events of one subgraph, which may go away and come back meanwhile.

use std::time::Duration;

use bytes::Bytes;
use http::{HeaderMap, StatusCode, header};
use http_body_util::{BodyExt as _, Limited};
use hyper::body::Incoming;
use rand::Rng as _;
use tokio::time::Instant;

use crate::{
    executor::{FetchError, SubgraphClient, no_answer},
    graph::GraphError,
    supergraph::Subgraph,
};

use super::events::{Event, Events};

const FIRST_PAUSE: Duration = Duration::from_millis(100);
const LONGEST_PAUSE: Duration = Duration::from_secs(5);

/// How long a subgraph may be away before its subscriptions end.
const PATIENCE: Duration = Duration::from_mins(5);

/// Bytes of an answer that is no stream.
const MAX_ANSWER_BYTES: usize = 16 * 1024 * 1024;

/// A subscription to a subgraph. When the connection is lost, it is made again: what happened in between is not told,
/// so a subgraph does well to begin with the present state.
pub(super) struct Source {
    client: SubgraphClient,
    subgraph: Subgraph,
    headers: HeaderMap,
    body: Bytes,
    connection: Connection,
}

/// What a subgraph answered.
enum Connection {
    Stream(Incoming, Events),
    /// One response and no more; `None` once it is told.
    Single(Option<Bytes>),
    Lost,
}

impl Source {
    /// Subscribes; a subgraph that is away at this moment is an error.
    pub(super) async fn open(
        client: SubgraphClient,
        subgraph: Subgraph,
        headers: HeaderMap,
        body: Bytes,
    ) -> Result<Self, GraphError> {
        let mut source = Self {
            client,
            subgraph,
            headers,
            body,
            connection: Connection::Lost,
        };
        match source.connect().await {
            Ok(connection) => source.connection = connection,
            Err(error) => return Err(source.unavailable(&error)),
        }
        Ok(source)
    }

    /// The next response; `None` after the subgraph completed. An error is the last.
    pub(super) async fn next(&mut self) -> Option<Result<Bytes, GraphError>> {
        loop {
            match &mut self.connection {
                Connection::Single(response) => return response.take().map(Ok),
                Connection::Stream(body, events) => match next(body, events).await {
                    Some(Event::Next(payload)) => return Some(Ok(payload.into())),
                    Some(Event::Complete) => return None,
                    None => {
                        tracing::warn!(
                            subgraph.name = self.subgraph.name,
                            "subscription to a subgraph is lost"
                        );
                        self.connection = Connection::Lost;
                    }
                },
                Connection::Lost => match self.reconnect().await {
                    Ok(connection) => self.connection = connection,
                    Err(error) => {
                        self.connection = Connection::Single(None);
                        return Some(Err(self.unavailable(&error)));
                    }
                },
            }
        }
    }

    async fn reconnect(&self) -> Result<Connection, FetchError> {
        let deadline = Instant::now() + PATIENCE;
        let mut pause = FIRST_PAUSE;
        loop {
            // those who were thrown out together do not come back together
            let jitter = rand::rng().random_range(0.5..1.0);
            tokio::time::sleep(pause.mul_f64(jitter)).await;
            match self.connect().await {
                Err(error) if may_pass(&error) && Instant::now() < deadline => {
                    pause = (pause * 2).min(LONGEST_PAUSE);
                }
                connected => return connected,
            }
        }
    }

    async fn connect(&self) -> Result<Connection, FetchError> {
        let mut headers = self.headers.clone();
        setwise_service::trace::inject(&mut headers);
        let url = &self.subgraph.url;
        let response = self
            .client
            .open_stream(url, &headers, self.body.clone(), self.subgraph.timeout)
            .await?;
        let status = response.status();
        let media = response
            .headers()
            .get(header::CONTENT_TYPE)
            .and_then(|value| value.to_str().ok())
            .unwrap_or_default();
        if status.is_success() && media.starts_with("text/event-stream") {
            let events = Events::default();
            return Ok(Connection::Stream(response.into_body(), events));
        }
        if !media.contains("json") {
            return Err(FetchError::Status(status));
        }
        let body = Limited::new(response.into_body(), MAX_ANSWER_BYTES);
        match body.collect().await {
            Ok(body) => Ok(Connection::Single(Some(body.to_bytes()))),
            Err(error) => Err(FetchError::ConnectionLost(anyhow::Error::from_boxed(error))),
        }
    }

    fn unavailable(&self, error: &FetchError) -> GraphError {
        tracing::warn!(
            subgraph.name = self.subgraph.name,
            error = error.chain(),
            "no subscription to a subgraph"
        );
        no_answer(error, &self.subgraph.name)
    }
}

/// Whether the subgraph may take the same request later.
fn may_pass(error: &FetchError) -> bool {
    match error {
        FetchError::Status(status) => {
            status.is_server_error()
                || matches!(
                    *status,
                    StatusCode::TOO_MANY_REQUESTS | StatusCode::REQUEST_TIMEOUT
                )
        }
        FetchError::TooLarge(_) => false,
        _ => true,
    }
}

/// The next event of a stream; `None` when the stream ended without `complete`.
async fn next(body: &mut Incoming, events: &mut Events) -> Option<Event> {
    loop {
        if let Some(event) = events.next() {
            return Some(event);
        }
        let frame = match body.frame().await? {
            Ok(frame) => frame,
            Err(error) => {
                tracing::debug!(%error, "a subgraph's stream broke");
                return None;
            }
        };
        if let Ok(bytes) = frame.into_data()
            && let Err(error) = events.push(&bytes)
        {
            tracing::warn!(%error, "a subgraph's stream is given up");
            return None;
        }
    }
}
