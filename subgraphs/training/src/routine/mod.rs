//! Routines: exercise instances in order, each with its planned sets.
//!
//! Every change takes the row lock of the routine first, so that changes of one routine happen one after the other.

mod graphql;
mod loader;
mod plan;
mod sharing;
mod store;
#[cfg(test)]
mod tests;

use async_graphql::MaybeUndefined;
use chrono::{DateTime, Utc};
use sqlx::{PgConnection, types::Json};

use crate::{
    exercise,
    ids::{ExerciseId, ExerciseInstanceId, RoutineId, RoutineSetId, UserId, WorkoutId},
    loading::group,
    progression::Progression,
    refusal::{Failure, Full, Refusal, Thing, optional_text, required_text},
    set::{
        Percent, PlanDetails, PlanDetailsChange, PlannedSet, Reps, RestSeconds, Rpe, SetKind,
        SetType, WeightKg,
    },
    workout,
};

pub use sharing::RoutineShare;

pub(crate) use graphql::{
    RoutineCopyMutation, RoutineMutation, RoutinePlanMutation, RoutineQuery, RoutineSetMutation,
    routines_of,
};
pub(crate) use loader::{
    ExerciseInstanceById, ExerciseInstancesOfRoutine, RoutineById, RoutinePages,
    SetsOfExerciseInstance, ShareOfRoutine,
};
pub(crate) use plan::{InstanceChange, InstanceNotes, SupersetGroup, TrainingMax, update_instance};
pub(crate) use sharing::{copy_shared, duplicate, share, unshare};

const MAX_EXERCISES: i64 = 100;
const MAX_SETS: i64 = 100;
const MAX_NAME: usize = 200;
const MAX_DESCRIPTION: usize = 5000;

/// A plan that a person trains by.
#[derive(Debug, Clone)]
pub struct Routine {
    pub(crate) user_id: UserId,
    pub(crate) id: RoutineId,
    pub(crate) name: String,
    pub(crate) description: String,
    pub(crate) exercise_count: i32,
    pub(crate) archived_at: Option<DateTime<Utc>>,
    pub(crate) created_at: DateTime<Utc>,
    pub(crate) updated_at: DateTime<Utc>,
}

/// An exercise at its place in a routine.
#[derive(Debug, Clone)]
pub struct ExerciseInstance {
    pub(crate) user_id: UserId,
    pub(crate) id: ExerciseInstanceId,
    pub(crate) routine_id: RoutineId,
    pub(crate) exercise_id: ExerciseId,
    pub(crate) position: i32,
    pub(crate) superset_group: Option<i16>,
    pub(crate) notes: Option<String>,
    pub(crate) training_max_kg: Option<f64>,
    pub(crate) progression: Option<Json<Progression>>,
    pub(crate) progression_since: Option<DateTime<Utc>>,
    pub(crate) created_at: DateTime<Utc>,
    pub(crate) updated_at: DateTime<Utc>,
}

/// A planned set of an exercise instance.
#[derive(Debug, Clone)]
pub struct RoutineSet {
    pub(crate) user_id: UserId,
    pub(crate) id: RoutineSetId,
    pub(crate) exercise_instance_id: ExerciseInstanceId,
    pub(crate) position: i32,
    pub(crate) set_type: SetType,
    pub(crate) reps: Option<i32>,
    pub(crate) weight_kg: Option<f64>,
    pub(crate) time_seconds: Option<f64>,
    pub(crate) kind: SetKind,
    pub(crate) max_reps: Option<i32>,
    pub(crate) percent_of_max: Option<f64>,
    pub(crate) rpe: Option<f64>,
    pub(crate) rest_seconds: Option<i32>,
    pub(crate) created_at: DateTime<Utc>,
    pub(crate) updated_at: DateTime<Utc>,
}

impl RoutineSet {
    /// What the set says beyond its numbers.
    pub(crate) fn details(&self) -> Result<PlanDetails, Refusal> {
        let percent = |percent| Percent::parse("percentOfMax", percent);
        Ok(PlanDetails {
            kind: self.kind,
            max_reps: self.max_reps.map(Reps::parse_max).transpose()?,
            percent_of_max: self.percent_of_max.map(percent).transpose()?,
            rpe: self.rpe.map(Rpe::parse).transpose()?,
            rest: self.rest_seconds.map(RestSeconds::parse).transpose()?,
        })
    }

