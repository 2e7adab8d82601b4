use http::Method;
use serde::{Deserialize, Serialize};

use super::{DOCUMENT, RoutinePath, sets::Set};
use crate::rest::{
    Failure,
    call::{ById, Call, Mutation, Query, Within},
    exercises::Exercise,
    input::Text,
    output::Reference,
    route::{Empty, Route},
    time::Timestamp,
};

static INSTANCE: Query<ById, ExerciseInstanceDetails> = Query::new(&DOCUMENT, "ExerciseInstance");
static SET_ORDER: Mutation<Within<RoutinePath, SetExerciseOrderBody>> =
    Mutation::new(&DOCUMENT, "SetExerciseOrder");
static ADD_EXERCISE: Mutation<Within<RoutinePath, AddExerciseToRoutineBody>, ExerciseInstance> =
    Mutation::new(&DOCUMENT, "AddExercise");
static REMOVE_INSTANCE: Mutation<InstancePath> = Mutation::new(&DOCUMENT, "RemoveExerciseInstance");

pub(super) fn routes() -> Vec<Route> {
    let instance = "/routines/{routineId}/exercise_instances/{exerciseInstanceId}";
    vec![
        Route::signed_in(
            Method::POST,
            "/routines/{routineId}/exercise_instances/order",
            "routine.setExerciseOrder",
            set_exercise_order,
        ),
        Route::signed_in(
            Method::DELETE,
            instance,
            "routine.removeExerciseInstanceFromRoutine",
            remove_exercise_instance,
        ),
        Route::signed_in(
            Method::GET,
            instance,
            "routine.getExerciseInstanceDetails",
            get_exercise_instance_details,
        ),
        Route::signed_in(
            Method::POST,
            "/routines/{routineId}/exercises",
            "routine.addExerciseToRoutine",
            add_exercise_to_routine,
        ),
    ]
}

#[derive(Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
struct InstancePath {
    routine_id: String,
    exercise_instance_id: String,
}

#[derive(Default, Deserialize, Serialize)]
#[serde(rename_all = "camelCase", default)]
struct SetExerciseOrderBody {
    exercise_instance_ids: Vec<String>,
}

#[derive(Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
struct AddExerciseToRoutineBody {
    exercise_id: Text,
}

#[derive(Default, Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
pub(in crate::rest) struct ExerciseInstance {
    id: String,
    exercise_id: Reference,
    created_at: Timestamp,
    routine_id: Reference,
    updated_at: Timestamp,
}

#[derive(Default, Deserialize, Serialize)]
#[serde(rename_all = "camelCase", from = "InstanceNode")]
pub(in crate::rest) struct ExerciseInstanceDetails {
    pub(in crate::rest) exercise_instance: ExerciseInstance,
    pub(in crate::rest) exercise: Exercise,
    pub(in crate::rest) sets: Vec<Set>,
}

#[derive(Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub(in crate::rest) struct GetExerciseInstanceDetailsResponse {
    pub(in crate::rest) exercise_instance_details: ExerciseInstanceDetails,
}

#[derive(Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub(in crate::rest) struct RoutineInstanceResponse {
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
