//! What every page knows: who asks, in which language, and how to answer.

mod layout;
mod open;
mod problem;
mod reply;

use std::{convert::Infallible, net::IpAddr, ops::Deref, sync::Arc};

use axum::{
    extract::FromRequestParts,
    response::{IntoResponse, Response},
};
use chrono::{DateTime, NaiveDate, Utc};
use chrono_tz::Tz;
use http::{HeaderValue, StatusCode, request::Parts};
use maud::{Markup, html};
use serde::de::DeserializeOwned;
use serde_json::Value;
use setwise_service::Locale;
use uuid::Uuid;

use crate::{
    app::App,
    csrf,
    error::WebError,
    graph::{Caller, GraphError, Mutated, Operation, UserError},
    session::Session,
    text::{self, Argument, Message},
    unit::WeightUnit,
};

pub(crate) use layout::{Shell, Tab};
pub(crate) use open::open;
pub(crate) use reply::{
    Notice, end_session, keep_language, local_path, renew_session, see_other, with_notice,
};

/// The name of the hidden field of [`Page::key_field`].
pub(crate) const KEY_FIELD: &str = "key";

/// The request at hand, as pages see it.
#[derive(Clone)]
pub(crate) struct Page {
    pub(crate) app: App,
    pub(crate) locale: Locale,
    pub(crate) session: Option<Arc<Session>>,
    /// Path and query that was asked for.
    pub(crate) path: Arc<str>,
    /// The page that the person was on before, when it is one of ours.
    pub(crate) came_from: Option<Arc<str>>,
    pub(crate) notice: Option<Notice>,
    /// Where the browser is, as its script says; UTC without one.
    pub(crate) zone: Tz,
    csrf: Arc<str>,
    address: Option<IpAddr>,
    is_htmx: bool,
    /// Whether this is not read but posted, so that `path` is no page.
    is_form: bool,
}

impl Page {
    /// The page that the person looks at or is about to: for a form, and for
    /// what a script asks, the one it stands on.
    fn stands_on(&self) -> &str {
        if self.is_form || self.is_htmx {
            self.came_from.as_deref().unwrap_or("/")
        } else {
            &self.path
        }
    }

    /// Leads to the whole page `path`, also from a form that htmx has sent.
    pub(crate) fn go(&self, path: &str) -> Response {
        if !self.is_htmx {
            return see_other(path);
        }
        let mut response = StatusCode::OK.into_response();
        if let Ok(value) = HeaderValue::from_str(path) {
            response.headers_mut().insert("hx-redirect", value);
        }
        response
    }

    /// The whole address of a page, to hand on.
    pub(crate) fn absolute(&self, path: &str) -> String {
        let base = self.app.public_url().as_str();
        format!("{}{path}", base.trim_end_matches('/'))
    }

    pub(crate) fn t(&self, name: &str) -> String {
        text::t(self.locale, name)
    }

    pub(crate) fn t_with<const N: usize>(&self, name: &str, arguments: [Argument; N]) -> String {
        text::t_with(self.locale, name, arguments)
    }

    pub(crate) fn say(&self, message: Message) -> String {
        text::t(self.locale, message.0)
    }

    /// The day that it is where the person is.
    pub(crate) fn today(&self) -> NaiveDate {
        self.day_of(Utc::now())
    }

    /// The day that it was where the person is.
    pub(crate) fn day_of(&self, at: DateTime<Utc>) -> NaiveDate {
        at.with_timezone(&self.zone).date_naive()
    }

    /// The unit that the viewer thinks in.
    pub(crate) fn unit(&self) -> WeightUnit {
        let session = self.session.as_ref();
        session
            .map(|session| session.person.weight_unit)
            .unwrap_or_default()
    }

    /// The hidden field that every form carries.
    pub(crate) fn csrf_field(&self) -> Markup {
        html! { input type="hidden" name=(csrf::FIELD) value=(self.csrf); }
    }

    /// The hidden field of a form that makes something: with the key that it is drawn with, the form is applied once,
    /// even when a double tap or the browser sends it again.
    #[expect(clippy::unused_self, reason = "drawn beside `csrf_field`")]
    pub(crate) fn key_field(&self) -> Markup {
        html! { input type="hidden" name=(KEY_FIELD) value=(Uuid::new_v4()); }
    }

    pub(crate) fn caller(&self) -> Caller<'_> {
        let session = self.session.as_ref();
        Caller {
            access_token: session.map(|session| session.tokens.access_token.as_str()),
            locale: self.locale,
            address: self.address,
        }
    }

    pub(crate) async fn query<T: DeserializeOwned>(
        &self,
        operation: Operation,
        variables: Value,
    ) -> Result<T, WebError> {
        let answer = self.app.graph().run(operation, variables, self.caller());
        answer.await.map_err(WebError::from)
    }

    /// The one thing that `pick` takes from what `operation` answers; `None` only when it is not there.
    pub(crate) async fn find<A: DeserializeOwned, T>(
        &self,
        operation: Operation,
        variables: Value,
        pick: impl FnOnce(A) -> Option<T>,
    ) -> Result<Option<T>, WebError> {
        let graph = self.app.graph();
        let found = graph.find(operation, variables, self.caller(), pick).await;
        found.map_err(WebError::from)
    }

    /// Nobody knows of the keys of forms: what is wrong is that this form was sent before.
    fn explained(&self, error: UserError) -> UserError {
        let field = error.field.iter().flatten().next_back();
        if field.is_some_and(|field| field == "clientMutationId") {
            let message = self.t("error-sent-before");
            UserError { message, ..error }
        } else {
            error
        }
    }

    /// Runs a mutation: what it answers, or what the person has to change.
    pub(crate) async fn mutate<T: DeserializeOwned>(
        &self,
        operation: Operation,
        variables: Value,
    ) -> Result<Result<T, Vec<UserError>>, WebError> {
        let answer: Result<Mutated<T>, GraphError> = self
            .app
            .graph()
            .run(operation, variables, self.caller())
            .await;
        let payload = answer?.payload;
        if payload.user_errors.is_empty() {
            Ok(Ok(payload.entity))
        } else {
            let errors = payload.user_errors.into_iter();
            Ok(Err(errors.map(|error| self.explained(error)).collect()))
        }
    }
}

impl<S: Sync> FromRequestParts<S> for Page {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        let page = parts.extensions.get::<Self>().cloned();
        Ok(page.expect("page::open runs before every page"))
    }
}

/// A page for people who are signed in; others are led to the sign-in first.
#[derive(Clone)]
pub(crate) struct SignedIn(pub(crate) Page);

impl Deref for SignedIn {
    type Target = Page;

    fn deref(&self) -> &Page {
        &self.0
    }
}

impl<S: Sync> FromRequestParts<S> for SignedIn {
    type Rejection = WebError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, WebError> {
        let Ok(page) = Page::from_request_parts(parts, state).await;
        if page.session.is_some() {
            Ok(Self(page))
        } else {
            Err(WebError::SignedOut)
        }
    }
}
