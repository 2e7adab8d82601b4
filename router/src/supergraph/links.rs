//! What a schema calls the directives of a specification that it links.

use std::collections::BTreeMap;

use apollo_compiler::ast::{Definition, Directive, Document, Value};

/// Apollo's specifications stand below this.
const APOLLO: &str = "https://specs.apollo.dev/";

const FEDERATION: &str = "federation";

/// The links of a schema, by the names of their specifications.
#[derive(Debug, Default)]
pub(super) struct Links(BTreeMap<String, Link>);

#[derive(Debug)]
pub(super) struct Link {
    /// Stands before what is not imported.
    prefix: String,
    /// The names in the schema by those in the specification, without `@`.
    imports: BTreeMap<String, String>,
}

impl Links {
    pub(super) fn of(document: &Document) -> Self {
        let mut links = Self::default();
        for definition in &document.definitions {
            let directives = match definition {
                Definition::SchemaDefinition(schema) => &schema.directives,
                Definition::SchemaExtension(schema) => &schema.directives,
                _ => continue,
            };
            for (name, link) in directives.iter().filter_map(|it| Link::read(it)) {
                links.0.insert(name, link);
            }
        }
        links
    }

    /// How federation's own specification is linked.
    pub(super) fn federation(&self) -> Option<&Link> {
        self.0.get(FEDERATION)
    }

    /// What the schema calls the directive that a specification of its own has, by the same name.
    pub(super) fn own(&self, name: &str) -> String {
        let Some(link) = self.0.get(name) else {
            return name.to_owned();
        };
        let imported = link.imports.get(name);
        imported.unwrap_or(&link.prefix).clone()
    }
}

impl Link {
    /// The name of the specification that `directive` links, and how.
    fn read(directive: &Directive) -> Option<(String, Self)> {
        let url = match directive.name.as_str() {
            "link" => "url",
            "core" => "feature",
            _ => return None,
        };
        let url = directive.specified_argument_by_name(url)?.as_str()?;
        let (name, _) = url.strip_prefix(APOLLO)?.split_once('/')?;
        let prefix = directive.specified_argument_by_name("as");
        let prefix = prefix.and_then(|prefix| prefix.as_str()).unwrap_or(name);
        let imports = directive.specified_argument_by_name("import");
        let imports = imports.and_then(|imports| imports.as_list());
        let link = Self {
            prefix: prefix.to_owned(),
            imports: imports
                .unwrap_or_default()
                .iter()
                .filter_map(|import| Self::imported(import))
                .collect(),
        };
        Some((name.to_owned(), link))
    }

    /// Whether `directive` links federation's own specification.
    pub(super) fn is_of_federation(directive: &Directive) -> bool {
        Self::read(directive).is_some_and(|(name, _)| name == FEDERATION)
    }

    /// What the schema calls the directive `name`.
    pub(super) fn called(&self, name: &str) -> String {
        let imported = self.imports.get(name).cloned();
        imported.unwrap_or_else(|| format!("{}__{name}", self.prefix))
    }

    pub(super) fn imports(&self, name: &str) -> bool {
        self.imports.contains_key(name)
    }

    /// A directive's name in the specification and in the schema.
    pub(super) fn imported(import: &Value) -> Option<(String, String)> {
        let name = |value: &Value| value.as_str()?.strip_prefix('@').map(str::to_owned);
        let Some(parts) = import.as_object() else {
            return name(import).map(|name| (name.clone(), name));
        };
        let part = |key: &str| parts.iter().find(|(name, _)| name == key);
        let original = name(&part("name")?.1)?;
        let renamed = part("as").and_then(|(_, value)| name(value));
        Some((original.clone(), renamed.unwrap_or(original)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn links(links: &str) -> Links {
        let sdl = format!("schema {links} {{ query: Query }} type Query {{ a: Int }}");
        Links::of(&Document::parse(sdl, "schema.graphql").unwrap())
    }

    #[test]
    fn directives_with_specifications_of_their_own_are_called_as_those() {
        const URL: &str = r#"url: "https://specs.apollo.dev/policy/v0.1""#;
        for (link, expected) in [
            ("", "policy"),
            ("@link(URL)", "policy"),
            (r#"@link(URL, as: "may")"#, "may"),
            (
                r#"@link(URL, import: [{ name: "@policy", as: "@may" }])"#,
                "may",
            ),
            (
                r#"@core(feature: "https://specs.apollo.dev/policy/v0.1", as: "may")"#,
                "may",
            ),
            (
                r#"@link(url: "https://example.com/policy/v1", as: "may")"#,
                "policy",
            ),
        ] {
            let links = links(&link.replace("URL", URL));
            assert_eq!(links.own("policy"), expected, "{link}");
        }
    }
}
