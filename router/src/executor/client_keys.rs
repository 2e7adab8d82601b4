use std::collections::HashMap;

use crate::graph::PathSegment;

/// What the client calls the keys that had to be given other names.
#[derive(Debug, Default)]
pub(crate) struct ClientKeys(HashMap<String, String>);

impl ClientKeys {
    /// The client's name of `key`.
    pub(crate) fn of<'a>(&'a self, key: &'a str) -> &'a str {
        self.0.get(key).map_or(key, String::as_str)
    }

    /// Gives a path the client's names.
    pub(crate) fn translate(&self, path: &mut [PathSegment]) {
        for segment in path {
            if let PathSegment::Key(key) = segment
                && let Some(client_key) = self.0.get(key)
            {
                key.clone_from(client_key);
            }
        }
    }
}

impl FromIterator<(String, String)> for ClientKeys {
    fn from_iter<I: IntoIterator<Item = (String, String)>>(keys: I) -> Self {
        Self(keys.into_iter().collect())
    }
}
