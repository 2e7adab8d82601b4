use http::Method;
use serde::{Deserialize, Serialize};

use super::DOCUMENT;
use crate::rest::{
    Failure,
    call::{Call, Mutation, Within},
    choice::{SetType, Shown},
    input::{self, Int32, nonzero},
    output::{self, Reference, Zeroed},
    route::{Empty, Route},
    time::{Duration, GivenDuration, Timestamp},
};

static ADD_SET: Mutation<Within<SetsPath, AddSetToExerciseInstanceBody>, Set> =
    Mutation::new(&DOCUMENT, "AddSet");
static UPDATE_SET: Mutation<Within<SetPath, UpdateSetInExerciseInstanceBody>, Set> =
    Mutation::new(&DOCUMENT, "UpdateSet");
static REMOVE_SET: Mutation<SetPath> = Mutation::new(&DOCUMENT, "RemoveSet");

pub(super) fn routes() -> Vec<Route> {
    let set = "/routines/{routineId}/exercise_instances/{exerciseInstanceId}/sets/{setId}";
    vec![
        Route::signed_in(
            Method::POST,
            "/routines/{routineId}/exercise_instances/{exerciseInstanceId}/sets",
            "routine.addSetToExerciseInstance",
            add_set,
        ),
        Route::signed_in(
            Method::DELETE,
            set,
            "routine.removeSetFromExerciseInstance",
            remove_set,
        ),
        Route::signed_in(
            Method::PUT,
            set,
            "routine.updateSetInExerciseInstance",
            update_set,
        ),
    ]
}

#[derive(Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
struct SetsPath {
    routine_id: String,
    exercise_instance_id: String,
}

#[derive(Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
#[expect(clippy::struct_field_names, reason = "the names of the contract")]
struct SetPath {
    routine_id: String,
    exercise_instance_id: String,
    set_id: String,
}

/// A number of zero is not planned: a client that knows no unset numbers writes all three.
#[derive(Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
struct AddSetToExerciseInstanceBody {
    #[serde(rename(serialize = "type"))]
    set_type: SetType,
    #[serde(default, deserialize_with = "nonzero")]
    reps: Option<Int32>,
    #[serde(default, deserialize_with = "nonzero", rename(serialize = "weightKg"))]
    weight: Option<input::Float>,
    #[serde(
        default,
        deserialize_with = "nonzero",
        rename(serialize = "timeSeconds")
    )]
    time: Option<GivenDuration>,
}

/// As [`AddSetToExerciseInstanceBody`].
#[derive(Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
struct UpdateSetInExerciseInstanceBody {
    #[serde(rename(serialize = "type"))]
    set_type: SetType,
    #[serde(default, deserialize_with = "nonzero")]
    reps: Option<Int32>,
    #[serde(default, deserialize_with = "nonzero", rename(serialize = "weightKg"))]
    weight: Option<input::Float>,
    #[serde(
        default,
        deserialize_with = "nonzero",
        rename(serialize = "timeSeconds")
    )]
    time: Option<GivenDuration>,
}

/// `weight` is in kilograms.
#[derive(Default, Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
#[expect(clippy::struct_field_names, reason = "the names of the contract")]
pub(in crate::rest) struct Set {
    id: String,
    created_at: Timestamp,
    exercise_instance_id: Reference,
    set_type: Shown<SetType>,
    reps: Zeroed<i32>,
    weight: Zeroed<output::Float>,
    time: Option<Duration>,
    updated_at: Timestamp,
}

#[derive(Default, Serialize)]
pub(in crate::rest) struct SetResponse {
    set: Set,
}

async fn add_set(
    call: Call,
    place: SetsPath,
    body: AddSetToExerciseInstanceBody,
) -> Result<SetResponse, Failure> {
    let set = call.mutate(&ADD_SET, Within { place, body }).await?;
    Ok(SetResponse { set })
}

async fn update_set(
    call: Call,
    place: SetPath,
    body: UpdateSetInExerciseInstanceBody,
) -> Result<SetResponse, Failure> {
    let set = call.mutate(&UPDATE_SET, Within { place, body }).await?;
    Ok(SetResponse { set })
}

async fn remove_set(call: Call, path: SetPath, _: Empty) -> Result<Empty, Failure> {
    call.perform(&REMOVE_SET, path).await?;
    Ok(Empty {})
}
