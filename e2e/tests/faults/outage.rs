use serde_json::json;
use setwise_e2e::{Person, Stack};

#[tokio::test(flavor = "multi_thread")]
async fn a_stopped_subgraph_leaves_the_others_data() {
    let stack = Stack::start().await;
    let person = Person::register(&stack).await;
    let query = "{ me { displayName avatar { url } workouts(first: 3) { edges { node { startedAt exerciseLogs { exercise { name } setLogs { reps weightKg } } } } } } }";
    let whole = person.data(query, json!({})).await;
    assert_eq!(whole["me"]["workouts"]["edges"], json!([]));

    stack.running.switches.training.cancel();
    let partial = setwise_testkit::eventually(
        "an answer without training",
        std::time::Duration::from_secs(30),
        async || {
            let answer = person.graphql(query, json!({})).await;
            answer.get("errors").is_some().then_some(answer)
        },
    )
    .await;
    let me = &partial["data"]["me"];
    assert!(me["displayName"].is_string(), "{partial}");
    assert!(me["workouts"].is_null(), "{partial}");
    let extensions = &partial["errors"][0]["extensions"];
    assert_eq!(extensions["service"], "training", "{partial}");
    assert!(extensions["code"].is_string(), "{partial}");
    stack.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn registering_works_without_the_broker_and_the_mail_comes_later() {
    let stack = Stack::start().await;
    stack.running.switches.broker.cancel();
    let person = Person::register(&stack).await;
    assert!(person.access_token.is_some());
    let data = stack.stop().await;

    let stack = Stack::start_in(data, |_| {}).await;
    let mail = stack.mail(&person.email, "Setwise").await;
    assert!(mail["to"].as_str().unwrap().contains(&person.email));
    stack.stop().await;
}
