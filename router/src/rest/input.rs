//! How proto3 JSON is read. A type of this module comes from a REST request and goes, by
//! `Serialize`, into the variables of a stored operation; [`super::output`] is the other way.

use std::fmt;

use axum::{
    body::Body,
    extract::{FromRequestParts as _, RawPathParams},
};
use http::request::Parts;
use serde::{
    Deserialize, Deserializer, Serialize,
    de::{DeserializeOwned, Error as _, Visitor},
};
use serde_json::{Map, Value};

use super::failure::{Failure, Problem};

/// Bytes of a body, at most.
const MAX_BODY_BYTES: usize = 1_000_000;
const EMPTY: &str = "must not be empty";

/// The parameters of the path.
pub(super) async fn path<P: DeserializeOwned>(parts: &mut Parts) -> Result<P, Failure> {
    // A path without parameters has none to give.
    let parameters = RawPathParams::from_request_parts(parts, &()).await.ok();
    let fields = parameters
        .iter()
        .flatten()
        .map(|(name, value)| (name.to_owned(), value.into()))
        .collect();
    read(fields)
}

/// The fields of a JSON body; an empty body has none.
pub(super) async fn body<T: DeserializeOwned>(body: Body) -> Result<T, Failure> {
    let bytes = axum::body::to_bytes(body, MAX_BODY_BYTES)
        .await
        .map_err(|error| Failure::Malformed(format!("the body cannot be read: {error}")))?;
    json(&bytes)
}

fn json<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, Failure> {
    if bytes.trim_ascii().is_empty() {
        return read(Map::new());
    }
    match serde_json::from_slice(bytes) {
        Ok(Value::Object(fields)) => read(fields),
        Ok(_) => Err(Failure::Malformed("the body is not a JSON object".into())),
        Err(error) => Err(Failure::Malformed(format!("the body is not JSON: {error}"))),
    }
}

/// The fields of a query string. `a=1&a=2` and `a[]=1&a[]=2` are the same list.
pub(super) fn query<T: DeserializeOwned>(query: &str) -> Result<T, Failure> {
    let pairs: Vec<(String, String)> = serde_urlencoded::from_str(query)
        .map_err(|error| Failure::Malformed(format!("the query cannot be read: {error}")))?;
    let mut fields = Map::new();
    for (key, value) in pairs {
        let name = key.strip_suffix("[]").unwrap_or(&key);
        match fields.get_mut(name) {
            None => {
                fields.insert(name.to_owned(), Value::String(value));
            }
            Some(Value::Array(values)) => values.push(Value::String(value)),
            Some(first) => *first = Value::Array(vec![first.take(), Value::String(value)]),
        }
    }
    read(fields)
}

fn read<T: DeserializeOwned>(fields: Map<String, Value>) -> Result<T, Failure> {
    serde_path_to_error::deserialize(Value::Object(canonical(fields))).map_err(|error| {
        let path = error.path().to_string();
        let message = error.into_inner().to_string();
        field_failure(&path, message)
    })
}

/// Names in lowerCamelCase, and only what is set: null is unset in proto3 JSON.
fn canonical(fields: Map<String, Value>) -> Map<String, Value> {
    fields
        .into_iter()
        .filter(|(_, value)| !value.is_null())
        .map(|(name, value)| {
            let value = match value {
                Value::Object(fields) => Value::Object(canonical(fields)),
                value => value,
            };
            (lower_camel(&name), value)
        })
        .collect()
}

fn lower_camel(name: &str) -> String {
    let mut camel = String::with_capacity(name.len());
    let mut words = name.split('_');
    camel.push_str(words.next().unwrap_or_default());
    for word in words {
        let mut letters = word.chars();
        camel.extend(letters.next().map(|first| first.to_ascii_uppercase()));
        camel.push_str(letters.as_str());
    }
    camel
}

fn field_failure(path: &str, message: String) -> Failure {
    let parent = if path == "." { "" } else { path };
    let missing = message
        .strip_prefix("missing field `")
        .and_then(|rest| rest.strip_suffix('`'));
    if let Some(missing) = missing {
        let dot = if parent.is_empty() { "" } else { "." };
        return Failure::Field {
            name: format!("{parent}{dot}{missing}"),
            problem: Problem::Missing,
        };
    }
    let problem = match message.as_str() {
        EMPTY => Problem::Empty,
        _ => Problem::Unreadable(message),
    };
    Failure::Field {
        name: path.to_owned(),
        problem,
    }
}

/// A text that is given and not empty.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub(super) struct Text(pub(super) String);

impl<'de> Deserialize<'de> for Text {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        if text.trim().is_empty() {
            return Err(D::Error::custom(EMPTY));
        }
        Ok(Self(text))
    }
}

