//! Exercise logs: an exercise at its place in a workout. The operations take an [`OpenWorkout`], so that none can forget the lock.

mod expectation;
mod graphql;
mod loader;
mod store;
#[cfg(test)]
mod tests;

use async_graphql::MaybeUndefined;
use chrono::{DateTime, Utc};
use setwise_graphql::WeightUnit;
use sqlx::{PgConnection, types::Json};

use crate::{
    exercise,
    ids::{ExerciseId, ExerciseLogId, RoutineId, UserId, WorkoutId},
    progression::Reason,
    record,
    refusal::{Failure, Full, Refusal, Thing, optional_text},
    set::PlannedSet,
    set_log,
    workout::OpenWorkout,
};

pub(crate) use graphql::{ExerciseLogMutation, ExerciseLogQuery, exercise_history};
pub(crate) use loader::{ExerciseHistory, ExerciseLogById, ExerciseLogsOfWorkout};
pub(crate) use store::insert_many;

const MAX_EXERCISES: i64 = 100;
const MAX_NOTES: usize = 5000;

/// An exercise within a workout.
#[derive(Debug, Clone)]
pub struct ExerciseLog {
    pub(crate) user_id: UserId,
    pub(crate) id: ExerciseLogId,
    pub(crate) workout_id: WorkoutId,
    pub(crate) exercise_id: ExerciseId,
    pub(crate) position: i32,
    /// When the workout started.
    pub(crate) started_at: DateTime<Utc>,
    pub(crate) notes: Option<String>,
    pub(crate) power_rating: Option<i16>,
    pub(crate) weight_unit: WeightUnit,
    pub(crate) superset_group: Option<i16>,
    pub(crate) progression_reason: Option<Json<Reason>>,
    pub(crate) created_at: DateTime<Utc>,
    pub(crate) updated_at: DateTime<Utc>,
}

/// An exercise that a workout expects, with its sets in order.
#[derive(Debug, Clone)]
pub(crate) struct PlannedExercise {
    pub(crate) exercise: ExerciseId,
    pub(crate) sets: Vec<PlannedSet>,
}

/// Notes on an exercise: at most 5,000 characters; empty ones are none.
#[derive(Debug, Clone)]
pub(crate) struct Notes(Option<String>);

impl Notes {
    pub(crate) fn parse(notes: &str) -> Result<Self, Refusal> {
        let notes = optional_text("notes", notes, MAX_NOTES)?;
        Ok(Self(Some(notes).filter(|notes| !notes.is_empty())))
    }
}

/// How strong a person felt: 0 to 10.
#[derive(Debug, Clone, Copy)]
pub(crate) struct PowerRating(i16);

impl PowerRating {
    pub(crate) fn parse(rating: i32) -> Result<Self, Refusal> {
        match i16::try_from(rating) {
            Ok(rating @ 0..=10) => Ok(Self(rating)),
            _ => Err(Refusal::out_of_range("powerRating", 0, 10)),
        }
    }
}

/// What to change of an exercise log: undefined stays, null goes.
#[derive(Debug, Clone)]
pub(crate) struct ExerciseLogChange {
    pub(crate) notes: MaybeUndefined<Notes>,
    pub(crate) power_rating: MaybeUndefined<PowerRating>,
    pub(crate) weight_unit: Option<WeightUnit>,
}

/// Appends an exercise.
#[tracing::instrument(skip_all, name = "log_exercise", fields(user.id = %workout.user, workout.id = %workout.id))]
pub(crate) async fn add(
    conn: &mut PgConnection,
    workout: &OpenWorkout,
    id: ExerciseLogId,
    exercise: ExerciseId,
    weight_unit: WeightUnit,
    now: DateTime<Utc>,
) -> Result<ExerciseLog, Failure> {
    if !exercise::is_visible(conn, workout.user, exercise).await? {
        return Err(Refusal::NotFound(Thing::Exercise).into());
    }
    let end = room_for(conn, workout, 1).await?;
    Ok(store::insert(conn, workout, id, end + 1, exercise, weight_unit, now).await?)
}

