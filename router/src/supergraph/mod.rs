//! A supergraph ready to serve: its API schema, its planner, and where its subgraphs answer.

mod compose;
mod load;
mod types;

use std::{
    collections::HashSet,
    panic::{AssertUnwindSafe, catch_unwind},
};

use anyhow::{Context as _, anyhow};
use apollo_compiler::{
    Name, Schema, collections::HashMap, schema::Implementers, validation::Valid,
};
use hive_router_query_planner::{
    planner::{Planner, QueryPlannerOptions},
    utils::parsing::safe_parse_schema,
};
use http::Uri;

use crate::SubgraphUrl;

pub use compose::{SubgraphSchema, compose};
pub use load::supergraph_sdl;
pub(crate) use types::{TypeId, TypeIndex, TypeSet};

pub(crate) struct Supergraph {
    pub(crate) api_schema: Valid<Schema>,
    /// Introspection needs them; the schema makes them anew each time it is asked.
    pub(crate) implementers: HashMap<Name, Implementers>,
    pub(crate) types: TypeIndex,
    pub(crate) planner: Planner,
    pub(crate) subgraphs: Vec<Subgraph>,
    /// The names of all fields of all types, also those that clients do not see.
    pub(crate) field_names: HashSet<String>,
}

#[derive(Clone, Debug)]
pub(crate) struct Subgraph {
    pub(crate) name: String,
    pub(crate) url: Uri,
}

impl Supergraph {
    /// Builds from a composed SDL; `urls` win over the SDL's.
    pub(crate) fn new(sdl: &str, urls: &[SubgraphUrl]) -> anyhow::Result<Self> {
        let api_schema = compose::api_sdl(sdl).context("not a supergraph")?;
        let api_schema = Schema::parse_and_validate(api_schema, "api.graphql")
            .map_err(|error| anyhow!("the API schema is not valid: {}", error.errors))?;
        let document =
            safe_parse_schema(sdl).map_err(|error| anyhow!("not a supergraph: {error}"))?;
        // the planner takes for granted that it is given a supergraph
        let planner = catch_unwind(AssertUnwindSafe(|| {
            Planner::new_from_supergraph(&document, QueryPlannerOptions::default())
        }))
        .map_err(|_| anyhow!("the planner does not take this supergraph"))??;
        let subgraphs = subgraphs(&planner, urls)?;
        let types = TypeIndex::new(&api_schema);
        let definitions = planner.supergraph.definitions.values();
        let field_names = definitions
            .flat_map(|definition| definition.fields().keys().cloned())
            .collect();
        Ok(Self {
            field_names,
            implementers: api_schema.implementers_map(),
            types,
            api_schema,
            planner,
            subgraphs,
        })
    }
}

fn subgraphs(planner: &Planner, urls: &[SubgraphUrl]) -> anyhow::Result<Vec<Subgraph>> {
    let known = &planner.supergraph.subgraph_endpoint_map;
    if let Some(stranger) = urls.iter().find(|url| !known.contains_key(&url.name)) {
        anyhow::bail!("the supergraph has no subgraph named {}", stranger.name);
    }
    let mut subgraphs = known
        .iter()
        .map(|(name, url)| {
            let given = urls.iter().find(|given| given.name == *name);
            let url = given.map_or(url.as_str(), |given| given.url.as_str());
            let parsed = url
                .parse::<Uri>()
                .with_context(|| format!("URL of {name}: {url:?}"))?;
            if parsed.scheme().is_none() || parsed.authority().is_none() {
                anyhow::bail!("URL of {name}: {url:?} is not absolute");
            }
            Ok(Subgraph {
                name: name.clone(),
                url: parsed,
            })
        })
        .collect::<anyhow::Result<Vec<_>>>()?;
    subgraphs.sort_by(|a, b| a.name.cmp(&b.name));
    Ok(subgraphs)
}