/// `deserialize_with` for a text where empty is the same as unset.
pub(super) fn set_text<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<String>, D::Error> {
    let text = String::deserialize(deserializer)?;
    Ok(Some(text).filter(|text| !text.is_empty()))
}

/// A list in a query, of which one value is a list of one.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub(super) struct Texts(pub(super) Vec<String>);

impl<'de> Deserialize<'de> for Texts {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        #[serde(untagged)]
        enum OneOrMany {
            One(String),
            Many(Vec<String>),
        }
        let mut texts = match OneOrMany::deserialize(deserializer)? {
            OneOrMany::One(text) => vec![text],
            OneOrMany::Many(texts) => texts,
        };
        texts.retain(|text| !text.is_empty());
        Ok(Self(texts))
    }
}

/// `int32`: a number without a fraction, or that number as a string.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub(super) struct Int32(pub(super) i32);

impl<'de> Deserialize<'de> for Int32 {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let number = deserializer.deserialize_any(Number("an integer of 32 bits"))?;
        let in_range = number >= f64::from(i32::MIN) && number <= f64::from(i32::MAX);
        if number.fract() != 0.0 || !in_range {
            return Err(D::Error::custom("is not an integer of 32 bits"));
        }
        #[expect(
            clippy::cast_possible_truncation,
            reason = "whole and in range, as just checked"
        )]
        Ok(Self(number as i32))
    }
}

/// `float`: a finite number, or that number as a string.
#[derive(Clone, Copy, Debug, Default, PartialEq, PartialOrd, Serialize)]
pub(super) struct Float(pub(super) f64);

impl<'de> Deserialize<'de> for Float {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let number = deserializer.deserialize_any(Number("a number"))?;
        if number.abs() > f64::from(f32::MAX) {
            return Err(D::Error::custom("is out of the range of a float"));
        }
        Ok(Self(number))
    }
}

/// Reads a JSON number, or a string that holds one.
struct Number(&'static str);

impl Visitor<'_> for Number {
    type Value = f64;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.0)
    }

    #[expect(
        clippy::cast_precision_loss,
        reason = "beyond 2^53 the number is out of range for both who read it"
    )]
    fn visit_i64<E>(self, number: i64) -> Result<f64, E> {
        Ok(number as f64)
    }

    #[expect(
        clippy::cast_precision_loss,
        reason = "beyond 2^53 the number is out of range for both who read it"
    )]
    fn visit_u64<E>(self, number: u64) -> Result<f64, E> {
        Ok(number as f64)
    }

    fn visit_f64<E>(self, number: f64) -> Result<f64, E> {
        Ok(number)
    }

    fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<f64, E> {
        let number = text.parse().ok().filter(|number: &f64| number.is_finite());
        number.ok_or_else(|| E::invalid_value(serde::de::Unexpected::Str(text), &self))
    }
}

/// A number whose zero is the same as unset, as proto3 has it.
pub(super) trait Zero {
    fn is_zero(&self) -> bool;
}

impl Zero for Int32 {
    fn is_zero(&self) -> bool {
        self.0 == 0
    }
}

impl Zero for Float {
    fn is_zero(&self) -> bool {
        self.0 == 0.0
    }
}

/// `deserialize_with` for a field where zero is the same as unset.
pub(super) fn nonzero<'de, D, T>(deserializer: D) -> Result<Option<T>, D::Error>
where
    D: Deserializer<'de>,
    T: Deserialize<'de> + Zero,
{
    let value = T::deserialize(deserializer)?;
    Ok(Some(value).filter(|value| !value.is_zero()))
}

/// `offset` and `limit` of a list's query.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Window {
    offset: Int32,
    limit: Int32,
}

/// The same as arguments of a connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub(super) struct Slice {
    pub(super) offset: i32,
    pub(super) first: i32,
}

impl Window {
    const DEFAULT: i32 = 20;
    const MAX: i32 = 100;

