//! Uploads over GraphQL, files over HTTP.

use bytes::Bytes;
use chrono::{DateTime, TimeDelta, Utc};
use futures_util::{StreamExt, stream};
use reqwest::{Method, StatusCode, header};
use serde_json::json;
use setwise_service::Locale;
use sqlx::PgPool;
use uuid::Uuid;

use super::{Person, Service, person::text};
use crate::{
    object,
    upload::{self, Announcement, UploadId},
    user::UserId,
};

async fn status(request: reqwest::RequestBuilder) -> (StatusCode, String) {
    let response = request.send().await.unwrap();
    (response.status(), response.text().await.unwrap())
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn a_file_is_announced_sent_and_served(pool: PgPool) {
    let service = Service::start(pool).await;
    let person = Person::of(&service);
    let payload = person.create_upload("отчёт.txt", "text/plain").await;
    let upload = &payload["upload"];
    assert_eq!(payload["userErrors"], json!([]));
    assert_eq!(upload["filename"], "отчёт.txt");
    assert_eq!(upload["uploadedAt"], json!(null));
    let (put_url, get_url) = (text(&upload["uploadUrl"]), text(&upload["getUrl"]));

    let before = status(service.client.get(get_url)).await;
    assert_eq!(before.0, StatusCode::NOT_FOUND);

    let put = |body: &'static str| {
        let request = service.client.put(put_url).body(body);
        request.header(header::CONTENT_TYPE, "text/plain")
    };
    assert_eq!(status(put("hello")).await.0, StatusCode::OK);
    assert_eq!(status(put("again")).await.0, StatusCode::CONFLICT);

    let response = service.client.get(get_url).send().await.unwrap();
    assert_eq!(response.status(), StatusCode::OK);
    let headers = response.headers().clone();
    let header = |name| headers[name].to_str().unwrap();
    assert_eq!(header("content-type"), "text/plain");
    assert_eq!(header("content-length"), "5");
    assert_eq!(header("x-content-type-options"), "nosniff");
    assert_eq!(
        header("content-security-policy"),
        "default-src 'none'; sandbox"
    );
    assert!(header("content-disposition").starts_with("attachment; filename="));
    assert!(header("cache-control").starts_with("private, max-age="));
    assert_eq!(response.text().await.unwrap(), "hello");

    let again = service
        .client
        .get(get_url)
        .header("if-none-match", header("etag"));
    assert_eq!(
        status(again).await,
        (StatusCode::NOT_MODIFIED, String::new())
    );
    let head = service.client.head(get_url).send().await.unwrap();
    assert_eq!(head.headers()["content-length"], "5");

    let query = "query($id: ID!) { upload(id: $id) { uploadUrl uploadedAt } }";
    let data = person.ask(query, json!({ "id": upload["id"] })).await;
    assert_eq!(data["upload"]["uploadUrl"], json!(null));
    text(&data["upload"]["uploadedAt"])
        .parse::<DateTime<Utc>>()
        .unwrap();
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn refuses_a_wrong_content_type_and_a_forged_url(pool: PgPool) {
    let service = Service::start(pool).await;
    let person = Person::of(&service);
    let upload = person.create_upload("a.png", "image/png").await["upload"].take();
    let put_url = text(&upload["uploadUrl"]);
    let put = |url: &str| service.client.put(url).body("x");

    let (code, message) = status(put(put_url)).await;
    assert_eq!(code, StatusCode::BAD_REQUEST);
    assert!(message.contains("Content-Type is missing"), "{message}");
    let wrong = put(put_url).header(header::CONTENT_TYPE, "text/html");
    let (code, message) = status(wrong).await;
    assert_eq!(code, StatusCode::BAD_REQUEST);
    assert!(message.contains("must be image/png"), "{message}");

    let png = |url: &str| put(url).header(header::CONTENT_TYPE, "image/png");
    let forged = put_url.replace("type=image%2Fpng", "type=text%2Fhtml");
    assert_ne!(forged, put_url);
    let unsigned = put_url.split('?').next().unwrap();
    let get_url = text(&upload["getUrl"]);
    for url in [&*forged, unsigned, get_url] {
        assert_eq!(status(png(url)).await.0, StatusCode::FORBIDDEN, "{url}");
    }
    let (code, _) = status(service.client.get(put_url)).await;
    assert_eq!(code, StatusCode::FORBIDDEN);
    let empty = png(put_url).body("");
    assert_eq!(status(empty).await.0, StatusCode::BAD_REQUEST);
    // None of this used the upload up.
    assert_eq!(status(png(put_url)).await.0, StatusCode::OK);
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn refuses_an_expired_url(pool: PgPool) {
    let service = Service::start(pool).await;
    let id = Uuid::now_v7();
    let content_type = "image/png".parse().unwrap();
    let past = Utc::now() - TimeDelta::seconds(1);
    let put_url = service.app.urls.put_url(id, &content_type, past);
    let put = service
        .client
        .put(put_url)
        .header(header::CONTENT_TYPE, "image/png");
    let (code, message) = status(put.body("x")).await;
    assert_eq!(code, StatusCode::FORBIDDEN);
    assert!(message.contains("expired"), "{message}");
}

/// A client keeps it as the address of a picture.
#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn a_get_url_serves_for_years(pool: PgPool) {
    let service = Service::start(pool).await;
    let long_ago = Utc::now() - TimeDelta::days(3650);
    let mut conn = service.app.pool.acquire().await.unwrap();
    let announcement = Announcement {
        id: UploadId::new(),
        user_id: UserId(Uuid::now_v7()),
        filename: "me.png".into(),
        content_type: "image/png".into(),
    };
    let upload = upload::create(&mut conn, announcement, long_ago)
        .await
        .unwrap();
    let mut body = axum::body::Body::from("pixels").into_data_stream();
    upload::receive(&service.app, upload.id, &mut body, long_ago)
        .await
        .unwrap();
    object::sweep(&service.app, Utc::now()).await.unwrap();
    let get_url = service.app.urls.get_url(upload.id.0);
    let answer = status(service.client.get(get_url)).await;
    assert_eq!(answer, (StatusCode::OK, "pixels".into()));
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn refuses_a_file_that_is_too_large_however_it_comes(pool: PgPool) {
    let service = Service::start(pool).await;
    let person = Person::of(&service);
    let upload = person.create_upload("big", "a/b").await["upload"].take();
    let put = || {
        let request = service.client.put(text(&upload["uploadUrl"]));
        request.header(header::CONTENT_TYPE, "a/b")
    };
    let chunks = || stream::repeat_with(|| Ok::<_, std::io::Error>(Bytes::from_static(&[0; 1000])));
    // Without a length: only counting tells.
    let streamed = reqwest::Body::wrap_stream(chunks().take(101));
    for body in [vec![0; 100_001].into(), streamed] {
        assert_eq!(
            status(put().body(body)).await.0,
            StatusCode::PAYLOAD_TOO_LARGE
        );
    }
    let fits = reqwest::Body::wrap_stream(chunks().take(100));
    assert_eq!(status(put().body(fits)).await.0, StatusCode::OK);
    // What was refused leaves nothing behind.
    object::sweep(&service.app, Utc::now()).await.unwrap();
    assert_eq!(service.app.objects.count().await, 1);
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn of_two_files_sent_at_once_one_stays(pool: PgPool) {
    let service = Service::start(pool).await;
    let person = Person::of(&service);
    let upload = person.create_upload("a", "a/b").await["upload"].take();
    let put = |body: &'static str| {
        let request = service.client.put(text(&upload["uploadUrl"])).body(body);
        status(request.header(header::CONTENT_TYPE, "a/b"))
    };
    let answers = futures_util::future::join_all(["one", "two", "six"].map(put)).await;
    let mut codes: Vec<_> = answers.iter().map(|(code, _)| code.as_u16()).collect();
    codes.sort_unstable();
    assert_eq!(codes, [200, 409, 409]);
    object::sweep(&service.app, Utc::now()).await.unwrap();
    assert_eq!(service.app.objects.count().await, 1);
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn any_origin_may_send_and_fetch(pool: PgPool) {
    let service = Service::start(pool).await;
    let person = Person::of(&service);
    let upload = person.create_upload("a", "a/b").await["upload"].take();
    let preflight = service
        .client
        .request(Method::OPTIONS, text(&upload["uploadUrl"]))
        .header("origin", "https://app.example")
        .header("access-control-request-method", "PUT")
        .header("access-control-request-headers", "content-type");
    let response = preflight.send().await.unwrap();
    assert_eq!(response.status(), StatusCode::OK);
    let headers = response.headers();
    assert_eq!(headers["access-control-allow-origin"], "*");
    let methods = headers["access-control-allow-methods"].to_str().unwrap();
    assert!(methods.contains("PUT"), "{methods}");
    assert_eq!(headers.get("access-control-allow-credentials"), None);
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn an_announcement_must_make_sense(pool: PgPool) {
    let service = Service::start(pool).await;
    let person = Person::of(&service);
    for (filename, content_type, field) in
        [("", "image/png", "filename"), ("a", "png", "contentType")]
    {
        let payload = person.create_upload(filename, content_type).await;
        assert_eq!(payload["upload"], json!(null));
        assert_eq!(payload["userErrors"][0]["code"], "INVALID");
        assert_eq!(payload["userErrors"][0]["field"], json!([field]));
    }
    let query = "mutation {
        createUpload(input: { filename: \"\", contentType: \"a/b\" }) { userErrors { message } }
    }";
    let data = person.ask_in(Locale::Ru, query, json!({})).await;
    let message = &data["createUpload"]["userErrors"][0]["message"];
    assert_eq!(message, "Файлу нужно имя");
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn pending_uploads_are_limited_and_abandoned_ones_removed(pool: PgPool) {
    let service = Service::start(pool).await;
    let person = Person::of(&service);
    let kept = person.send(&service, "a/b", vec![1]).await;
    for _ in 0..50 {
        person.create_upload("a", "a/b").await;
    }
    let payload = person.create_upload("a", "a/b").await;
    assert_eq!(payload["userErrors"][0]["code"], "RESOURCE_EXHAUSTED");

    let later = Utc::now() + TimeDelta::minutes(80);
    let swept = object::sweep(&service.app, later).await.unwrap();
    assert_eq!((swept.uploads, swept.objects), (50, 0));
    assert_eq!(
        person.create_upload("a", "a/b").await["userErrors"],
        json!([])
    );
    let (code, _) = status(service.client.get(text(&kept["getUrl"]))).await;
    assert_eq!(code, StatusCode::OK);
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn another_persons_upload_does_not_exist(pool: PgPool) {
    let service = Service::start(pool).await;
    let upload = Person::of(&service).send(&service, "a/b", vec![1]).await;
    let other = Person::of(&service);
    let query = "query($id: ID!) { upload(id: $id) { id } }";
    for id in [&upload["id"], &json!("no id at all")] {
        let data = other.ask(query, json!({ "id": id })).await;
        assert_eq!(data["upload"], json!(null));
    }
    let payload = other.set_avatar(&upload).await;
    assert_eq!(payload["userErrors"][0]["code"], "NOT_FOUND");
}
