//! Pages over a router that is not there: what needs no graph works, and
//! what does says so.

mod exercise;
mod forms;
mod generation;
mod insight;
mod loading;
mod routine;
mod workout;

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex},
};

use axum::{
    Json,
    body::{Body, to_bytes},
    response::{IntoResponse, Response},
    routing::post,
};
use axum_extra::extract::CookieJar;
use chrono::TimeDelta;
use clap::Parser;
use http::{HeaderMap, Method, Request, StatusCode, header};
use serde_json::{Value, json};
use tower::ServiceExt;

use super::*;
use crate::session::{Session, tests::session};

struct Site {
    app: App,
    routes: Router,
}

/// A browser's cookies and the token of the last page.
struct Visit {
    status: StatusCode,
    headers: HeaderMap,
    html: String,
    cookies: String,
}

impl Visit {
    fn token(&self) -> &str {
        let (_, rest) = self
            .html
            .split_once("name=\"csrf\" value=\"")
            .expect("a form");
        rest.split('"').next().unwrap()
    }

    /// What the form `id` holds when it is sent as it was drawn, but for its token.
    fn form(&self, id: &str) -> BTreeMap<String, String> {
        let (_, form) = self
            .html
            .split_once(&format!("<form id=\"{id}\""))
            .expect(id);
        let (form, _) = form.split_once("</form>").unwrap();
        let attribute = |tag: &str, name: &str| {
            let (_, rest) = tag.split_once(&format!(" {name}=\""))?;
            let (value, _) = rest.split_once('"')?;
            Some(value.replace("&amp;", "&").replace("&quot;", "\""))
        };
        let mut fields = BTreeMap::new();
        let mut selects = None;
        for part in form.split('<') {
            let (tag, text) = part.split_once('>').unwrap_or((part, ""));
            let name = attribute(tag, "name");
            match tag.split(' ').next() {
                Some("input") => fields.extend(name.zip(attribute(tag, "value"))),
                Some("textarea") => {
                    fields.extend(name.map(|name| (name, text.trim_start().into())));
                }
                Some("select") => selects = name,
                Some("option") => {
                    let value = attribute(tag, "value").unwrap_or_default();
                    let name = selects.clone().expect("a select");
                    if tag.ends_with(" selected") || !fields.contains_key(&name) {
                        fields.insert(name, value);
                    }
                }
                _ => {}
            }
        }
        fields
    }

    fn location(&self) -> &str {
        self.headers[header::LOCATION].to_str().unwrap()
    }
}

impl Site {
    fn new() -> Self {
        let closed = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        let router = format!("http://{}", closed.local_addr().unwrap());
        drop(closed);
        Self::over(&router)
    }

    /// Over a router that refuses every change and knows only `workout`.
    async fn with_workout(workout: Value) -> Self {
        Self::with_graph(move |asked| {
            let refused = json!({ "code": "CONFLICT", "message": "No" });
            match asked["operationName"].as_str() {
                Some("Workout") => json!({ "workout": workout }),
                _ => json!({ "payload": { "userErrors": [refused] } }),
            }
        })
        .await
    }

    /// Over a router that answers each request with the data that `answer` makes of it.
    async fn with_graph(answer: impl Fn(&Value) -> Value + Clone + Send + Sync + 'static) -> Self {
        Self::with_answer(move |asked| json!({ "data": answer(asked) })).await
    }

    /// Over a router that has `data` for every query and makes every change, with the inputs of the changes.
    async fn that_changes(data: Value) -> (Self, Arc<Mutex<Vec<Value>>>) {
        let inputs = Arc::new(Mutex::new(Vec::new()));
        let heard = Arc::clone(&inputs);
        let site = Self::with_graph(move |asked| {
            let input = &asked["variables"]["input"];
            if input.is_null() {
                return data.clone();
            }
            heard.lock().unwrap().push(input.clone());
            json!({ "payload": { "exercise": { "id": "1" }, "userErrors": [] } })
        })
        .await;
        (site, inputs)
    }

