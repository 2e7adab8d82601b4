//! From an upload to `User.avatar`.

use std::io::Cursor;

use chrono::Utc;
use image::{DynamicImage, ImageFormat, RgbImage};
use reqwest::StatusCode;
use serde_json::{Value, json};
use sqlx::PgPool;

use super::{Person, Service, person::text};
use crate::object;

pub(super) fn png(width: u32, height: u32) -> Vec<u8> {
    let mut bytes = Cursor::new(Vec::new());
    DynamicImage::from(RgbImage::new(width, height))
        .write_to(&mut bytes, ImageFormat::Png)
        .unwrap();
    bytes.into_inner()
}

async fn avatar(person: &Person) -> Value {
    let id = person.id.to_string();
    person.entity("User", &id, "id avatar { id }").await["avatar"].take()
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn an_uploaded_picture_becomes_the_avatar(pool: PgPool) {
    let service = Service::start(pool).await;
    let person = Person::of(&service);
    assert_eq!(avatar(&person).await, json!(null));
    let upload = person.send(&service, "image/png", png(1024, 512)).await;
    let payload = person.set_avatar(&upload).await;
    assert_eq!(payload["userErrors"], json!([]));
    let image = &payload["image"];
    assert_eq!(
        (&image["width"], &image["height"]),
        (&json!(512), &json!(256))
    );
    assert_eq!(image["contentType"], "image/jpeg");
    assert_eq!(payload["user"]["avatar"]["id"], image["id"]);
    assert_eq!(avatar(&person).await["id"], image["id"]);

    let response = service
        .client
        .get(text(&image["url"]))
        .send()
        .await
        .unwrap();
    assert_eq!(response.status(), StatusCode::OK);
    assert_eq!(response.headers()["content-type"], "image/jpeg");
    assert_eq!(response.headers()["content-disposition"], "inline");
    let bytes = response.bytes().await.unwrap();
    assert_eq!(image["byteSize"], bytes.len());
    let decoded = image::load_from_memory(&bytes).unwrap();
    assert_eq!((decoded.width(), decoded.height()), (512, 256));
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn only_its_owner_sees_an_avatar(pool: PgPool) {
    let service = Service::start(pool).await;
    let owner = Person::of(&service);
    let upload = owner.send(&service, "image/png", png(8, 8)).await;
    let image = owner.set_avatar(&upload).await["image"].take();
    let other = Person::of(&service);
    let id = text(&image["id"]);
    let user = other
        .entity("User", &owner.id.to_string(), "id avatar { id }")
        .await;
    assert_eq!(user["avatar"], json!(null));
    assert_eq!(other.entity("Image", id, "id").await, json!(null));
    assert_eq!(owner.entity("Image", id, "id").await["id"], image["id"]);
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn a_new_avatar_takes_the_place_of_the_old_one(pool: PgPool) {
    let service = Service::start(pool).await;
    let person = Person::of(&service);
    let first = person.send(&service, "image/png", png(8, 8)).await;
    let old = person.set_avatar(&first).await["image"].take();
    let second = person.send(&service, "image/png", png(9, 9)).await;
    let new = person.set_avatar(&second).await["image"].take();
    assert_ne!(old["id"], new["id"]);
    assert_eq!(avatar(&person).await["id"], new["id"]);

    object::sweep(&service.app, Utc::now()).await.unwrap();
    // The second upload and the picture made of it.
    assert_eq!(service.app.objects.count().await, 2);
    for gone in [text(&old["url"]), text(&first["getUrl"])] {
        let response = service.client.get(gone).send().await.unwrap();
        assert_eq!(response.status(), StatusCode::NOT_FOUND);
    }
    // Once more the same upload: it stays.
    let again = person.set_avatar(&second).await;
    assert_eq!(again["userErrors"], json!([]));
    object::sweep(&service.app, Utc::now()).await.unwrap();
    assert_eq!(service.app.objects.count().await, 2);
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn avatars_set_at_the_same_time_leave_one(pool: PgPool) {
    let service = Service::start(pool).await;
    let person = Person::of(&service);
    let mut uploads = Vec::new();
    for side in [8, 9, 10] {
        uploads.push(person.send(&service, "image/png", png(side, side)).await);
    }
    let set = uploads.iter().map(|upload| person.set_avatar(upload));
    for payload in futures_util::future::join_all(set).await {
        assert_eq!(payload["userErrors"], json!([]));
    }
    object::sweep(&service.app, Utc::now()).await.unwrap();
    assert_eq!(service.app.objects.count().await, 2);
    assert!(avatar(&person).await["id"].is_string());
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn an_avatar_can_be_removed_twice(pool: PgPool) {
    let service = Service::start(pool).await;
    let person = Person::of(&service);
    let upload = person.send(&service, "image/png", png(8, 8)).await;
    person.set_avatar(&upload).await;
    let query = "mutation { removeAvatar { user { avatar { id } } userErrors { code } } }";
    for _ in 0..2 {
        let data = person.ask(query, json!({})).await;
        let expected = json!({ "user": { "avatar": null }, "userErrors": [] });
        assert_eq!(data["removeAvatar"], expected);
    }
    object::sweep(&service.app, Utc::now()).await.unwrap();
    assert_eq!(service.app.objects.count().await, 0);
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn refuses_what_is_not_there_and_what_is_no_picture(pool: PgPool) {
    let service = Service::start(pool).await;
    let person = Person::of(&service);
    let announced = person.create_upload("a.png", "image/png").await["upload"].take();
    let lie = person.send(&service, "image/png", b"<svg/>".to_vec()).await;
    let nothing = json!({ "id": "nothing" });
    for (upload, code) in [
        (&announced, "FAILED_PRECONDITION"),
        (&lie, "INVALID"),
        (&nothing, "NOT_FOUND"),
    ] {
        let payload = person.set_avatar(upload).await;
        assert_eq!(payload["image"], json!(null));
        assert_eq!(payload["userErrors"][0]["code"], code);
        assert_eq!(payload["userErrors"][0]["field"], json!(["uploadId"]));
    }
}