    /// The set as it is planned. Its weight may come from a set that was logged when more could be.
    pub(crate) fn planned(&self) -> Result<PlannedSet, Refusal> {
        Ok(PlannedSet {
            weight: self.weight_kg.map(WeightKg::capped),
            details: self.details()?,
            ..PlannedSet::parse(self.set_type, self.reps, None, self.time_seconds)?
        })
    }
}

/// The name of a routine: 1 to 200 characters.
#[derive(Debug, Clone)]
pub(crate) struct RoutineName(String);

impl RoutineName {
    pub(crate) fn parse(name: &str) -> Result<Self, Refusal> {
        required_text("name", name, MAX_NAME).map(Self)
    }
}

/// The description of a routine: at most 5,000 characters.
#[derive(Debug, Clone, Default)]
pub(crate) struct RoutineDescription(String);

impl RoutineDescription {
    pub(crate) fn parse(description: &str) -> Result<Self, Refusal> {
        optional_text("description", description, MAX_DESCRIPTION).map(Self)
    }
}

/// Creates an empty routine.
#[tracing::instrument(skip_all, name = "create_routine", fields(user.id = %user))]
pub(crate) async fn create(
    conn: &mut PgConnection,
    user: UserId,
    id: RoutineId,
    name: &RoutineName,
    description: &RoutineDescription,
    now: DateTime<Utc>,
) -> Result<Routine, Failure> {
    Ok(store::insert(conn, user, id, name, description, now).await?)
}

/// Creates a routine with the exercises and the performed sets of a workout.
#[tracing::instrument(skip_all, name = "create_routine_from_workout", fields(user.id = %user, workout.id = %workout))]
pub(crate) async fn create_from_workout(
    conn: &mut PgConnection,
    user: UserId,
    id: RoutineId,
    name: &RoutineName,
    description: &RoutineDescription,
    workout: WorkoutId,
    now: DateTime<Utc>,
) -> Result<Routine, Failure> {
    if !workout::hold(conn, user, workout).await? {
        return Err(Refusal::NotFound(Thing::Workout).into());
    }
    let routine = store::insert(conn, user, id, name, description, now).await?;
    let logs = store::exercise_logs_to_copy(conn, user, workout).await?;
    let instances: Vec<_> = logs
        .iter()
        .map(|&log| (log, ExerciseInstanceId::new()))
        .collect();
    store::copy_exercise_logs(conn, user, routine.id, &instances, now).await?;
    let sets: Vec<_> = store::set_logs_to_copy(conn, user, workout)
        .await?
        .into_iter()
        .map(|set| (set, RoutineSetId::new()))
        .collect();
    store::copy_set_logs(conn, user, &instances, &sets, now).await?;
    Ok(Routine {
        exercise_count: i32::try_from(instances.len()).unwrap_or(i32::MAX),
        ..routine
    })
}

/// Changes what is given.
#[tracing::instrument(skip_all, name = "update_routine", fields(user.id = %user, routine.id = %routine))]
pub(crate) async fn update(
    conn: &mut PgConnection,
    user: UserId,
    routine: RoutineId,
    name: Option<&RoutineName>,
    description: Option<&RoutineDescription>,
    now: DateTime<Utc>,
) -> Result<Routine, Failure> {
    store::update(conn, user, routine, name, description, now)
        .await?
        .ok_or_else(|| Refusal::NotFound(Thing::Routine).into())
}

/// Puts a routine away, or takes it out again: an archived routine is not listed unless asked for.
#[tracing::instrument(skip_all, name = "archive_routine", fields(user.id = %user, routine.id = %routine))]
pub(crate) async fn archive(
    conn: &mut PgConnection,
    user: UserId,
    routine: RoutineId,
    archived: bool,
    now: DateTime<Utc>,
) -> Result<Routine, Failure> {
    store::set_archived(conn, user, routine, archived.then_some(now), now)
        .await?
        .ok_or_else(|| Refusal::NotFound(Thing::Routine).into())
}

