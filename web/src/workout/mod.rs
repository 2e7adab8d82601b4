//! Workouts: starting one, logging it live, its report, and all that were.

mod card_view;
mod changes;
pub(crate) mod effort;
pub(crate) mod entry;
mod finish;
mod live;
mod live_view;
mod report_view;
mod set;
mod superset;
pub(crate) mod view;

use axum::{
    Router,
    extract::{Path, Query},
    response::Response,
    routing::{get, post},
};
use base64::{Engine as _, prelude::BASE64_URL_SAFE_NO_PAD as URL_SAFE_NO_PAD};
use chrono::{DateTime, Utc};
use serde::Deserialize;
use serde_json::json;
use sha2::{Digest, Sha256};

use crate::{
    app::App,
    error::WebError,
    exercise::ExerciseRow,
    form::{Entered, Form},
    generation::Allowance,
    graph::{Connection, Operation},
    page::{Page, Shell, SignedIn, Tab, see_other},
    unit::WeightUnit,
};

pub(crate) use set::{ExpectedSet, SetLog, Target, set_text};

const OPERATIONS: &str = include_str!("operations.graphql");
const WORKOUTS: Operation = Operation::new(OPERATIONS, "Workouts");
const WORKOUT: Operation = Operation::new(OPERATIONS, "Workout");
const START_OPTIONS: Operation = Operation::new(OPERATIONS, "StartOptions");
const START: Operation = Operation::new(OPERATIONS, "StartWorkout");

/// The field that says what becomes of a workout under way when another is started.
const ASKS_AGAIN: &str = "if_active";

/// A workout as lists show it.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct WorkoutSummary {
    pub(crate) id: String,
    pub(crate) started_at: DateTime<Utc>,
    pub(crate) finished_at: Option<DateTime<Utc>>,
    pub(crate) rating: Option<u8>,
    pub(crate) routine: Option<Named>,
    pub(crate) exercise_logs: Vec<NamedLog>,
    pub(crate) report: Report,
}

#[derive(Clone, Debug, Deserialize)]
pub(crate) struct Named {
    pub(crate) id: String,
    pub(crate) name: String,
}

