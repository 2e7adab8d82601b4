use std::path::Path;

use apollo_compiler::Schema;
use futures_util::future;
use serde_json::Value;
use setwise_router::{Config, Graph, GraphRequest};

use super::{
    apollo::Apollo,
    generate,
    mock::{Fault, Faults, Mock},
    schema::SubgraphSchema,
    server::Server,
};

/// How many queries are compared.
const QUERIES: u64 = 1000;

/// How many of them are under way at once.
const TOGETHER: usize = 20;

const SUBGRAPHS: [(&str, &str); 3] = [
    ("files", "http://127.0.0.1:4003/graphql"),
    ("training", "http://127.0.0.1:4002/graphql"),
    ("users", "http://127.0.0.1:4001/graphql"),
];

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn answers_like_apollo_gateway() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let mut supergraph = std::fs::read_to_string(root.join("supergraph.graphql")).unwrap();
    let schema = Schema::parse(&supergraph, "supergraph.graphql").unwrap();
    let mut servers = Vec::new();
    let faults = Faults::default();
    for (name, url) in SUBGRAPHS {
        let sdl = root.join("subgraphs").join(name).join("schema.graphql");
        let sdl = std::fs::read_to_string(sdl).unwrap();
        let mock = Mock {
            name,
            schema: SubgraphSchema::new(name, &sdl),
            faults: faults.clone(),
        };
        let server = Server::start(mock).await;
        assert!(
            supergraph.contains(url),
            "the supergraph has {name} at {url}"
        );
        supergraph = supergraph.replace(url, &server.url);
        servers.push(server);
    }
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("supergraph.graphql");
    std::fs::write(&file, &supergraph).unwrap();
    let mut apollo = Apollo::start(&file);
    let mut config = Config::development();
    config.supergraph.sdl = Some(supergraph);
    config.subgraphs.all.circuit_breaker.failures = 0;
    config.subgraphs.all.circuit_breaker.min_requests = u32::MAX;
    config.limits.max_aliases = 10_000;
    config.limits.max_fields = 100_000;
    config.limits.max_tokens = 1_000_000;
    let router = Graph::load(&config).await.unwrap();

    let seeds: Vec<u64> = (0..QUERIES).collect();
    let mut failed = 0;
    for (batch, seeds) in seeds.chunks(TOGETHER).enumerate() {
        faults.set(fault(batch));
        // Apollo's gateway asks subgraphs for what is skipped when two selections are merged, and
        // lets an error there null what was not skipped
        let has_faults = fault(batch) != Fault::None;
        let requests: Vec<_> = seeds
            .iter()
            .map(|seed| generate::request(&schema, *seed, !has_faults))
            .collect();
        let ours = future::join_all(requests.iter().map(|request| ask(&router, request)));
        let (ours, theirs) = tokio::join!(ours, apollo.ask(&requests));
        for (index, request) in requests.iter().enumerate() {
            let (ours, theirs) = (&ours[index], &theirs[index]);
            // what does not fit its type is told beside the errors there
            let completions = &theirs["extensions"]["valueCompletion"];
            let has_failed = theirs.get("errors").is_some() || !completions.is_null();
            failed += usize::from(has_failed);
            assert!(
                ours["data"] == theirs["data"]
                    && ours.get("errors").is_some() == has_failed
                    && (has_faults || !has_failed),
                "query {} {request:#}\n{}\nrouter {ours:#}\ngateway {theirs:#}",
                seeds[index],
                request["query"].as_str().unwrap(),
            );
        }
    }
    let asked = servers.iter().flat_map(Server::take_asked);
    let joins = asked.filter(|body| body["query"].as_str().unwrap().contains("_entities"));
    let joins = joins.count();
    assert!(joins > 400, "only {joins} joins in {QUERIES} queries");
    assert!(
        failed > 200,
        "only {failed} of {QUERIES} queries with errors"
    );
}

/// What goes wrong while a batch is answered: nothing in half of them.
fn fault(batch: usize) -> Fault {
    match batch % 8 {
        1 => Fault::Fields(40),
        3 => Fault::Fields(10),
        5 => Fault::Fields(4),
        7 => Fault::Outage(SUBGRAPHS[batch / 8 % SUBGRAPHS.len()].0),
        _ => Fault::None,
    }
}

async fn ask(router: &Graph, request: &Value) -> Value {
    let response = router
        .execute(GraphRequest {
            query: request["query"].as_str().unwrap().into(),
            variables: request["variables"].as_object().unwrap().clone(),
            ..GraphRequest::default()
        })
        .await;
    serde_json::from_slice(&response.to_json()).unwrap()
}
