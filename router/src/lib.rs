//! The federation router: loads a supergraph, plans GraphQL operations over its subgraphs, and
//! executes them; a REST surface over the same graph beside it.

mod claims;
mod config;
mod defer;
mod exact;
mod executor;
mod graph;
mod guard;
mod http;
mod persisted;
mod pipeline;
mod reload;
mod rest;
mod subscription;
mod supergraph;
mod upload;

use reload::Reloader;
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

pub use claims::Claims;
pub use config::{
    AllSubgraphs, Authentication, AutomaticPersistedQueries, Batching, CircuitBreaker, Config,
    ConfigError, FieldRate, Flags, Limits, Mode, PersistedQueries, Rate, RateLimits, Subscriptions,
    UnlistedOperations, Uploads,
};
pub use graph::{Graph, GraphError, GraphRequest, GraphResponse, Location, PathSegment};
pub use guard::Caller;
pub use pipeline::plan::Explained;
pub use supergraph::{SubgraphSchema, compose, supergraph_sdl};

/// Serves the supergraph of `config` on `listener` until `shutdown` is cancelled and the requests
/// in flight are answered.
pub async fn serve(
    config: Config,
    listener: TcpListener,
    shutdown: CancellationToken,
) -> anyhow::Result<()> {
    let reloader = Reloader::start(&config, None).await?;
    serve_reloaded(config, reloader, listener, shutdown).await
}

/// [`serve`], where `config` is what `flags` gave. When their `router.yaml` changes, it is taken
/// over as far as that needs no restart.
pub async fn serve_and_reload(
    config: Config,
    flags: Flags,
    listener: TcpListener,
    shutdown: CancellationToken,
) -> anyhow::Result<()> {
    let reloader = Reloader::start(&config, Some(flags)).await?;
    serve_reloaded(config, reloader, listener, shutdown).await
}

async fn serve_reloaded(
    config: Config,
    reloader: Reloader,
    listener: TcpListener,
    shutdown: CancellationToken,
) -> anyhow::Result<()> {
    let max_connections = config.subscriptions.max_connections;
    let streams = http::OpenStreams::new(max_connections, shutdown.clone());
    let (graph, settings) = (reloader.graph(), reloader.settings());
    let app = http::app(&config, &graph, &settings, streams.clone());
    tracing::info!(
        listen = listener.local_addr().map(tracing::field::display).ok(),
        "router serves"
    );
    let serving = async {
        if config.on_cores {
            setwise_service::cores::serve_http(listener, app, shutdown).await
        } else {
            setwise_service::serve_http(listener, app, shutdown).await
        }
    };
    tokio::select! {
        served = serving => served?,
        never = reloader.run() => match never {},
    }
    streams.closed().await;
    Ok(())
}
