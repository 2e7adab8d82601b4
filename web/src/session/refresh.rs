//! A refresh token is good for one use; two requests that come at once with
//! the same cookie must not both spend it.

use std::time::{Duration, Instant};

use quick_cache::sync::Cache;
use serde::Deserialize;
use serde_json::json;
use sha2::{Digest, Sha256};

use super::{Person, Session, Tokens};
use crate::graph::{Caller, Done, Graph, GraphError, Mutated, Operation};

/// How long a request that still carries the old cookie gets the new pair. A
/// browser that lost the answer in a bad network comes back within that time.
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

/// The fresh sessions of the last seconds, by the refresh token that they replace.
pub(crate) struct Refresher {
    renewed: Cache<[u8; 32], (Instant, Session)>,
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
        self.once(session, || ask(graph, session, caller)).await
    }

    async fn once<F>(
        &self,
        session: &Session,
        ask: impl FnOnce() -> F,
    ) -> Result<Session, RefreshError>
    where
        F: Future<Output = Result<Session, RefreshError>>,
    {
        let spent: [u8; 32] = Sha256::digest(&session.tokens.refresh_token).into();
        self.renewed
            .remove_if(&spent, |(at, _)| at.elapsed() > KEPT);
        let renewed = self.renewed.get_or_insert_async(&spent, async {
            Ok::<_, RefreshError>((Instant::now(), ask().await?))
        });
        renewed.await.map(|(_, session)| session)
    }
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
}
