//! Automatic persisted queries: a client sends an operation once with its hash, and afterwards
//! the hash alone.

use std::{fmt, sync::Arc};

use quick_cache::{Weighter, sync::Cache};
use sha2::{Digest as _, Sha256};

/// What every document weighs besides its text, in bytes.
const ENTRY_BYTES: u64 = 128;

/// The documents that clients taught, the least used forgotten first.
#[derive(Debug)]
pub(super) struct Automatic {
    documents: Cache<Hash, Arc<str>, ByText>,
}

/// The SHA-256 of a document's text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct Hash([u8; 32]);

#[derive(Clone, Debug)]
struct ByText;

impl Weighter<Hash, Arc<str>> for ByText {
    fn weight(&self, _: &Hash, text: &Arc<str>) -> u64 {
        text.len() as u64 + ENTRY_BYTES
    }
}

impl Automatic {
    pub(super) fn new(max_bytes: usize) -> Self {
        let documents = Cache::with_weighter(max_bytes / 500, max_bytes as u64, ByText);
        Self { documents }
    }

    pub(super) fn get(&self, hash: Hash) -> Option<Arc<str>> {
        self.documents.get(&hash)
    }

    pub(super) fn insert(&self, hash: Hash, text: Arc<str>) {
        self.documents.insert(hash, text);
    }
}

impl Hash {
    pub(super) fn of(text: &str) -> Self {
        Self(Sha256::digest(text).into())
    }

    /// `None` when `text` is not 64 hexadecimal digits.
    pub(super) fn from_hex(text: &str) -> Option<Self> {
        let digit = |digit: u8| char::from(digit).to_digit(16);
        let mut bytes = [0; 32];
        if text.len() != 2 * bytes.len() {
            return None;
        }
        for (byte, pair) in bytes.iter_mut().zip(text.as_bytes().chunks(2)) {
            *byte = u8::try_from(digit(pair[0])? * 16 + digit(pair[1])?).ok()?;
        }
        Some(Self(bytes))
    }
}

impl fmt::Display for Hash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hash_is_written_as_clients_write_it() {
        // by `printf '{ __typename }' | sha256sum`
        let expected = "7f56e67dd21ab3f30d1ff8b7bed08893f0a0db86449836189b361dd1e56ddb4b";
        assert_eq!(Hash::of("{ __typename }").to_string(), expected);
        assert_eq!(Hash::from_hex(expected), Some(Hash::of("{ __typename }")));
        for bad in ["", "7f", &"g".repeat(64), &"é".repeat(32)] {
            assert_eq!(Hash::from_hex(bad), None, "{bad}");
        }
    }

    #[test]
    fn memory_is_bounded() {
        let automatic = Automatic::new(100_000);
        let texts: Vec<String> = (0..1_000).map(|n| format!("{n:1000}")).collect();
        for text in &texts {
            automatic.insert(Hash::of(text), text.as_str().into());
        }
        let kept = texts
            .iter()
            .filter_map(|text| automatic.get(Hash::of(text)));
        let bytes: usize = kept.map(|text| text.len()).sum();
        assert!((1_000..=100_000).contains(&bytes), "{bytes}");
    }
}
