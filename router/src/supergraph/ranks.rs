//! A mend of the planner. Where a query starts at an interface object and goes on to a type that
//! implements the interface, it follows one way only, to the subgraph whose name comes first: when
//! that one has the interface object too, it knows nothing of the type and there is no plan. So the
//! planner gets other names for the subgraphs, in which those that know the types come first.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::anyhow;
use apollo_compiler::{
    Name, Node,
    ast::{Definition, Directive, DirectiveList, Document, Value},
};

use super::interface_objects::graph_names;

/// What the planner's names begin with: no name of a subgraph does.
const MARK: char = '#';

/// A subgraph that knows the types of an interface, and one that has it as an object.
type Before = (Name, Name);

/// `sdl` with names by which the planner finds its way; `None` when it does by the names there are.
pub(super) fn renamed(sdl: &str) -> anyhow::Result<Option<String>> {
    if !sdl.contains("isInterfaceObject") {
        return Ok(None);
    }
    let mut document = Document::parse(sdl, "supergraph.graphql")
        .map_err(|error| anyhow!("not a supergraph: {}", error.errors))?;
    let names: BTreeMap<Name, String> = graph_names(&document).into_iter().collect();
    let before: BTreeSet<Before> = document.definitions.iter().flat_map(pairs).collect();
    if before
        .iter()
        .all(|(types, object)| names.get(types) < names.get(object))
    {
        return Ok(None);
    }
    let ranks = ranks(&names, &before);
    let new_names: BTreeMap<String, String> = names
        .iter()
        .map(|(graph, name)| {
            (
                name.clone(),
                format!("{MARK}{:04}{MARK}{name}", ranks[graph]),
            )
        })
        .collect();
    rename(&mut document, &new_names);
    Ok(Some(document.to_string()))
}

/// The name of the subgraph that the planner calls `name`.
pub(crate) fn original(name: &str) -> &str {
    let renamed = name.strip_prefix(MARK);
    let name_only = renamed.and_then(|rest| rest.split_once(MARK));
    name_only.map_or(name, |(_, name)| name)
}

/// Which subgraphs must come before which because of one interface.
fn pairs(definition: &Definition) -> Vec<Before> {
    let Definition::InterfaceTypeDefinition(interface) = definition else {
        return Vec::new();
    };
    let joins = |is_object: bool| {
        let joins = interface.directives.get_all("join__type");
        let of_kind = joins.filter(move |join| {
            let found = join.specified_argument_by_name("isInterfaceObject");
            found.and_then(|found| found.to_bool()).unwrap_or(false) == is_object
        });
        of_kind.filter_map(|join| join.specified_argument_by_name("graph")?.as_enum().cloned())
    };
    let types = joins(false);
    types
        .flat_map(|types| joins(true).map(move |object| (types.clone(), object)))
        .collect()
}

/// A number for each subgraph, larger than those of all that must come before it. Where two must
/// come before each other, because of two interfaces, no order is right for both.
fn ranks<'n>(
    names: &'n BTreeMap<Name, String>,
    before: &BTreeSet<Before>,
) -> BTreeMap<&'n Name, usize> {
    let mut ranks: BTreeMap<&Name, usize> = names.keys().map(|graph| (graph, 0)).collect();
    for _ in 0..names.len() {
        for (types, object) in before {
            let least = ranks.get(types).map_or(0, |rank| rank + 1);
            if let Some(rank) = ranks.get_mut(object) {
                *rank = least.max(*rank);
            }
        }
    }
    ranks
}

/// Says the new names wherever the supergraph says a name.
fn rename(document: &mut Document, new_names: &BTreeMap<String, String>) {
    for definition in &mut document.definitions {
        match definition {
            Definition::EnumTypeDefinition(graphs) if graphs.name == "join__Graph" => {
                for value in &mut graphs.make_mut().values {
                    let directives = &mut value.make_mut().directives;
                    replace(directives, "join__graph", "name", new_names);
                }
            }
            Definition::ObjectTypeDefinition(it) => {
                for field in &mut it.make_mut().fields {
                    let directives = &mut field.make_mut().directives;
                    replace(directives, "join__field", "override", new_names);
                }
            }
            Definition::InterfaceTypeDefinition(it) => {
                for field in &mut it.make_mut().fields {
                    let directives = &mut field.make_mut().directives;
                    replace(directives, "join__field", "override", new_names);
                }
            }
            _ => {}
        }
    }
}

fn replace(
    directives: &mut DirectiveList,
    directive: &str,
    argument: &str,
    new_names: &BTreeMap<String, String>,
) {
    let is_it = |found: &Node<Directive>| found.name == directive;
    for found in directives.iter_mut().filter(|found| is_it(found)) {
        let arguments = &mut found.make_mut().arguments;
        for found in arguments.iter_mut().filter(|found| found.name == argument) {
            if let Some(name) = found.value.as_str().and_then(|name| new_names.get(name)) {
                found.make_mut().value = Node::new(Value::String(name.clone()));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// One interface, whose types `ITEMS` knows, as far as names go.
    fn supergraph(items: &str, prices: &str) -> String {
        format!(
            r#"
            enum join__Graph {{
                ITEMS @join__graph(name: "{items}", url: "")
                PRICES @join__graph(name: "{prices}", url: "")
            }}
            interface Item
                @join__type(graph: ITEMS, key: "id")
                @join__type(graph: PRICES, key: "id", isInterfaceObject: true)
            {{ id: ID! price: Int @join__field(graph: PRICES, override: "{items}") }}
            "#
        )
    }

    #[test]
    fn lets_those_that_know_the_types_come_first() {
        assert_eq!(renamed(&supergraph("a", "b")).unwrap(), None);
        let sdl = renamed(&supergraph("z", "b")).unwrap().unwrap();
        assert!(sdl.contains(r##"name: "#0000#z""##), "{sdl}");
        assert!(sdl.contains(r##"name: "#0001#b""##), "{sdl}");
        assert!(sdl.contains(r##"override: "#0000#z""##), "{sdl}");
    }

    #[test]
    fn knows_names_again() {
        assert_eq!(original("#0001#a#b"), "a#b");
        assert_eq!(original("plain"), "plain");
    }
}
