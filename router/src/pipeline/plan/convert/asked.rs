//! From a document that is sent to what is asked for in it.

use hive_router_query_planner::ast::{
    document::Document,
    selection_item::SelectionItem,
    selection_set::{FieldSelection, SelectionSet},
};

use crate::executor::asked::{Asked, Within};

use super::Converter;

/// The type whose fields are selected, as far as the supergraph knows it.
#[derive(Clone, Copy)]
struct Parent<'a> {
    document: &'a Document,
    name: Option<&'a str>,
}

impl Converter<'_> {
    /// What `document` asks for.
    pub(super) fn asked(&self, document: &Document) -> Asked {
        let operation = &document.operation;
        let state = &self.supergraph.planner.supergraph;
        let root = state.root_type_name(operation.operation_kind.as_ref());
        let root = Parent {
            document,
            name: root.ok(),
        };
        let mut asked = Asked::of_type(root.name.map(str::to_owned));
        self.ask(root, &operation.selection_set, Within::NOTHING, &mut asked);
        asked
    }

    /// Adds `set`, which stands `within`, to what is `asked`.
    fn ask(&self, parent: Parent<'_>, set: &SelectionSet, within: Within, asked: &mut Asked) {
        for item in &set.items {
            match item {
                SelectionItem::Field(field) => {
                    let below = self.ask_field(parent, field);
                    let is_conditional = field.skip_if.is_some() || field.include_if.is_some();
                    let within = within.condition(is_conditional);
                    asked.add(within, field.selection_identifier(), below);
                }
                SelectionItem::InlineFragment(it) => {
                    let is_conditional = it.skip_if.is_some() || it.include_if.is_some();
                    let within = within.condition(is_conditional);
                    let on = &it.type_condition;
                    self.ask_fragment(parent, on, &it.selections, within, asked);
                }
                SelectionItem::FragmentSpread(name) => {
                    let mut fragments = parent.document.fragments.iter();
                    if let Some(it) = fragments.find(|fragment| fragment.name == *name) {
                        let (on, set) = (&it.type_condition, &it.selection_set);
                        self.ask_fragment(parent, on, set, within, asked);
                    }
                }
            }
        }
    }

    /// Adds the `set` of a fragment on the type `on`.
    fn ask_fragment(
        &self,
        parent: Parent<'_>,
        on: &String,
        set: &SelectionSet,
        within: Within,
        asked: &mut Asked,
    ) {
        let within = asked.fragment(within, &self.types([on]));
        let parent = Parent {
            name: Some(on),
            ..parent
        };
        self.ask(parent, set, within, asked);
    }

    /// What is asked below `field` of `parent`.
    fn ask_field(&self, parent: Parent<'_>, field: &FieldSelection) -> Asked {
        let state = &self.supergraph.planner.supergraph;
        let definition = parent.name.and_then(|name| state.definitions.get(name));
        let definition = definition.and_then(|it| it.fields().get(&field.name));
        let name = definition.map(|field| field.field_type.inner_type());
        let below = Parent { name, ..parent };
        let mut asked = Asked::of_type(name.map(str::to_owned));
        self.ask(below, &field.selections, Within::NOTHING, &mut asked);
        asked
    }
}
