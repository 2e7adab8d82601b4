//! The viewer's own data, their units and language, and their picture.

mod avatar;
mod view;

use axum::{
    Router,
    extract::DefaultBodyLimit,
    response::Response,
    routing::{get, post},
};
use chrono::{DateTime, NaiveDate, Utc};
use serde::Deserialize;
use serde_json::{Value, json};
use setwise_service::Locale;

use crate::{
    app::App,
    error::WebError,
    form::{Entered, Form},
    format::entered,
    graph::Operation,
    page::{
        Notice, Page, Shell, SignedIn, Tab, keep_language, renew_session, see_other, with_notice,
    },
    session::{Language, Person, Session},
    unit::WeightUnit,
};

const OPERATIONS: &str = include_str!("operations.graphql");
const PROFILE: Operation = Operation::new(OPERATIONS, "Profile");
const UPDATE: Operation = Operation::new(OPERATIONS, "UpdateProfile");

const FIELDS: [(&str, &str); 7] = [
    ("firstName", "first_name"),
    ("lastName", "last_name"),
    ("dateOfBirth", "date_of_birth"),
    ("heightCm", "height"),
    ("weightKg", "weight"),
    ("language", "language"),
    ("weightUnit", "weight_unit"),
];

#[derive(Deserialize)]
struct Found {
    me: Option<Profile>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Profile {
    email: String,
    display_name: String,
    first_name: Option<String>,
    last_name: Option<String>,
    date_of_birth: Option<DateTime<Utc>>,
    height_cm: Option<f64>,
    weight_kg: Option<f64>,
    language: Language,
    weight_unit: WeightUnit,
    avatar: Option<Avatar>,
}

#[derive(Deserialize)]
struct Avatar {
    url: String,
}

#[derive(Deserialize)]
struct Updated {
    user: Option<Person>,
}

impl Profile {
    fn form(&self, page: &Page) -> Form {
        let weight = self
            .weight_kg
            .map(|kg| entered(page.locale, self.weight_unit.of_kg(kg), 1));
        let birth = self.date_of_birth.map(|at| at.date_naive().to_string());
        Form::filled([
            ("first_name", self.first_name.clone()),
            ("last_name", self.last_name.clone()),
            ("date_of_birth", birth),
            (
                "height",
                self.height_cm.map(|height| entered(page.locale, height, 1)),
            ),
            ("weight", weight),
            ("language", Some(self.language.code().to_owned())),
            ("weight_unit", Some(self.weight_unit.code().to_owned())),
        ])
    }
}

/// The one form with a file in it.
pub(crate) const AVATAR: &str = "/profile/avatar";

pub(crate) fn routes() -> Router<App> {
    let upload = post(avatar::upload).layer(DefaultBodyLimit::max(avatar::MAX_BODY_BYTES));
    Router::new()
        .route("/profile", get(show).post(update))
        .route(AVATAR, upload)
        .route("/profile/avatar/remove", post(avatar::remove))
}

async fn show(page: SignedIn) -> Result<Response, WebError> {
    show_profile(&page, &Entered::nothing()).await
}

async fn show_profile(page: &Page, entered: &Entered) -> Result<Response, WebError> {
    let profile = page.find(PROFILE, json!({}), |found: Found| found.me);
    let profile = profile.await?.ok_or(WebError::SignedOut)?;
    let shell = Shell::new(page.t("profile-title"), Tab::Profile).refused(entered.is_refused());
    Ok(page.html(&shell, &view::profile(page, &profile, entered)))
}

async fn update(page: SignedIn, mut form: Form) -> Result<Response, WebError> {
    let input = read(&page, &mut form);
    if !form.failed() {
        match page
            .mutate::<Updated>(UPDATE, json!({ "input": input }))
            .await?
        {
            Ok(updated) => return Ok(saved(&page, updated.user)),
            Err(errors) => form.refuse(errors, &FIELDS),
        }
    }
    show_profile(&page, &Entered::refused("profile".into(), form)).await
}

/// The cookie and the language of the next page follow the new profile.
fn saved(page: &Page, person: Option<Person>) -> Response {
    let response = with_notice(see_other("/profile"), Notice::ProfileSaved);
    let (Some(session), Some(person)) = (&page.session, person) else {
        return response;
    };
    let locale = Locale::from(person.language);
    let session = Session {
        person,
        ..Session::clone(session)
    };
    keep_language(renew_session(response, session), locale)
}

/// What the form changes; an emptied field clears what was stored. The weight is in the unit that the form showed, not
/// in one that is chosen in the same step.
fn read(page: &Page, form: &mut Form) -> Value {
    let shown = WeightUnit::from_code(form.value("shown_unit")).unwrap_or_default();
    let weight = form.number(page, "weight");
    let height = form.number(page, "height");
    let birth = form.text("date_of_birth").map(str::parse::<NaiveDate>);
    let birth = match birth {
        Some(Ok(date)) => Some(format!("{date}T00:00:00Z")),
        Some(Err(_)) => {
            form.fail("date_of_birth", page.t("error-date"));
            None
        }
        None => None,
    };
    let unit = WeightUnit::from_code(form.value("weight_unit")).map(WeightUnit::code);
    let language = Locale::from_tag(form.value("language")).map(|it| Language::from(it).code());
    let weight_kg = weight.map(|weight| shown.to_kg(weight));
    let all: [(&str, &str, Value); 7] = [
        ("first_name", "firstName", form.text("first_name").into()),
        ("last_name", "lastName", form.text("last_name").into()),
        ("date_of_birth", "dateOfBirth", birth.into()),
        ("height", "heightCm", height.into()),
        ("weight", "weightKg", weight_kg.into()),
        ("weight_unit", "weightUnit", unit.into()),
        ("language", "language", language.into()),
    ];
    // Unit and language are not cleared: what is none of ours is left out.
    let is_choice = |field: &str| ["weight_unit", "language"].contains(&field);
    let said = all
        .into_iter()
        .filter(|(field, _, value)| form.changed(field) && !(is_choice(field) && value.is_null()));
    said.map(|(_, name, value)| (name.to_owned(), value))
        .collect()
}
