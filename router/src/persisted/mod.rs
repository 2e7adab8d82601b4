//! Operations that clients name instead of sending them: those that a client taught the router
//! (automatic persisted queries) and those of a manifest, which may also be the only ones allowed.

mod automatic;
mod manifest;

use std::sync::Arc;

use anyhow::ensure;
use serde::Deserialize;

use crate::{
    config::{AutomaticPersistedQueries, PersistedQueries, UnlistedOperations},
    graph::GraphError,
};

use automatic::{Automatic, Hash};
use manifest::Manifest;

/// What resolves the names of operations.
#[derive(Debug)]
pub(crate) struct Persisted {
    automatic: Option<Arc<Automatic>>,
    manifest: Option<Manifest>,
    unlisted: UnlistedOperations,
    require_id: bool,
    config: AutomaticPersistedQueries,
}

/// How a request names its operation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Reference {
    /// `extensions.persistedQuery`, as Apollo's clients send it.
    Extension(PersistedQuery),
    /// `documentId`, as the GraphQL-over-HTTP specification's appendix has it.
    DocumentId(String),
}

/// Apollo's name of an operation.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub(crate) struct PersistedQuery {
    version: u64,
    #[serde(rename = "sha256Hash")]
    sha256_hash: String,
}

/// The document that a request means.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Document {
    pub(crate) text: Arc<str>,
    /// Set when the client sent text and name, to be remembered once the text proved valid.
    to_learn: Option<Hash>,
}

impl Persisted {
    /// Reads the manifest that `config` names, and keeps what clients taught `old`.
    pub(crate) fn load(config: &PersistedQueries, old: Option<&Self>) -> anyhow::Result<Self> {
        let is_safelist = config.unlisted == UnlistedOperations::Refuse;
        ensure!(
            config.unlisted == UnlistedOperations::Allow || config.manifest.is_some(),
            "persisted_queries.unlisted needs persisted_queries.manifest: name the file with the \
             operations that are listed"
        );
        let manifest = config.manifest.as_deref().map(Manifest::read);
        let old = old.filter(|old| old.config == config.automatic);
        let learnt = old.and_then(|old| old.automatic.clone());
        let automatic =
            || learnt.unwrap_or_else(|| Arc::new(Automatic::new(config.automatic.max_bytes)));
        Ok(Self {
            automatic: (config.automatic.enabled && !is_safelist).then(automatic),
            manifest: manifest.transpose()?,
            unlisted: config.unlisted,
            require_id: config.require_id,
            config: config.automatic.clone(),
        })
    }

    /// Whether both have the same manifest.
    pub(crate) fn lists_the_same(&self, other: &Self) -> bool {
        self.manifest == other.manifest
    }

    /// The document that a request with this text, this reference or both means; it must have one.
    pub(crate) fn resolve(
        &self,
        text: Option<Arc<str>>,
        reference: Option<&Reference>,
    ) -> Result<Document, GraphError> {
        let id = reference.map(Reference::id).transpose()?;
        match (text, id) {
            (None, None) => Err(GraphError::new(
                "BAD_REQUEST",
                "The parameter query is missing.",
            )),
            (Some(text), None) => self.sent(text, None),
            (None, Some(id)) => self.recall(id),
            (Some(text), Some(id)) => self.taught(text, id),
        }
    }

    /// Remembers a document that its client taught, now that it is known to be valid.
    pub(crate) fn learn(&self, document: &Document) {
        if let (Some(automatic), Some(hash)) = (&self.automatic, document.to_learn) {
            automatic.insert(hash, Arc::clone(&document.text));
        }
    }

    fn recall(&self, id: &str) -> Result<Document, GraphError> {
        let listed = self.manifest.as_ref().and_then(|list| list.get(id));
        let learnt = || self.automatic.as_ref()?.get(Hash::from_hex(id)?);
        if let Some(text) = listed.or_else(learnt) {
            return Ok(Document {
                text,
                to_learn: None,
            });
        }
        Err(match (&self.automatic, &self.manifest) {
            // the words that clients look for
            (Some(_), _) => GraphError::new("PERSISTED_QUERY_NOT_FOUND", "PersistedQueryNotFound"),
            (None, Some(_)) => GraphError::new(
                "PERSISTED_QUERY_NOT_IN_LIST",
                "The manifest of persisted operations has none with this id.",
            ),
            (None, None) => not_supported(),
        })
    }

    fn taught(&self, text: Arc<str>, id: &str) -> Result<Document, GraphError> {
        if self.automatic.is_none() {
            // a listed operation needs no lesson
            return match &self.manifest {
                Some(_) => self.sent(text, None),
                None => Err(not_supported()),
            };
        }
        let hash = Hash::of(&text);
        if Hash::from_hex(id) != Some(hash) {
            return Err(GraphError::new(
                "PERSISTED_QUERY_HASH_MISMATCH",
                "provided sha does not match query",
            ));
        }
        self.sent(text, Some(hash))
    }

