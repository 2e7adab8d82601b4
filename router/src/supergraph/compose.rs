//! Composition: subgraph schemas in, supergraph out. Everything that knows the composition crate.

use anyhow::anyhow;
use federation_composition::{
    CompositionResult, ServiceDefinition, compose_services, graphql_core,
    transform_supergraph_to_public_schema,
};

use super::interface_objects;

/// A subgraph as it goes into composition.
#[derive(Clone, Debug, PartialEq)]
pub struct SubgraphSchema {
    pub name: String,
    pub routing_url: String,
    pub sdl: String,
}

/// Composes `subgraphs` into a supergraph SDL. The error names what does not compose, a line each.
pub fn compose(subgraphs: &[SubgraphSchema]) -> anyhow::Result<String> {
    let services = subgraphs
        .iter()
        .map(|subgraph| {
            let document = graphql_core::parse(&subgraph.sdl)
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
    Ok(graphql_core::print(&public))
}
