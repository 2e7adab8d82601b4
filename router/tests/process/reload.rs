//! The supergraph changes while requests run.

use std::{
    os::unix::fs::symlink,
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
};

use serde_json::json;
use tokio::task::JoinSet;

use crate::support::{Folder, Numbers, Process, client, query_at, schema, supergraph, text};

/// Requests without a pause, none of which may fail.
struct Load {
    answered: Arc<AtomicUsize>,
    done: Arc<AtomicBool>,
    clients: JoinSet<()>,
}

impl Load {
    fn on(router: &Process) -> Self {
        let answered = Arc::new(AtomicUsize::new(0));
        let done = Arc::new(AtomicBool::new(false));
        let mut clients = JoinSet::new();
        for _ in 0..4 {
            let (answered, done) = (Arc::clone(&answered), Arc::clone(&done));
            let (client, url) = (client(), router.url.clone());
            clients.spawn(async move {
                while !done.load(Ordering::Relaxed) {
                    let answer = query_at(&client, &url, "{ a }").await;
                    assert_eq!(answer, json!({ "data": { "a": 1 } }));
                    answered.fetch_add(1, Ordering::Relaxed);
                }
            });
        }
        Self {
            answered,
            done,
            clients,
        }
    }

    /// Ends it and gives the number of answers.
    async fn end(self) -> usize {
        self.done.store(true, Ordering::Relaxed);
        self.clients.join_all().await;
        self.answered.load(Ordering::Relaxed)
    }
}

#[tokio::test]
async fn a_changed_schema_is_served_without_a_failed_request() {
    let numbers = Numbers::start().await;
    let folder = Folder::of(&numbers);
    let router = Process::start(&["--supergraph", &folder.text("supergraph.yaml")]).await;
    let load = Load::on(&router);
    let unknown = router.query("{ b }").await;
    assert_eq!(
        unknown["errors"][0]["extensions"]["code"],
        "GRAPHQL_VALIDATION_FAILED"
    );

    folder.write("numbers.graphql", &schema("a: Int b: Int"));
    router.until_answered("{ b }", json!({ "b": 2 })).await;
    folder.replace("numbers.graphql", &schema("a: Int c: Int"));
    router.until_answered("{ c }", json!({ "c": 3 })).await;
    assert!(load.end().await > 0);
    let (_, metrics) = router.get("/metrics").await;
    let replaced = "router_supergraph_reloads_total{outcome=\"replaced\"} 2";
    assert!(metrics.contains(replaced), "{metrics}");
}

#[tokio::test]
async fn a_bad_supergraph_leaves_the_old_one_in_place() {
    let numbers = Numbers::start().await;
    let folder = Folder::of(&numbers);
    let router = Process::start(&["--supergraph", &folder.text("supergraph.yaml")]).await;
    let load = Load::on(&router);

    folder.write("numbers.graphql", "type Query { a: Missing }");
    router.until_logged("the old one stays").await;
    assert!(router.log().contains("Missing"), "{}", router.log());
    assert_eq!(router.get("/readyz").await.0, 200);
    let (_, metrics) = router.get("/metrics").await;
    let failed = "router_supergraph_reloads_total{outcome=\"failed\"} 1";
    assert!(metrics.contains(failed), "{metrics}");

    // a good one is taken again
    folder.replace("numbers.graphql", &schema("a: Int b: Int"));
    router.until_answered("{ b }", json!({ "b": 2 })).await;
    assert!(load.end().await > 0);
}

#[tokio::test]
async fn a_swapped_link_is_noticed() {
    let numbers = Numbers::start().await;
    let folder = Folder::of(&numbers);
    // as Kubernetes mounts a ConfigMap: supergraph.yaml -> data/supergraph.yaml, data -> a folder
    for (version, fields) in [("1", "a: Int"), ("2", "a: Int b: Int")] {
        std::fs::create_dir(folder.path(version)).unwrap();
        folder.write(&format!("{version}/numbers.graphql"), &schema(fields));
        let yaml = supergraph(&numbers.url, "file: numbers.graphql");
        folder.write(&format!("{version}/supergraph.yaml"), &yaml);
    }
    symlink("1", folder.path("data")).unwrap();
    let path = folder.path("data/supergraph.yaml");
    let router = Process::start(&["--supergraph", text(&path)]).await;
    assert_eq!(router.query("{ a }").await, json!({ "data": { "a": 1 } }));

    symlink("2", folder.path("new")).unwrap();
    std::fs::rename(folder.path("new"), folder.path("data")).unwrap();
    router.until_answered("{ b }", json!({ "b": 2 })).await;
}

#[tokio::test]
async fn a_hangup_loads_what_is_not_watched() {
    let numbers = Numbers::start().await;
    let folder = Folder::of(&numbers);
    folder.write(
        "router.yaml",
        "supergraph:\n  path: supergraph.yaml\n  watch: false\n",
    );
    let router = Process::start(&["--config", &folder.text("router.yaml")]).await;

    folder.write("numbers.graphql", &schema("a: Int b: Int"));
    router.signal("HUP");
    router.until_answered("{ b }", json!({ "b": 2 })).await;
}

#[tokio::test]
async fn a_subgraph_is_asked_for_its_schema_again() {
    let numbers = Numbers::start().await;
    let folder = Folder::of(&numbers);
    let asked = supergraph(&numbers.url, &format!("subgraph_url: {}", numbers.url));
    folder.write("supergraph.yaml", &asked);
    let yaml = "supergraph:\n  path: supergraph.yaml\n  poll_seconds: 1\n";
    folder.write("router.yaml", yaml);
    let router = Process::start(&["--config", &folder.text("router.yaml")]).await;
    assert_eq!(router.query("{ a }").await, json!({ "data": { "a": 1 } }));

    *numbers.sdl.lock().unwrap() = schema("a: Int b: Int");
    router.until_answered("{ b }", json!({ "b": 2 })).await;
}
