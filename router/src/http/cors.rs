//! What browsers are told about calls from pages of other origins.

use std::{str::FromStr, time::Duration};

use anyhow::Context as _;
use axum::{
    extract::{Request, State},
    middleware::Next,
    response::Response,
};
use http::{HeaderName, HeaderValue, Method};
use tower::{Layer as _, ServiceExt as _};
use tower_http::cors::{AllowHeaders, AllowOrigin, CorsLayer};

use crate::config::Cors;

use super::LiveSettings;

/// Answers as what is configured at the moment says.
pub(super) async fn apply(
    State(settings): State<LiveSettings>,
    request: Request,
    next: Next,
) -> Response {
    match &settings.current().cors {
        None => next.run(request).await,
        Some(cors) => {
            let Ok(response) = cors.layer(next).oneshot(request).await;
            response
        }
    }
}

/// The layer that `config` asks for; `None` when no origin may call.
pub(super) fn layer(config: &Cors) -> anyhow::Result<Option<CorsLayer>> {
    if config.origins.is_empty() {
        return Ok(None);
    }
    let origins = if config.origins.iter().any(|origin| origin == "*") {
        AllowOrigin::any()
    } else {
        AllowOrigin::list(parsed::<HeaderValue>("origins", &config.origins)?)
    };
    let headers = if config.allow_headers.is_empty() {
        AllowHeaders::mirror_request()
    } else {
        AllowHeaders::list(parsed("allow_headers", &config.allow_headers)?)
    };
    let layer = CorsLayer::new()
        .allow_origin(origins)
        .allow_headers(headers)
        .allow_methods(parsed::<Method>("methods", &config.methods)?)
        .expose_headers(parsed::<HeaderName>(
            "expose_headers",
            &config.expose_headers,
        )?)
        .allow_credentials(config.credentials)
        .max_age(Duration::from_secs(config.max_age_seconds));
    Ok(Some(layer))
}

fn parsed<T>(key: &str, texts: &[String]) -> anyhow::Result<Vec<T>>
where
    T: FromStr<Err: std::error::Error + Send + Sync + 'static>,
{
    let parse = |text: &String| {
        text.parse()
            .with_context(|| format!("cors.{key}: {text:?}"))
    };
    texts.iter().map(parse).collect()
}
