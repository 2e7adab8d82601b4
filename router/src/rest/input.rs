//! How proto3 JSON is read. A type of this module comes from a REST request and goes, by
//! `Serialize`, into the variables of a stored operation; [`super::output`] is the other way.

#[cfg(test)]
mod tests;
mod values;
mod window;

use axum::{
    body::Body,
    extract::{FromRequestParts as _, RawPathParams},
};
use http::request::Parts;
use http_body_util::LengthLimitError;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

pub(super) use self::{
    values::{Float, Int32, Text, Texts, Zero, nonzero, set_text},
    window::{Slice, Window},
};
use super::failure::{Failure, Problem};

/// Bytes of a body, at most.
const MAX_BODY_BYTES: usize = 1_000_000;

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
    let bytes = axum::body::to_bytes(body, MAX_BODY_BYTES).await;
    json(&bytes.map_err(unread)?)
}

fn unread(error: axum::Error) -> Failure {
    let error = error.into_inner();
    if error.is::<LengthLimitError>() {
        return Failure::TooLarge(MAX_BODY_BYTES);
    }
    Failure::Malformed(format!("the body cannot be read: {error}"))
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
        values::EMPTY => Problem::Empty,
        _ => Problem::Unreadable(message),
    };
    Failure::Field {
        name: path.to_owned(),
        problem,
    }
}
