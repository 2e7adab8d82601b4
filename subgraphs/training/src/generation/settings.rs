//! What a person wants from generated workouts.

use async_graphql::Enum;
use chrono::{DateTime, Utc};
use sqlx::PgConnection;

use crate::{
    exercise::Equipment,
    generation::store,
    ids::{MuscleGroupId, UserId},
    muscle_group,
    refusal::{Failure, Refusal, optional_text},
};

const MAX_TEXT: usize = 2000;
const MAX_SECONDARY_GOALS: usize = 10;
const MAX_GOAL: usize = 100;
const MAX_PRIORITIES: usize = 30;

/// What a person trains for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum, sqlx::Type)]
#[sqlx(type_name = "text", rename_all = "snake_case")]
pub enum Goal {
    /// More muscle: 8 to 12 repetitions.
    MuscleGain,
    /// Less weight: 12 to 15 repetitions with short rests, and endurance work.
    WeightLoss,
    /// More strength: 5 repetitions with long rests.
    Strength,
    /// More endurance: 15 to 20 repetitions with short rests.
    Endurance,
    /// More mobility: light sets and stretches.
    Flexibility,
}

impl Goal {
    pub(super) fn as_str(self) -> &'static str {
        match self {
            Self::MuscleGain => "muscle_gain",
            Self::WeightLoss => "weight_loss",
            Self::Strength => "strength",
            Self::Endurance => "endurance",
            Self::Flexibility => "flexibility",
        }
    }
}

/// How long a person has trained.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum, sqlx::Type)]
#[sqlx(type_name = "text", rename_all = "snake_case")]
pub enum ExperienceLevel {
    /// Less than half a year of regular training.
    Beginner,
    /// Up to about two years.
    Intermediate,
    /// Longer.
    Advanced,
}

impl ExperienceLevel {
    pub(super) fn as_str(self) -> &'static str {
        match self {
            Self::Beginner => "beginner",
            Self::Intermediate => "intermediate",
            Self::Advanced => "advanced",
        }
    }
}

/// How the muscle groups are spread over the days.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum, sqlx::Type)]
#[sqlx(type_name = "text", rename_all = "snake_case")]
pub enum WorkoutPlanType {
    /// Everything each time.
    FullBody,
    /// Chest and triceps, back and biceps, legs, shoulders and abs.
    Split,
    /// The upper body one time, the lower body the next.
    UpperLower,
    /// What pushes, what pulls, the legs.
    PushPullLegs,
}

impl WorkoutPlanType {
    pub(super) fn as_str(self) -> &'static str {
        match self {
            Self::FullBody => "full_body",
            Self::Split => "split",
            Self::UpperLower => "upper_lower",
            Self::PushPullLegs => "push_pull_legs",
        }
    }
}

/// What a person wants from generated workouts.
#[derive(Debug, Clone)]
pub struct GenerationSettings {
    pub(crate) user_id: UserId,
    pub(crate) base_prompt: String,
    pub(crate) variety_level: i16,
    pub(crate) primary_goal: Goal,
    pub(crate) secondary_goals: Vec<String>,
    pub(crate) experience_level: ExperienceLevel,
    pub(crate) days_per_week: i16,
    pub(crate) session_duration_minutes: i16,
    pub(crate) injuries: String,
    pub(crate) priority_muscle_group_ids: Vec<MuscleGroupId>,
    pub(crate) workout_plan_type: WorkoutPlanType,
    /// What is at hand besides the body; empty: everything.
    pub(crate) equipment: Vec<Equipment>,
    pub(crate) updated_at: DateTime<Utc>,
}

/// What to change of the settings, as it was sent: what is none stays.
#[derive(Debug, Clone, Default)]
pub(crate) struct SettingsChange {
    pub(crate) base_prompt: Option<String>,
    pub(crate) variety_level: Option<i32>,
    pub(crate) primary_goal: Option<Goal>,
    pub(crate) secondary_goals: Option<Vec<String>>,
    pub(crate) experience_level: Option<ExperienceLevel>,
    pub(crate) days_per_week: Option<i32>,
    pub(crate) session_duration_minutes: Option<i32>,
    pub(crate) injuries: Option<String>,
    pub(crate) priority_muscle_group_ids: Option<Vec<MuscleGroupId>>,
    pub(crate) workout_plan_type: Option<WorkoutPlanType>,
    pub(crate) equipment: Option<Vec<Equipment>>,
}

