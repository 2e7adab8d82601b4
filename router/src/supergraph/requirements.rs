//! A mend of the composition: where a field set of `@requires` has a fragment on an interface or a
//! union within another abstract type, it finds no way to satisfy it. So such fragments are
//! composed as fragments on the types that they stand for.

use std::collections::{BTreeMap, BTreeSet};

use apollo_compiler::{
    Name, Node,
    ast::{
        Argument, Definition, Directive, Document, FieldDefinition, InlineFragment, Selection,
        Value,
    },
};

/// `sdl`, a subgraph's, with its requirements in terms of object types; `None` when they are, or
/// when the composition will say what is wrong with it.
pub(super) fn in_object_types(sdl: &str) -> Option<String> {
    if !sdl.contains("requires") {
        return None;
    }
    let mut document = Document::parse(sdl, "subgraph.graphql").ok()?;
    let types = Types::of(&document);
    let mut is_changed = false;
    for definition in &mut document.definitions {
        let (name, fields) = match definition {
            Definition::ObjectTypeDefinition(it) => {
                let it = it.make_mut();
                (&it.name, &mut it.fields)
            }
            Definition::ObjectTypeExtension(it) => {
                let it = it.make_mut();
                (&it.name, &mut it.fields)
            }
            _ => continue,
        };
        for field in fields {
            is_changed |= types.rewrite(name, field) == Some(true);
        }
    }
    is_changed.then(|| document.to_string())
}

/// What a subgraph knows of its types.
#[derive(Default)]
struct Types {
    /// The object types that each composite type may be.
    possible: BTreeMap<Name, BTreeSet<Name>>,
    /// The type of each field.
    fields: BTreeMap<(Name, Name), Name>,
}

impl Types {
    fn of(document: &Document) -> Self {
        let mut types = Self::default();
        for definition in &document.definitions {
            match definition {
                Definition::ObjectTypeDefinition(it) => {
                    types.object(&it.name, &it.implements_interfaces, &it.fields);
                }
                Definition::ObjectTypeExtension(it) => {
                    types.object(&it.name, &it.implements_interfaces, &it.fields);
                }
                Definition::InterfaceTypeDefinition(it) => types.fields(&it.name, &it.fields),
                Definition::InterfaceTypeExtension(it) => types.fields(&it.name, &it.fields),
                Definition::UnionTypeDefinition(it) => types.union(&it.name, &it.members),
                Definition::UnionTypeExtension(it) => types.union(&it.name, &it.members),
                _ => {}
            }
        }
        types
    }

    fn object(&mut self, name: &Name, interfaces: &[Name], fields: &[Node<FieldDefinition>]) {
        for possible in interfaces.iter().chain([name]) {
            let objects = self.possible.entry(possible.clone()).or_default();
            objects.insert(name.clone());
        }
        self.fields(name, fields);
    }

    fn union(&mut self, name: &Name, members: &[Name]) {
        let objects = self.possible.entry(name.clone()).or_default();
        objects.extend(members.iter().cloned());
    }

    fn fields(&mut self, name: &Name, fields: &[Node<FieldDefinition>]) {
        for field in fields {
            let coordinate = (name.clone(), field.name.clone());
            self.fields
                .insert(coordinate, field.ty.inner_named_type().clone());
        }
    }

    /// Rewrites what `field` of `parent` requires; says whether there was something to change.
    fn rewrite(&self, parent: &Name, field: &mut Node<FieldDefinition>) -> Option<bool> {
        let (index, directive) = field
            .directives
            .iter()
            .enumerate()
            .find(|(_, directive)| is_requires(directive))?;
        let fields = directive.specified_argument_by_name("fields")?.as_str()?;
        let set = Document::parse(format!("{{ {fields} }}"), "fields.graphql").ok()?;
        let Some(Definition::OperationDefinition(set)) = set.definitions.first() else {
            return None;
        };
        let selections = self.expand(parent, &set.selection_set);
        if selections == set.selection_set {
            return Some(false);
        }
        let texts: Vec<_> = selections.iter().map(ToString::to_string).collect();
        let directives = &mut field.make_mut().directives;
        directives.0[index].make_mut().arguments = vec![Node::new(Argument {
            name: apollo_compiler::name!("fields"),
            value: Node::new(Value::String(texts.join(" "))),
        })];
        Some(true)
    }

