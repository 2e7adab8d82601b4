//! Composition: subgraph schemas in, supergraph out. Everything that knows the composition crate.

use std::collections::HashSet;

use anyhow::anyhow;
use apollo_compiler::{
    Name,
    ast::{Definition, Document},
};
use federation_composition::{
    CompositionResult, ServiceDefinition, compose_services, graphql_core,
    transform_supergraph_to_public_schema,
};

use super::{interface_objects, plain_names, requirements, unknown_type};

/// A subgraph as it goes into composition.
#[derive(Clone, Debug, PartialEq)]
pub struct SubgraphSchema {
    pub name: String,
    pub routing_url: String,
    pub sdl: String,
}

/// Composes `subgraphs` into a supergraph SDL. The error names what does not compose, a line each.
pub fn compose(subgraphs: &[SubgraphSchema]) -> anyhow::Result<String> {
    let plain = subgraphs.iter().map(|subgraph| SubgraphSchema {
        sdl: plain_names::plain(&subgraph.sdl).unwrap_or_else(|| subgraph.sdl.clone()),
        ..subgraph.clone()
    });
    compose_plain(&plain.collect::<Vec<_>>())
}

fn compose_plain(subgraphs: &[SubgraphSchema]) -> anyhow::Result<String> {
    let services = subgraphs
        .iter()
        .map(|subgraph| {
            let concrete = requirements::in_object_types(&subgraph.sdl);
            let sdl = concrete.as_deref().unwrap_or(&subgraph.sdl);
            let document = graphql_core::parse(sdl)
                .map_err(|error| anyhow!("[{}] {}", subgraph.name, error.message))?;
            Ok(ServiceDefinition::new(&subgraph.name, document).with_url(&subgraph.routing_url))
        })
        .collect::<anyhow::Result<Vec<_>>>()?;
    match compose_services(&services).map_err(|error| anyhow!("{error}"))? {
        CompositionResult::Success(success) => {
            interface_objects::mark_external_fields(success.supergraph_sdl(), subgraphs)
        }
        CompositionResult::Failure(failure) => {
            let mut told = "the subgraphs do not compose:".to_owned();
            for error in failure.errors() {
                told.push_str("\n  ");
                if let Some(code) = error.code() {
                    told.push_str(code);
                    told.push_str(": ");
                }
                told.push_str(&error.message);
                told.push_str(&unknown_type::places(&error.message, subgraphs));
            }
            Err(anyhow!(told))
        }
    }
}

/// The schema that clients see: without the federation machinery and what is inaccessible.
pub(crate) fn api_sdl(supergraph_sdl: &str) -> anyhow::Result<String> {
    let document =
        graphql_core::parse(supergraph_sdl).map_err(|error| anyhow!("{}", error.message))?;
    let public =
        transform_supergraph_to_public_schema(&document).map_err(|error| anyhow!("{error}"))?;
    without_strangers(&graphql_core::print(&public))
}

/// `sdl` without the names of types that it does not define: the transformation takes an
/// inaccessible type out, but leaves it a member of its unions and an interface of its types.
fn without_strangers(sdl: &str) -> anyhow::Result<String> {
    let mut document = Document::parse(sdl, "api.graphql")
        .map_err(|error| anyhow!("the API schema is not valid: {}", error.errors))?;
    let known: HashSet<Name> = document
        .definitions
        .iter()
        .filter(|definition| !matches!(definition, Definition::DirectiveDefinition(_)))
        .filter_map(|definition| definition.name().cloned())
        .collect();
    let mut is_changed = false;
    let mut retain = |names: &mut Vec<Name>| {
        let before = names.len();
        names.retain(|name| known.contains(name));
        is_changed |= names.len() < before;
    };
    for definition in &mut document.definitions {
        match definition {
            Definition::UnionTypeDefinition(it) => retain(&mut it.make_mut().members),
            Definition::ObjectTypeDefinition(it) => {
                retain(&mut it.make_mut().implements_interfaces);
            }
            Definition::InterfaceTypeDefinition(it) => {
                retain(&mut it.make_mut().implements_interfaces);
            }
            _ => {}
        }
    }
    Ok(if is_changed {
        document.to_string()
    } else {
        sdl.to_owned()
    })
}
