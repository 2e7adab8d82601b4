//! A supergraph ready to serve: its API schema, its planner, and where its subgraphs answer.

mod compose;
mod defaults;
mod features;
mod interface_objects;
mod links;
mod load;
mod overrides;
mod plain_names;
mod protection;
mod ranks;
mod required;
mod requirements;
mod stubs;
mod types;
mod unknown_type;

use std::{
    collections::HashSet,
    panic::{AssertUnwindSafe, catch_unwind},
    sync::OnceLock,
    time::Duration,
};

use anyhow::{Context as _, anyhow};
use apollo_compiler::{
    Name, Schema, collections::HashMap, schema::Implementers, validation::Valid,
};
use hive_router_query_planner::{
    planner::{Planner, QueryPlannerOptions},
    state::supergraph_state::SupergraphDefinition,
    utils::parsing::safe_parse_schema,
};
use http::Uri;

use crate::{
    config::Subgraphs,
    pipeline::{
        limits::cost::{Scale, Weights},
        plan::plannable,
    },
};

pub use compose::{SubgraphSchema, compose};
pub use load::supergraph_sdl;
pub(crate) use load::{Source, Watched};
pub(crate) use overrides::{Overrides, Share};
pub(crate) use protection::{Access, Protection};
pub(crate) use ranks::original as original_name;
pub(crate) use stubs::{SERVICE as STUBS, Stubs, root_field};
pub(crate) use types::{TypeId, TypeIndex, TypeSet};

/// What clients may write in any operation, beside what the schema has.
const DEFER: &str = r#"
"""
Lets the server answer a fragment later than the rest
"""
directive @defer(
  """
  Deferred when true
  """
  if: Boolean! = true
  """
  A name that tells the answer from others
  """
  label: String
) on FRAGMENT_SPREAD | INLINE_FRAGMENT
"#;

pub(crate) struct Supergraph {
    pub(crate) api_schema: Valid<Schema>,
    /// What variables are coerced by, where it is not the API schema.
    inputs: Option<Valid<Schema>>,
    /// Introspection needs them; the schema makes them anew each time it is asked.
    pub(crate) implementers: HashMap<Name, Implementers>,
    pub(crate) types: TypeIndex,
    pub(crate) planner: Planner,
    pub(crate) subgraphs: Vec<Subgraph>,
    pub(crate) protection: Protection,
    /// The names of all fields of all types, also those that clients do not see.
    pub(crate) field_names: HashSet<String>,
    /// Of those, the ones that a requirement selects and that take arguments.
    pub(crate) required_with_arguments: HashSet<String>,
    pub(crate) overrides: Overrides,
    /// As the planner got it: what the planner for deferred fragments is made of when the first comes.
    sdl: String,
    stubs: OnceLock<Option<Stubs>>,
    weights: Weights,
}

/// A composite type's kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Object,
    /// An interface or a union.
    Abstract,
}

#[derive(Clone, Debug)]
pub(crate) struct Subgraph {
    pub(crate) name: String,
    pub(crate) url: Uri,
    /// How long it may take for one request.
    pub(crate) timeout: Duration,
    /// Whether it is spoken to in HTTP/2 without asking.
    pub(crate) http2: bool,
}

impl Supergraph {
    /// Builds from a composed SDL; what `config` says of subgraphs wins over the SDL.
    pub(crate) fn new(sdl: &str, config: &Subgraphs) -> anyhow::Result<Self> {
        features::check(sdl)?;
        let mut api_schema = compose::api_sdl(sdl).context("not a supergraph")?;
        if !api_schema.contains("directive @defer") {
            api_schema.push_str(DEFER);
        }
        let api_schema = Schema::parse_and_validate(api_schema, "api.graphql")
            .map_err(|error| anyhow!("the API schema is not valid: {}", error.errors))?;
        let renamed = ranks::renamed(sdl)?;
        let schema_text = plannable(renamed.as_deref().unwrap_or(sdl));
        let document = safe_parse_schema(&schema_text)
            .map_err(|error| anyhow!("not a supergraph: {error}"))?;
        // the planner takes for granted that it is given a supergraph
        let planner = catch_unwind(AssertUnwindSafe(|| {
            Planner::new_from_supergraph(&document, QueryPlannerOptions::default())
        }))
        .map_err(|_| anyhow!("the planner does not take this supergraph"))??;
        let subgraphs = subgraphs(&planner, config)?;
        let types = TypeIndex::new(&api_schema);
        let definitions = planner.supergraph.definitions.values();
        let field_names = definitions
            .flat_map(|definition| definition.fields().keys().cloned())
            .collect();
        Ok(Self {
            protection: Protection::new(sdl)?,
            overrides: Overrides::of(&planner),
            sdl: schema_text,
            stubs: OnceLock::new(),
            field_names,
            required_with_arguments: required::with_arguments(sdl),
            weights: Weights::read(sdl, &api_schema),
            implementers: api_schema.implementers_map(),
            types,
            inputs: defaults::without_rounded(&api_schema),
            api_schema,
            planner,
            subgraphs,
        })
    }

