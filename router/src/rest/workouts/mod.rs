pub(super) mod exercise_logs;
pub(super) mod set_logs;

use http::Method;
use serde::{Deserialize, Serialize};

use self::exercise_logs::{ExerciseLog, ExerciseLogDetails};
use super::{
    Failure,
    call::{ById, Call, Document, Mutation, Nodes, Query, Within},
    choice::{GenerationStatus, Shown},
    input::{Int32, Slice, Window, set_text},
    output::{self, Reference, Zeroed},
    route::{Empty, Route},
    time::{Duration, Timestamp},
};

pub(super) static DOCUMENT: Document = Document::new("training", || {
    concat!(
        include_str!("../operations/exercise.graphql"),
        include_str!("../operations/exercise_log.graphql"),
        include_str!("../operations/workouts.graphql"),
    )
    .into()
});

static WORKOUTS: Query<Slice, Nodes<GetWorkoutsResponseWorkoutDetails>> =
    Query::new(&DOCUMENT, "Workouts");
static ACTIVE_WORKOUTS: Query<Empty, Vec<Workout>> = Query::new(&DOCUMENT, "ActiveWorkouts");
static WORKOUT: Query<ById, WorkoutNode<ExerciseLogDetails>> = Query::new(&DOCUMENT, "Workout");
static REPORT: Query<ById, WorkoutReportResponse> = Query::new(&DOCUMENT, "Report");
static START: Mutation<StartWorkoutRequest, Workout> = Mutation::new(&DOCUMENT, "StartWorkout");
static GENERATE: Mutation<Within<WorkoutPath, GenerateWorkoutBody>, Workout> =
    Mutation::new(&DOCUMENT, "GenerateWorkout");
static DELETE: Mutation<WorkoutPath> = Mutation::new(&DOCUMENT, "DeleteWorkout");
static COMPLETE: Mutation<WorkoutPath> = Mutation::new(&DOCUMENT, "CompleteWorkout");
static RATE: Mutation<Within<WorkoutPath, RateWorkoutBody>, Workout> =
    Mutation::new(&DOCUMENT, "RateWorkout");
static COMMENT: Mutation<Within<WorkoutPath, AddCommentToWorkoutBody>, Workout> =
    Mutation::new(&DOCUMENT, "CommentWorkout");

pub(super) fn routes() -> Vec<Route> {
    let (all, one) = ("/workouts", "/workouts/{workoutId}");
    let mut routes = vec![
        Route::signed_in(Method::GET, all, "workout.getWorkouts", get_workouts),
        Route::signed_in(Method::POST, all, "workout.startWorkout", start_workout),
        Route::signed_in(
            Method::GET,
            "/workouts/active",
            "workout.getActiveWorkouts",
            get_active_workouts,
        ),
        Route::signed_in(Method::DELETE, one, "workout.deleteWorkout", delete_workout),
        Route::signed_in(Method::GET, one, "workout.getWorkout", get_workout),
        Route::signed_in(
            Method::POST,
            "/workouts/{workoutId}/comment",
            "workout.addCommentToWorkout",
            add_comment,
        ),
        Route::signed_in(
            Method::POST,
            "/workouts/{workoutId}/complete",
            "workout.completeWorkout",
            complete_workout,
        ),
        Route::signed_in(
            Method::POST,
            "/workouts/{workoutId}/generate",
            "workout.generateWorkout",
            generate_workout,
        ),
        Route::signed_in(
            Method::POST,
            "/workouts/{workoutId}/rate",
            "workout.rateWorkout",
            rate_workout,
        ),
        Route::signed_in(
            Method::GET,
            "/workouts/{workoutId}/report",
            "workout.getWorkoutReport",
            get_workout_report,
        ),
    ];
    routes.extend(exercise_logs::routes());
    routes.extend(set_logs::routes());
    routes
}

#[derive(Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
struct WorkoutPath {
    workout_id: String,
}

/// The contract names no unit for the weights of a new workout. They are in kilograms, whatever the person prefers, until
/// the unit of the exercise log is changed; a client that shows the log's `weightUnit` is right either way.
#[derive(Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
struct StartWorkoutRequest {
    #[serde(default, deserialize_with = "set_text")]
    routine_id: Option<String>,
    #[serde(rename(serialize = "generate"))]
    generate_workout: Option<bool>,
    #[serde(default, deserialize_with = "set_text", rename(serialize = "prompt"))]
    user_prompt: Option<String>,
}

#[derive(Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
struct GenerateWorkoutBody {
    #[serde(default, deserialize_with = "set_text", rename(serialize = "prompt"))]
    user_prompt: Option<String>,
}

#[derive(Deserialize, Serialize)]
struct CompleteWorkoutBody {}

#[derive(Default, Deserialize, Serialize)]
#[serde(default)]
struct RateWorkoutBody {
    rating: Int32,
}

#[derive(Default, Deserialize, Serialize)]
#[serde(default)]
struct AddCommentToWorkoutBody {
    comment: String,
}

#[derive(Default, Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Workout {
    id: String,
    created_at: Timestamp,
    user_id: Reference,
    routine_id: Zeroed<Reference>,
    notes: Zeroed<String>,
    rating: Zeroed<i32>,
    finished_at: Option<Timestamp>,
    updated_at: Timestamp,
    is_ai_generated: bool,
    reasoning: Zeroed<String>,
    generation_status: Shown<GenerationStatus>,
}

