//! Generated workouts: a person asks, a job is written with the workout, a [`worker`] plans it and fills the workout.
//!
//! What a plan is made from is a [`brief`]. The language [`model`] plans when the configuration names one, else, and
//! whenever that comes to nothing, the built-in [`planner`]: a pure function from the person's settings, wishes and
//! history to exercises with sets and a reasoning. The model may choose only from what the planner's rules allow.

mod brief;
mod graphql;
mod model;
mod planner;
mod settings;
mod store;
#[cfg(test)]
mod tests;
mod worker;

use async_graphql::SimpleObject;
use chrono::{DateTime, Days, NaiveTime, Timelike, Utc};
use setwise_graphql::id_type;
use sqlx::PgConnection;

use crate::{
    change::Change,
    exercise::{Equipment, Measurement},
    ids::{ExerciseId, UserId, WorkoutId},
    refusal::{Failure, Refusal, optional_text},
    workout::{self, GenerationStatus, Workout},
};

pub(crate) use graphql::{GenerationMutation, GenerationQuery};
pub(crate) use model::Model;
pub(crate) use settings::{
    ExperienceLevel, GenerationSettings, Goal, SettingsChange, WorkoutPlanType,
    hold as hold_settings, update as update_settings,
};
pub(crate) use worker::{Worker, run};

const MAX_PROMPT: usize = 2000;

id_type!(JobId);

/// A workout to be generated, as a worker has taken it.
#[derive(Debug, Clone)]
struct Job {
    user_id: UserId,
    id: JobId,
    /// None when the workout was deleted meanwhile.
    workout_id: Option<WorkoutId>,
    prompt: String,
    locale: String,
    /// How often it was taken; tells a worker whether the job is still its own.
    attempts: i32,
}

/// An exercise that the person made, as a planner sees it.
#[derive(Debug, Clone)]
struct OwnExercise {
    id: ExerciseId,
    name: String,
    equipment: Equipment,
    measurement: Measurement,
    /// Slugs of the muscle groups that do most of the work.
    primary: Vec<String>,
    /// Slugs of the muscle groups that help.
    secondary: Vec<String>,
}

/// How many workouts a person may have generated in a day (UTC).
#[derive(Debug, Clone, Copy, SimpleObject)]
#[graphql(name = "GenerationAllowance")]
pub(crate) struct Allowance {
    /// How many a day allows.
    per_day: u32,
    /// How many of them are left today.
    left: u32,
    /// When the next day begins, and with it a new allowance.
    renews_at: DateTime<Utc>,
}

/// What a person wants from a workout today: at most 2,000 characters.
#[derive(Debug, Clone)]
pub(crate) struct Prompt(String);

impl Prompt {
    pub(crate) fn parse(prompt: Option<&str>) -> Result<Self, Refusal> {
        optional_text("prompt", prompt.unwrap_or_default(), MAX_PROMPT).map(Self)
    }
}

/// Asks for an unfinished workout to be filled. `daily_limit` is how often a person may ask in a day (UTC).
pub(crate) async fn request(
    change: &mut Change,
    workout: WorkoutId,
    prompt: &Prompt,
    daily_limit: u32,
) -> Result<Workout, Failure> {
    let (user, now, locale) = (change.user, change.now, change.locale);
    let conn = change.conn();
    let open = workout::open(conn, user, workout).await?;
    if store::is_waiting(conn, user, workout).await? {
        return Err(Refusal::AlreadyGenerating.into());
    }
    // Two requests at once must not both count themselves within the limit.
    settings::hold(conn, user, now).await?;
    if allowance(conn, user, daily_limit, now).await?.left == 0 {
        let refusal = Refusal::DailyGenerations {
            max: daily_limit,
            retry_after_seconds: seconds_to_midnight(now),
        };
        return Err(refusal.into());
    }
    store::insert_job(conn, user, workout, &prompt.0, locale.tag(), now).await?;
    let running = GenerationStatus::Running;
    Ok(workout::set_generation(conn, &open, running, None, now).await?)
}

/// What is left of a person's day.
async fn allowance(
    conn: &mut PgConnection,
    user: UserId,
    per_day: u32,
    now: DateTime<Utc>,
) -> sqlx::Result<Allowance> {
    let midnight = now.date_naive().and_time(NaiveTime::MIN).and_utc();
    let asked = store::jobs_since(conn, user, midnight).await?;
    Ok(Allowance {
        per_day,
        left: per_day.saturating_sub(u32::try_from(asked).unwrap_or(u32::MAX)),
        renews_at: midnight + Days::new(1),
    })
}

/// Seconds until the next day (UTC) has begun.
fn seconds_to_midnight(now: DateTime<Utc>) -> u32 {
    const DAY: u32 = 24 * 60 * 60;
    DAY - now.num_seconds_from_midnight()
}
