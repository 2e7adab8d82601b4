use std::{io, time::Instant};

use axum::{
    Router,
    extract::{MatchedPath, Request},
    middleware::{self, Next},
    response::Response,
};
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;
use tower_http::catch_panic::CatchPanicLayer;
use tracing::{Instrument, Span, field::Empty};

use crate::trace;

/// Serves `app` until `shutdown`, then lets the requests under way end.
///
/// Every request but the health checks gets a span that continues the caller's
/// trace and is counted at `/metrics`; a panic ends as status 500 of that one request.
///
/// # Errors
/// When the listener fails for good.
pub async fn serve_http(
    listener: TcpListener,
    app: Router,
    shutdown: CancellationToken,
) -> io::Result<()> {
    let service = observed(app).into_make_service_with_connect_info::<std::net::SocketAddr>();
    axum::serve(listener, service)
        .with_graceful_shutdown(shutdown.cancelled_owned())
        .await
}

/// `app` with what every request gets.
pub(crate) fn observed(app: Router) -> Router {
    app.layer(CatchPanicLayer::new())
        .layer(middleware::from_fn(observe))
}

async fn observe(request: Request, next: Next) -> Response {
    let path = request.uri().path();
    if matches!(path, "/healthz" | "/health" | "/readyz" | "/metrics") {
        return next.run(request).await;
    }
    let method = request.method().to_string();
    // The pattern, not the path: ids would make a series of their own each.
    let route = request.extensions().get::<MatchedPath>();
    let route = route.map_or("other", |path| path.as_str()).to_owned();
    let span = tracing::info_span!(
        "http.server",
        otel.name = format!("{method} {route}"),
        otel.kind = "server",
        http.request.method = method,
        http.route = route,
        http.response.status_code = Empty,
        otel.status_code = Empty,
    );
    trace::continue_from(&span, request.headers());
    let started = Instant::now();
    let response = next.run(request).instrument(span.clone()).await;
    record(&span, &response);
    let labels = [
        ("method", method),
        ("route", route),
        ("status", response.status().as_u16().to_string()),
    ];
    metrics::histogram!("http_server_request_duration_seconds", &labels)
        .record(started.elapsed().as_secs_f64());
    response
}

fn record(span: &Span, response: &Response) {
    let status = response.status();
    span.record("http.response.status_code", status.as_u16());
    if status.is_server_error() {
        span.record("otel.status_code", "ERROR");
        let _in_span = span.enter();
        tracing::error!(
            http.response.status_code = status.as_u16(),
            "request failed"
        );
    }
}
