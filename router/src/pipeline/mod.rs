//! From the text of an operation to what can be executed, kept for the next time it comes.

mod aliases;
mod authorization;
mod cache;
mod introspection;
pub(crate) mod limits;
mod normal_form;
mod parse;
pub(crate) mod plan;

use std::{
    collections::HashMap,
    sync::{
        Arc,
        atomic::{AtomicU32, Ordering},
    },
    time::{Duration, Instant},
};

use apollo_compiler::{
    ExecutableDocument, Node,
    ast::OperationType,
    executable::Operation,
    request::coerce_variable_values,
    response::{JsonMap, JsonValue},
    validation::Valid,
};
use serde_json::{Map, Value};
use tokio::sync::Semaphore;

use crate::{
    Limits,
    defer::{Deferred, Defers},
    exact::{Exact, Variables},
    executor::{ClientKeys, plan::Node as PlanNode, project},
    graph::{GraphError, GraphRequest},
    supergraph::{Share, Supergraph, TypeId},
};

use cache::{Meaning, Plans, Text};
use introspection::RootFields;
use limits::{Limit, cost::Cost};
use plan::PlanError;

/// How many operations are prepared before a new supergraph takes over, and for how long at most.
const WARM_OPERATIONS: usize = 200;
const WARM_TIME: Duration = Duration::from_secs(10);

/// Prepares operations over one supergraph.
pub(crate) struct Pipeline {
    supergraph: Arc<Supergraph>,
    limits: Limits,
    introspection: bool,
    plans: Plans,
    /// Planning keeps a core busy: no more at once than there are.
    planners: Arc<Semaphore>,
}

/// An operation that is valid and planned.
pub(crate) struct Prepared {
    document: Valid<ExecutableDocument>,
    operation: Node<Operation>,
    root_fields: RootFields,
    pub(crate) root: TypeId,
    pub(crate) selection: project::Selection,
    pub(crate) client_keys: ClientKeys,
    pub(crate) plan: Option<PlanNode>,
    /// The text that it was made from, one of those that mean it.
    text: Text,
    /// How often it was recalled.
    uses: AtomicU32,
    /// What its caller may not see.
    pub(crate) denied: Vec<GraphError>,
    pub(crate) defers: Option<Defers>,
    /// The names of the root fields, one for each key of the response.
    pub(crate) root_field_names: Box<[String]>,
    cost: Cost,
    exact_defaults: Exact,
    max_cost: Option<f64>,
}

impl Pipeline {
    pub(crate) fn new(supergraph: Arc<Supergraph>, limits: Limits, introspection: bool) -> Self {
        let plans = Plans::new(limits.plan_cache_bytes);
        let cores = std::thread::available_parallelism().map_or(1, usize::from);
        Self {
            supergraph,
            limits,
            introspection,
            plans,
            planners: Arc::new(Semaphore::new(cores)),
        }
    }

    /// Parses, checks and plans an operation, or recalls it.
    pub(crate) async fn prepare(
        self: &Arc<Self>,
        request: &GraphRequest,
    ) -> Result<Arc<Prepared>, Vec<GraphError>> {
        let text = Text {
            query: Arc::clone(&request.query),
            operation_name: request.operation_name.clone(),
            access: self.supergraph.protection.access(request.claims.as_deref()),
            share: self.supergraph.overrides.draw(),
        };
        if let Some(prepared) = self.plans.recall(&text) {
            count_lookup(&tracing::Span::current(), true);
            return Ok(prepared);
        }
        let prepare = self.prepare_anew(text.clone());
        self.plans.of_text(&text, prepare).await
    }

    /// Prepares the operations that were recalled most often in `old`. One that is not valid any
    /// more is left to its client.
    pub(crate) async fn warm_up(self: &Arc<Self>, old: &Self) {
        let deadline = Instant::now() + WARM_TIME;
        for text in old.plans.most_used(WARM_OPERATIONS) {
            if Instant::now() > deadline {
                return;
            }
            let prepare = self.prepare_anew(text.clone());
            // what is wrong with it now is told to whoever sends it
            let _ = self.plans.of_text(&text, prepare).await;
        }
    }

    async fn prepare_anew(self: &Arc<Self>, text: Text) -> Result<Arc<Prepared>, Vec<GraphError>> {
        let permit = Arc::clone(&self.planners).acquire_owned().await;
        let pipeline = Arc::clone(self);
        let asking = tracing::Span::current();
        let span = tracing::debug_span!("plan");
        let prepare = move || {
            let _permit = permit;
            let (prepared, is_known) = span.in_scope(|| pipeline.prepare_now(&text))?;
            count_lookup(&asking, is_known);
            Ok(prepared)
        };
        tokio::task::spawn_blocking(prepare)
            .await
            .unwrap_or_else(|error| {
                tracing::error!(%error, "preparing an operation failed");
                Err(vec![internal()])
            })
    }

