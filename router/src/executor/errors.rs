//! What the client is told when a subgraph answers with errors or not at all.

use std::{sync::Arc, time::Duration};

use bytes::Bytes;
use serde_json::{Map, Value};

use crate::graph::{GraphError, PathSegment};

use super::client::FetchError;

/// Extensions that show a subgraph's inside.
const INTERNAL_EXTENSIONS: [&str; 4] = ["exception", "stacktrace", "debug", "trace"];

/// The code for an answer that is not one to what was asked.
const MALFORMED: &str = "SUBREQUEST_MALFORMED_RESPONSE";

/// An error as a subgraph sends it.
#[derive(Debug)]
pub(super) struct SubgraphError {
    message: String,
    /// `None` too when it is none by the specification.
    pub(super) path: Option<Vec<PathSegment>>,
    extensions: Map<String, Value>,
}

impl SubgraphError {
    /// Reads a response's `errors`; what of them is not as specified is left out.
    pub(super) fn read(text: &[u8]) -> serde_json::Result<Vec<Self>> {
        let errors: Vec<Map<String, Value>> = serde_json::from_slice(text)?;
        Ok(errors.into_iter().map(Self::from_json).collect())
    }

    fn from_json(mut error: Map<String, Value>) -> Self {
        let mut take = |key: &str| error.remove(key).unwrap_or_default();
        Self {
            message: take("message").as_str().unwrap_or_default().to_owned(),
            path: serde_json::from_value(take("path")).unwrap_or_default(),
            extensions: serde_json::from_value(take("extensions")).unwrap_or_default(),
        }
    }

    /// That the answer is not what was asked for, at `path`.
    pub(super) fn malformed(message: &str, path: Vec<PathSegment>) -> Self {
        let code = ("code".to_owned(), MALFORMED.into());
        Self {
            message: message.to_owned(),
            path: Some(path),
            extensions: Map::from_iter([code]),
        }
    }

    /// The client's error, at `path`. Locations are those of a document that the client never
    /// saw: they are left out.
    pub(super) fn to_client(&self, service: &str, path: Option<Vec<PathSegment>>) -> GraphError {
        let mut extensions = self.extensions.clone();
        extensions.retain(|key, _| !INTERNAL_EXTENSIONS.contains(&key.as_str()));
        if !extensions.get("code").is_some_and(Value::is_string) {
            extensions.insert("code".to_owned(), "DOWNSTREAM_SERVICE_ERROR".into());
        }
        extensions.insert("service".to_owned(), service.into());
        GraphError {
            message: self.message.clone(),
            path,
            extensions: Box::new(extensions),
            ..GraphError::default()
        }
    }
}

/// The error for an answer that never came: fixed words, the cause stays in the log.
pub(super) fn no_answer(error: &FetchError) -> GraphError {
    match error {
        FetchError::Unreachable(_) | FetchError::ConnectionLost(_) => {
            GraphError::new("SUBGRAPH_UNAVAILABLE", "A subgraph cannot be reached.")
        }
        FetchError::Timeout => {
            GraphError::new("GATEWAY_TIMEOUT", "A subgraph did not answer in time.")
        }
        FetchError::Status(status) => {
            let mut error = GraphError::new(
                "SUBREQUEST_HTTP_ERROR",
                "A subgraph answered with an HTTP error.",
            );
            let http = Map::from_iter([("status".to_owned(), status.as_u16().into())]);
            error.extensions.insert("http".to_owned(), http.into());
            error
        }
        FetchError::Busy => retry_later(
            "A subgraph has too much to do. Try again later.",
            Duration::from_secs(1),
        ),
        FetchError::LeftAlone { retry_after } => retry_later(
            "A subgraph fails and is not asked for now. Try again later.",
            *retry_after,
        ),
        FetchError::TooLarge(_) => {
            GraphError::new("SUBREQUEST_HTTP_ERROR", "A subgraph's answer is too large.")
        }
    }
}

fn retry_later(message: &str, after: Duration) -> GraphError {
    let mut error = GraphError::new("SUBGRAPH_UNAVAILABLE", message);
    let seconds = after.as_secs() + u64::from(after.subsec_nanos() > 0);
    let extensions = &mut error.extensions;
    extensions.insert("retryAfterSeconds".to_owned(), seconds.into());
    error
}

/// The error for an answer that is not GraphQL.
pub(super) fn malformed() -> GraphError {
    GraphError::new(MALFORMED, "A subgraph's answer could not be read.")
}

/// `error` as caused by `service`, at `path`.
pub(super) fn at(
    mut error: GraphError,
    service: &str,
    path: Option<Vec<PathSegment>>,
) -> GraphError {
    error
        .extensions
        .insert("service".to_owned(), service.into());
    error.path = path.filter(|path| !path.is_empty());
    error
}

/// What a subgraph sent, or why it did not; more than one may wait for it.
pub(super) type Answer = Result<Bytes, Arc<FetchError>>;