    /// No limit, and a limit of zero, is the default; one above the cap is the cap.
    pub(super) fn slice(&self) -> Result<Slice, Failure> {
        for (name, number) in [("offset", self.offset), ("limit", self.limit)] {
            if number < Int32(0) {
                return Err(Failure::Field {
                    name: name.into(),
                    problem: Problem::Negative,
                });
            }
        }
        let limit = match self.limit.0 {
            0 => Self::DEFAULT,
            limit => limit.min(Self::MAX),
        };
        Ok(Slice {
            offset: self.offset.0,
            first: limit,
        })
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[derive(Debug, Default, Deserialize, PartialEq)]
    #[serde(rename_all = "camelCase", default)]
    struct Message {
        group_ids: Texts,
        reps: Option<Int32>,
        body_weight: Option<Float>,
        inner: Option<Inner>,
        #[serde(deserialize_with = "nonzero")]
        sets: Option<Int32>,
    }

    #[derive(Debug, Default, Deserialize, PartialEq)]
    #[serde(rename_all = "camelCase")]
    struct Inner {
        refresh_token: Text,
    }

    fn of(value: &Value) -> Message {
        json(value.to_string().as_bytes()).unwrap()
    }

    fn message(result: Result<Message, Failure>) -> String {
        match result.unwrap_err() {
            Failure::Field { name, problem } => format!("{name}: {problem:?}"),
            other => format!("{other:?}"),
        }
    }

    #[test]
    fn reads_both_spellings_and_ignores_the_unknown() {
        let expected = Message {
            body_weight: Some(Float(80.5)),
            inner: Some(Inner {
                refresh_token: Text("r".into()),
            }),
            ..Message::default()
        };
        let camel = json!({ "bodyWeight": 80.5, "inner": { "refreshToken": "r" }, "other": [1] });
        let snake =
            json!({ "body_weight": "80.5", "inner": { "refresh_token": "r" }, "reps": null });
        assert_eq!(of(&camel), expected);
        assert_eq!(of(&snake), expected);
    }

    #[test]
    fn reads_numbers_as_strings_and_whole_floats_as_integers() {
        for reps in [json!(8), json!("8"), json!(8.0), json!("8.0"), json!("8e0")] {
            assert_eq!(of(&json!({ "reps": reps })).reps, Some(Int32(8)), "{reps}");
        }
        for reps in [
            json!(8.5),
            json!("eight"),
            json!(true),
            json!(3_000_000_000_u64),
            json!(""),
        ] {
            let body = json!({ "reps": reps }).to_string();
            assert!(
                message(json(body.as_bytes())).starts_with("reps: "),
                "{body}"
            );
        }
        for weight in [json!("NaN"), json!("Infinity"), json!(1e300), json!([])] {
            let body = json!({ "bodyWeight": weight }).to_string();
            assert!(
                message(json(body.as_bytes())).starts_with("bodyWeight: "),
                "{body}"
            );
        }
        assert_eq!(of(&json!({ "sets": 0 })).sets, None);
        assert_eq!(of(&json!({ "sets": 3 })).sets, Some(Int32(3)));
    }

    #[test]
    fn names_the_field_that_is_missing_or_empty() {
        assert_eq!(
            message(json(br#"{"inner":{}}"#)),
            "inner.refreshToken: Missing"
        );
        assert_eq!(
            message(json(br#"{"inner":{"refreshToken":null}}"#)),
            "inner.refreshToken: Missing"
        );
        assert_eq!(
            message(json(br#"{"inner":{"refreshToken":" "}}"#)),
            "inner.refreshToken: Empty"
        );
        let Failure::Field { name, .. } = json::<Inner>(b"").unwrap_err() else {
            panic!("an empty body has no fields");
        };
        assert_eq!(name, "refreshToken");
    }

    #[test]
    fn reads_an_empty_body_as_an_empty_message() {
        for body in ["", " \n", "{}"] {
            assert_eq!(
                json::<Message>(body.as_bytes()).unwrap(),
                Message::default()
            );
        }
        for body in ["{", "[]", "null", "\"text\"", "{\"reps\":1}}"] {
            let failure = json::<Message>(body.as_bytes()).unwrap_err();
            assert!(matches!(failure, Failure::Malformed(_)), "{body}");
        }
    }

    #[test]
    fn reads_lists_in_a_query() {
        for text in [
            "groupIds=a&groupIds=b",
            "groupIds[]=a&groupIds[]=b",
            "group_ids%5B%5D=a&group_ids[]=b&other=1",
        ] {
            let read: Message = query(text).unwrap();
            assert_eq!(
                read.group_ids,
                Texts(vec!["a".into(), "b".into()]),
                "{text}"
            );
        }
        assert_eq!(query::<Message>("groupIds=a").unwrap().group_ids.0, ["a"]);
        assert_eq!(query::<Message>("groupIds=").unwrap().group_ids.0, [""; 0]);
        assert_eq!(query::<Message>("").unwrap(), Message::default());
        assert_eq!(query::<Message>("reps=5").unwrap().reps, Some(Int32(5)));
        assert!(query::<Message>("reps=5&reps=6").is_err());
    }

    #[test]
    fn bounds_a_window() {
        let slice = |text| query::<Window>(text).and_then(|window| window.slice());
        let of = |offset, first| Slice { offset, first };
        assert_eq!(slice("").unwrap(), of(0, 20));
        assert_eq!(slice("offset=40&limit=7").unwrap(), of(40, 7));
        assert_eq!(slice("limit=1000").unwrap(), of(0, 100));
        assert_eq!(slice("limit=0").unwrap(), of(0, 20));
        for text in ["limit=-1", "offset=-1", "limit=x", "offset=2147483648"] {
            assert!(slice(text).is_err(), "{text}");
        }
    }
}
