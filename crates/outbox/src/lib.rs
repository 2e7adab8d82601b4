//! Events that are written in the transaction that causes them, and reach the
//! broker after it commits: what is committed is told, what is rolled back is not.
//!
//! A service keeps a table `<schema>.outbox` and calls [`Outbox::append`]
//! inside its transaction; its one active [`Relay`] publishes the rows and
//! deletes them once the broker has acknowledged them. An event is delivered
//! at least once, and in order per key; its `id` header tells repetitions.
//!
//! Order per key is the order of the commits: [`Outbox::append`] locks the key
//! until the transaction ends. So it comes last in a transaction, after the
//! locks on rows, and a transaction appends to one key.

mod publisher;
mod relay;
mod store;

use serde_json::Value;
use setwise_service::trace;
use sqlx::PgConnection;
use uuid::Uuid;

pub use relay::Relay;

use store::Statements;

/// An event to tell.
#[derive(Clone, Debug)]
pub struct NewEvent {
    /// The Kafka topic.
    pub topic: String,
    /// Events of one key stay in order.
    pub key: String,
    /// The message, as its consumers read it.
    pub payload: Value,
}

/// The outbox table of one schema.
#[derive(Clone, Debug)]
pub struct Outbox {
    statements: Statements,
}

impl Outbox {
    /// The table `outbox` of `schema`.
    ///
    /// # Panics
    /// When `schema` is not a plain name of lower-case letters, digits and `_`.
    #[must_use]
    pub fn new(schema: &'static str) -> Self {
        Self {
            statements: Statements::new(schema),
        }
    }

    /// Appends an event to the transaction of `conn`, with the current trace,
    /// and wakes the relay when the transaction commits. Waits for the other
    /// transactions that have appended to the key.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn append(&self, conn: &mut PgConnection, event: NewEvent) -> sqlx::Result<Uuid> {
        let id = Uuid::now_v7();
        let traceparent = trace::traceparent();
        self.statements.lock_key(conn, &event).await?;
        self.statements
            .append(conn, id, &event, traceparent.as_deref())
            .await?;
        Ok(id)
    }
}

#[cfg(test)]
mod tests;
