//! A mend of the composition: where an interface object has `@external` fields, its supergraph
//! does not say that they are external there, and the planner would ask them of the subgraph
//! that only requires them.

use anyhow::anyhow;
use apollo_compiler::{
    Name, Node,
    ast::{Argument, Definition, Directive, DirectiveList, Document, FieldDefinition, Value},
};

use super::SubgraphSchema;

/// A field by its type and name.
type Coordinate = (Name, Name);

/// `supergraph` with the `@external` fields of interface objects marked.
pub(super) fn mark_external_fields(
    supergraph: &str,
    subgraphs: &[SubgraphSchema],
) -> anyhow::Result<String> {
    let documents = subgraphs
        .iter()
        .map(|subgraph| Ok((subgraph.name.as_str(), parse(&subgraph.sdl)?)))
        .collect::<anyhow::Result<Vec<_>>>()?;
    let externals: Vec<Coordinate> = documents
        .iter()
        .flat_map(|(_, document)| externals(document))
        .collect();
    if externals.is_empty() {
        return Ok(supergraph.to_owned());
    }
    let mut supergraph = parse(supergraph)?;
    let graphs = graph_names(&supergraph);
    for definition in &mut supergraph.definitions {
        let Definition::InterfaceTypeDefinition(interface) = definition else {
            continue;
        };
        let interface = interface.make_mut();
        for field in &mut interface.fields {
            let coordinate = (interface.name.clone(), field.name.clone());
            // a field that says anything of its subgraphs says all
            if !externals.contains(&coordinate) || field.directives.has("join__field") {
                continue;
            }
            let field = field.make_mut();
            for (name, document) in &documents {
                let is_external = match of_field(document, &coordinate) {
                    Some(found) => is_external(&found),
                    None => continue,
                };
                if let Some(graph) = graphs.iter().find(|(_, known)| known == name) {
                    field.directives.push(join_field(&graph.0, is_external));
                }
            }
        }
    }
    Ok(supergraph.to_string())
}

fn parse(sdl: &str) -> anyhow::Result<Document> {
    Document::parse(sdl, "schema.graphql").map_err(|error| anyhow!("{}", error.errors))
}

/// The values of `join__Graph` with the names of their subgraphs.
pub(super) fn graph_names(supergraph: &Document) -> Vec<(Name, String)> {
    let mut names = Vec::new();
    for definition in &supergraph.definitions {
        let Definition::EnumTypeDefinition(graphs) = definition else {
            continue;
        };
        for value in graphs
            .values
            .iter()
            .filter(|_| graphs.name == "join__Graph")
        {
            let directive = value.directives.get("join__graph");
            let name = directive.and_then(|directive| directive.specified_argument_by_name("name"));
            if let Some(name) = name.and_then(|name| name.as_str()) {
                names.push((value.value.clone(), name.to_owned()));
            }
        }
    }
    names
}

fn externals(document: &Document) -> Vec<Coordinate> {
    let mut found = Vec::new();
    for (name, directives, fields) in types(document) {
        if has(directives, "interfaceObject") {
            let fields = fields.iter().filter(|field| is_external(field));
            found.extend(fields.map(|field| (name.clone(), field.name.clone())));
        }
    }
    found
}

fn of_field(document: &Document, (type_name, name): &Coordinate) -> Option<Node<FieldDefinition>> {
    types(document)
        .filter(|(found, ..)| *found == type_name)
        .find_map(|(.., fields)| fields.iter().find(|field| field.name == *name).cloned())
}

/// The object and interface types of a document and their extensions.
fn types(
    document: &Document,
) -> impl Iterator<Item = (&Name, &DirectiveList, &[Node<FieldDefinition>])> {
    document
        .definitions
        .iter()
        .filter_map(|definition| match definition {
            Definition::ObjectTypeDefinition(it) => {
                Some((&it.name, &it.directives, &it.fields[..]))
            }
            Definition::ObjectTypeExtension(it) => Some((&it.name, &it.directives, &it.fields[..])),
            Definition::InterfaceTypeDefinition(it) => {
                Some((&it.name, &it.directives, &it.fields[..]))
            }
            Definition::InterfaceTypeExtension(it) => {
                Some((&it.name, &it.directives, &it.fields[..]))
            }
            _ => None,
        })
}

fn is_external(field: &FieldDefinition) -> bool {
    has(&field.directives, "external")
}

/// Whether a directive of federation is applied, imported or not.
fn has(directives: &DirectiveList, name: &str) -> bool {
    directives.iter().any(|directive| {
        let is = directive.name.as_str();
        is.strip_prefix("federation__").unwrap_or(is) == name
    })
}

fn join_field(graph: &Name, is_external: bool) -> Node<Directive> {
    let argument = |name: Name, value: Value| {
        Node::new(Argument {
            name,
            value: Node::new(value),
        })
    };
    let mut arguments = vec![argument(
        apollo_compiler::name!("graph"),
        Value::Enum(graph.clone()),
    )];
    if is_external {
        arguments.push(argument(
            apollo_compiler::name!("external"),
            Value::Boolean(true),
        ));
    }
    Node::new(Directive {
        name: apollo_compiler::name!("join__field"),
        arguments,
    })
}
