//! Taking out of an operation what its caller may not see, before it is planned: a subgraph is
//! never asked for it, and a mutation that is denied never runs. In the answer it is null.

use apollo_compiler::{
    ExecutableDocument, Name, Node,
    ast::Type,
    executable::{Field, InlineFragment, Operation, Selection, SelectionSet},
    name,
};

use crate::{
    graph::{GraphError, PathSegment},
    supergraph::{Access, Supergraph},
};

use super::introspection::is_skipped;

/// How many errors one answer tells.
const MAX_ERRORS: usize = 100;

/// `operation` alone and without what `access` does not allow, and an error for each part of it;
/// `None` when all is allowed.
pub(crate) fn filter(
    supergraph: &Supergraph,
    access: &Access,
    document: &ExecutableDocument,
    operation: &Operation,
) -> Option<(ExecutableDocument, Vec<GraphError>)> {
    if supergraph.protection.is_empty() {
        return None;
    }
    let mut filter = Filter {
        supergraph,
        access,
        document,
        path: Vec::new(),
        errors: Vec::new(),
        is_changed: false,
    };
    let selection_set = filter.set(&operation.selection_set);
    if !filter.is_changed {
        return None;
    }
    let mut operation = operation.clone();
    operation.selection_set = selection_set;
    let mut filtered = ExecutableDocument::new();
    filtered.operations.insert(operation);
    Some((filtered, filter.errors))
}

struct Filter<'a> {
    supergraph: &'a Supergraph,
    access: &'a Access,
    document: &'a ExecutableDocument,
    path: Vec<PathSegment>,
    errors: Vec<GraphError>,
    is_changed: bool,
}

impl Filter<'_> {
    /// `set` with its fragments inline.
    fn set(&mut self, set: &SelectionSet) -> SelectionSet {
        let mut kept = SelectionSet::new(set.ty.clone());
        for selection in &set.selections {
            if is_skipped(selection.directives()) {
                continue;
            }
            match selection {
                Selection::Field(field) => {
                    if let Some(field) = self.field(&set.ty, field) {
                        kept.push(field);
                    }
                }
                Selection::InlineFragment(fragment) => {
                    let condition = fragment.type_condition.as_ref();
                    if let Some(fragment) =
                        self.fragment(condition, selection.directives(), &fragment.selection_set)
                    {
                        kept.push(fragment);
                    }
                }
                Selection::FragmentSpread(spread) => {
                    let Some(fragment) = spread.fragment_def(self.document) else {
                        continue;
                    };
                    let condition = Some(fragment.type_condition());
                    if let Some(fragment) =
                        self.fragment(condition, selection.directives(), &fragment.selection_set)
                    {
                        kept.push(fragment);
                    }
                }
            }
        }
        kept
    }

    fn fragment(
        &mut self,
        condition: Option<&Name>,
        directives: &apollo_compiler::ast::DirectiveList,
        set: &SelectionSet,
    ) -> Option<Node<InlineFragment>> {
        if let Some(condition) = condition
            && !self.allows_type(condition)
        {
            self.deny();
            return None;
        }
        let selection_set = self.set(set);
        (!selection_set.is_empty()).then(|| {
            Node::new(InlineFragment {
                type_condition: condition.cloned(),
                directives: directives.clone(),
                selection_set,
            })
        })
    }

    fn field(&mut self, parent: &Name, field: &Node<Field>) -> Option<Node<Field>> {
        if field.name.starts_with("__") {
            return Some(field.clone());
        }
        self.path
            .push(PathSegment::Key(field.response_key().to_string()));
        let kept = if self.allows(parent, field) {
            Some(self.below(field))
        } else {
            self.deny();
            None
        };
        self.path.pop();
        kept
    }

    /// An allowed field with what is allowed below it.
    fn below(&mut self, field: &Node<Field>) -> Node<Field> {
        if field.selection_set.is_empty() {
            return field.clone();
        }
        let depth = list_depth(field.ty());
        let lists = std::iter::repeat_n(PathSegment::Key("@".to_owned()), depth);
        self.path.extend(lists);
        let mut selection_set = self.set(&field.selection_set);
        self.path.truncate(self.path.len() - depth);
        if selection_set.is_empty() {
            // the object is there all the same
            let typename =
                selection_set.new_field(&self.supergraph.api_schema, name!("__typename"));
            selection_set.push(typename.expect("every composite type has it"));
        }
        let mut field = field.clone();
        field.make_mut().selection_set = selection_set;
        field
    }

    /// Whether a field may be seen whichever object of `parent` it is asked of.
    fn allows(&self, parent: &Name, field: &Field) -> bool {
        let protection = &self.supergraph.protection;
        let implementers = self.supergraph.implementers.get(parent);
        let objects = implementers.iter().flat_map(|it| &it.objects);
        self.allows_type(field.ty().inner_named_type())
            && std::iter::once(parent).chain(objects).all(|name| {
                self.allows_type(name) && protection.allows_field(self.access, name, &field.name)
            })
    }

    fn allows_type(&self, name: &Name) -> bool {
        self.supergraph.protection.allows_type(self.access, name)
    }

    fn deny(&mut self) {
        self.is_changed = true;
        if self.errors.len() < MAX_ERRORS {
            let mut error =
                GraphError::new("UNAUTHORIZED_FIELD_OR_TYPE", "Unauthorized field or type");
            error.path = Some(self.path.clone()).filter(|path| !path.is_empty());
            self.errors.push(error);
        }
    }
}

fn list_depth(ty: &Type) -> usize {
    if ty.is_list() {
        1 + list_depth(ty.item_type())
    } else {
        0
    }
}
