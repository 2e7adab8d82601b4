//! `${env.NAME}` and `${env.NAME:-default}` in values.
//!
//! The YAML reader knows `${NAME?}` and `${NAME:-default}`, and fills them in where they cannot
//! change what the document is made of. What is written here becomes that, line by line.

use std::{collections::HashMap, ffi::OsString};

use serde_json::{Map, Value, json};

/// What a value that takes part of the environment looks like, to the JSON schema.
const REFERENCE: &str = r"\$\{env\.[A-Za-z_][A-Za-z0-9_]*(:-[^}]*)?\}";

/// Has `schema` take `${env.NAME}` where it takes a number, a boolean or a choice.
pub(super) fn allow_references(schema: &mut Value) {
    match schema {
        Value::Object(object) => {
            for (key, value) in object.iter_mut() {
                // these hold values, not schemas
                if !matches!(key.as_str(), "default" | "const" | "enum") {
                    allow_references(value);
                }
            }
            if is_bound(object) {
                let description = object.remove("description");
                let default = object.remove("default");
                let bound = Value::Object(std::mem::take(object));
                let reference = json!({ "type": "string", "pattern": REFERENCE });
                object.extend(description.map(|text| ("description".to_owned(), text)));
                object.extend(default.map(|value| ("default".to_owned(), value)));
                object.insert("anyOf".to_owned(), json!([bound, reference]));
            }
        }
        Value::Array(values) => values.iter_mut().for_each(allow_references),
        _ => {}
    }
}

/// Whether the schema refuses some text, so that it must be told of references.
fn is_bound(schema: &Map<String, Value>) -> bool {
    let is_scalar = |name: &Value| matches!(name.as_str(), Some("integer" | "number" | "boolean"));
    let is_text_bound = || {
        let bounds = ["enum", "format", "oneOf", "pattern"];
        bounds.iter().any(|key| schema.contains_key(*key))
    };
    match schema.get("type") {
        Some(Value::Array(names)) => names.iter().any(is_scalar) || is_text_bound(),
        Some(name) => is_scalar(name) || (name == "string" && is_text_bound()),
        None => schema.get("oneOf").is_some_and(Value::is_array),
    }
}

/// A place that cannot be read.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct BadReference {
    /// Counted from 1.
    pub(super) line: usize,
    pub(super) text: String,
}

/// Stands for `env.` in the names that the reader knows.
const PREFIX: &str = "env_";

/// The environment under the names that [`rewrite`] writes.
pub(super) fn properties(
    environment: impl Iterator<Item = (OsString, OsString)>,
) -> HashMap<String, String> {
    environment
        .filter_map(|(name, value)| {
            let name = name.into_string().ok()?;
            Some((format!("{PREFIX}{name}"), value.into_string().ok()?))
        })
        .collect()
}

/// The name of the variable that `property` stands for.
pub(super) fn variable(property: &str) -> &str {
    property.strip_prefix(PREFIX).unwrap_or(property)
}

/// `text` as the reader takes it. Every other `$` is escaped.
pub(super) fn rewrite(text: &str) -> Result<String, BadReference> {
    let mut rewritten = String::with_capacity(text.len() + 16);
    for (line, number) in text.split_inclusive('\n').zip(1..) {
        if line.trim_start().starts_with('#') {
            rewritten.push_str(line);
            continue;
        }
        rewrite_line(line, &mut rewritten).map_err(|text| BadReference { line: number, text })?;
    }
    Ok(rewritten)
}

fn rewrite_line(line: &str, rewritten: &mut String) -> Result<(), String> {
    let mut rest = line;
    while let Some(at) = rest.find('$') {
        rewritten.push_str(&rest[..at]);
        rest = &rest[at..];
        if !rest.starts_with("${") {
            rewritten.push_str("$$");
            rest = &rest[1..];
            continue;
        }
        let Some((name, after)) = reference(rest) else {
            let end = rest.find('}').map_or(rest.trim_end().len(), |end| end + 1);
            return Err(rest[..end].to_owned());
        };
        rewritten.push_str("${");
        rewritten.push_str(PREFIX);
        rewritten.push_str(name);
        if after.starts_with('}') {
            // without a default, a variable that is not set is an error
            rewritten.push('?');
        }
        rest = after;
    }
    rewritten.push_str(rest);
    Ok(())
}

/// The name in `${env.NAME` and what follows it: `}` or `:-`.
fn reference(text: &str) -> Option<(&str, &str)> {
    let text = text.strip_prefix("${env.")?;
    let end = text.find(|c: char| !c.is_ascii_alphanumeric() && c != '_')?;
    let (name, after) = text.split_at(end);
    let is_name = name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_');
    let is_closed = after.starts_with('}') || (after.starts_with(":-") && after.contains('}'));
    (is_name && is_closed).then_some((name, after))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rewrites_references_and_nothing_else() {
        let text = "# ${whatever}\na: ${env.A}/${env.B:-b}\nc: US$5\n";
        let rewritten = "# ${whatever}\na: ${env_A?}/${env_B:-b}\nc: US$$5\n";
        assert_eq!(rewrite(text).unwrap(), rewritten);
    }

    #[test]
    fn names_what_it_cannot_read() {
        for text in [
            "${A}",
            "${env.}",
            "${env.A-b}",
            "${env.1}",
            "${env.A",
            "${env.A:-b",
        ] {
            let error = rewrite(&format!("a: 1\nb: x{text}\n")).unwrap_err();
            let expected = BadReference {
                line: 2,
                text: text.to_owned(),
            };
            assert_eq!(error, expected);
        }
    }
}