    /// A document that came as text.
    fn sent(&self, text: Arc<str>, to_learn: Option<Hash>) -> Result<Document, GraphError> {
        let is_listed = |text| {
            let list = self.manifest.as_ref();
            list.is_some_and(|list: &Manifest| list.has_body(text))
        };
        match self.unlisted {
            UnlistedOperations::Allow => {}
            UnlistedOperations::Log => {
                if !is_listed(&text) {
                    let sha256 = Hash::of(&text).to_string();
                    tracing::warn!(
                        operation.sha256 = sha256,
                        "operation is not in the manifest of persisted operations"
                    );
                }
            }
            UnlistedOperations::Refuse if self.require_id => {
                return Err(GraphError::new(
                    "PERSISTED_QUERY_ID_REQUIRED",
                    "Operations are taken by id only: send extensions.persistedQuery.sha256Hash \
                     or documentId instead of query.",
                ));
            }
            UnlistedOperations::Refuse => {
                if !is_listed(&text) {
                    return Err(GraphError::new(
                        "QUERY_NOT_IN_SAFELIST",
                        "The operation is not in the manifest of persisted operations, which are \
                         the only ones that run here.",
                    ));
                }
            }
        }
        Ok(Document { text, to_learn })
    }
}

impl Reference {
    fn id(&self) -> Result<&str, GraphError> {
        match self {
            Self::Extension(persisted) if persisted.version == 1 => Ok(&persisted.sha256_hash),
            Self::Extension(_) => Err(GraphError::new(
                "BAD_REQUEST",
                "The only version of extensions.persistedQuery is 1.",
            )),
            Self::DocumentId(id) => Ok(id.strip_prefix("sha256:").unwrap_or(id)),
        }
    }
}

fn not_supported() -> GraphError {
    GraphError::new(
        "PERSISTED_QUERY_NOT_SUPPORTED",
        "PersistedQueryNotSupported",
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "{ __typename }";

    fn persisted(change: impl FnOnce(&mut PersistedQueries)) -> Persisted {
        let mut config = PersistedQueries::default();
        change(&mut config);
        Persisted::load(&config, None).unwrap()
    }

    fn by_hash(text: &str) -> Reference {
        Reference::Extension(PersistedQuery {
            version: 1,
            sha256_hash: Hash::of(text).to_string(),
        })
    }

    fn code(result: Result<Document, GraphError>) -> String {
        result.unwrap_err().code().to_owned()
    }

    #[test]
    fn remembers_only_what_proved_valid() {
        let persisted = persisted(|_| {});
        let reference = by_hash(TEXT);
        let recall = || persisted.resolve(None, Some(&reference));
        assert_eq!(code(recall()), "PERSISTED_QUERY_NOT_FOUND");
        let taught = persisted.resolve(Some(TEXT.into()), Some(&reference));
        let taught = taught.unwrap();
        assert_eq!(code(recall()), "PERSISTED_QUERY_NOT_FOUND");
        persisted.learn(&taught);
        assert_eq!(&*recall().unwrap().text, TEXT);
        let id = format!("sha256:{}", Hash::of(TEXT));
        let found = persisted.resolve(None, Some(&Reference::DocumentId(id)));
        assert_eq!(&*found.unwrap().text, TEXT);
    }

    #[test]
    fn keeps_what_it_was_taught_over_a_reload() {
        let old = persisted(|_| {});
        let reference = by_hash(TEXT);
        let taught = old.resolve(Some(TEXT.into()), Some(&reference));
        old.learn(&taught.unwrap());
        let mut config = PersistedQueries::default();
        let new = Persisted::load(&config, Some(&old)).unwrap();
        assert_eq!(&*new.resolve(None, Some(&reference)).unwrap().text, TEXT);
        config.automatic.enabled = false;
        let new = Persisted::load(&config, Some(&old)).unwrap();
        let recalled = new.resolve(None, Some(&reference));
        assert_eq!(code(recalled), "PERSISTED_QUERY_NOT_SUPPORTED");
    }

    #[test]
    fn learns_nothing_under_a_wrong_name() {
        let persisted = persisted(|_| {});
        let wrong = by_hash("{ other }");
        let taught = persisted.resolve(Some(TEXT.into()), Some(&wrong));
        assert_eq!(code(taught), "PERSISTED_QUERY_HASH_MISMATCH");
        let version_2 = Reference::Extension(PersistedQuery {
            version: 2,
            sha256_hash: Hash::of(TEXT).to_string(),
        });
        let taught = persisted.resolve(Some(TEXT.into()), Some(&version_2));
        assert_eq!(code(taught), "BAD_REQUEST");
    }

    #[test]
    fn says_when_it_takes_no_names() {
        let persisted = persisted(|config| config.automatic.enabled = false);
        let reference = by_hash(TEXT);
        for text in [None, Some(TEXT.into())] {
            let resolved = persisted.resolve(text, Some(&reference));
            assert_eq!(code(resolved), "PERSISTED_QUERY_NOT_SUPPORTED");
        }
        assert!(persisted.resolve(Some(TEXT.into()), None).is_ok());
        assert_eq!(code(persisted.resolve(None, None)), "BAD_REQUEST");
    }
}
