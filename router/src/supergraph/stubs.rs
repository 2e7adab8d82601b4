//! A second planner, for what is deferred. Its supergraph has one more subgraph, which is the router itself: it knows
//! each entity by its keys and gives entities at its root. So the plan of a deferred fragment begins with keys that are
//! known from what was answered already, and fetches nothing twice.

use std::{
    collections::{BTreeSet, HashSet},
    panic::{AssertUnwindSafe, catch_unwind},
};

use anyhow::{Context as _, anyhow};
use apollo_compiler::{
    Node,
    ast::{Definition, Directive, DirectiveList, Document, ObjectTypeDefinition, Type, Value},
};
use hive_router_query_planner::{
    planner::{Planner, QueryPlannerOptions},
    utils::parsing::safe_parse_schema,
};

/// What the planner calls the router itself.
pub(crate) const SERVICE: &str = "setwise_deferred";
const GRAPH: &str = "SETWISE_DEFERRED";

/// Types whose values are a key as they are.
const SCALARS: [&str; 4] = ["ID", "String", "Int", "Boolean"];

pub(crate) struct Stubs {
    pub(crate) planner: Planner,
    entities: HashSet<String>,
}

impl Stubs {
    /// Builds from a composed SDL.
    pub(crate) fn new(sdl: &str) -> anyhow::Result<Self> {
        let mut document = Document::parse(sdl, "supergraph.graphql")
            .map_err(|error| anyhow!("{}", error.errors))?;
        let entities = extend(&mut document).context("the supergraph is not as composed")?;
        let sdl = document.to_string();
        let schema = safe_parse_schema(&sdl).map_err(|error| anyhow!("{error}"))?;
        // the planner takes for granted that it is given a supergraph
        let planner = catch_unwind(AssertUnwindSafe(|| {
            Planner::new_from_supergraph(&schema, QueryPlannerOptions::default())
        }))
        .map_err(|_| anyhow!("the planner does not take the supergraph with stubs"))??;
        Ok(Self { planner, entities })
    }

    /// Whether objects of this type can be fetched by what the router knows of them.
    pub(crate) fn has(&self, type_name: &str) -> bool {
        self.entities.contains(type_name)
    }
}

/// The root field that gives entities of a type.
pub(crate) fn root_field(type_name: &str) -> String {
    format!("_setwise_deferred_{type_name}")
}

/// Adds the router as a subgraph; gives the names of the entities that it knows.
fn extend(document: &mut Document) -> Option<HashSet<String>> {
    let query = document.definitions.iter().find_map(|definition| {
        let Definition::SchemaDefinition(schema) = definition else {
            return None;
        };
        let roots = &schema.root_operations;
        let query = roots.iter().find(|root| root.0.to_string() == "query")?;
        Some(query.1.to_string())
    });
    let query = query.unwrap_or_else(|| "Query".to_owned());
    let mut entities = Vec::new();
    for definition in &mut document.definitions {
        match definition {
            Definition::EnumTypeDefinition(graphs) if graphs.name == "join__Graph" => {
                let text = format!(
                    "enum E {{ {GRAPH} @join__graph(name: \"{SERVICE}\", url: \"http://127.0.0.1/\") }}"
                );
                let Definition::EnumTypeDefinition(ours) = parse(&text)? else {
                    return None;
                };
                graphs.make_mut().values.extend(ours.values.iter().cloned());
            }
            Definition::ObjectTypeDefinition(object) if object.name != query.as_str() => {
                if let Some(keys) = keys(object) {
                    know(object.make_mut(), &keys)?;
                    entities.push(object.name.to_string());
                }
            }
            _ => {}
        }
    }
    let fields: Vec<String> = entities
        .iter()
        .map(|name| {
            format!(
                "{}: [{name}!]! @join__field(graph: {GRAPH})",
                root_field(name)
            )
        })
        .collect();
    let fields = fields.join("\n");
    let root = document
        .definitions
        .iter_mut()
        .find_map(|definition| match definition {
            Definition::ObjectTypeDefinition(object) if object.name == query.as_str() => {
                Some(object)
            }
            _ => None,
        })?;
    if entities.is_empty() {
        return Some(HashSet::new());
    }
    let ours = parse(&format!(
        "type T @join__type(graph: {GRAPH}) {{ {fields} }}"
    ))?;
    let Definition::ObjectTypeDefinition(ours) = ours else {
        return None;
    };
    let root = root.make_mut();
    tell_graphs(root)?;
    root.directives.0.extend(ours.directives.0.iter().cloned());
    root.fields.extend(ours.fields.iter().cloned());
    Some(entities.into_iter().collect())
}

