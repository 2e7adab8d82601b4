//! What happens before and after every page: cookies, language, renewal of
//! the session, the forgery check, and pages for errors.

use std::sync::Arc;

use axum::{
    body::{Body, to_bytes},
    extract::{Request, State},
    middleware::Next,
    response::{IntoResponse, Response},
};
use axum_extra::extract::CookieJar;
use chrono::Utc;
use chrono_tz::Tz;
use http::{
    HeaderMap, Method,
    header::{CONTENT_TYPE, ORIGIN, REFERER},
    request::Parts,
};
use setwise_service::{Client, Locale};
use url::Url;
use uuid::Uuid;

use super::{
    Page, problem,
    reply::{Changes, Notice, SessionChange, local_path},
};
use crate::{
    app::App,
    csrf,
    error::WebError,
    form::Form,
    graph::{Caller, GraphError},
    profile,
    session::{RefreshError, Session},
};

const VISITOR: &str = "setwise_visitor";
const LANGUAGE: &str = "setwise_language";
const NOTICE: &str = "setwise_notice";
/// The script keeps the browser's time zone in it: nothing else tells the server.
const TIME_ZONE: &str = "setwise_time_zone";
/// The longest form: every text field filled to what the graph takes.
const MAX_FORM_BYTES: usize = 128 * 1024;

struct Visit {
    jar: CookieJar,
    session: Option<Session>,
    /// The holder of CSRF tokens while nobody is signed in.
    visitor: Uuid,
    locale: Locale,
    client: Client,
}

pub(crate) async fn open(State(app): State<App>, request: Request, next: Next) -> Response {
    let (mut parts, body) = request.into_parts();
    let mut visit = Visit::of(&app, &parts);
    visit.renew(&app).await;
    let (page, holder) = visit.page(&app, &parts);
    let form = admit(&page, holder, &visit.client, &parts, body).await;
    let (response, form) = match form {
        Ok((form, body)) => {
            parts.extensions.insert(page.clone());
            parts.extensions.insert(form.clone());
            let response = next.run(Request::from_parts(parts, body)).await;
            (response, form)
        }
        Err(error) => (error.into_response(), Form::default()),
    };
    let response = problem::draw(&page, &form, response);
    visit.close(&app, response)
}

impl Visit {
    fn of(app: &App, parts: &Parts) -> Self {
        let jar = CookieJar::from_headers(&parts.headers);
        let value = |name| jar.get(name).map(|cookie| cookie.value().to_owned());
        let session = app.cookies().read(app.seal(), &jar);
        let chosen = value(LANGUAGE).and_then(|tag| Locale::from_tag(&tag));
        let own = session
            .as_ref()
            .map(|session| session.person.language.into());
        let locale = own.or(chosen);
        let locale = locale.unwrap_or_else(|| Locale::from_headers(&parts.headers));
        let visitor = value(VISITOR).and_then(|id| id.parse().ok());
        let (visitor, jar) = if let Some(visitor) = visitor {
            (visitor, jar)
        } else {
            let visitor = Uuid::new_v4();
            let cookie = app.cookies().cookie(VISITOR, visitor.to_string());
            (visitor, jar.add(cookie))
        };
        let client = Client::of(&parts.headers, &parts.extensions, app.trusted_proxies());
        Self {
            jar,
            session,
            visitor,
            locale,
            client,
        }
    }

    /// Renews an access token that has expired or is about to.
    async fn renew(&mut self, app: &App) {
        let Some(session) = self.session.take() else {
            return;
        };
        app.refresher().presented(&session);
        if !session.needs_renewal(Utc::now()) {
            self.session = Some(session);
            return;
        }
        let caller = Caller {
            access_token: None,
            locale: self.locale,
            address: self.client.address,
        };
        match app.refresher().renew(app.graph(), &session, caller).await {
            Ok(session) => {
                self.jar = app.cookies().write(app.seal(), self.jar.clone(), &session);
                self.session = Some(session);
            }
            Err(RefreshError::Ended | RefreshError::Graph(GraphError::Unauthenticated)) => {
                self.jar = app.cookies().clear(self.jar.clone());
            }
            // The page itself will find out, and say so.
            Err(RefreshError::Graph(error)) => {
                tracing::warn!(error.message = %error, "cannot renew a session");
                self.session = Some(session);
            }
        }
    }

    fn page(&mut self, app: &App, parts: &Parts) -> (Page, Uuid) {
        let session = self.session.take().map(Arc::new);
        let holder = session.as_ref().map_or(self.visitor, |session| session.id);
        let notice = self.jar.get(NOTICE);
        let notice = notice.and_then(|cookie| Notice::from_name(cookie.value()));
        let path = parts.uri.path_and_query().map_or("/", |path| path.as_str());
        let page = Page {
            app: app.clone(),
            locale: self.locale,
            session,
            path: path.into(),
            came_from: came_from(&parts.headers).map(Into::into),
            notice,
            zone: zone(&self.jar),
            csrf: app.csrf().token(holder).into(),
            address: self.client.address,
            is_htmx: parts.headers.contains_key("hx-request"),
            is_form: !is_reading(&parts.method),
        };
        (page, holder)
    }

