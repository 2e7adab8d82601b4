use std::sync::Arc;

use bytes::Bytes;
use http::{HeaderMap, HeaderName, HeaderValue, header};
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use serde_json::{Map, Value};
use tracing::{Instrument as _, field};

use crate::{
    Claims, Config,
    defer::{self, Parts},
    executor::{Execution, SubgraphClient, Upstreams, project::Projection},
    guard::{Caller, Guard},
    pipeline::{Pipeline, Prepared, plan::Explained},
    supergraph::{Source, Supergraph},
    upload::Files,
};

/// The loaded supergraph and what executes operations over it. A clone is the same graph.
#[derive(Clone)]
pub struct Graph {
    pub(crate) supergraph: Arc<Supergraph>,
    pipeline: Arc<Pipeline>,
    pub(crate) upstreams: Upstreams,
    forward_headers: Arc<[HeaderName]>,
    guard: Arc<Guard>,
}

/// One GraphQL operation to execute.
#[derive(Clone, Debug, Default)]
pub struct GraphRequest {
    pub query: Arc<str>,
    pub operation_name: Option<String>,
    pub variables: Map<String, Value>,
    /// The JSON of `variables`, where numbers in it are longer than they hold: subgraphs get them as
    /// they stand here.
    pub variables_text: Option<Arc<str>>,
    /// The caller's headers. Forwarded are those that the configuration names (`x-access-token`
    /// in place of a missing `authorization`) and, from the current span, `traceparent`.
    pub headers: HeaderMap,
    /// Those of the caller's verified token; `None` for an anonymous caller, who gets nothing that
    /// is `@authenticated` or `@requiresScopes`.
    pub claims: Option<Arc<Claims>>,
    /// Whose requests this one is counted with.
    pub caller: Caller,
}

/// What an operation answered.
#[derive(Clone, Debug, Default)]
pub struct GraphResponse {
    /// The `data` object as JSON text: `None` when the operation did not run, `null` when an
    /// error reached its root.
    pub data: Option<Bytes>,
    pub errors: Vec<GraphError>,
}

/// An error of the response, as the GraphQL specification writes it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct GraphError {
    pub message: String,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub locations: Vec<Location>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub path: Option<Vec<PathSegment>>,
    /// Always holds `code`, and `service` when a subgraph is the cause.
    #[serde(default, skip_serializing_if = "is_empty")]
    pub extensions: Box<Map<String, Value>>,
}

/// A place in the document, counted from 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Location {
    pub line: usize,
    pub column: usize,
}

/// One step from the root of the data to a value.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum PathSegment {
    Index(usize),
    Key(String),
}

impl Graph {
    /// Loads the supergraph that `config` names.
    pub async fn load(config: &Config) -> anyhow::Result<Self> {
        let source = Source::read(&config.supergraph).await?;
        Self::new(config, &source, None)
    }

    /// The graph of `source`, with the connections and counts of `old`. Keeps a core busy for as long as it
    /// takes.
    pub(crate) fn new(
        config: &Config,
        source: &Source,
        old: Option<&Self>,
    ) -> anyhow::Result<Self> {
        let supergraph = Supergraph::new(&source.sdl()?, &config.subgraphs)?
            .with_override_labels(&config.supergraph.override_labels);
        let supergraph = Arc::new(supergraph);
        let subgraphs = supergraph.subgraphs.iter();
        let urls: Vec<_> = subgraphs.clone().map(|s| s.url.clone()).collect();
        let http2 = subgraphs.filter(|s| s.http2).map(|s| s.url.clone());
        let http2 = http2.collect();
        let all = &config.subgraphs.all;
        let client = match old.map(|old| old.upstreams.client()) {
            Some(client) if client.takes(&urls) => client.with(http2, all.max_response_bytes),
            _ => SubgraphClient::new(&urls, http2, all.max_response_bytes)?,
        };
        let upstreams = Upstreams::new(client, &supergraph.subgraphs, all);
        let guard = Guard::new(config, old.map(|old| &*old.guard))?;
        let pipeline = Pipeline::new(
            Arc::clone(&supergraph),
            config.limits.clone(),
            config.introspection(),
        );
        Ok(Self {
            supergraph,
            pipeline: Arc::new(pipeline),
            upstreams,
            forward_headers: config.subgraphs.forward_headers().into(),
            guard: Arc::new(guard),
        })
    }

