//! The key set of the users subgraph, fetched when a token names a key that is not known.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError, RwLock},
    time::{Duration, Instant},
};

use futures_util::{
    FutureExt,
    future::{BoxFuture, Shared},
};
use jsonwebtoken::{
    DecodingKey,
    jwk::{Jwk, JwkSet},
};

use crate::AuthError;

/// How long a fetch may take, and how long its outcome stands.
#[derive(Clone, Copy)]
pub(crate) struct Pace {
    pub(crate) timeout: Duration,
    /// Keys are asked for again at most this often, however many tokens name
    /// an unknown one.
    pub(crate) after_success: Duration,
    /// In this time after a failure requests fail at once, instead of each
    /// waiting for an endpoint that hangs.
    pub(crate) after_failure: Duration,
}

impl Pace {
    pub(crate) const DEFAULT: Self = Self {
        timeout: Duration::from_secs(5),
        after_success: Duration::from_secs(5),
        after_failure: Duration::from_secs(1),
    };
}

/// The keys that this verifier understands, by their id.
pub(crate) type Keys = HashMap<String, DecodingKey>;

/// A key set behind a URL.
pub(crate) struct KeySource {
    url: String,
    client: reqwest::Client,
    pace: Pace,
    /// What the last good fetch brought.
    keys: Arc<RwLock<Keys>>,
    latest: Mutex<Option<Fetch>>,
}

/// A fetch that all who need its outcome drive together: one of them that
/// gives up does not take it from the others.
#[derive(Clone)]
struct Fetch {
    started: Instant,
    outcome: Shared<BoxFuture<'static, Outcome>>,
}

#[derive(Clone, Copy)]
struct Outcome {
    at: Instant,
    is_good: bool,
}

impl KeySource {
    pub(crate) fn new(url: String, pace: Pace) -> Result<Self, reqwest::Error> {
        let client = reqwest::Client::builder()
            .timeout(pace.timeout)
            .user_agent("setwise")
            .build()?;
        Ok(Self {
            url,
            client,
            pace,
            keys: Arc::default(),
            latest: Mutex::default(),
        })
    }

    /// # Errors
    /// `Invalid` when the key set has no such key, `KeysUnavailable` when the
    /// set is out of reach.
    pub(crate) async fn key(&self, key_id: &str) -> Result<DecodingKey, AuthError> {
        if let Some(key) = known(&self.keys, key_id) {
            return Ok(key);
        }
        let outcome = self.fetch().outcome.await;
        match known(&self.keys, key_id) {
            Some(key) => Ok(key),
            None if outcome.is_good => Err(AuthError::Invalid),
            None => Err(AuthError::KeysUnavailable),
        }
    }

    /// The fetch in flight, or the last one while its outcome stands, or a new one.
    fn fetch(&self) -> Fetch {
        let mut latest = self.latest.lock().unwrap_or_else(PoisonError::into_inner);
        match latest.as_ref() {
            Some(fetch) if fetch.stands(self.pace) => fetch.clone(),
            _ => latest.insert(self.start()).clone(),
        }
    }

    fn start(&self) -> Fetch {
        let response = self.client.get(&self.url).send();
        let keys = self.keys.clone();
        let outcome = async move {
            let set = load(response).await;
            if let Err(error) = &set {
                tracing::warn!(
                    error.message = %error,
                    "the key set could not be fetched: check that the users service is up and JWKS_URL is right"
                );
            }
            let is_good = set.is_ok();
            if let Ok(set) = set {
                *keys.write().unwrap_or_else(PoisonError::into_inner) = decoding_keys(&set);
            }
            let at = Instant::now();
            Outcome { at, is_good }
        };
        Fetch {
            started: Instant::now(),
            outcome: outcome.boxed().shared(),
        }
    }
}

impl Fetch {
    fn stands(&self, pace: Pace) -> bool {
        match self.outcome.peek() {
            // One that is over its time has been left by everybody.
            None => self.started.elapsed() < pace.timeout,
            Some(outcome) if outcome.is_good => outcome.at.elapsed() < pace.after_success,
            Some(outcome) => outcome.at.elapsed() < pace.after_failure,
        }
    }
}

async fn load(
    response: impl Future<Output = reqwest::Result<reqwest::Response>>,
) -> reqwest::Result<JwkSet> {
    response.await?.error_for_status()?.json().await
}

fn known(keys: &RwLock<Keys>, key_id: &str) -> Option<DecodingKey> {
    let keys = keys.read().unwrap_or_else(PoisonError::into_inner);
    keys.get(key_id).cloned()
}

