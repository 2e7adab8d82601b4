//! What `/v1` answers while a subgraph is down.

use serde_json::json;
use setwise_e2e::{MAIL_DEADLINE, Stack};
use setwise_testkit::eventually;

use crate::{api::text, person::Person};

#[tokio::test(flavor = "multi_thread")]
async fn a_stopped_subgraph_is_unavailable_and_leaves_the_others_whole() {
    let stack = Stack::start().await;
    let person = Person::register(&stack).await;
    stack.running.switches.files.cancel();
    let presign = json!({ "filename": "me.png", "contentType": "image/png" });
    eventually("files is down", MAIL_DEADLINE, async || {
        let answer = person.api.call("POST", "/v1/files/presign", &presign).await;
        (answer.status == 503).then(|| answer.refused(503, 14))
    })
    .await;
    let body = r#"{ "filename": "me.png", "contentType": "image/png" }"#;
    let answer = person.api.send("POST", "/v1/files/presign", body).await;
    assert!(answer.headers().contains_key("retry-after"));
    let user = person.api.get("/v1/users/me").await;
    assert_eq!(text(&user, "user.id"), person.id);
    assert_eq!(text(&user, "user.profilePictureUrl"), "");
    person.finished_workout().await;
    stack.stop().await;
}
