use std::{fs, path::Path};

use axum::{
    body::{Body, to_bytes},
    http::Request,
};
use serde_json::Value;
use tempfile::tempdir;
use tower::ServiceExt as _;

use super::*;

const MAIL: &str = "From: Setwise <no-reply@setwise.example>\r\n\
    To: =?utf-8?b?0JDQvdC90LA=?= <anna@example.com>\r\n\
    Subject: =?utf-8?b?0J/RgNC40LLQtdGC?=\r\n\
    Date: Sun, 01 Mar 2026 18:30:00 +0000\r\n\
    Content-Type: multipart/alternative; boundary=b\r\n\r\n\
    --b\r\nContent-Type: text/plain; charset=utf-8\r\n\r\nHello\r\n\
    --b\r\nContent-Type: text/html; charset=utf-8\r\n\r\n<script>alert(1)</script><p>Hello</p>\r\n--b--\r\n";

async fn get(dir: &Path, path: &str) -> (StatusCode, String, String) {
    let request = Request::get(path).body(Body::empty()).unwrap();
    let response = app(dir.into()).oneshot(request).await.unwrap();
    let status = response.status();
    let policy = response.headers().get(CONTENT_SECURITY_POLICY);
    let policy = policy
        .map_or("", |value| value.to_str().unwrap())
        .to_owned();
    let body = to_bytes(response.into_body(), 1 << 20).await.unwrap();
    (status, policy, String::from_utf8(body.to_vec()).unwrap())
}

#[tokio::test]
async fn lists_mails_newest_first() {
    let dir = tempdir().unwrap();
    fs::write(dir.path().join("20260301T183000.000Z-a.eml"), MAIL).unwrap();
    fs::write(dir.path().join("20260302T183000.000Z-b.eml"), MAIL).unwrap();
    fs::write(dir.path().join("20260303T183000.000Z-c.part"), MAIL).unwrap();
    let (_, _, body) = get(dir.path(), "/api/messages").await;
    let mails: Value = serde_json::from_str(&body).unwrap();
    assert_eq!(mails.as_array().unwrap().len(), 2);
    assert_eq!(mails[0]["file"], "20260302T183000.000Z-b.eml");
    assert_eq!(mails[0]["to"], "Анна <anna@example.com>");
    assert_eq!(mails[0]["subject"], "Привет");
    assert_eq!(mails[0]["date"], "2026-03-01T18:30:00Z");
    assert_eq!(mails[0]["text"].as_str().unwrap().trim(), "Hello");
    let (status, _, page) = get(dir.path(), "/").await;
    assert_eq!(status, StatusCode::OK);
    assert!(page.contains("Привет"));
}

#[tokio::test]
async fn a_mail_runs_no_scripts() {
    let dir = tempdir().unwrap();
    fs::write(dir.path().join("a.eml"), MAIL).unwrap();
    let (_, policy, html) = get(dir.path(), "/messages/a.eml/html").await;
    assert!(html.contains("<p>Hello</p>"));
    assert!(policy.contains("sandbox") && !policy.contains("allow-scripts"));
    let (_, policy, page) = get(dir.path(), "/messages/a.eml").await;
    assert!(page.contains("sandbox="));
    assert!(policy.starts_with("default-src 'none'"));
}

#[tokio::test]
async fn an_empty_mailbox_says_so() {
    let dir = tempdir().unwrap();
    let (status, _, page) = get(&dir.path().join("none"), "/").await;
    assert_eq!(status, StatusCode::OK);
    assert!(page.contains("No mail yet"));
}

#[tokio::test]
async fn nothing_outside_the_folder_is_shown() {
    let dir = tempdir().unwrap();
    fs::write(dir.path().join("outside.eml"), MAIL).unwrap();
    let mailbox = dir.path().join("mailbox");
    fs::create_dir(&mailbox).unwrap();
    for path in [
        "/messages/..%2Foutside.eml",
        "/messages/%2E%2E%2Foutside.eml/raw",
        "/messages/..%2Foutside.eml/html",
        "/messages/none.eml",
    ] {
        assert_eq!(get(&mailbox, path).await.0, StatusCode::NOT_FOUND, "{path}");
    }
}
