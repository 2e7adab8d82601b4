//! Planning an operation in parts.

use std::collections::HashSet;

use apollo_compiler::{
    ExecutableDocument, Name, Node, Schema,
    ast::{self, Definition, FieldDefinition, Type},
    executable::{Field, InlineFragment, Operation, Selection, SelectionSet},
    name,
    response::JsonMap,
};

use crate::{
    executor::{ClientKeys, plan::Node as PlanNode, project},
    pipeline::plan::{self, PlanError},
    supergraph::{Share, Stubs, Supergraph, TypeId, root_field},
};

use super::split::{Draft, Guard, Hop, Owner, Split, Splitter};

/// An operation in parts.
pub(crate) struct Deferred {
    pub(super) primary: Unit,
    pub(super) parts: Vec<Part>,
}

/// What is planned and answered together.
pub(super) struct Unit {
    pub(super) plan: Option<PlanNode>,
    pub(super) selection: project::Selection,
}

/// A deferred fragment.
pub(super) struct Part {
    pub(super) parent: Option<usize>,
    pub(super) label: Option<String>,
    pub(super) hops: Vec<Hop>,
    pub(super) guard: Guard,
    /// `None` for fields of the root.
    pub(super) entity: Option<Entity>,
    pub(super) unit: Unit,
}

/// How the entities of a part are told to the plan.
pub(super) struct Entity {
    pub(super) id: TypeId,
    pub(super) name: String,
    /// The root field that the plan finds them under.
    pub(super) field: String,
    pub(super) keys: Vec<Key>,
}

/// A field that the plan needs to be told.
#[derive(Debug)]
pub(super) struct Key {
    /// Its name, under which the parent fetches it.
    pub(super) read: String,
    pub(super) write: String,
}

/// What planning reads.
pub(super) struct Source<'a> {
    pub(super) supergraph: &'a Supergraph,
    pub(super) share: Share,
    pub(super) stubs: &'a Stubs,
    pub(super) document: &'a ExecutableDocument,
    pub(super) operation: &'a Node<Operation>,
    pub(super) client_keys: &'a ClientKeys,
    pub(super) variables: &'a JsonMap,
}

/// Which part cannot be planned by itself; `None`: the whole cannot.
struct Unplannable(Option<usize>);

impl Source<'_> {
    /// The operation in parts; `None` when nothing is to be deferred or can be. A fragment that cannot be planned by
    /// itself stays in its place.
    pub(super) fn plan(&self) -> Option<Deferred> {
        let mut kept = HashSet::new();
        loop {
            let splitter = Splitter {
                document: self.document,
                operation: self.operation,
                variables: self.variables,
                is_entity: &|name| self.stubs.has(name),
                kept: &kept,
                next: 0,
                parts: Vec::new(),
            };
            let split = splitter.split();
            if split.parts.is_empty() {
                return None;
            }
            match self.plan_split(split) {
                Ok(deferred) => return Some(deferred),
                Err(Unplannable(Some(ordinal))) => {
                    kept.insert(ordinal);
                }
                Err(Unplannable(None)) => return None,
            }
        }
    }

    fn plan_split(&self, split: Split) -> Result<Deferred, Unplannable> {
        let mut primary = split.primary.clone();
        let mut sets: Vec<_> = split.parts.iter().map(|part| part.set.clone()).collect();
        let mut parts = Vec::with_capacity(split.parts.len());
        // what lies in a part is planned before it: the part must fetch its keys
        for (index, draft) in split.parts.into_iter().enumerate().rev() {
            let (before, set) = sets.split_at_mut(index);
            let set = &mut set[0];
            fill(&self.supergraph.api_schema, set);
            let part = self.part(draft, set)?;
            if let Some(entity) = &part.entity {
                let around = match part.parent {
                    Some(parent) => &mut before[parent],
                    None => &mut primary,
                };
                add_keys(around, &part.hops, entity);
            }
            parts.push(part);
        }
        parts.reverse();
        fill(&self.supergraph.api_schema, &mut primary);
        Ok(Deferred {
            primary: Unit {
                plan: self.plan_root(primary).map_err(|_| Unplannable(None))?,
                selection: self.compile(&split.primary),
            },
            parts,
        })
    }

    /// Plans a part; `planned` is its selection with what the parts in it need.
    fn part(&self, draft: Draft, planned: &SelectionSet) -> Result<Part, Unplannable> {
        let refused = || Unplannable(Some(draft.ordinal));
        let (entity, plan) = match &draft.owner {
            Owner::Root => {
                let plan = self.plan_root(planned.clone());
                (None, plan.map_err(|_| refused())?)
            }
            Owner::Entity(name) => {
                let (keys, plan) = self.plan_entity(name, planned).ok_or_else(refused)?;
                let id = self.supergraph.types.id(name).ok_or_else(refused)?;
                let entity = Entity {
                    id,
                    name: name.clone(),
                    field: root_field(name),
                    keys,
                };
                (Some(entity), plan)
            }
        };
        Ok(Part {
            unit: Unit {
                plan,
                selection: self.compile(&draft.set),
            },
            parent: draft.parent,
            label: draft.label,
            hops: draft.hops,
            guard: draft.guard,
            entity,
        })
    }

    fn compile(&self, set: &SelectionSet) -> project::Selection {
        let supergraph = self.supergraph;
        project::compile_set(
            &supergraph.api_schema,
            &supergraph.types,
            self.document,
            set,
            self.client_keys,
        )
    }

    /// Plans fields of the root; `None` when nothing is to be fetched.
    fn plan_root(&self, set: SelectionSet) -> Result<Option<PlanNode>, PlanError> {
        let mut operation = self.operation.clone();
        operation.make_mut().selection_set = set;
        crate::pipeline::plan_operation(self.supergraph, self.share, &operation).inspect_err(
            |error| {
                tracing::warn!(%error, "a part of a deferred operation has no plan");
            },
        )
    }

    /// Plans fields of an entity, from keys of it.
    fn plan_entity(&self, name: &str, set: &SelectionSet) -> Option<(Vec<Key>, Option<PlanNode>)> {
        let variables: Vec<_> = self
            .operation
            .variables
            .iter()
            .map(ToString::to_string)
            .collect();
        let variables = if variables.is_empty() {
            String::new()
        } else {
            format!("({})", variables.join(", "))
        };
        let text = format!(
            "query{variables} {{ {} {{ __typename ... on {name} {set} }} }}",
            root_field(name)
        );
        let planned = plan::plan_from_stubs(self.supergraph, self.stubs, self.share, &text);
        let (document, plan) = planned
            .inspect_err(|error| tracing::debug!(%error, "a fragment stays in its place"))
            .ok()?;
        let keys = match document {
            Some(document) => keys(&document)?,
            None => Vec::new(),
        };
        Some((keys, plan))
    }
}

