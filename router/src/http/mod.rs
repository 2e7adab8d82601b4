//! The router over HTTP: GraphQL, and what stands beside it.

mod cors;
mod csrf;
mod docs;
mod files;
mod graphql;
mod media;
mod multipart;
mod playground;
mod refusal;
mod request;
mod response;
mod sse;
mod static_files;
mod streams;
mod websocket;

use std::sync::Arc;

use axum::{Router, middleware, routing::any};
use setwise_service::Readiness;
use tower_http::{
    compression::{
        CompressionLayer, Predicate as _,
        predicate::{And, DefaultPredicate, NotForContentType},
    },
    decompression::RequestDecompressionLayer,
};

use crate::{Config, guard, persisted::Persisted, reload::LiveGraph, rest};

pub(crate) use streams::OpenStreams;

/// Everything that the router serves.
pub(crate) fn app(
    config: &Config,
    graph: &LiveGraph,
    streams: OpenStreams,
) -> anyhow::Result<Router> {
    let endpoint = graphql::Endpoint {
        graph: graph.current(),
        persisted: Arc::new(Persisted::load(&config.persisted_queries)?),
        rules: request::Rules {
            max_body_bytes: config.limits.max_body_bytes,
            batching: config.batching.clone(),
            uploads: config.uploads.clone(),
        },
        csrf_prevention: config.csrf.prevention,
        playground: config.playground(),
        cors_origins: config.cors.origins.clone().into(),
        streams,
    };
    let mut app = Router::new()
        .route("/graphql", any(graphql::graphql))
        .with_state(graphql::LiveEndpoint::new(graph.clone(), endpoint));
    if config.playground() {
        app = app.merge(playground::assets());
    }
    let guard = Arc::clone(graph.current().guard());
    if config.rest {
        app = app.merge(rest::router(graph));
        if config.docs {
            app = app.merge(docs::router());
        }
    }
    app = app
        .layer(middleware::from_fn_with_state(guard, guard::identify))
        .layer(RequestDecompressionLayer::new())
        .layer(middleware::from_fn(rest::tell_refusals))
        .layer(compression());
    if let Some(origin) = &config.files_url {
        app = app.merge(files::router(origin));
    }
    if let Some(cors) = cors::layer(&config.cors)? {
        app = app.layer(cors);
    }
    // a router without its supergraph does not get here
    Ok(app.merge(setwise_service::health(
        Readiness::new().check("supergraph", || async { Ok(()) }),
    )))
}

/// Compression of answers, but not of those that come in parts: a part must not wait for the next.
fn compression() -> CompressionLayer<And<DefaultPredicate, NotForContentType>> {
    let parts = NotForContentType::const_new("multipart/mixed");
    CompressionLayer::new().compress_when(DefaultPredicate::new().and(parts))
}
