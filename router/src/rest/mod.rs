//! The `/v1` REST surface: stored GraphQL operations run through the graph, shaped as proto3 JSON.

use axum::Router;

use crate::Graph;

/// `/v1`, `/api/v1` and `/docs` over `graph`.
pub(crate) fn router(_graph: Graph) -> Router {
    Router::new()
}
