pub(super) mod instances;
pub(super) mod sets;

use http::Method;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use self::instances::ExerciseInstanceDetails;
use super::{
    Failure,
    call::{ById, Call, Document, Mutation, Page, Paged, Query, Within},
    input::{Text, set_text},
    output::{Id, Reference},
    route::{Empty, Route},
    time::Timestamp,
};

pub(super) static DOCUMENT: Document = Document::new("training", || {
    concat!(
        include_str!("../operations/exercise.graphql"),
        include_str!("../operations/routines.graphql"),
    )
    .into()
});

static ROUTINES: Query<Paged<Empty>, Page<Routine>> = Query::new(&DOCUMENT, "Routines");
static ROUTINE: Query<ById, RoutineNode> = Query::new(&DOCUMENT, "Routine");
static CREATE_ROUTINE: Mutation<CreateRoutineRequest, Routine> =
    Mutation::making(&DOCUMENT, "CreateRoutine");
static UPDATE_ROUTINE: Mutation<Within<RoutinePath, UpdateRoutineBody>, Routine> =
    Mutation::new(&DOCUMENT, "UpdateRoutine");
static DELETE_ROUTINE: Mutation<RoutinePath> = Mutation::new(&DOCUMENT, "DeleteRoutine");

pub(super) fn routes() -> Vec<Route> {
    let (all, one) = ("/routines", "/routines/{routineId}");
    let mut routes = vec![
        Route::signed_in(Method::GET, all, "routine.getRoutines", get_routines)
            .about("List routines", "All of the own routines, newest first."),
        Route::signed_in(Method::POST, all, "routine.createRoutine", create_routine)
            .about(
                "Create a routine",
                "An empty one, or a copy of what was done in a workout: its exercises and \
             performed sets.",
            )
            .once_by_key(),
        Route::signed_in(Method::DELETE, one, "routine.deleteRoutine", delete_routine).about(
            "Delete a routine",
            "Workouts that were started from it stay.",
        ),
        Route::signed_in(
            Method::GET,
            one,
            "routine.getRoutineDetail",
            get_routine_detail,
        )
        .about(
            "Get a routine",
            "With its exercises in their order, and their sets.",
        ),
        Route::signed_in(Method::PUT, one, "routine.updateRoutine", update_routine)
            .about("Change a routine", "What is left out stays as it is."),
    ];
    routes.extend(instances::routes());
    routes.extend(sets::routes());
    routes
}

#[derive(Deserialize, JsonSchema, Serialize)]
#[serde(rename_all = "camelCase")]
struct RoutinePath {
    /// The routine.
    routine_id: String,
}

#[derive(Deserialize, JsonSchema, Serialize)]
#[serde(rename_all = "camelCase")]
#[schemars(extend("examples" = [{ "name": "Push", "description": "Twice a week" }]))]
struct CreateRoutineRequest {
    /// The own workout to copy exercises and performed sets from.
    #[serde(default, deserialize_with = "set_text")]
    workout_id: Option<String>,
    /// 1 to 200 characters.
    name: Text,
    /// At most 5,000 characters.
    description: Option<String>,
}

#[derive(Deserialize, JsonSchema, Serialize)]
#[schemars(extend("examples" = [{ "name": "Push, heavy" }]))]
struct UpdateRoutineBody {
    /// 1 to 200 characters.
    name: Option<Text>,
    /// At most 5,000 characters; may be empty.
    description: Option<String>,
}

/// A plan that workouts are started from.
#[derive(Default, Deserialize, JsonSchema, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Routine {
    id: Id,
    /// When it was made.
    created_at: Timestamp,
    /// Whose it is.
    user_id: Reference,
    /// 1 to 200 characters.
    name: String,
    /// At most 5,000 characters.
    description: String,
    /// When it last changed.
    updated_at: Timestamp,
    /// How many exercises it has.
    exercise_count: i32,
}

#[derive(Default, JsonSchema, Serialize)]
pub(super) struct RoutineListResponse {
    /// Newest first.
    pub(super) routines: Vec<Routine>,
}

#[derive(Default, JsonSchema, Serialize)]
pub(super) struct RoutineResponse {
    /// The routine, as it is now.
    routine: Routine,
}

#[derive(Default, JsonSchema, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct RoutineDetailResponse {
    /// The routine itself.
    pub(super) routine: Routine,
    /// Its exercises, in their order.
    pub(super) exercise_instances: Vec<ExerciseInstanceDetails>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct RoutineNode {
    #[serde(flatten)]
    routine: Routine,
    exercise_instances: Vec<ExerciseInstanceDetails>,
}

async fn get_routines(call: Call, _: Empty, _: Empty) -> Result<RoutineListResponse, Failure> {
    let routines = call.every(&ROUTINES, Empty {}).await?;
    Ok(RoutineListResponse { routines })
}

async fn create_routine(
    call: Call,
    _: Empty,
    request: CreateRoutineRequest,
) -> Result<RoutineResponse, Failure> {
    let routine = call.mutate(&CREATE_ROUTINE, request).await?;
    Ok(RoutineResponse { routine })
}

async fn delete_routine(call: Call, path: RoutinePath, _: Empty) -> Result<Empty, Failure> {
    call.perform(&DELETE_ROUTINE, path).await?;
    Ok(Empty {})
}

async fn get_routine_detail(
    call: Call,
    path: RoutinePath,
    _: Empty,
) -> Result<RoutineDetailResponse, Failure> {
    let id = path.routine_id;
    let node = call.query(&ROUTINE, ById { id }).await?;
    Ok(RoutineDetailResponse {
        routine: node.routine,
        exercise_instances: node.exercise_instances,
    })
}

async fn update_routine(
    call: Call,
    place: RoutinePath,
    body: UpdateRoutineBody,
) -> Result<RoutineResponse, Failure> {
    let input = Within { place, body };
    let routine = call.mutate(&UPDATE_ROUTINE, input).await?;
    Ok(RoutineResponse { routine })
}