    /// Checks `text` and recalls or makes what it means, and tells whether that was there.
    fn prepare_now(&self, text: &Text) -> Result<(Arc<Prepared>, bool), Vec<GraphError>> {
        let ast = parse::parse(&self.limits, &text.query)?;
        let document = parse::validate(&self.supergraph.api_schema, &ast)?;
        let operation = document
            .operations
            .get(text.operation_name.as_deref())
            .map_err(|error| {
                let message = error.message().to_string();
                vec![GraphError::new("OPERATION_RESOLUTION_FAILURE", message)]
            })?
            .clone();
        let meaning = Meaning {
            normal_form: normal_form::normal_form(&document, &operation),
            access: text.access.clone(),
            share: text.share,
        };
        self.plans
            .of_meaning(&meaning, || self.plan(text, document, operation))
    }

    /// Plans `operation`, which is the one of `text`.
    fn plan(
        &self,
        text: &Text,
        document: Valid<ExecutableDocument>,
        operation: Node<Operation>,
    ) -> Result<Prepared, Vec<GraphError>> {
        let supergraph = &self.supergraph;
        let name = text.operation_name.as_deref();
        let root_fields = RootFields::of(&document, &operation);
        if root_fields.introspection && !self.introspection {
            let message = "Introspection is turned off.";
            return Err(vec![GraphError::new("INTROSPECTION_DISABLED", message)]);
        }
        let (mut freed, client_keys) = aliases::free(supergraph, &document).unzip();
        let client_keys = client_keys.unwrap_or_default();
        let may_defer = text.query.contains("defer") && !operation.is_subscription();
        let defers = if may_defer {
            Defers::take(freed.get_or_insert_with(|| (*document).clone()))
        } else {
            None
        };
        let executed: &ExecutableDocument = freed.as_ref().unwrap_or(&document);
        let executed_operation = executed
            .operations
            .get(name)
            .map_err(|_| vec![internal()])?;
        let (allowed, denied) =
            authorization::filter(supergraph, &text.access, executed, executed_operation).unzip();
        let planned = allowed.as_ref().unwrap_or(executed);
        let plan = plan_allowed(supergraph, text.share, planned, name)?;
        let selection = project::compile(
            &supergraph.api_schema,
            &supergraph.types,
            executed,
            executed_operation,
            &client_keys,
        );
        let root = supergraph
            .types
            .id(operation.object_type())
            .ok_or_else(|| vec![internal()])?;
        let default_list_size = self.limits.default_list_size;
        let cost = Cost::of(supergraph.scale(), default_list_size, &document, &operation);
        let asked: HashMap<_, _> = operation
            .root_fields(&document)
            .map(|field| (field.response_key(), &field.name))
            .collect();
        let root_field_names = asked.into_values().map(ToString::to_string).collect();
        Ok(Prepared {
            root_field_names,
            cost,
            exact_defaults: Exact::defaults(operation.variables.iter().map(|it| &**it)),
            max_cost: self.limits.max_cost,
            document,
            operation,
            root_fields,
            root,
            selection,
            client_keys,
            plan,
            text: text.clone(),
            uses: AtomicU32::new(0),
            // what is left out for its caller is left out of one plan, not of parts
            defers: defers.filter(|_| denied.is_none()),
            denied: denied.unwrap_or_default(),
        })
    }

    /// `prepared` in parts, for these `variables`; `None` when it is better answered at once.
    pub(crate) async fn defer(
        self: &Arc<Self>,
        prepared: &Arc<Prepared>,
        variables: &Valid<JsonMap>,
    ) -> Option<Arc<Deferred>> {
        prepared.defers.as_ref()?;
        let permit = Arc::clone(&self.planners).acquire_owned().await;
        let (pipeline, prepared) = (Arc::clone(self), Arc::clone(prepared));
        let variables = variables.clone();
        let plan = move || {
            let _permit = permit;
            let name = prepared.operation.name.as_deref();
            let keys = &prepared.client_keys;
            let defers = prepared.defers.as_ref()?;
            let share = prepared.text.share;
            defers.plan(&pipeline.supergraph, share, name, keys, &variables)
        };
        tokio::task::spawn_blocking(plan)
            .await
            .inspect_err(|error| tracing::error!(%error, "planning in parts failed"))
            .ok()
            .flatten()
    }

