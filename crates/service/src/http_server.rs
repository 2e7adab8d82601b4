use std::{
    io,
    sync::atomic::{AtomicUsize, Ordering},
    time::Instant,
};

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

use crate::{
    connections::{Connections, LIMITS, Limits, accept, log_cut},
    trace,
};

/// Serves `app` until `shutdown`, then lets the requests under way end, for up to 10 s.
///
/// Every request but the health checks gets a span that continues the caller's
/// trace and is counted at `/metrics`; a panic ends as status 500 of that one request.
///
/// # Errors
/// None so far: what [`cores::serve_http`](crate::cores::serve_http) can fail with.
pub async fn serve_http(
    listener: TcpListener,
    app: Router,
    shutdown: CancellationToken,
) -> io::Result<()> {
    let cut = serve_until_drained(listener, app, shutdown, LIMITS).await;
    log_cut(cut);
    Ok(())
}

/// Answers how many connections were closed under a request.
async fn serve_until_drained(
    listener: TcpListener,
    app: Router,
    shutdown: CancellationToken,
    limits: Limits,
) -> usize {
    let connections = Connections::new(observed(app), shutdown.clone(), limits);
    let serve = async {
        loop {
            let (stream, from) = accept(&listener).await;
            connections.serve(stream, from);
        }
    };
    shutdown.run_until_cancelled(serve).await;
    drop(listener);
    connections.ended().await
}

/// The requests of this process that are not answered yet.
static IN_FLIGHT: AtomicUsize = AtomicUsize::new(0);

/// How many requests of this process, health checks apart, are not answered yet.
pub(crate) fn requests_in_flight() -> usize {
    IN_FLIGHT.load(Ordering::Relaxed)
}

/// A request until it is answered, or its client is gone.
struct InFlight;

impl InFlight {
    fn begin() -> Self {
        IN_FLIGHT.fetch_add(1, Ordering::Relaxed);
        Self
    }
}

impl Drop for InFlight {
    fn drop(&mut self) {
        IN_FLIGHT.fetch_sub(1, Ordering::Relaxed);
    }
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
    let _in_flight = InFlight::begin();
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

#[cfg(test)]
mod tests {
    use std::{net::SocketAddr, sync::Arc, time::Duration};

    use axum::{extract::ConnectInfo, routing::post};
    use tokio::{
        io::{AsyncReadExt as _, AsyncWriteExt as _},
        net::TcpStream,
        sync::Semaphore,
        time,
    };

    use super::*;

    const DEADLINE: Duration = Duration::from_secs(10);

    /// A connection that has sent `request`.
    async fn send(address: SocketAddr, request: &str) -> TcpStream {
        let mut stream = TcpStream::connect(address).await.unwrap();
        stream.write_all(request.as_bytes()).await.unwrap();
        stream
    }

    async fn rest(mut stream: TcpStream) -> String {
        let mut rest = String::new();
        stream.read_to_string(&mut rest).await.unwrap();
        rest
    }

    #[tokio::test]
    async fn a_half_sent_request_holds_a_shutdown_up_no_longer_than_the_drain() {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let shutdown = CancellationToken::new();
        let reached = Arc::new(Semaphore::new(0));
        let reach = reached.clone();
        let read = async move |ConnectInfo(from): ConnectInfo<SocketAddr>, request: Request| {
            reach.add_permits(1);
            let body = axum::body::to_bytes(request.into_body(), 1024).await;
            format!("{} from {}", body.unwrap().len(), from.ip())
        };
        let app = Router::new().route("/", post(read));
        let limits = Limits {
            drain: Duration::from_millis(500),
            ..LIMITS
        };
        let serving = serve_until_drained(listener, app, shutdown.clone(), limits);
        let asking = async {
            let head = "POST / HTTP/1.1\r\nhost: test\r\ncontent-length:";
            let half = send(address, &format!("{head} 100\r\n\r\nabc")).await;
            let mut slow = send(address, &format!("{head} 6\r\n\r\nabc")).await;
            reached.acquire_many(2).await.unwrap().forget();
            shutdown.cancel();
            slow.write_all(b"def").await.unwrap();
            (rest(half).await, rest(slow).await)
        };
        let both = time::timeout(DEADLINE, async { tokio::join!(serving, asking) });
        let (cut, (none, answer)) = both.await.expect("the server ends");
        assert_eq!((cut, none.as_str()), (1, ""));
        assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
        assert!(answer.ends_with("6 from 127.0.0.1"), "{answer}");
    }

    #[tokio::test]
    async fn closes_a_connection_that_sends_half_a_head() {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let shutdown = CancellationToken::new();
        let limits = Limits {
            head: Duration::from_millis(200),
            ..LIMITS
        };
        let serving = serve_until_drained(listener, Router::new(), shutdown.clone(), limits);
        let asking = async {
            let half = send(address, "POST / HTTP/1.1\r\nhost: te").await;
            assert_eq!(rest(half).await, "");
            shutdown.cancel();
        };
        let both = time::timeout(DEADLINE, async { tokio::join!(serving, asking) });
        assert_eq!(both.await.expect("the server ends").0, 0);
    }
}
