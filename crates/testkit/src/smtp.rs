//! A mail server for the time of a test: it keeps what it gets, and fails as told.

use std::{
    collections::VecDeque,
    io,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use tokio::{
    io::{AsyncBufReadExt, AsyncWriteExt, BufReader},
    net::{
        TcpListener, TcpStream,
        tcp::{OwnedReadHalf, OwnedWriteHalf},
    },
    task::JoinSet,
};
use tokio_util::sync::{CancellationToken, DropGuard};

/// A listening mail server. It ends when this is dropped.
pub struct SmtpServer {
    port: u16,
    state: Arc<Mutex<State>>,
    _running: DropGuard,
}

/// A mail as the server got it.
#[derive(Clone, Debug)]
pub struct ReceivedMail {
    /// The sender of the envelope.
    pub from: String,
    /// The recipients of the envelope.
    pub to: Vec<String>,
    /// Headers and body.
    pub content: String,
}

/// How the server fails a mail.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SmtpFailure {
    /// Answers 451: not now.
    Transient,
    /// Answers 550: never.
    Permanent,
    /// Drops the connection.
    Disconnect,
}

#[derive(Default)]
struct State {
    mails: Vec<ReceivedMail>,
    /// Of the next mails, one each.
    failures: VecDeque<SmtpFailure>,
    attempts: usize,
}

impl SmtpServer {
    /// A server on a free port of the loopback address.
    ///
    /// # Panics
    /// When there is no port.
    pub async fn start() -> Self {
        Self::start_on(0).await
    }

    /// A server on this port.
    ///
    /// # Panics
    /// When the port is taken.
    pub async fn start_on(port: u16) -> Self {
        let listener = TcpListener::bind(("127.0.0.1", port))
            .await
            .expect("a free port");
        let port = listener.local_addr().expect("its address").port();
        let state = Arc::default();
        let shutdown = CancellationToken::new();
        let serving = serve(listener, Arc::clone(&state), shutdown.clone());
        #[expect(clippy::disallowed_methods, reason = "ends with the server")]
        tokio::spawn(serving);
        Self {
            port,
            state,
            _running: shutdown.drop_guard(),
        }
    }

    #[must_use]
    pub fn port(&self) -> u16 {
        self.port
    }

    /// What was taken so far.
    #[must_use]
    pub fn mails(&self) -> Vec<ReceivedMail> {
        lock(&self.state).mails.clone()
    }

    /// How many mails were tried to hand in so far.
    #[must_use]
    pub fn attempts(&self) -> usize {
        lock(&self.state).attempts
    }

    /// Fails the next `times` mails.
    pub fn fail_next(&self, times: usize, failure: SmtpFailure) {
        let failures = std::iter::repeat_n(failure, times);
        lock(&self.state).failures.extend(failures);
    }
}

async fn serve(listener: TcpListener, state: Arc<Mutex<State>>, shutdown: CancellationToken) {
    let mut sessions = JoinSet::new();
    while let Some(Ok((stream, _))) = shutdown.run_until_cancelled(listener.accept()).await {
        let session = Session::new(stream, Arc::clone(&state));
        // A session that breaks off is what some tests are about.
        sessions.spawn(async move { session.run().await.ok() });
    }
}

struct Session {
    reader: BufReader<OwnedReadHalf>,
    writer: OwnedWriteHalf,
    state: Arc<Mutex<State>>,
    from: String,
    to: Vec<String>,
}

impl Session {
    fn new(stream: TcpStream, state: Arc<Mutex<State>>) -> Self {
        let (reader, writer) = stream.into_split();
        Self {
            reader: BufReader::new(reader),
            writer,
            state,
            from: String::new(),
            to: Vec::new(),
        }
    }

    async fn run(mut self) -> io::Result<()> {
        self.answer("220 test").await?;
        while let Some(line) = self.line().await? {
            let verb = line.split([' ', ':']).next().unwrap_or_default();
            match verb.to_ascii_uppercase().as_str() {
                "EHLO" => self.answer("250-test\r\n250 8BITMIME").await?,
                "MAIL" => match self.next_failure() {
                    None => {
                        self.from = path(&line);
                        self.to.clear();
                        self.answer("250 ok").await?;
                    }
                    Some(SmtpFailure::Transient) => self.answer("451 not now").await?,
                    Some(SmtpFailure::Permanent) => self.answer("550 never").await?,
                    Some(SmtpFailure::Disconnect) => return Ok(()),
                },
                "RCPT" => {
                    self.to.push(path(&line));
                    self.answer("250 ok").await?;
                }
                "DATA" => {
                    self.answer("354 go on").await?;
                    self.take().await?;
                    self.answer("250 taken").await?;
                }
                "RSET" | "NOOP" => self.answer("250 ok").await?,
                "QUIT" => return self.answer("221 bye").await,
                _ => self.answer("502 unknown").await?,
            }
        }
        Ok(())
    }

    fn next_failure(&self) -> Option<SmtpFailure> {
        let mut state = lock(&self.state);
        state.attempts += 1;
        state.failures.pop_front()
    }

    async fn take(&mut self) -> io::Result<()> {
        let mut content = String::new();
        while let Some(line) = self.line().await? {
            if line == "." {
                let mail = ReceivedMail {
                    from: self.from.clone(),
                    to: self.to.clone(),
                    content,
                };
                lock(&self.state).mails.push(mail);
                return Ok(());
            }
            content.push_str(line.strip_prefix('.').unwrap_or(&line));
            content.push_str("\r\n");
        }
        Err(io::ErrorKind::UnexpectedEof.into())
    }

    async fn line(&mut self) -> io::Result<Option<String>> {
        let mut line = String::new();
        let read = self.reader.read_line(&mut line).await?;
        Ok((read > 0).then(|| line.trim_end_matches(['\r', '\n']).to_owned()))
    }

    async fn answer(&mut self, line: &str) -> io::Result<()> {
        self.writer
            .write_all(format!("{line}\r\n").as_bytes())
            .await
    }
}

/// The address between the angle brackets.
fn path(line: &str) -> String {
    let path = line
        .split_once('<')
        .and_then(|(_, rest)| rest.split_once('>'));
    path.map(|(path, _)| path).unwrap_or_default().to_owned()
}

fn lock(state: &Mutex<State>) -> MutexGuard<'_, State> {
    state.lock().unwrap_or_else(PoisonError::into_inner)
}
