//! The body of a request to a subgraph.

use apollo_compiler::response::JsonMap;
use bytes::Bytes;

use crate::exact::Exact;

use super::{
    entities::Representations,
    plan::{Fetch, FetchKind},
};

/// The JSON that asks for `fetch`, with the client's variables that it uses, where they are told
/// `exact` as they stand there, and the
/// representations of each of its entity fetches.
pub(super) fn body(
    fetch: &Fetch,
    variables: &JsonMap,
    exact: &Exact,
    gathered: &[Representations],
) -> Bytes {
    let representations: usize = gathered.iter().map(|list| list.json.len()).sum();
    let mut body = Vec::with_capacity(fetch.query_json.len() + representations + 128);
    body.extend_from_slice(b"{\"query\":");
    body.extend_from_slice(fetch.query_json.as_bytes());
    body.extend_from_slice(b",\"variables\":{");
    let start = body.len();
    for name in &fetch.variables {
        if let Some(value) = variables.get(name.as_str()) {
            write_key(&mut body, start, name);
            match exact.get(name) {
                Some(text) => body.extend_from_slice(text.as_bytes()),
                None => serde_json::to_writer(&mut body, value)
                    .expect("a JSON value is written to memory"),
            }
        }
    }
    if let FetchKind::Entities(lists) = &fetch.kind {
        for (index, (list, representations)) in lists.iter().zip(gathered).enumerate() {
            // lists that are made alike share one variable
            let is_written = lists[..index]
                .iter()
                .any(|other| other.variable == list.variable);
            if !is_written {
                write_key(&mut body, start, &list.variable);
                body.extend_from_slice(&representations.json);
            }
        }
    }
    body.extend_from_slice(b"}}");
    body.into()
}

fn write_key(body: &mut Vec<u8>, start: usize, name: &str) {
    if body.len() > start {
        body.push(b',');
    }
    body.push(b'"');
    body.extend_from_slice(name.as_bytes());
    body.extend_from_slice(b"\":");
}
