//! What stands between the executor and the subgraphs: identical queries under way at once are
//! sent once, no more than so many are sent at a time, and a subgraph that fails is left alone for
//! a while.

mod breaker;
mod in_flight;
mod queue;

use std::{
    hash::{BuildHasher as _, Hash, Hasher, RandomState},
    sync::{
        Arc, OnceLock,
        atomic::{AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};

use bytes::Bytes;
use futures_util::future::BoxFuture;
use http::{HeaderMap, HeaderName, HeaderValue, header};
use metrics::Histogram;

use crate::{config::AllSubgraphs, supergraph::Subgraph, upload::Outgoing};

use super::{
    client::{FetchError, SubgraphClient},
    errors::Answer,
};

use breaker::{Breaker, Open};
use in_flight::InFlight;
use queue::Queue;

/// Headers in which identical requests differ: they name the trace, not the caller.
const TRACE: [&str; 3] = ["traceparent", "tracestate", "baggage"];

/// The subgraphs in the order of the supergraph's. A clone shares all.
#[derive(Clone, Debug)]
pub(crate) struct Upstreams {
    client: Arc<SubgraphClient>,
    each: Arc<[Arc<Upstream>]>,
}

/// What a request does, and so what may be done with it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// May be sent again, and shared with equal ones under way.
    SharedQuery,
    /// May be sent again.
    Query,
    /// Is sent once.
    Mutation,
}

/// One subgraph as this router sees it.
#[derive(Debug)]
struct Upstream {
    subgraph: Subgraph,
    deduplicates: bool,
    breaker: Breaker,
    queue: Queue,
    in_flight: InFlight,
    mutations: AtomicU64,
    hasher: RandomState,
    /// Seconds of requests that failed and that were answered: looked up once, with the recorder
    /// that is there when the first ends.
    durations: [OnceLock<Histogram>; 2],
}

/// One request to a subgraph.
#[derive(Debug)]
struct Question {
    headers: HeaderMap,
    body: Bytes,
    /// How many mutations the subgraph had answered when this was asked: what is asked after a
    /// mutation is never answered with what was asked before it.
    epoch: u64,
    /// Of the above: a body is long, and looked up more than once.
    hash: u64,
}

/// An answer that more than one may wait for.
type Pending = BoxFuture<'static, Answer>;

impl Upstreams {
    pub(crate) fn new(
        client: SubgraphClient,
        subgraphs: &[Subgraph],
        config: &AllSubgraphs,
    ) -> Self {
        let each = subgraphs
            .iter()
            .map(|subgraph| Arc::new(Upstream::new(subgraph.clone(), config)));
        Self {
            client: Arc::new(client),
            each: each.collect(),
        }
    }

    /// The connections.
    pub(crate) fn client(&self) -> &SubgraphClient {
        &self.client
    }

    /// Posts a GraphQL request to the subgraph at position `subgraph` and reads the answer.
    pub(crate) async fn ask(
        &self,
        subgraph: usize,
        headers: HeaderMap,
        body: Bytes,
        kind: Kind,
    ) -> Answer {
        let upstream = &self.each[subgraph];
        let question = upstream.question(headers, body);
        if kind == Kind::SharedQuery && upstream.deduplicates {
            let send = |question: Arc<Question>| -> Pending {
                let (client, upstream) = (Arc::clone(&self.client), Arc::clone(upstream));
                Box::pin(async move {
                    let answer = upstream.exchange(&client, &question, true).await;
                    answer.map_err(Arc::new)
                })
            };
            let joined = || upstream.count_shared();
            return upstream.in_flight.share(question, send, joined).await;
        }
        let _mutated = (kind == Kind::Mutation).then(|| Mutated(upstream));
        let may_retry = kind != Kind::Mutation;
        let answer = upstream.exchange(&self.client, &question, may_retry);
        answer.await.map_err(Arc::new)
    }

    /// Notes how long a request to the subgraph at position `subgraph` took.
    pub(crate) fn note_duration(&self, subgraph: usize, duration: Duration, is_answered: bool) {
        let upstream = &self.each[subgraph];
        let histogram = upstream.durations[usize::from(is_answered)].get_or_init(|| {
            let labels = [
                ("subgraph", upstream.subgraph.name.clone()),
                ("answered", is_answered.to_string()),
            ];
            metrics::histogram!("router_subgraph_request_duration_seconds", &labels)
        });
        histogram.record(duration.as_secs_f64());
    }

    /// Posts a GraphQL request with files within `timeout`.
    pub(crate) async fn ask_with_files(
        &self,
        subgraph: usize,
        headers: &HeaderMap,
        outgoing: Outgoing,
        timeout: Duration,
    ) -> Answer {
        let upstream = &self.each[subgraph];
        let _mutated = Mutated(upstream);
        let url = &upstream.subgraph.url;
        let posted = |left| self.client.post_files(url, headers, outgoing, left);
        upstream.within(timeout, posted).await.map_err(Arc::new)
    }
}

impl Upstream {
    fn new(subgraph: Subgraph, config: &AllSubgraphs) -> Self {
        Self {
            deduplicates: config.deduplicate_queries,
            breaker: Breaker::new(&subgraph.name, config.circuit_breaker.clone()),
            queue: Queue::new(config.max_concurrent_requests, config.max_queued_requests),
            in_flight: InFlight::default(),
            mutations: AtomicU64::new(0),
            hasher: RandomState::new(),
            durations: Default::default(),
            subgraph,
        }
    }

    fn question(&self, headers: HeaderMap, body: Bytes) -> Question {
        let epoch = self.mutations.load(Ordering::Acquire);
        let caller = headers.get(header::AUTHORIZATION);
        Question {
            hash: self.hasher.hash_one((&body, epoch, caller)),
            headers,
            body,
            epoch,
        }
    }

    async fn exchange(
        &self,
        client: &SubgraphClient,
        question: &Question,
        may_retry: bool,
    ) -> Result<Bytes, FetchError> {
        let Subgraph { url, timeout, .. } = &self.subgraph;
        let Question { headers, body, .. } = question;
        let posted = |left| client.post(url, headers, body.clone(), left, may_retry);
        self.within(*timeout, posted).await
    }

    /// Sends when the subgraph is well and has room, within `timeout`, the wait included.
    async fn within<F>(
        &self,
        timeout: Duration,
        send: impl FnOnce(Duration) -> F,
    ) -> Result<Bytes, FetchError>
    where
        F: Future<Output = Result<Bytes, FetchError>>,
    {
        let left_alone = |Open { retry_after }| {
            self.count_refused("left_alone");
            FetchError::LeftAlone { retry_after }
        };
        let began = Instant::now();
        // before the queue, in which all would wait for what is refused anyway
        self.breaker.check(began).map_err(left_alone)?;
        let place = tokio::time::timeout(timeout, self.queue.enter()).await;
        let Ok(Ok(_place)) = place else {
            self.count_refused("busy");
            return Err(FetchError::Busy);
        };
        let now = Instant::now();
        let trial = self.breaker.admit(now).map_err(left_alone)?;
        let left = timeout.saturating_sub(now - began);
        let answer = send(left).await;
        let has_failed = answer.as_ref().is_err_and(FetchError::is_failure);
        trial.end(has_failed, Instant::now());
        answer
    }

    fn count_refused(&self, reason: &'static str) {
        let name = self.subgraph.name.clone();
        let labels = [("subgraph", name), ("reason", reason.to_owned())];
        metrics::counter!("router_subgraph_refused_total", &labels).increment(1);
    }

    fn count_shared(&self) {
        let labels = [("subgraph", self.subgraph.name.clone())];
        metrics::counter!("router_subgraph_deduplicated_total", &labels).increment(1);
    }
}

/// Says, when dropped, that a mutation was answered, or may have been done without an answer.
struct Mutated<'a>(&'a Upstream);

impl Drop for Mutated<'_> {
    fn drop(&mut self) {
        self.0.mutations.fetch_add(1, Ordering::AcqRel);
    }
}

impl Question {
    /// The headers that tell one request from another, however many of a name.
    fn telling(&self) -> impl Iterator<Item = (&HeaderName, &HeaderValue)> {
        let headers = self.headers.iter();
        headers.filter(|(name, _)| !TRACE.contains(&name.as_str()))
    }
}

impl Hash for Question {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.hash.hash(state);
    }
}

impl PartialEq for Question {
    /// Whether one answer is the other's: everything is compared that the subgraph could tell them
    /// apart by. Headers in another order are other headers.
    fn eq(&self, other: &Self) -> bool {
        self.epoch == other.epoch && self.body == other.body && self.telling().eq(other.telling())
    }
}

impl Eq for Question {}
