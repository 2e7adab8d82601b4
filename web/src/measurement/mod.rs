//! Body measurements: the newest of each kind, one kind's history, and what is written down next.

mod kind;
mod view;

use axum::{
    Router,
    extract::{Path, Query},
    response::Response,
    routing::{get, post},
};
use chrono::{DateTime, NaiveDate, Utc};
use chrono_tz::Tz;
use serde::Deserialize;
use serde_json::json;

use crate::{
    app::App,
    error::WebError,
    form::{Entered, Form},
    graph::{Connection, Done, Operation},
    page::{Notice, Page, Shell, SignedIn, Tab, see_other, with_notice},
};

use kind::{Kind, Unit};

const OPERATIONS: &str = include_str!("operations.graphql");
const MEASUREMENTS: Operation = Operation::new(OPERATIONS, "BodyMeasurements");
const LOG: Operation = Operation::new(OPERATIONS, "LogBodyMeasurement");
const UPDATE: Operation = Operation::new(OPERATIONS, "UpdateBodyMeasurement");
const DELETE: Operation = Operation::new(OPERATIONS, "DeleteBodyMeasurement");

/// Where the measurements are.
pub(crate) const PATH: &str = "/measurements";
const FORM: &str = "measure";
const FIELDS: [(&str, &str); 4] = [
    ("kind", "kind"),
    ("value", "value"),
    ("unit", "unit"),
    ("measuredAt", "date"),
];

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Measurements {
    latest_body_measurements: Vec<Measurement>,
    body_measurements: Connection<Measurement>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Measurement {
    id: String,
    kind: Kind,
    value: f64,
    unit: Unit,
    #[serde(default)]
    metric_value: f64,
    measured_at: DateTime<Utc>,
}

#[derive(Default, Deserialize)]
struct Wanted {
    kind: Option<String>,
    after: Option<String>,
}

impl Wanted {
    fn kind(&self) -> Kind {
        let code = self.kind.as_deref();
        code.and_then(Kind::from_code).unwrap_or_default()
    }
}

pub(crate) fn routes() -> Router<App> {
    Router::new()
        .route(PATH, get(show).post(log))
        .route("/measurements/{id}", post(update))
        .route("/measurements/{id}/delete", post(delete))
}

async fn show(page: SignedIn, Query(wanted): Query<Wanted>) -> Result<Response, WebError> {
    show_kind(&page, &wanted, &Entered::nothing()).await
}

async fn show_kind(page: &Page, wanted: &Wanted, entered: &Entered) -> Result<Response, WebError> {
    let kind = wanted.kind();
    let variables = json!({ "kind": kind.code(), "after": wanted.after });
    let found: Measurements = page.query(MEASUREMENTS, variables).await?;
    let shell =
        Shell::new(page.t("measurements-title"), Tab::Profile).refused(entered.is_refused());
    Ok(page.html(&shell, &view::measurements(page, kind, &found, entered)))
}

async fn log(page: SignedIn, mut form: Form) -> Result<Response, WebError> {
    let kind = Kind::from_code(form.value("kind")).unwrap_or_default();
    let value = form.number(&page, "value");
    if value.is_none() {
        form.fail("value", page.t("error-number"));
    }
    let measured_at = date(&page, &mut form);
    if !form.failed() {
        let input = json!({ "kind": kind.code(), "value": value, "unit": kind.unit_of(form.value("unit")).code(),
                            "measuredAt": measured_at, "clientMutationId": form.key() });
        match page.mutate::<Done>(LOG, json!({ "input": input })).await? {
            Ok(Done {}) => return Ok(saved(kind)),
            Err(errors) => form.refuse(errors, &FIELDS),
        }
    }
    let entered = Entered::refused(FORM.to_owned(), form);
    show_kind(&page, &of_kind(kind), &entered).await
}

async fn update(
    page: SignedIn,
    Path(id): Path<String>,
    mut form: Form,
) -> Result<Response, WebError> {
    let kind = Kind::from_code(form.value("kind")).unwrap_or_default();
    let value = form.number(&page, "value");
    if value.is_none() {
        form.fail("value", page.t("error-number"));
    }
    if !form.failed() {
        let mut input = json!({ "bodyMeasurementId": id });
        if form.changed("value") {
            input["value"] = value.into();
        }
        if form.changed("value") || form.changed("unit") {
            input["unit"] = kind.unit_of(form.value("unit")).code().into();
        }
        match page
            .mutate::<Done>(UPDATE, json!({ "input": input }))
            .await?
        {
            Ok(Done {}) => return Ok(saved(kind)),
            Err(errors) => form.refuse(errors, &FIELDS),
        }
    }
    let entered = Entered::refused(format!("edit-{id}"), form);
    show_kind(&page, &of_kind(kind), &entered).await
}

async fn delete(page: SignedIn, Path(id): Path<String>, form: Form) -> Result<Response, WebError> {
    let kind = Kind::from_code(form.value("kind")).unwrap_or_default();
    let input = json!({ "input": { "bodyMeasurementId": id } });
    // what is gone already is as it should be
    let _ = page.mutate::<Done>(DELETE, input).await?;
    Ok(with_notice(
        see_other(&path_of(kind)),
        Notice::MeasurementDeleted,
    ))
}

fn saved(kind: Kind) -> Response {
    with_notice(see_other(&path_of(kind)), Notice::MeasurementSaved)
}

fn path_of(kind: Kind) -> String {
    format!("{PATH}?kind={}", kind.code())
}

fn of_kind(kind: Kind) -> Wanted {
    Wanted {
        kind: Some(kind.code().to_owned()),
        after: None,
    }
}

/// Noon of an entered day where the person is; nothing for today, which is now.
fn date(page: &Page, form: &mut Form) -> Option<DateTime<Utc>> {
    match form.text("date")?.parse::<NaiveDate>() {
        Ok(day) if day == page.today() => None,
        Ok(day) => noon(day, page.zone),
        Err(_) => {
            form.fail("date", page.t("error-date"));
            None
        }
    }
}

/// Noon of a day in a zone. No clock is put forward at noon; where a zone left out the whole day, it is UTC's.
fn noon(day: NaiveDate, zone: Tz) -> Option<DateTime<Utc>> {
    let noon = day.and_hms_opt(12, 0, 0)?;
    let there = noon.and_local_timezone(zone).earliest();
    Some(there.map_or_else(|| noon.and_utc(), |there| there.to_utc()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_is_the_persons_own() {
        let on = |day: &str, zone| noon(day.parse().unwrap(), zone).unwrap().to_rfc3339();
        assert_eq!(on("2026-07-01", Tz::UTC), "2026-07-01T12:00:00+00:00");
        assert_eq!(
            on("2026-07-01", Tz::Asia__Tokyo),
            "2026-07-01T03:00:00+00:00"
        );
        let kiritimati = on("2026-07-01", Tz::Pacific__Kiritimati);
        assert_eq!(kiritimati, "2026-06-30T22:00:00+00:00");
        // Samoa went from the 29th to the 31st
        assert_eq!(
            on("2011-12-30", Tz::Pacific__Apia),
            "2011-12-30T12:00:00+00:00"
        );
    }
}
