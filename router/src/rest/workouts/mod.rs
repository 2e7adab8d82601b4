pub(super) mod exercise_logs;
pub(super) mod report;
pub(super) mod set_logs;

use http::Method;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use self::exercise_logs::{ExerciseLog, ExerciseLogDetails};
use super::{
    Failure,
    call::{ById, Call, Document, Mutation, Nodes, Query, Within},
    choice::{GenerationStatus, Shown},
    input::{Int32, Slice, Window, set_text},
    output::{Id, Reference, Zeroed},
    route::{Empty, Route},
    time::Timestamp,
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
static START: Mutation<Within<Beside, StartWorkoutRequest>, Workout> =
    Mutation::making(&DOCUMENT, "StartWorkout");
static GENERATE: Mutation<Within<WorkoutPath, GenerateWorkoutBody>, Workout> =
    Mutation::making(&DOCUMENT, "GenerateWorkout");
static DELETE: Mutation<WorkoutPath> = Mutation::new(&DOCUMENT, "DeleteWorkout");
static COMPLETE: Mutation<WorkoutPath> = Mutation::new(&DOCUMENT, "CompleteWorkout");
static RATE: Mutation<Within<WorkoutPath, RateWorkoutBody>, Workout> =
    Mutation::new(&DOCUMENT, "RateWorkout");
static COMMENT: Mutation<Within<WorkoutPath, AddCommentToWorkoutBody>, Workout> =
    Mutation::new(&DOCUMENT, "CommentWorkout");

pub(super) fn routes() -> Vec<Route> {
    let (all, one) = ("/workouts", "/workouts/{workoutId}");
    let mut routes = vec![
        Route::signed_in(Method::GET, all, "workout.getWorkouts", get_workouts).about(
            "List workouts",
            "With their exercises, newest first; those under way among them.",
        ),
        Route::signed_in(Method::POST, all, "workout.startWorkout", start_workout)
            .about(
                "Start a workout",
                "An empty one; from a routine, with an exercise log per exercise of the \
             routine and its sets as expected sets; or one that is generated. Generation \
             goes on after the answer: ask for the workout until its `generationStatus` \
             is no longer running. A person generates a few workouts a day; past that the \
             answer is 429 with `Retry-After`.",
            )
            .once_by_key(),
        Route::signed_in(
            Method::GET,
            "/workouts/active",
            "workout.getActiveWorkouts",
            get_active_workouts,
        )
        .about(
            "List workouts under way",
            "Those that are not finished, newest first.",
        ),
        Route::signed_in(Method::DELETE, one, "workout.deleteWorkout", delete_workout)
            .about("Delete a workout", "With all that was logged in it."),
        Route::signed_in(Method::GET, one, "workout.getWorkout", get_workout).about(
            "Get a workout",
            "With its exercises, their sets and their expected sets.",
        ),
        Route::signed_in(
            Method::POST,
            "/workouts/{workoutId}/comment",
            "workout.addCommentToWorkout",
            add_comment,
        )
        .about(
            "Comment on a workout",
            "A finished one only; the text is answered as its `notes`.",
        ),
        Route::signed_in(
            Method::POST,
            "/workouts/{workoutId}/complete",
            "workout.completeWorkout",
            complete_workout,
        )
        .about(
            "Finish a workout",
            "It takes no more logs, sets and changes afterwards. One that is finished \
             already is refused with 400.",
        ),
        Route::signed_in(
            Method::POST,
            "/workouts/{workoutId}/generate",
            "workout.generateWorkout",
            generate_workout,
        )
        .about(
            "Generate exercises for a workout",
            "For one that is not finished; what it holds stays. The work goes on after \
             the answer, as with a workout that is started with `generateWorkout`, and \
             counts towards the same limit.",
        )
        .once_by_key(),
        Route::signed_in(
            Method::POST,
            "/workouts/{workoutId}/rate",
            "workout.rateWorkout",
            rate_workout,
        )
        .about("Rate a workout", "A finished one only."),
    ];
    routes.push(report::route());
    routes.extend(exercise_logs::routes());
    routes.extend(set_logs::routes());
    routes
}

#[derive(Deserialize, JsonSchema, Serialize)]
#[serde(rename_all = "camelCase")]
struct WorkoutPath {
    /// The workout.
    workout_id: String,
}

// The contract names no unit for the weights of a new workout. They are in kilograms, whatever the
// person prefers, until the unit of the exercise log is changed; a client that shows the log's
// `weightUnit` is right either way.
#[derive(Deserialize, JsonSchema, Serialize)]
#[serde(rename_all = "camelCase")]
#[schemars(extend("examples" = [{ "generateWorkout": true, "userPrompt": "legs, 40 minutes" }]))]
struct StartWorkoutRequest {
    /// The own routine to start from.
    #[serde(default, deserialize_with = "set_text")]
    routine_id: Option<String>,
    /// Whether the exercises are to be chosen.
    #[serde(rename(serialize = "generate"))]
    generate_workout: Option<bool>,
    /// What to know about today when choosing, in English or Russian; at most 2,000 characters.
    #[serde(default, deserialize_with = "set_text", rename(serialize = "prompt"))]
    user_prompt: Option<String>,
}

/// The contract knows nothing of a workout that is under way: a new one starts beside it, as it always did.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Beside {
    if_active: &'static str,
}

