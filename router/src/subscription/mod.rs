//! Subscriptions: events of the subgraph that owns the root field, each completed by the rest of the plan.
//!
//! Everything is pulled: who does not read, does not make the router read. What cannot be kept up with stays with the
//! subgraph.

mod events;
mod source;

use std::sync::Arc;

use bytes::Bytes;
use futures_util::{
    StreamExt as _,
    stream::{self, BoxStream},
};
use http::HeaderMap;
use tracing::Instrument as _;

use crate::{
    exact::Variables,
    executor::{
        Execution,
        plan::{Fetch, Node},
        project::Projection,
    },
    graph::{Graph, GraphError, GraphRequest, GraphResponse},
    pipeline::Prepared,
};

use source::Source;

/// What a subscriber gets, in order.
pub(crate) type Responses = BoxStream<'static, GraphResponse>;

/// Subscribes to what `prepared` asks for. What goes wrong is in the one response, or in the last.
///
/// They end with the token that the client subscribed by.
pub(crate) async fn subscribe(
    graph: Graph,
    prepared: Arc<Prepared>,
    request: GraphRequest,
) -> Responses {
    let remaining = request.caller.remaining();
    let responses = responses(graph, prepared, request).await;
    let Some(remaining) = remaining else {
        return responses;
    };
    let message = "The access token has expired: subscribe again with a new one.";
    let error = GraphError::new("UNAUTHENTICATED", message);
    until(responses, tokio::time::sleep(remaining), error)
}

/// `responses` until `end`, of which `error` then tells.
pub(crate) fn until(
    responses: Responses,
    end: impl Future<Output = ()> + Send + 'static,
    error: GraphError,
) -> Responses {
    let start = Some((responses, Box::pin(end), error));
    stream::unfold(start, async |state| {
        let (mut responses, mut end, error) = state?;
        tokio::select! {
            biased;
            () = &mut end => Some((GraphResponse::refusal(error), None)),
            response = responses.next() => {
                response.map(|response| (response, Some((responses, end, error))))
            }
        }
    })
    .boxed()
}

async fn responses(graph: Graph, prepared: Arc<Prepared>, request: GraphRequest) -> Responses {
    match Subscriber::open(graph, prepared, request).await {
        Ok(subscriber) => stream::unfold(Some(subscriber), async |subscriber| {
            let mut subscriber = subscriber?;
            match subscriber.source.next().await? {
                Ok(payload) => Some((subscriber.complete(payload).await, Some(subscriber))),
                Err(error) => Some((GraphResponse::refusal(error), None)),
            }
        })
        .boxed(),
        Err(error) => stream::iter([GraphResponse::refusal(error)]).boxed(),
    }
}

struct Subscriber {
    graph: Graph,
    prepared: Arc<Prepared>,
    variables: Variables,
    headers: HeaderMap,
    source: Source,
}

impl Subscriber {
    async fn open(
        graph: Graph,
        prepared: Arc<Prepared>,
        request: GraphRequest,
    ) -> Result<Self, GraphError> {
        let variables = prepared.coerce(
            &graph.supergraph,
            request.variables,
            request.variables_text.as_deref(),
        )?;
        let headers = graph.forwarded(&request.headers);
        let (fetch, _) = steps(&prepared)?;
        let subgraph = graph.supergraph.subgraphs[fetch.subgraph].clone();
        let body = crate::executor::root_body(fetch, &variables);
        let source = Source::open(
            graph.upstreams.client().clone(),
            subgraph,
            headers.clone(),
            body,
        )
        .await?;
        Ok(Self {
            graph,
            prepared,
            variables,
            headers,
            source,
        })
    }

    /// The client's response to one event.
    async fn complete(&self, payload: Bytes) -> GraphResponse {
        let (fetch, rest) = match steps(&self.prepared) {
            Ok(steps) => steps,
            Err(error) => return GraphResponse::refusal(error),
        };
        let supergraph = &*self.graph.supergraph;
        let upstreams = &self.graph.upstreams;
        let execution = Execution::new(supergraph, upstreams, &self.variables, &self.headers)
            .with_errors(self.prepared.denied.clone());
        execution.take(fetch, payload);
        let span = tracing::info_span!("graphql event");
        async {
            for node in rest {
                execution.run(Some(node)).await;
            }
        }
        .instrument(span)
        .await;
        let projection = Projection {
            types: &supergraph.types,
            root: self.prepared.root,
            selection: &self.prepared.selection,
            variables: &self.variables,
            introspection: None,
        };
        let (data, errors) = execution.finish(&projection, &self.prepared.client_keys);
        GraphResponse {
            data: Some(data),
            errors,
        }
    }
}

/// What the events answer, and what is fetched after each.
fn steps(prepared: &Prepared) -> Result<(&Fetch, &[Node]), GraphError> {
    match &prepared.plan {
        Some(Node::Fetch(fetch)) => Ok((fetch, &[])),
        Some(Node::Sequence(nodes)) => match nodes.split_first() {
            Some((Node::Fetch(fetch), rest)) => Ok((fetch, rest)),
            _ => Err(not_planned()),
        },
        _ => Err(not_planned()),
    }
}

fn not_planned() -> GraphError {
    GraphError::new(
        "QUERY_PLANNING_FAILED",
        "The operation could not be planned.",
    )
}
