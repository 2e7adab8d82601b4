use std::{collections::HashSet, convert::Infallible, time::Duration};

use anyhow::Context as _;
use sqlx::{
    PgConnection, PgPool,
    postgres::{PgListener, PgPoolOptions},
};
use tokio::{
    task::spawn_blocking,
    time::{sleep, timeout},
};
use tokio_util::sync::CancellationToken;

use crate::{
    Outbox,
    publisher::{PublishError, Publisher},
    store::{Row, Statements},
};

/// How often a relay looks by itself, should a notification be lost; also how
/// often one that waits looks whether the active one is gone.
const POLL: Duration = Duration::from_secs(2);
/// Between attempts while the database or the broker is down.
const RETRY: Duration = Duration::from_secs(1);

/// Publishes the rows of an outbox. Of all relays of one outbox, in any number
/// of processes, one is active; the others take over when it ends.
pub struct Relay {
    /// Apart from the service's own pool: one connection that holds the lock
    /// and reads, one that listens.
    pool: PgPool,
    statements: Statements,
    brokers: String,
}

/// What a pass has found.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Pass {
    /// Everything that was there is published.
    Done,
    /// Something is left behind.
    Left,
}

impl Relay {
    /// A relay of `outbox` in the database of `pool`, to the Kafka `brokers`.
    #[must_use]
    #[expect(clippy::needless_pass_by_value, reason = "a pool is a handle")]
    pub fn new(pool: PgPool, outbox: Outbox, brokers: &str) -> Self {
        let options = pool.connect_options().as_ref().clone();
        Self {
            pool: PgPoolOptions::new()
                .max_connections(2)
                .connect_lazy_with(options),
            statements: outbox.statements,
            brokers: brokers.to_owned(),
        }
    }

    /// Publishes until `shutdown`. Neither a database nor a broker that is
    /// down ends it.
    ///
    /// # Errors
    /// When the producer cannot be made, such as with a malformed address.
    pub async fn run(self, shutdown: CancellationToken) -> anyhow::Result<()> {
        let schema = self.statements.schema();
        let mut down = false;
        while !shutdown.is_cancelled() {
            let client_id = format!("setwise-outbox-{schema}");
            let mut publisher = Publisher::new(&self.brokers, &client_id)?;
            let relaying = self.relay(&mut publisher, &mut down);
            let outcome = shutdown.run_until_cancelled(relaying).await;
            // Ending a producer waits for its threads.
            spawn_blocking(move || drop(publisher)).await?;
            if let Some(Err(error)) = outcome {
                if !down {
                    down = true;
                    tracing::error!(
                        outbox.schema = schema,
                        error.message = format!("{error:#}"),
                        "the outbox relay has to start anew"
                    );
                }
                shutdown.run_until_cancelled(sleep(RETRY)).await;
            }
        }
        self.pool.close().await;
        Ok(())
    }

    /// Becomes the active relay and stays so; ends with the error that breaks it.
    async fn relay(
        &self,
        publisher: &mut Publisher,
        down: &mut bool,
    ) -> anyhow::Result<Infallible> {
        // The lock belongs to the session: it goes with this connection.
        let conn = self.pool.acquire().await?;
        let mut conn = conn.detach();
        while !self.statements.try_lead(&mut conn).await? {
            sleep(POLL).await;
        }
        let mut listener = PgListener::connect_with(&self.pool).await?;
        listener.listen(&self.statements.channel()).await?;
        tracing::debug!(
            outbox.schema = self.statements.schema(),
            "this relay is active"
        );
        *down = false;
        let mut outage = Outage::default();
        loop {
            let pass = self.pass(&mut conn, publisher, &mut outage).await?;
            anyhow::ensure!(!publisher.is_broken(), "the producer broke");
            if pass == Pass::Left {
                sleep(RETRY).await;
            } else {
                // A lost connection of the listener is a reason to look, too.
                if let Ok(notified) = timeout(POLL, listener.try_recv()).await {
                    notified?;
                }
                while listener.next_buffered().is_some() {}
            }
        }
    }

