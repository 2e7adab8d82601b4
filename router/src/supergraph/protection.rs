//! `@authenticated`, `@requiresScopes` and `@policy`: who may see what.

use std::collections::{BTreeSet, HashMap};

use anyhow::anyhow;
use apollo_compiler::ast::{Definition, DirectiveList, Document, FieldDefinition, Value};
use apollo_compiler::{Name, Node};

use crate::Claims;

use super::links::Links;

/// What a caller must have to see types and fields.
#[derive(Debug, Default)]
pub(crate) struct Protection {
    types: HashMap<Name, Requirement>,
    fields: HashMap<(Name, Name), Requirement>,
    /// Every scope that something requires.
    scopes: BTreeSet<String>,
}

/// All parts must hold.
#[derive(Debug, Default)]
struct Requirement {
    authenticated: bool,
    /// All scopes of one of the lists.
    scopes: Option<Vec<Vec<String>>>,
    /// Nobody evaluates policies here: what needs one is denied.
    policy: bool,
}

/// What of a caller's claims matters here: callers with the same access get the same plans.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub(crate) struct Access {
    authenticated: bool,
    scopes: BTreeSet<String>,
}

/// The names that the supergraph gives the three directives.
struct Names {
    authenticated: String,
    requires_scopes: String,
    policy: String,
}

impl Protection {
    pub(super) fn new(supergraph: &str) -> anyhow::Result<Self> {
        let document = Document::parse(supergraph, "supergraph.graphql")
            .map_err(|error| anyhow!("not a supergraph: {}", error.errors))?;
        let names = Names::new(&document);
        let mut protection = Self::default();
        for definition in &document.definitions {
            let (name, directives, fields): (_, _, &[Node<FieldDefinition>]) = match definition {
                Definition::ObjectTypeDefinition(it) => (&it.name, &it.directives, &it.fields),
                Definition::InterfaceTypeDefinition(it) => (&it.name, &it.directives, &it.fields),
                Definition::ScalarTypeDefinition(it) => (&it.name, &it.directives, &[]),
                Definition::EnumTypeDefinition(it) => (&it.name, &it.directives, &[]),
                _ => continue,
            };
            if let Some(requirement) = names.requirement(directives) {
                protection.scopes.extend(requirement.names());
                protection.types.insert(name.clone(), requirement);
            }
            for field in fields {
                if let Some(requirement) = names.requirement(&field.directives) {
                    protection.scopes.extend(requirement.names());
                    let coordinate = (name.clone(), field.name.clone());
                    protection.fields.insert(coordinate, requirement);
                }
            }
        }
        Ok(protection)
    }

    /// Whether anyone may see everything.
    pub(crate) fn is_empty(&self) -> bool {
        self.types.is_empty() && self.fields.is_empty()
    }

    /// What `claims` give; the same for all callers where nothing is protected.
    pub(crate) fn access(&self, claims: Option<&Claims>) -> Access {
        let Some(claims) = claims.filter(|_| !self.is_empty()) else {
            return Access::default();
        };
        let scopes = claims.scopes().into_iter();
        Access {
            authenticated: true,
            scopes: scopes
                .filter(|scope| self.scopes.contains(*scope))
                .map(str::to_owned)
                .collect(),
        }
    }

    pub(crate) fn allows_type(&self, access: &Access, name: &Name) -> bool {
        let requirement = self.types.get(name);
        requirement.is_none_or(|requirement| requirement.is_met_by(access))
    }

    /// Whether the field itself may be seen; its type is another question.
    pub(crate) fn allows_field(&self, access: &Access, type_name: &Name, field: &Name) -> bool {
        let requirement = self.fields.get(&(type_name.clone(), field.clone()));
        requirement.is_none_or(|requirement| requirement.is_met_by(access))
    }
}

impl Requirement {
    fn names(&self) -> impl Iterator<Item = String> {
        self.scopes.iter().flatten().flatten().cloned()
    }

    fn is_met_by(&self, access: &Access) -> bool {
        let has_scopes = self.scopes.as_ref().is_none_or(|lists| {
            let mut lists = lists.iter();
            lists.any(|list| list.iter().all(|scope| access.scopes.contains(scope)))
        });
        !self.policy && (access.authenticated || !self.authenticated) && has_scopes
    }
}

impl Names {
    fn new(document: &Document) -> Self {
        let links = Links::of(document);
        Self {
            authenticated: links.own("authenticated"),
            requires_scopes: links.own("requiresScopes"),
            policy: links.own("policy"),
        }
    }

    fn requirement(&self, directives: &DirectiveList) -> Option<Requirement> {
        let scopes = directives.get(&self.requires_scopes);
        let scopes = scopes.map(|directive| {
            let lists = directive.specified_argument_by_name("scopes");
            lists.map(|lists| scopes_of(lists)).unwrap_or_default()
        });
        let requirement = Requirement {
            authenticated: directives.has(&self.authenticated),
            scopes,
            policy: directives.has(&self.policy),
        };
        let asks = requirement.authenticated || requirement.policy || requirement.scopes.is_some();
        asks.then_some(requirement)
    }
}

fn scopes_of(lists: &Value) -> Vec<Vec<String>> {
    let lists = lists.as_list().unwrap_or_default().iter();
    lists
        .map(|list| {
            let names = list.as_list().unwrap_or_default().iter();
            names
                .filter_map(|name| name.as_str().map(str::to_owned))
                .collect()
        })
        .collect()
}
