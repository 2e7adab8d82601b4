//! The supergraph and the configuration change while requests run.

use std::{
    os::unix::fs::symlink,
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
};

use serde_json::{Value, json};
use setwise_testkit::eventually;
use tokio::task::JoinSet;

use crate::support::{Folder, Numbers, Process, SOON, client, query_at, schema, supergraph, text};

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
async fn rest_goes_on_over_a_reload_and_is_planned_before() {
    const GROUPS: &str = "type MuscleGroup { id: ID! name: String! }";
    let sdl = |fields: &str| {
        format!(
            "{GROUPS} {}",
            schema(&format!("muscleGroups: [MuscleGroup!]! {fields}"))
        )
    };
    let numbers = Numbers::start().await;
    let folder = Folder::of(&numbers);
    folder.write("numbers.graphql", &sdl("a: Int"));
    let yaml = "supergraph: { path: supergraph.yaml }\nrest: true\n";
    folder.write("router.yaml", yaml);
    let router = Process::start(&["--config", &folder.text("router.yaml")]).await;
    let expected = json!({ "muscleGroups": [{ "id": "1", "name": "Back" }] });
    assert_eq!(muscle_groups(&router).await, expected);

    folder.replace("numbers.graphql", &sdl("b: Int"));
    eventually("the new supergraph is served", SOON, async || {
        assert_eq!(muscle_groups(&router).await, expected);
        let answer = router.query("{ b }").await;
        (answer["data"]["b"] == 2).then_some(())
    })
    .await;
    let misses = plan_cache_misses(&router).await;
    assert_eq!(muscle_groups(&router).await, expected);
    assert_eq!(plan_cache_misses(&router).await, misses);
}

async fn muscle_groups(router: &Process) -> Value {
    let url = format!("{}/v1/muscle_groups", router.url);
    let request = client().get(url).bearer_auth("anything");
    request.send().await.unwrap().json().await.unwrap()
}

