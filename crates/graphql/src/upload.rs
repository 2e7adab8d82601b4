//! Files by the GraphQL multipart request specification. A resolver reads them while they arrive:
//! none is ever held whole.

use std::{collections::HashMap, sync::Arc, time::Duration};

use async_graphql::{
    Context, InputValueError, InputValueResult, ObjectType, Request, Response, Scalar, ScalarType,
    Schema, ServerError, SubscriptionType, Value,
};
use axum::{
    Json, Router,
    extract::{Request as HttpRequest, State},
    response::{IntoResponse as _, Response as HttpResponse},
    routing::post,
};
use bytes::Bytes;
use futures_util::{Stream, stream};
use http::{HeaderMap, StatusCode};
use setwise_auth::TokenVerifier;
use setwise_multipart::{MultipartError, Reader};
use setwise_service::Locale;
use tokio::sync::{Mutex, OwnedMutexGuard};
use tower::ServiceExt as _;

use crate::{
    RequestContext, ResolverError,
    endpoint::{endpoint, viewer},
    text,
};

/// Bytes of the parts `operations` and `map`.
const MAX_PART_BYTES: usize = 2_000_000;

/// Bytes and time that a file which no resolver read may still take.
const DRAIN_BYTES: usize = 64 * 1024 * 1024;
const DRAIN_TIME: Duration = Duration::from_secs(10);

/// A file that is sent with the operation, as the GraphQL multipart request specification has it.
#[derive(Clone, Debug)]
pub struct Upload {
    /// The name of the file's part.
    name: String,
}

#[Scalar(
    name = "Upload",
    specified_by_url = "https://github.com/jaydenseric/graphql-multipart-request-spec"
)]
impl ScalarType for Upload {
    fn parse(value: Value) -> InputValueResult<Self> {
        match value {
            Value::String(name) => Ok(Self { name }),
            value => Err(InputValueError::expected_type(value)),
        }
    }

    fn to_value(&self) -> Value {
        Value::String(self.name.clone())
    }
}

/// The files of a request, in its data.
#[derive(Clone)]
struct Files(Arc<Mutex<Reader>>);

/// A file that is being read.
pub struct IncomingFile {
    pub filename: Option<String>,
    pub content_type: Option<String>,
    reader: OwnedMutexGuard<Reader>,
}

impl Upload {
    /// Begins to read the file. Files are read in the order in which they come.
    ///
    /// # Errors
    /// `BadUserInput` when the file does not come next, or not at all.
    pub async fn open(&self, ctx: &Context<'_>) -> Result<IncomingFile, ResolverError> {
        let refuse = |message: &str| ResolverError::BadUserInput(message.to_owned());
        let Some(Files(reader)) = ctx.data_opt() else {
            return Err(refuse(
                "a file comes by the GraphQL multipart request specification",
            ));
        };
        let mut reader = Arc::clone(reader).lock_owned().await;
        let next = reader.next_part().await;
        let next = next.map_err(|error| ResolverError::BadUserInput(error.to_string()))?;
        let part = next.filter(|part| part.name == self.name);
        let part = part.ok_or_else(|| {
            refuse("the files must come once each, in the order in which they are used")
        })?;
        Ok(IncomingFile {
            filename: part.filename,
            content_type: part.content_type,
            reader,
        })
    }
}

impl IncomingFile {
    /// The file's bytes, as they arrive.
    pub fn into_stream(self) -> impl Stream<Item = Result<Bytes, MultipartError>> + Send {
        stream::try_unfold(self.reader, |mut reader| async {
            let chunk = reader.chunk().await?;
            Ok(chunk.map(|chunk| (chunk, reader)))
        })
    }
}

struct Endpoint<Q, M, S> {
    schema: Schema<Q, M, S>,
    verifier: TokenVerifier,
    json: Router,
}

/// [`endpoint`](crate::endpoint()) that takes files, too.
pub fn endpoint_with_uploads<Q, M, S>(schema: Schema<Q, M, S>, verifier: TokenVerifier) -> Router
where
    Q: ObjectType + 'static,
    M: ObjectType + 'static,
    S: SubscriptionType + 'static,
{
    let json = endpoint(schema.clone(), verifier.clone());
    Router::new()
        .route("/graphql", post(execute::<Q, M, S>))
        .with_state(Arc::new(Endpoint {
            schema,
            verifier,
            json,
        }))
}

async fn execute<Q, M, S>(
    State(endpoint): State<Arc<Endpoint<Q, M, S>>>,
    request: HttpRequest,
) -> HttpResponse
where
    Q: ObjectType + 'static,
    M: ObjectType + 'static,
    S: SubscriptionType + 'static,
{
    let Some(boundary) = setwise_multipart::boundary(request.headers()) else {
        let Ok(response) = endpoint.json.clone().oneshot(request).await;
        return response;
    };
    let headers = request.headers().clone();
    let boundary = match boundary {
        Ok(boundary) => boundary,
        Err(error) => return refuse(&error.to_string()),
    };
    let mut reader = Reader::new(request.into_body().into_data_stream(), &boundary);
    let request = match read_before_files(&mut reader).await {
        Ok(request) => request,
        Err(message) => return refuse(&message),
    };
    let files = Files(Arc::new(Mutex::new(reader)));
    let context = context(&endpoint.verifier, &headers).await;
    let response = if let Some(refusal) = text::refusal(&request, context.locale) {
        refusal
    } else {
        let request = request.data(context).data(files.clone());
        endpoint.schema.execute(request).await
    };
    // who still sends does not read the answer; whoever is slower than that is not waited for
    let drain = async { files.0.lock().await.drain(DRAIN_BYTES).await };
    let _ = tokio::time::timeout(DRAIN_TIME, drain).await;
    Json(response).into_response()
}

async fn context(verifier: &TokenVerifier, headers: &HeaderMap) -> RequestContext {
    RequestContext {
        viewer: viewer(verifier, headers).await,
        locale: Locale::from_headers(headers),
    }
}

/// The operation, with the names of parts where files stand.
async fn read_before_files(reader: &mut Reader) -> Result<Request, String> {
    let mut operations: serde_json::Value = read_json(reader, "operations").await?;
    let map: HashMap<String, Vec<String>> = read_json(reader, "map").await?;
    for (name, paths) in map {
        for path in paths {
            let pointer = format!("/{}", path.replace('.', "/"));
            let place = operations.pointer_mut(&pointer);
            let place = place.ok_or_else(|| format!("the path {path} leads nowhere"))?;
            *place = name.clone().into();
        }
    }
    serde_json::from_value(operations).map_err(|error| format!("operations: {error}"))
}

async fn read_json<T>(reader: &mut Reader, name: &str) -> Result<T, String>
where
    T: serde::de::DeserializeOwned,
{
    let part = reader
        .next_part()
        .await
        .map_err(|error| error.to_string())?;
    if part.is_none_or(|part| part.name != name) {
        return Err(format!("the part {name} does not come in its place"));
    }
    let json = reader.bytes(MAX_PART_BYTES).await;
    let json = json.map_err(|error| error.to_string())?;
    serde_json::from_slice(&json).map_err(|error| format!("{name}: {error}"))
}

fn refuse(message: &str) -> HttpResponse {
    let error = ServerError::new(message, None);
    let response = Response::from_errors(vec![error]);
    (StatusCode::BAD_REQUEST, Json(response)).into_response()
}