/// The settings of a user; the defaults are written down at the first read.
pub(crate) async fn of(
    conn: &mut PgConnection,
    user: UserId,
    now: DateTime<Utc>,
) -> sqlx::Result<GenerationSettings> {
    match store::settings(conn, user).await? {
        Some(settings) => Ok(settings),
        None => hold(conn, user, now).await,
    }
}

/// The settings of a user, locked: whoever holds them changes them, or counts the user's jobs, alone.
pub(crate) async fn hold(
    conn: &mut PgConnection,
    user: UserId,
    now: DateTime<Utc>,
) -> sqlx::Result<GenerationSettings> {
    store::insert_default_settings(conn, user, now).await?;
    store::lock_settings(conn, user).await
}

/// Changes what is given.
pub(crate) async fn update(
    conn: &mut PgConnection,
    user: UserId,
    change: SettingsChange,
    now: DateTime<Utc>,
) -> Result<GenerationSettings, Failure> {
    let mut settings = hold(conn, user, now).await?;
    apply(&mut settings, change)?;
    let priorities = &settings.priority_muscle_group_ids;
    if !muscle_group::all_exist(conn, priorities).await? {
        let field = "priorityMuscleGroupIds";
        return Err(Refusal::UnknownMuscleGroup { field }.into());
    }
    settings.updated_at = now;
    store::update_settings(conn, &settings).await?;
    Ok(settings)
}

fn apply(settings: &mut GenerationSettings, change: SettingsChange) -> Result<(), Refusal> {
    if let Some(text) = change.base_prompt {
        settings.base_prompt = optional_text("basePrompt", &text, MAX_TEXT)?;
    }
    if let Some(level) = change.variety_level {
        settings.variety_level = within("varietyLevel", level, 1, 3)?;
    }
    if let Some(goals) = change.secondary_goals {
        settings.secondary_goals = secondary_goals(&goals)?;
    }
    if let Some(days) = change.days_per_week {
        settings.days_per_week = within("daysPerWeek", days, 1, 7)?;
    }
    if let Some(minutes) = change.session_duration_minutes {
        settings.session_duration_minutes = within("sessionDurationMinutes", minutes, 10, 240)?;
    }
    if let Some(text) = change.injuries {
        settings.injuries = optional_text("injuries", &text, MAX_TEXT)?;
    }
    if let Some(ids) = change.priority_muscle_group_ids {
        settings.priority_muscle_group_ids = priorities(ids)?;
    }
    if let Some(equipment) = change.equipment {
        settings.equipment = distinct(equipment);
    }
    settings.primary_goal = change.primary_goal.unwrap_or(settings.primary_goal);
    settings.experience_level = change.experience_level.unwrap_or(settings.experience_level);
    settings.workout_plan_type = change
        .workout_plan_type
        .unwrap_or(settings.workout_plan_type);
    Ok(())
}

/// Without repetitions. There are few kinds, so the list is short whatever was sent.
fn distinct(equipment: Vec<Equipment>) -> Vec<Equipment> {
    let mut kept = Vec::new();
    for kind in equipment {
        if !kept.contains(&kind) {
            kept.push(kind);
        }
    }
    kept
}

fn within(field: &'static str, value: i32, min: i32, max: i32) -> Result<i16, Refusal> {
    i16::try_from(value)
        .ok()
        .filter(|_| (min..=max).contains(&value))
        .ok_or_else(|| Refusal::out_of_range(field, min, max))
}

/// The goals without empty ones and repetitions.
fn secondary_goals(goals: &[String]) -> Result<Vec<String>, Refusal> {
    let field = "secondaryGoals";
    let mut kept = Vec::new();
    for goal in goals {
        let goal = optional_text(field, goal, MAX_GOAL)?;
        if !goal.is_empty() && !kept.contains(&goal) {
            kept.push(goal);
        }
        if kept.len() > MAX_SECONDARY_GOALS {
            let max = MAX_SECONDARY_GOALS;
            return Err(Refusal::TooMany { field, max });
        }
    }
    Ok(kept)
}

fn priorities(ids: Vec<MuscleGroupId>) -> Result<Vec<MuscleGroupId>, Refusal> {
    let mut kept = Vec::new();
    for id in ids {
        if !kept.contains(&id) {
            kept.push(id);
        }
        if kept.len() > MAX_PRIORITIES {
            return Err(Refusal::TooMany {
                field: "priorityMuscleGroupIds",
                max: MAX_PRIORITIES,
            });
        }
    }
    Ok(kept)
}
