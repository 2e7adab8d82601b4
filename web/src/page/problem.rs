//! Pages for what went wrong: each says what to do next, and a form that
//! could not be taken keeps what was entered.

use std::sync::Arc;

use axum::response::{IntoResponse, Response};
use http::{StatusCode, header};
use maud::{Markup, html};
use uuid::Uuid;

use super::{Notice, Page, Shell, Tab, end_session, with_notice};
use crate::{
    error::WebError,
    form::Form,
    graph::GraphError,
    icon,
    text::{Message, msg},
};

pub(super) fn draw(page: &Page, form: &Form, mut response: Response) -> Response {
    let error = response.extensions_mut().remove::<Arc<WebError>>();
    let Some(error) = error.or_else(|| unreadable(&response)) else {
        return response;
    };
    // What the person tells, and whoever runs this looks for in the log.
    let is_ours = error.status() == StatusCode::INTERNAL_SERVER_ERROR;
    let request_id = is_ours.then(Uuid::new_v4);
    if let WebError::Graph(_) | WebError::Panicked(_) = &*error {
        tracing::error!(
            error.message = chain(&*error),
            url.path = %page.path,
            request.id = request_id.map(tracing::field::display),
            "a page could not be shown"
        );
    }
    match &*error {
        WebError::SignedOut => sign_in_first(page),
        error => {
            let shell = Shell::new(page.say(words(error).0), Tab::None).status(error.status());
            page.html(&shell, &problem(page, form, error, request_id))
        }
    }
}

/// What extractors answer in plain English when a path, a query or a body is
/// not what the page takes; the pages themselves answer no plain text.
fn unreadable(response: &Response) -> Option<Arc<WebError>> {
    let kind = response.headers().get(header::CONTENT_TYPE)?;
    if !kind.as_bytes().starts_with(b"text/plain") {
        return None;
    }
    match response.status() {
        StatusCode::PAYLOAD_TOO_LARGE => Some(Arc::new(WebError::TooLarge)),
        status if status.is_client_error() => Some(Arc::new(WebError::BadRequest(
            "an extractor refused".into(),
        ))),
        _ => None,
    }
}

/// To the sign-in, and from there back to what was asked for.
fn sign_in_first(page: &Page) -> Response {
    let back = serde_urlencoded::to_string([("return", page.stands_on())]);
    let response = page.go(&format!("/sign-in?{}", back.unwrap_or_default()));
    let response = end_session(response);
    if page.is_form {
        with_notice(response, Notice::SessionEnded)
    } else {
        response
    }
}

fn words(error: &WebError) -> (Message, Message) {
    match error {
        WebError::NotFound | WebError::SignedOut => {
            (msg("problem-not-found"), msg("problem-not-found-help"))
        }
        WebError::Forgery => (msg("problem-forgery"), msg("problem-forgery-help")),
        WebError::BadRequest(_) => (msg("problem-request"), msg("problem-request-help")),
        WebError::TooLarge => (msg("problem-too-large"), msg("problem-too-large-help")),
        WebError::Refused(_) => (msg("problem-refused"), msg("problem-refused-help")),
        WebError::Graph(GraphError::RateLimited) => (msg("problem-rate"), msg("problem-rate-help")),
        WebError::Graph(GraphError::Unreachable(_) | GraphError::PartUnavailable(_)) => {
            (msg("problem-down"), msg("problem-down-help"))
        }
        WebError::Graph(_) | WebError::Panicked(_) => {
            (msg("problem-internal"), msg("problem-internal-help"))
        }
    }
}

fn problem(page: &Page, form: &Form, error: &WebError, request_id: Option<Uuid>) -> Markup {
    let (title, help) = words(error);
    let back = page.came_from.as_deref().unwrap_or("/");
    html! {
        section class="problem" {
            div class="problem-icon" { (icon::dropped_plate()) }
            p class="problem-code" { (error.status().as_u16()) }
            h1 { (page.say(title)) }
            @if let WebError::Refused(reason) = error {
                p class="alert" role="alert" { (reason) }
            }
            p class="lead" { (page.say(help)) }
            @if let Some(id) = request_id {
                p class="request-id" { (page.t_with("problem-request-id", [("id", id.to_string().into())])) }
            }
            @if error.is_passing() { (again(page, form)) }
            @else {
                p class="actions" {
                    a class="button" href=(back) { (page.t("problem-back")) }
                    a class="button quiet" href="/" { (page.t("problem-home")) }
                }
            }
        }
    }
}

/// The same request once more, with everything that was entered.
fn again(page: &Page, form: &Form) -> Markup {
    let entered: Vec<_> = form.entered().collect();
    let shown: Vec<_> = form.typed().collect();
    html! {
        @if entered.is_empty() {
            p class="actions" {
                a class="button" id="try-again" href=(page.path) { (page.t("problem-again")) }
                a class="button quiet" href="/" { (page.t("problem-home")) }
            }
        } @else {
            form id="try-again" method="post" action=(page.path) {
                (page.csrf_field())
                @for (name, value) in &entered {
                    input type="hidden" name=(name) value=(value);
                }
                @if !shown.is_empty() {
                    div class="card kept" {
                        p { (page.t("problem-kept")) }
                        ul { @for value in shown { li { (value) } } }
                    }
                }
                button type="submit" { (page.t("problem-again")) }
            }
        }
    }
}

impl Page {
    /// A whole page, never stored by shared caches.
    pub(crate) fn html(&self, shell: &Shell, body: &Markup) -> Response {
        let markup = self.layout(shell, body);
        let headers = [
            (header::CACHE_CONTROL, "private, no-cache"),
            (header::VARY, "cookie, accept-language"),
        ];
        (shell.status, headers, markup).into_response()
    }
}

/// The error and its causes in one line.
fn chain(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(cause) = source {
        text = format!("{text}: {cause}");
        source = cause.source();
    }
    text
}
