//! The router over HTTP: GraphQL, and what stands beside it.

mod csrf;
mod files;
mod graphql;
mod media;
mod playground;
mod refusal;
mod request;
mod response;

use std::sync::Arc;

use anyhow::Context as _;
use axum::{Router, routing::any};
use http::{HeaderValue, Method};
use setwise_service::Readiness;
use tower_http::{
    compression::CompressionLayer,
    cors::{AllowHeaders, AllowOrigin, CorsLayer},
};

use crate::{Config, persisted::Persisted, reload::LiveGraph, rest};

/// Everything that the router serves.
pub(crate) fn app(config: &Config, graph: LiveGraph) -> anyhow::Result<Router> {
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
    };
    let mut app = Router::new()
        .route("/graphql", any(graphql::graphql))
        .with_state(graphql::LiveEndpoint::new(graph.clone(), endpoint));
    if config.playground() {
        app = app.merge(playground::assets());
    }
    if config.rest {
        app = app.merge(rest::router(graph));
    }
    app = app.layer(CompressionLayer::new());
    if let Some(origin) = &config.files_url {
        app = app.merge(files::router(origin));
    }
    if !config.cors.origins.is_empty() {
        app = app.layer(cors(&config.cors.origins)?);
    }
    // a router without its supergraph does not get here
    Ok(app.merge(setwise_service::health(
        Readiness::new().check("supergraph", || async { Ok(()) }),
    )))
}

fn cors(origins: &[String]) -> anyhow::Result<CorsLayer> {
    let origins = if origins.iter().any(|origin| origin == "*") {
        AllowOrigin::any()
    } else {
        let origins = origins
            .iter()
            .map(|origin| HeaderValue::from_str(origin))
            .collect::<Result<Vec<_>, _>>()
            .context("cors.origins")?;
        AllowOrigin::list(origins)
    };
    Ok(CorsLayer::new()
        .allow_origin(origins)
        .allow_headers(AllowHeaders::mirror_request())
        .allow_methods([
            Method::GET,
            Method::POST,
            Method::PUT,
            Method::PATCH,
            Method::DELETE,
        ]))
}
