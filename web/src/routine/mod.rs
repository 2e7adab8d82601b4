//! Routines: what a person means to do, exercise by exercise, set by set.

mod editor;
mod keeping;
mod keeping_view;
mod plan;
mod sets;
mod superset;
mod view;

use axum::{
    Router,
    extract::Query,
    response::Response,
    routing::{get, post},
};
use chrono::{DateTime, Utc};
use serde::Deserialize;
use serde_json::json;

use crate::{
    app::App,
    error::WebError,
    exercise::ExerciseRow,
    form::Form,
    graph::{Connection, Operation},
    page::{Page, Shell, SignedIn, Tab, see_other},
    workout::effort::SetKind,
};

const OPERATIONS: &str = include_str!("operations.graphql");
const ROUTINES: Operation = Operation::new(OPERATIONS, "Routines");
const CREATE: Operation = Operation::new(OPERATIONS, "CreateRoutine");

#[derive(Deserialize)]
struct Listed {
    routines: Connection<Summary>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Summary {
    id: String,
    name: String,
    description: String,
    exercise_count: u32,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Routine {
    id: String,
    name: String,
    description: String,
    exercise_instances: Vec<Instance>,
    archived_at: Option<DateTime<Utc>>,
    share: Option<Share>,
}

#[derive(Deserialize)]
struct Share {
    token: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Instance {
    id: String,
    exercise: ExerciseRow,
    superset_group: Option<i16>,
    notes: Option<String>,
    training_max_kg: Option<f64>,
    progression: Option<plan::Progression>,
    sets: Vec<PlannedSet>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct PlannedSet {
    id: String,
    reps: Option<i32>,
    weight_kg: Option<f64>,
    time_seconds: Option<f64>,
    #[serde(default)]
    kind: SetKind,
    max_reps: Option<i32>,
    percent_of_max: Option<f64>,
    rpe: Option<f64>,
    rest_seconds: Option<u32>,
}

#[derive(Default, Deserialize)]
struct After {
    after: Option<String>,
    #[serde(default)]
    archived: bool,
}

#[derive(Deserialize)]
pub(crate) struct Created {
    pub(crate) routine: Option<CreatedRoutine>,
}

#[derive(Deserialize)]
pub(crate) struct CreatedRoutine {
    pub(crate) id: String,
}

pub(crate) fn routes() -> Router<App> {
    Router::new()
        .route("/routines", get(list).post(create))
        .route("/routines/{id}", get(editor::show).post(editor::rename))
        .route("/routines/{id}/archive", post(keeping::archive))
        .route("/routines/{id}/unarchive", post(keeping::unarchive))
        .route("/routines/{id}/duplicate", post(keeping::duplicate))
        .route("/routines/{id}/share", post(keeping::share))
        .route("/routines/{id}/unshare", post(keeping::unshare))
        .route("/shared/{token}", get(keeping::shared))
        .route("/shared/{token}/copy", post(keeping::copy))
        .route(
            "/routines/{id}/exercises/{instance}/plan",
            post(plan::change),
        )
        .route("/routines/{id}/delete", post(editor::delete))
        .route("/routines/{id}/add", get(editor::choose))
        .route("/routines/{id}/order", post(editor::reorder))
        .route("/routines/{id}/exercises", post(editor::add))
        .route(
            "/routines/{id}/exercises/{instance}/remove",
            post(editor::remove),
        )
        .route(
            "/routines/{id}/exercises/{instance}/move",
            post(editor::shift),
        )
        .route(
            "/routines/{id}/exercises/{instance}/superset",
            post(superset::change),
        )
        .route("/routines/{id}/exercises/{instance}/sets", post(sets::add))
        .route(
            "/routines/{id}/exercises/{instance}/sets/{set}",
            post(sets::change),
        )
        .route(
            "/routines/{id}/exercises/{instance}/sets/{set}/remove",
            post(sets::remove),
        )
}

async fn list(page: SignedIn, Query(wanted): Query<After>) -> Result<Response, WebError> {
    show_list(&page, wanted, &Form::default()).await
}

async fn show_list(page: &Page, wanted: After, form: &Form) -> Result<Response, WebError> {
    let After { after, archived } = wanted;
    let variables = json!({ "after": after, "archived": archived });
    let listed: Listed = page.query(ROUTINES, variables).await?;
    let shell = Shell::new(page.t("routines-title"), Tab::Routines).refused(form.failed());
    Ok(page.html(&shell, &view::list(page, &listed.routines, archived, form)))
}

async fn create(page: SignedIn, mut form: Form) -> Result<Response, WebError> {
    if form.text("name").is_none() {
        form.fail("name", page.t("error-routine-name"));
        return show_list(&page, After::default(), &form).await;
    }
    let input = json!({ "input": { "name": form.value("name"), "clientMutationId": form.key() } });
    match page.mutate::<Created>(CREATE, input).await? {
        Ok(Created {
            routine: Some(routine),
        }) => Ok(see_other(&format!("/routines/{}", routine.id))),
        Ok(Created { routine: None }) => Err(WebError::untold()),
        Err(errors) => {
            form.refuse(errors, &[("name", "name")]);
            show_list(&page, After::default(), &form).await
        }
    }
}

/// Makes a routine of what was done in a workout; its address.
pub(crate) async fn copy_of_workout(
    page: &Page,
    workout_id: &str,
    name: &str,
    key: Option<&str>,
) -> Result<String, WebError> {
    let input = json!({ "input": {
        "name": name,
        "workoutId": workout_id,
        "clientMutationId": key,
    }});
    let created = page.mutate::<Created>(CREATE, input).await?;
    let created = created.map_err(|errors| crate::error::refusal(&errors))?;
    let routine = created.routine.ok_or_else(WebError::untold)?;
    Ok(format!("/routines/{}", routine.id))
}
