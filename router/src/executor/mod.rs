//! Running a plan: requests to subgraphs as the plan orders them, their answers merged, and the
//! client's `data` written from what came together.

mod answer;
pub(crate) mod asked;
mod client;
mod client_keys;
mod connection;
mod entities;
mod errors;
mod flatten;
pub(crate) mod json;
mod merge;
pub(crate) mod plan;
pub(crate) mod project;
mod request;
mod rewrite;
mod upstream;

use std::{
    sync::{
        Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    time::Instant,
};

use apollo_compiler::response::JsonValue;
use bytes::Bytes;
use futures_util::{
    FutureExt as _,
    future::{self, BoxFuture},
};
use http::HeaderMap;
use tracing::Instrument as _;

use crate::{
    exact::{Exact, Variables},
    graph::GraphError,
    supergraph::{Subgraph, Supergraph},
    upload::Files,
};

use self::{
    entities::Representations,
    json::{Buffers, Object, Value},
    plan::{Fetch, FetchKind, Node},
    project::Projection,
    upstream::Kind,
};

pub(crate) use client::{FetchError, SubgraphClient};
pub(crate) use client_keys::ClientKeys;
pub(crate) use upstream::Upstreams;

/// One execution of one plan.
pub(crate) struct Execution<'a> {
    supergraph: &'a Supergraph,
    upstreams: &'a Upstreams,
    variables: &'a Variables,
    /// Sent with each request to a subgraph.
    headers: &'a HeaderMap,
    /// What the client sends beside the operation.
    files: Option<&'a Files>,
    /// What the plan of a mutation reads may not be older than what it wrote.
    has_mutation: AtomicBool,
    /// Locked between awaits only, so never contended: the branches of a plan are one task.
    state: Mutex<State>,
}

/// The body that asks for a `fetch` of root fields.
pub(crate) fn root_body(fetch: &Fetch, variables: &Variables) -> Bytes {
    request::body(fetch, variables, &variables.exact, &[])
}

/// The client's error for a `service` that gave no answer.
pub(crate) fn no_answer(error: &FetchError, service: &str) -> GraphError {
    errors::at(errors::no_answer(error), service, None)
}

/// What came together so far.
struct State {
    buffers: Buffers,
    data: Value,
    errors: Vec<GraphError>,
}

impl<'a> Execution<'a> {
    pub(crate) fn new(
        supergraph: &'a Supergraph,
        upstreams: &'a Upstreams,
        variables: &'a Variables,
        headers: &'a HeaderMap,
    ) -> Self {
        Self {
            supergraph,
            upstreams,
            variables,
            headers,
            files: None,
            has_mutation: AtomicBool::new(false),
            state: Mutex::new(State {
                buffers: Buffers::default(),
                data: Value::Object(Object::default()),
                errors: Vec::new(),
            }),
        }
    }

    /// An execution whose operation uses `files`.
    pub(crate) fn with_files(mut self, files: Option<&'a Files>) -> Self {
        self.files = files;
        self
    }

    /// With errors that are known before anything is asked.
    pub(crate) fn with_errors(self, errors: Vec<GraphError>) -> Self {
        self.state().errors = errors;
        self
    }

    /// Runs `plan` to its end.
    pub(crate) async fn run(&self, plan: Option<&Node>) {
        if let Some(node) = plan {
            self.has_mutation
                .store(node.has_mutation(), Ordering::Relaxed);
            self.node(node).await;
        }
    }

    /// Begins with what is known already, as JSON.
    pub(crate) fn seed(&self, known: Bytes) {
        let mut state = self.state();
        if let Ok(known) = state.buffers.parse(known) {
            state.data = known;
        }
    }

    /// Looks at what came together so far.
    pub(crate) fn look<T>(&self, look: impl FnOnce(&Buffers, &Value) -> T) -> T {
        let state = self.state();
        look(&state.buffers, &state.data)
    }

    /// What came together, with the executor's keys.
    pub(crate) fn into_parts(self) -> (Buffers, Value, Vec<GraphError>) {
        let state = self.state.into_inner();
        let state = state.unwrap_or_else(PoisonError::into_inner);
        (state.buffers, state.data, state.errors)
    }

    /// Takes in an answer to `fetch` that came by itself.
    pub(crate) fn take(&self, fetch: &Fetch, answer: Bytes) {
        if let Some(gathered) = self.gather(fetch) {
            let mut state = self.state();
            answer::apply(&mut state, self.supergraph, fetch, &gathered, Ok(answer));
        }
    }

