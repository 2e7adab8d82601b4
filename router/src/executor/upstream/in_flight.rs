//! Identical queries under way at once, sent once.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use futures_util::{
    FutureExt as _,
    future::{Shared, WeakShared},
};

use super::{Pending, Question};
use crate::executor::errors::Answer;

/// The queries under way to one subgraph, by all that tells one from another.
#[derive(Clone, Debug, Default)]
pub(crate) struct InFlight(Arc<Mutex<Table>>);

#[derive(Debug, Default)]
struct Table {
    under_way: HashMap<Arc<Question>, (u64, WeakShared<Pending>)>,
    /// Tells a query from an equal one before it.
    next: u64,
}

impl InFlight {
    /// The answer to `question`: that of an equal query under way, or `send`'s. Whoever waits
    /// drives it, so it goes on when the one who began it is gone, and ends when all are.
    pub(crate) async fn share(
        &self,
        question: Question,
        send: impl FnOnce(Arc<Question>) -> Pending,
        joined: impl FnOnce(),
    ) -> Answer {
        let question = Arc::new(question);
        let (answer, is_joined) = self.find_or_begin(question, send);
        if is_joined {
            joined();
        }
        answer.await
    }

    fn find_or_begin(
        &self,
        question: Arc<Question>,
        send: impl FnOnce(Arc<Question>) -> Pending,
    ) -> (Shared<Pending>, bool) {
        let mut table = self.lock();
        let known = table.under_way.get(&question);
        // one that nobody waits for any more is on its way out of the table
        if let Some(answer) = known.and_then(|(_, answer)| answer.upgrade()) {
            return (answer, true);
        }
        let id = table.next;
        table.next += 1;
        let entry = Entry {
            in_flight: self.clone(),
            question: Arc::clone(&question),
            id,
        };
        let exchange = send(Arc::clone(&question));
        let pending: Pending = Box::pin(async move {
            let _entry = entry;
            exchange.await
        });
        let answer = pending.shared();
        if let Some(weak) = answer.downgrade() {
            table.under_way.insert(question, (id, weak));
        }
        (answer, false)
    }

    fn lock(&self) -> MutexGuard<'_, Table> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Leaves the table when the answer is there or nobody waits for it.
struct Entry {
    in_flight: InFlight,
    question: Arc<Question>,
    id: u64,
}

impl Drop for Entry {
    fn drop(&mut self) {
        let mut table = self.in_flight.lock();
        let known = table.under_way.get(&self.question);
        if known.is_some_and(|(id, _)| *id == self.id) {
            table.under_way.remove(&self.question);
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use bytes::Bytes;
    use http::HeaderMap;
    use tokio::sync::oneshot;

    use super::{super::Upstream, *};
    use crate::config::AllSubgraphs;

    struct Subgraph {
        upstream: Upstream,
        in_flight: InFlight,
        sent: Arc<AtomicUsize>,
    }

    impl Subgraph {
        fn new() -> Self {
            Self {
                upstream: Upstream::new(
                    crate::supergraph::Subgraph {
                        name: "one".to_owned(),
                        url: "http://one/graphql".parse().unwrap(),
                        timeout: std::time::Duration::from_secs(30),
                        http2: false,
                    },
                    &AllSubgraphs::default(),
                ),
                in_flight: InFlight::default(),
                sent: Arc::default(),
            }
        }

        fn question(&self, token: &str, body: &'static str) -> Question {
            let mut headers = HeaderMap::new();
            headers.insert("authorization", token.parse().unwrap());
            headers.insert("traceparent", self.sent().to_string().parse().unwrap());
            self.upstream
                .question(headers, Bytes::from_static(body.as_bytes()))
        }

        fn ask(&self, question: Question) -> (impl Future<Output = Answer>, oneshot::Sender<()>) {
            let (answer, wait) = oneshot::channel();
            let (in_flight, count) = (self.in_flight.clone(), Arc::clone(&self.sent));
            let asked = async move {
                let send = |question: Arc<Question>| -> Pending {
                    count.fetch_add(1, Ordering::Relaxed);
                    Box::pin(async move {
                        wait.await.unwrap();
                        Ok(question.body.clone())
                    })
                };
                in_flight.share(question, send, || ()).await
            };
            (asked, answer)
        }

        fn sent(&self) -> usize {
            self.sent.load(Ordering::Relaxed)
        }
    }

    /// Polls once.
    fn begin<F: Future<Output = Answer>>(future: &mut std::pin::Pin<Box<F>>) {
        assert!(future.as_mut().now_or_never().is_none());
    }

    #[tokio::test]
    async fn one_that_gives_up_does_not_take_the_answer_from_the_others() {
        let subgraph = Subgraph::new();
        let (leader, answer) = subgraph.ask(subgraph.question("ada", "q"));
        let mut leader = Box::pin(leader);
        begin(&mut leader);
        let (follower, _) = subgraph.ask(subgraph.question("ada", "q"));
        let mut follower = Box::pin(follower);
        begin(&mut follower);
        drop(leader);
        answer.send(()).unwrap();
        assert_eq!(follower.await.unwrap(), "q");
        assert_eq!(subgraph.sent(), 1);
        assert!(subgraph.in_flight.lock().under_way.is_empty());
    }

    #[tokio::test]
    async fn what_all_gave_up_is_sent_again() {
        let subgraph = Subgraph::new();
        let (first, _answer) = subgraph.ask(subgraph.question("ada", "q"));
        let mut first = Box::pin(first);
        begin(&mut first);
        drop(first);
        assert!(subgraph.in_flight.lock().under_way.is_empty());
        let (second, answer) = subgraph.ask(subgraph.question("ada", "q"));
        answer.send(()).unwrap();
        assert_eq!(second.await.unwrap(), "q");
        assert_eq!(subgraph.sent(), 2);
    }

    #[tokio::test]
    async fn only_equal_ones_are_sent_once() {
        let subgraph = Subgraph::new();
        let mut asked = Vec::new();
        let mut ask = |question| {
            let (asking, answer) = subgraph.ask(question);
            let mut asking = Box::pin(asking);
            begin(&mut asking);
            asked.push((asking, answer));
        };
        ask(subgraph.question("ada", "q"));
        ask(subgraph.question("bob", "q"));
        ask(subgraph.question("ada", "r"));
        assert_eq!(subgraph.sent(), 3);
        ask(subgraph.question("bob", "q"));
        assert_eq!(subgraph.sent(), 3);
        let mut other_language = subgraph.question("ada", "q");
        let russian = "ru".parse().unwrap();
        other_language.headers.insert("accept-language", russian);
        ask(other_language);
        assert_eq!(subgraph.sent(), 4);
        drop(super::super::Mutated(&subgraph.upstream));
        ask(subgraph.question("ada", "q"));
        assert_eq!(subgraph.sent(), 5);
    }
}
