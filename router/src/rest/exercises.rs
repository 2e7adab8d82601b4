use http::Method;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{
    Failure,
    call::{ById, Call, Document, Mutation, Nodes, Page, Paged, Query},
    input::{Slice, Text, Texts, Window, set_text},
    output::{Id, Named, Zeroed},
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
    Mutation::making(&DOCUMENT, "CreateExercise");

pub(super) fn routes() -> Vec<Route> {
    vec![
        Route::signed_in(
            Method::GET,
            "/exercises",
            "exercise.getExercises",
            get_exercises,
        )
        .about(
            "List exercises",
            "The catalogue and the own exercises, all at once, by name.",
        ),
        Route::signed_in(
            Method::POST,
            "/exercises",
            "exercise.createExercise",
            create_exercise,
        )
        .about(
            "Create an exercise",
            "A personal exercise, which its owner alone sees.",
        )
        .once_by_key(),
        Route::signed_in(
            Method::GET,
            "/exercises/{exerciseId}",
            "exercise.getExerciseDetail",
            get_exercise_detail,
        )
        .about("Get an exercise", "One of the catalogue, or an own one."),
        Route::signed_in(
            Method::GET,
            "/exercises/{exerciseId}/alternatives",
            "exercise.getExerciseAlternatives",
            get_exercise_alternatives,
        )
        .about(
            "List alternatives",
            "Other exercises that share a target muscle group, the closest first; at most 100.",
        ),
        Route::signed_in(
            Method::GET,
            "/exercises/{exerciseId}/history",
            "exercise.getExerciseHistory",
            get_exercise_history,
        )
        .about(
            "List what was done of an exercise",
            "Its logs with their sets, newest first.",
        ),
    ]
}

#[derive(Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
struct ExercisePath {
    /// The exercise.
    exercise_id: String,
}

#[derive(Default, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", default)]
struct GetExercisesQuery {
    /// Only exercises that train one of these muscle groups, by their ids.
    muscle_group_ids: Texts,
    /// Leave these exercises out, by their ids.
    exclude_exercise_ids: Texts,
}

#[derive(Deserialize, JsonSchema, Serialize)]
#[serde(rename_all = "camelCase")]
#[schemars(extend("examples" = [{
    "name": "Landmine press", "description": "Half kneeling, one arm.",
}]))]
struct CreateExerciseRequest {
    /// In any language: 1 to 200 characters.
    name: Text,
    /// How it is done, at most 5,000 characters.
    description: Option<String>,
    /// A video that shows it: an absolute http or https URL.
    #[serde(default, deserialize_with = "set_text")]
    video_url: Option<String>,
    /// The muscle groups that do most of the work, by their ids.
    #[serde(rename(serialize = "primaryMuscleGroupIds"))]
    target_muscle_group_ids: Option<Vec<String>>,
}

/// An exercise of the catalogue, or a personal one.
#[derive(Default, Deserialize, JsonSchema, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Exercise {
    id: Id,
    /// When it came into being.
    created_at: Timestamp,
    /// In the language of the request, where the catalogue has it.
    name: String,
    /// How it is done.
    description: String,
    /// A video that shows it; empty when there is none.
    video_url: Zeroed<String>,
    /// The names of the muscle groups that it trains; requests name them by id.
    target_muscle_groups: Vec<Named>,
    /// When it last changed.
    updated_at: Timestamp,
}

#[derive(Default, JsonSchema, Serialize)]
pub(super) struct GetExercisesResponse {
    /// What was found.
    pub(super) exercises: Vec<Exercise>,
}

#[derive(Default, JsonSchema, Serialize)]
pub(super) struct ExerciseResponse {
    /// The exercise.
    exercise: Exercise,
}

#[derive(Default, Deserialize, JsonSchema, Serialize)]
pub(super) struct GetExerciseAlternativesResponse {
    /// The closest first; never the exercise itself.
    pub(super) alternatives: Vec<Exercise>,
}

#[derive(Default, JsonSchema, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct ExerciseHistoryResponse {
    /// Newest first.
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
