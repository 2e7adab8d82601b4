//! Reading GraphQL requests from an HTTP request.

use std::sync::Arc;

use axum::body::Body;
use bytes::Bytes;
use http::{HeaderMap, Method, StatusCode, Uri, header, request::Parts};
use http_body_util::{BodyExt as _, LengthLimitError, Limited};
use serde::Deserialize;
use serde_json::{Map, Value, value::RawValue};

use crate::{
    Batching, Uploads,
    exact::has_rounded,
    graph::GraphError,
    persisted::Reference,
    upload::{self, Files},
};

use super::{refusal::Refusal, variables::Variables};

/// What one HTTP request asks for.
pub(super) enum Asked {
    One(Parameters),
    /// A batch; some of its requests may be malformed.
    Many(Vec<Result<Parameters, Refusal>>),
}

/// The parameters of one GraphQL request.
pub(super) struct Parameters {
    pub(super) query: Option<Arc<str>>,
    /// The name of a persisted operation.
    pub(super) reference: Option<Reference>,
    pub(super) operation_name: Option<String>,
    pub(super) variables: Variables,
    /// What the client sends beside the operation.
    pub(super) files: Option<Arc<Files>>,
}

/// What a request may be.
#[derive(Clone, Debug)]
pub(super) struct Rules {
    /// Bytes of a body, files aside.
    pub(super) max_body_bytes: usize,
    pub(super) batching: Batching,
    pub(super) uploads: Uploads,
}

/// Reads what `parts` and `body` ask for.
pub(super) async fn read(parts: &Parts, body: Body, rules: &Rules) -> Result<Asked, Refusal> {
    let max_bytes = rules.max_body_bytes;
    if parts.method == Method::GET {
        return from_query(&parts.uri).map(Asked::One);
    }
    if let Some(boundary) = setwise_multipart::boundary(&parts.headers) {
        let boundary = boundary.map_err(|error| Refusal::of_upload(&error.into()))?;
        return with_files(body, &boundary, rules).await.map(Asked::One);
    }
    if !is_json(&parts.headers) {
        return Err(Refusal::with_status(
            StatusCode::UNSUPPORTED_MEDIA_TYPE,
            "The content type must be application/json, or multipart/form-data for files.",
        ));
    }
    let body = collect(body, max_bytes).await?;
    match body.trim_ascii_start().first() {
        Some(b'{') => from_json(&body).map(Asked::One),
        Some(b'[') => batch(&body, &rules.batching).map(Asked::Many),
        _ => Err(Refusal::malformed("The body must be a JSON object.")),
    }
}

async fn with_files(body: Body, boundary: &str, rules: &Rules) -> Result<Parameters, Refusal> {
    let read = upload::read(body, boundary, rules.max_body_bytes, &rules.uploads).await;
    let (operations, files) = read.map_err(|error| Refusal::of_upload(&error))?;
    let parameters = from_json(&operations).and_then(|mut parameters| {
        let marked = files.mark(&mut parameters.variables.values);
        marked.map_err(|error| Refusal::of_upload(&error))?;
        Ok(parameters)
    });
    match parameters {
        Ok(parameters) => Ok(Parameters {
            files: Some(Arc::new(files)),
            ..parameters
        }),
        Err(refusal) => {
            files.drain().await;
            Err(refusal)
        }
    }
}

/// The parameters of a JSON object.
pub(super) fn from_json(object: &[u8]) -> Result<Parameters, Refusal> {
    #[derive(Deserialize)]
    struct InJson {
        query: Option<Arc<str>>,
        #[serde(rename = "documentId")]
        document_id: Option<String>,
        #[serde(rename = "operationName")]
        operation_name: Option<String>,
        variables: Option<Variables>,
        extensions: Option<Map<String, Value>>,
    }

    #[derive(Deserialize)]
    struct Texts<'a> {
        #[serde(borrow)]
        variables: Option<&'a RawValue>,
    }

    let parameters: InJson = from_slice(object)?;
    let text = || {
        // the whole body is looked at sooner than it is read once more
        let body = std::str::from_utf8(object)
            .ok()
            .filter(|it| has_rounded(it))?;
        serde_json::from_str::<Texts>(body).ok()?.variables
    };
    let variables = parameters.variables.unwrap_or_default();
    Ok(Parameters {
        query: parameters.query.filter(|query| !query.trim().is_empty()),
        reference: reference(parameters.document_id, parameters.extensions)?,
        operation_name: parameters.operation_name.filter(|name| !name.is_empty()),
        variables: variables.with_text(|| text().map(RawValue::get)),
        files: None,
    })
}

