//! What a person does in the gym: exercises and sets of a workout under way.

use axum::{
    extract::{Path, Query},
    response::Response,
};
use serde::Deserialize;
use serde_json::{Value, json};

use super::{OPERATIONS, Workout, draw, entry, find, live_view};
use crate::{
    error::{WebError, refusal},
    exercise::{self, Search},
    form::{Entered, Form},
    graph::{Done, Operation},
    page::{Notice, Page, Shell, SignedIn, Tab, see_other, with_notice},
    unit::WeightUnit,
};

const LOG_EXERCISE: Operation = Operation::new(OPERATIONS, "LogExercise");
const UPDATE_EXERCISE: Operation = Operation::new(OPERATIONS, "UpdateExerciseLog");
const DELETE_EXERCISE: Operation = Operation::new(OPERATIONS, "DeleteExerciseLog");
const LOG_SET: Operation = Operation::new(OPERATIONS, "LogSet");
const UPDATE_SET: Operation = Operation::new(OPERATIONS, "UpdateSetLog");
const DELETE_SET: Operation = Operation::new(OPERATIONS, "DeleteSetLog");
const GENERATE: Operation = Operation::new(OPERATIONS, "GenerateWorkout");

#[derive(Deserialize)]
struct Logged {
    #[serde(rename = "exerciseLog")]
    exercise_log: Option<Reference>,
}

#[derive(Deserialize)]
struct Reference {
    id: String,
}

/// The catalogue, to choose an exercise from.
pub(super) async fn choose(
    page: SignedIn,
    Path(id): Path<String>,
    Query(wanted): Query<Search>,
) -> Result<Response, WebError> {
    let (workout, catalogue) =
        tokio::try_join!(find(&page, &id), exercise::search(&page, &wanted))?;
    let shell = Shell::new(page.t("picker-title"), Tab::Workout);
    Ok(page.html(
        &shell,
        &live_view::picker(&page, &workout, &wanted, &catalogue),
    ))
}

pub(super) async fn add_exercise(
    page: SignedIn,
    Path(id): Path<String>,
    form: Form,
) -> Result<Response, WebError> {
    let input = json!({ "input": {
        "workoutId": id,
        "exerciseId": form.value("exercise_id"),
        "weightUnit": page.unit(),
        "clientMutationId": form.key(),
    }});
    let logged = page.mutate::<Logged>(LOG_EXERCISE, input).await?;
    let logged = logged.map_err(|errors| refusal(&errors))?;
    let log = logged.exercise_log.ok_or_else(WebError::untold)?;
    Ok(to_exercise(&id, &log.id))
}

/// Notes, effort and unit of an exercise.
pub(super) async fn change_exercise(
    page: SignedIn,
    Path((id, log)): Path<(String, String)>,
    mut form: Form,
) -> Result<Response, WebError> {
    let mut input = json!({ "workoutId": id, "exerciseLogId": log });
    if let Some(unit) = WeightUnit::from_code(form.value("weight_unit")) {
        input["weightUnit"] = unit.code().into();
    } else {
        let effort = form.whole(&page, "power_rating");
        if form.changed("notes") {
            input["notes"] = form.text("notes").into();
        }
        if form.changed("power_rating") {
            input["powerRating"] = effort.into();
        }
    }
    let keys = (id.as_str(), log.as_str(), format!("exercise-{log}"));
    save(&page, UPDATE_EXERCISE, input, form, keys).await
}

pub(super) async fn remove_exercise(
    page: SignedIn,
    Path((id, log)): Path<(String, String)>,
) -> Result<Response, WebError> {
    let input = json!({ "workoutId": id, "exerciseLogId": log });
    let done = see_other(&format!("/workouts/{id}"));
    act_live(&page, (&id, Some(&log)), DELETE_EXERCISE, input, done).await
}

pub(super) async fn log_set(
    page: SignedIn,
    Path((id, log)): Path<(String, String)>,
    form: Form,
) -> Result<Response, WebError> {
    let mut input = json!({ "workoutId": id, "exerciseLogId": log });
    input["clientMutationId"] = form.key().into();
    let keys = (id.as_str(), log.as_str(), format!("log-set-{log}"));
    save_set(&page, LOG_SET, input, form, keys).await
}