    /// Executes one operation. What goes wrong is in the response's `errors`.
    pub async fn execute(&self, request: GraphRequest) -> GraphResponse {
        match self.prepare(&request).await {
            Ok(prepared) => self.run(&prepared, request).await,
            Err(errors) => GraphResponse { data: None, errors },
        }
    }

    /// What finds out who calls.
    pub(crate) fn guard(&self) -> &Arc<Guard> {
        &self.guard
    }

    /// The operation of `request`, valid and planned, when its caller may ask for it.
    pub(crate) async fn prepare(
        &self,
        request: &GraphRequest,
    ) -> Result<Arc<Prepared>, Vec<GraphError>> {
        let span = tracing::debug_span!("graphql prepare", plan_cache.hit = field::Empty);
        let caller = &request.caller;
        self.guard.admit(caller).map_err(|error| vec![error])?;
        let prepared = self.pipeline.prepare(request).instrument(span).await?;
        let admitted = self.guard.admit_fields(caller, &prepared.root_field_names);
        admitted.map_err(|error| vec![error])?;
        Ok(prepared)
    }

    /// Executes what [`prepare`](Self::prepare) prepared from `request`.
    pub(crate) async fn run(&self, prepared: &Prepared, request: GraphRequest) -> GraphResponse {
        self.run_with_files(prepared, request, None).await
    }

    /// [`run`](Self::run), with the files that the client sends.
    pub(crate) async fn run_with_files(
        &self,
        prepared: &Prepared,
        request: GraphRequest,
        files: Option<&Files>,
    ) -> GraphResponse {
        let supergraph = &*self.supergraph;
        let refused = GraphResponse::refusal;
        if prepared.is_subscription() {
            let message = "Subscriptions are served as text/event-stream, as multipart/mixed, or \
                           over a WebSocket.";
            return refused(GraphError::new("SUBSCRIPTION_NOT_SUPPORTED", message));
        }
        if let Some(files) = files
            && let Err(error) = files.check(prepared.plan.as_ref())
        {
            return refused(error);
        }
        let variables = match prepared.coerce(
            supergraph,
            request.variables,
            request.variables_text.as_deref(),
        ) {
            Ok(variables) => variables,
            Err(error) => return refused(error),
        };
        let introspection = match prepared.introspect(supergraph, &variables) {
            Ok(introspection) => introspection,
            Err(error) => return refused(error),
        };
        let headers = self.forwarded(&request.headers);
        let execution = Execution::new(supergraph, &self.upstreams, &variables, &headers)
            .with_files(files)
            .with_errors(prepared.denied.clone());
        let span = tracing::debug_span!("graphql execute");
        execution.run(prepared.plan.as_ref()).instrument(span).await;
        let projection = Projection {
            types: &supergraph.types,
            root: prepared.root,
            selection: &prepared.selection,
            variables: &variables,
            introspection: introspection.as_ref(),
        };
        let (data, errors) = execution.finish(&projection, &prepared.client_keys);
        GraphResponse {
            data: Some(data),
            errors,
        }
    }

    /// Prepares the operations that `old` was asked most often.
    pub(crate) async fn warm_up(&self, old: &Self) {
        self.pipeline.warm_up(&old.pipeline).await;
    }

    /// The caller's headers that subgraphs get.
    pub(crate) fn forwarded(&self, headers: &HeaderMap) -> HeaderMap {
        forwarded(&self.forward_headers, headers)
    }

    /// Executes what [`prepare`](Self::prepare) prepared in parts; or at once, when nothing of it is deferred.
    pub(crate) async fn run_in_parts(
        &self,
        prepared: &Arc<Prepared>,
        request: GraphRequest,
    ) -> Result<Parts, GraphResponse> {
        let variables = prepared
            .coerce(
                &self.supergraph,
                request.variables.clone(),
                request.variables_text.as_deref(),
            )
            .map_err(GraphResponse::refusal)?;
        let Some(deferred) = self.pipeline.defer(prepared, &variables).await else {
            return Err(self.run(prepared, request).await);
        };
        let introspection = prepared
            .introspect(&self.supergraph, &variables)
            .map_err(GraphResponse::refusal)?;
        Ok(defer::run(defer::Request {
            graph: self.clone(),
            prepared: Arc::clone(prepared),
            deferred,
            variables,
            introspection,
            headers: self.forwarded(&request.headers),
        }))
    }

