use http::Method;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{DOCUMENT, RoutinePath, sets::Set};
use crate::rest::{
    Failure,
    call::{ById, Call, Mutation, Query, Within},
    exercises::Exercise,
    input::Text,
    output::{Id, Reference},
    route::{Empty, Route},
    time::Timestamp,
};

static INSTANCE: Query<ById, ExerciseInstanceDetails> = Query::new(&DOCUMENT, "ExerciseInstance");
static SET_ORDER: Mutation<Within<RoutinePath, SetExerciseOrderBody>> =
    Mutation::new(&DOCUMENT, "SetExerciseOrder");
static ADD_EXERCISE: Mutation<Within<RoutinePath, AddExerciseToRoutineBody>, ExerciseInstance> =
    Mutation::making(&DOCUMENT, "AddExercise");
static REMOVE_INSTANCE: Mutation<InstancePath> = Mutation::new(&DOCUMENT, "RemoveExerciseInstance");

pub(super) fn routes() -> Vec<Route> {
    let instance = "/routines/{routineId}/exercise_instances/{exerciseInstanceId}";
    vec![
        Route::signed_in(
            Method::POST,
            "/routines/{routineId}/exercise_instances/order",
            "routine.setExerciseOrder",
            set_exercise_order,
        )
        .about(
            "Order the exercises of a routine",
            "Takes all of them, each once, in the new order.",
        ),
        Route::signed_in(
            Method::DELETE,
            instance,
            "routine.removeExerciseInstanceFromRoutine",
            remove_exercise_instance,
        )
        .about("Remove an exercise from a routine", "Its sets go with it."),
        Route::signed_in(
            Method::GET,
            instance,
            "routine.getExerciseInstanceDetails",
            get_exercise_instance_details,
        )
        .about("Get an exercise of a routine", "With its sets."),
        Route::signed_in(
            Method::POST,
            "/routines/{routineId}/exercises",
            "routine.addExerciseToRoutine",
            add_exercise_to_routine,
        )
        .about(
            "Add an exercise to a routine",
            "At the end. One exercise may be in a routine more than once.",
        )
        .once_by_key(),
    ]
}

#[derive(Deserialize, JsonSchema, Serialize)]
#[serde(rename_all = "camelCase")]
struct InstancePath {
    /// The routine.
    routine_id: String,
    /// The exercise of that routine.
    exercise_instance_id: String,
}

#[derive(Default, Deserialize, JsonSchema, Serialize)]
#[serde(rename_all = "camelCase", default)]
struct SetExerciseOrderBody {
    /// All exercises of the routine, each once, in the new order.
    exercise_instance_ids: Vec<String>,
}

#[derive(Deserialize, JsonSchema, Serialize)]
#[serde(rename_all = "camelCase")]
struct AddExerciseToRoutineBody {
    /// One of the catalogue, or an own one.
    exercise_id: Text,
}

/// An exercise in a routine.
#[derive(Default, Deserialize, JsonSchema, Serialize)]
#[serde(rename_all = "camelCase")]
pub(in crate::rest) struct ExerciseInstance {
    id: Id,
    /// Which exercise it is.
    exercise_id: Reference,
    /// When it was added.
    created_at: Timestamp,
    /// The routine that it is in.
    routine_id: Reference,
    /// When it last changed.
    updated_at: Timestamp,
}

/// An exercise in a routine, with all that belongs to it.
#[derive(Default, Deserialize, JsonSchema, Serialize)]
#[serde(rename_all = "camelCase", from = "InstanceNode")]
#[schemars(!from)]
pub(in crate::rest) struct ExerciseInstanceDetails {
    /// Its place in the routine.
    pub(in crate::rest) exercise_instance: ExerciseInstance,
    /// The exercise itself.
    pub(in crate::rest) exercise: Exercise,
    /// What is planned, in order.
    pub(in crate::rest) sets: Vec<Set>,
}

#[derive(Default, JsonSchema, Serialize)]
#[serde(rename_all = "camelCase")]
pub(in crate::rest) struct GetExerciseInstanceDetailsResponse {
    /// The exercise of the routine.
    pub(in crate::rest) exercise_instance_details: ExerciseInstanceDetails,
}

#[derive(Default, JsonSchema, Serialize)]
#[serde(rename_all = "camelCase")]
pub(in crate::rest) struct RoutineInstanceResponse {
    /// The exercise of the routine.
    exercise_instance: ExerciseInstance,
}

#[derive(Deserialize)]
struct InstanceNode {
    #[serde(flatten)]
    exercise_instance: ExerciseInstance,
    exercise: Exercise,
    sets: Vec<Set>,
}

impl From<InstanceNode> for ExerciseInstanceDetails {
    fn from(node: InstanceNode) -> Self {
        Self {
            exercise_instance: node.exercise_instance,
            exercise: node.exercise,
            sets: node.sets,
        }
    }
}

async fn set_exercise_order(
    call: Call,
    place: RoutinePath,
    body: SetExerciseOrderBody,
) -> Result<Empty, Failure> {
    call.perform(&SET_ORDER, Within { place, body }).await?;
    Ok(Empty {})
}

async fn remove_exercise_instance(
    call: Call,
    path: InstancePath,
    _: Empty,
) -> Result<Empty, Failure> {
    call.perform(&REMOVE_INSTANCE, path).await?;
    Ok(Empty {})
}

async fn get_exercise_instance_details(
    call: Call,
    path: InstancePath,
    _: Empty,
) -> Result<GetExerciseInstanceDetailsResponse, Failure> {
    let id = path.exercise_instance_id;
    let details = call.query(&INSTANCE, ById { id }).await?;
    details
        .exercise_instance
        .routine_id
        .check(&path.routine_id)?;
    Ok(GetExerciseInstanceDetailsResponse {
        exercise_instance_details: details,
    })
}

async fn add_exercise_to_routine(
    call: Call,
    place: RoutinePath,
    body: AddExerciseToRoutineBody,
) -> Result<RoutineInstanceResponse, Failure> {
    let input = Within { place, body };
    let exercise_instance = call.mutate(&ADD_EXERCISE, input).await?;
    Ok(RoutineInstanceResponse { exercise_instance })
}
