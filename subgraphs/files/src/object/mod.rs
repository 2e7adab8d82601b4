//! The bytes of files, in a store that knows nothing but keys. How the store
//! and the database stay in step: see the first migration.

mod doom;
mod store;
mod sweep;

pub use store::StoreLocation;

pub(crate) use doom::{claim, doom};
pub(crate) use store::{Objects, WriteError};
#[cfg(test)]
pub(crate) use sweep::sweep;
pub(crate) use sweep::{Sweeper, sweep_periodically};

use chrono::TimeDelta;
use uuid::Uuid;

/// How long the writing of an object may take, from its note to the commit
/// that begins to use it. The limits on requests are far below.
pub(crate) const WRITE_TIME: TimeDelta = TimeDelta::hours(1);

/// The name of an object in the store. Every write gets a name of its own.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::Type)]
#[sqlx(transparent)]
pub(crate) struct ObjectKey(String);

impl ObjectKey {
    /// A file as it was sent.
    pub(crate) fn upload(id: Uuid) -> Self {
        Self::new("uploads", id)
    }

    /// A picture that we encoded.
    pub(crate) fn image(id: Uuid) -> Self {
        Self::new("images", id)
    }

    /// The last byte of a `UUIDv7` is random: it spreads the objects over 256 folders.
    fn new(folder: &str, id: Uuid) -> Self {
        Self(format!("{folder}/{:02x}/{id}", id.as_bytes()[15]))
    }

    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }
}
