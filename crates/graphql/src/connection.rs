//! Keyset pages as Relay connections.
//!
//! A query takes [`Page::parse`]'s limit and position, reads `limit + 1` rows,
//! and [`connection`] makes of them edges and `pageInfo`.

use async_graphql::{
    OutputType,
    connection::{Connection, CursorType, Edge, EmptyFields},
};
use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use serde::{Serialize, de::DeserializeOwned};

use crate::ResolverError;

/// How many nodes a page holds when the client does not say.
pub const DEFAULT_PAGE: i32 = 20;
/// The most nodes that one page holds.
pub const MAX_PAGE: i32 = 100;

/// A position in an order, opaque to clients: the key's JSON in base64.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cursor<K>(pub K);

impl<K: Serialize + DeserializeOwned> CursorType for Cursor<K> {
    type Error = String;

    fn decode_cursor(text: &str) -> Result<Self, String> {
        let refused = || "this cursor was not made by this connection".to_owned();
        let json = BASE64_URL_SAFE_NO_PAD.decode(text).map_err(|_| refused())?;
        Ok(Self(serde_json::from_slice(&json).map_err(|_| refused())?))
    }

    fn encode_cursor(&self) -> String {
        BASE64_URL_SAFE_NO_PAD.encode(serde_json::to_vec(&self.0).unwrap_or_default())
    }
}

/// The page that a client asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Page<K> {
    /// Nodes to answer, 1 to [`MAX_PAGE`]; read one more to know if there is a next page.
    pub limit: usize,
    /// The key after which the page starts.
    pub after: Option<K>,
}

impl<K: Serialize + DeserializeOwned> Page<K> {
    /// # Errors
    /// `BadUserInput` when `first` is out of range or `after` is not a cursor.
    pub fn parse(first: Option<i32>, after: Option<String>) -> Result<Self, ResolverError> {
        let first = first.unwrap_or(DEFAULT_PAGE);
        if !(1..=MAX_PAGE).contains(&first) {
            let message = format!("first must be 1 to {MAX_PAGE}");
            return Err(ResolverError::BadUserInput(message));
        }
        let after = after.map(|text| Cursor::decode_cursor(&text));
        let after = after.transpose().map_err(ResolverError::BadUserInput)?;
        Ok(Self {
            limit: usize::try_from(first).unwrap_or_default(),
            after: after.map(|Cursor(key)| key),
        })
    }

    /// The rows to read: one more than the page holds.
    #[must_use]
    pub fn read_limit(&self) -> i64 {
        i64::try_from(self.limit).unwrap_or(i64::MAX - 1) + 1
    }
}

/// A connection of at most `limit` of `rows`, where a surplus row says that
/// there is a next page.
pub fn connection<K, N>(
    rows: Vec<N>,
    limit: usize,
    has_previous_page: bool,
    key: impl Fn(&N) -> K,
) -> Connection<Cursor<K>, N, EmptyFields, EmptyFields>
where
    K: Serialize + DeserializeOwned + Send + Sync,
    N: OutputType,
{
    let mut connection = Connection::new(has_previous_page, rows.len() > limit);
    let edges = rows.into_iter().take(limit);
    connection
        .edges
        .extend(edges.map(|node| Edge::new(Cursor(key(&node)), node)));
    connection
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_comes_back_as_it_went() {
        let text = Cursor(("2026-01-01".to_owned(), 7)).encode_cursor();
        let page = Page::<(String, i32)>::parse(Some(5), Some(text))
            .map_err(|_| ())
            .unwrap();
        assert_eq!(page.after, Some(("2026-01-01".to_owned(), 7)));
        assert_eq!((page.limit, page.read_limit()), (5, 6));
    }

    #[test]
    fn refuses_pages_that_cannot_be() {
        for (first, after) in [(Some(0), None), (Some(101), None), (None, Some("x"))] {
            let page = Page::<i32>::parse(first, after.map(str::to_owned));
            assert!(matches!(page, Err(ResolverError::BadUserInput(_))));
        }
    }
}
