//! Features that a supergraph says must be understood to run it, or to run it safely. One that is
//! not understood would be left out in silence: an argument from `@fromContext`, for one, would not
//! be given.

use anyhow::{anyhow, bail};
use apollo_compiler::ast::{Definition, Directive, Document};

/// Those that are understood, by the names of their specifications.
const KNOWN: [&str; 9] = [
    "authenticated",
    "core",
    "cost",
    "inaccessible",
    "join",
    "link",
    "policy",
    "requiresScopes",
    "tag",
];

/// Refuses a supergraph that links another for a purpose.
pub(super) fn check(sdl: &str) -> anyhow::Result<()> {
    let document = Document::parse(sdl, "supergraph.graphql")
        .map_err(|error| anyhow!("not a supergraph: {}", error.errors))?;
    for definition in &document.definitions {
        let directives = match definition {
            Definition::SchemaDefinition(schema) => &schema.directives,
            Definition::SchemaExtension(schema) => &schema.directives,
            _ => continue,
        };
        for link in directives {
            if let Some((url, purpose)) = purpose(link)
                && !KNOWN.contains(&name(url))
            {
                bail!(
                    "the supergraph needs a feature that this router lacks: {url} (for: {purpose})"
                );
            }
        }
    }
    Ok(())
}

/// The specification that `link` links, and what for.
fn purpose(link: &Directive) -> Option<(&str, &str)> {
    let url = match link.name.as_str() {
        "link" => "url",
        "core" => "feature",
        _ => return None,
    };
    let url = link.specified_argument_by_name(url)?.as_str()?;
    let purpose = link.specified_argument_by_name("for")?.as_enum()?;
    Some((url, purpose.as_str()))
}

/// `join` of `https://specs.apollo.dev/join/v0.3`; the whole of a URL of another form, or of
/// someone else's.
fn name(url: &str) -> &str {
    let of_apollo = url.strip_prefix("https://specs.apollo.dev/");
    of_apollo
        .and_then(|rest| rest.split_once('/'))
        .map_or(url, |(name, _)| name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn refuses_what_it_does_not_know() {
        let told = |link: &str| {
            let sdl = format!("schema {link} {{ query: Query }} type Query {{ a: Int }}");
            check(&sdl).err().map(|error| error.to_string())
        };
        for known in [
            r#"@link(url: "https://specs.apollo.dev/join/v0.5", for: EXECUTION)"#,
            r#"@core(feature: "https://specs.apollo.dev/join/v0.1", for: EXECUTION)"#,
            r#"@link(url: "https://specs.apollo.dev/policy/v0.1", as: "may", for: SECURITY)"#,
            r#"@link(url: "https://example.com/hint/v1.0")"#,
        ] {
            assert_eq!(told(known), None, "{known}");
        }
        for unknown in [
            "https://specs.apollo.dev/context/v0.1",
            "https://specs.apollo.dev/connect/v0.2",
            "https://example.com/join/v0.3",
        ] {
            let told = told(&format!(r#"@link(url: "{unknown}", for: EXECUTION)"#)).unwrap();
            assert!(told.contains(unknown), "{told}");
        }
    }
}