    /// The plan of an operation, to be read.
    pub fn explain(&self, query: &str) -> anyhow::Result<Explained> {
        self.pipeline.explain(query)
    }
}

/// The caller's headers that subgraphs get: those with `names` and the trace's.
fn forwarded(names: &[HeaderName], headers: &HeaderMap) -> HeaderMap {
    let mut forwarded = HeaderMap::new();
    for name in names {
        for value in headers.get_all(name) {
            forwarded.append(name.clone(), value.clone());
        }
        if *name == header::AUTHORIZATION
            && !forwarded.contains_key(name)
            && let Some(value) = headers.get("x-access-token").and_then(bearer)
        {
            forwarded.insert(header::AUTHORIZATION, value);
        }
    }
    // the trace's headers go on as they came when this process traces nothing itself
    for name in ["traceparent", "tracestate"] {
        if let Some(value) = headers.get(name) {
            forwarded.insert(name, value.clone());
        }
    }
    forwarded
}

fn bearer(token: &HeaderValue) -> Option<HeaderValue> {
    let bearer = [b"Bearer ", token.as_bytes()].concat();
    let mut value = HeaderValue::from_bytes(&bearer).ok()?;
    value.set_sensitive(true);
    Some(value)
}

impl GraphResponse {
    /// `data` read as `T`; `None` when it is absent or null.
    pub fn data<T: DeserializeOwned>(&self) -> serde_json::Result<Option<T>> {
        match &self.data {
            Some(data) => serde_json::from_slice(data),
            None => Ok(None),
        }
    }
}

impl GraphResponse {
    /// The response to an operation that does not run, because of `error`.
    pub(crate) fn refusal(error: GraphError) -> Self {
        Self {
            data: None,
            errors: vec![error],
        }
    }

    /// The response as the client gets it.
    ///
    /// # Panics
    /// Never: what it holds is plain JSON.
    #[must_use]
    pub fn to_json(&self) -> Vec<u8> {
        let Some([before, data, after]) = self.to_pieces() else {
            let mut json = b"{".to_vec();
            if !self.errors.is_empty() {
                self.write_errors(&mut json);
            }
            json.push(b'}');
            return json;
        };
        [before, data, after].concat()
    }

    /// [`to_json`](Self::to_json) in pieces, of which the one in the middle is `data` itself;
    /// `None` without data.
    pub(crate) fn to_pieces(&self) -> Option<[Bytes; 3]> {
        let data = self.data.clone()?;
        let after = if self.errors.is_empty() {
            Bytes::from_static(b"}")
        } else {
            let mut after = b",".to_vec();
            self.write_errors(&mut after);
            after.push(b'}');
            after.into()
        };
        Some([Bytes::from_static(b"{\"data\":"), data, after])
    }

    fn write_errors(&self, json: &mut Vec<u8>) {
        json.extend_from_slice(b"\"errors\":");
        serde_json::to_writer(json, &self.errors).expect("errors are plain JSON");
    }
}

impl GraphError {
    pub fn new(code: &str, message: impl Into<String>) -> Self {
        Self {
            message: message.into(),
            extensions: Box::new(Map::from_iter([("code".to_owned(), code.into())])),
            ..Self::default()
        }
    }

    /// `extensions.code`, empty when the error carries none.
    #[must_use]
    pub fn code(&self) -> &str {
        self.extension("code").unwrap_or_default()
    }

    /// `extensions.service`: the subgraph that caused the error.
    #[must_use]
    pub fn service(&self) -> Option<&str> {
        self.extension("service")
    }

    /// `extensions.retryAfterSeconds`: when it is worth while to ask again.
    #[must_use]
    pub fn retry_after_seconds(&self) -> Option<u64> {
        self.extensions.get("retryAfterSeconds")?.as_u64()
    }

    fn extension(&self, key: &str) -> Option<&str> {
        self.extensions.get(key)?.as_str()
    }
}

#[expect(clippy::borrowed_box, reason = "serde hands over the field as it is")]
fn is_empty(extensions: &Box<Map<String, Value>>) -> bool {
    extensions.is_empty()
}
