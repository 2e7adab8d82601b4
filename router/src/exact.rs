//! Numbers of variables as the client wrote them. `serde_json` holds them in 64 bits: longer ones
//! would be rounded on their way to a subgraph, and `1e5` would come as `100000.0`.

use std::{collections::HashMap, ops::Deref};

use apollo_compiler::{
    ast::{Value as Literal, VariableDefinition},
    response::{JsonMap, JsonValue},
    validation::Valid,
};
use serde_json::{Number, value::RawValue};

/// The coerced variables of one request.
#[derive(Debug)]
pub(crate) struct Variables {
    values: Valid<JsonMap>,
    pub(crate) exact: Exact,
}

impl Deref for Variables {
    type Target = Valid<JsonMap>;

    fn deref(&self) -> &Self::Target {
        &self.values
    }
}

impl Variables {
    pub(crate) fn new(values: Valid<JsonMap>, exact: Exact) -> Self {
        Self { values, exact }
    }
}

/// The JSON of those variables that would go out otherwise than they came in, by name.
#[derive(Clone, Debug, Default)]
pub(crate) struct Exact(HashMap<String, String>);

impl Exact {
    /// The defaults that an operation gives its variables.
    pub(crate) fn defaults<'d>(variables: impl Iterator<Item = &'d VariableDefinition>) -> Self {
        let written = variables.filter_map(|variable| {
            let mut text = String::new();
            let default = variable.default_value.as_ref()?;
            write_literal(&mut text, default);
            has_rounded(&text).then(|| (variable.name.to_string(), text))
        });
        Self(written.collect())
    }

    /// Those of the defaults that are not `given`, and those of the variables in `text`, the client's
    /// JSON object that was coerced to `coerced`.
    pub(crate) fn with(&self, given: &JsonMap, text: Option<&str>, coerced: &JsonMap) -> Self {
        let defaults = self.0.iter();
        let unset = defaults.filter(|(name, _)| !given.contains_key(name.as_str()));
        let mut exact: HashMap<_, _> = unset.map(|(k, v)| (k.clone(), v.clone())).collect();
        let variables = text.and_then(object);
        for (name, raw) in variables.into_iter().flatten() {
            let coerced = coerced.get(name.as_str());
            if let Some(coerced) = coerced.filter(|_| has_rounded(raw.get())) {
                let mut text = String::new();
                write(&mut text, raw.get(), coerced);
                exact.insert(name, text);
            }
        }
        Self(exact)
    }

    pub(crate) fn get(&self, name: &str) -> Option<&str> {
        self.0.get(name).map(String::as_str)
    }
}

/// Whether a number in the JSON `text` would be written otherwise than it stands there.
pub(crate) fn has_rounded(text: &str) -> bool {
    let bytes = text.as_bytes();
    let mut at = 0;
    while let Some(byte) = bytes.get(at) {
        match byte {
            b'"' => at = end_of_string(bytes, at),
            b'-' | b'0'..=b'9' => {
                let rest = &text[at..];
                let end =
                    rest.find(|it: char| !matches!(it, '0'..='9' | '.' | 'e' | 'E' | '+' | '-'));
                let number = &rest[..end.unwrap_or(rest.len())];
                if is_rounded(number) {
                    return true;
                }
                at += number.len();
            }
            _ => at += 1,
        }
    }
    false
}

/// Where the string ends that begins at `start`.
fn end_of_string(bytes: &[u8], start: usize) -> usize {
    let mut at = start + 1;
    while let Some(byte) = bytes.get(at) {
        match byte {
            b'"' => return at + 1,
            b'\\' => at += 2,
            _ => at += 1,
        }
    }
    at
}

/// Whether `serde_json` writes a number otherwise than it stands. The first look spares most of them
/// the second.
pub(crate) fn is_rounded(number: &str) -> bool {
    !is_plain(number)
        && !number
            .parse::<Number>()
            .is_ok_and(|it| it.to_string() == number)
}

/// Whether a number has few enough digits to be held, and is neither written with zeros that mean
/// nothing nor near enough to zero to be written with an exponent.
fn is_plain(number: &str) -> bool {
    let digits = number.strip_prefix('-').unwrap_or(number);
    let are_digits = |text: &str| text.bytes().all(|it| it.is_ascii_digit());
    match digits.split_once('.') {
        None => digits.len() < 19 && are_digits(digits) && number != "-0",
        Some((whole, fraction)) => {
            number.len() <= 15
                && are_digits(whole)
                && are_digits(fraction)
                && (fraction == "0" || !fraction.ends_with('0'))
                && (whole != "0" || !fraction.starts_with('0'))
        }
    }
}

fn object(text: &str) -> Option<HashMap<String, &RawValue>> {
    serde_json::from_str(text).ok()
}

