//! Workouts: started empty, from a routine or by generation; filled with logs; completed; then rated and commented on.
//!
//! Whatever changes the logs of a workout goes through [`open`], which takes the row lock and refuses a finished workout:
//! so completing and logging never interleave.

mod graphql;
mod live;
mod loader;
mod record;
mod report;
mod store;
#[cfg(test)]
mod tests;

use async_graphql::Enum;
use chrono::{DateTime, TimeDelta, Utc};
use setwise_events::TrainingEvent;
use setwise_graphql::WeightUnit;
use setwise_outbox::{NewEvent, Outbox};
use sqlx::{PgConnection, PgPool};

use crate::{
    exercise_log,
    ids::{RoutineId, UserId, WorkoutId},
    refusal::{Failure, Refusal, Thing, optional_text},
    routine,
};

pub(crate) use graphql::{
    WorkoutMutation, WorkoutQuery, WorkoutSubscription, active_workouts_of, workouts_of,
};
pub(crate) use live::{Live, listen};
pub(crate) use loader::{ActiveWorkouts, WorkoutById, WorkoutPages, WorkoutTotals};
pub(crate) use record::{RecordedExercise, RecordedWorkout, record};
pub(crate) use report::{Totals, WorkoutReport};

const MAX_COMMENT: usize = 5000;
/// How long after its end a workout can be gone on with.
const REOPEN_HOURS: i64 = 24;
/// The most workouts that are listed as active.
pub(crate) const MAX_ACTIVE: i64 = 100;

/// One training session.
#[derive(Debug, Clone)]
pub struct Workout {
    pub(crate) user_id: UserId,
    pub(crate) id: WorkoutId,
    pub(crate) routine_id: Option<RoutineId>,
    pub(crate) started_at: DateTime<Utc>,
    pub(crate) finished_at: Option<DateTime<Utc>>,
    pub(crate) comment: Option<String>,
    pub(crate) rating: Option<i16>,
    pub(crate) is_generated: bool,
    pub(crate) reasoning: Option<String>,
    pub(crate) generation_status: Option<GenerationStatus>,
    pub(crate) created_at: DateTime<Utc>,
    pub(crate) updated_at: DateTime<Utc>,
}

/// How far the generation of a workout is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum, sqlx::Type)]
#[sqlx(type_name = "text", rename_all = "lowercase")]
pub enum GenerationStatus {
    /// The exercises are being chosen.
    Running,
    /// Nothing came of it; the workout can be filled by hand or generated again.
    Failed,
    /// The exercises are in the workout.
    Completed,
}

impl GenerationStatus {
    fn as_str(self) -> &'static str {
        match self {
            Self::Running => "running",
            Self::Failed => "failed",
            Self::Completed => "completed",
        }
    }
}

/// A rating: 0 to 5.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Rating(i16);

impl Rating {
    pub(crate) fn parse(rating: i32) -> Result<Self, Refusal> {
        match i16::try_from(rating) {
            Ok(rating @ 0..=5) => Ok(Self(rating)),
            _ => Err(Refusal::out_of_range("rating", 0, 5)),
        }
    }
}

/// A comment: at most 5,000 characters; an empty one is none.
#[derive(Debug, Clone)]
pub(crate) struct Comment(Option<String>);

impl Comment {
    pub(crate) fn parse(comment: &str) -> Result<Self, Refusal> {
        let comment = optional_text("comment", comment, MAX_COMMENT)?;
        Ok(Self(Some(comment).filter(|comment| !comment.is_empty())))
    }
}

/// A workout that is not finished and whose row this transaction has locked. Only [`open`] and [`start`] make one.
#[derive(Debug, Clone, Copy)]
pub(crate) struct OpenWorkout {
    pub(crate) user: UserId,
    pub(crate) id: WorkoutId,
    pub(crate) started_at: DateTime<Utc>,
    pub(crate) weight_unit: WeightUnit,
    /// Whether it was finished before.
    pub(crate) is_reopened: bool,
}

/// Locks a workout for a change of what is in it; who follows it hears of the change once it is committed.
pub(crate) async fn open(
    conn: &mut PgConnection,
    user: UserId,
    id: WorkoutId,
) -> Result<OpenWorkout, Failure> {
    let open = open_unannounced(conn, user, id).await?;
    store::announce(conn, id).await?;
    Ok(open)
}

/// [`open`], for who calls [`announce`] after the commit: of all transactions with a NOTIFY, PostgreSQL commits one at a
/// time, each with a flush of its own. That is no matter for what a person does once in a workout, but for sets it is.
pub(crate) async fn open_unannounced(
    conn: &mut PgConnection,
    user: UserId,
    id: WorkoutId,
) -> Result<OpenWorkout, Failure> {
    let workout = store::lock(conn, user, id)
        .await?
        .ok_or(Refusal::NotFound(Thing::Workout))?;
    if workout.finished_at.is_some() {
        return Err(Refusal::Finished.into());
    }
    Ok(OpenWorkout {
        user,
        id,
        started_at: workout.started_at,
        weight_unit: workout.weight_unit,
        is_reopened: workout.is_reopened,
    })
}

