//! Pictures that come with `uploadAvatar`, as the router sends them.

use chrono::{TimeDelta, Utc};
use serde_json::{Value, json};
use sqlx::PgPool;
use uuid::Uuid;

use super::{Service, avatar::png};
use crate::object;

const QUERY: &str = "mutation($file: Upload!) {
    uploadAvatar(file: $file) {
        image { width height byteSize }
        user { avatar { width } }
        userErrors { code field }
    }
}";

fn body(map: &Value, bytes: &[u8]) -> Vec<u8> {
    let operations = json!({ "query": QUERY, "variables": { "file": null } });
    let head = format!(
        "--B\r\nContent-Disposition: form-data; name=\"operations\"\r\n\r\n{operations}\r\n\
         --B\r\nContent-Disposition: form-data; name=\"map\"\r\n\r\n{map}\r\n\
         --B\r\nContent-Disposition: form-data; name=\"0\"; filename=\"me.png\"\r\n\
         Content-Type: image/png\r\n\r\n"
    );
    [head.as_bytes(), bytes, b"\r\n--B--\r\n"].concat()
}

impl Service {
    fn post(&self, user: Option<Uuid>) -> reqwest::RequestBuilder {
        let request = self.client.post(format!("{}/graphql", self.url));
        let Some(user) = user else {
            return request;
        };
        let token = self
            .issuer
            .issue(user, Uuid::now_v7(), Utc::now(), TimeDelta::minutes(1));
        request.bearer_auth(token.unwrap())
    }

    async fn upload(&self, user: Option<Uuid>, body: Vec<u8>) -> Value {
        let request = self.post(user).body(body);
        let request = request.header("content-type", "multipart/form-data; boundary=B");
        request.send().await.unwrap().json().await.unwrap()
    }
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn a_picture_sent_with_the_mutation_becomes_the_avatar(pool: PgPool) {
    let service = Service::start(pool).await;
    let user = Uuid::now_v7();
    let map = json!({ "0": ["variables.file"] });
    for side in [512, 256] {
        let body = body(&map, &png(side, side / 2));
        let answer = service.upload(Some(user), body).await;
        let payload = &answer["data"]["uploadAvatar"];
        assert_eq!(payload["userErrors"], json!([]), "{answer}");
        assert_eq!(payload["image"]["width"], side);
        assert_eq!(payload["user"]["avatar"]["width"], side);
        object::sweep(&service.app, Utc::now()).await.unwrap();
        // the picture as it came and the avatar
        assert_eq!(service.app.objects.count().await, 2);
    }
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn nothing_stays_of_a_file_that_is_refused(pool: PgPool) {
    let service = Service::start(pool).await;
    let map = json!({ "0": ["variables.file"] });
    let large = vec![7; 100_001];
    for bytes in [&b"<svg/>"[..], b"", &large] {
        let answer = service
            .upload(Some(Uuid::now_v7()), body(&map, bytes))
            .await;
        let payload = &answer["data"]["uploadAvatar"];
        let expected = json!([{ "code": "INVALID", "field": ["file"] }]);
        assert_eq!(payload["userErrors"], expected, "{answer}");
        assert_eq!(payload["image"], json!(null));
        object::sweep(&service.app, Utc::now()).await.unwrap();
        assert_eq!(service.app.objects.count().await, 0);
    }
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn a_file_must_come_as_specified(pool: PgPool) {
    let service = Service::start(pool).await;
    let user = Some(Uuid::now_v7());
    let code = |answer: &Value| answer["errors"][0]["extensions"]["code"].clone();
    let picture = png(8, 8);

    let map = json!({ "0": ["variables.file"] });
    let answer = service.upload(None, body(&map, &picture)).await;
    assert_eq!(code(&answer), "UNAUTHENTICATED");
    let answer = service
        .upload(user, body(&json!({ "1": ["variables.file"] }), &picture))
        .await;
    assert_eq!(code(&answer), "BAD_USER_INPUT");
    let mut cut = body(&map, &picture);
    cut.truncate(cut.len() - 20);
    let answer = service.upload(user, cut).await;
    assert_eq!(code(&answer), "BAD_USER_INPUT");
    let answer = service
        .upload(user, body(&json!({ "0": ["nowhere"] }), &picture))
        .await;
    assert_eq!(
        answer["errors"][0]["message"],
        "the path nowhere leads nowhere"
    );

    let request = json!({ "query": QUERY, "variables": { "file": "0" } });
    let answer = service.post(user).json(&request).send().await.unwrap();
    let answer: Value = answer.json().await.unwrap();
    assert_eq!(code(&answer), "BAD_USER_INPUT");
    assert_eq!(service.app.objects.count().await, 0);
}
