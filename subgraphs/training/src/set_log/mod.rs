//! Set logs: the sets done, and beside them the sets expected.

mod graphql;
mod loader;
mod store;
#[cfg(test)]
mod tests;

use async_graphql::MaybeUndefined;
use chrono::{DateTime, TimeDelta, Utc};
use setwise_graphql::WeightUnit;
use sqlx::PgConnection;

use crate::{
    exercise_log,
    ids::{ExerciseLogId, ExpectedSetId, SetLogId, UserId},
    record,
    refusal::{Failure, Full, Refusal, Thing},
    set::{PerformedSet, SetEntry, SetKind, SetType},
    workout::OpenWorkout,
};

pub(crate) use graphql::SetLogMutation;
pub(crate) use loader::{
    ExpectedSetsOfExerciseLog, PreviousSetLogs, SetLogById, SetLogsOfExerciseLog,
};
pub(crate) use store::{expect_many, insert_many};

const MAX_SETS: i64 = 200;
/// How far the clock of a phone may be ahead of ours.
const CLOCKS_DIFFER: TimeDelta = TimeDelta::minutes(5);

/// A set as it was done.
#[derive(Debug, Clone)]
pub struct SetLog {
    pub(crate) user_id: UserId,
    pub(crate) id: SetLogId,
    pub(crate) exercise_log_id: ExerciseLogId,
    pub(crate) position: i32,
    pub(crate) set_type: SetType,
    pub(crate) reps: Option<i32>,
    /// As entered, in `weight_unit`.
    pub(crate) weight: Option<f64>,
    pub(crate) weight_unit: Option<WeightUnit>,
    pub(crate) weight_kg: Option<f64>,
    /// The unit of the exercise log.
    pub(crate) shown_unit: WeightUnit,
    pub(crate) time_seconds: Option<f64>,
    pub(crate) distance_meters: Option<f64>,
    pub(crate) kind: SetKind,
    pub(crate) rpe: Option<f64>,
    pub(crate) performed_at: DateTime<Utc>,
    pub(crate) created_at: DateTime<Utc>,
    pub(crate) updated_at: DateTime<Utc>,
}

/// A set that the routine or the planner asked for.
#[derive(Debug, Clone)]
pub struct ExpectedSet {
    pub(crate) user_id: UserId,
    pub(crate) id: ExpectedSetId,
    pub(crate) exercise_log_id: ExerciseLogId,
    pub(crate) position: i32,
    pub(crate) set_type: SetType,
    pub(crate) reps: Option<i32>,
    pub(crate) weight_kg: Option<f64>,
    /// The unit of the exercise log.
    pub(crate) shown_unit: WeightUnit,
    pub(crate) time_seconds: Option<f64>,
    pub(crate) kind: SetKind,
    pub(crate) max_reps: Option<i32>,
    pub(crate) percent_of_max: Option<f64>,
    pub(crate) rpe: Option<f64>,
    pub(crate) rest_seconds: Option<i32>,
    pub(crate) created_at: DateTime<Utc>,
    pub(crate) updated_at: DateTime<Utc>,
}

/// The numbers of a new set; the weight is in the exercise log's unit unless it says otherwise.
#[derive(Debug, Clone, Copy)]
pub(crate) struct NewSetLog {
    pub(crate) set_type: Option<SetType>,
    pub(crate) reps: Option<i32>,
    pub(crate) weight: Option<f64>,
    pub(crate) weight_unit: Option<WeightUnit>,
    pub(crate) time_seconds: Option<f64>,
    pub(crate) distance_meters: Option<f64>,
    pub(crate) kind: Option<SetKind>,
    pub(crate) rpe: Option<f64>,
    pub(crate) performed_at: Option<DateTime<Utc>>,
}

/// What to change of a set: undefined stays, null goes.
#[derive(Debug, Clone)]
pub(crate) struct SetLogChange {
    pub(crate) set_type: Option<SetType>,
    pub(crate) reps: MaybeUndefined<i32>,
    pub(crate) weight: MaybeUndefined<f64>,
    pub(crate) weight_unit: Option<WeightUnit>,
    pub(crate) time_seconds: MaybeUndefined<f64>,
    pub(crate) distance_meters: MaybeUndefined<f64>,
    pub(crate) kind: Option<SetKind>,
    pub(crate) rpe: MaybeUndefined<f64>,
}

