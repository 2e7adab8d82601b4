//! Insight: what the training comes to over time. Per exercise its sessions and their progress; over all exercises weeks,
//! streak and calendar, in the person's time zone.
//!
//! Everything here reads the summaries that [`record`](crate::record) keeps beside each exercise log, never the sets.

mod calendar;
mod date;
mod graphql;
mod loader;
mod progress;
mod store;
#[cfg(test)]
mod tests;

use chrono::{DateTime, Utc};

use crate::ids::{ExerciseId, ExerciseLogId, SetLogId, UserId, WorkoutId};

pub(crate) use date::Date;
pub(crate) use graphql::{InsightQuery, progress_of, sessions_of};
pub(crate) use loader::{ProgressOfExercise, SessionPages};
pub(crate) use progress::ProgressPoint;

/// What an exercise came to in a workout, warm-up sets left out.
#[derive(Debug, Clone)]
pub(crate) struct ExerciseSession {
    pub(crate) user_id: UserId,
    pub(crate) exercise_id: ExerciseId,
    pub(crate) exercise_log_id: ExerciseLogId,
    /// When the workout started.
    pub(crate) started_at: DateTime<Utc>,
    pub(crate) sets: i32,
    pub(crate) reps: i32,
    pub(crate) seconds: f64,
    pub(crate) meters: f64,
    pub(crate) volume_kg: f64,
    pub(crate) heaviest_kg: Option<f64>,
    pub(crate) epley_kg: Option<f64>,
    pub(crate) brzycki_kg: Option<f64>,
    pub(crate) best_set_id: Option<SetLogId>,
}

/// An exercise within a workout, as far as weeks and days go.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Trained {
    pub(crate) workout_id: WorkoutId,
    pub(crate) exercise_id: ExerciseId,
    pub(crate) started_at: DateTime<Utc>,
    pub(crate) sets: i32,
    pub(crate) volume_kg: f64,
}
