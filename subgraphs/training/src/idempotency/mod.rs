//! Mutations that make something are applied once however often they are sent, when they carry a key of the client's.
//!
//! The key is claimed in the transaction of the change, so that it is taken exactly when the change is committed: a
//! refused change leaves its key free, and whoever sends the same key at the same time waits for the first to end.
//!
//! To make a mutation so: a field `client_mutation_id: Option<String>` in its input and in its payload, and
//! [`Change::claim`] before anything else is done.

mod store;
#[cfg(test)]
mod tests;

use std::time::Duration;

use async_graphql::{InputType, Value};
use chrono::{DateTime, TimeDelta, Utc};
use sha2::{Digest as _, Sha256};
use sqlx::{PgConnection, PgPool};
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use crate::{
    change::Change,
    ids::UserId,
    refusal::{Failure, Refusal},
};

const KEY_FIELD: &str = "clientMutationId";
const MAX_KEY: usize = 255;

/// A key is promised to hold for a day; it holds for two.
const KEPT: TimeDelta = TimeDelta::hours(48);
const BETWEEN_CLEANUPS: Duration = Duration::from_hours(1);

/// Whether a mutation is to be applied.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Claim<Id> {
    /// It is to be applied, and to make the thing with this id.
    First(Id),
    /// It was applied before and made this.
    Again(Id),
}

impl Change {
    /// Claims the key that `input` carries for an `operation` that makes `id`; without a key there is nothing to claim.
    pub(crate) async fn claim<I, Id>(
        &mut self,
        operation: &'static str,
        input: &I,
        id: Id,
    ) -> Result<Claim<Id>, Failure>
    where
        I: InputType,
        Id: Copy + From<Uuid> + Into<Uuid>,
    {
        let Some(sent) = Sent::read(operation, input)? else {
            return Ok(Claim::First(id));
        };
        let (user, now) = (self.user, self.now);
        claim(self.conn(), user, &sent, id, now).await
    }
}

/// A mutation with a key, as it can be recognised.
struct Sent {
    operation: &'static str,
    key: String,
    input_hash: [u8; 32],
}

impl Sent {
    fn read<I: InputType>(operation: &'static str, input: &I) -> Result<Option<Self>, Refusal> {
        let Value::Object(mut fields) = input.to_value() else {
            return Ok(None);
        };
        let Some(Value::String(key)) = fields.shift_remove(KEY_FIELD) else {
            return Ok(None);
        };
        let key = key.trim();
        if key.is_empty() {
            return Err(Refusal::Empty { field: KEY_FIELD });
        }
        if key.chars().count() > MAX_KEY || key.contains('\0') {
            return Err(Refusal::TooLong {
                field: KEY_FIELD,
                max: MAX_KEY,
            });
        }
        // A field that a later version adds is null for those who do not know it: it must not change the hash.
        fields.retain(|_, value| *value != Value::Null);
        let input = Value::Object(fields).to_string();
        Ok(Some(Self {
            operation,
            key: key.to_owned(),
            input_hash: Sha256::digest(input).into(),
        }))
    }
}

async fn claim<Id: Copy + From<Uuid> + Into<Uuid>>(
    conn: &mut PgConnection,
    user: UserId,
    sent: &Sent,
    id: Id,
    now: DateTime<Utc>,
) -> Result<Claim<Id>, Failure> {
    // The cleaner may take an old key between the two statements: then it is free, and the next turn takes it.
    loop {
        if store::insert(conn, user, sent, id.into(), now).await? {
            return Ok(Claim::First(id));
        }
        if let Some(applied) = store::find(conn, user, &sent.key).await? {
            let is_same =
                applied.operation == sent.operation && applied.input_hash == sent.input_hash;
            return if is_same {
                Ok(Claim::Again(applied.made_id.into()))
            } else {
                Err(Refusal::KeyUsedOtherwise.into())
            };
        }
    }
}

/// Forgets old keys, now and every hour until `shutdown`.
pub(crate) async fn forget(pool: PgPool, shutdown: CancellationToken) -> anyhow::Result<()> {
    loop {
        match forget_before(&pool, Utc::now() - KEPT).await {
            Ok(forgotten) => tracing::debug!(forgotten, "old mutation keys are forgotten"),
            Err(error) => tracing::warn!(
                error.message = %error,
                "old mutation keys cannot be forgotten: trying again in an hour"
            ),
        }
        tokio::select! {
            () = shutdown.cancelled() => return Ok(()),
            () = tokio::time::sleep(BETWEEN_CLEANUPS) => {}
        }
    }
}

async fn forget_before(pool: &PgPool, time: DateTime<Utc>) -> sqlx::Result<u64> {
    store::delete_before(&mut *pool.acquire().await?, time).await
}