    /// The plan of an operation in words.
    pub(crate) fn explain(&self, query: &str) -> anyhow::Result<plan::Explained> {
        let told = |errors: Vec<GraphError>| {
            let messages: Vec<_> = errors.into_iter().map(|error| error.message).collect();
            anyhow::anyhow!(messages.join("\n"))
        };
        let ast = parse::parse(&self.limits, query).map_err(told)?;
        let schema = &self.supergraph.api_schema;
        let document = parse::validate(schema, &ast).map_err(told)?;
        let freed = aliases::free(&self.supergraph, &document);
        let mut executed = freed.map_or_else(|| (*document).clone(), |(freed, _)| freed);
        Defers::take(&mut executed);
        let executed = &executed;
        let operation = executed
            .operations
            .get(None)
            .map_err(|error| anyhow::anyhow!(error.message().to_string()))?;
        let root_fields = RootFields::of(executed, operation);
        let text = planned(executed, operation, root_fields);
        Ok(plan::explain(&self.supergraph, &text, None)?)
    }
}

/// The plan of an operation of which all is allowed.
fn plan_allowed(
    supergraph: &Supergraph,
    share: Share,
    document: &ExecutableDocument,
    name: Option<&str>,
) -> Result<Option<PlanNode>, Vec<GraphError>> {
    let operation = document
        .operations
        .get(name)
        .map_err(|_| vec![internal()])?;
    let root_fields = RootFields::of(document, operation);
    if !root_fields.data {
        return Ok(None);
    }
    let text = planned(document, operation, root_fields);
    plan::plan(supergraph, share, &text, name).map_err(|error| not_planned(&error))
}

/// Plans an operation whose fragments are inline; `None` when there is nothing to fetch.
pub(crate) fn plan_operation(
    supergraph: &Supergraph,
    share: Share,
    operation: &Node<Operation>,
) -> Result<Option<PlanNode>, PlanError> {
    let mut document = ExecutableDocument::new();
    document.operations.insert(operation.clone());
    let root_fields = RootFields::of(&document, operation);
    if !root_fields.data {
        return Ok(None);
    }
    let text = planned(&document, operation, root_fields);
    plan::plan(supergraph, share, &text, operation.name.as_deref())
}

/// The text that the planner gets.
fn planned(
    document: &ExecutableDocument,
    operation: &Operation,
    root_fields: RootFields,
) -> String {
    if root_fields.introspection || root_fields.typename {
        introspection::of_subgraphs(document, operation)
    } else {
        document.to_string()
    }
}

fn not_planned(error: &PlanError) -> Vec<GraphError> {
    tracing::error!(%error, "no plan for a valid operation");
    let message = "The operation could not be planned.";
    vec![GraphError::new("QUERY_PLANNING_FAILED", message)]
}

impl Prepared {
    fn count_use(&self) {
        self.uses.fetch_add(1, Ordering::Relaxed);
    }

    pub(crate) fn is_mutation(&self) -> bool {
        self.operation.operation_type == OperationType::Mutation
    }

    pub(crate) fn is_subscription(&self) -> bool {
        self.operation.operation_type == OperationType::Subscription
    }

    /// The variables as the operation's types have them, when it does not cost too much with them.
    /// Subgraphs get numbers as they stand in `text`.
    pub(crate) fn coerce(
        &self,
        supergraph: &Supergraph,
        variables: Map<String, Value>,
        text: Option<&str>,
    ) -> Result<Variables, GraphError> {
        let mut given = JsonMap::with_capacity(variables.len());
        for (name, value) in variables {
            given.insert(name, JsonValue::from(value));
        }
        let variables = coerce_variable_values(supergraph.inputs(), &self.operation, &given)
            .map_err(|error| GraphError::new("BAD_USER_INPUT", error.message().to_string()))?;
        let cost = self.cost.with(supergraph.scale(), &variables);
        metrics::histogram!("router_operation_estimated_cost").record(cost);
        if let Some(max_cost) = self.max_cost {
            self.cost.check_slicing(&variables)?;
            if cost > max_cost {
                return Err(limits::exceeded(Limit::Cost, cost, max_cost));
            }
        }
        let exact = self.exact_defaults.with(&given, text, &variables);
        Ok(Variables::new(variables, exact))
    }

    /// The answers to `__schema` and `__type`, when the operation asks.
    pub(crate) fn introspect(
        &self,
        supergraph: &Supergraph,
        variables: &Valid<JsonMap>,
    ) -> Result<Option<JsonMap>, GraphError> {
        if !self.root_fields.introspection {
            return Ok(None);
        }
        introspection::answer(supergraph, &self.document, &self.operation, variables).map(Some)
    }
}

/// Tells whether a plan was found, in the log and the metrics.
fn count_lookup(span: &tracing::Span, is_known: bool) {
    span.record("plan_cache.hit", is_known);
    if is_known {
        metrics::counter!("router_plan_cache_hits_total").increment(1);
    } else {
        metrics::counter!("router_plan_cache_misses_total").increment(1);
    }
}

fn internal() -> GraphError {
    GraphError::new("INTERNAL_SERVER_ERROR", "Internal server error.")
}
