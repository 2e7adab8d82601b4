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
        INSERT INTO training.exercise_instance (user_id, id, routine_id, exercise_id, position, created_at, updated_at)
        SELECT l.user_id, new.id, $2, l.exercise_id, new.position, $5, $5
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
               (user_id, id, exercise_instance_id, position, type, reps, weight_kg, time_seconds, created_at, updated_at)
        SELECT s.user_id, new.id, instance.id, s.position, s.type, s.reps, s.weight_kg, s.time_seconds, $6, $6
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