async fn plan_cache_misses(router: &Process) -> String {
    let (_, metrics) = router.get("/metrics").await;
    let name = "router_plan_cache_misses_total ";
    let line = metrics.lines().find_map(|line| line.strip_prefix(name));
    line.unwrap_or_else(|| panic!("{metrics}")).to_owned()
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
async fn a_changed_configuration_is_taken_over() {
    const SCHEMA: &str = "{ __schema { queryType { name } } }";
    let numbers = Numbers::start().await;
    let folder = Folder::of(&numbers);
    let file = "router.yaml";
    let yaml = |rest: &str| format!("supergraph: {{ path: supergraph.yaml }}\n{rest}");
    folder.write(file, &yaml(""));
    let router = Process::start(&["--config", &folder.text(file)]).await;
    let load = Load::on(&router);
    let refused = router.query(SCHEMA).await;
    assert_eq!(code(&refused), "INTROSPECTION_DISABLED");
    assert_eq!(origin_allowed(&router).await, None);

    let cors = "cors: { origins: [https://app.example] }";
    folder.replace(file, &yaml(&format!("mode: development\n{cors}\n")));
    let schema = json!({ "__schema": { "queryType": { "name": "Query" } } });
    router.until_answered(SCHEMA, schema.clone()).await;
    router.until_logged("the configuration was replaced").await;
    let allowed = origin_allowed(&router).await;
    assert_eq!(allowed.as_deref(), Some("https://app.example"));

    // a bad one is told of, and changes nothing
    folder.replace(file, &yaml("mode: development\nlimits: { max_dept: 1 }\n"));
    router.until_logged("unknown key limits.max_dept").await;
    router
        .until_logged("the configuration cannot be loaded again: the old one stays")
        .await;
    assert_eq!(router.query(SCHEMA).await["data"], schema);
    let (_, metrics) = router.get("/metrics").await;
    let failed = "router_config_reloads_total{outcome=\"failed\"} 1";
    assert!(metrics.contains(failed), "{metrics}");

    // what waits for a restart is told of, the rest is taken over
    let waiting = "listen: 127.0.0.1:1\nrest: true\nlimits: { max_root_fields: 1 }\n";
    folder.replace(file, &yaml(waiting));
    eventually("the limit holds", SOON, async || {
        let refused = router.query("{ a b: a }").await;
        (code(&refused) == "OPERATION_LIMIT_EXCEEDED").then_some(())
    })
    .await;
    router.until_logged("\"keys\":\"rest\"").await;
    assert_eq!(router.get("/v1/exercises").await.0, 404);
    assert!(load.end().await > 0);
}

/// The origin that is told to a page of another one.
async fn origin_allowed(router: &Process) -> Option<String> {
    let request = client()
        .post(format!("{}/graphql", router.url))
        .header("origin", "https://app.example")
        .json(&json!({ "query": "{ a }" }));
    let response = request.send().await.unwrap();
    let allowed = response.headers().get("access-control-allow-origin")?;
    Some(allowed.to_str().unwrap().to_owned())
}

fn code(answer: &Value) -> &str {
    let code = &answer["errors"][0]["extensions"]["code"];
    code.as_str().unwrap_or_default()
}

#[tokio::test]
async fn a_changed_manifest_is_taken_over() {
    let numbers = Numbers::start().await;
    let folder = Folder::of(&numbers);
    let list = |query: &str| {
        json!({
            "format": "apollo-persisted-query-manifest",
            "version": 1,
            "operations": [{ "id": "one", "name": "A", "type": "query", "body": query }],
        })
        .to_string()
    };
    folder.write("operations.json", &list("query A { a }"));
    let safelist = "{ manifest: operations.json, unlisted: refuse }";
    let yaml = format!("supergraph: {{ path: supergraph.yaml }}\npersisted_queries: {safelist}\n");
    folder.write("router.yaml", &yaml);
    let router = Process::start(&["--config", &folder.text("router.yaml")]).await;
    let other = "query B { a }";
    assert_eq!(code(&router.query(other).await), "QUERY_NOT_IN_SAFELIST");

    folder.replace("operations.json", &list(other));
    router.until_answered(other, json!({ "a": 1 })).await;
    let gone = router.query("query A { a }").await;
    assert_eq!(code(&gone), "QUERY_NOT_IN_SAFELIST");

    folder.replace("operations.json", &list("query A {"));
    router.until_logged("the old one stays").await;
    assert!(router.log().contains("operations.json"), "{}", router.log());
    assert_eq!(router.query(other).await["data"]["a"], 1);
}

#[tokio::test]
async fn a_file_that_a_refused_configuration_names_is_watched() {
    let numbers = Numbers::start().await;
    let folder = Folder::of(&numbers);
    let yaml = |supergraph: &str, manifest: &str| {
        format!(
            "supergraph: {{ path: {supergraph} }}\npersisted_queries: {{ manifest: {manifest} }}\n"
        )
    };
    folder.write("router.yaml", &yaml("supergraph.yaml", "null"));
    let router = Process::start(&["--config", &folder.text("router.yaml")]).await;
    assert_eq!(router.query("{ a }").await, json!({ "data": { "a": 1 } }));

    // neither of what it names is there
    let other = supergraph(&numbers.url, "file: other.graphql");
    folder.write("other.yaml", &other);
    folder.replace("router.yaml", &yaml("other.yaml", "operations.json"));
    router.until_logged("operations.json").await;
    let operations = json!({
        "format": "apollo-persisted-query-manifest",
        "version": 1,
        "operations": [],
    });
    folder.write("operations.json", &operations.to_string());
    router.until_logged("other.graphql").await;
    assert_eq!(router.query("{ a }").await, json!({ "data": { "a": 1 } }));
    folder.write("other.graphql", &schema("a: Int b: Int"));
    router.until_answered("{ b }", json!({ "b": 2 })).await;
    router.until_logged("the configuration was replaced").await;
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