#[derive(Deserialize, JsonSchema, Serialize)]
#[serde(rename_all = "camelCase")]
#[schemars(extend("examples" = [{ "userPrompt": "legs, 40 minutes" }]))]
struct GenerateWorkoutBody {
    /// What to know about today, in English or Russian; at most 2,000 characters.
    #[serde(default, deserialize_with = "set_text", rename(serialize = "prompt"))]
    user_prompt: Option<String>,
}

/// Nothing.
#[derive(Deserialize, JsonSchema, Serialize)]
struct CompleteWorkoutBody {}

#[derive(Default, Deserialize, JsonSchema, Serialize)]
#[serde(default)]
#[schemars(extend("examples" = [{ "rating": 4 }]))]
struct RateWorkoutBody {
    /// From 0 to 5.
    #[schemars(extend("minimum" = 0, "maximum" = 5))]
    rating: Int32,
}

#[derive(Default, Deserialize, JsonSchema, Serialize)]
#[serde(default)]
#[schemars(extend("examples" = [{ "comment": "Slept badly, still a good day" }]))]
struct AddCommentToWorkoutBody {
    /// Takes the place of an earlier one.
    comment: String,
}

/// One training session.
#[derive(Default, Deserialize, JsonSchema, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Workout {
    id: Id,
    /// When it was started.
    created_at: Timestamp,
    /// Whose it is.
    user_id: Reference,
    /// The routine that it was started from; empty when there is none.
    routine_id: Zeroed<Reference>,
    /// The comment; empty when there is none.
    notes: Zeroed<String>,
    /// From 0 to 5; 0 when it was not rated.
    rating: Zeroed<i32>,
    /// Null while it is under way.
    finished_at: Option<Timestamp>,
    /// When it last changed.
    updated_at: Timestamp,
    /// Whether its exercises were generated.
    is_ai_generated: bool,
    /// Why these exercises were chosen; empty when they were not generated.
    reasoning: Zeroed<String>,
    /// How far generation is.
    generation_status: Shown<GenerationStatus>,
}

#[derive(Default, JsonSchema, Serialize)]
pub(super) struct WorkoutResponse {
    /// The workout, as it is now.
    workout: Workout,
}

#[derive(Default, JsonSchema, Serialize)]
pub(super) struct WorkoutsListResponse {
    /// Newest first.
    pub(super) workouts: Vec<Workout>,
}

#[derive(Default, JsonSchema, Serialize)]
pub(super) struct GetWorkoutsResponse {
    /// Newest first.
    pub(super) workouts: Vec<GetWorkoutsResponseWorkoutDetails>,
}

/// A workout of a list.
#[derive(Default, Deserialize, JsonSchema, Serialize)]
#[serde(rename_all = "camelCase", from = "WorkoutNode<ExerciseLog>")]
#[schemars(!from)]
pub(super) struct GetWorkoutsResponseWorkoutDetails {
    /// The workout itself.
    pub(super) workout: Workout,
    /// Its exercises, in order.
    pub(super) exercise_logs: Vec<ExerciseLog>,
}

#[derive(Default, JsonSchema, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct GetWorkoutResponse {
    /// The workout itself.
    pub(super) workout: Workout,
    /// Its exercises, in order, with their sets.
    pub(super) exercise_logs: Vec<ExerciseLogDetails>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct WorkoutNode<L> {
    #[serde(flatten)]
    workout: Workout,
    exercise_logs: Vec<L>,
}

impl From<WorkoutNode<ExerciseLog>> for GetWorkoutsResponseWorkoutDetails {
    fn from(node: WorkoutNode<ExerciseLog>) -> Self {
        Self {
            workout: node.workout,
            exercise_logs: node.exercise_logs,
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

async fn start_workout(
    call: Call,
    _: Empty,
    request: StartWorkoutRequest,
) -> Result<WorkoutResponse, Failure> {
    let place = Beside {
        if_active: "START_ANOTHER",
    };
    let body = request;
    let workout = call.mutate(&START, Within { place, body }).await?;
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