/// Tells who follows a workout that it changed. When that fails, they see the change with the next one.
pub(crate) async fn announce(pool: &PgPool, id: WorkoutId) {
    if let Err(error) = store::announce_alone(pool, id).await {
        tracing::warn!(workout.id = %id, error.message = %error, "a change of a workout is not announced");
    }
}

/// Keeps a workout as it is until the transaction ends; false when there is none.
pub(crate) async fn hold(
    conn: &mut PgConnection,
    user: UserId,
    id: WorkoutId,
) -> sqlx::Result<bool> {
    store::hold(conn, user, id).await
}

/// What to do when a workout is started while another is under way.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
pub enum IfActive {
    /// Start nothing, and say which workout is under way.
    Refuse,
    /// Start nothing, and answer the workout that is under way.
    Continue,
    /// Complete what is under way, then start.
    Complete,
    /// Start another beside it.
    StartAnother,
}

/// What is to be done before a workout starts; a workout that is to be gone on with instead. Until the transaction ends,
/// nobody else starts a workout for the user.
pub(crate) async fn make_way(
    conn: &mut PgConnection,
    topic: &str,
    user: UserId,
    if_active: IfActive,
    now: DateTime<Utc>,
) -> Result<Option<Workout>, Failure> {
    if if_active == IfActive::StartAnother {
        return Ok(None);
    }
    store::lock_starts(conn, user).await?;
    let active = store::active(conn, user, MAX_ACTIVE).await?;
    match if_active {
        IfActive::Refuse if !active.is_empty() => return Err(Refusal::WorkoutActive.into()),
        IfActive::Refuse | IfActive::StartAnother => {}
        IfActive::Continue => return Ok(active.into_iter().next()),
        IfActive::Complete => {
            for workout in active {
                complete(conn, topic, user, workout.id, now).await?;
            }
        }
    }
    Ok(None)
}

/// Goes on with a workout that was finished not long ago. Its rating and its comment stay.
#[tracing::instrument(skip_all, name = "reopen_workout", fields(user.id = %user, workout.id = %id))]
pub(crate) async fn reopen(
    conn: &mut PgConnection,
    user: UserId,
    id: WorkoutId,
    now: DateTime<Utc>,
) -> Result<Workout, Failure> {
    store::lock_starts(conn, user).await?;
    let workout = store::lock(conn, user, id)
        .await?
        .ok_or(Refusal::NotFound(Thing::Workout))?;
    let finished_at = workout.finished_at.ok_or(Refusal::NotFinished)?;
    if now - finished_at > TimeDelta::hours(REOPEN_HOURS) {
        let hours = REOPEN_HOURS;
        return Err(Refusal::TooLateToReopen { hours }.into());
    }
    if !store::active(conn, user, 1).await?.is_empty() {
        return Err(Refusal::WorkoutActive.into());
    }
    store::announce(conn, id).await?;
    Ok(store::reopen(conn, user, id, now).await?)
}

/// Starts an empty workout.
#[tracing::instrument(skip_all, name = "start_workout", fields(user.id = %user))]
pub(crate) async fn start(
    conn: &mut PgConnection,
    user: UserId,
    id: WorkoutId,
    weight_unit: WeightUnit,
    now: DateTime<Utc>,
) -> Result<Workout, Failure> {
    Ok(store::insert(conn, user, id, None, weight_unit, now).await?)
}

/// Starts a workout with an exercise log per exercise instance of a routine and its sets as expected sets.
#[tracing::instrument(skip_all, name = "start_workout_from_routine", fields(user.id = %user, routine.id = %routine))]
pub(crate) async fn start_from_routine(
    conn: &mut PgConnection,
    user: UserId,
    id: WorkoutId,
    routine: RoutineId,
    weight_unit: WeightUnit,
    now: DateTime<Utc>,
) -> Result<Workout, Failure> {
    if !routine::hold(conn, user, routine).await? {
        return Err(Refusal::NotFound(Thing::Routine).into());
    }
    let workout = store::insert(conn, user, id, Some(routine), weight_unit, now).await?;
    let open = OpenWorkout {
        user,
        id: workout.id,
        started_at: workout.started_at,
        weight_unit,
        is_reopened: false,
    };
    exercise_log::expect_routine(conn, &open, routine, now).await?;
    Ok(workout)
}

/// A workout of one's own.
pub(crate) async fn find(
    conn: &mut PgConnection,
    user: UserId,
    id: WorkoutId,
) -> Result<Workout, Failure> {
    store::by_ids(conn, &[user.0], &[id.0])
        .await?
        .pop()
        .ok_or_else(|| Refusal::NotFound(Thing::Workout).into())
}

/// Deletes a workout with its logs.
#[tracing::instrument(skip_all, name = "delete_workout", fields(user.id = %user, workout.id = %id))]
pub(crate) async fn delete(
    conn: &mut PgConnection,
    user: UserId,
    id: WorkoutId,
) -> Result<(), Failure> {
    let workout = store::lock(conn, user, id)
        .await?
        .ok_or(Refusal::NotFound(Thing::Workout))?;
    let exercises = store::exercises(conn, user, id).await?;
    crate::record::lock(conn, user, exercises.clone()).await?;
    store::delete(conn, user, id).await?;
    crate::record::refresh_all(conn, user, exercises, workout.started_at).await?;
    Ok(store::announce(conn, id).await?)
}

