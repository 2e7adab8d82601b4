//! `__schema`, `__type` and the root's `__typename`, which the router answers itself, taken apart
//! from the rest.

use std::collections::HashSet;

use apollo_compiler::{
    ExecutableDocument, Node,
    ast::DirectiveList,
    executable::{InlineFragment, Operation, Selection, SelectionSet},
    introspection,
    response::JsonMap,
    validation::Valid,
};

use crate::{graph::GraphError, supergraph::Supergraph};

/// The root fields of an operation, by who answers them.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct RootFields {
    /// `__schema`, `__type`
    pub(crate) introspection: bool,
    /// `__typename`: the planner would ask a subgraph for it, and a mutation's by itself.
    pub(crate) typename: bool,
    /// Those of subgraphs
    pub(crate) data: bool,
}

impl RootFields {
    /// Those of `operation`, without what it skips for certain: the planner takes no operation of
    /// which nothing is left.
    pub(crate) fn of(document: &ExecutableDocument, operation: &Operation) -> Self {
        let mut fields = Self::default();
        fields.add(document, &operation.selection_set, &mut HashSet::new());
        fields
    }

    fn add<'d>(
        &mut self,
        document: &'d ExecutableDocument,
        set: &'d SelectionSet,
        spread: &mut HashSet<&'d str>,
    ) {
        for selection in &set.selections {
            if is_skipped(selection.directives()) {
                continue;
            }
            match selection {
                Selection::Field(field) => match field.name.as_str() {
                    "__schema" | "__type" => self.introspection = true,
                    "__typename" => self.typename = true,
                    _ => self.data = true,
                },
                Selection::InlineFragment(fragment) => {
                    self.add(document, &fragment.selection_set, spread);
                }
                Selection::FragmentSpread(fragment) => {
                    if spread.insert(&fragment.fragment_name)
                        && let Some(fragment) = fragment.fragment_def(document)
                    {
                        self.add(document, &fragment.selection_set, spread);
                    }
                }
            }
        }
    }
}

/// Whether `@skip` or `@include` leave out what they stand at, whatever the variables.
pub(super) fn is_skipped(directives: &DirectiveList) -> bool {
    let is = |name: &str, value: bool| {
        let directive = directives.get(name)?;
        let condition = directive.specified_argument_by_name("if")?;
        Some(condition.to_bool()? == value)
    };
    is("skip", true) == Some(true) || is("include", false) == Some(true)
}

/// The document with `operation` alone and without the fields of its root that the router answers,
/// for the planner.
pub(crate) fn of_subgraphs(document: &ExecutableDocument, operation: &Operation) -> String {
    let mut operation = operation.clone();
    operation.selection_set = strip(document, &operation.selection_set);
    let mut stripped = ExecutableDocument::new();
    stripped.fragments.clone_from(&document.fragments);
    stripped.operations.insert(operation);
    stripped.to_string()
}

/// `set`, which is one of the root's, with its fragments inline.
fn strip(document: &ExecutableDocument, set: &SelectionSet) -> SelectionSet {
    let mut stripped = SelectionSet::new(set.ty.clone());
    for selection in &set.selections {
        let (condition, directives, inner) = match selection {
            Selection::Field(field) => {
                if !field.name.starts_with("__") {
                    stripped.push(field.clone());
                }
                continue;
            }
            Selection::InlineFragment(fragment) => (
                fragment.type_condition.clone(),
                &fragment.directives,
                &fragment.selection_set,
            ),
            Selection::FragmentSpread(spread) => {
                let Some(fragment) = spread.fragment_def(document) else {
                    continue;
                };
                (
                    Some(fragment.type_condition().clone()),
                    &spread.directives,
                    &fragment.selection_set,
                )
            }
        };
        let selection_set = strip(document, inner);
        if !selection_set.is_empty() {
            stripped.push(Node::new(InlineFragment {
                type_condition: condition,
                directives: directives.clone(),
                selection_set,
            }));
        }
    }
    stripped
}

/// Answers the introspection fields of `operation`, by response key.
pub(crate) fn answer(
    supergraph: &Supergraph,
    document: &Valid<ExecutableDocument>,
    operation: &Operation,
    variables: &Valid<JsonMap>,
) -> Result<JsonMap, GraphError> {
    let refused = |error: apollo_compiler::request::RequestError| {
        GraphError::new("GRAPHQL_VALIDATION_FAILED", error.message().to_string())
    };
    introspection::check_max_depth(document, operation).map_err(refused)?;
    let response = introspection::partial_execute(
        &supergraph.api_schema,
        &supergraph.implementers,
        document,
        operation,
        variables,
    )
    .map_err(refused)?;
    Ok(response.data.unwrap_or_default())
}
