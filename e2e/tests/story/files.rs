//! Files over `/v1`: a signed URL takes one file and serves it afterwards.

use base64::{Engine as _, prelude::BASE64_STANDARD};
use reqwest::{Client, StatusCode, header::CONTENT_TYPE};
use serde_json::{Value, json};

use crate::{api::text, person::Person, stack::Shared};

/// A PNG of one pixel.
fn png() -> Vec<u8> {
    const PIXEL: &str = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";
    BASE64_STANDARD.decode(PIXEL).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_presigned_url_takes_one_file_and_serves_it() {
    let stack = Shared::stack();
    let person = Person::register(&stack).await;
    let request = json!({ "filename": "me.png", "contentType": "image/png" });
    let urls = person.api.post("/v1/files/presign", request).await;
    let (upload, get) = (text(&urls, "uploadUrl"), text(&urls, "getUrl"));
    let http = Client::builder().build().unwrap();
    let put = async |content_type: &str| {
        let request = http
            .put(&upload)
            .header(CONTENT_TYPE, content_type)
            .body(png());
        request.send().await.unwrap().status()
    };
    assert!(put("text/html").await.is_client_error());
    assert!(put("image/png").await.is_success());
    assert!(put("image/png").await.is_client_error());
    let served = http.get(&get).send().await.unwrap();
    assert_eq!(served.status(), StatusCode::OK);
    assert_eq!(served.headers()[CONTENT_TYPE], "image/png");
    assert_eq!(served.bytes().await.unwrap(), png());

    let change = json!({ "profilePictureUrl": get });
    let user = person.api.put("/v1/users", change).await;
    assert_eq!(text(&user, "user.profilePictureUrl"), get);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_avatar_is_the_picture_of_who_named_none() {
    let stack = Shared::stack();
    let person = Person::register(&stack).await;
    let input = json!({ "filename": "me.png", "contentType": "image/png" });
    let entity = "upload { id uploadUrl }";
    let upload = person.api.mutate("createUpload", entity, input).await;
    let url = text(&upload, "upload.uploadUrl");
    let http = Client::builder().build().unwrap();
    let put = http.put(url).header(CONTENT_TYPE, "image/png").body(png());
    assert!(put.send().await.unwrap().status().is_success());
    let input = json!({ "uploadId": upload["upload"]["id"] });
    let entity = "user { avatar { url width height } }";
    let avatar = person.api.mutate("setAvatar", entity, input).await;
    assert_eq!(avatar["userErrors"], json!([]), "{avatar}");
    let user = person.api.get("/v1/users/me").await;
    let picture = text(&user, "user.profilePictureUrl");
    let served = http.get(&picture).send().await.unwrap();
    assert_eq!(served.status(), StatusCode::OK, "{picture}");
}

/// The GraphQL multipart request specification, from the client through the router to files.
#[tokio::test(flavor = "multi_thread")]
async fn a_picture_sent_with_the_mutation_becomes_the_avatar() {
    let stack = Shared::stack();
    let person = Person::register(&stack).await;
    let query = "mutation ($file: Upload!) {
        uploadAvatar(file: $file) { user { avatar { url } } userErrors { code } }
    }";
    let operations = json!({ "query": query, "variables": { "file": null } });
    let map = json!({ "0": ["variables.file"] });
    let head = format!(
        "--B\r\nContent-Disposition: form-data; name=\"operations\"\r\n\r\n{operations}\r\n\
         --B\r\nContent-Disposition: form-data; name=\"map\"\r\n\r\n{map}\r\n\
         --B\r\nContent-Disposition: form-data; name=\"0\"; filename=\"me.png\"\r\n\
         Content-Type: image/png\r\n\r\n"
    );
    let body = [head.as_bytes(), &png(), b"\r\n--B--\r\n"].concat();
    let http = Client::builder().build().unwrap();
    let request = http
        .post(stack.running.router_url.join("/graphql").unwrap())
        .bearer_auth(text(&person.tokens, "accessToken"))
        .header(CONTENT_TYPE, "multipart/form-data; boundary=B")
        .header("apollo-require-preflight", "true")
        .body(body);
    let answer: Value = request.send().await.unwrap().json().await.unwrap();
    let payload = &answer["data"]["uploadAvatar"];
    assert_eq!(payload["userErrors"], json!([]), "{answer}");
    let served = http.get(text(payload, "user.avatar.url")).send().await;
    assert_eq!(served.unwrap().status(), StatusCode::OK);
    let user = person.api.get("/v1/users/me").await;
    assert!(!text(&user, "user.profilePictureUrl").is_empty());
}