/// Finishes a workout and, the first time, tells the world by an event on `topic`: one workout is one mail.
#[tracing::instrument(skip_all, name = "complete_workout", fields(user.id = %user, workout.id = %id))]
pub(crate) async fn complete(
    conn: &mut PgConnection,
    topic: &str,
    user: UserId,
    id: WorkoutId,
    now: DateTime<Utc>,
) -> Result<Workout, Failure> {
    let open = open(conn, user, id).await?;
    let finished_at = now.max(open.started_at);
    let workout = store::finish(conn, user, id, finished_at).await?;
    if !open.is_reopened {
        tell(conn, topic, &open, finished_at).await?;
    }
    Ok(workout)
}

async fn tell(
    conn: &mut PgConnection,
    topic: &str,
    workout: &OpenWorkout,
    finished_at: DateTime<Utc>,
) -> sqlx::Result<()> {
    let totals = report::totals(conn, workout.user, workout.id).await?;
    let event = TrainingEvent::WorkoutCompleted {
        user_id: workout.user.0,
        workout_id: workout.id.0,
        started_at: workout.started_at,
        finished_at,
        exercises: totals.exercises,
        sets: totals.sets,
        reps: totals.reps,
        volume_kg: totals.volume_kg,
        time_seconds: totals.time_seconds,
    };
    let payload = serde_json::to_value(event).map_err(|error| sqlx::Error::Encode(error.into()))?;
    let event = NewEvent {
        topic: topic.to_owned(),
        key: workout.user.0.to_string(),
        payload,
    };
    Outbox::new("training").append(conn, event).await?;
    Ok(())
}

/// Rates a finished workout.
#[tracing::instrument(skip_all, name = "rate_workout", fields(user.id = %user, workout.id = %id))]
pub(crate) async fn rate(
    conn: &mut PgConnection,
    user: UserId,
    id: WorkoutId,
    rating: Rating,
    now: DateTime<Utc>,
) -> Result<Workout, Failure> {
    require_finished(conn, user, id).await?;
    Ok(store::set_rating(conn, user, id, rating, now).await?)
}

/// Comments on a finished workout.
#[tracing::instrument(skip_all, name = "comment_workout", fields(user.id = %user, workout.id = %id))]
pub(crate) async fn comment(
    conn: &mut PgConnection,
    user: UserId,
    id: WorkoutId,
    comment: &Comment,
    now: DateTime<Utc>,
) -> Result<Workout, Failure> {
    require_finished(conn, user, id).await?;
    Ok(store::set_comment(conn, user, id, comment, now).await?)
}

async fn require_finished(
    conn: &mut PgConnection,
    user: UserId,
    id: WorkoutId,
) -> Result<(), Failure> {
    let workout = store::lock(conn, user, id)
        .await?
        .ok_or(Refusal::NotFound(Thing::Workout))?;
    match workout.finished_at {
        Some(_) => Ok(store::announce(conn, id).await?),
        None => Err(Refusal::NotFinished.into()),
    }
}

/// Notes how far the generation of an open workout is, and once there is one, why these exercises were chosen.
pub(crate) async fn set_generation(
    conn: &mut PgConnection,
    workout: &OpenWorkout,
    status: GenerationStatus,
    reasoning: Option<&str>,
    now: DateTime<Utc>,
) -> sqlx::Result<Workout> {
    store::set_generation(conn, workout, status, reasoning, now).await
}

/// Notes that the generation of a workout came to nothing, and why. The workout may be finished or gone by now.
pub(crate) async fn fail_generation(
    conn: &mut PgConnection,
    user: UserId,
    id: WorkoutId,
    reason: Option<&str>,
    now: DateTime<Utc>,
) -> sqlx::Result<()> {
    store::fail_generation(conn, user, id, reason, now).await?;
    store::announce(conn, id).await
}

/// A finished workout as a planner looks back on it: which exercise was done, when, and with which sets.
#[derive(Debug, Clone)]
pub(crate) struct TrainedExercise {
    pub(crate) exercise_id: crate::ids::ExerciseId,
    pub(crate) started_at: DateTime<Utc>,
    /// Without those that warmed up, which say nothing of what a person can do.
    pub(crate) sets: i64,
    /// Of the heaviest set; the most where weights are equal.
    pub(crate) top_reps: Option<i32>,
    pub(crate) max_weight_kg: Option<f64>,
    pub(crate) power_rating: Option<i16>,
}

/// The exercises of a user's finished workouts since a time, newest first.
pub(crate) async fn trained_since(
    conn: &mut PgConnection,
    user: UserId,
    since: DateTime<Utc>,
) -> sqlx::Result<Vec<TrainedExercise>> {
    store::trained_since(conn, user, since).await
}