/// Deletes a routine; the workouts that came from it stay.
#[tracing::instrument(skip_all, name = "delete_routine", fields(user.id = %user, routine.id = %routine))]
pub(crate) async fn delete(
    conn: &mut PgConnection,
    user: UserId,
    routine: RoutineId,
) -> Result<(), Failure> {
    if store::delete(conn, user, routine).await? {
        Ok(())
    } else {
        Err(Refusal::NotFound(Thing::Routine).into())
    }
}

/// Appends an exercise.
#[tracing::instrument(skip_all, name = "add_exercise_to_routine", fields(user.id = %user, routine.id = %routine))]
pub(crate) async fn add_exercise(
    conn: &mut PgConnection,
    user: UserId,
    routine: RoutineId,
    id: ExerciseInstanceId,
    exercise: ExerciseId,
    now: DateTime<Utc>,
) -> Result<ExerciseInstance, Failure> {
    lock(conn, user, routine, now).await?;
    if !exercise::is_visible(conn, user, exercise).await? {
        return Err(Refusal::NotFound(Thing::Exercise).into());
    }
    let end = store::end_of_routine(conn, user, routine).await?;
    if end.count >= MAX_EXERCISES {
        return Err(Refusal::Full(Full::Exercises { max: MAX_EXERCISES }).into());
    }
    Ok(store::insert_instance(conn, user, id, routine, exercise, end.next_position, now).await?)
}

/// Removes an exercise with its sets; the others keep their order.
#[tracing::instrument(skip_all, name = "remove_exercise_from_routine", fields(user.id = %user, routine.id = %routine))]
pub(crate) async fn remove_exercise(
    conn: &mut PgConnection,
    user: UserId,
    routine: RoutineId,
    instance: ExerciseInstanceId,
    now: DateTime<Utc>,
) -> Result<Routine, Failure> {
    lock(conn, user, routine, now).await?;
    if !store::delete_instance(conn, user, routine, instance).await? {
        return Err(Refusal::NotFound(Thing::ExerciseInstance).into());
    }
    find(conn, user, routine).await
}

/// Puts the exercises into a new order, which names each of them once.
#[tracing::instrument(skip_all, name = "reorder_routine", fields(user.id = %user, routine.id = %routine))]
pub(crate) async fn reorder(
    conn: &mut PgConnection,
    user: UserId,
    routine: RoutineId,
    order: &[ExerciseInstanceId],
    now: DateTime<Utc>,
) -> Result<Routine, Failure> {
    lock(conn, user, routine, now).await?;
    let mut present = store::instance_ids(conn, user, routine).await?;
    let mut named = order.to_vec();
    present.sort_unstable_by_key(|id| id.0);
    named.sort_unstable_by_key(|id| id.0);
    if present != named {
        return Err(Refusal::NotAPermutation.into());
    }
    store::set_positions(conn, user, routine, order, now).await?;
    find(conn, user, routine).await
}

/// Where a set of a routine lies.
#[derive(Debug, Clone, Copy)]
pub(crate) struct InstancePath {
    pub(crate) user: UserId,
    pub(crate) routine: RoutineId,
    pub(crate) instance: ExerciseInstanceId,
}

/// Appends a set.
#[tracing::instrument(skip_all, name = "add_routine_set", fields(user.id = %path.user, routine.id = %path.routine))]
pub(crate) async fn add_set(
    conn: &mut PgConnection,
    path: InstancePath,
    id: RoutineSetId,
    set: PlannedSet,
    now: DateTime<Utc>,
) -> Result<RoutineSet, Failure> {
    lock_instance(conn, path, now).await?;
    let end = store::end_of_instance(conn, path.user, path.instance).await?;
    if end.count >= MAX_SETS {
        return Err(Refusal::Full(Full::Sets { max: MAX_SETS }).into());
    }
    Ok(store::insert_set(conn, path, id, end.next_position, set, now).await?)
}

