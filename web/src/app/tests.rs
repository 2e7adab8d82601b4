//! Pages over a router that is not there: what needs no graph works, and
//! what does says so.

mod exercise;
mod forms;
mod generation;
mod insight;
mod loading;
mod routine;
mod site;
mod workout;

use std::sync::{Arc, Mutex};

use axum::{body::Body, response::Response};
use chrono::TimeDelta;
use http::{Request, StatusCode, header};
use serde_json::{Value, json};

use super::*;
use crate::session::tests::session;
use site::{Site, form};

#[tokio::test]
async fn the_landing_page_invites_in_the_readers_language() {
    let site = Site::new();
    let page = site
        .get("/", &[(header::ACCEPT_LANGUAGE, "ru-RU,ru;q=0.9")])
        .await;
    assert_eq!(page.status, StatusCode::OK);
    assert!(page.html.contains("<html lang=\"ru\">"));
    assert!(page.html.contains("href=\"/register\""));
}

#[tokio::test]
async fn pages_run_nothing_inline() {
    let site = Site::new();
    let page = site.get("/sign-in", &[]).await;
    let policy = page.headers[header::CONTENT_SECURITY_POLICY]
        .to_str()
        .unwrap();
    assert!(policy.starts_with("default-src 'none'; script-src 'self'; style-src 'self';"));
    assert!(!policy.contains("unsafe"));
    assert!(!page.html.contains("<style") && !page.html.contains(" style="));
    assert!(!page.html.contains(" onclick=") && !page.html.contains("<script>"));
    assert_eq!(page.headers["x-content-type-options"], "nosniff");
}

#[tokio::test]
async fn who_is_signed_out_is_led_to_the_sign_in_and_back() {
    let site = Site::new();
    let page = site.get("/routines?after=x", &[]).await;
    assert_eq!(page.status, StatusCode::SEE_OTHER);
    assert_eq!(page.location(), "/sign-in?return=%2Froutines%3Fafter%3Dx");
    let page = site.get(page.location(), &[]).await;
    assert!(
        page.html
            .contains("name=\"return\" value=\"/routines?after=x\"")
    );
}

#[tokio::test]
async fn files_lead_to_no_other_path_of_the_router() {
    let site = Site::new();
    for path in [
        "/files/../metrics",
        "/files/%2e%2e/metrics",
        "/files/%2e%2e%2fmetrics",
        "/files/metrics",
    ] {
        let answer = site.get(path, &[]).await;
        assert_eq!(answer.status, StatusCode::NOT_FOUND, "{path}");
    }
    let file = "/files/01890a5d-ac96-774b-bcce-b302099a8057?signature=a";
    let answer = site.get(file, &[]).await;
    assert_eq!(
        answer.status,
        StatusCode::BAD_GATEWAY,
        "asked of the router"
    );
}

#[tokio::test]
async fn signing_in_keeps_the_address_when_the_router_is_down() {
    let site = Site::new();
    let page = site.get("/sign-in", &[]).await;
    let body = format!(
        "csrf={}&email=anna%40example.org&password=secret-words",
        page.token()
    );
    let answer = site.post("/sign-in", &page.cookies, &body).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(answer.html.contains("value=\"anna@example.org\""));
    assert!(answer.html.contains("Setwise does not answer right now"));
    assert!(!answer.html.contains("secret-words"));
}

#[tokio::test]
async fn missing_fields_are_named_beside_them() {
    let site = Site::new();
    let page = site.get("/register", &[]).await;
    let body = format!("csrf={}&first_name=Anna", page.token());
    let answer = site.post("/register", &page.cookies, &body).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(answer.html.contains("id=\"register-email-error\""));
    assert!(answer.html.contains("id=\"register-password-error\""));
    assert!(answer.html.contains("value=\"Anna\""));
}

