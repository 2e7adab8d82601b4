//! From the planner's nodes to the executor's.

mod asked;

use hive_router_query_planner::{
    ast::{selection_item::SelectionItem, selection_set::SelectionSet},
    planner::plan_nodes::{
        BatchFetchNode, ConditionNode, FetchNode, FetchNodePathSegment, FetchRewrite,
        FlattenNodePath, FlattenNodePathSegment, PlanNode,
    },
    state::supergraph_state::{OperationKind, SupergraphDefinition, SupergraphState},
};

use crate::{
    executor::plan::{
        Change, EntityFetch, Fetch, FetchKind, Node, PathSegment, Require, Rewrite, TypeNames,
    },
    supergraph::{Supergraph, original_name},
};

use super::{PlanError, literals::Literals};

/// `node`, with `literals` where the planner has their names.
pub(super) fn node(
    supergraph: &Supergraph,
    literals: &Literals,
    node: &PlanNode,
) -> Result<Node, PlanError> {
    let converter = Converter {
        supergraph,
        literals,
    };
    converter.node(node)
}

struct Converter<'a> {
    supergraph: &'a Supergraph,
    literals: &'a Literals,
}

impl Converter<'_> {
    fn node(&self, node: &PlanNode) -> Result<Node, PlanError> {
        match node {
            PlanNode::Fetch(fetch) => self.fetch(fetch, Vec::new()).map(Node::Fetch),
            PlanNode::BatchFetch(fetch) => self.batch_fetch(fetch).map(Node::Fetch),
            PlanNode::Flatten(flatten) => match flatten.node.as_ref() {
                PlanNode::Fetch(fetch) => {
                    self.fetch(fetch, self.path(&flatten.path)).map(Node::Fetch)
                }
                _ => Err(PlanError::UnknownStep(
                    "Flatten of something else than Fetch",
                )),
            },
            PlanNode::Sequence(sequence) => self.nodes(&sequence.nodes).map(Node::Sequence),
            PlanNode::Parallel(parallel) => self.nodes(&parallel.nodes).map(Node::Parallel),
            PlanNode::Condition(condition) => self.condition(condition),
            PlanNode::Subscription(subscription) => self
                .fetch(&subscription.primary, Vec::new())
                .map(Node::Fetch),
            PlanNode::Defer(_) => Err(PlanError::UnknownStep("Defer")),
        }
    }

    fn nodes(&self, nodes: &[PlanNode]) -> Result<Vec<Node>, PlanError> {
        nodes.iter().map(|node| self.node(node)).collect()
    }

    fn condition(&self, condition: &ConditionNode) -> Result<Node, PlanError> {
        let branch = |node: &Option<Box<PlanNode>>| {
            node.as_ref()
                .map(|node| self.node(node).map(Box::new))
                .transpose()
        };
        Ok(Node::Condition {
            variable: condition.condition.clone(),
            then: branch(&condition.if_clause)?,
            otherwise: branch(&condition.else_clause)?,
        })
    }

    /// A fetch of entities at `path`, or of root fields merged at `path`.
    fn fetch(&self, fetch: &FetchNode, path: Vec<PathSegment>) -> Result<Fetch, PlanError> {
        let mut output_rewrites = self.rewrites(fetch.output_rewrites.as_deref());
        if fetch.requires.is_some() {
            output_rewrites.extend(self.without_interface_names(&fetch.service_name));
        }
        let kind = match &fetch.requires {
            None => FetchKind::Root {
                path,
                output_rewrites,
            },
            Some(requires) => FetchKind::Entities(vec![EntityFetch {
                response_key: "_entities".to_owned(),
                variable: "representations".to_owned(),
                paths: vec![path],
                requires: self.requires(requires),
                input_rewrites: self.rewrites(fetch.input_rewrites.as_deref()),
                output_rewrites,
            }]),
        };
        Ok(Fetch {
            subgraph: self.subgraph(&fetch.service_name)?,
            is_mutation: fetch.operation_kind == Some(OperationKind::Mutation),
            query_json: self.quoted(&fetch.operation.document_str),
            variables: fetch.variable_usages.iter().flatten().cloned().collect(),
            kind,
            asked: self.asked(&fetch.operation.document),
        })
    }

    fn batch_fetch(&self, fetch: &BatchFetchNode) -> Result<Fetch, PlanError> {
        let lists = fetch
            .entity_batch
            .aliases
            .iter()
            .map(|list| EntityFetch {
                response_key: list.alias.clone(),
                variable: list.representations_variable_name.clone(),
                paths: list
                    .merge_paths
                    .iter()
                    .map(|path| self.path(path))
                    .collect(),
                requires: self.requires(&list.requires),
                input_rewrites: self.rewrites(list.input_rewrites.as_deref()),
                output_rewrites: self
                    .rewrites(list.output_rewrites.as_deref())
                    .into_iter()
                    .chain(self.without_interface_names(&fetch.service_name))
                    .collect(),
            })
            .collect();
        Ok(Fetch {
            subgraph: self.subgraph(&fetch.service_name)?,
            is_mutation: false,
            query_json: self.quoted(&fetch.operation.document_str),
            variables: fetch.variable_usages.iter().flatten().cloned().collect(),
            kind: FetchKind::Entities(lists),
            asked: self.asked(&fetch.operation.document),
        })
    }

    /// The document `text` as a JSON string.
    fn quoted(&self, text: &str) -> String {
        serde_json::Value::from(self.literals.put_back(text)).to_string()
    }

    fn subgraph(&self, name: &str) -> Result<usize, PlanError> {
        self.supergraph
            .subgraphs
            .iter()
            .position(|subgraph| subgraph.name == name)
            .ok_or_else(|| PlanError::UnknownSubgraph(name.to_owned()))
    }

    fn path(&self, path: &FlattenNodePath) -> Vec<PathSegment> {
        path.as_slice()
            .iter()
            .map(|segment| match segment {
                FlattenNodePathSegment::Field(key) => PathSegment::Field(key.clone()),
                FlattenNodePathSegment::List => PathSegment::EachItem,
                FlattenNodePathSegment::TypeCondition(names) => {
                    PathSegment::OfType(self.types(names))
                }
            })
            .collect()
    }

    fn rewrites(&self, rewrites: Option<&[FetchRewrite]>) -> Vec<Rewrite> {
        let path = |path: &[FetchNodePathSegment]| {
            path.iter()
                .map(|segment| match segment {
                    FetchNodePathSegment::Key(key) => PathSegment::Field(key.clone()),
                    FetchNodePathSegment::TypenameEquals(names) => {
                        PathSegment::OfType(self.types(names))
                    }
                })
                .collect()
        };
        rewrites
            .unwrap_or_default()
            .iter()
            .map(|rewrite| match rewrite {
                FetchRewrite::ValueSetter(setter) => Rewrite {
                    path: path(&setter.path),
                    change: Change::SetString(setter.set_value_to.clone()),
                },
                FetchRewrite::KeyRenamer(renamer) => Rewrite {
                    path: path(&renamer.path),
                    change: Change::RenameKey(renamer.rename_key_to.clone()),
                },
            })
            .collect()
    }

    /// Where a subgraph has interface objects, it calls an entity by the name of its interface. The
    /// entity is called by its own already, and must not lose it.
    fn without_interface_names(&self, service: &str) -> Option<Rewrite> {
        let state = &self.supergraph.planner.supergraph;
        let is_service = |graph: &String| {
            let name = state.resolve_graph_id(graph);
            name.is_ok_and(|name| original_name(&name.0) == service)
        };
        let objects = state.interface_object_types_in_subgraphs.iter();
        let mut names = objects
            .filter(|(_, graphs)| graphs.iter().any(is_service))
            .map(|(name, _)| name.clone())
            .peekable();
        names.peek()?;
        Some(Rewrite {
            path: vec![
                PathSegment::OfType(names.collect()),
                PathSegment::Field("__typename".to_owned()),
            ],
            change: Change::RemoveKey,
        })
    }

    fn requires(&self, set: &SelectionSet) -> Vec<Require> {
        set.items
            .iter()
            .filter_map(|item| match item {
                SelectionItem::Field(field) => Some(Require::Field {
                    read: field.name.clone(),
                    write: field.selection_identifier().to_owned(),
                    children: self.requires(&field.selections),
                }),
                SelectionItem::InlineFragment(fragment) => {
                    let condition = &fragment.type_condition;
                    let mut types = self.types([condition]);
                    types.extend(self.supertypes(condition));
                    Some(Require::OfType {
                        types,
                        children: self.requires(&fragment.selections),
                    })
                }
                // the planner writes representations without fragments
                SelectionItem::FragmentSpread(_) => None,
            })
            .collect()
    }

    /// `names` and every object type that one of them may be.
    fn types<'n>(&self, names: impl IntoIterator<Item = &'n String>) -> TypeNames {
        let state = &self.supergraph.planner.supergraph;
        names
            .into_iter()
            .flat_map(|name| std::iter::once(name.clone()).chain(members(state, name)))
            .collect()
    }

    /// The abstract types that an object of type `name` is too: an interface object's type name
    /// is the interface's.
    fn supertypes(&self, name: &str) -> impl Iterator<Item = String> {
        let state = &self.supergraph.planner.supergraph;
        state
            .definitions
            .keys()
            .filter(move |abstract_| {
                members(state, abstract_)
                    .iter()
                    .any(|member| member == name)
            })
            .cloned()
    }
}

/// The object types that the abstract type `name` may be.
fn members(state: &SupergraphState, name: &str) -> Vec<String> {
    match state.definitions.get(name) {
        Some(SupergraphDefinition::Interface(_)) => state
            .interface_members(name)
            .into_iter()
            .flatten()
            .cloned()
            .collect(),
        Some(SupergraphDefinition::Union(union_)) => union_.types.clone(),
        _ => Vec::new(),
    }
}
