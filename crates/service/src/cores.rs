//! A runtime for each core: a connection stays on the thread that it was given to, and so does
//! all that is done for it. Nothing wakes another core or waits for one, which for a service that
//! mostly hands bytes on is a good part of its work.

use std::{
    cell::Cell,
    io, iter,
    net::{SocketAddr, TcpStream},
    sync::Arc,
    thread,
};

use axum::Router;
use tokio::{
    net::TcpListener,
    runtime,
    sync::{mpsc, oneshot},
};
use tokio_util::sync::CancellationToken;

use crate::{
    connections::{Connections, LIMITS, accept, log_cut},
    http_server::observed,
};

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
        .map(|core| {
            let connections = Connections::new(app.clone(), shutdown.clone(), LIMITS);
            Core::start(core, connections)
        })
        .collect::<io::Result<Vec<_>>>()?;
    let accept = async {
        for core in cores.iter().cycle() {
            let (stream, from) = accept(&listener).await;
            core.give(stream.into_std(), from);
        }
    };
    shutdown.run_until_cancelled(accept).await;
    drop(listener);
    let mut cut = 0;
    for core in cores {
        cut += core.ended().await;
    }
    log_cut(cut);
    Ok(())
}

struct Core {
    connections: mpsc::UnboundedSender<(TcpStream, SocketAddr)>,
    /// How many connections were closed under a request.
    ended: oneshot::Receiver<usize>,
}

impl Core {
    fn start(core: usize, open: Connections) -> io::Result<Self> {
        let (connections, mut given) = mpsc::unbounded_channel::<(TcpStream, SocketAddr)>();
        let (ending, ended) = oneshot::channel();
        let runtime = runtime::Builder::new_current_thread()
            .enable_all()
            .build()?;
        let serve = async move {
            while let Some((stream, from)) = given.recv().await {
                match tokio::net::TcpStream::from_std(stream) {
                    Ok(stream) => open.serve(stream, from),
                    Err(error) => cannot_take_over(&error),
                }
            }
            open.ended().await
        };
        thread::Builder::new()
            .name(format!("core {core}"))
            .spawn(move || {
                CORE.set(core);
                let cut = runtime.block_on(serve);
                // nobody waits when serving was given up
                let _ = ending.send(cut);
            })?;
        Ok(Self { connections, ended })
    }

    /// Hands over a connection that is in no runtime.
    fn give(&self, stream: io::Result<TcpStream>, from: SocketAddr) {
        match stream {
            Ok(stream) => {
                if self.connections.send((stream, from)).is_err() {
                    tracing::error!("a core serves no more");
                }
            }
            Err(error) => cannot_take_over(&error),
        }
    }

    /// Waits until the connections are closed; answers how many of them under a request.
    async fn ended(self) -> usize {
        drop(self.connections);
        // a core that panicked has said so
        self.ended.await.unwrap_or_default()
    }
}

fn cannot_take_over(error: &io::Error) {
    tracing::error!(error.message = %error, "cannot take a connection over");
}

#[cfg(test)]
mod tests {
    use axum::{
        extract::{ConnectInfo, State},
        routing::get,
    };
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
