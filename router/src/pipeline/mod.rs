//! From the text of an operation to what can be executed, kept for the next time it comes.

mod aliases;
mod authorization;
mod introspection;
pub(crate) mod limits;
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
use quick_cache::{Weighter, sync::Cache};
use serde_json::{Map, Value};
use tokio::sync::Semaphore;

use crate::{
    Limits,
    defer::{Deferred, Defers},
    executor::{ClientKeys, plan::Node as PlanNode, project},
    graph::{GraphError, GraphRequest},
    supergraph::{Access, Share, Supergraph, TypeId},
};

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
    prepared: Cache<Key, Arc<Prepared>, ByDocument>,
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
    share: Share,
    /// How often it was recalled.
    uses: AtomicU32,
    /// What its caller may not see.
    pub(crate) denied: Vec<GraphError>,
    pub(crate) defers: Option<Defers>,
    /// The names of the root fields, one for each key of the response.
    pub(crate) root_field_names: Box<[String]>,
    cost: Cost,
    max_cost: Option<f64>,
}

/// The whole text: two operations are never taken for each other.
#[derive(Clone, PartialEq, Eq, Hash)]
struct Key {
    query: Arc<str>,
    operation_name: Option<String>,
    access: Access,
    share: Share,
}

/// What is kept of an operation grows with its document.
#[derive(Clone)]
struct ByDocument;

impl Weighter<Key, Arc<Prepared>> for ByDocument {
    fn weight(&self, key: &Key, _: &Arc<Prepared>) -> u64 {
        key.query.len().max(100) as u64
    }
}

impl Pipeline {
    pub(crate) fn new(supergraph: Arc<Supergraph>, limits: Limits, introspection: bool) -> Self {
        let capacity = limits.plan_cache_bytes;
        let cores = std::thread::available_parallelism().map_or(1, usize::from);
        Self {
            supergraph,
            limits,
            introspection,
            prepared: Cache::with_weighter(capacity / 500, capacity as u64, ByDocument),
            planners: Arc::new(Semaphore::new(cores)),
        }
    }

    /// Parses, checks and plans an operation, or recalls it.
    pub(crate) async fn prepare(
        self: &Arc<Self>,
        request: &GraphRequest,
    ) -> Result<Arc<Prepared>, Vec<GraphError>> {
        let key = Key {
            query: Arc::clone(&request.query),
            operation_name: request.operation_name.clone(),
            access: self.supergraph.protection.access(request.claims.as_deref()),
            share: self.supergraph.overrides.draw(),
        };
        let span = tracing::Span::current();
        if let Some(prepared) = self.prepared.get(&key) {
            prepared.uses.fetch_add(1, Ordering::Relaxed);
            span.record("plan_cache.hit", true);
            metrics::counter!("router_plan_cache_hits_total").increment(1);
            return Ok(prepared);
        }
        span.record("plan_cache.hit", false);
        metrics::counter!("router_plan_cache_misses_total").increment(1);
        self.prepared
            .get_or_insert_async(&key, self.prepare_anew(key.clone()))
            .await
    }

    /// Prepares the operations that were recalled most often in `old`. One that is not valid any
    /// more is left to its client.
    pub(crate) async fn warm_up(self: &Arc<Self>, old: &Self) {
        let mut keys: Vec<_> = old
            .prepared
            .iter()
            .map(|(key, prepared)| (prepared.uses.load(Ordering::Relaxed), key))
            .collect();
        keys.sort_unstable_by_key(|(uses, _)| std::cmp::Reverse(*uses));
        let deadline = Instant::now() + WARM_TIME;
        for (_, key) in keys.into_iter().take(WARM_OPERATIONS) {
            if Instant::now() > deadline {
                return;
            }
            if let Ok(prepared) = self.prepare_anew(key.clone()).await {
                self.prepared.insert(key, prepared);
            }
        }
    }

    async fn prepare_anew(self: &Arc<Self>, key: Key) -> Result<Arc<Prepared>, Vec<GraphError>> {
        let permit = Arc::clone(&self.planners).acquire_owned().await;
        let pipeline = Arc::clone(self);
        let span = tracing::debug_span!("plan");
        let prepare = move || {
            let _permit = permit;
            span.in_scope(|| pipeline.prepare_now(&key).map(Arc::new))
        };
        tokio::task::spawn_blocking(prepare)
            .await
            .unwrap_or_else(|error| {
                tracing::error!(%error, "preparing an operation failed");
                Err(vec![internal()])
            })
    }

    fn prepare_now(&self, key: &Key) -> Result<Prepared, Vec<GraphError>> {
        let supergraph = &self.supergraph;
        let name = key.operation_name.as_deref();
        let ast = parse::parse(&self.limits, &key.query)?;
        let document = parse::validate(&supergraph.api_schema, &ast)?;
        let operation = document
            .operations
            .get(name)
            .map_err(|error| {
                let message = error.message().to_string();
                vec![GraphError::new("OPERATION_RESOLUTION_FAILURE", message)]
            })?
            .clone();
        let root_fields = RootFields::of(&document, &operation);
        if root_fields.introspection && !self.introspection {
            let message = "Introspection is turned off.";
            return Err(vec![GraphError::new("INTROSPECTION_DISABLED", message)]);
        }
        let (mut freed, client_keys) = aliases::free(&supergraph.field_names, &document).unzip();
        let client_keys = client_keys.unwrap_or_default();
        let may_defer = key.query.contains("defer") && !operation.is_subscription();
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
            authorization::filter(supergraph, &key.access, executed, executed_operation).unzip();
        let planned = allowed.as_ref().unwrap_or(executed);
        let plan = plan_allowed(supergraph, key.share, planned, name)?;
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
            max_cost: self.limits.max_cost,
            document,
            operation,
            root_fields,
            root,
            selection,
            client_keys,
            plan,
            share: key.share,
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
            let share = prepared.share;
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
        let freed = aliases::free(&self.supergraph.field_names, &document);
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
    if root_fields.introspection {
        introspection::without_introspection(document, operation)
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
    pub(crate) fn is_mutation(&self) -> bool {
        self.operation.operation_type == OperationType::Mutation
    }

    pub(crate) fn is_subscription(&self) -> bool {
        self.operation.operation_type == OperationType::Subscription
    }

    /// The variables as the operation's types have them, when it does not cost too much with them.
    pub(crate) fn coerce(
        &self,
        supergraph: &Supergraph,
        variables: Map<String, Value>,
    ) -> Result<Valid<JsonMap>, GraphError> {
        let mut given = JsonMap::with_capacity(variables.len());
        for (name, value) in variables {
            given.insert(name, JsonValue::from(value));
        }
        let variables = coerce_variable_values(&supergraph.api_schema, &self.operation, &given)
            .map_err(|error| GraphError::new("BAD_USER_INPUT", error.message().to_string()))?;
        let cost = self.cost.with(supergraph.scale(), &variables);
        metrics::histogram!("router_operation_estimated_cost").record(cost);
        if let Some(max_cost) = self.max_cost {
            self.cost.check_slicing(&variables)?;
            if cost > max_cost {
                return Err(limits::exceeded(Limit::Cost, cost, max_cost));
            }
        }
        Ok(variables)
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

fn internal() -> GraphError {
    GraphError::new("INTERNAL_SERVER_ERROR", "Internal server error.")
}