/// The fields that a plan asks the router itself for.
fn keys(document: &str) -> Option<Vec<Key>> {
    fn collect(selections: &[ast::Selection], keys: &mut Vec<Key>) {
        for selection in selections {
            match selection {
                ast::Selection::Field(field) if field.name == "__typename" => {}
                ast::Selection::Field(field) => keys.push(Key {
                    read: field.name.to_string(),
                    write: field.response_name().to_string(),
                }),
                ast::Selection::InlineFragment(fragment) => {
                    collect(&fragment.selection_set, keys);
                }
                ast::Selection::FragmentSpread(_) => {}
            }
        }
    }

    let document = ast::Document::parse(document, "keys.graphql").ok()?;
    let Definition::OperationDefinition(operation) = document.definitions.first()? else {
        return None;
    };
    let mut keys = Vec::new();
    for selection in &operation.selection_set {
        if let ast::Selection::Field(root) = selection {
            collect(&root.selection_set, &mut keys);
        }
    }
    Some(keys)
}

/// Has `set` fetch what the part at the end of `hops` must know.
fn add_keys(set: &mut SelectionSet, hops: &[Hop], entity: &Entity) {
    let Some((hop, rest)) = hops.split_first() else {
        let name = Name::new(&entity.name).expect("a type has a name");
        let mut known = SelectionSet::new(name.clone());
        for key in std::iter::once("__typename").chain(entity.keys.iter().map(|key| &*key.read)) {
            known.push(plain(key));
        }
        set.push(Node::new(InlineFragment {
            type_condition: Some(name),
            directives: ast::DirectiveList::new(),
            selection_set: known,
        }));
        return;
    };
    for selection in &mut set.selections {
        match selection {
            Selection::Field(field) if field.response_key() == hop.key.as_str() => {
                add_keys(&mut field.make_mut().selection_set, rest, entity);
            }
            Selection::InlineFragment(fragment) => {
                add_keys_below(&mut fragment.make_mut().selection_set, hops, entity);
            }
            Selection::Field(_) | Selection::FragmentSpread(_) => {}
        }
    }
}

/// The same within a fragment on the way.
fn add_keys_below(set: &mut SelectionSet, hops: &[Hop], entity: &Entity) {
    if !hops.is_empty() {
        add_keys(set, hops, entity);
    }
}

/// Leaves no composite field without a selection.
fn fill(schema: &Schema, set: &mut SelectionSet) {
    for selection in &mut set.selections {
        match selection {
            Selection::Field(field) => {
                let ty = schema.types.get(field.ty().inner_named_type());
                if ty.is_some_and(|ty| ty.is_object() || ty.is_interface() || ty.is_union()) {
                    fill(schema, &mut field.make_mut().selection_set);
                }
            }
            Selection::InlineFragment(fragment) => {
                fill(schema, &mut fragment.make_mut().selection_set);
            }
            Selection::FragmentSpread(_) => {}
        }
    }
    if set.is_empty() {
        set.push(plain("__typename"));
    }
}

/// A field without arguments. The schema that clients see may not have it: all that is read of it is its name.
fn plain(name: &str) -> Field {
    let name = Name::new(name).expect("a field has a name");
    let definition = FieldDefinition {
        description: None,
        name: name.clone(),
        arguments: Vec::new(),
        // a leaf, whatever it is
        ty: Type::Named(name!("ID")),
        directives: ast::DirectiveList::new(),
    };
    Field {
        definition: definition.into(),
        alias: None,
        arguments: Vec::new(),
        directives: ast::DirectiveList::new(),
        selection_set: SelectionSet::new(name.clone()),
        name,
    }
}