/// The fields of each key that is made of plain scalars; `None` for a type without.
fn keys(object: &ObjectTypeDefinition) -> Option<Vec<Vec<String>>> {
    let is_plain = |key: &str| {
        key.split_whitespace().all(|name| {
            let mut fields = object.fields.iter();
            fields.any(|field| {
                let ty = match &field.ty {
                    Type::Named(ty) | Type::NonNullNamed(ty) => ty,
                    Type::List(_) | Type::NonNullList(_) => return false,
                };
                field.name == name && SCALARS.contains(&ty.as_str())
            })
        })
    };
    let mut keys = BTreeSet::new();
    for join in object.directives.get_all("join__type") {
        let is = |name: &str, default: bool| {
            let value = join.specified_argument_by_name(name);
            value.map_or(default, |value| **value == Value::Boolean(true))
        };
        if is("isInterfaceObject", false) {
            return None;
        }
        if let Some(key) = join
            .specified_argument_by_name("key")
            .and_then(|key| key.as_str())
            && is("resolvable", true)
            && is_plain(key)
        {
            keys.insert(key.to_owned());
        }
    }
    let keys: Vec<_> = keys
        .iter()
        .map(|key| key.split_whitespace().map(str::to_owned).collect())
        .collect();
    (!keys.is_empty()).then_some(keys)
}

/// Lets the router know the keys of an entity.
fn know(object: &mut ObjectTypeDefinition, keys: &[Vec<String>]) -> Option<()> {
    tell_graphs(object)?;
    for key in keys {
        let key = key.join(" ");
        object.directives.0.extend(directives(&format!(
            "@join__type(graph: {GRAPH}, key: \"{key}\", resolvable: false)"
        ))?);
    }
    let known: HashSet<_> = keys.iter().flatten().collect();
    for field in &mut object.fields {
        if known.contains(&field.name.to_string()) {
            let ours = directives(&format!("@join__field(graph: {GRAPH})"))?;
            field.make_mut().directives.0.extend(ours);
        }
    }
    Some(())
}

/// Writes down which subgraphs a field is from, where it was clear by being from all of the type's.
fn tell_graphs(object: &mut ObjectTypeDefinition) -> Option<()> {
    let graphs: BTreeSet<String> = object
        .directives
        .get_all("join__type")
        .filter_map(|join| join.specified_argument_by_name("graph"))
        .filter_map(|graph| graph.as_enum().map(ToString::to_string))
        .collect();
    let told: Vec<String> = graphs
        .iter()
        .map(|graph| format!("@join__field(graph: {graph})"))
        .collect();
    let told = told.join(" ");
    for field in &mut object.fields {
        if !field.directives.has("join__field") {
            field.make_mut().directives.0.extend(directives(&told)?);
        }
    }
    Some(())
}

fn directives(text: &str) -> Option<Vec<Node<Directive>>> {
    match parse(&format!("type T {text} {{ f: ID }}"))? {
        Definition::ObjectTypeDefinition(object) => {
            let DirectiveList(directives) = &object.directives;
            Some(directives.clone())
        }
        _ => None,
    }
}

fn parse(text: &str) -> Option<Definition> {
    let document = Document::parse(text, "deferred.graphql").ok()?;
    document.definitions.into_iter().next()
}
