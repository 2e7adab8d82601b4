//! `@defer`: an operation is answered in parts. The planner does not know of it, so the operation is split: first goes
//! all that is not deferred, with the keys of the entities that deferred fragments lie on; then each fragment is fetched
//! from those keys. Nothing is fetched twice, no list can have changed in between, and a mutation runs once. A fragment
//! on something without a key stays where it is, as the specification lets a server do.

mod places;
mod plan;
mod run;
mod split;

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};

use apollo_compiler::{
    ExecutableDocument,
    ast::{DirectiveList, Value},
    executable::{Selection, SelectionSet},
    response::{JsonMap, JsonValue},
};

use crate::{
    executor::ClientKeys,
    supergraph::{Share, Supergraph},
};

pub(crate) use plan::Deferred;
pub(crate) use run::{Parts, Request, run};

/// Sets of values of the variables in `@defer(if:)` whose plans are kept.
const MAX_KNOWN: usize = 16;

/// What an operation defers, planned when it is first asked for in parts.
pub(crate) struct Defers {
    /// The document as it was, with the executor's aliases.
    document: ExecutableDocument,
    /// The variables of `@defer(if:)`.
    conditions: Vec<String>,
    known: Mutex<HashMap<Vec<bool>, Option<Arc<Deferred>>>>,
}

impl Defers {
    /// Takes the directives out of `document`; `None` when there are none.
    pub(crate) fn take(document: &mut ExecutableDocument) -> Option<Self> {
        let before = document.clone();
        let mut conditions = Conditions::default();
        let operations = &mut document.operations;
        for operation in operations
            .anonymous
            .iter_mut()
            .chain(operations.named.values_mut())
        {
            conditions.take(&mut operation.make_mut().selection_set);
        }
        for fragment in document.fragments.values_mut() {
            conditions.take(&mut fragment.make_mut().selection_set);
        }
        conditions.is_deferred.then(|| Self {
            document: before,
            conditions: conditions.variables,
            known: Mutex::default(),
        })
    }

    /// The plan for these `variables`; `None` when nothing is to be deferred or can be.
    pub(crate) fn plan(
        &self,
        supergraph: &Supergraph,
        share: Share,
        operation_name: Option<&str>,
        client_keys: &ClientKeys,
        variables: &JsonMap,
    ) -> Option<Arc<Deferred>> {
        let values: Vec<bool> = self
            .conditions
            .iter()
            .map(|name| variables.get(name.as_str()).and_then(JsonValue::as_bool) == Some(true))
            .collect();
        let known = || self.known.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(deferred) = known().get(&values) {
            return deferred.clone();
        }
        let source = plan::Source {
            supergraph,
            share,
            stubs: supergraph.stubs()?,
            document: &self.document,
            operation: self.document.operations.get(operation_name).ok()?,
            client_keys,
            variables,
        };
        let deferred = source.plan().map(Arc::new);
        let mut known = known();
        if known.len() < MAX_KNOWN {
            known.insert(values, deferred.clone());
        }
        deferred
    }
}

#[derive(Default)]
struct Conditions {
    is_deferred: bool,
    variables: Vec<String>,
}

impl Conditions {
    fn take(&mut self, set: &mut SelectionSet) {
        for selection in &mut set.selections {
            match selection {
                Selection::Field(field) => {
                    if !field.selection_set.is_empty() {
                        self.take(&mut field.make_mut().selection_set);
                    }
                }
                Selection::InlineFragment(fragment) => {
                    let fragment = fragment.make_mut();
                    self.take_from(&mut fragment.directives);
                    self.take(&mut fragment.selection_set);
                }
                Selection::FragmentSpread(spread) => {
                    self.take_from(&mut spread.make_mut().directives);
                }
            }
        }
    }

    fn take_from(&mut self, directives: &mut DirectiveList) {
        let Some(defer) = directives.get("defer") else {
            return;
        };
        self.is_deferred = true;
        if let Some(Value::Variable(name)) =
            defer.specified_argument_by_name("if").map(AsRef::as_ref)
        {
            let name = name.to_string();
            if !self.variables.contains(&name) {
                self.variables.push(name);
            }
        }
        directives.0.retain(|directive| directive.name != "defer");
    }
}