    /// Over a router that answers each request with what `answer` makes of it.
    async fn with_answer(answer: impl Fn(&Value) -> Value + Clone + Send + Sync + 'static) -> Self {
        let answer = async move |Json(asked): Json<Value>| Json(answer(&asked));
        let graph = Router::new().route("/graphql", post(answer));
        Self::over(&serve_graph(graph).await)
    }

    /// Over a router that answers every subscription with `events`.
    async fn with_events(events: &'static str) -> Self {
        let answer = async move || ([(header::CONTENT_TYPE, "text/event-stream")], events);
        let graph = Router::new().route("/graphql", post(answer));
        Self::over(&serve_graph(graph).await)
    }

    fn over(router: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let key = folder.path().join("cookie.key");
        std::fs::write(&key, [7; 64]).unwrap();
        let arguments = ["setwise-web", "--router-url", router, "--cookie-key-file"];
        let key = key.to_str().unwrap();
        let config = Config::try_parse_from(arguments.into_iter().chain([key])).unwrap();
        let app = App::new(&config, CancellationToken::new()).unwrap();
        Self {
            routes: routes(&app),
            app,
        }
    }

    async fn send(&self, request: Request<Body>) -> Visit {
        let response = self.routes.clone().oneshot(request).await.unwrap();
        let (parts, body) = response.into_parts();
        let bytes = to_bytes(body, usize::MAX).await.unwrap();
        Visit {
            status: parts.status,
            cookies: cookies(&parts.headers),
            headers: parts.headers,
            html: String::from_utf8_lossy(&bytes).into_owned(),
        }
    }

    async fn get(&self, path: &str, headers: &[(header::HeaderName, &str)]) -> Visit {
        let mut request = Request::get(path);
        for (name, value) in headers {
            request = request.header(name, *value);
        }
        self.send(request.body(Body::empty()).unwrap()).await
    }

    async fn post(&self, path: &str, cookies: &str, body: &str) -> Visit {
        let request = form(path, cookies);
        self.send(request.body(Body::from(body.to_owned())).unwrap())
            .await
    }

    /// Sends the form `id` of the page `from` to `action` with some of its fields changed.
    async fn send_form(
        &self,
        (from, id, action): (&str, &str, &str),
        cookies: &str,
        changed: &[(&str, &str)],
    ) -> Visit {
        let page = self.get(from, &[(header::COOKIE, cookies)]).await;
        let mut fields = page.form(id);
        let changed = changed
            .iter()
            .map(|(name, value)| ((*name).into(), (*value).into()));
        fields.extend(changed);
        let body = serde_urlencoded::to_string(fields).unwrap();
        self.post(action, cookies, &body).await
    }

    /// A form as htmx sends it from the page `from`.
    async fn post_by_script(&self, path: &str, from: &str, cookies: &str, body: &str) -> Visit {
        let request = form(path, cookies)
            .header("hx-request", "true")
            .header(header::REFERER, format!("http://127.0.0.1:3000{from}"));
        self.send(request.body(Body::from(body.to_owned())).unwrap())
            .await
    }

    /// The cookie of a person who is signed in.
    fn signed_in(&self, session: &Session) -> String {
        let jar = CookieJar::from_headers(&HeaderMap::new());
        let response: Response = self
            .app
            .cookies()
            .write(self.app.seal(), jar, session)
            .into_response();
        cookies(response.headers())
    }
}

/// The URL of a router that is `graph`.
async fn serve_graph(graph: Router) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let router = format!("http://{}", listener.local_addr().unwrap());
    #[expect(clippy::disallowed_methods, reason = "ends with the test's runtime")]
    tokio::spawn(async { axum::serve(listener, graph).await.unwrap() });
    router
}

fn form(path: &str, cookies: &str) -> http::request::Builder {
    Request::builder()
        .method(Method::POST)
        .uri(path)
        .header(header::COOKIE, cookies)
        .header(header::HOST, "127.0.0.1:3000")
        .header(header::ORIGIN, "http://127.0.0.1:3000")
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
}

fn cookies(headers: &HeaderMap) -> String {
    let set = headers.get_all(header::SET_COOKIE).iter();
    let pairs = set.filter_map(|value| value.to_str().ok()?.split(';').next());
    pairs.collect::<Vec<_>>().join("; ")
}

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