fn from_query(uri: &Uri) -> Result<Parameters, Refusal> {
    #[derive(Deserialize)]
    struct InUrl {
        query: Option<Arc<str>>,
        #[serde(rename = "documentId")]
        document_id: Option<String>,
        #[serde(rename = "operationName")]
        operation_name: Option<String>,
        variables: Option<String>,
        extensions: Option<String>,
    }

    let parameters: InUrl = serde_urlencoded::from_str(uri.query().unwrap_or_default())
        .map_err(|_| Refusal::malformed("The query string is malformed."))?;
    let extensions = parameters
        .extensions
        .filter(|text| !text.is_empty())
        .map(|text| serde_json::from_str::<Option<Map<String, Value>>>(&text))
        .transpose()
        .map_err(|_| Refusal::malformed("The parameter extensions must be a JSON object."))?
        .flatten();
    Ok(Parameters {
        query: parameters.query.filter(|query| !query.trim().is_empty()),
        reference: reference(parameters.document_id, extensions)?,
        operation_name: parameters.operation_name.filter(|name| !name.is_empty()),
        variables: parameters
            .variables
            .filter(|text| !text.is_empty())
            .map(|text| read_variables(&text))
            .transpose()?
            .unwrap_or_default(),
        files: None,
    })
}

fn read_variables(text: &str) -> Result<Variables, Refusal> {
    let variables = serde_json::from_str::<Option<Variables>>(text).map_err(|error| {
        let message = format!("The parameter variables must be a JSON object: {error}.");
        Refusal::malformed(&message)
    })?;
    Ok(variables.unwrap_or_default().with_text(|| Some(text)))
}

fn reference(
    document_id: Option<String>,
    extensions: Option<Map<String, Value>>,
) -> Result<Option<Reference>, Refusal> {
    if let Some(id) = document_id.filter(|id| !id.is_empty()) {
        return Ok(Some(Reference::DocumentId(id)));
    }
    let persisted = extensions.and_then(|mut extensions| extensions.remove("persistedQuery"));
    let persisted = persisted.filter(|persisted| !persisted.is_null());
    let read = |persisted| {
        serde_json::from_value(persisted).map_err(|_| {
            Refusal::malformed(
                "extensions.persistedQuery must be an object with version and sha256Hash.",
            )
        })
    };
    Ok(persisted.map(read).transpose()?.map(Reference::Extension))
}

fn batch(body: &[u8], batching: &Batching) -> Result<Vec<Result<Parameters, Refusal>>, Refusal> {
    let refuse = |code: &str, message: &str| {
        let error = GraphError::new(code, message);
        Refusal::from_error(StatusCode::BAD_REQUEST, error)
    };
    if !batching.enabled {
        let message = "Batched requests are not taken here: send each operation by itself.";
        return Err(refuse("BATCHING_NOT_ENABLED", message));
    }
    let requests: Vec<&RawValue> = from_slice(body)?;
    if requests.is_empty() {
        return Err(Refusal::malformed("The batch is empty."));
    }
    if requests.len() > batching.max_operations {
        let message = format!(
            "The batch has more than {} operations.",
            batching.max_operations
        );
        return Err(refuse("BATCH_LIMIT_EXCEEDED", &message));
    }
    Ok(requests
        .into_iter()
        .map(|request| {
            if request.get().starts_with('{') {
                from_json(request.get().as_bytes())
            } else {
                Err(Refusal::malformed("A batch must hold JSON objects."))
            }
        })
        .collect())
}

fn from_slice<'a, T: Deserialize<'a>>(body: &'a [u8]) -> Result<T, Refusal> {
    serde_json::from_slice(body)
        .map_err(|error| Refusal::malformed(&format!("The body cannot be read: {error}.")))
}

async fn collect(body: Body, max_bytes: usize) -> Result<Bytes, Refusal> {
    match Limited::new(body, max_bytes).collect().await {
        Ok(body) => Ok(body.to_bytes()),
        Err(error) if error.is::<LengthLimitError>() => Err(Refusal::with_status(
            StatusCode::PAYLOAD_TOO_LARGE,
            &format!("The body is larger than {max_bytes} bytes."),
        )),
        Err(_) => Err(Refusal::malformed("The body could not be read to its end.")),
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