    /// Writes the client's `data` and gives the errors beside it.
    pub(crate) fn finish(
        self,
        projection: &Projection<'_>,
        client_keys: &ClientKeys,
    ) -> (Bytes, Vec<GraphError>) {
        let mut state = self
            .state
            .into_inner()
            .unwrap_or_else(PoisonError::into_inner);
        for error in &mut state.errors {
            let is_of_subgraph = error.service().is_some();
            let Some(path) = &mut error.path else {
                continue;
            };
            if is_of_subgraph {
                path.truncate(projection.selection.known_part(path));
            }
            client_keys.translate(path);
            if path.is_empty() {
                error.path = None;
            }
        }
        let data = project::project(projection, &state.buffers, &state.data, &mut state.errors);
        (data.into(), state.errors)
    }

    fn node<'n>(&'n self, node: &'n Node) -> BoxFuture<'n, ()> {
        match node {
            Node::Fetch(fetch) => self.fetch(fetch).boxed(),
            Node::Sequence(nodes) => async move {
                for node in nodes {
                    self.node(node).await;
                }
            }
            .boxed(),
            Node::Parallel(nodes) => future::join_all(nodes.iter().map(|node| self.node(node)))
                .map(drop)
                .boxed(),
            Node::Condition {
                variable,
                then,
                otherwise,
            } => {
                let holds = self.variables.get(variable.as_str());
                let holds = holds.and_then(JsonValue::as_bool) == Some(true);
                match if holds { then } else { otherwise } {
                    Some(node) => self.node(node),
                    None => future::ready(()).boxed(),
                }
            }
        }
    }

    async fn fetch(&self, fetch: &Fetch) {
        let subgraph = &self.supergraph.subgraphs[fetch.subgraph];
        let Some(gathered) = self.gather(fetch) else {
            return;
        };
        let span = tracing::debug_span!(
            "subgraph fetch",
            otel.kind = "client",
            subgraph.name = subgraph.name,
            entities = gathered.iter().map(|list| list.count).sum::<usize>(),
        );
        let answer = self.send(subgraph, fetch, &gathered).instrument(span).await;
        let mut state = self.state();
        answer::apply(&mut state, self.supergraph, fetch, &gathered, answer);
    }

    /// What `fetch` sends and the places that wait for it; `None` when it would ask for nothing.
    fn gather(&self, fetch: &Fetch) -> Option<Vec<Representations>> {
        let mut state = self.state();
        let State { buffers, data, .. } = &mut *state;
        let gathered = match &fetch.kind {
            FetchKind::Root { path, .. } => vec![entities::root(buffers, data, path)],
            FetchKind::Entities(lists) => lists
                .iter()
                .map(|list| entities::gather(buffers, data, list))
                .collect(),
        };
        gathered
            .iter()
            .any(|representations| representations.places.len() > 0)
            .then_some(gathered)
    }

    async fn send(
        &self,
        subgraph: &Subgraph,
        fetch: &Fetch,
        gathered: &[Representations],
    ) -> errors::Answer {
        let mut headers = self.headers.clone();
        setwise_service::trace::inject(&mut headers);
        let started = Instant::now();
        let with_files = self
            .files
            .filter(|files| files.are_used_by(&fetch.variables));
        let answer = if let Some(files) = with_files {
            let variables = files.without_marks(self.variables);
            let operations = request::body(fetch, &variables, &Exact::default(), gathered);
            let outgoing = files.send_on(&operations, &fetch.variables);
            self.upstreams
                .ask_with_files(fetch.subgraph, &headers, outgoing, files.timeout())
                .await
        } else {
            let body = request::body(fetch, self.variables, &self.variables.exact, gathered);
            let kind = if fetch.is_mutation {
                Kind::Mutation
            } else if self.has_mutation.load(Ordering::Relaxed) {
                Kind::Query
            } else {
                Kind::SharedQuery
            };
            self.upstreams
                .ask(fetch.subgraph, headers, body, kind)
                .await
        };
        self.upstreams
            .note_duration(fetch.subgraph, started.elapsed(), answer.is_ok());
        if let Err(error) = &answer {
            tracing::warn!(
                subgraph.name = subgraph.name,
                error = error.chain(),
                "subgraph gave no answer"
            );
        }
        answer
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
