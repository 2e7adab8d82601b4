//! Taking deferred fragments out of an operation.

use std::collections::HashSet;

use apollo_compiler::{
    ExecutableDocument, Node,
    ast::{DirectiveList, Value},
    executable::{InlineFragment, Operation, Selection, SelectionSet},
    response::{JsonMap, JsonValue},
};

/// An operation without what it defers.
pub(super) struct Split {
    pub(super) primary: SelectionSet,
    pub(super) parts: Vec<Draft>,
}

/// A deferred fragment.
pub(super) struct Draft {
    /// Which of the operation's deferred fragments it is.
    pub(super) ordinal: usize,
    /// The part that it lies in; `None` for the primary.
    pub(super) parent: Option<usize>,
    pub(super) label: Option<String>,
    /// The way to it from where the parent lies.
    pub(super) hops: Vec<Hop>,
    /// When an object at the end of the way has the fragment.
    pub(super) guard: Guard,
    pub(super) owner: Owner,
    /// The fragment alone, on the type that it stands in.
    pub(super) set: SelectionSet,
}

/// Whose fields a fragment selects.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Owner {
    /// A query's root.
    Root,
    /// An entity of this type.
    Entity(String),
}

/// A field on the way to a fragment.
#[derive(Clone, Debug)]
pub(super) struct Hop {
    pub(super) guard: Guard,
    pub(super) key: String,
}

/// What the fragments and fields around something ask for.
#[derive(Clone, Debug, Default)]
pub(super) struct Guard {
    pub(super) types: Vec<String>,
    /// Variables and the values that they must have.
    pub(super) conditions: Vec<(String, bool)>,
}

/// How to split.
pub(super) struct Splitter<'a> {
    pub(super) document: &'a ExecutableDocument,
    pub(super) operation: &'a Operation,
    /// Those of `@defer(if:)`.
    pub(super) variables: &'a JsonMap,
    pub(super) is_entity: &'a dyn Fn(&str) -> bool,
    /// Fragments that stay where they are.
    pub(super) kept: &'a HashSet<usize>,
    pub(super) next: usize,
    pub(super) parts: Vec<Draft>,
}

impl Splitter<'_> {
    pub(super) fn split(mut self) -> Split {
        let operation = self.operation;
        let mut way = Vec::new();
        let guard = Guard::default();
        let primary = self.walk(&operation.selection_set, &mut way, &guard, None);
        Split {
            primary,
            parts: self.parts,
        }
    }

    /// `set` with its fragments inline and without what is deferred.
    fn walk(
        &mut self,
        set: &SelectionSet,
        way: &mut Vec<Hop>,
        guard: &Guard,
        parent: Option<usize>,
    ) -> SelectionSet {
        let mut kept = SelectionSet::new(set.ty.clone());
        for selection in &set.selections {
            let (condition, directives, inner) = match selection {
                Selection::Field(field) => {
                    let mut field = field.clone();
                    if !field.selection_set.is_empty() {
                        way.push(Hop {
                            guard: guard.and(None, &field.directives),
                            key: field.response_key().to_string(),
                        });
                        let inner = self.walk(&field.selection_set, way, &Guard::default(), parent);
                        way.pop();
                        field.make_mut().selection_set = inner;
                    }
                    kept.push(field);
                    continue;
                }
                Selection::InlineFragment(fragment) => (
                    fragment.type_condition.clone(),
                    &fragment.directives,
                    &fragment.selection_set,
                ),
                Selection::FragmentSpread(spread) => {
                    let Some(fragment) = spread.fragment_def(self.document) else {
                        continue;
                    };
                    (
                        Some(fragment.type_condition().clone()),
                        &spread.directives,
                        &fragment.selection_set,
                    )
                }
            };
            let deferral = self.deferral(directives);
            let mut directives = directives.clone();
            directives.0.retain(|directive| directive.name != "defer");
            let inline = |selection_set| InlineFragment {
                type_condition: condition.clone(),
                directives: directives.clone(),
                selection_set,
            };
            let inner_guard = guard.and(condition.as_deref(), &directives);
            let owner = deferral.and_then(|(ordinal, label)| {
                let owner = self.owner(&set.ty, condition.as_deref(), way, parent)?;
                Some((ordinal, label, owner))
            });
            let Some((ordinal, label, owner)) = owner else {
                let inner = self.walk(inner, way, &inner_guard, parent);
                if !inner.is_empty() {
                    kept.push(Node::new(inline(inner)));
                }
                continue;
            };
            let index = self.parts.len();
            self.parts.push(Draft {
                ordinal,
                parent,
                label,
                hops: way.clone(),
                guard: inner_guard,
                owner,
                set: SelectionSet::new(set.ty.clone()),
            });
            let inner = self.walk(inner, &mut Vec::new(), &Guard::default(), Some(index));
            self.parts[index].set.push(Node::new(inline(inner)));
        }
        kept
    }

    /// The number and label of a fragment that is to be deferred.
    fn deferral(&mut self, directives: &DirectiveList) -> Option<(usize, Option<String>)> {
        let defer = directives.get("defer")?;
        let ordinal = self.next;
        self.next += 1;
        let is_deferred = match defer.specified_argument_by_name("if").map(AsRef::as_ref) {
            Some(Value::Boolean(is_deferred)) => *is_deferred,
            Some(Value::Variable(name)) => {
                let value = self.variables.get(name.as_str());
                value.and_then(JsonValue::as_bool) == Some(true)
            }
            _ => true,
        };
        let label = defer
            .specified_argument_by_name("label")
            .and_then(|label| label.as_str())
            .map(str::to_owned);
        (is_deferred && !self.kept.contains(&ordinal)).then_some((ordinal, label))
    }

    /// Whose fields a fragment selects; `None` when they can only be fetched with what is around them. A mutation's
    /// root is not touched twice.
    fn owner(
        &self,
        around: &str,
        condition: Option<&str>,
        way: &[Hop],
        parent: Option<usize>,
    ) -> Option<Owner> {
        let is_root = way.is_empty()
            && self.operation.is_query()
            && parent.is_none_or(|parent| self.parts[parent].owner == Owner::Root);
        if is_root {
            return Some(Owner::Root);
        }
        let mut names = condition.into_iter().chain([around]);
        let name = names.find(|name| (self.is_entity)(name))?;
        Some(Owner::Entity(name.to_owned()))
    }
}

impl Guard {
    fn and(&self, condition: Option<&str>, directives: &DirectiveList) -> Self {
        let mut guard = self.clone();
        guard.types.extend(condition.map(str::to_owned));
        for (name, must_be) in [("skip", false), ("include", true)] {
            let value = directives
                .get(name)
                .and_then(|directive| directive.specified_argument_by_name("if"));
            if let Some(variable) = value.and_then(|value| value.as_variable()) {
                guard.conditions.push((variable.to_string(), must_be));
            }
        }
        guard
    }
}