/// Writes what `raw` was coerced to, with its numbers as they stand in it.
fn write(out: &mut String, raw: &str, coerced: &JsonValue) {
    match coerced {
        JsonValue::Number(_) => out.push_str(raw),
        JsonValue::Array(items) => {
            let Ok(raws) = serde_json::from_str::<Vec<&RawValue>>(raw) else {
                // one value where a list is expected is a list of it
                list(out, ['[', ']'], items.iter(), |out, item| {
                    write(out, raw, item);
                });
                return;
            };
            let items = items.iter().zip(raws);
            list(out, ['[', ']'], items, |out, (item, raw)| {
                write(out, raw.get(), item);
            });
        }
        JsonValue::Object(fields) => {
            let raws = object(raw).unwrap_or_default();
            list(out, ['{', '}'], fields.iter(), |out, (key, value)| {
                out.push_str(&serde_json::Value::from(key.as_str()).to_string());
                out.push(':');
                match raws.get(key.as_str()) {
                    Some(raw) => write(out, raw.get(), value),
                    // the default of an input object's field
                    None => out.push_str(&value.to_string()),
                }
            });
        }
        other => out.push_str(&other.to_string()),
    }
}

fn write_literal(out: &mut String, literal: &Literal) {
    let quoted = |text: &str| serde_json::Value::from(text).to_string();
    match literal {
        Literal::Int(number) => out.push_str(number.as_str()),
        Literal::Float(number) => out.push_str(number.as_str()),
        Literal::Boolean(value) => out.push_str(&value.to_string()),
        Literal::String(text) => out.push_str(&quoted(text)),
        Literal::Enum(name) => out.push_str(&quoted(name)),
        // a default has no variables
        Literal::Null | Literal::Variable(_) => out.push_str("null"),
        Literal::List(items) => list(out, ['[', ']'], items.iter(), |out, item| {
            write_literal(out, item);
        }),
        Literal::Object(fields) => {
            list(out, ['{', '}'], fields.iter(), |out, (name, value)| {
                out.push_str(&quoted(name));
                out.push(':');
                write_literal(out, value);
            });
        }
    }
}

fn list<T>(
    out: &mut String,
    [open, close]: [char; 2],
    items: impl Iterator<Item = T>,
    write: impl Fn(&mut String, T),
) {
    out.push(open);
    for (index, item) in items.enumerate() {
        if index > 0 {
            out.push(',');
        }
        write(out, item);
    }
    out.push(close);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_that_would_change_are_found() {
        for text in [
            "1e5",
            "[1E0]",
            r#"{"a":{"b":0.10}}"#,
            "-0",
            "18446744073709551616",
            "-9223372036854775809",
            "0.12345678901234567",
            r#"["\"",1.00]"#,
            "1E-7",
        ] {
            assert!(has_rounded(text), "{text}");
        }
        for text in [
            "1",
            "-1",
            "0",
            "1.0",
            "-0.0",
            "0.1",
            "18446744073709551615",
            "-9223372036854775808",
            r#""1e5""#,
            r#"{"1e5":"\"1e5"}"#,
            r#"["\\",1]"#,
            "null",
            "true",
            "[]",
        ] {
            assert!(!has_rounded(text), "{text}");
        }
    }

    #[test]
    fn the_first_look_says_what_the_second_would() {
        let fractions = [
            "",
            ".0",
            ".5",
            ".50",
            ".05",
            ".00001",
            ".25",
            ".123456789012",
            ".000000",
        ];
        for whole in [
            "0",
            "1",
            "10",
            "100000",
            "82",
            "999999999999",
            "1234567890123456789",
        ] {
            for (sign, fraction) in fractions.iter().flat_map(|it| [("", it), ("-", it)]) {
                let number = format!("{sign}{whole}{fraction}");
                let again = number.parse::<Number>().unwrap().to_string();
                assert_eq!(is_rounded(&number), again != number, "{number} {again}");
            }
        }
    }

    fn coerced(raw: &str, value: serde_json::Value) -> String {
        let mut out = String::new();
        write(&mut out, raw, &JsonValue::from(value));
        out
    }

    #[test]
    fn what_was_coerced_keeps_its_numbers() {
        use serde_json::json;
        assert_eq!(coerced(" 1e5 ".trim(), json!(100_000.0)), "1e5");
        assert_eq!(coerced("1e5", json!([[100_000.0]])), "[[1e5]]");
        assert_eq!(
            coerced(
                r#"[1e5, null, {"a" : 1.10}]"#,
                json!([1e5, null, { "a": 1.1, "b": 2 }])
            ),
            r#"[1e5,null,{"a":1.10,"b":2}]"#
        );
        assert_eq!(coerced(r#""é\n""#, json!("é\n")), r#""é\n""#);
    }
}