    /// Publishes what is there, in pages. A refused event holds back those of
    /// its key; a broker out of reach ends the pass.
    async fn pass(
        &self,
        conn: &mut PgConnection,
        publisher: &mut Publisher,
        outage: &mut Outage,
    ) -> anyhow::Result<Pass> {
        let mut held = HashSet::new();
        let mut after = i64::MIN;
        loop {
            let rows = self.statements.read(conn, after).await;
            let rows = rows.context("the outbox cannot be read")?;
            let Some(last) = rows.last() else {
                break;
            };
            after = last.sequence;
            if let Err(error) = publisher.ensure_topics(&rows).await {
                outage.begin(self.statements.schema(), &error);
                return Ok(Pass::Left);
            }
            if !self.page(conn, publisher, outage, &mut held, rows).await? {
                return Ok(Pass::Left);
            }
        }
        outage.end(self.statements.schema());
        Ok(if held.is_empty() {
            Pass::Done
        } else {
            Pass::Left
        })
    }

    /// Publishes a page in rounds, each with the next event of every key: none
    /// is sent before the one ahead of it is acknowledged, so that a lost one
    /// is never overtaken. `false` when the broker is out of reach.
    async fn page(
        &self,
        conn: &mut PgConnection,
        publisher: &Publisher,
        outage: &mut Outage,
        held: &mut HashSet<(String, String)>,
        mut rows: Vec<Row>,
    ) -> anyhow::Result<bool> {
        loop {
            rows.retain(|row| !held.contains(&(row.topic.clone(), row.key.clone())));
            let round = next_of_each_key(&mut rows);
            if round.is_empty() {
                return Ok(true);
            }
            let results = publisher.publish(&round).await;
            let mut acknowledged = Vec::with_capacity(round.len());
            let mut reachable = true;
            for (row, result) in round.into_iter().zip(results) {
                match result {
                    Ok(()) => acknowledged.push(row.sequence),
                    Err(PublishError::Refused(error)) => {
                        tracing::error!(event.id = %row.id, error.message = %error, "the broker refuses an event");
                        held.insert((row.topic, row.key));
                    }
                    Err(PublishError::Unavailable(error)) => {
                        outage.begin(self.statements.schema(), &error);
                        reachable = false;
                    }
                }
            }
            let deleted = self.statements.delete(conn, &acknowledged).await;
            deleted.context("published events cannot be deleted")?;
            if !reachable {
                return Ok(false);
            }
        }
    }
}

/// Takes the first row of each key out of `rows`.
fn next_of_each_key(rows: &mut Vec<Row>) -> Vec<Row> {
    let mut keys = HashSet::new();
    rows.extract_if(.., |row| keys.insert((row.topic.clone(), row.key.clone())))
        .collect()
}

/// Tells once that the broker is out of reach, and once that it is back.
#[derive(Default)]
struct Outage(bool);

impl Outage {
    fn begin(&mut self, schema: &str, error: &anyhow::Error) {
        if !self.0 {
            self.0 = true;
            tracing::warn!(
                outbox.schema = schema,
                error.message = format!("{error:#}"),
                "the broker is out of reach: events wait in the outbox"
            );
        }
    }

    fn end(&mut self, schema: &str) {
        if self.0 {
            self.0 = false;
            tracing::info!(outbox.schema = schema, "the broker is back");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    fn row(sequence: i64, key: &str) -> Row {
        Row {
            sequence,
            id: Uuid::nil(),
            topic: "email".into(),
            key: key.into(),
            payload: "{}".into(),
            traceparent: None,
        }
    }

    #[test]
    fn a_round_takes_the_first_event_of_each_key() {
        let mut rows = vec![row(1, "a"), row(2, "a"), row(3, "b"), row(4, "a")];
        let rounds: Vec<Vec<i64>> = (0..4)
            .map(|_| next_of_each_key(&mut rows))
            .map(|round| round.iter().map(|row| row.sequence).collect())
            .collect();
        assert_eq!(rounds, [vec![1, 3], vec![2], vec![4], vec![]]);
    }
}
