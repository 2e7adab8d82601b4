//! The SQL that makes a routine of a workout.

use chrono::{DateTime, Utc};
use sqlx::PgConnection;
use uuid::Uuid;

use crate::ids::{
    ExerciseInstanceId, ExerciseLogId, RoutineId, RoutineSetId, SetLogId, UserId, WorkoutId,
};

/// The exercise logs of a workout in order.
pub(in crate::routine) async fn exercise_logs_to_copy(
    conn: &mut PgConnection,
    user: UserId,
    workout: WorkoutId,
) -> sqlx::Result<Vec<ExerciseLogId>> {
    sqlx::query_scalar!(
        r#"
        SELECT id AS "id: ExerciseLogId" FROM training.exercise_log
         WHERE user_id = $1 AND workout_id = $2 ORDER BY position
        "#,
        user.0,
        workout.0,
    )
    .fetch_all(conn)
    .await
}

pub(in crate::routine) async fn set_logs_to_copy(
    conn: &mut PgConnection,
    user: UserId,
    workout: WorkoutId,
) -> sqlx::Result<Vec<SetLogId>> {
    sqlx::query_scalar!(
        r#"
        SELECT s.id AS "id: SetLogId"
          FROM training.exercise_log l
          JOIN training.set_log s ON s.user_id = l.user_id AND s.exercise_log_id = l.id
         WHERE l.user_id = $1 AND l.workout_id = $2
        "#,
        user.0,
        workout.0,
    )
    .fetch_all(conn)
    .await
}

