use http::Method;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{DOCUMENT, exercise_logs::ExerciseLogPath};
use crate::rest::{
    Failure,
    call::{Call, Mutation, Within},
    choice::{SetType, specified},
    input::{self, Int32, nonzero},
    output::{self, Id, Reference, Zeroed},
    route::{Empty, Route},
    time::{Duration, GivenDuration, Timestamp},
};

static LOG_SET: Mutation<Within<ExerciseLogPath, LogSetBody>, SetLog> =
    Mutation::making(&DOCUMENT, "LogSet");
static UPDATE: Mutation<Within<SetLogPath, UpdateSetLogBody>, SetLog> =
    Mutation::new(&DOCUMENT, "UpdateSetLog");
static DELETE: Mutation<SetLogPath> = Mutation::new(&DOCUMENT, "DeleteSetLog");

pub(super) fn routes() -> Vec<Route> {
    let one = "/workouts/{workoutId}/log/exercise/{exerciseLogId}/set/{setId}";
    vec![
        Route::signed_in(
            Method::POST,
            "/workouts/{workoutId}/log/exercise/{exerciseLogId}/set",
            "workout.logSet",
            log_set,
        )
        .about(
            "Log a set",
            "In a workout that is not finished. At least one of repetitions, weight and \
             time is given.",
        )
        .once_by_key(),
        Route::signed_in(Method::DELETE, one, "workout.deleteSetLog", delete_set_log)
            .about("Delete a logged set", "In a workout that is not finished."),
        Route::signed_in(Method::PUT, one, "workout.updateSetLog", update_set_log).about(
            "Change a logged set",
            "In a workout that is not finished. What is left out stays as it is.",
        ),
    ]
}

#[derive(Deserialize, JsonSchema, Serialize)]
#[serde(rename_all = "camelCase")]
#[expect(clippy::struct_field_names, reason = "the names of the contract")]
struct SetLogPath {
    /// The workout.
    workout_id: String,
    /// The exercise of that workout.
    exercise_log_id: String,
    /// The set of that exercise.
    #[serde(rename(serialize = "setLogId"))]
    set_id: String,
}

#[derive(Deserialize, JsonSchema, Serialize)]
#[schemars(extend("examples" = [{ "reps": 5, "weight": 82.5 }]))]
struct LogSetBody {
    /// Repetitions, 1 to 10,000.
    #[schemars(extend("minimum" = 1))]
    reps: Option<Int32>,
    /// In the `weightUnit` of the exercise log, 0 to 10,000 kg or 22,046 lb.
    #[schemars(extend("minimum" = 0))]
    weight: Option<input::Float>,
    /// Seconds, such as `90s` or `1.500s`; zero is a set without a time.
    #[serde(
        default,
        deserialize_with = "nonzero",
        rename(serialize = "timeSeconds")
    )]
    time: Option<GivenDuration>,
}

#[derive(Deserialize, JsonSchema, Serialize)]
#[serde(rename_all = "camelCase")]
#[schemars(extend("examples" = [{ "reps": 6 }]))]
struct UpdateSetLogBody {
    /// What the set counts; unspecified leaves it as it is.
    #[serde(default, deserialize_with = "specified", rename(serialize = "type"))]
    set_type: Option<SetType>,
    /// Repetitions, 1 to 10,000.
    #[schemars(extend("minimum" = 1))]
    reps: Option<Int32>,
    /// In the `weightUnit` of the exercise log, 0 to 10,000 kg or 22,046 lb.
    #[schemars(extend("minimum" = 0))]
    weight: Option<input::Float>,
    /// Seconds, such as `90s` or `1.500s`; zero is a set without a time.
    #[serde(
        default,
        deserialize_with = "nonzero",
        rename(serialize = "timeSeconds")
    )]
    time: Option<GivenDuration>,
}

/// A set that was done.
#[derive(Default, Deserialize, JsonSchema, Serialize)]
#[serde(rename_all = "camelCase")]
pub(in crate::rest) struct SetLog {
    id: Id,
    /// When it was logged.
    created_at: Timestamp,
    /// The exercise of the workout that it is of.
    exercise_log_id: Reference,
    /// Repetitions; 0 when none were counted.
    reps: Zeroed<i32>,
    /// In the `weightUnit` of the exercise log; 0 when there was none.
    weight: Zeroed<output::Float>,
    /// Seconds, such as `90s`; null when it was not timed.
    time: Option<Duration>,
    /// When it last changed.
    updated_at: Timestamp,
}

#[derive(Default, JsonSchema, Serialize)]
#[serde(rename_all = "camelCase")]
pub(in crate::rest) struct SetLogResponse {
    /// The set, as it is now.
    set_log: SetLog,
}

async fn log_set(
    call: Call,
    place: ExerciseLogPath,
    body: LogSetBody,
) -> Result<SetLogResponse, Failure> {
    let set_log = call.mutate(&LOG_SET, Within { place, body }).await?;
    Ok(SetLogResponse { set_log })
}

async fn update_set_log(
    call: Call,
    place: SetLogPath,
    body: UpdateSetLogBody,
) -> Result<SetLogResponse, Failure> {
    let set_log = call.mutate(&UPDATE, Within { place, body }).await?;
    Ok(SetLogResponse { set_log })
}

async fn delete_set_log(call: Call, path: SetLogPath, _: Empty) -> Result<Empty, Failure> {
    call.perform(&DELETE, path).await?;
    Ok(Empty {})
}
