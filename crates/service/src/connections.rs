//! Connections of clients: how each is served, and how they end at a shutdown.

use std::{
    convert::Infallible,
    io,
    net::SocketAddr,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use axum::{
    Router,
    body::Body,
    extract::{ConnectInfo, Request},
    response::Response,
};
use hyper::{Version, body::Incoming, service::service_fn};
use hyper_util::{
    rt::{TokioExecutor, TokioIo, TokioTimer},
    server::conn::auto,
};
use tokio::{
    net::{TcpListener, TcpStream},
    time,
};
use tokio_util::{sync::CancellationToken, task::TaskTracker};
use tower::Service as _;

/// How long clients may take.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Limits {
    /// For the head of the next request. An idle connection is closed then too, so it is longer
    /// than clients keep theirs, most often up to 90 s: a request that is sent just when the
    /// server closes is lost.
    pub head: Duration,
    /// For the requests under way from a shutdown on. Whoever stops the process waits longer
    /// before killing it: `compose.yaml` waits 30 s.
    pub drain: Duration,
}

pub(crate) const LIMITS: Limits = Limits {
    head: Duration::from_mins(2),
    drain: Duration::from_secs(10),
};

/// The connection that a request came over, among the request's extensions; not with HTTP/2, where
/// other requests share it.
#[derive(Clone, Debug, Default)]
pub struct ClientConnection(CancellationToken);

impl ClientConnection {
    /// Closes it, whatever is under way: for a client that does not take in what it asked for.
    pub fn close(&self) {
        self.0.cancel();
    }
}

/// How long accepting rests when the system has no more to give, such as file descriptors.
const REST: Duration = Duration::from_millis(100);

/// The open connections of one runtime.
pub(crate) struct Connections {
    app: Router,
    shutdown: CancellationToken,
    limits: Limits,
    open: TaskTracker,
    /// How many had to be closed under a request.
    cut: Arc<AtomicUsize>,
}

impl Connections {
    /// After `shutdown` no connection stays open longer than the limit.
    pub(crate) fn new(app: Router, shutdown: CancellationToken, limits: Limits) -> Self {
        Self {
            app,
            shutdown,
            limits,
            open: TaskTracker::new(),
            cut: Arc::default(),
        }
    }

    /// Serves one connection to its end in the background; at the shutdown the requests under way
    /// are answered.
    pub(crate) fn serve(&self, stream: TcpStream, from: SocketAddr) {
        let app = self.app.clone();
        let client = ClientConnection::default();
        let closed = client.0.clone();
        let service = service_fn(move |request| answer(app.clone(), from, client.clone(), request));
        let (shutdown, limits, cut) = (self.shutdown.clone(), self.limits, self.cut.clone());
        self.open.spawn(async move {
            let mut server = auto::Builder::new(TokioExecutor::new());
            server
                .http1()
                .timer(TokioTimer::new())
                .header_read_timeout(limits.head);
            let connection = server.serve_connection_with_upgrades(TokioIo::new(stream), service);
            let mut connection = std::pin::pin!(connection);
            let ended = tokio::select! {
                ended = connection.as_mut() => ended,
                () = closed.cancelled() => return,
                () = shutdown.cancelled() => {
                    connection.as_mut().graceful_shutdown();
                    let Ok(ended) = time::timeout(limits.drain, connection).await else {
                        cut.fetch_add(1, Ordering::Relaxed);
                        return;
                    };
                    ended
                }
            };
            if let Err(error) = ended {
                tracing::trace!(error.message = %error, "a connection broke");
            }
        });
    }

    /// Waits until all are closed; answers how many had to be closed under a request.
    pub(crate) async fn ended(self) -> usize {
        self.open.close();
        self.open.wait().await;
        self.cut.load(Ordering::Relaxed)
    }
}

/// Says what became of the requests under way at a shutdown, where that is worth a word.
pub(crate) fn log_cut(cut: usize) {
    if cut > 0 {
        tracing::warn!(
            connections = cut,
            "closed connections whose requests did not end within {:?} of the shutdown",
            LIMITS.drain
        );
    }
}

/// The next connection.
pub(crate) async fn accept(listener: &TcpListener) -> (TcpStream, SocketAddr) {
    loop {
        let accepted = listener.accept().await.and_then(|(stream, from)| {
            stream.set_nodelay(true)?;
            Ok((stream, from))
        });
        match accepted {
            Ok(connection) => return connection,
            // the caller is gone already
            Err(error)
                if matches!(
                    error.kind(),
                    io::ErrorKind::ConnectionAborted
                        | io::ErrorKind::ConnectionReset
                        | io::ErrorKind::InvalidInput
                ) => {}
            Err(error) => {
                tracing::error!(error.message = %error, "cannot accept connections");
                time::sleep(REST).await;
            }
        }
    }
}

async fn answer(
    mut app: Router,
    from: SocketAddr,
    client: ClientConnection,
    request: hyper::Request<Incoming>,
) -> Result<Response, Infallible> {
    let mut request: Request = request.map(Body::new);
    request.extensions_mut().insert(ConnectInfo(from));
    if request.version() <= Version::HTTP_11 {
        request.extensions_mut().insert(client);
    }
    // a router is always ready
    app.call(request).await
}
