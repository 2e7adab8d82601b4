pub(super) mod instances;
pub(super) mod sets;

use http::Method;
use serde::{Deserialize, Serialize};

use self::instances::ExerciseInstanceDetails;
use super::{
    Failure,
    call::{ById, Call, Document, Mutation, Page, Paged, Query, Within},
    input::{Text, set_text},
    output::Reference,
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
    Mutation::new(&DOCUMENT, "CreateRoutine");
static UPDATE_ROUTINE: Mutation<Within<RoutinePath, UpdateRoutineBody>, Routine> =
    Mutation::new(&DOCUMENT, "UpdateRoutine");
static DELETE_ROUTINE: Mutation<RoutinePath> = Mutation::new(&DOCUMENT, "DeleteRoutine");

pub(super) fn routes() -> Vec<Route> {
    let (all, one) = ("/routines", "/routines/{routineId}");
    let mut routes = vec![
        Route::signed_in(Method::GET, all, "routine.getRoutines", get_routines),
        Route::signed_in(Method::POST, all, "routine.createRoutine", create_routine),
        Route::signed_in(Method::DELETE, one, "routine.deleteRoutine", delete_routine),
        Route::signed_in(
            Method::GET,
            one,
            "routine.getRoutineDetail",
            get_routine_detail,
        ),
        Route::signed_in(Method::PUT, one, "routine.updateRoutine", update_routine),
    ];
    routes.extend(instances::routes());
    routes.extend(sets::routes());
    routes
}

#[derive(Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
struct RoutinePath {
    routine_id: String,
}

#[derive(Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
struct CreateRoutineRequest {
    #[serde(default, deserialize_with = "set_text")]
    workout_id: Option<String>,
    name: Text,
    description: Option<String>,
}

#[derive(Deserialize, Serialize)]
struct UpdateRoutineBody {
    name: Option<Text>,
    description: Option<String>,
}

#[derive(Default, Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Routine {
    id: String,
    created_at: Timestamp,
    user_id: Reference,
    name: String,
    description: String,
    updated_at: Timestamp,
    exercise_count: i32,
}

#[derive(Default, Serialize)]
pub(super) struct RoutineListResponse {
    pub(super) routines: Vec<Routine>,
}

#[derive(Default, Serialize)]
pub(super) struct RoutineResponse {
    routine: Routine,
}

#[derive(Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct RoutineDetailResponse {
    pub(super) routine: Routine,
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
