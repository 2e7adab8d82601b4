use http::Method;
use serde::{Deserialize, Serialize};

use super::{
    Failure,
    call::{ById, Call, Document, Mutation, Nodes, Page, Paged, Query},
    input::{Slice, Text, Texts, Window, set_text},
    output::{Named, Zeroed},
    route::{Empty, Route},
    time::Timestamp,
    workouts::exercise_logs::ExerciseLogDetails,
};

pub(super) static DOCUMENT: Document = Document::new("training", || {
    concat!(
        include_str!("operations/exercise.graphql"),
        include_str!("operations/exercise_log.graphql"),
        include_str!("operations/exercises.graphql"),
    )
    .into()
});

static EXERCISES: Query<Paged<ExerciseFilter>, Page<Exercise>> = Query::new(&DOCUMENT, "Exercises");
static EXERCISE: Query<ById, Exercise> = Query::new(&DOCUMENT, "Exercise");
static ALTERNATIVES: Query<ById, GetExerciseAlternativesResponse> =
    Query::new(&DOCUMENT, "Alternatives");
static HISTORY: Query<HistoryOf, History> = Query::new(&DOCUMENT, "History");
static CREATE_EXERCISE: Mutation<CreateExerciseRequest, Exercise> =
    Mutation::new(&DOCUMENT, "CreateExercise");

pub(super) fn routes() -> Vec<Route> {
    vec![
        Route::signed_in(
            Method::GET,
            "/exercises",
            "exercise.getExercises",
            get_exercises,
        ),
        Route::signed_in(
            Method::POST,
            "/exercises",
            "exercise.createExercise",
            create_exercise,
        ),
        Route::signed_in(
            Method::GET,
            "/exercises/{exerciseId}",
            "exercise.getExerciseDetail",
            get_exercise_detail,
        ),
        Route::signed_in(
            Method::GET,
            "/exercises/{exerciseId}/alternatives",
            "exercise.getExerciseAlternatives",
            get_exercise_alternatives,
        ),
        Route::signed_in(
            Method::GET,
            "/exercises/{exerciseId}/history",
            "exercise.getExerciseHistory",
            get_exercise_history,
        ),
    ]
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct ExercisePath {
    exercise_id: String,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct GetExercisesQuery {
    muscle_group_ids: Texts,
    exclude_exercise_ids: Texts,
}

#[derive(Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
struct CreateExerciseRequest {
    name: Text,
    description: Option<String>,
    #[serde(default, deserialize_with = "set_text")]
    video_url: Option<String>,
    #[serde(rename(serialize = "primaryMuscleGroupIds"))]
    target_muscle_group_ids: Option<Vec<String>>,
}

#[derive(Default, Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Exercise {
    id: String,
    created_at: Timestamp,
    name: String,
    description: String,
    video_url: Zeroed<String>,
    target_muscle_groups: Vec<Named>,
    updated_at: Timestamp,
}

#[derive(Default, Serialize)]
pub(super) struct GetExercisesResponse {
    pub(super) exercises: Vec<Exercise>,
}

#[derive(Default, Serialize)]
pub(super) struct ExerciseResponse {
    exercise: Exercise,
}

#[derive(Default, Deserialize, Serialize)]
pub(super) struct GetExerciseAlternativesResponse {
    pub(super) alternatives: Vec<Exercise>,
}

#[derive(Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct ExerciseHistoryResponse {
    pub(super) exercise_logs: Vec<ExerciseLogDetails>,
}

#[derive(Clone, Serialize)]
#[serde(rename_all = "camelCase")]
struct ExerciseFilter {
    muscle_group_ids: Option<Texts>,
    exclude_ids: Option<Texts>,
}

#[derive(Serialize)]
struct HistoryOf {
    id: String,
    #[serde(flatten)]
    slice: Slice,
}

#[derive(Deserialize)]
struct History {
    history: Nodes<ExerciseLogDetails>,
}

async fn get_exercises(
    call: Call,
    _: Empty,
    query: GetExercisesQuery,
) -> Result<GetExercisesResponse, Failure> {
    let any = |ids: Texts| Some(ids).filter(|ids| !ids.0.is_empty());
    let filter = ExerciseFilter {
        muscle_group_ids: any(query.muscle_group_ids),
        exclude_ids: any(query.exclude_exercise_ids),
    };
    let exercises = call.every(&EXERCISES, filter).await?;
    Ok(GetExercisesResponse { exercises })
}

async fn create_exercise(
    call: Call,
    _: Empty,
    request: CreateExerciseRequest,
) -> Result<ExerciseResponse, Failure> {
    let exercise = call.mutate(&CREATE_EXERCISE, request).await?;
    Ok(ExerciseResponse { exercise })
}

async fn get_exercise_detail(
    call: Call,
    path: ExercisePath,
    _: Empty,
) -> Result<ExerciseResponse, Failure> {
    let id = path.exercise_id;
    let exercise = call.query(&EXERCISE, ById { id }).await?;
    Ok(ExerciseResponse { exercise })
}

async fn get_exercise_alternatives(
    call: Call,
    path: ExercisePath,
    _: Empty,
) -> Result<GetExerciseAlternativesResponse, Failure> {
    let id = path.exercise_id;
    call.query(&ALTERNATIVES, ById { id }).await
}

async fn get_exercise_history(
    call: Call,
    path: ExercisePath,
    window: Window,
) -> Result<ExerciseHistoryResponse, Failure> {
    let variables = HistoryOf {
        id: path.exercise_id,
        slice: window.slice()?,
    };
    let exercise = call.query(&HISTORY, variables).await?;
    Ok(ExerciseHistoryResponse {
        exercise_logs: exercise.history.nodes,
    })
}
