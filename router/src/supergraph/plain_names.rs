//! A mend of the composition: it does not know all of federation's directives where a schema links
//! them with another prefix, leaves them out of its imports or renames them there. So such schemas
//! are composed with the directives' own names.

use std::collections::{BTreeMap, BTreeSet};

use apollo_compiler::{
    Node,
    ast::{Argument, Definition, Directive, Document, Value},
};

use super::links::{Link, Links};

/// Federation's directives for subgraphs.
const DIRECTIVES: [&str; 18] = [
    "authenticated",
    "composeDirective",
    "context",
    "cost",
    "extends",
    "external",
    "fromContext",
    "inaccessible",
    "interfaceObject",
    "key",
    "listSize",
    "override",
    "policy",
    "provides",
    "requires",
    "requiresScopes",
    "shareable",
    "tag",
];

/// `sdl`, a subgraph's, with federation's directives by their own names; `None` when they are, or
/// when one of the names is another directive's.
pub(super) fn plain(sdl: &str) -> Option<String> {
    let document = Document::parse(sdl, "subgraph.graphql").ok()?;
    let links = Links::of(&document);
    let link = links.federation()?;
    let names: BTreeMap<String, &str> = DIRECTIVES
        .iter()
        .map(|name| (link.called(name), *name))
        .filter(|(called, name)| called != name)
        .collect();
    let (renamed, used) = rename(sdl, &names);
    let is_taken = document.definitions.iter().any(|definition| {
        matches!(definition, Definition::DirectiveDefinition(it) if used.contains(it.name.as_str()))
    });
    if used.is_empty() || is_taken {
        return None;
    }
    let mut document = Document::parse(renamed, "subgraph.graphql").ok()?;
    for definition in &mut document.definitions {
        let directives = match definition {
            Definition::SchemaDefinition(schema) => &mut schema.make_mut().directives,
            Definition::SchemaExtension(schema) => &mut schema.make_mut().directives,
            _ => continue,
        };
        let mut linking = directives.iter_mut();
        if let Some(found) = linking.find(|it| Link::is_of_federation(it)) {
            import(found.make_mut(), link, &used);
        }
    }
    Some(document.to_string())
}

/// Has `linking` import all that it did and what is `used`, by their own names.
fn import(linking: &mut Directive, link: &Link, used: &BTreeSet<&str>) {
    let is_ours = |import: &Value| {
        let name = Link::imported(import);
        name.is_some_and(|(name, _)| DIRECTIVES.contains(&name.as_str()))
    };
    let before = linking.specified_argument_by_name("import");
    let before = before.and_then(|imports| imports.as_list());
    let others = before.unwrap_or_default().iter();
    let others = others.filter(|import| !is_ours(import)).cloned();
    let ours = DIRECTIVES
        .iter()
        .filter(|name| used.contains(**name) || link.imports(name))
        .map(|name| Node::new(Value::String(format!("@{name}"))));
    let imports = Value::List(others.chain(ours).collect());
    linking
        .arguments
        .retain(|argument| argument.name != "as" && argument.name != "import");
    linking.arguments.push(Node::new(Argument {
        name: apollo_compiler::name!("import"),
        value: Node::new(imports),
    }));
}

/// `sdl` with the directives of `names` renamed, and the new names that it has for that.
fn rename<'n>(sdl: &str, names: &BTreeMap<String, &'n str>) -> (String, BTreeSet<&'n str>) {
    let mut renamed = String::with_capacity(sdl.len());
    let mut used = BTreeSet::new();
    let mut rest = sdl;
    while let Some(at) = rest.find(['@', '"', '#']) {
        let (before, here) = rest.split_at(at);
        renamed.push_str(before);
        let length = match here.as_bytes()[0] {
            b'@' => {
                let is_name = |c: char| c.is_ascii_alphanumeric() || c == '_';
                let end = here[1..]
                    .find(|c| !is_name(c))
                    .map_or(here.len(), |end| end + 1);
                if let Some(name) = names.get(&here[1..end]) {
                    used.insert(*name);
                    renamed.push('@');
                    renamed.push_str(name);
                    rest = &here[end..];
                    continue;
                }
                end
            }
            b'#' => here.find('\n').unwrap_or(here.len()),
            _ => string_length(here),
        };
        renamed.push_str(&here[..length]);
        rest = &here[length..];
    }
    renamed.push_str(rest);
    (renamed, used)
}

/// The bytes of the string that `text` begins with.
fn string_length(text: &str) -> usize {
    let (quotes, escape) = if text.starts_with(r#"""""#) {
        (r#"""""#, r#"\""""#)
    } else {
        ("\"", "\\")
    };
    let mut at = quotes.len();
    while at < text.len() {
        let rest = &text.as_bytes()[at..];
        if rest.starts_with(escape.as_bytes()) {
            // an escape in a block string is its quotes, in another one character
            at += if quotes.len() == 1 { 2 } else { escape.len() };
        } else if rest.starts_with(quotes.as_bytes()) {
            return at + quotes.len();
        } else {
            at += 1;
        }
    }
    text.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    const URL: &str = r#"url: "https://specs.apollo.dev/federation/v2.3""#;

    fn told(link: &str, rest: &str) -> Option<String> {
        let plain = plain(&format!("extend schema @link({URL}{link}) {rest}"))?;
        Some(plain.split_whitespace().collect::<Vec<_>>().join(" "))
    }

    #[test]
    fn calls_directives_by_their_own_names() {
        let expected = |imports: &str| {
            format!(
                r#"extend schema @link({URL}, import: [{imports}]) type A @key(fields: "id") {{ id: ID }}"#
            )
        };
        for (link, called, imports) in [
            ("", "federation__key", r#""@key""#),
            (r#", as: "fed""#, "fed__key", r#""@key""#),
            (
                r#", as: "fed", import: ["FieldSet", "@tag"]"#,
                "fed__key",
                r#""FieldSet", "@key", "@tag""#,
            ),
            (
                r#", import: [{ name: "@key", as: "@id" }, "@tag"]"#,
                "id",
                r#""@key", "@tag""#,
            ),
        ] {
            let rest = format!(r#"type A @{called}(fields: "id") {{ id: ID }}"#);
            assert_eq!(told(link, &rest), Some(expected(imports)), "{link}");
        }
    }

    #[test]
    fn leaves_what_is_plain_or_cannot_be() {
        let import = r#", import: ["@key"]"#;
        for (link, rest) in [
            (import, r#"type A @key(fields: "id") { id: ID }"#),
            (
                import,
                "directive @fed__key on OBJECT type A @fed__key { id: ID }",
            ),
            (
                "",
                r#"directive @key on OBJECT type A @key @federation__key(fields: "id") { id: ID }"#,
            ),
            (
                "",
                r#""@federation__key" type A { "\"@federation__key" id: ID }"#,
            ),
            (
                "",
                "\"\"\"\"@federation__key\\\"\"\" \" \"\"\" type A { id: ID } # @federation__key",
            ),
        ] {
            assert_eq!(told(link, rest), None, "{rest}");
        }
        assert_eq!(plain("type A @federation__key { id: ID }"), None);
    }
}
