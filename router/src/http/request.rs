//! Reading a GraphQL request from an HTTP request.

use std::sync::Arc;

use axum::body::Body;
use bytes::Bytes;
use http::{HeaderMap, Method, StatusCode, Uri, header, request::Parts};
use http_body_util::{BodyExt as _, LengthLimitError, Limited};
use serde::Deserialize;
use serde_json::{Map, Value};

use crate::graph::{GraphError, GraphRequest};

/// Why a request is no GraphQL request.
#[derive(Debug)]
pub(super) struct Malformed {
    pub(super) status: StatusCode,
    pub(super) error: GraphError,
}

/// A request's parameters.
#[derive(Debug, Deserialize)]
struct Parameters {
    query: Option<String>,
    #[serde(default, rename = "operationName")]
    operation_name: Option<String>,
    #[serde(default)]
    variables: Option<Map<String, Value>>,
    #[serde(default, rename = "extensions")]
    _extensions: Option<Map<String, Value>>,
}

/// Reads the request that `parts` and `body` carry, in a body of at most `max_bytes`.
pub(super) async fn read(
    parts: &Parts,
    body: Body,
    max_bytes: usize,
) -> Result<GraphRequest, Malformed> {
    let parameters = if parts.method == Method::GET {
        from_query(&parts.uri)?
    } else {
        if !is_json(&parts.headers) {
            return Err(Malformed::new(
                StatusCode::UNSUPPORTED_MEDIA_TYPE,
                "The content type must be application/json.",
            ));
        }
        let body = collect(body, max_bytes).await?;
        from_json(&body)?
    };
    let Some(query) = parameters.query.filter(|query| !query.trim().is_empty()) else {
        return Err(Malformed::bad_request("The parameter query is missing."));
    };
    Ok(GraphRequest {
        query: Arc::from(query),
        operation_name: parameters.operation_name.filter(|name| !name.is_empty()),
        variables: parameters.variables.unwrap_or_default(),
        headers: parts.headers.clone(),
    })
}

fn from_query(uri: &Uri) -> Result<Parameters, Malformed> {
    #[derive(Deserialize)]
    struct InUrl {
        query: Option<String>,
        #[serde(rename = "operationName")]
        operation_name: Option<String>,
        variables: Option<String>,
        extensions: Option<String>,
    }

    let map = |name: &str, text: Option<String>| {
        text.filter(|text| !text.is_empty())
            .map(|text| serde_json::from_str::<Option<Map<String, Value>>>(&text))
            .transpose()
            .map(Option::flatten)
            .map_err(|_| {
                Malformed::bad_request(&format!("The parameter {name} must be a JSON object."))
            })
    };
    let query: InUrl = serde_urlencoded::from_str(uri.query().unwrap_or_default())
        .map_err(|_| Malformed::bad_request("The query string is malformed."))?;
    Ok(Parameters {
        query: query.query,
        operation_name: query.operation_name,
        variables: map("variables", query.variables)?,
        _extensions: map("extensions", query.extensions)?,
    })
}

fn from_json(body: &[u8]) -> Result<Parameters, Malformed> {
    if body.trim_ascii_start().starts_with(b"[") {
        return Err(Malformed::bad_request("Batched requests are not taken."));
    }
    if !body.trim_ascii_start().starts_with(b"{") {
        return Err(Malformed::bad_request("The body must be a JSON object."));
    }
    serde_json::from_slice(body)
        .map_err(|error| Malformed::bad_request(&format!("The body cannot be read: {error}.")))
}

async fn collect(body: Body, max_bytes: usize) -> Result<Bytes, Malformed> {
    match Limited::new(body, max_bytes).collect().await {
        Ok(body) => Ok(body.to_bytes()),
        Err(error) if error.is::<LengthLimitError>() => Err(Malformed::new(
            StatusCode::PAYLOAD_TOO_LARGE,
            &format!("The body is larger than {max_bytes} bytes."),
        )),
        Err(_) => Err(Malformed::bad_request(
            "The body could not be read to its end.",
        )),
    }
}

fn is_json(headers: &HeaderMap) -> bool {
    headers
        .get(header::CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .is_some_and(|value| {
            let mut parts = value.split(';').map(str::trim);
            let is_json = parts
                .next()
                .is_some_and(|essence| essence.eq_ignore_ascii_case("application/json"));
            is_json
                && parts.all(|parameter| match parameter.split_once('=') {
                    Some((name, charset)) if name.eq_ignore_ascii_case("charset") => {
                        charset.trim_matches('"').eq_ignore_ascii_case("utf-8")
                    }
                    _ => true,
                })
        })
}

impl Malformed {
    pub(super) fn new(status: StatusCode, message: &str) -> Self {
        Self {
            status,
            error: GraphError::new("BAD_REQUEST", message),
        }
    }

    fn bad_request(message: &str) -> Self {
        Self::new(StatusCode::BAD_REQUEST, message)
    }
}