/// Replaces what a set asks for. Other repetitions without the end of a range are no range.
#[tracing::instrument(skip_all, name = "update_routine_set", fields(user.id = %path.user, routine.id = %path.routine))]
pub(crate) async fn update_set(
    conn: &mut PgConnection,
    path: InstancePath,
    id: RoutineSetId,
    set: PlannedSet,
    mut details: PlanDetailsChange,
    now: DateTime<Utc>,
) -> Result<RoutineSet, Failure> {
    lock_instance(conn, path, now).await?;
    let old = find_set(conn, path.user, path.instance, id).await?;
    if details.max_reps.is_undefined() && set.reps.map(Reps::get) != old.reps {
        // who knows of no range sees one number, and means it
        details.max_reps = MaybeUndefined::Null;
    }
    let set = PlannedSet {
        details: details.applied_to(old.details()?, set.reps)?,
        ..set
    };
    store::update_set(conn, path, id, set, now)
        .await?
        .ok_or_else(|| Refusal::NotFound(Thing::RoutineSet).into())
}

/// Removes a set; the others keep their order.
#[tracing::instrument(skip_all, name = "remove_routine_set", fields(user.id = %path.user, routine.id = %path.routine))]
pub(crate) async fn remove_set(
    conn: &mut PgConnection,
    path: InstancePath,
    set: RoutineSetId,
    now: DateTime<Utc>,
) -> Result<ExerciseInstance, Failure> {
    let instance = lock_instance(conn, path, now).await?;
    if store::delete_set(conn, path, set).await? {
        Ok(instance)
    } else {
        Err(Refusal::NotFound(Thing::RoutineSet).into())
    }
}

/// Keeps a routine as it is until the transaction ends; false when there is none.
pub(crate) async fn hold(
    conn: &mut PgConnection,
    user: UserId,
    routine: RoutineId,
) -> sqlx::Result<bool> {
    store::hold(conn, user, routine).await
}

async fn lock(
    conn: &mut PgConnection,
    user: UserId,
    routine: RoutineId,
    now: DateTime<Utc>,
) -> Result<(), Failure> {
    if store::touch(conn, user, routine, now).await? {
        Ok(())
    } else {
        Err(Refusal::NotFound(Thing::Routine).into())
    }
}

async fn lock_instance(
    conn: &mut PgConnection,
    path: InstancePath,
    now: DateTime<Utc>,
) -> Result<ExerciseInstance, Failure> {
    lock(conn, path.user, path.routine, now).await?;
    store::touch_instance(conn, path, now)
        .await?
        .ok_or_else(|| Refusal::NotFound(Thing::ExerciseInstance).into())
}

pub(crate) async fn find(
    conn: &mut PgConnection,
    user: UserId,
    routine: RoutineId,
) -> Result<Routine, Failure> {
    store::by_ids(conn, &[user.0], &[routine.0])
        .await?
        .pop()
        .ok_or_else(|| Refusal::NotFound(Thing::Routine).into())
}

/// An exercise of any routine of a user.
pub(crate) async fn find_instance(
    conn: &mut PgConnection,
    user: UserId,
    id: ExerciseInstanceId,
) -> Result<ExerciseInstance, Failure> {
    store::instances_by_ids(conn, &[user.0], &[id.0])
        .await?
        .pop()
        .ok_or_else(|| Refusal::NotFound(Thing::ExerciseInstance).into())
}

/// A set of an exercise of a routine.
pub(crate) async fn find_set(
    conn: &mut PgConnection,
    user: UserId,
    instance: ExerciseInstanceId,
    id: RoutineSetId,
) -> Result<RoutineSet, Failure> {
    let sets = store::sets_of_instances(conn, &[user.0], &[instance.0]).await?;
    sets.into_iter()
        .find(|set| set.id == id)
        .ok_or_else(|| Refusal::NotFound(Thing::RoutineSet).into())
}

/// The exercises of a routine in order, each with its sets in order.
pub(crate) async fn exercises(
    conn: &mut PgConnection,
    user: UserId,
    routine: RoutineId,
) -> sqlx::Result<Vec<(ExerciseInstance, Vec<RoutineSet>)>> {
    let instances = store::instances_of_routines(conn, &[user.0], &[routine.0]).await?;
    let ids: Vec<_> = instances.iter().map(|instance| instance.id.0).collect();
    let users = vec![user.0; ids.len()];
    let sets = store::sets_of_instances(conn, &users, &ids).await?;
    let mut sets = group(sets, |set| set.exercise_instance_id);
    let exercises = instances.into_iter().map(|instance| {
        let sets = sets.remove(&instance.id).unwrap_or_default();
        (instance, sets)
    });
    Ok(exercises.collect())
}
