//! The end of a process.

use serde_json::json;
use setwise_testkit::eventually;
use tokio::{net::TcpListener, task::JoinSet, time::timeout};

use crate::support::{Folder, Numbers, Process, SOON, client, query_at, supergraph};

#[tokio::test]
async fn a_shutdown_is_told_from_its_signal_to_its_end() {
    let folder = Folder::of(&Numbers::start().await);
    // a subgraph that takes requests and answers none
    let silent = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/graphql", silent.local_addr().unwrap());
    let yaml = supergraph(&url, "file: numbers.graphql");
    folder.write("supergraph.yaml", &yaml);
    let mut router = Process::start(&["--supergraph", &folder.text("supergraph.yaml")]).await;
    let url = router.url.clone();
    let mut asking = JoinSet::new();
    asking.spawn(async move { query_at(&client(), &url, "{ a }").await });
    let (connection, _) = timeout(SOON, silent.accept()).await.unwrap().unwrap();

    router.signal("TERM");
    router.until_logged("shuts down").await;
    let log = router.log();
    let line = log.lines().find(|line| line.contains("shuts down"));
    let line: serde_json::Value = line.unwrap().parse().unwrap();
    assert_eq!(line["signal"], "SIGTERM", "{line}");
    assert_eq!(line["requests"], 1, "{line}");
    drop(silent);
    drop(connection);
    let answer = timeout(SOON, asking.join_next()).await.unwrap();
    let answer = answer.unwrap().unwrap();
    assert_eq!(answer["data"], json!({ "a": null }));
    let ended = eventually("the router ends", SOON, async || router.ended()).await;
    assert!(ended.success(), "{ended}");
    router.until_logged("setwise-router is shut down").await;
}
