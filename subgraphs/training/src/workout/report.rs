//! What a workout comes to.

use chrono::{DateTime, Utc};
use sqlx::PgConnection;

use crate::{
    ids::{UserId, WorkoutId},
    workout::{Workout, store},
};

/// The sums over the sets of a workout.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Totals {
    pub(crate) user_id: UserId,
    pub(crate) workout_id: WorkoutId,
    /// Exercises with at least one set.
    pub(crate) exercises: i64,
    pub(crate) sets: i64,
    pub(crate) reps: i64,
    /// Σ repetitions × kilograms.
    pub(crate) volume_kg: f64,
    pub(crate) time_seconds: f64,
}

impl Totals {
    /// The sums over no sets.
    pub(crate) fn zero(user_id: UserId, workout_id: WorkoutId) -> Self {
        Self {
            user_id,
            workout_id,
            exercises: 0,
            sets: 0,
            reps: 0,
            volume_kg: 0.0,
            time_seconds: 0.0,
        }
    }
}

/// A workout and its sums.
#[derive(Debug, Clone)]
pub struct WorkoutReport {
    pub(super) workout: Workout,
    pub(super) totals: Totals,
}

impl WorkoutReport {
    /// Seconds from start to finish, or to `now` while the workout is active.
    pub(super) fn seconds(&self, now: DateTime<Utc>) -> f64 {
        let end = self.workout.finished_at.unwrap_or(now);
        (end - self.workout.started_at).as_seconds_f64().max(0.0)
    }
}

pub(super) async fn totals(
    conn: &mut PgConnection,
    user: UserId,
    workout: WorkoutId,
) -> sqlx::Result<Totals> {
    let totals = store::totals(conn, &[user.0], &[workout.0]).await?.pop();
    Ok(totals.unwrap_or_else(|| Totals::zero(user, workout)))
}