/// The keys that this verifier understands; others are left out.
pub(crate) fn decoding_keys(set: &JwkSet) -> Keys {
    let pair = |jwk: &Jwk| {
        let id = jwk.common.key_id.clone()?;
        Some((id, DecodingKey::from_jwk(jwk).ok()?))
    };
    set.keys.iter().filter_map(pair).collect()
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use futures_util::future::join_all;
    use tokio::{
        io::{AsyncReadExt, AsyncWriteExt},
        net::{TcpListener, TcpStream},
        sync::watch,
        task::JoinSet,
    };

    use super::*;
    use crate::TokenIssuer;

    const LONG: Duration = Duration::from_mins(1);

    /// A key set endpoint that takes requests and answers none until it is told its answer.
    struct Endpoint {
        url: String,
        requests: Arc<AtomicUsize>,
        answer: watch::Sender<Option<String>>,
        _serving: JoinSet<()>,
    }

    impl Endpoint {
        async fn hanging() -> Self {
            let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
            let url = format!("http://{}/jwks", listener.local_addr().unwrap());
            let requests = Arc::<AtomicUsize>::default();
            let (answer, answers) = watch::channel(None);
            let count = requests.clone();
            let mut serving = JoinSet::new();
            serving.spawn(async move {
                let mut streams = JoinSet::new();
                loop {
                    let (stream, _) = listener.accept().await.unwrap();
                    count.fetch_add(1, Ordering::SeqCst);
                    streams.spawn(respond(stream, answers.clone()));
                }
            });
            Self {
                url,
                requests,
                answer,
                _serving: serving,
            }
        }

        fn requests(&self) -> usize {
            self.requests.load(Ordering::SeqCst)
        }
    }

    async fn respond(mut stream: TcpStream, mut answers: watch::Receiver<Option<String>>) {
        let mut request = Vec::new();
        while !request.ends_with(b"\r\n\r\n") {
            request.push(stream.read_u8().await.unwrap());
        }
        let answer = answers.wait_for(Option::is_some).await.unwrap().clone();
        let body = answer.unwrap();
        let head = format!(
            "HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-length: {}\r\n\r\n",
            body.len()
        );
        // A client that has given up is gone.
        let _ = stream.write_all((head + &body).as_bytes()).await;
    }

    fn issued() -> (String, String) {
        let jwks = TokenIssuer::generate().unwrap().jwks();
        let key_id = jwks["keys"][0]["kid"].as_str().unwrap().to_owned();
        (key_id, jwks.to_string())
    }

    fn source(endpoint: &Endpoint, timeout_ms: u64, after_failure: Duration) -> KeySource {
        let pace = Pace {
            timeout: Duration::from_millis(timeout_ms),
            after_success: LONG,
            after_failure,
        };
        KeySource::new(endpoint.url.clone(), pace).unwrap()
    }

    #[tokio::test]
    async fn all_wait_for_one_fetch_and_fail_at_once_after_it() {
        let endpoint = Endpoint::hanging().await;
        let source = source(&endpoint, 300, LONG);
        let keys = join_all((0..20).map(|_| source.key("any"))).await;
        for key in keys {
            assert_eq!(key.err(), Some(AuthError::KeysUnavailable));
        }
        let late = source.key("any").await;
        assert_eq!(late.err(), Some(AuthError::KeysUnavailable));
        assert_eq!(endpoint.requests(), 1);
    }

    #[tokio::test]
    async fn recovers_once_the_endpoint_answers() {
        let (key_id, jwks) = issued();
        let endpoint = Endpoint::hanging().await;
        let source = source(&endpoint, 1_000, Duration::ZERO);
        let hung = source.key(&key_id).await;
        assert_eq!(hung.err(), Some(AuthError::KeysUnavailable));
        endpoint.answer.send_replace(Some(jwks));
        assert!(source.key(&key_id).await.is_ok());
        assert!(source.key(&key_id).await.is_ok());
        let unknown = source.key("another").await;
        assert_eq!(unknown.err(), Some(AuthError::Invalid));
        assert_eq!(endpoint.requests(), 2);
    }

    #[tokio::test]
    async fn one_that_gives_up_leaves_the_fetch_to_the_others() {
        let (key_id, jwks) = issued();
        let endpoint = Endpoint::hanging().await;
        let source = source(&endpoint, 60_000, LONG);
        let mut first = Box::pin(source.key(&key_id));
        let mut second = Box::pin(source.key(&key_id));
        while endpoint.requests() == 0 {
            assert!(futures_util::poll!(&mut first).is_pending());
            assert!(futures_util::poll!(&mut second).is_pending());
            tokio::task::yield_now().await;
        }
        drop(first);
        endpoint.answer.send_replace(Some(jwks));
        assert!(second.await.is_ok());
        assert_eq!(endpoint.requests(), 1);
    }
}
