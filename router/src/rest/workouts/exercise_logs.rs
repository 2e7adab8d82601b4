use http::Method;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{DOCUMENT, WorkoutPath, set_logs::SetLog};
use crate::rest::{
    Failure,
    call::{ById, Call, Mutation, Query, Within},
    choice::{Shown, WeightUnit},
    exercises::Exercise,
    input::{Int32, Text},
    output::{self, Id, Reference, Zeroed},
    route::{Empty, Route},
    time::{Duration, Timestamp},
};

static EXERCISE_LOG: Query<ById, ExerciseLogDetails> = Query::new(&DOCUMENT, "ExerciseLog");
static LOG_EXERCISE: Mutation<Within<WorkoutPath, LogExerciseBody>, ExerciseLog> =
    Mutation::making(&DOCUMENT, "LogExercise");
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
        )
        .about(
            "Add an exercise to a workout",
            "To one that is not finished, at the end.",
        )
        .once_by_key(),
        Route::signed_in(
            Method::DELETE,
            one,
            "workout.deleteExerciseLog",
            delete_exercise_log,
        )
        .about(
            "Remove an exercise from a workout",
            "From one that is not finished; its sets go with it.",
        ),
        Route::signed_in(
            Method::GET,
            one,
            "workout.getExerciseLogDetails",
            get_exercise_log_details,
        )
        .about(
            "Get an exercise of a workout",
            "With its sets and its expected sets.",
        ),
        Route::signed_in(
            Method::POST,
            "/workouts/{workoutId}/log/exercise/{exerciseLogId}/notes",
            "workout.addNotesToExerciseLog",
            add_notes,
        )
        .about(
            "Note something on an exercise of a workout",
            "While the workout is not finished; takes the place of an earlier note.",
        ),
        Route::signed_in(
            Method::POST,
            "/workouts/{workoutId}/log/exercise/{exerciseLogId}/power_rating",
            "workout.addPowerRatingToExerciseLog",
            add_power_rating,
        )
        .about(
            "Rate the effort of an exercise of a workout",
            "While the workout is not finished.",
        ),
        Route::signed_in(
            Method::PATCH,
            "/workouts/{workoutId}/log/exercise/{exerciseLogId}/weight_unit",
            "workout.updateExerciseLogWeightUnit",
            update_weight_unit,
        )
        .about(
            "Change the unit of the weights of an exercise",
            "While the workout is not finished. What was logged and what is expected is \
             shown in the new unit.",
        ),
    ]
}

#[derive(Deserialize, JsonSchema, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct ExerciseLogPath {
    /// The workout.
    workout_id: String,
    /// The exercise of that workout.
    exercise_log_id: String,
}

#[derive(Deserialize, JsonSchema, Serialize)]
#[serde(rename_all = "camelCase")]
struct LogExerciseBody {
    /// One of the catalogue, or an own one.
    exercise_id: Text,
}

#[derive(Default, Deserialize, JsonSchema, Serialize)]
#[serde(default)]
#[schemars(extend("examples" = [{ "notes": "Left knee clicks" }]))]
struct AddNotesToExerciseLogBody {
    /// May be empty.
    notes: String,
}

#[derive(Default, Deserialize, JsonSchema, Serialize)]
#[serde(rename_all = "camelCase", default)]
#[schemars(extend("examples" = [{ "powerRating": 8 }]))]
struct AddPowerRatingToExerciseLogBody {
    /// From 0, none, to 10, all there was.
    #[schemars(extend("minimum" = 0, "maximum" = 10))]
    power_rating: Int32,
}

#[derive(Deserialize, JsonSchema, Serialize)]
#[serde(rename_all = "camelCase")]
#[schemars(extend("examples" = [{ "weightUnit": "WEIGHT_UNIT_LB" }]))]
struct UpdateExerciseLogWeightUnitBody {
    /// It must be specified.
    weight_unit: WeightUnit,
}

/// An exercise in a workout.
#[derive(Default, Deserialize, JsonSchema, Serialize)]
#[serde(rename_all = "camelCase")]
pub(in crate::rest) struct ExerciseLog {
    id: Id,
    /// When it was added.
    created_at: Timestamp,
    /// The workout that it is in.
    workout_id: Reference,
    /// Which exercise it is.
    exercise_id: Reference,
    /// Empty when there are none.
    notes: Zeroed<String>,
    /// The effort from 0 to 10; 0 when it was not rated.
    power_rating: Zeroed<i32>,
    /// When it last changed.
    updated_at: Timestamp,
    /// What the weights of its sets are in.
    weight_unit: Shown<WeightUnit>,
}

/// An exercise in a workout, with all that belongs to it.
#[derive(Default, Deserialize, JsonSchema, Serialize)]
#[serde(rename_all = "camelCase", from = "ExerciseLogNode")]
#[schemars(!from)]
pub(in crate::rest) struct ExerciseLogDetails {
    /// Its place in the workout.
    pub(in crate::rest) exercise_log: ExerciseLog,
    /// The exercise itself.
    pub(in crate::rest) exercise: Exercise,
    /// What was done, in order.
    pub(in crate::rest) set_logs: Vec<SetLog>,
    /// What the routine or the generation plans.
    pub(in crate::rest) expected_sets: Vec<ExpectedSet>,
}

/// A set that is planned for an exercise of a workout.
#[derive(Default, Deserialize, JsonSchema, Serialize)]
#[serde(rename_all = "camelCase")]
pub(in crate::rest) struct ExpectedSet {
    id: Id,
    /// The exercise of the workout that it is of.
    #[serde(skip_deserializing)]
    exercise_log_id: Id,
    /// Repetitions; 0 when none are planned.
    reps: Zeroed<i32>,
    /// In the `weightUnit` of the exercise log; 0 when none is planned.
    weight: Zeroed<output::Float>,
    /// Seconds, such as `90s`; null when none is planned.
    time: Option<Duration>,
    /// When it was planned.
    created_at: Timestamp,
    /// When it last changed.
    updated_at: Timestamp,
}

#[derive(Default, JsonSchema, Serialize)]
#[serde(rename_all = "camelCase")]
pub(in crate::rest) struct ExerciseLogResponse {
    /// The exercise of the workout, as it is now.
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
