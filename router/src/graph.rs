use std::sync::Arc;

use bytes::Bytes;
use http::HeaderMap;
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use serde_json::{Map, Value};

/// The loaded supergraph and what executes operations over it. A clone is the same graph.
#[derive(Clone, Debug)]
pub struct Graph {}

/// One GraphQL operation to execute.
#[derive(Clone, Debug, Default)]
pub struct GraphRequest {
    pub query: Arc<str>,
    pub operation_name: Option<String>,
    pub variables: Map<String, Value>,
    /// The caller's headers. Forwarded are `authorization` (or `x-access-token` in its place),
    /// `accept-language` and, from the current span, `traceparent`.
    pub headers: HeaderMap,
}

/// What an operation answered.
#[derive(Clone, Debug, Default)]
pub struct GraphResponse {
    /// The `data` object as JSON text: `None` when the operation did not run, `null` when an
    /// error reached its root.
    pub data: Option<Bytes>,
    pub errors: Vec<GraphError>,
}

/// An error of the response, as the GraphQL specification writes it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct GraphError {
    pub message: String,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub locations: Vec<Location>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub path: Option<Vec<PathSegment>>,
    /// Always holds `code`, and `service` when a subgraph is the cause.
    #[serde(default, skip_serializing_if = "Map::is_empty")]
    pub extensions: Map<String, Value>,
}

/// A place in the document, counted from 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Location {
    pub line: usize,
    pub column: usize,
}

/// One step from the root of the data to a value.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum PathSegment {
    Index(usize),
    Key(String),
}

impl Graph {
    /// Executes one operation. What goes wrong is in the response's `errors`.
    #[expect(clippy::unused_async, reason = "the executor follows")]
    pub async fn execute(&self, _request: GraphRequest) -> GraphResponse {
        GraphResponse::default()
    }
}

impl GraphResponse {
    /// `data` read as `T`; `None` when it is absent or null.
    pub fn data<T: DeserializeOwned>(&self) -> serde_json::Result<Option<T>> {
        match &self.data {
            Some(data) => serde_json::from_slice(data),
            None => Ok(None),
        }
    }
}

impl GraphError {
    pub fn new(code: &str, message: impl Into<String>) -> Self {
        Self {
            message: message.into(),
            extensions: Map::from_iter([("code".to_owned(), code.into())]),
            ..Self::default()
        }
    }

    /// `extensions.code`, empty when the error carries none.
    #[must_use]
    pub fn code(&self) -> &str {
        self.extension("code").unwrap_or_default()
    }

    /// `extensions.service`: the subgraph that caused the error.
    #[must_use]
    pub fn service(&self) -> Option<&str> {
        self.extension("service")
    }

    fn extension(&self, key: &str) -> Option<&str> {
        self.extensions.get(key)?.as_str()
    }
}