    /// What the type `name` is, whether clients see it or not; `None` when it is no composite type.
    pub(crate) fn kind(&self, name: &str) -> Option<Kind> {
        match self.planner.supergraph.definitions.get(name)? {
            SupergraphDefinition::Object(_) => Some(Kind::Object),
            SupergraphDefinition::Interface(_) | SupergraphDefinition::Union(_) => {
                Some(Kind::Abstract)
            }
            _ => None,
        }
    }

    /// Whether an object of type `one` may be of type `other` too. Of two abstract types that is
    /// taken for granted.
    pub(crate) fn overlap(&self, one: &str, other: &str) -> bool {
        match (self.kind(one), self.kind(other)) {
            (Some(Kind::Abstract), Some(Kind::Abstract)) => true,
            (Some(Kind::Abstract), Some(Kind::Object)) => self.is_member(other, one),
            (Some(Kind::Object), Some(Kind::Abstract)) => self.is_member(one, other),
            (Some(Kind::Object), Some(Kind::Object)) => one == other,
            (None, _) | (_, None) => false,
        }
    }

    /// Whether the abstract type `name` has `member`.
    fn is_member(&self, member: &str, name: &str) -> bool {
        let state = &self.planner.supergraph;
        match state.definitions.get(name) {
            Some(SupergraphDefinition::Union(union_)) => {
                union_.types.iter().any(|name| name == member)
            }
            _ => state
                .interface_members(name)
                .is_some_and(|members| members.contains(member)),
        }
    }

    /// Lets these labels of progressive overrides hold.
    pub(crate) fn with_override_labels(mut self, labels: &[String]) -> Self {
        self.overrides.activate(labels);
        self
    }

    /// What variables are coerced by.
    pub(crate) fn inputs(&self) -> &Valid<Schema> {
        self.inputs.as_ref().unwrap_or(&self.api_schema)
    }

    /// What plans deferred fragments; `None` when it cannot be made of this supergraph.
    pub(crate) fn stubs(&self) -> Option<&Stubs> {
        let stubs = self.stubs.get_or_init(|| {
            Stubs::new(&self.sdl)
                .inspect_err(|error| {
                    tracing::warn!(error = format!("{error:#}"), "nothing is deferred");
                })
                .ok()
        });
        stubs.as_ref()
    }
}

impl Supergraph {
    /// What the cost of an operation is estimated by.
    pub(crate) fn scale(&self) -> Scale<'_> {
        Scale {
            schema: &self.api_schema,
            weights: &self.weights,
        }
    }
}

fn subgraphs(planner: &Planner, config: &Subgraphs) -> anyhow::Result<Vec<Subgraph>> {
    let known = &planner.supergraph.subgraph_endpoint_map;
    let mut strangers = config.by_name.keys();
    if let Some(stranger) = strangers.find(|stranger| {
        let mut names = known.keys();
        !names.any(|name| original_name(name) == stranger.as_str())
    }) {
        anyhow::bail!("subgraphs.by_name: the supergraph has no subgraph named {stranger}");
    }
    let mut subgraphs = known
        .iter()
        .map(|(name, url)| {
            let name = original_name(name);
            let given = config.by_name.get(name).and_then(|own| own.url.as_ref());
            let url = given.map_or(url.as_str(), |given| given.as_str());
            let parsed = url
                .parse::<Uri>()
                .with_context(|| format!("URL of {name}: {url:?}"))?;
            if parsed.scheme().is_none() || parsed.authority().is_none() {
                anyhow::bail!("URL of {name}: {url:?} is not absolute");
            }
            Ok(Subgraph {
                name: name.to_owned(),
                url: parsed,
                timeout: config.timeout(name),
                http2: config.http2(name),
            })
        })
        .collect::<anyhow::Result<Vec<_>>>()?;
    subgraphs.sort_by(|a, b| a.name.cmp(&b.name));
    Ok(subgraphs)
}