#[tokio::test]
async fn a_page_without_its_router_says_what_to_do_and_keeps_what_was_entered() {
    let site = Site::new();
    let cookie = site.signed_in(&session(TimeDelta::minutes(15)));
    let page = site.get("/routines", &[(header::COOKIE, &cookie)]).await;
    assert_eq!(page.status, StatusCode::SERVICE_UNAVAILABLE);
    assert!(
        page.html.contains("<html lang=\"ru\">"),
        "the profile's language"
    );
    assert!(page.html.contains("id=\"try-again\""));

    let body = format!("csrf={}&name=Push+day", page.token());
    let answer = site.post("/routines", &cookie, &body).await;
    assert_eq!(answer.status, StatusCode::SERVICE_UNAVAILABLE);
    assert!(answer.html.contains("method=\"post\" action=\"/routines\""));
    assert!(answer.html.contains("name=\"name\" value=\"Push day\""));
}

#[tokio::test]
async fn an_expired_session_stays_while_it_cannot_be_renewed() {
    let site = Site::new();
    let cookie = site.signed_in(&session(TimeDelta::seconds(-5)));
    let page = site.get("/routines", &[(header::COOKIE, &cookie)]).await;
    assert_eq!(page.status, StatusCode::SERVICE_UNAVAILABLE);
    assert!(
        !page.cookies.contains("setwise_session"),
        "neither renewed nor cleared"
    );
}

#[tokio::test]
async fn the_chosen_language_outlives_the_page() {
    let site = Site::new();
    let page = site.get("/", &[]).await;
    let body = format!("csrf={}&language=ru&return=%2Fsign-in", page.token());
    let answer = site.post("/language", &page.cookies, &body).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER);
    assert_eq!(answer.location(), "/sign-in");
    let page = site
        .get("/sign-in", &[(header::COOKIE, &answer.cookies)])
        .await;
    assert!(page.html.contains("<html lang=\"ru\">"));
}

#[tokio::test]
async fn a_page_that_answers_a_form_keeps_its_address_for_the_language() {
    let site = Site::new();
    let page = site.get("/register", &[]).await;
    let body = format!("csrf={}", page.token());
    let request = form("/sign-in", &page.cookies)
        .header(
            header::REFERER,
            "http://127.0.0.1:3000/sign-in?return=/profile",
        )
        .body(Body::from(body));
    let refused = site.send(request.unwrap()).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    let back = "name=\"return\" value=\"/sign-in?return=/profile\"";
    assert!(refused.html.contains(back), "{}", refused.html);
}

#[tokio::test]
async fn the_address_of_a_form_leads_to_the_page_above() {
    let site = Site::new();
    for (address, above) in [
        ("/profile/avatar", "/profile"),
        ("/workouts/1/exercises/2/sets", "/workouts/1/exercises/2"),
        ("/workouts/1/exercises", "/workouts/1"),
        ("/language", "/"),
    ] {
        let page = site.get(address, &[]).await;
        assert_eq!(page.status, StatusCode::SEE_OTHER, "{address}");
        assert_eq!(page.location(), above, "{address}");
    }
}

#[tokio::test]
async fn a_return_path_never_leaves_the_site() {
    let site = Site::new();
    let page = site.get("/", &[]).await;
    let body = format!(
        "csrf={}&language=ru&return=%2F%2Fevil.example",
        page.token()
    );
    let answer = site.post("/language", &page.cookies, &body).await;
    assert_eq!(answer.location(), "/");
}

