//! A refresh token is good for one use; two requests that come at once with
//! the same cookie must not both spend it. And an answer can be lost on its
//! way, with the new cookie in it: the old cookie has to stay good until the
//! browser has shown that it has the new one.

use std::{
    iter,
    time::{Duration, Instant},
};

use chrono::Utc;
use quick_cache::sync::Cache;
use serde::Deserialize;
use serde_json::json;
use sha2::{Digest, Sha256};

use super::{Person, Session, Tokens};
use crate::graph::{Caller, Done, Graph, GraphError, Mutated, Operation};

/// How long requests that still carry the old cookie get the new pair even
/// though the new one was presented: they were sent at the same time.
const KEPT: Duration = Duration::from_secs(30);
const CAPACITY: usize = 20_000;

const REFRESH: Operation = Operation::new(include_str!("operations.graphql"), "RefreshSession");

#[derive(Debug, thiserror::Error)]
pub(crate) enum RefreshError {
    #[error("the session has ended")]
    Ended,
    #[error("the session cannot be renewed now")]
    Graph(#[from] GraphError),
}

/// The SHA-256 of a refresh token.
type Key = [u8; 32];

/// Renewed sessions that browsers have not presented yet. They are kept in
/// memory alone: after a restart an answer that was lost before it ends its session.
pub(crate) struct Refresher {
    /// By the refresh token that they replace.
    renewed: Cache<Key, (Instant, Session)>,
    /// The key in `renewed`, by the new refresh token.
    replaced: Cache<Key, Key>,
    kept: Duration,
}

#[derive(Deserialize)]
struct Refreshed {
    tokens: Option<Tokens>,
    user: Option<Person>,
}

impl Refresher {
    pub(crate) fn new() -> Self {
        Self {
            renewed: Cache::new(CAPACITY),
            replaced: Cache::new(CAPACITY),
            kept: KEPT,
        }
    }

    /// Takes note that a browser has this session: from now on the one before
    /// it is spent for good, and whoever comes back with that has stolen it.
    pub(crate) fn presented(&self, session: &Session) {
        let key = key(session);
        let Some(before) = self.replaced.get(&key) else {
            return;
        };
        let over = |(at, _): &(Instant, Session)| at.elapsed() >= self.kept;
        if self.renewed.remove_if(&before, over).is_some() {
            self.replaced.remove(&key);
        }
    }

    /// The session with a fresh pair of tokens. One request asks the router,
    /// those that come meanwhile wait for it.
    pub(crate) async fn renew(
        &self,
        graph: &Graph,
        session: &Session,
        caller: Caller<'_>,
    ) -> Result<Session, RefreshError> {
        let latest = self.latest(session);
        if latest.needs_renewal(Utc::now()) {
            let ask = || ask(graph, &latest, caller);
            return self.once(&latest, ask).await;
        }
        Ok(latest)
    }

    /// What became of a session, over any number of lost answers.
    fn latest(&self, session: &Session) -> Session {
        let next = |session: &Session| Some(self.renewed.get(&key(session))?.1);
        iter::successors(Some(session.clone()), next)
            .take(CAPACITY)
            .last()
            .unwrap_or_else(|| session.clone())
    }

