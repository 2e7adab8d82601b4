//! The router over HTTP: GraphQL, and what stands beside it.

mod cors;
mod csrf;
mod delivery;
mod docs;
mod files;
mod graphql;
mod media;
mod multipart;
mod pieces;
mod playground;
mod refusal;
mod request;
mod response;
mod settings;
mod sse;
mod static_files;
mod streams;
mod variables;
mod websocket;

use axum::{Router, middleware, routing::any};
use setwise_service::Readiness;
use tower_http::{
    compression::{
        CompressionLayer, Predicate as _,
        predicate::{And, DefaultPredicate, NotForContentType},
    },
    decompression::RequestDecompressionLayer,
};

use crate::{Config, guard, reload::LiveGraph, rest};

pub(crate) use settings::{LiveSettings, Settings};
pub(crate) use streams::OpenStreams;

/// Everything that the router serves. Of `config` is taken here what holds until a restart.
pub(crate) fn app(
    config: &Config,
    graph: &LiveGraph,
    settings: &LiveSettings,
    streams: OpenStreams,
) -> Router {
    let endpoint = graphql::LiveEndpoint {
        graph: graph.clone(),
        settings: settings.clone(),
        streams,
    };
    let mut app = Router::new()
        .route("/graphql", any(graphql::graphql))
        .with_state(endpoint)
        .merge(playground::assets(settings.clone()));
    if config.rest {
        app = app.merge(rest::router(graph));
        if config.docs {
            app = app.merge(docs::router());
        }
    }
    app = app
        .layer(middleware::from_fn_with_state(
            graph.clone(),
            guard::identify,
        ))
        .layer(RequestDecompressionLayer::new())
        .layer(middleware::from_fn(rest::tell_refusals))
        .layer(compression());
    if let Some(origin) = &config.files_url {
        app = app.merge(files::router(origin));
    }
    app = app.layer(middleware::from_fn_with_state(
        settings.clone(),
        cors::apply,
    ));
    // a router without its supergraph does not get here
    app.merge(setwise_service::health(
        Readiness::new().check("supergraph", || async { Ok(()) }),
    ))
}

/// Compression of answers, but not of those that come in parts: a part must not wait for the next.
fn compression() -> CompressionLayer<And<DefaultPredicate, NotForContentType>> {
    let parts = NotForContentType::const_new("multipart/mixed");
    CompressionLayer::new().compress_when(DefaultPredicate::new().and(parts))
}