#[derive(Clone, Debug, Deserialize)]
pub(crate) struct NamedLog {
    pub(crate) exercise: Named,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Report {
    pub(crate) total_sets: u32,
    pub(crate) total_reps: u32,
    pub(crate) total_volume_kg: f64,
    pub(crate) total_time_seconds: f64,
    pub(crate) duration_seconds: f64,
}

impl WorkoutSummary {
    /// The routine's name, else what was trained.
    pub(crate) fn title(&self, page: &Page) -> String {
        if let Some(routine) = &self.routine {
            return routine.name.clone();
        }
        let names = self.exercise_logs.iter();
        let names: Vec<&str> = names
            .map(|log| log.exercise.name.as_str())
            .take(2)
            .collect();
        if names.is_empty() {
            page.t("workout-title")
        } else {
            names.join(", ")
        }
    }
}

#[derive(Deserialize)]
struct Listed {
    workouts: Connection<WorkoutSummary>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct StartOptions {
    routines: Connection<RoutineChoice>,
    active_workouts: Vec<WorkoutSummary>,
    generation_allowance: Option<Allowance>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct RoutineChoice {
    id: String,
    name: String,
    exercise_count: u32,
}

#[derive(Deserialize)]
struct Found {
    workout: Option<Workout>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Workout {
    id: String,
    started_at: DateTime<Utc>,
    finished_at: Option<DateTime<Utc>>,
    rating: Option<u8>,
    comment: Option<String>,
    routine: Option<Named>,
    is_generated: bool,
    reasoning: Option<String>,
    generation_status: Option<GenerationStatus>,
    exercise_logs: Vec<ExerciseLog>,
    report: Report,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
enum GenerationStatus {
    Running,
    Failed,
    Completed,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct ExerciseLog {
    id: String,
    exercise: ExerciseRow,
    notes: Option<String>,
    power_rating: Option<u8>,
    weight_unit: WeightUnit,
    superset_group: Option<i16>,
    progression_reason: Option<String>,
    set_logs: Vec<SetLog>,
    expected_sets: Vec<ExpectedSet>,
    previous_set_logs: Vec<SetLog>,
}

impl ExerciseLog {
    /// Differs when the log does.
    fn version(&self) -> String {
        let all = format!("{self:?}");
        URL_SAFE_NO_PAD.encode(&Sha256::digest(all)[..9])
    }

    fn previous(&self, index: usize) -> Option<Target> {
        let set = self.previous_set_logs.get(index)?;
        Some(Target::of_previous(set, self.weight_unit))
    }

    /// What the set at `index` is measured against: the plan, else last time.
    fn target(&self, index: usize) -> Option<Target> {
        let planned = self.expected_sets.get(index).map(Target::from);
        planned.or_else(|| self.previous(index))
    }
}

impl Workout {
    fn title(&self, page: &Page) -> String {
        match &self.routine {
            Some(routine) => routine.name.clone(),
            None => page.t("workout-title"),
        }
    }
}

#[derive(Deserialize)]
struct After {
    after: Option<String>,
}

#[derive(Deserialize)]
struct Started {
    workout: Option<StartedWorkout>,
}

#[derive(Deserialize)]
struct StartedWorkout {
    id: String,
}

pub(crate) fn routes() -> Router<App> {
    Router::new()
        .route("/workouts", get(history).post(start))
        .route("/workouts/new", get(choose_start))
        .route("/workouts/{id}", get(show))
        .route("/workouts/{id}/changes", get(changes::follow))
        .route("/workouts/{id}/add", get(live::choose))
        .route("/workouts/{id}/generate", post(live::generate))
        .route("/workouts/{id}/exercises", post(live::add_exercise))
        .route(
            "/workouts/{id}/exercises/{log}",
            post(live::change_exercise),
        )
        .route(
            "/workouts/{id}/exercises/{log}/remove",
            post(live::remove_exercise),
        )
        .route("/workouts/{id}/exercises/{log}/sets", post(live::log_set))
        .route(
            "/workouts/{id}/exercises/{log}/sets/{set}",
            post(live::change_set),
        )
        .route(
            "/workouts/{id}/exercises/{log}/sets/{set}/remove",
            post(live::remove_set),
        )
        .route("/workouts/{id}/complete", post(finish::complete))
        .route("/workouts/{id}/reopen", post(finish::reopen))
        .route("/workouts/{id}/discard", post(finish::discard))
        .route("/workouts/{id}/rate", post(finish::rate))
        .route("/workouts/{id}/comment", post(finish::comment))
        .route("/workouts/{id}/routine", post(finish::copy_to_routine))
}

async fn history(
    page: SignedIn,
    Query(After { after }): Query<After>,
) -> Result<Response, WebError> {
    let listed: Listed = page.query(WORKOUTS, json!({ "after": after })).await?;
    let shell = Shell::new(page.t("history-title"), Tab::History);
    Ok(page.html(&shell, &view::history(&page, &listed.workouts)))
}

async fn choose_start(page: SignedIn) -> Result<Response, WebError> {
    show_start(&page, &Form::default()).await
}

async fn show_start(page: &Page, form: &Form) -> Result<Response, WebError> {
    let options: StartOptions = page.query(START_OPTIONS, json!({})).await?;
    let shell = Shell::new(page.t("start-title"), Tab::Workout).refused(form.failed());
    Ok(page.html(&shell, &view::start(page, &options, form)))
}

async fn start(page: SignedIn, mut form: Form) -> Result<Response, WebError> {
    let input = json!({ "input": {
        "routineId": form.text("routine_id"),
        "generate": form.value("generate") == "true",
        "prompt": form.text("prompt"),
        "weightUnit": page.unit(),
        "ifActive": if form.value(ASKS_AGAIN) == "COMPLETE" { "COMPLETE" } else { "REFUSE" },
        "clientMutationId": form.key(),
    }});
    match page.mutate::<Started>(START, input).await? {
        Ok(Started {
            workout: Some(workout),
        }) => Ok(see_other(&format!("/workouts/{}", workout.id))),
        Ok(Started { workout: None }) => Err(WebError::untold()),
        Err(errors) => {
            if errors.iter().any(|error| error.code == "ALREADY_EXISTS") {
                form.set(ASKS_AGAIN, String::new());
            }
            form.refuse(errors, &[("prompt", "prompt")]);
            show_start(&page, &form).await
        }
    }
}

async fn show(page: SignedIn, Path(id): Path<String>) -> Result<Response, WebError> {
    show_workout(&page, &id, Entered::nothing()).await
}

/// The live workout, or the report of a finished one, with a form that was
/// refused as it was entered.
async fn show_workout(page: &Page, id: &str, entered: Entered) -> Result<Response, WebError> {
    let workout = find(page, id).await?;
    Ok(draw(page, &workout, &entered))
}

fn draw(page: &Page, workout: &Workout, entered: &Entered) -> Response {
    let (tab, body) = match workout.finished_at {
        None => (Tab::Workout, live_view::live(page, workout, entered)),
        Some(at) => (
            Tab::History,
            report_view::report(page, workout, at, entered),
        ),
    };
    let shell = Shell::new(workout.title(page), tab).refused(entered.is_refused());
    page.html(&shell, &body)
}

async fn find(page: &Page, id: &str) -> Result<Workout, WebError> {
    let workout = page.find(WORKOUT, json!({ "id": id }), |found: Found| found.workout);
    workout.await?.ok_or(WebError::NotFound)
}
