use std::sync::Arc;

use axum::{
    extract::{Request, State},
    response::Response,
};
use futures_util::future;
use http::{Method, StatusCode, request::Parts};

use crate::{
    Caller, Graph,
    graph::{GraphError, GraphRequest, GraphResponse},
    pipeline::Prepared,
    reload::LiveGraph,
    upload::Files,
};

use super::{
    LiveSettings, Settings, csrf,
    media::{self, Media},
    playground,
    refusal::Refusal,
    request::{self, Asked, Parameters},
    response,
    streams::{self, Accepted, OpenStreams},
    websocket,
};

/// What `/graphql` needs for one request.
#[derive(Clone)]
pub(super) struct Endpoint {
    pub(super) graph: Graph,
    pub(super) settings: Arc<Settings>,
    pub(super) streams: OpenStreams,
}

/// The endpoint of the moment: each request takes what is current when it comes.
#[derive(Clone)]
pub(super) struct LiveEndpoint {
    pub(super) graph: LiveGraph,
    pub(super) settings: LiveSettings,
    pub(super) streams: OpenStreams,
}

impl LiveEndpoint {
    pub(super) fn current(&self) -> Endpoint {
        Endpoint {
            graph: self.graph.current(),
            settings: self.settings.current(),
            streams: self.streams.clone(),
        }
    }
}

/// An operation that may run.
pub(super) struct Operation {
    pub(super) prepared: Arc<Prepared>,
    pub(super) request: GraphRequest,
    files: Option<Arc<Files>>,
}

/// `GET` and `POST /graphql`.
pub(super) async fn graphql(State(live): State<LiveEndpoint>, request: Request) -> Response {
    if websocket::is_asked_for(request.headers()) {
        return websocket::upgrade(live, request).await;
    }
    let endpoint = live.current();
    let is_get = request.method() == Method::GET;
    if is_get && endpoint.settings.playground && media::wants_html(request.headers()) {
        return playground::page();
    }
    let accepted = Accepted::by(request.headers());
    let plain = Media::negotiate(request.headers());
    let refusals = accepted.something().then_some(Media::GraphqlResponse);
    let Some(media) = plain.or(refusals) else {
        let message = "Answers are application/graphql-response+json or application/json.";
        let error = GraphError::new("NOT_ACCEPTABLE", message);
        return Refusal::from_error(StatusCode::NOT_ACCEPTABLE, error).answer(Media::Json);
    };
    if let Err(refusal) = check_sender(&endpoint, &request) {
        return refusal.answer(media);
    }
    let (parts, body) = request.into_parts();
    match request::read(&parts, body, &endpoint.settings.rules).await {
        Ok(Asked::One(parameters)) => {
            let way = Way {
                media,
                accepted,
                is_plain: plain.is_some(),
            };
            one(&endpoint, way, &parts, parameters).await
        }
        Ok(Asked::Many(batch)) => {
            let responses = batch
                .into_iter()
                .map(|parameters| answer(&endpoint, &parts, parameters));
            response::write_batch(media, &future::join_all(responses).await)
        }
        Err(refusal) => refusal.answer(media),
    }
}

/// How the client takes an answer.
struct Way {
    /// For an answer of one part, and for a refusal.
    media: Media,
    accepted: Accepted,
    is_plain: bool,
}

async fn one(endpoint: &Endpoint, way: Way, parts: &Parts, parameters: Parameters) -> Response {
    let media = way.media;
    let files = parameters.files.clone();
    let client = parts.extensions.get().cloned();
    let answer = match prepare(endpoint, parts, parameters).await {
        Ok(operation)
            if way.accepted.multipart_defer
                && operation.prepared.defers.is_some()
                && operation.files.is_none() =>
        {
            streams::respond_in_parts(endpoint, client, media, operation).await
        }
        Ok(operation) if operation.prepared.is_subscription() || !way.is_plain => {
            streams::respond(endpoint.clone(), client, way.accepted, operation).await
        }
        Ok(operation) => response::write(media, &run(endpoint, operation).await),
        Err(refusal) => refusal.answer(media),
    };
    let Some(files) = files else {
        return answer;
    };
    files.drain().await;
    match files.failure() {
        Some(error) => Refusal::of_upload(error).answer(media),
        None => answer,
    }
}

/// The rules that concern how a request was sent.
fn check_sender(endpoint: &Endpoint, request: &Request) -> Result<(), Refusal> {
    if request.method() != Method::GET && request.method() != Method::POST {
        let message = "The method must be GET or POST.";
        return Err(Refusal::method_not_allowed("GET, POST", message));
    }
    if endpoint.settings.csrf_prevention && !csrf::is_preflighted(request.headers()) {
        return Err(Refusal::malformed(
            "This request could be a cross-site forgery: send a content type other than a form's \
             or text/plain, or one of the headers apollo-require-preflight and \
             x-apollo-operation-name.",
        ));
    }
    Ok(())
}

pub(super) async fn prepare(
    endpoint: &Endpoint,
    parts: &Parts,
    parameters: Parameters,
) -> Result<Operation, Refusal> {
    if parameters.query.is_none() && parameters.reference.is_none() {
        return Err(Refusal::malformed("The parameter query is missing."));
    }
    let document = endpoint
        .settings
        .persisted
        .resolve(parameters.query, parameters.reference.as_ref())
        .map_err(|error| Refusal::of_operation(vec![error]))?;
    let request = GraphRequest {
        query: Arc::clone(&document.text),
        operation_name: parameters.operation_name,
        variables: parameters.variables.values,
        variables_text: parameters.variables.text,
        headers: parts.headers.clone(),
        claims: parts.extensions.get().cloned(),
        caller: Caller::of(&parts.extensions),
    };
    let prepared = endpoint.graph.prepare(&request).await;
    let prepared = prepared.map_err(Refusal::of_operation)?;
    if parts.method == Method::GET && prepared.is_mutation() {
        let message = "Mutations must be sent with POST.";
        return Err(Refusal::method_not_allowed("POST", message));
    }
    endpoint.settings.persisted.learn(&document);
    Ok(Operation {
        prepared,
        request,
        files: parameters.files,
    })
}

async fn run(endpoint: &Endpoint, operation: Operation) -> GraphResponse {
    let Operation {
        prepared,
        request,
        files,
    } = operation;
    let graph = &endpoint.graph;
    graph
        .run_with_files(&prepared, request, files.as_deref())
        .await
}

/// The answer to one request of a batch.
async fn answer(
    endpoint: &Endpoint,
    parts: &Parts,
    parameters: Result<Parameters, Refusal>,
) -> GraphResponse {
    let prepared = match parameters {
        Ok(parameters) => prepare(endpoint, parts, parameters).await,
        Err(refusal) => Err(refusal),
    };
    match prepared {
        Ok(operation) => run(endpoint, operation).await,
        Err(refusal) => GraphResponse {
            data: None,
            errors: refusal.errors,
        },
    }
}
