//! Registering, signing in and out, and the choice of language.

mod view;

use axum::{
    Router,
    extract::Query,
    response::Response,
    routing::{get, post},
};
use serde::Deserialize;
use serde_json::json;
use setwise_service::Locale;

use crate::{
    app::App,
    error::WebError,
    form::Form,
    graph::{Done, Operation, UserError},
    page::{
        Notice, Page, Shell, Tab, end_session, keep_language, local_path, renew_session, see_other,
        with_notice,
    },
    session::{self, Language, Person, Session, Tokens},
};

const OPERATIONS: &str = include_str!("operations.graphql");
const REGISTER: Operation = Operation::new(OPERATIONS, "Register");
const LOGIN: Operation = Operation::new(OPERATIONS, "Login");
const CHOOSE_LANGUAGE: Operation = Operation::new(OPERATIONS, "ChooseLanguage");

const FIELDS: [(&str, &str); 4] = [
    ("email", "email"),
    ("password", "password"),
    ("firstName", "first_name"),
    ("lastName", "last_name"),
];

#[derive(Deserialize)]
struct Account {
    tokens: Option<Tokens>,
    user: Option<Person>,
}

#[derive(Deserialize)]
struct Return {
    #[serde(rename = "return")]
    path: Option<String>,
}

pub(crate) fn routes() -> Router<App> {
    Router::new()
        .route("/register", get(registration).post(register))
        .route("/sign-in", get(entrance).post(sign_in))
        .route("/sign-out", post(sign_out))
        .route("/language", post(choose_language))
}

async fn registration(page: Page, Query(back): Query<Return>) -> Response {
    if page.session.is_some() {
        return see_other("/");
    }
    show_registration(&page, &Form::filled([("return", back.path)]))
}

fn show_registration(page: &Page, form: &Form) -> Response {
    let shell = Shell::new(page.t("register-title"), Tab::None).refused(form.failed());
    page.html(&shell, &view::registration(page, form))
}

async fn register(page: Page, form: Form) -> Response {
    let input = json!({
        "email": form.value("email"),
        "password": form.raw("password"),
        "firstName": form.text("first_name"),
        "lastName": form.text("last_name"),
        "language": Language::from(page.locale).code(),
    });
    match enter(&page, REGISTER, input, form).await {
        Ok(response) => with_notice(response, Notice::Welcome),
        Err(form) => show_registration(&page, &form),
    }
}

async fn entrance(page: Page, Query(back): Query<Return>) -> Response {
    if page.session.is_some() {
        return see_other(back.path.as_deref().and_then(local_path).unwrap_or("/"));
    }
    show_entrance(&page, &Form::filled([("return", back.path)]))
}

fn show_entrance(page: &Page, form: &Form) -> Response {
    let shell = Shell::new(page.t("sign-in-title"), Tab::None).refused(form.failed());
    page.html(&shell, &view::entrance(page, form))
}

async fn sign_in(page: Page, form: Form) -> Response {
    let input = json!({ "email": form.value("email"), "password": form.raw("password") });
    match enter(&page, LOGIN, input, form).await {
        Ok(response) => response,
        Err(form) => show_entrance(&page, &form),
    }
}

/// Begins a session, or answers the form with what is wrong with it. Also
/// when the router is away: the form then stays on the screen.
async fn enter(
    page: &Page,
    operation: Operation,
    input: serde_json::Value,
    mut form: Form,
) -> Result<Response, Form> {
    if form.text("email").is_none() {
        form.fail("email", page.t("error-email"));
    }
    if form.raw("password").is_empty() {
        form.fail("password", page.t("error-password"));
    }
    if form.failed() {
        return Err(form);
    }
    let answer = page.mutate::<Account>(operation, json!({ "input": input }));
    match answer.await {
        Ok(Ok(Account {
            tokens: Some(tokens),
            user: Some(person),
        })) => {
            let back = local_path(form.value("return")).unwrap_or("/");
            let response = see_other(back);
            Ok(renew_session(response, Session::begin(tokens, person)))
        }
        Ok(Ok(_)) => Err(with_banner(form, page.t("problem-internal"))),
        Ok(Err(errors)) => {
            form.refuse(without_credentials(errors), &FIELDS);
            Err(form)
        }
        Err(error) => {
            tracing::warn!(error.message = %error, "nobody can sign in");
            let text = match error {
                error if error.is_passing() => page.t("problem-down-kept"),
                _ => page.t("problem-internal"),
            };
            Err(with_banner(form, text))
        }
    }
}

/// Which of address and password is wrong is not told.
fn without_credentials(mut errors: Vec<UserError>) -> Vec<UserError> {
    for error in &mut errors {
        if error.code == "INVALID_CREDENTIALS" {
            error.field = None;
        }
    }
    errors
}

fn with_banner(mut form: Form, text: String) -> Form {
    form.banner(text);
    form
}

async fn sign_out(page: Page) -> Response {
    if let Some(session) = &page.session {
        let ended = session::end(page.app.graph(), session, page.caller()).await;
        if let Err(error) = ended {
            // The browser forgets it all the same; it expires by itself.
            tracing::warn!(error.message = %error, "a session could not be ended at the router");
        }
    }
    end_session(with_notice(see_other("/"), Notice::SignedOut))
}

async fn choose_language(page: Page, form: Form) -> Result<Response, WebError> {
    let locale = Locale::from_tag(form.value("language"));
    let locale = locale.ok_or(WebError::BadRequest("no such language".into()))?;
    let back = local_path(form.value("return")).unwrap_or("/");
    let response = keep_language(see_other(back), locale);
    let Some(session) = &page.session else {
        return Ok(response);
    };
    let language = Language::from(locale);
    let input = json!({ "input": { "language": language.code() } });
    let _: Result<Done, _> = page.mutate(CHOOSE_LANGUAGE, input).await?;
    let mut session = Session::clone(session);
    session.person.language = language;
    Ok(renew_session(response, session))
}
