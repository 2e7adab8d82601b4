//! A runtime for each core: a connection stays on the thread that it was given to, and so does
//! all that is done for it. Nothing wakes another core or waits for one, which for a service that
//! mostly hands bytes on is a good part of its work.

use std::{
    cell::Cell,
    convert::Infallible,
    io, iter,
    net::{SocketAddr, TcpStream},
    sync::Arc,
    thread,
    time::Duration,
};

use axum::{
    Router,
    body::Body,
    extract::{ConnectInfo, Request},
    response::Response,
};
use hyper::{body::Incoming, service::service_fn};
use hyper_util::{
    rt::{TokioExecutor, TokioIo},
    server::conn::auto,
};
use tokio::{
    net::TcpListener,
    runtime,
    sync::{mpsc, oneshot},
};
use tokio_util::{sync::CancellationToken, task::TaskTracker};
use tower::Service as _;

use crate::http_server::observed;

/// How long accepting rests when the system has no more to give, such as file descriptors.
const REST: Duration = Duration::from_millis(100);

thread_local! {
    static CORE: Cell<usize> = const { Cell::new(0) };
}

/// How many cores there are to serve on.
#[must_use]
pub fn count() -> usize {
    thread::available_parallelism().map_or(1, usize::from)
}

/// The core that the current thread serves, below [`count`]; 0 on every other thread.
#[must_use]
pub fn current() -> usize {
    CORE.get()
}

/// One of `T` for each core, such as a pool of connections: what is on a core's thread is used
/// there alone. A clone is the same.
#[derive(Clone, Debug)]
pub struct PerCore<T>(Arc<[T]>);

impl<T> PerCore<T> {
    pub fn new(make: impl FnMut() -> T) -> Self {
        Self(iter::repeat_with(make).take(count()).collect())
    }

    /// The current core's.
    #[must_use]
    pub fn here(&self) -> &T {
        &self.0[current()]
    }
}

/// [`serve_http`](crate::serve_http), on a runtime for each core.
///
/// # Errors
/// When a thread cannot be started.
pub async fn serve_http(
    listener: TcpListener,
    app: Router,
    shutdown: CancellationToken,
) -> io::Result<()> {
    let app = observed(app);
    let cores = (0..count())
        .map(|core| Core::start(core, app.clone(), shutdown.clone()))
        .collect::<io::Result<Vec<_>>>()?;
    let accept = async {
        for core in cores.iter().cycle() {
            core.give(accept(&listener).await);
        }
    };
    shutdown.run_until_cancelled(accept).await;
    drop(listener);
    for core in cores {
        core.ended().await;
    }
    Ok(())
}

struct Core {
    connections: mpsc::UnboundedSender<(TcpStream, SocketAddr)>,
    ended: oneshot::Receiver<Infallible>,
}

impl Core {
    fn start(core: usize, app: Router, shutdown: CancellationToken) -> io::Result<Self> {
        let (connections, mut given) = mpsc::unbounded_channel::<(TcpStream, SocketAddr)>();
        let (running, ended) = oneshot::channel();
        let runtime = runtime::Builder::new_current_thread()
            .enable_all()
            .build()?;
        let serve = async move {
            let open = TaskTracker::new();
            while let Some((stream, from)) = given.recv().await {
                open.spawn(connection(stream, from, app.clone(), shutdown.clone()));
            }
            open.close();
            open.wait().await;
        };
        thread::Builder::new()
            .name(format!("core {core}"))
            .spawn(move || {
                CORE.set(core);
                runtime.block_on(serve);
                drop(running);
            })?;
        Ok(Self { connections, ended })
    }

    fn give(&self, connection: (TcpStream, SocketAddr)) {
        if self.connections.send(connection).is_err() {
            tracing::error!("a core serves no more");
        }
    }

    /// Waits until the connections are closed.
    async fn ended(self) {
        drop(self.connections);
        // it is never sent to, only dropped
        let _ = self.ended.await;
    }
}

/// The next connection, in no runtime yet.
async fn accept(listener: &TcpListener) -> (TcpStream, SocketAddr) {
    loop {
        let accepted = listener.accept().await.and_then(|(stream, from)| {
            stream.set_nodelay(true)?;
            Ok((stream.into_std()?, from))
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
                tokio::time::sleep(REST).await;
            }
        }
    }
}

/// Serves one connection to its end; at `shutdown` the requests under way are answered.
async fn connection(stream: TcpStream, from: SocketAddr, app: Router, shutdown: CancellationToken) {
    let stream = match tokio::net::TcpStream::from_std(stream) {
        Ok(stream) => stream,
        Err(error) => {
            tracing::error!(error.message = %error, "cannot take a connection over");
            return;
        }
    };
    let service = service_fn(move |request| answer(app.clone(), from, request));
    let server = auto::Builder::new(TokioExecutor::new());
    let connection = server.serve_connection_with_upgrades(TokioIo::new(stream), service);
    let mut connection = std::pin::pin!(connection);
    let ended = tokio::select! {
        ended = connection.as_mut() => ended,
        () = shutdown.cancelled() => {
            connection.as_mut().graceful_shutdown();
            connection.await
        }
    };
    if let Err(error) = ended {
        tracing::trace!(error.message = %error, "a connection broke");
    }
}

async fn answer(
    mut app: Router,
    from: SocketAddr,
    request: hyper::Request<Incoming>,
) -> Result<Response, Infallible> {
    let mut request: Request = request.map(Body::new);
    request.extensions_mut().insert(ConnectInfo(from));
    // a router is always ready
    app.call(request).await
}

#[cfg(test)]
mod tests {
    use axum::{extract::State, routing::get};
    use tokio::{
        io::{AsyncReadExt as _, AsyncWriteExt as _},
        sync::Semaphore,
    };

    use super::*;

    #[derive(Clone)]
    struct Gate {
        reached: Arc<Semaphore>,
        open: Arc<Semaphore>,
    }

    async fn core(ConnectInfo(from): ConnectInfo<SocketAddr>, State(gate): State<Gate>) -> String {
        gate.reached.add_permits(1);
        gate.open.acquire().await.unwrap().forget();
        format!("core {} for {}", current(), from.ip())
    }

    async fn ask(address: SocketAddr) -> String {
        let mut stream = tokio::net::TcpStream::connect(address).await.unwrap();
        let request = "GET / HTTP/1.1\r\nhost: test\r\nconnection: close\r\n\r\n";
        stream.write_all(request.as_bytes()).await.unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).await.unwrap();
        answer.rsplit("\r\n").next().unwrap_or_default().to_owned()
    }

    #[tokio::test]
    async fn serves_on_every_core_and_answers_what_is_under_way_at_shutdown() {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let shutdown = CancellationToken::new();
        let gate = Gate {
            reached: Arc::new(Semaphore::new(0)),
            open: Arc::new(Semaphore::new(0)),
        };
        let app = Router::new().route("/", get(core)).with_state(gate.clone());
        let serving = serve_http(listener, app, shutdown.clone());
        let asking = async {
            let all = u32::try_from(count()).unwrap();
            let answers = futures_util::future::join_all((0..all).map(|_| ask(address)));
            let under_way = async {
                gate.reached.acquire_many(all).await.unwrap().forget();
                shutdown.cancel();
                gate.open.add_permits(count());
            };
            tokio::join!(answers, under_way).0
        };
        let (served, mut answers) = tokio::join!(serving, asking);
        served.unwrap();
        answers.sort();
        let expected: Vec<_> = (0..count())
            .map(|core| format!("core {core} for 127.0.0.1"))
            .collect();
        assert_eq!(answers, expected);
    }
}