#[tokio::test]
async fn what_a_part_that_failed_leaves_out_is_not_said_to_be_gone() {
    let nothing = json!({
        "workout": null, "exercise": null, "routine": null, "sharedRoutine": null, "me": null, "muscleGroups": [],
    });
    let failed = |code: &'static str| {
        let error = json!({ "message": "no", "extensions": { "code": code } });
        let answer = json!({ "data": nothing, "errors": [error] });
        Site::with_answer(move |_| answer.clone())
    };
    let pages = [
        "/workouts/1",
        "/exercises/1",
        "/exercises/1/edit",
        "/routines/1",
        "/shared/1",
    ];
    for (code, status) in [
        ("SUBREQUEST_HTTP_ERROR", StatusCode::SERVICE_UNAVAILABLE),
        ("NOT_FOUND", StatusCode::NOT_FOUND),
    ] {
        let site = failed(code).await;
        let session = session(TimeDelta::minutes(15));
        let cookie = site.signed_in(&session);
        for path in pages {
            let page = site.get(path, &[(header::COOKIE, &cookie)]).await;
            assert_eq!(page.status, status, "{path} {code}");
            let again = page.html.contains("id=\"try-again\"");
            assert_eq!(again, status == StatusCode::SERVICE_UNAVAILABLE, "{path}");
        }
        let body = format!("csrf={}&direction=up", site.app.csrf().token(session.id));
        let moved = site
            .post("/routines/1/exercises/2/move", &cookie, &body)
            .await;
        assert_eq!(moved.status, status, "{code}");
    }
    // nor is a person said to be signed out
    let site = failed("SUBREQUEST_HTTP_ERROR").await;
    let cookie = site.signed_in(&session(TimeDelta::minutes(15)));
    for path in ["/", "/profile"] {
        let page = site.get(path, &[(header::COOKIE, &cookie)]).await;
        assert_eq!(page.status, StatusCode::SERVICE_UNAVAILABLE, "{path}");
    }
}

#[tokio::test]
async fn what_is_not_there_is_a_friendly_404() {
    let site = Site::new();
    for path in ["/nothing", "/assets/x/nothing.css"] {
        assert_eq!(site.get(path, &[]).await.status, StatusCode::NOT_FOUND);
    }
    assert!(
        site.get("/nothing", &[])
            .await
            .html
            .contains("This page is not here")
    );
}

#[tokio::test]
async fn an_address_that_cannot_be_read_is_answered_with_a_page() {
    let site = Site::new();
    let cookie = site.signed_in(&session(TimeDelta::minutes(15)));
    for (path, cookie) in [
        ("/sign-in?return=a&return=b", ""),
        ("/workouts/%FF", &*cookie),
        ("/exercises?q=a&q=b", &*cookie),
    ] {
        let page = site.get(path, &[(header::COOKIE, cookie)]).await;
        assert_eq!(page.status, StatusCode::BAD_REQUEST, "{path}");
        let kind = page.headers[header::CONTENT_TYPE].to_str().unwrap();
        assert!(kind.starts_with("text/html"), "{path}: {kind}");
        assert!(page.html.contains("class=\"problem\""), "{path}");
    }
}

#[tokio::test]
async fn a_lost_connection_promises_nothing() {
    let site = Site::new();
    for (language, lost, back) in [
        ("en", "is not known yet", "data-back=\"Connected again."),
        ("ru", "Пока неизвестно", "data-back=\"Связь вернулась."),
    ] {
        let page = site
            .get("/sign-in", &[(header::ACCEPT_LANGUAGE, language)])
            .await;
        let (_, words) = page.html.split_once("data-lost=\"").unwrap();
        let words = words.split('"').next().unwrap();
        assert!(words.contains(lost), "{words}");
        assert!(page.html.contains(back), "{}", page.html);
    }
}

#[tokio::test]
async fn a_page_that_panics_is_answered_with_a_page_and_a_number() {
    async fn breaks() -> Response {
        panic!("the secret reason")
    }
    let mut site = Site::new();
    site.routes = super::site(&site.app, Router::new().route("/breaks", get(breaks)));
    for (language, title) in [
        ("en", "Something went wrong on our side"),
        ("ru", "Что-то сломалось у нас"),
    ] {
        let visit = site
            .get("/breaks", &[(header::ACCEPT_LANGUAGE, language)])
            .await;
        assert_eq!(visit.status, StatusCode::INTERNAL_SERVER_ERROR);
        assert!(visit.html.contains(title), "{}", visit.html);
        assert!(!visit.html.contains("secret"), "{}", visit.html);
        let (_, rest) = visit.html.split_once("class=\"request-id\">").unwrap();
        let line = rest.split('<').next().unwrap();
        let number = line.split_whitespace().next_back().unwrap();
        number.parse::<uuid::Uuid>().unwrap();
    }
}