/// Appends exercises with the sets that are expected, in the workout's weight unit. The caller knows that the exercises are the user's to see.
pub(crate) async fn add_planned(
    conn: &mut PgConnection,
    workout: &OpenWorkout,
    exercises: &[PlannedExercise],
    now: DateTime<Utc>,
) -> Result<(), Failure> {
    let end = room_for(conn, workout, exercises.len()).await?;
    let logs: Vec<_> = exercises
        .iter()
        .map(|planned| (ExerciseLogId::new(), planned.exercise))
        .collect();
    store::insert_many(conn, workout, end, &logs, now).await?;
    let sets: Vec<_> = logs
        .iter()
        .zip(exercises)
        .flat_map(|((log, _), planned)| {
            (1..)
                .zip(&planned.sets)
                .map(|(position, set)| (*log, position, *set))
        })
        .collect();
    set_log::expect_many(conn, workout.user, &sets, now).await?;
    Ok(())
}

/// Appends the exercises of a routine, its sets as expected sets: where an exercise progresses, moved on from what was
/// last done, and why.
pub(crate) async fn expect_routine(
    conn: &mut PgConnection,
    workout: &OpenWorkout,
    routine: RoutineId,
    now: DateTime<Utc>,
) -> Result<(), Failure> {
    let expectations = expectation::of_routine(conn, workout, routine).await?;
    let logs: Vec<_> = expectations
        .iter()
        .map(|expected| (ExerciseLogId::new(), expected))
        .collect();
    store::insert_expected(conn, workout, &logs, now).await?;
    let sets: Vec<_> = logs
        .iter()
        .flat_map(|(log, expected)| {
            (1..)
                .zip(&expected.sets)
                .map(|(position, set)| (*log, position, *set))
        })
        .collect();
    Ok(set_log::expect_many(conn, workout.user, &sets, now).await?)
}

/// Removes an exercise with its sets; the others keep their order.
#[tracing::instrument(skip_all, name = "delete_exercise_log", fields(user.id = %workout.user, workout.id = %workout.id))]
pub(crate) async fn remove(
    conn: &mut PgConnection,
    workout: &OpenWorkout,
    id: ExerciseLogId,
) -> Result<(), Failure> {
    let log = find(conn, workout, id).await?;
    record::lock(conn, workout.user, vec![log.exercise_id]).await?;
    store::delete(conn, workout, id).await?;
    Ok(record::refresh(conn, workout.user, log.exercise_id, log.started_at).await?)
}

/// Changes what is given.
#[tracing::instrument(skip_all, name = "update_exercise_log", fields(user.id = %workout.user, workout.id = %workout.id))]
pub(crate) async fn update(
    conn: &mut PgConnection,
    workout: &OpenWorkout,
    id: ExerciseLogId,
    change: ExerciseLogChange,
    now: DateTime<Utc>,
) -> Result<ExerciseLog, Failure> {
    let mut log = find(conn, workout, id).await?;
    match change.notes {
        MaybeUndefined::Undefined => {}
        MaybeUndefined::Null => log.notes = None,
        MaybeUndefined::Value(notes) => log.notes = notes.0,
    }
    match change.power_rating {
        MaybeUndefined::Undefined => {}
        MaybeUndefined::Null => log.power_rating = None,
        MaybeUndefined::Value(rating) => log.power_rating = Some(rating.0),
    }
    log.weight_unit = change.weight_unit.unwrap_or(log.weight_unit);
    Ok(store::update(conn, &log, now).await?)
}

/// An exercise of an open workout.
pub(crate) async fn find(
    conn: &mut PgConnection,
    workout: &OpenWorkout,
    id: ExerciseLogId,
) -> Result<ExerciseLog, Failure> {
    let log = of_user(conn, workout.user, id).await?;
    if log.workout_id == workout.id {
        Ok(log)
    } else {
        Err(Refusal::NotFound(Thing::ExerciseLog).into())
    }
}

/// An exercise of any workout of a user.
pub(crate) async fn of_user(
    conn: &mut PgConnection,
    user: UserId,
    id: ExerciseLogId,
) -> Result<ExerciseLog, Failure> {
    store::by_ids(conn, &[user.0], &[id.0])
        .await?
        .pop()
        .ok_or_else(|| Refusal::NotFound(Thing::ExerciseLog).into())
}

/// The last position taken, once it is known that `more` exercises fit.
async fn room_for(
    conn: &mut PgConnection,
    workout: &OpenWorkout,
    more: usize,
) -> Result<i32, Failure> {
    let end = store::end_of_workout(conn, workout).await?;
    let more = i64::try_from(more).unwrap_or(i64::MAX);
    if end.count.saturating_add(more) > MAX_EXERCISES {
        return Err(Refusal::Full(Full::Exercises { max: MAX_EXERCISES }).into());
    }
    Ok(end.last_position)
}
