//! Planning: the client's operation in, the executor's plan out. Everything that knows the
//! planner crate, which panics on some input: that ends as an error of one request.

mod convert;
mod literals;

use std::{
    fmt,
    panic::{AssertUnwindSafe, catch_unwind},
    time::Duration,
};

use hive_router_query_planner::{
    ast::normalization::{error::NormalizationError, normalize_operation},
    planner::{
        Planner, PlannerError,
        plan_nodes::{PlanNode, QueryPlan},
    },
    utils::{cancellation::CancellationToken, parsing::safe_parse_operation},
};

use crate::{
    executor::plan::Node,
    supergraph::{STUBS, Share, Stubs, Supergraph, original_name},
};

use literals::Literals;
pub(crate) use literals::plannable;

/// How long planning one operation may take.
const TIMEOUT: Duration = Duration::from_secs(5);

/// Why there is no plan for a valid operation.
#[derive(Debug, thiserror::Error)]
pub(crate) enum PlanError {
    #[error("the planner does not parse the document: {0}")]
    Parse(String),
    #[error(transparent)]
    Normalize(#[from] NormalizationError),
    #[error(transparent)]
    Plan(#[from] PlannerError),
    #[error("the plan names a subgraph that the supergraph lacks: {0}")]
    UnknownSubgraph(String),
    #[error("the plan has a step that the executor lacks: {0}")]
    UnknownStep(&'static str),
    #[error("the planner panicked")]
    Panicked,
}

/// Plans the operation of `document`, which must be valid and without introspection.
pub(crate) fn plan(
    supergraph: &Supergraph,
    share: Share,
    document: &str,
    operation_name: Option<&str>,
) -> Result<Option<Node>, PlanError> {
    let (plan, literals) = plan_with(
        supergraph,
        &supergraph.planner,
        share,
        document,
        operation_name,
    )?;
    plan.node
        .as_ref()
        .map(|node| convert::node(supergraph, &literals, node))
        .transpose()
}

/// Plans the operation of `document` over `stubs`: what it asks the router itself for, and the rest.
pub(crate) fn plan_from_stubs(
    supergraph: &Supergraph,
    stubs: &Stubs,
    share: Share,
    document: &str,
) -> Result<(Option<String>, Option<Node>), PlanError> {
    let mut asked = None;
    let (plan, literals) = plan_with(supergraph, &stubs.planner, share, document, None)?;
    let rest = match plan.node {
        Some(node) => without_stubs(node, &mut asked)?,
        None => None,
    };
    let rest = rest
        .map(|node| convert::node(supergraph, &literals, &node))
        .transpose()?;
    Ok((asked, rest))
}

/// `node` without the fetch from the router itself, of which there is one.
fn without_stubs(
    node: PlanNode,
    asked: &mut Option<String>,
) -> Result<Option<PlanNode>, PlanError> {
    let mut each = |nodes: Vec<PlanNode>| -> Result<Vec<PlanNode>, PlanError> {
        let mut kept = Vec::with_capacity(nodes.len());
        for node in nodes {
            kept.extend(without_stubs(node, asked)?);
        }
        Ok(kept)
    };
    Ok(match node {
        PlanNode::Fetch(fetch) if fetch.service_name == STUBS => {
            let document = fetch.operation.document_str.clone();
            if asked.replace(document).is_some() {
                return Err(PlanError::UnknownStep("a second fetch from the router"));
            }
            None
        }
        PlanNode::Sequence(mut sequence) => {
            sequence.nodes = each(sequence.nodes)?;
            (!sequence.nodes.is_empty()).then_some(PlanNode::Sequence(sequence))
        }
        PlanNode::Parallel(mut parallel) => {
            parallel.nodes = each(parallel.nodes)?;
            (!parallel.nodes.is_empty()).then_some(PlanNode::Parallel(parallel))
        }
        node => Some(node),
    })
}

/// A plan to be read.
#[derive(Debug)]
pub struct Explained(QueryPlan, Literals);

impl Explained {
    #[must_use]
    pub fn to_json(&self) -> serde_json::Value {
        let mut plan = serde_json::to_value(&self.0).unwrap_or_default();
        put_back(&self.1, &mut plan);
        plan
    }
}

fn put_back(literals: &Literals, plan: &mut serde_json::Value) {
    use serde_json::Value;
    match plan {
        Value::String(text) => *text = literals.put_back(text),
        Value::Array(items) => items.iter_mut().for_each(|it| put_back(literals, it)),
        Value::Object(fields) => fields.values_mut().for_each(|it| put_back(literals, it)),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

impl fmt::Display for Explained {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.1.put_back(&self.0.to_string()))
    }
}

/// The plan of the operation of `document`, to be read: with each progressive override in percent.
pub(crate) fn explain(
    supergraph: &Supergraph,
    document: &str,
    operation_name: Option<&str>,
) -> Result<Explained, PlanError> {
    plan_with(
        supergraph,
        &supergraph.planner,
        Share::default(),
        document,
        operation_name,
    )
    .map(|(plan, literals)| Explained(plan, literals))
}

fn plan_with(
    supergraph: &Supergraph,
    planner: &Planner,
    share: Share,
    document: &str,
    operation_name: Option<&str>,
) -> Result<(QueryPlan, Literals), PlanError> {
    let (document, literals) = literals::lift(document);
    // the planner is only read, so what a panic leaves behind is whole
    catch_unwind(AssertUnwindSafe(|| {
        let document =
            safe_parse_operation(&document).map_err(|error| PlanError::Parse(error.to_string()))?;
        let normalized = normalize_operation(&planner.supergraph, &document, operation_name)?;
        let mut plan = planner.plan_from_normalized_operation(
            &normalized.operation,
            supergraph.overrides.context(share),
            &CancellationToken::with_timeout(TIMEOUT),
        )?;
        if let Some(node) = &mut plan.node {
            name_subgraphs(node);
        }
        Ok((plan, literals))
    }))
    .unwrap_or(Err(PlanError::Panicked))
}

/// Calls the subgraphs what they are called outside of the planner.
fn name_subgraphs(node: &mut PlanNode) {
    let name = |service: &mut String| *service = original_name(service).to_owned();
    match node {
        PlanNode::Fetch(fetch) => name(&mut fetch.service_name),
        PlanNode::BatchFetch(fetch) => name(&mut fetch.service_name),
        PlanNode::Subscription(subscription) => name(&mut subscription.primary.service_name),
        PlanNode::Flatten(flatten) => name_subgraphs(&mut flatten.node),
        PlanNode::Sequence(sequence) => sequence.nodes.iter_mut().for_each(name_subgraphs),
        PlanNode::Parallel(parallel) => parallel.nodes.iter_mut().for_each(name_subgraphs),
        PlanNode::Condition(condition) => {
            let branches = [&mut condition.if_clause, &mut condition.else_clause];
            let nodes = branches.into_iter().flatten();
            nodes.for_each(|node| name_subgraphs(node));
        }
        PlanNode::Defer(_) => {}
    }
}
