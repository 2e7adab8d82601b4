//! Pages: by cursor, and for the clients of `/v1` by offset.

use async_graphql::{OutputType, connection::EmptyFields};
use chrono::{DateTime, Utc};
use setwise_graphql::{
    ResolverError,
    connection::{Cursor, Page, connection},
};
use uuid::Uuid;

use crate::loading::PageOf;

/// Newest first: by time, then id.
type Key = (DateTime<Utc>, Uuid);

pub(crate) type Connection<T> =
    async_graphql::connection::Connection<Cursor<Key>, T, EmptyFields, EmptyFields>;

/// The largest offset: whoever needs more goes by cursor.
const MAX_OFFSET: i32 = 100_000;

/// The page that a client asks for.
#[derive(Debug, Clone)]
pub(crate) struct PageRequest {
    page: Page<Key>,
    offset: i64,
}

impl PageRequest {
    pub(crate) fn parse(
        first: Option<i32>,
        after: Option<String>,
        offset: Option<i32>,
    ) -> Result<Self, ResolverError> {
        let page = Page::parse(first, after)?;
        let offset = offset.unwrap_or(0);
        if !(0..=MAX_OFFSET).contains(&offset) {
            let message = format!("offset must be 0 to {MAX_OFFSET}");
            return Err(ResolverError::BadUserInput(message));
        }
        Ok(Self {
            page,
            offset: i64::from(offset),
        })
    }

    /// What to load for it.
    pub(crate) fn of<K>(&self, of: K) -> PageOf<K> {
        PageOf {
            of,
            limit: self.page.read_limit(),
            offset: self.offset,
            after: self.page.after,
        }
    }

    /// The page, from the rows that were loaded for it.
    pub(crate) fn connection<T: OutputType>(
        &self,
        rows: Vec<T>,
        key: impl Fn(&T) -> Key,
    ) -> Connection<T> {
        let has_previous_page = self.page.after.is_some() || self.offset > 0;
        connection(rows, self.page.limit, has_previous_page, key)
    }
}