    /// Writes into cookies what the answer changes.
    fn close(self, app: &App, mut response: Response) -> Response {
        let mut jar = self.jar;
        let cookies = app.cookies();
        let changes = response.extensions_mut().remove::<Changes>();
        let changes = changes.unwrap_or_default();
        // A notice is spent by the page that shows it, not by a redirect.
        if jar.get(NOTICE).is_some() && !response.status().is_redirection() {
            jar = jar.remove(cookies.cookie(NOTICE, String::new()));
        }
        if let Some(notice) = changes.notice {
            jar = jar.add(cookies.cookie(NOTICE, notice.message().0.to_owned()));
        }
        if let Some(locale) = changes.language {
            let mut cookie = cookies.cookie(LANGUAGE, locale.tag().to_owned());
            cookie.make_permanent();
            jar = jar.add(cookie);
        }
        jar = match changes.session {
            Some(SessionChange::Keep(session)) => cookies.write(app.seal(), jar, &session),
            Some(SessionChange::End) => cookies.clear(jar),
            None => jar,
        };
        (jar, response).into_response()
    }
}

/// Lets a form in only when it comes from a page of ours, and reads it.
async fn admit(
    page: &Page,
    holder: Uuid,
    client: &Client,
    parts: &Parts,
    body: Body,
) -> Result<(Form, Body), WebError> {
    if is_reading(&parts.method) {
        return Ok((Form::default(), body));
    }
    if !same_origin(&parts.headers, client, page.app.public_url()) {
        return Err(WebError::Forgery);
    }
    let kind = parts.headers.get(CONTENT_TYPE);
    let kind = kind.and_then(|value| value.to_str().ok()).unwrap_or("");
    if kind.starts_with("multipart/form-data") {
        if parts.uri.path() != profile::AVATAR {
            return Err(WebError::Forgery);
        }
        // Too large to be read here: the handler checks the token, which
        // comes first in the body, before it takes anything else.
        let form = Form::default().held_by(holder);
        return Ok((form, body));
    }
    let bytes = to_bytes(body, MAX_FORM_BYTES).await;
    let bytes = bytes.map_err(|_| WebError::TooLarge)?;
    let values = serde_urlencoded::from_bytes::<Vec<(String, String)>>(&bytes);
    let values = values.map_err(|_| WebError::BadRequest("not a form".into()))?;
    let form = Form::of(values);
    if !page.app.csrf().holds(holder, form.value(csrf::FIELD)) {
        return Err(refusal(page, parts.uri.path()));
    }
    Ok((form, Body::from(bytes)))
}

/// The time zone that the browser says; UTC when it says nothing, or a zone that is not known here.
fn zone(jar: &CookieJar) -> Tz {
    let said = jar.get(TIME_ZONE);
    let zone = said.and_then(|cookie| cookie.value().parse().ok());
    zone.unwrap_or(Tz::UTC)
}

fn is_reading(method: &Method) -> bool {
    matches!(*method, Method::GET | Method::HEAD)
}

/// The token of a session that has ended is the visitor's no more: who sent
/// it has to sign in, and would be refused with any token.
fn refusal(page: &Page, path: &str) -> WebError {
    let is_for_everyone = ["/sign-in", "/register", "/language"].contains(&path);
    if page.session.is_none() && !is_for_everyone {
        WebError::SignedOut
    } else {
        WebError::Forgery
    }
}

/// Browsers name the origin of every form that is posted; only ours is right.
fn same_origin(headers: &HeaderMap, client: &Client, public: &Url) -> bool {
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    if text("sec-fetch-site") == Some("cross-site") {
        return false;
    }
    let Some(origin) = text(ORIGIN.as_str()) else {
        return true;
    };
    let Ok(origin) = Url::parse(origin) else {
        return false;
    };
    if origin.origin() == public.origin() {
        return true;
    }
    let asked = client.host.as_deref();
    asked.is_some_and(|host| origin.authority() == host)
}

fn came_from(headers: &HeaderMap) -> Option<String> {
    let referer = Url::parse(headers.get(REFERER)?.to_str().ok()?).ok()?;
    let query = referer.query().map(|query| format!("?{query}"));
    let path = format!("{}{}", referer.path(), query.unwrap_or_default());
    local_path(&path).map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn accepts(origin: Option<&str>, host: &str) -> bool {
        let mut headers = HeaderMap::new();
        if let Some(origin) = origin {
            headers.insert(ORIGIN, origin.parse().unwrap());
        }
        let client = Client {
            address: None,
            host: Some(host.into()),
        };
        let public = "https://setwise.example".parse().unwrap();
        same_origin(&headers, &client, &public)
    }

    #[test]
    fn a_time_zone_that_is_not_known_is_utc() {
        let jar = |value: &'static str| CookieJar::new().add((TIME_ZONE, value));
        assert_eq!(zone(&jar("Europe/Berlin")), Tz::Europe__Berlin);
        for unknown in ["Mars/Olympus_Mons", "no zone", "", "../../etc/passwd"] {
            assert_eq!(zone(&jar(unknown)), Tz::UTC, "{unknown}");
        }
        assert_eq!(zone(&CookieJar::new()), Tz::UTC);
    }

    #[test]
    fn only_forms_of_this_origin_are_taken() {
        assert!(accepts(None, "setwise.example"));
        assert!(accepts(Some("https://setwise.example"), "internal:3000"));
        assert!(accepts(Some("http://localhost:3000"), "localhost:3000"));
        assert!(!accepts(Some("https://evil.example"), "setwise.example"));
        assert!(!accepts(
            Some("https://setwise.example.evil.example"),
            "setwise.example"
        ));
        assert!(!accepts(Some("null"), "setwise.example"));
    }
}
