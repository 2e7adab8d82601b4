use http::Method;
use serde::{Deserialize, Serialize};

use super::{DOCUMENT, WorkoutPath, set_logs::SetLog};
use crate::rest::{
    Failure,
    call::{ById, Call, Mutation, Query, Within},
    choice::{Shown, WeightUnit},
    exercises::Exercise,
    input::{Int32, Text},
    output::{self, Reference, Zeroed},
    route::{Empty, Route},
    time::{Duration, Timestamp},
};

static EXERCISE_LOG: Query<ById, ExerciseLogDetails> = Query::new(&DOCUMENT, "ExerciseLog");
static LOG_EXERCISE: Mutation<Within<WorkoutPath, LogExerciseBody>, ExerciseLog> =
    Mutation::new(&DOCUMENT, "LogExercise");
static DELETE: Mutation<ExerciseLogPath> = Mutation::new(&DOCUMENT, "DeleteExerciseLog");
static ADD_NOTES: Mutation<Within<ExerciseLogPath, AddNotesToExerciseLogBody>> =
    Mutation::new(&DOCUMENT, "AnnotateExerciseLog");
static ADD_POWER_RATING: Mutation<Within<ExerciseLogPath, AddPowerRatingToExerciseLogBody>> =
    Mutation::new(&DOCUMENT, "AnnotateExerciseLog");
static UPDATE_WEIGHT_UNIT: Mutation<
    Within<ExerciseLogPath, UpdateExerciseLogWeightUnitBody>,
    ExerciseLogDetails,
> = Mutation::new(&DOCUMENT, "UpdateWeightUnit");

pub(super) fn routes() -> Vec<Route> {
    let one = "/workouts/{workoutId}/log/exercise/{exerciseLogId}";
    vec![
        Route::signed_in(
            Method::POST,
            "/workouts/{workoutId}/log/exercise",
            "workout.logExercise",
            log_exercise,
        ),
        Route::signed_in(
            Method::DELETE,
            one,
            "workout.deleteExerciseLog",
            delete_exercise_log,
        ),
        Route::signed_in(
            Method::GET,
            one,
            "workout.getExerciseLogDetails",
            get_exercise_log_details,
        ),
        Route::signed_in(
            Method::POST,
            "/workouts/{workoutId}/log/exercise/{exerciseLogId}/notes",
            "workout.addNotesToExerciseLog",
            add_notes,
        ),
        Route::signed_in(
            Method::POST,
            "/workouts/{workoutId}/log/exercise/{exerciseLogId}/power_rating",
            "workout.addPowerRatingToExerciseLog",
            add_power_rating,
        ),
        Route::signed_in(
            Method::PATCH,
            "/workouts/{workoutId}/log/exercise/{exerciseLogId}/weight_unit",
            "workout.updateExerciseLogWeightUnit",
            update_weight_unit,
        ),
    ]
}

#[derive(Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct ExerciseLogPath {
    workout_id: String,
    exercise_log_id: String,
}

#[derive(Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
struct LogExerciseBody {
    exercise_id: Text,
}

#[derive(Default, Deserialize, Serialize)]
#[serde(default)]
struct AddNotesToExerciseLogBody {
    notes: String,
}

#[derive(Default, Deserialize, Serialize)]
#[serde(rename_all = "camelCase", default)]
struct AddPowerRatingToExerciseLogBody {
    power_rating: Int32,
}

#[derive(Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
struct UpdateExerciseLogWeightUnitBody {
    weight_unit: WeightUnit,
}

#[derive(Default, Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
pub(in crate::rest) struct ExerciseLog {
    id: String,
    created_at: Timestamp,
    workout_id: Reference,
    exercise_id: Reference,
    notes: Zeroed<String>,
    power_rating: Zeroed<i32>,
    updated_at: Timestamp,
    weight_unit: Shown<WeightUnit>,
}

#[derive(Default, Deserialize, Serialize)]
#[serde(rename_all = "camelCase", from = "ExerciseLogNode")]
pub(in crate::rest) struct ExerciseLogDetails {
    pub(in crate::rest) exercise_log: ExerciseLog,
    pub(in crate::rest) exercise: Exercise,
    pub(in crate::rest) set_logs: Vec<SetLog>,
    pub(in crate::rest) expected_sets: Vec<ExpectedSet>,
}

/// `weight` is in the unit of the exercise log.
#[derive(Default, Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
pub(in crate::rest) struct ExpectedSet {
    id: String,
    #[serde(skip_deserializing)]
    exercise_log_id: String,
    reps: Zeroed<i32>,
    weight: Zeroed<output::Float>,
    time: Option<Duration>,
    created_at: Timestamp,
    updated_at: Timestamp,
}

#[derive(Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub(in crate::rest) struct ExerciseLogResponse {
    pub(in crate::rest) exercise_log_details: ExerciseLogDetails,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct ExerciseLogNode {
    #[serde(flatten)]
    exercise_log: ExerciseLog,
    exercise: Exercise,
    set_logs: Vec<SetLog>,
    expected_sets: Vec<ExpectedSet>,
}

impl From<ExerciseLogNode> for ExerciseLogDetails {
    fn from(node: ExerciseLogNode) -> Self {
        let mut expected_sets = node.expected_sets;
        for set in &mut expected_sets {
            set.exercise_log_id.clone_from(&node.exercise_log.id);
        }
        Self {
            exercise_log: node.exercise_log,
            exercise: node.exercise,
            set_logs: node.set_logs,
            expected_sets,
        }
    }
}

async fn log_exercise(
    call: Call,
    place: WorkoutPath,
    body: LogExerciseBody,
) -> Result<ExerciseLog, Failure> {
    call.mutate(&LOG_EXERCISE, Within { place, body }).await
}

async fn delete_exercise_log(
    call: Call,
    path: ExerciseLogPath,
    _: Empty,
) -> Result<Empty, Failure> {
    call.perform(&DELETE, path).await?;
    Ok(Empty {})
}

async fn get_exercise_log_details(
    call: Call,
    path: ExerciseLogPath,
    _: Empty,
) -> Result<ExerciseLogResponse, Failure> {
    let id = path.exercise_log_id;
    let details = call.query(&EXERCISE_LOG, ById { id }).await?;
    details.exercise_log.workout_id.check(&path.workout_id)?;
    Ok(ExerciseLogResponse {
        exercise_log_details: details,
    })
}

async fn add_notes(
    call: Call,
    place: ExerciseLogPath,
    body: AddNotesToExerciseLogBody,
) -> Result<Empty, Failure> {
    call.perform(&ADD_NOTES, Within { place, body }).await?;
    Ok(Empty {})
}

async fn add_power_rating(
    call: Call,
    place: ExerciseLogPath,
    body: AddPowerRatingToExerciseLogBody,
) -> Result<Empty, Failure> {
    let input = Within { place, body };
    call.perform(&ADD_POWER_RATING, input).await?;
    Ok(Empty {})
}

async fn update_weight_unit(
    call: Call,
    place: ExerciseLogPath,
    body: UpdateExerciseLogWeightUnitBody,
) -> Result<ExerciseLogResponse, Failure> {
    let input = Within { place, body };
    let details = call.mutate(&UPDATE_WEIGHT_UNIT, input).await?;
    Ok(ExerciseLogResponse {
        exercise_log_details: details,
    })
}
