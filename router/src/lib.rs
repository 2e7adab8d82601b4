//! The federation router: loads a supergraph, plans GraphQL operations over its subgraphs, and
//! executes them; a REST surface over the same graph beside it.

mod config;
mod graph;
mod rest;

use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

pub use config::{Config, Limits, SubgraphUrl};
pub use graph::{Graph, GraphError, GraphRequest, GraphResponse, Location, PathSegment};

/// Serves the supergraph of `config` on `listener` until `shutdown` is cancelled and the requests
/// in flight are answered.
pub async fn serve(
    config: Config,
    listener: TcpListener,
    shutdown: CancellationToken,
) -> anyhow::Result<()> {
    let mut app = axum::Router::new();
    if config.rest {
        app = app.merge(rest::router(Graph {}));
    }
    axum::serve(listener, app)
        .with_graceful_shutdown(shutdown.cancelled_owned())
        .await?;
    Ok(())
}
