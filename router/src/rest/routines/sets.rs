use http::Method;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::DOCUMENT;
use crate::rest::{
    Failure,
    call::{Call, Mutation, Within},
    choice::{SetType, Shown},
    input::{self, Int32, nonzero},
    output::{self, Id, Reference, Zeroed},
    route::{Empty, Route},
    time::{Duration, GivenDuration, Timestamp},
};

static ADD_SET: Mutation<Within<SetsPath, AddSetToExerciseInstanceBody>, Set> =
    Mutation::making(&DOCUMENT, "AddSet");
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
        )
        .about(
            "Plan a set",
            "At the end of the exercise. A number of zero is not planned.",
        )
        .once_by_key(),
        Route::signed_in(
            Method::DELETE,
            set,
            "routine.removeSetFromExerciseInstance",
            remove_set,
        )
        .about("Remove a planned set", "The other sets keep their order."),
        Route::signed_in(
            Method::PUT,
            set,
            "routine.updateSetInExerciseInstance",
            update_set,
        )
        .about(
            "Change a planned set",
            "All of it: a number that is left out, or zero, is no longer planned.",
        ),
    ]
}

#[derive(Deserialize, JsonSchema, Serialize)]
#[serde(rename_all = "camelCase")]
struct SetsPath {
    /// The routine.
    routine_id: String,
    /// The exercise of that routine.
    exercise_instance_id: String,
}

#[derive(Deserialize, JsonSchema, Serialize)]
#[serde(rename_all = "camelCase")]
#[expect(clippy::struct_field_names, reason = "the names of the contract")]
struct SetPath {
    /// The routine.
    routine_id: String,
    /// The exercise of that routine.
    exercise_instance_id: String,
    /// The set of that exercise.
    set_id: String,
}

// A number of zero is not planned: a client that knows no unset numbers writes all three.
#[derive(Deserialize, JsonSchema, Serialize)]
#[serde(rename_all = "camelCase")]
#[schemars(extend("examples" = [{ "setType": "SET_TYPE_WEIGHT", "reps": 5, "weight": 82.5 }]))]
struct AddSetToExerciseInstanceBody {
    /// What the set counts; it must be specified.
    #[serde(rename(serialize = "type"))]
    set_type: SetType,
    /// Repetitions, 1 to 10,000.
    #[schemars(extend("minimum" = 0))]
    #[serde(default, deserialize_with = "nonzero")]
    reps: Option<Int32>,
    /// In kilograms, 0 to 10,000.
    #[schemars(extend("minimum" = 0))]
    #[serde(default, deserialize_with = "nonzero", rename(serialize = "weightKg"))]
    weight: Option<input::Float>,
    /// Seconds, such as `90s` or `1.500s`.
    #[serde(
        default,
        deserialize_with = "nonzero",
        rename(serialize = "timeSeconds")
    )]
    time: Option<GivenDuration>,
}

#[derive(Deserialize, JsonSchema, Serialize)]
#[serde(rename_all = "camelCase")]
#[schemars(extend("examples" = [{ "setType": "SET_TYPE_TIME", "time": "90s" }]))]
struct UpdateSetInExerciseInstanceBody {
    /// What the set counts; it must be specified.
    #[serde(rename(serialize = "type"))]
    set_type: SetType,
    /// Repetitions, 1 to 10,000.
    #[schemars(extend("minimum" = 0))]
    #[serde(default, deserialize_with = "nonzero")]
    reps: Option<Int32>,
    /// In kilograms, 0 to 10,000.
    #[schemars(extend("minimum" = 0))]
    #[serde(default, deserialize_with = "nonzero", rename(serialize = "weightKg"))]
    weight: Option<input::Float>,
    /// Seconds, such as `90s` or `1.500s`.
    #[serde(
        default,
        deserialize_with = "nonzero",
        rename(serialize = "timeSeconds")
    )]
    time: Option<GivenDuration>,
}

/// A planned set.
#[derive(Default, Deserialize, JsonSchema, Serialize)]
#[serde(rename_all = "camelCase")]
#[expect(clippy::struct_field_names, reason = "the names of the contract")]
pub(in crate::rest) struct Set {
    id: Id,
    /// When it was planned.
    created_at: Timestamp,
    /// The exercise of the routine that it is of.
    exercise_instance_id: Reference,
    /// What it counts.
    set_type: Shown<SetType>,
    /// Repetitions; 0 when none are planned.
    reps: Zeroed<i32>,
    /// In kilograms; 0 when none is planned.
    weight: Zeroed<output::Float>,
    /// Seconds, such as `90s`; null when none is planned.
    time: Option<Duration>,
    /// When it last changed.
    updated_at: Timestamp,
}

#[derive(Default, JsonSchema, Serialize)]
pub(in crate::rest) struct SetResponse {
    /// The set, as it is now.
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