#[derive(Default, Serialize)]
pub(super) struct WorkoutResponse {
    workout: Workout,
}

#[derive(Default, Serialize)]
pub(super) struct WorkoutsListResponse {
    pub(super) workouts: Vec<Workout>,
}

#[derive(Default, Serialize)]
pub(super) struct GetWorkoutsResponse {
    pub(super) workouts: Vec<GetWorkoutsResponseWorkoutDetails>,
}

#[derive(Default, Deserialize, Serialize)]
#[serde(rename_all = "camelCase", from = "WorkoutNode<ExerciseLog>")]
pub(super) struct GetWorkoutsResponseWorkoutDetails {
    pub(super) workout: Workout,
    pub(super) exercise_logs: Vec<ExerciseLog>,
}

#[derive(Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct GetWorkoutResponse {
    pub(super) workout: Workout,
    pub(super) exercise_logs: Vec<ExerciseLogDetails>,
}

#[derive(Default, Deserialize, Serialize)]
#[serde(rename_all = "camelCase", from = "ReportNode")]
pub(super) struct WorkoutReportResponse {
    pub(super) workout: Workout,
    pub(super) exercise_logs: Vec<ExerciseLog>,
    pub(super) additional_info: WorkoutReportResponseAdditionalInfo,
}

/// `total_weight` is in kilograms: the sum of repetitions by weight.
#[derive(Default, Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
#[expect(clippy::struct_field_names, reason = "the names of the contract")]
pub(super) struct WorkoutReportResponseAdditionalInfo {
    total_sets: i32,
    total_reps: i32,
    total_weight: output::Float,
    total_time: Duration,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct WorkoutNode<L> {
    #[serde(flatten)]
    workout: Workout,
    exercise_logs: Vec<L>,
}

#[derive(Deserialize)]
struct ReportNode {
    #[serde(flatten)]
    workout: Workout,
    report: Report,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Report {
    exercise_logs: Vec<ExerciseLog>,
    #[serde(flatten)]
    totals: WorkoutReportResponseAdditionalInfo,
}

impl From<WorkoutNode<ExerciseLog>> for GetWorkoutsResponseWorkoutDetails {
    fn from(node: WorkoutNode<ExerciseLog>) -> Self {
        Self {
            workout: node.workout,
            exercise_logs: node.exercise_logs,
        }
    }
}

impl From<ReportNode> for WorkoutReportResponse {
    fn from(node: ReportNode) -> Self {
        Self {
            workout: node.workout,
            exercise_logs: node.report.exercise_logs,
            additional_info: node.report.totals,
        }
    }
}

async fn get_workouts(
    call: Call,
    _: Empty,
    window: Window,
) -> Result<GetWorkoutsResponse, Failure> {
    let workouts = call.query(&WORKOUTS, window.slice()?).await?.nodes;
    Ok(GetWorkoutsResponse { workouts })
}

async fn get_active_workouts(
    call: Call,
    _: Empty,
    _: Empty,
) -> Result<WorkoutsListResponse, Failure> {
    let workouts = call.query(&ACTIVE_WORKOUTS, Empty {}).await?;
    Ok(WorkoutsListResponse { workouts })
}

async fn get_workout(
    call: Call,
    path: WorkoutPath,
    _: Empty,
) -> Result<GetWorkoutResponse, Failure> {
    let id = path.workout_id;
    let node = call.query(&WORKOUT, ById { id }).await?;
    Ok(GetWorkoutResponse {
        workout: node.workout,
        exercise_logs: node.exercise_logs,
    })
}

async fn get_workout_report(
    call: Call,
    path: WorkoutPath,
    _: Empty,
) -> Result<WorkoutReportResponse, Failure> {
    let id = path.workout_id;
    call.query(&REPORT, ById { id }).await
}

async fn start_workout(
    call: Call,
    _: Empty,
    request: StartWorkoutRequest,
) -> Result<WorkoutResponse, Failure> {
    let workout = call.mutate(&START, request).await?;
    Ok(WorkoutResponse { workout })
}

async fn generate_workout(
    call: Call,
    place: WorkoutPath,
    body: GenerateWorkoutBody,
) -> Result<WorkoutResponse, Failure> {
    let workout = call.mutate(&GENERATE, Within { place, body }).await?;
    Ok(WorkoutResponse { workout })
}

async fn delete_workout(call: Call, path: WorkoutPath, _: Empty) -> Result<Empty, Failure> {
    call.perform(&DELETE, path).await?;
    Ok(Empty {})
}

async fn complete_workout(
    call: Call,
    path: WorkoutPath,
    _: CompleteWorkoutBody,
) -> Result<Empty, Failure> {
    call.perform(&COMPLETE, path).await?;
    Ok(Empty {})
}

async fn rate_workout(
    call: Call,
    place: WorkoutPath,
    body: RateWorkoutBody,
) -> Result<WorkoutResponse, Failure> {
    let workout = call.mutate(&RATE, Within { place, body }).await?;
    Ok(WorkoutResponse { workout })
}

async fn add_comment(
    call: Call,
    place: WorkoutPath,
    body: AddCommentToWorkoutBody,
) -> Result<WorkoutResponse, Failure> {
    let workout = call.mutate(&COMMENT, Within { place, body }).await?;
    Ok(WorkoutResponse { workout })
}