    /// `selections` of an object of `parent`, with fragments on object types alone.
    fn expand(&self, parent: &Name, selections: &[Selection]) -> Vec<Selection> {
        let mut expanded = Vec::with_capacity(selections.len());
        for selection in selections {
            match selection {
                Selection::Field(field) => {
                    let coordinate = (parent.clone(), field.name.clone());
                    let mut field = field.clone();
                    if let Some(ty) = self.fields.get(&coordinate)
                        && !field.selection_set.is_empty()
                    {
                        let selections = self.expand(ty, &field.selection_set);
                        field.make_mut().selection_set = selections;
                    }
                    expanded.push(Selection::Field(field));
                }
                Selection::InlineFragment(fragment) => {
                    expanded.extend(self.expand_fragment(parent, fragment));
                }
                Selection::FragmentSpread(_) => expanded.push(selection.clone()),
            }
        }
        expanded
    }

    fn expand_fragment(&self, parent: &Name, fragment: &Node<InlineFragment>) -> Vec<Selection> {
        let set = &fragment.selection_set;
        let on = |name: &Name| {
            let mut fragment = fragment.clone();
            let changed = fragment.make_mut();
            changed.type_condition = Some(name.clone());
            changed.selection_set = self.expand(name, set);
            Selection::InlineFragment(fragment)
        };
        let Some(condition) = &fragment.type_condition else {
            return self.expand(parent, set);
        };
        let (Some(of_parent), Some(of_condition)) =
            (self.possible.get(parent), self.possible.get(condition))
        else {
            return vec![Selection::InlineFragment(fragment.clone())];
        };
        // an object type is possible for itself
        let is_certain = of_parent.contains(parent) && of_condition.contains(parent);
        if is_certain || parent == condition {
            self.expand(parent, set)
        } else if of_condition.contains(condition) {
            vec![on(condition)]
        } else {
            of_parent.intersection(of_condition).map(on).collect()
        }
    }
}

fn is_requires(directive: &Directive) -> bool {
    matches!(directive.name.as_str(), "requires" | "federation__requires")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn says_which_types_a_fragment_stands_for() {
        let sdl = |fields: &str| {
            format!(
                r#"
                type Order @key(fields: "id") {{
                    id: ID!
                    item: Item @external
                    fee: Int @requires(fields: "{fields}")
                }}
                union Item = Bar | Baz | Qux
                interface Foo {{ foo: Int }}
                type Bar implements Foo {{ foo: Int bar: Int }}
                type Baz implements Foo {{ foo: Int inner: Foo }}
                type Qux {{ qux: Int }}
                "#
            )
        };
        for (fields, expected) in [
            (
                "id item { ... on Foo { foo } ... on Qux { qux } }",
                "id item { ... on Bar { foo } ... on Baz { foo } ... on Qux { qux } }",
            ),
            (
                "item { ... on Bar { ... on Foo { ... on Item { ... on Bar { bar } } } } }",
                "item { ... on Bar { bar } }",
            ),
            (
                "item { ... on Baz { inner { ... on Foo { foo } ... on Item { __typename } } } }",
                "item { ... on Baz { inner { foo ... on Bar { __typename } ... on Baz { __typename } } } }",
            ),
        ] {
            let changed = in_object_types(&sdl(fields)).unwrap();
            let document = Document::parse(sdl(expected), "subgraph.graphql").unwrap();
            let spaces = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
            let texts =
                [&changed, &document.to_string()].map(|text| spaces(&text.replace("\\n", " ")));
            assert_eq!(texts[0], texts[1]);
        }
        assert_eq!(in_object_types(&sdl("item { ... on Bar { bar } }")), None);
    }
}
