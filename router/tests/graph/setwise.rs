//! Setwise's own supergraph.

use std::{env, fs, path::PathBuf};

use serde_json::{Value, json};
use setwise_router::{Graph, supergraph_sdl};

use crate::support::{Router, Subgraph, config};

fn root() -> PathBuf {
    PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/.."))
}

#[tokio::test]
async fn the_composed_supergraph_is_that_of_the_subgraphs() {
    let mut config = config();
    config.supergraph.path = Some(root().join("supergraph.yaml"));
    let composed = format!("{}\n", supergraph_sdl(&config).await.unwrap().trim_end());
    let path = root().join("supergraph.graphql");
    #[expect(clippy::disallowed_methods, reason = "a switch of this test alone")]
    let is_rewritten = env::var("UPDATE_SDL").is_ok();
    if is_rewritten {
        fs::write(&path, &composed).unwrap();
    }
    let kept = fs::read_to_string(&path).unwrap_or_default();
    assert!(
        kept == composed,
        "supergraph.graphql is not what the subgraphs compose to: run this test with UPDATE_SDL=1"
    );
}

/// The query of the start page: three subgraphs, each asked once.
const START_PAGE: &str = "{ me { displayName avatar { url } workouts(first: 3) { edges { node { \
    startedAt exerciseLogs { exercise { name } setLogs { reps weightKg } } } } } } }";

#[tokio::test]
async fn the_start_page_asks_each_subgraph_once() {
    let workouts = json!({ "edges": [{ "node": {
        "startedAt": "2026-11-24T10:00:00Z",
        "exerciseLogs": [{
            "exercise": { "name": "Squat" },
            "setLogs": [{ "reps": 5, "weightKg": 102.50 }],
        }],
    } }] });
    let ada = json!({ "__typename": "User", "id": "u1", "displayName": "Ada" });
    let users = answering("users", json!({ "me": ada })).await;
    let avatar = json!({ "avatar": { "url": "http://127.0.0.1/files/1" } });
    let files = answering("files", json!({ "_entities": [avatar] })).await;
    let logged = json!({ "workouts": workouts });
    let training = answering("training", json!({ "_entities": [logged] })).await;

    let mut config = config();
    config.supergraph.path = Some(root().join("supergraph.graphql"));
    for subgraph in [&users, &files, &training] {
        let url = subgraph.url.parse().unwrap();
        config.subgraphs.set_url(subgraph.name, url);
    }
    let router = Router::start(config).await;
    assert_eq!(
        router.query(START_PAGE).await,
        json!({ "data": { "me": {
            "displayName": "Ada",
            "avatar": avatar["avatar"],
            "workouts": workouts,
        } } })
    );
    for subgraph in [&users, &files, &training] {
        assert_eq!(subgraph.asked().len(), 1, "{}", subgraph.name);
    }
    let representations = json!([{ "__typename": "User", "id": "u1" }]);
    assert_eq!(
        Value::from(training.last_representations()),
        representations
    );
}

async fn answering(name: &'static str, data: Value) -> Subgraph {
    Subgraph::constant(name, "", json!({ "data": data })).await
}

/// Every field of the roots can be planned.
#[tokio::test]
async fn what_the_web_reads_is_planned() {
    let mut config = config();
    config.supergraph.path = Some(root().join("supergraph.graphql"));
    let graph = Graph::load(&config).await.unwrap();
    for query in [
        START_PAGE,
        "{ exercises(first: 5) { edges { cursor node { id name muscleGroups { name } } } pageInfo { endCursor hasNextPage } } }",
        "{ activeWorkouts { id user { displayName avatar { url } } routine { name } report { totalReps } } }",
        "{ routines { nodes { id name exerciseInstances { exercise { name } sets { reps } } } } }",
        r#"mutation { logSet(input: { workoutId: "a", exerciseLogId: "b", reps: 5, weight: 100 }) { setLog { id exerciseLog { workout { user { displayName } } } } userErrors { code message field } } }"#,
    ] {
        graph.explain(query).unwrap();
    }
}
