//! The manifest of persisted operations in Apollo's format, as `generate-persisted-query-manifest`
//! writes it.

use std::{
    collections::{HashMap, HashSet},
    fs,
    path::Path,
    sync::Arc,
};

use anyhow::{Context as _, bail, ensure};
use apollo_compiler::parser::Parser;
use serde::Deserialize;

const FORMAT: &str = "apollo-persisted-query-manifest";
const VERSION: u64 = 1;

/// Bounds on a document that is compared with the manifest's: beyond them it is in no manifest.
const MAX_TOKENS: usize = 15_000;
const MAX_DEPTH: usize = 100;

/// The operations of a manifest.
#[derive(Debug, PartialEq)]
pub(super) struct Manifest {
    by_id: HashMap<String, Arc<str>>,
    /// The bodies as they are and in canonical form.
    bodies: HashSet<Arc<str>>,
}

#[derive(Deserialize)]
struct File {
    format: String,
    version: u64,
    operations: Vec<Operation>,
}

#[derive(Deserialize)]
struct Operation {
    id: String,
    body: Arc<str>,
}

impl Manifest {
    /// Reads the manifest at `path`.
    pub(super) fn read(path: &Path) -> anyhow::Result<Self> {
        let text = fs::read_to_string(path);
        let told = || format!("the manifest of persisted operations, {}", path.display());
        Self::parse(&text.with_context(told)?).with_context(told)
    }

    fn parse(text: &str) -> anyhow::Result<Self> {
        let file: File = serde_json::from_str(text)?;
        ensure!(
            file.format == FORMAT && file.version == VERSION,
            "its format is {} in version {}, but must be {FORMAT} in version {VERSION}",
            file.format,
            file.version,
        );
        let mut manifest = Self {
            by_id: HashMap::with_capacity(file.operations.len()),
            bodies: HashSet::with_capacity(2 * file.operations.len()),
        };
        for Operation { id, body } in file.operations {
            let Some(canonical) = canonical(&body) else {
                bail!("the body of the operation {id} is no GraphQL document");
            };
            let known = manifest.by_id.insert(id.clone(), Arc::clone(&body));
            ensure!(
                known.is_none_or(|known| known == body),
                "two operations have the id {id}"
            );
            manifest.bodies.insert(body);
            manifest.bodies.insert(canonical);
        }
        Ok(manifest)
    }

    /// The body of the operation `id`.
    pub(super) fn get(&self, id: &str) -> Option<Arc<str>> {
        self.by_id.get(id).cloned()
    }

    /// Whether `text` is the body of an operation, spaces, commas and comments aside.
    pub(super) fn has_body(&self, text: &str) -> bool {
        self.bodies.contains(text)
            || canonical(text).is_some_and(|text| self.bodies.contains(&text))
    }
}

fn canonical(text: &str) -> Option<Arc<str>> {
    let parsed = Parser::new()
        .token_limit(MAX_TOKENS)
        .recursion_limit(MAX_DEPTH)
        .parse_ast(text, "operation.graphql");
    Some(parsed.ok()?.to_string().into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_operations_by_id_and_by_body() {
        let manifest = Manifest::parse(
            r#"{
                "format": "apollo-persisted-query-manifest",
                "version": 1,
                "operations": [
                    { "id": "a", "name": "Me", "type": "query", "body": "query Me { me { id, name } }" }
                ]
            }"#,
        )
        .unwrap();
        assert_eq!(&*manifest.get("a").unwrap(), "query Me { me { id, name } }");
        assert!(manifest.get("b").is_none());
        assert!(manifest.has_body("query Me { me { id, name } }"));
        assert!(manifest.has_body("query Me {\n  me { id name } # all of it\n}"));
        for other in [
            "query Me { me { id } }",
            "query You { me { id name } }",
            "{",
        ] {
            assert!(!manifest.has_body(other), "{other}");
        }
    }

    #[test]
    fn says_what_is_wrong_with_a_manifest() {
        let with = |version: u64, operations: &str| {
            let text = format!(
                r#"{{"format":"{FORMAT}","version":{version},"operations":[{operations}]}}"#
            );
            Manifest::parse(&text).unwrap_err().to_string()
        };
        assert!(with(2, "").contains("must be apollo-persisted-query-manifest in version 1"));
        let broken = with(1, r#"{"id":"a","body":"{"}"#);
        assert_eq!(broken, "the body of the operation a is no GraphQL document");
        let twice = r#"{"id":"a","body":"{a}"},{"id":"a","body":"{b}"}"#;
        assert_eq!(with(1, twice), "two operations have the id a");
        let missing = Manifest::read(Path::new("/nowhere/manifest.json")).unwrap_err();
        assert!(missing.to_string().contains("/nowhere/manifest.json"));
    }
}