/// Appends a set.
#[tracing::instrument(skip_all, name = "log_set", fields(user.id = %workout.user, workout.id = %workout.id))]
pub(crate) async fn log(
    conn: &mut PgConnection,
    workout: &OpenWorkout,
    exercise_log: ExerciseLogId,
    id: SetLogId,
    new: NewSetLog,
    now: DateTime<Utc>,
) -> Result<SetLog, Failure> {
    let log = exercise_log::find(conn, workout, exercise_log).await?;
    let set = PerformedSet::parse(SetEntry {
        set_type: new.set_type,
        reps: new.reps,
        weight: new.weight,
        weight_unit: new.weight_unit.unwrap_or(log.weight_unit),
        time_seconds: new.time_seconds,
        distance_meters: new.distance_meters,
        kind: new.kind.unwrap_or_default(),
        rpe: new.rpe,
    })?;
    let performed_at = new.performed_at.unwrap_or(now);
    if performed_at < workout.started_at || performed_at > now + CLOCKS_DIFFER {
        return Err(Refusal::NotDuringTheWorkout.into());
    }
    let end = store::end_of_exercise_log(conn, &log).await?;
    if end.count >= MAX_SETS {
        return Err(Refusal::Full(Full::Sets { max: MAX_SETS }).into());
    }
    let new = store::New {
        id,
        position: end.last_position + 1,
        performed_at,
    };
    let set = store::insert(conn, &log, new, set, now).await?;
    record::refresh(conn, workout.user, log.exercise_id, log.started_at).await?;
    Ok(set)
}

/// A set of one's own.
pub(crate) async fn find(
    conn: &mut PgConnection,
    user: UserId,
    id: SetLogId,
) -> Result<SetLog, Failure> {
    store::by_ids(conn, &[user.0], &[id.0])
        .await?
        .pop()
        .ok_or_else(|| Refusal::NotFound(Thing::SetLog).into())
}

/// Changes what is given.
#[tracing::instrument(skip_all, name = "update_set_log", fields(user.id = %workout.user, workout.id = %workout.id))]
pub(crate) async fn update(
    conn: &mut PgConnection,
    workout: &OpenWorkout,
    exercise_log: ExerciseLogId,
    id: SetLogId,
    change: SetLogChange,
    now: DateTime<Utc>,
) -> Result<SetLog, Failure> {
    let log = exercise_log::find(conn, workout, exercise_log).await?;
    let old = store::by_id(conn, &log, id)
        .await?
        .ok_or(Refusal::NotFound(Thing::SetLog))?;
    let kept_unit = match change.weight {
        MaybeUndefined::Value(_) => None,
        MaybeUndefined::Undefined | MaybeUndefined::Null => old.weight_unit,
    };
    let set = PerformedSet::parse(SetEntry {
        set_type: Some(change.set_type.unwrap_or(old.set_type)),
        reps: changed(change.reps, old.reps),
        weight: changed(change.weight, old.weight),
        weight_unit: change.weight_unit.or(kept_unit).unwrap_or(log.weight_unit),
        time_seconds: changed(change.time_seconds, old.time_seconds),
        distance_meters: changed(change.distance_meters, old.distance_meters),
        kind: change.kind.unwrap_or(old.kind),
        rpe: changed(change.rpe, old.rpe),
    })?;
    let set = store::update(conn, &log, id, set, now).await?;
    record::refresh(conn, workout.user, log.exercise_id, log.started_at).await?;
    Ok(set)
}

/// Removes a set; the others keep their order.
#[tracing::instrument(skip_all, name = "delete_set_log", fields(user.id = %workout.user, workout.id = %workout.id))]
pub(crate) async fn remove(
    conn: &mut PgConnection,
    workout: &OpenWorkout,
    exercise_log: ExerciseLogId,
    id: SetLogId,
) -> Result<exercise_log::ExerciseLog, Failure> {
    let log = exercise_log::find(conn, workout, exercise_log).await?;
    record::lock(conn, workout.user, vec![log.exercise_id]).await?;
    if store::delete(conn, &log, id).await? {
        record::refresh(conn, workout.user, log.exercise_id, log.started_at).await?;
        Ok(log)
    } else {
        Err(Refusal::NotFound(Thing::SetLog).into())
    }
}

fn changed<T>(change: MaybeUndefined<T>, old: Option<T>) -> Option<T> {
    match change {
        MaybeUndefined::Undefined => old,
        MaybeUndefined::Null => None,
        MaybeUndefined::Value(new) => Some(new),
    }
}