/// Makes an exercise instance of each exercise log, in the order given.
pub(in crate::routine) async fn copy_exercise_logs(
    conn: &mut PgConnection,
    user: UserId,
    routine: RoutineId,
    instances: &[(ExerciseLogId, ExerciseInstanceId)],
    now: DateTime<Utc>,
) -> sqlx::Result<()> {
    let (logs, ids): (Vec<Uuid>, Vec<Uuid>) =
        instances.iter().map(|(log, id)| (log.0, id.0)).unzip();
    sqlx::query!(
        "
        INSERT INTO training.exercise_instance (user_id, id, routine_id, exercise_id, position, superset_group, created_at, updated_at)
        SELECT l.user_id, new.id, $2, l.exercise_id, new.position, l.superset_group, $5, $5
          FROM unnest($3::uuid[], $4::uuid[]) WITH ORDINALITY AS new (log_id, id, position)
          JOIN training.exercise_log l ON l.user_id = $1 AND l.id = new.log_id
        ",
        user.0,
        routine.0,
        &logs,
        &ids,
        now,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Makes a planned set of each set log, at the same place of the instance that its exercise log became.
pub(in crate::routine) async fn copy_set_logs(
    conn: &mut PgConnection,
    user: UserId,
    instances: &[(ExerciseLogId, ExerciseInstanceId)],
    sets: &[(SetLogId, RoutineSetId)],
    now: DateTime<Utc>,
) -> sqlx::Result<()> {
    let (logs, instances): (Vec<Uuid>, Vec<Uuid>) = instances
        .iter()
        .map(|(log, instance)| (log.0, instance.0))
        .unzip();
    let (set_logs, ids): (Vec<Uuid>, Vec<Uuid>) =
        sets.iter().map(|(set_log, id)| (set_log.0, id.0)).unzip();
    sqlx::query!(
        "
        INSERT INTO training.routine_set
               (user_id, id, exercise_instance_id, position, type, reps, weight_kg, time_seconds, kind, created_at, updated_at)
        SELECT s.user_id, new.id, instance.id, s.position, s.type, s.reps, s.weight_kg, s.time_seconds, s.kind, $6, $6
          FROM unnest($2::uuid[], $3::uuid[]) AS new (set_log_id, id)
          JOIN training.set_log s ON s.user_id = $1 AND s.id = new.set_log_id
          JOIN unnest($4::uuid[], $5::uuid[]) AS instance (log_id, id) ON instance.log_id = s.exercise_log_id
        ",
        user.0,
        &set_logs,
        &ids,
        &logs,
        &instances,
        now,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// The exercise instances of a routine in order, whose exercises are `reader`'s to see.
pub(in crate::routine) async fn instances_to_copy(
    conn: &mut PgConnection,
    owner: UserId,
    routine: RoutineId,
    reader: UserId,
) -> sqlx::Result<Vec<ExerciseInstanceId>> {
    sqlx::query_scalar!(
        r#"
        SELECT i.id AS "id: ExerciseInstanceId"
          FROM training.exercise_instance i
          JOIN training.exercise e ON e.id = i.exercise_id
         WHERE i.user_id = $1 AND i.routine_id = $2 AND (e.user_id IS NULL OR e.user_id = $3)
         ORDER BY i.position
        "#,
        owner.0,
        routine.0,
        reader.0,
    )
    .fetch_all(conn)
    .await
}

/// The sets of exercise instances.
pub(in crate::routine) async fn sets_to_copy(
    conn: &mut PgConnection,
    owner: UserId,
    instances: &[Uuid],
) -> sqlx::Result<Vec<RoutineSetId>> {
    sqlx::query_scalar!(
        r#"
        SELECT id AS "id: RoutineSetId" FROM training.routine_set
         WHERE user_id = $1 AND exercise_instance_id = ANY($2)
        "#,
        owner.0,
        instances,
    )
    .fetch_all(conn)
    .await
}

/// Where a copy comes from and goes to.
#[derive(Debug, Clone, Copy)]
pub(in crate::routine) struct Copying {
    pub(in crate::routine) owner: UserId,
    pub(in crate::routine) to: UserId,
    pub(in crate::routine) routine: RoutineId,
}

/// Copies exercise instances in the order given. A training maximum is the owner's own: it goes along only to the owner.
pub(in crate::routine) async fn copy_instances(
    conn: &mut PgConnection,
    copying: Copying,
    instances: &[(ExerciseInstanceId, ExerciseInstanceId)],
    now: DateTime<Utc>,
) -> sqlx::Result<()> {
    let (old, new): (Vec<Uuid>, Vec<Uuid>) =
        instances.iter().map(|(old, new)| (old.0, new.0)).unzip();
    sqlx::query!(
        "
        INSERT INTO training.exercise_instance
               (user_id, id, routine_id, exercise_id, position, superset_group, notes, training_max_kg, progression,
                progression_since, created_at, updated_at)
        SELECT $2, new.id, $3, i.exercise_id, new.position, i.superset_group, i.notes,
               CASE WHEN i.user_id = $2 THEN i.training_max_kg END, i.progression,
               CASE WHEN i.progression IS NOT NULL THEN $6::timestamptz END, $6, $6
          FROM unnest($4::uuid[], $5::uuid[]) WITH ORDINALITY AS new (old_id, id, position)
          JOIN training.exercise_instance i ON i.user_id = $1 AND i.id = new.old_id
        ",
        copying.owner.0,
        copying.to.0,
        copying.routine.0,
        &old,
        &new,
        now,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Copies planned sets to the same places of the instances that theirs became.
pub(in crate::routine) async fn copy_sets(
    conn: &mut PgConnection,
    copying: Copying,
    instances: &[(ExerciseInstanceId, ExerciseInstanceId)],
    sets: &[(RoutineSetId, RoutineSetId)],
    now: DateTime<Utc>,
) -> sqlx::Result<()> {
    let (old_instances, new_instances): (Vec<Uuid>, Vec<Uuid>) =
        instances.iter().map(|(old, new)| (old.0, new.0)).unzip();
    let (old, new): (Vec<Uuid>, Vec<Uuid>) = sets.iter().map(|(old, new)| (old.0, new.0)).unzip();
    sqlx::query!(
        "
        INSERT INTO training.routine_set
               (user_id, id, exercise_instance_id, position, type, reps, weight_kg, time_seconds, kind, max_reps,
                percent_of_max, rpe, rest_seconds, created_at, updated_at)
        SELECT $2, new.id, instance.id, s.position, s.type, s.reps, s.weight_kg, s.time_seconds, s.kind, s.max_reps,
               s.percent_of_max, s.rpe, s.rest_seconds, $7, $7
          FROM unnest($3::uuid[], $4::uuid[]) AS new (old_id, id)
          JOIN training.routine_set s ON s.user_id = $1 AND s.id = new.old_id
          JOIN unnest($5::uuid[], $6::uuid[]) AS instance (old_id, id) ON instance.old_id = s.exercise_instance_id
        ",
        copying.owner.0,
        copying.to.0,
        &old,
        &new,
        &old_instances,
        &new_instances,
        now,
    )
    .execute(conn)
    .await?;
    Ok(())
}
