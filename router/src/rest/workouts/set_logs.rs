use http::Method;
use serde::{Deserialize, Serialize};

use super::{DOCUMENT, exercise_logs::ExerciseLogPath};
use crate::rest::{
    Failure,
    call::{Call, Mutation, Within},
    choice::{SetType, specified},
    input::{self, Int32, nonzero},
    output::{self, Reference, Zeroed},
    route::{Empty, Route},
    time::{Duration, GivenDuration, Timestamp},
};

static LOG_SET: Mutation<Within<ExerciseLogPath, LogSetBody>, SetLog> =
    Mutation::new(&DOCUMENT, "LogSet");
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
        ),
        Route::signed_in(Method::DELETE, one, "workout.deleteSetLog", delete_set_log),
        Route::signed_in(Method::PUT, one, "workout.updateSetLog", update_set_log),
    ]
}

#[derive(Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
#[expect(clippy::struct_field_names, reason = "the names of the contract")]
struct SetLogPath {
    workout_id: String,
    exercise_log_id: String,
    #[serde(rename(serialize = "setLogId"))]
    set_id: String,
}

/// `weight` is in the unit of the exercise log. No repetitions are an error when they are given,
/// a time of zero is a set without one.
#[derive(Deserialize, Serialize)]
struct LogSetBody {
    reps: Option<Int32>,
    weight: Option<input::Float>,
    #[serde(
        default,
        deserialize_with = "nonzero",
        rename(serialize = "timeSeconds")
    )]
    time: Option<GivenDuration>,
}

/// As [`LogSetBody`]; what is not given stays as it is.
#[derive(Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
struct UpdateSetLogBody {
    #[serde(default, deserialize_with = "specified", rename(serialize = "type"))]
    set_type: Option<SetType>,
    reps: Option<Int32>,
    weight: Option<input::Float>,
    #[serde(
        default,
        deserialize_with = "nonzero",
        rename(serialize = "timeSeconds")
    )]
    time: Option<GivenDuration>,
}

/// `weight` is in the unit of the exercise log.
#[derive(Default, Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
pub(in crate::rest) struct SetLog {
    id: String,
    created_at: Timestamp,
    exercise_log_id: Reference,
    reps: Zeroed<i32>,
    weight: Zeroed<output::Float>,
    time: Option<Duration>,
    updated_at: Timestamp,
}

#[derive(Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub(in crate::rest) struct SetLogResponse {
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
