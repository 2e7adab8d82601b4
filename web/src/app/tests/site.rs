//! The web over a router that answers what a test says, and a browser that visits it.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex},
};

use axum::{
    Json, Router,
    body::{Body, to_bytes},
    response::{IntoResponse, Response},
    routing::post,
};
use axum_extra::extract::CookieJar;
use clap::Parser;
use http::{HeaderMap, Method, Request, StatusCode, header};
use serde_json::{Value, json};
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;
use tower::ServiceExt;

use crate::{
    app::{App, routes},
    config::Config,
    session::Session,
};

pub(super) struct Site {
    pub(super) app: App,
    pub(super) routes: Router,
}

/// A browser's cookies and the token of the last page.
pub(super) struct Visit {
    pub(super) status: StatusCode,
    pub(super) headers: HeaderMap,
    pub(super) html: String,
    pub(super) cookies: String,
}

impl Visit {
    pub(super) fn token(&self) -> &str {
        let (_, rest) = self
            .html
            .split_once("name=\"csrf\" value=\"")
            .expect("a form");
        rest.split('"').next().unwrap()
    }

    /// What the form `id` holds when it is sent as it was drawn, but for its token.
    pub(super) fn form(&self, id: &str) -> BTreeMap<String, String> {
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

    pub(super) fn location(&self) -> &str {
        self.headers[header::LOCATION].to_str().unwrap()
    }
}

impl Site {
    pub(super) fn new() -> Self {
        let closed = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        let router = format!("http://{}", closed.local_addr().unwrap());
        drop(closed);
        Self::over(&router)
    }

    /// Over a router that refuses every change and knows only `workout`.
    pub(super) async fn with_workout(workout: Value) -> Self {
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
    pub(super) async fn with_graph(
        answer: impl Fn(&Value) -> Value + Clone + Send + Sync + 'static,
    ) -> Self {
        Self::with_answer(move |asked| json!({ "data": answer(asked) })).await
    }

    /// Over a router that has `data` for every query and makes every change, with the inputs of the changes.
    pub(super) async fn that_changes(data: Value) -> (Self, Arc<Mutex<Vec<Value>>>) {
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
    pub(super) async fn with_answer(
        answer: impl Fn(&Value) -> Value + Clone + Send + Sync + 'static,
    ) -> Self {
        let answer = async move |Json(asked): Json<Value>| Json(answer(&asked));
        let graph = Router::new().route("/graphql", post(answer));
        Self::over(&serve_graph(graph).await)
    }

    /// Over a router that answers every subscription with `events`.
    pub(super) async fn with_events(events: &'static str) -> Self {
        let answer = async move || ([(header::CONTENT_TYPE, "text/event-stream")], events);
        let graph = Router::new().route("/graphql", post(answer));
        Self::over(&serve_graph(graph).await)
    }

    pub(super) fn over(router: &str) -> Self {
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

    pub(super) async fn send(&self, request: Request<Body>) -> Visit {
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

    pub(super) async fn get(&self, path: &str, headers: &[(header::HeaderName, &str)]) -> Visit {
        let mut request = Request::get(path);
        for (name, value) in headers {
            request = request.header(name, *value);
        }
        self.send(request.body(Body::empty()).unwrap()).await
    }

    pub(super) async fn post(&self, path: &str, cookies: &str, body: &str) -> Visit {
        let request = form(path, cookies);
        self.send(request.body(Body::from(body.to_owned())).unwrap())
            .await
    }

    /// Sends the form `id` of the page `from` to `action` with some of its fields changed.
    pub(super) async fn send_form(
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
    pub(super) async fn post_by_script(
        &self,
        path: &str,
        from: &str,
        cookies: &str,
        body: &str,
    ) -> Visit {
        let request = form(path, cookies)
            .header("hx-request", "true")
            .header(header::REFERER, format!("http://127.0.0.1:3000{from}"));
        self.send(request.body(Body::from(body.to_owned())).unwrap())
            .await
    }

    /// The cookie of a person who is signed in.
    pub(super) fn signed_in(&self, session: &Session) -> String {
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

pub(super) fn form(path: &str, cookies: &str) -> http::request::Builder {
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
