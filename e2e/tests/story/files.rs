//! Files over `/v1`: a signed URL takes one file and serves it afterwards.

use base64::{Engine as _, prelude::BASE64_STANDARD};
use reqwest::{Client, StatusCode, header::CONTENT_TYPE};
use serde_json::json;

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