    async fn once<F>(
        &self,
        session: &Session,
        ask: impl FnOnce() -> F,
    ) -> Result<Session, RefreshError>
    where
        F: Future<Output = Result<Session, RefreshError>>,
    {
        let spent = key(session);
        let renewed = self.renewed.get_or_insert_async(&spent, async {
            let renewed = ask().await?;
            self.replaced.insert(key(&renewed), spent);
            Ok::<_, RefreshError>((Instant::now(), renewed))
        });
        renewed.await.map(|(_, session)| session)
    }
}

fn key(session: &Session) -> Key {
    Sha256::digest(&session.tokens.refresh_token).into()
}

async fn ask(
    graph: &Graph,
    session: &Session,
    caller: Caller<'_>,
) -> Result<Session, RefreshError> {
    let tokens = &session.tokens;
    let variables = json!({ "input": {
        "accessToken": tokens.access_token,
        "refreshToken": tokens.refresh_token,
    }});
    // The old access token may have expired, so it is not shown as a bearer.
    let caller = Caller {
        access_token: None,
        ..caller
    };
    let answer: Mutated<Refreshed> = graph.run(REFRESH, variables, caller).await?;
    let Refreshed { tokens, user } = answer.payload.entity;
    let tokens = tokens.ok_or(RefreshError::Ended)?;
    Ok(Session {
        id: session.id,
        tokens,
        person: user.unwrap_or_else(|| session.person.clone()),
    })
}

/// Ends the session at the router.
pub(crate) async fn end(
    graph: &Graph,
    session: &Session,
    caller: Caller<'_>,
) -> Result<(), GraphError> {
    const LOGOUT: Operation = Operation::new(include_str!("operations.graphql"), "Logout");
    let variables = json!({ "input": { "refreshToken": session.tokens.refresh_token } });
    let _: Mutated<Done> = graph.run(LOGOUT, variables, caller).await?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;

    use chrono::TimeDelta;
    use tokio::join;

    use super::{super::tests::session, *};

    #[tokio::test]
    async fn two_requests_at_once_spend_the_token_once() {
        let refresher = Refresher::new();
        let old = session(TimeDelta::seconds(-1));
        let fresh = session(TimeDelta::minutes(15));
        let asked = Cell::new(0);
        let ask = || async {
            asked.set(asked.get() + 1);
            tokio::task::yield_now().await;
            Ok(fresh.clone())
        };
        let (first, second) = join!(refresher.once(&old, ask), refresher.once(&old, ask));
        assert_eq!(
            first.unwrap().tokens.refresh_token,
            fresh.tokens.refresh_token
        );
        assert_eq!(
            second.unwrap().tokens.refresh_token,
            fresh.tokens.refresh_token
        );
        let later = refresher.once(&old, ask).await.unwrap();
        assert_eq!(later.tokens.refresh_token, fresh.tokens.refresh_token);
        assert_eq!(asked.get(), 1);
    }

    #[tokio::test]
    async fn a_refusal_is_not_kept() {
        let refresher = Refresher::new();
        let old = session(TimeDelta::seconds(-1));
        let refused = refresher
            .once(&old, || async { Err(RefreshError::Ended) })
            .await;
        assert!(matches!(refused, Err(RefreshError::Ended)));
        let fresh = refresher.once(&old, || async { Ok(old.clone()) }).await;
        assert!(fresh.is_ok());
    }

    #[tokio::test]
    async fn an_old_cookie_stays_good_until_the_new_one_is_presented() {
        let refresher = Refresher {
            kept: Duration::ZERO,
            ..Refresher::new()
        };
        let [old, lost, lost_too] = ["old", "lost", "lost too"].map(|token| {
            let mut session = session(TimeDelta::minutes(15));
            session.tokens.refresh_token = token.into();
            session
        });
        refresher
            .once(&old, async || Ok(lost.clone()))
            .await
            .unwrap();
        refresher.presented(&old);
        assert_eq!(refresher.latest(&old).tokens.refresh_token, "lost");
        let again = refresher.once(&lost, async || Ok(lost_too.clone())).await;
        again.unwrap();
        assert_eq!(refresher.latest(&old).tokens.refresh_token, "lost too");
        refresher.presented(&lost_too);
        // Now the router is asked about the spent token, and ends the session.
        assert_eq!(refresher.latest(&old).tokens.refresh_token, "lost");
        let stolen = refresher
            .once(&lost, async || Err(RefreshError::Ended))
            .await;
        assert!(matches!(stolen, Err(RefreshError::Ended)));
    }

    #[tokio::test]
    async fn requests_sent_with_the_old_cookie_pass_for_a_moment_after_the_new_one() {
        let refresher = Refresher::new();
        let [old, new] = ["old", "new"].map(|token| {
            let mut session = session(TimeDelta::minutes(15));
            session.tokens.refresh_token = token.into();
            session
        });
        refresher
            .once(&old, async || Ok(new.clone()))
            .await
            .unwrap();
        refresher.presented(&new);
        assert_eq!(refresher.latest(&old).tokens.refresh_token, "new");
    }
}
