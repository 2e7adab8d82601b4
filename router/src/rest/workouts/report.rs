use http::Method;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{DOCUMENT, Workout, WorkoutPath, exercise_logs::ExerciseLog};
use crate::rest::{
    Failure,
    call::{ById, Call, Query},
    output::Float,
    route::{Empty, Route},
    time::Duration,
};

static REPORT: Query<ById, WorkoutReportResponse> = Query::new(&DOCUMENT, "Report");

pub(super) fn route() -> Route {
    Route::signed_in(
        Method::GET,
        "/workouts/{workoutId}/report",
        "workout.getWorkoutReport",
        get_workout_report,
    )
    .about(
        "Get the report of a workout",
        "What was done, added up. A workout under way has one too, of what was done so far.",
    )
}

#[derive(Default, Deserialize, JsonSchema, Serialize)]
#[serde(rename_all = "camelCase", from = "ReportNode")]
#[schemars(!from)]
pub(in crate::rest) struct WorkoutReportResponse {
    /// The workout itself.
    pub(in crate::rest) workout: Workout,
    /// Its exercises, in order.
    pub(in crate::rest) exercise_logs: Vec<ExerciseLog>,
    /// The totals.
    pub(in crate::rest) additional_info: WorkoutReportResponseAdditionalInfo,
}

/// The totals of a workout.
#[derive(Default, Deserialize, JsonSchema, Serialize)]
#[serde(rename_all = "camelCase")]
#[expect(clippy::struct_field_names, reason = "the names of the contract")]
pub(in crate::rest) struct WorkoutReportResponseAdditionalInfo {
    /// Sets that were logged.
    total_sets: i32,
    /// Repetitions of all sets.
    total_reps: i32,
    /// In kilograms: the sum of repetitions by weight.
    total_weight: Float,
    /// Seconds, such as `90s`: the sum of the times of all sets.
    total_time: Duration,
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

impl From<ReportNode> for WorkoutReportResponse {
    fn from(node: ReportNode) -> Self {
        Self {
            workout: node.workout,
            exercise_logs: node.report.exercise_logs,
            additional_info: node.report.totals,
        }
    }
}

async fn get_workout_report(
    call: Call,
    path: WorkoutPath,
    _: Empty,
) -> Result<WorkoutReportResponse, Failure> {
    let id = path.workout_id;
    call.query(&REPORT, ById { id }).await
}