pub(super) async fn change_set(
    page: SignedIn,
    Path((id, log, set)): Path<(String, String, String)>,
    form: Form,
) -> Result<Response, WebError> {
    let input = json!({ "workoutId": id, "exerciseLogId": log, "setLogId": set });
    let keys = (id.as_str(), log.as_str(), format!("edit-set-{set}"));
    save_set(&page, UPDATE_SET, input, form, keys).await
}

pub(super) async fn remove_set(
    page: SignedIn,
    Path((id, log, set)): Path<(String, String, String)>,
) -> Result<Response, WebError> {
    let input = json!({ "workoutId": id, "exerciseLogId": log, "setLogId": set });
    let done = to_exercise(&id, &log);
    act_live(&page, (&id, Some(&log)), DELETE_SET, input, done).await
}

/// Asks for the exercises once more, after they could not be chosen.
pub(super) async fn generate(
    page: SignedIn,
    Path(id): Path<String>,
    form: Form,
) -> Result<Response, WebError> {
    let input = json!({
        "workoutId": id, "prompt": form.text("prompt"), "clientMutationId": form.key(),
    });
    let done = see_other(&format!("/workouts/{id}"));
    act_live(&page, (&id, None), GENERATE, input, done).await
}

async fn save_set(
    page: &Page,
    operation: Operation,
    mut input: Value,
    mut form: Form,
    keys: (&str, &str, String),
) -> Result<Response, WebError> {
    for (name, value) in entry::read(page, &mut form) {
        input[name] = value;
    }
    save(page, operation, input, form, keys).await
}

/// Saves, or shows the workout again with what was entered and what is wrong.
async fn save(
    page: &Page,
    operation: Operation,
    input: Value,
    mut form: Form,
    (id, log, form_id): (&str, &str, String),
) -> Result<Response, WebError> {
    if !form.failed() {
        match page
            .mutate::<Done>(operation, json!({ "input": input }))
            .await?
        {
            Ok(Done {}) => return Ok(to_exercise(id, log)),
            Err(errors) => {
                form.refuse(errors, &entry::FIELDS);
            }
        }
    }
    match still_live(page, (id, Some(log))).await? {
        Ok(workout) => Ok(draw(page, &workout, &Entered::refused(form_id, form))),
        Err(away) => Ok(away),
    }
}

/// The workout of a form that was refused, or the way to what has become of
/// it: another tab or device may have finished or deleted it meanwhile, or
/// the exercise, and then there is no place left on the page to say so.
async fn still_live(
    page: &Page,
    (id, log): (&str, Option<&str>),
) -> Result<Result<Workout, Response>, WebError> {
    let workout = match find(page, id).await {
        Err(WebError::NotFound) => {
            return Ok(Err(with_notice(page.go("/"), Notice::WorkoutGone)));
        }
        found => found?,
    };
    let has = |log: &str| workout.exercise_logs.iter().any(|other| other.id == log);
    let notice = if workout.finished_at.is_some() {
        Notice::WorkoutFinished
    } else if log.is_some_and(|log| !has(log)) {
        Notice::ExerciseGone
    } else {
        return Ok(Ok(workout));
    };
    Ok(Err(with_notice(
        page.go(&format!("/workouts/{id}")),
        notice,
    )))
}

/// Does to a live workout what has no field to show an error beside.
pub(super) async fn act_live(
    page: &Page,
    keys: (&str, Option<&str>),
    operation: Operation,
    input: Value,
    done: Response,
) -> Result<Response, WebError> {
    match act(page, operation, input).await {
        Ok(()) => Ok(done),
        Err(refused @ (WebError::NotFound | WebError::Refused(_))) => {
            still_live(page, keys).await?.err().ok_or(refused)
        }
        Err(error) => Err(error),
    }
}

pub(super) async fn act(page: &Page, operation: Operation, input: Value) -> Result<(), WebError> {
    let done = page.mutate::<Done>(operation, json!({ "input": input }));
    done.await?
        .map(|Done {}| ())
        .map_err(|errors| refusal(&errors))
}

fn to_exercise(id: &str, log: &str) -> Response {
    see_other(&format!("/workouts/{id}#log-{log}"))
}
