use http::Method;
use schemars::JsonSchema;
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
        )
        .about(
            "Get the settings of generation",
            "What generated workouts go by. Everyone has them, with defaults at first.",
        ),
        Route::signed_in(
            Method::PUT,
            path,
            "user.updateWorkoutGenerationSettings",
            update_workout_generation_settings,
        )
        .about(
            "Change the settings of generation",
            "What is left out, or unspecified, stays as it is.",
        ),
    ]
}

#[derive(Deserialize, JsonSchema, Serialize)]
#[serde(rename_all = "camelCase")]
#[schemars(extend("examples" = [{
    "primaryGoal": "GOAL_STRENGTH", "experienceLevel": "EXPERIENCE_LEVEL_INTERMEDIATE",
    "daysPerWeek": 3, "sessionDurationMinutes": 60, "varietyLevel": 2,
    "workoutPlanType": "WORKOUT_PLAN_TYPE_UPPER_LOWER", "injuries": "left shoulder",
}]))]
struct UpdateWorkoutGenerationSettingsRequest {
    /// What the planner should always know, in the person's words; at most 2,000 characters.
    base_prompt: Option<String>,
    /// From 1, much the same each time, to 3, new exercises whenever possible.
    variety_level: Option<Int32>,
    /// What the person trains for.
    #[serde(default, deserialize_with = "specified")]
    primary_goal: Option<Goal>,
    /// What else the person wants to reach: at most 10, of at most 100 characters each.
    secondary_goals: Option<Vec<String>>,
    /// How long the person has trained.
    #[serde(default, deserialize_with = "specified")]
    experience_level: Option<ExperienceLevel>,
    /// From 1 to 7.
    days_per_week: Option<Int32>,
    /// How long a workout should take, in minutes, from 10 to 240.
    session_duration_minutes: Option<Int32>,
    /// What hurts or must be spared; at most 2,000 characters. Exercises that load it are left out.
    injuries: Option<String>,
    /// The muscle groups that get more, by their ids.
    #[serde(rename(serialize = "priorityMuscleGroupIds"))]
    priority_muscle_groups_ids: Option<Vec<String>>,
    /// How muscle groups are spread over the days.
    #[serde(default, deserialize_with = "specified")]
    workout_plan_type: Option<WorkoutPlanType>,
}

/// What generated workouts go by.
#[derive(Default, Deserialize, JsonSchema, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct WorkoutGenerationSettings {
    /// What the planner should always know, in the person's words; at most 2,000 characters.
    base_prompt: String,
    /// From 1, much the same each time, to 3, new exercises whenever possible.
    variety_level: i32,
    /// What the person trains for.
    primary_goal: Shown<Goal>,
    /// What else the person wants to reach: at most 10, of at most 100 characters each.
    secondary_goals: Vec<String>,
    /// How long the person has trained.
    experience_level: Shown<ExperienceLevel>,
    /// From 1 to 7.
    days_per_week: i32,
    /// How long a workout should take, in minutes, from 10 to 240.
    session_duration_minutes: i32,
    /// What hurts or must be spared; at most 2,000 characters. Exercises that load it are left out.
    injuries: String,
    /// The muscle groups that get more, by their ids.
    priority_muscle_groups_ids: Vec<Reference>,
    /// How muscle groups are spread over the days.
    workout_plan_type: Shown<WorkoutPlanType>,
    /// When they last changed.
    updated_at: Timestamp,
}

#[derive(Default, JsonSchema, Serialize)]
pub(super) struct WorkoutGenerationSettingsResponse {
    /// The settings of the person.
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
