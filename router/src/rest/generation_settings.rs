use http::Method;
use serde::{Deserialize, Serialize};

use super::{
    Failure,
    call::{Call, Document, Mutation, Query},
    choice::{ExperienceLevel, Goal, Shown, WorkoutPlanType, specified},
    input::Int32,
    output::Reference,
    route::{Empty, Route},
    time::Timestamp,
};

pub(super) static DOCUMENT: Document = Document::new("training", || {
    include_str!("operations/generation_settings.graphql").into()
});

static SETTINGS: Query<Empty, WorkoutGenerationSettings> =
    Query::new(&DOCUMENT, "GenerationSettings");
static UPDATE_SETTINGS: Mutation<UpdateWorkoutGenerationSettingsRequest> =
    Mutation::new(&DOCUMENT, "UpdateGenerationSettings");

pub(super) fn routes() -> Vec<Route> {
    let path = "/users/workout_generation_settings";
    vec![
        Route::signed_in(
            Method::GET,
            path,
            "user.getWorkoutGenerationSettings",
            get_workout_generation_settings,
        ),
        Route::signed_in(
            Method::PUT,
            path,
            "user.updateWorkoutGenerationSettings",
            update_workout_generation_settings,
        ),
    ]
}

#[derive(Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
struct UpdateWorkoutGenerationSettingsRequest {
    base_prompt: Option<String>,
    variety_level: Option<Int32>,
    #[serde(default, deserialize_with = "specified")]
    primary_goal: Option<Goal>,
    secondary_goals: Option<Vec<String>>,
    #[serde(default, deserialize_with = "specified")]
    experience_level: Option<ExperienceLevel>,
    days_per_week: Option<Int32>,
    session_duration_minutes: Option<Int32>,
    injuries: Option<String>,
    #[serde(rename(serialize = "priorityMuscleGroupIds"))]
    priority_muscle_groups_ids: Option<Vec<String>>,
    #[serde(default, deserialize_with = "specified")]
    workout_plan_type: Option<WorkoutPlanType>,
}

#[derive(Default, Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct WorkoutGenerationSettings {
    base_prompt: String,
    variety_level: i32,
    primary_goal: Shown<Goal>,
    secondary_goals: Vec<String>,
    experience_level: Shown<ExperienceLevel>,
    days_per_week: i32,
    session_duration_minutes: i32,
    injuries: String,
    priority_muscle_groups_ids: Vec<Reference>,
    workout_plan_type: Shown<WorkoutPlanType>,
    updated_at: Timestamp,
}

#[derive(Default, Serialize)]
pub(super) struct WorkoutGenerationSettingsResponse {
    settings: WorkoutGenerationSettings,
}

async fn get_workout_generation_settings(
    call: Call,
    _: Empty,
    _: Empty,
) -> Result<WorkoutGenerationSettingsResponse, Failure> {
    let settings = call.query(&SETTINGS, Empty {}).await?;
    Ok(WorkoutGenerationSettingsResponse { settings })
}

async fn update_workout_generation_settings(
    call: Call,
    _: Empty,
    request: UpdateWorkoutGenerationSettingsRequest,
) -> Result<Empty, Failure> {
    call.perform(&UPDATE_SETTINGS, request).await?;
    Ok(Empty {})
}
