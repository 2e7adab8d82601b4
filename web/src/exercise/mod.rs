//! The catalogue: searching it, and one exercise with the viewer's history.

mod kind;
mod own;
mod own_view;
mod records;
pub(crate) mod view;

use axum::{
    Router,
    extract::{Path, Query},
    response::Response,
    routing::{get, post},
};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::{
    app::App,
    error::WebError,
    graph::{Connection, Operation},
    page::{Page, Shell, SignedIn, Tab},
    unit::WeightUnit,
    workout::SetLog,
};

pub(crate) use kind::{Equipment, Level, MOVEMENTS, Measurement};

const OPERATIONS: &str = include_str!("operations.graphql");
const EXERCISES: Operation = Operation::new(OPERATIONS, "Exercises");
const EXERCISE: Operation = Operation::new(OPERATIONS, "Exercise");
const PAGE_SIZE: u8 = 30;

#[derive(Clone, Debug, Deserialize)]
pub(crate) struct MuscleGroup {
    pub(crate) id: String,
    pub(crate) name: String,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ExerciseRow {
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) equipment: Equipment,
    pub(crate) measurement: Measurement,
    pub(crate) primary_muscle_groups: Vec<MuscleGroup>,
}

/// What the catalogue is searched for.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
pub(crate) struct Search {
    #[serde(default)]
    q: String,
    #[serde(default)]
    muscle: String,
    #[serde(default)]
    equipment: String,
    #[serde(default)]
    owner: String,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    after: String,
}

impl Exercise {
    /// What it is, when that is more than its steps in one text.
    fn own_description(&self) -> Option<&str> {
        let description = Some(self.description.as_str()).filter(|text| !text.is_empty());
        description.filter(|text| *text != self.instructions.join(" "))
    }
}

impl Search {
    /// `path` with this search continued at `cursor`.
    fn continued(&self, path: &str, cursor: &str) -> String {
        let search = Self {
            after: cursor.to_owned(),
            ..self.clone()
        };
        let query = serde_urlencoded::to_string(search).unwrap_or_default();
        format!("{path}?{query}")
    }
}

/// One page of what was found, and what it can be narrowed by.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Catalogue {
    muscle_groups: Vec<MuscleGroup>,
    exercises: Connection<ExerciseRow>,
}

#[derive(Deserialize)]
struct Found {
    exercise: Option<Exercise>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Exercise {
    #[serde(flatten)]
    row: ExerciseRow,
    description: String,
    instructions: Vec<String>,
    video_url: Option<String>,
    level: Option<Level>,
    is_unilateral: bool,
    is_own: bool,
    is_deleted: bool,
    secondary_muscle_groups: Vec<MuscleGroup>,
    alternatives: Vec<ExerciseRow>,
    history: Connection<PastLog>,
    records: records::Records,
    progress: Vec<records::ProgressPoint>,
}

/// What the viewer did of an exercise in one workout.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct PastLog {
    weight_unit: WeightUnit,
    workout: PastWorkout,
    set_logs: Vec<SetLog>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct PastWorkout {
    id: String,
    started_at: DateTime<Utc>,
}

#[derive(Deserialize)]
struct After {
    after: Option<String>,
}

pub(crate) fn routes() -> Router<App> {
    Router::new()
        .route("/exercises", get(list).post(own::create))
        .route("/exercises/new", get(own::new))
        .route("/exercises/{id}", get(detail).post(own::save))
        .route("/exercises/{id}/edit", get(own::edit))
        .route("/exercises/{id}/delete", post(own::delete))
}

pub(crate) async fn search(page: &Page, search: &Search) -> Result<Catalogue, WebError> {
    let some = |text: &str| Some(text.trim().to_owned()).filter(|text| !text.is_empty());
    let known = Equipment::ALL.into_iter();
    let mut known = known.filter(|equipment| equipment.code() == search.equipment);
    let variables = json!({
        "filter": {
            "search": some(&search.q),
            "muscleGroupIds": some(&search.muscle).map(|id| [id]),
            "equipment": known.next().map(|equipment| [equipment.code()]),
            "owner": match search.owner.as_str() {
                "mine" => "MINE",
                "catalogue" => "CATALOGUE",
                _ => "ALL",
            },
        },
        "first": PAGE_SIZE,
        "after": some(&search.after),
    });
    page.query(EXERCISES, variables).await
}

async fn list(page: SignedIn, Query(wanted): Query<Search>) -> Result<Response, WebError> {
    let catalogue = search(&page, &wanted).await?;
    let shell = Shell::new(page.t("exercises-title"), Tab::Exercises);
    Ok(page.html(&shell, &view::list(&page, &wanted, &catalogue)))
}

async fn detail(
    page: SignedIn,
    Path(id): Path<String>,
    Query(After { after }): Query<After>,
) -> Result<Response, WebError> {
    let variables = json!({ "id": id, "after": after, "unit": page.unit().code() });
    let exercise = page.find(EXERCISE, variables, |found: Found| found.exercise);
    let exercise = exercise.await?.ok_or(WebError::NotFound)?;
    let shell = Shell::new(exercise.row.name.clone(), Tab::Exercises);
    Ok(page.html(&shell, &view::detail(&page, &exercise)))
}
