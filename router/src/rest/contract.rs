//! Holds the routes, the requests, the answers, the stored operations and the description of all of
//! them to `tests/contract.json`.

mod answers;
mod openapi;
mod operations;
mod requests;

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::LazyLock,
};

use serde::Deserialize;

use super::{route::Access, routes};
use crate::{Config, Graph, SubgraphSchema, compose};

static CONTRACT: LazyLock<Contract> = LazyLock::new(|| {
    serde_json::from_str(include_str!("../../tests/contract.json")).expect("the contract")
});

#[derive(Deserialize)]
struct Contract {
    operations: Vec<ContractOperation>,
    types: BTreeMap<String, ContractType>,
}

#[derive(Deserialize)]
struct ContractOperation {
    method: String,
    path: String,
    name: String,
    auth: bool,
    body: Option<String>,
    #[serde(default)]
    query: BTreeMap<String, String>,
    ok: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
enum ContractType {
    Fields(BTreeMap<String, Field>),
    Enum(Vec<String>),
}

#[derive(Deserialize)]
struct Field {
    #[serde(rename = "type")]
    kind: Kind,
    #[serde(default)]
    required: bool,
}

#[derive(Clone, Deserialize)]
#[serde(untagged)]
enum Kind {
    One(String),
    Many([String; 1]),
}

/// The supergraph of the subgraphs' schemas as they lie in the repository.
fn supergraph_sdl() -> String {
    let subgraphs = [
        (
            "users",
            include_str!("../../../subgraphs/users/schema.graphql"),
        ),
        (
            "training",
            include_str!("../../../subgraphs/training/schema.graphql"),
        ),
        (
            "files",
            include_str!("../../../subgraphs/files/schema.graphql"),
        ),
    ];
    let subgraphs = subgraphs.map(|(name, sdl)| SubgraphSchema {
        name: name.to_owned(),
        routing_url: "http://127.0.0.1:1/graphql".to_owned(),
        sdl: sdl.to_owned(),
    });
    compose(&subgraphs).unwrap()
}

/// The graph of these schemas, its subgraphs out of reach.
async fn graph() -> Graph {
    graph_with(|_| {}).await
}

async fn graph_with(change: impl FnOnce(&mut Config)) -> Graph {
    let mut config = Config::default();
    config.supergraph.sdl = Some(supergraph_sdl());
    change(&mut config);
    Graph::load(&config).await.unwrap()
}

impl Contract {
    fn fields(&self, name: &str) -> &BTreeMap<String, Field> {
        match &self.types[name] {
            ContractType::Fields(fields) => fields,
            ContractType::Enum(_) => panic!("{name} is an enum"),
        }
    }
}

#[test]
fn every_operation_has_its_route() {
    let empty = |name: &str| match name {
        "Empty" => "{}".to_owned(),
        name => name.to_owned(),
    };
    let ours: BTreeSet<_> = routes()
        .into_iter()
        .map(|route| {
            let operation = route.operation;
            (
                operation.method.to_string(),
                format!("/v1{}", route.path),
                operation.name.to_owned(),
                operation.access == Access::SignedIn,
                empty(operation.output.name),
            )
        })
        .collect();
    let theirs: BTreeSet<_> = CONTRACT
        .operations
        .iter()
        .map(|operation| {
            (
                operation.method.clone(),
                operation.path.clone(),
                operation.name.clone(),
                operation.auth,
                operation.ok.clone(),
            )
        })
        .collect();
    let differ: Vec<_> = ours.symmetric_difference(&theirs).collect();
    assert!(differ.is_empty(), "{differ:#?}");
}
