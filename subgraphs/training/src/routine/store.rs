//! The SQL of routines.

use chrono::{DateTime, Utc};
use sqlx::PgConnection;
use uuid::Uuid;

use crate::{
    ids::{
        ExerciseId, ExerciseInstanceId, ExerciseLogId, RoutineId, RoutineSetId, SetLogId, UserId,
        WorkoutId,
    },
    routine::{
        ExerciseInstance, InstancePath, Routine, RoutineDescription, RoutineName, RoutineSet,
    },
    set::{PlannedSet, Reps, Seconds, WeightKg},
};

/// How many things a list holds, and the position after the last.
pub(super) struct End {
    pub(super) count: i64,
    pub(super) next_position: i32,
}

pub(super) async fn by_ids(
    conn: &mut PgConnection,
    users: &[Uuid],
    ids: &[Uuid],
) -> sqlx::Result<Vec<Routine>> {
    sqlx::query_as!(
        Routine,
        r#"
        SELECT r.user_id AS "user_id: UserId", r.id AS "id: RoutineId", r.name, r.description,
               (SELECT count(*)::integer FROM training.exercise_instance i
                 WHERE i.user_id = r.user_id AND i.routine_id = r.id) AS "exercise_count!",
               r.created_at, r.updated_at
          FROM unnest($1::uuid[], $2::uuid[]) AS wanted (user_id, id)
          JOIN training.routine r ON r.user_id = wanted.user_id AND r.id = wanted.id
        "#,
        users,
        ids,
    )
    .fetch_all(conn)
    .await
}

/// The routines of a user after a cursor, newest first.
pub(super) async fn page(
    conn: &mut PgConnection,
    user: UserId,
    limit: i64,
    after: Option<(DateTime<Utc>, Uuid)>,
) -> sqlx::Result<Vec<Routine>> {
    let (after_time, after_id) = after.unzip();
    sqlx::query_as!(
        Routine,
        r#"
        SELECT r.user_id AS "user_id: UserId", r.id AS "id: RoutineId", r.name, r.description,
               (SELECT count(*)::integer FROM training.exercise_instance i
                 WHERE i.user_id = r.user_id AND i.routine_id = r.id) AS "exercise_count!",
               r.created_at, r.updated_at
          FROM training.routine r
         WHERE r.user_id = $1
           AND (r.created_at, r.id) < (coalesce($3::timestamptz, 'infinity'), coalesce($4::uuid, 'ffffffff-ffff-ffff-ffff-ffffffffffff'))
         ORDER BY r.created_at DESC, r.id DESC
         LIMIT $2
        "#,
        user.0,
        limit,
        after_time,
        after_id,
    )
    .fetch_all(conn)
    .await
}

pub(super) async fn insert(
    conn: &mut PgConnection,
    user: UserId,
    id: RoutineId,
    name: &RoutineName,
    description: &RoutineDescription,
    now: DateTime<Utc>,
) -> sqlx::Result<Routine> {
    sqlx::query_as!(
        Routine,
        r#"
        INSERT INTO training.routine (user_id, id, name, description, created_at, updated_at)
        VALUES ($1, $2, $3, $4, $5, $5)
        RETURNING user_id AS "user_id: UserId", id AS "id: RoutineId", name, description,
                  0 AS "exercise_count!", created_at, updated_at
        "#,
        user.0,
        id.0,
        name.0,
        description.0,
        now,
    )
    .fetch_one(conn)
    .await
}

pub(super) async fn update(
    conn: &mut PgConnection,
    user: UserId,
    id: RoutineId,
    name: Option<&RoutineName>,
    description: Option<&RoutineDescription>,
    now: DateTime<Utc>,
) -> sqlx::Result<Option<Routine>> {
    sqlx::query_as!(
        Routine,
        r#"
        UPDATE training.routine r
           SET name = coalesce($3, r.name), description = coalesce($4, r.description), updated_at = $5
         WHERE r.user_id = $1 AND r.id = $2
        RETURNING r.user_id AS "user_id: UserId", r.id AS "id: RoutineId", r.name, r.description,
                  (SELECT count(*)::integer FROM training.exercise_instance i
                    WHERE i.user_id = r.user_id AND i.routine_id = r.id) AS "exercise_count!",
                  r.created_at, r.updated_at
        "#,
        user.0,
        id.0,
        name.map(|name| name.0.as_str()),
        description.map(|description| description.0.as_str()),
        now,
    )
    .fetch_optional(conn)
    .await
}

pub(super) async fn delete(
    conn: &mut PgConnection,
    user: UserId,
    id: RoutineId,
) -> sqlx::Result<bool> {
    let deleted = sqlx::query!(
        "DELETE FROM training.routine WHERE user_id = $1 AND id = $2",
        user.0,
        id.0
    )
    .execute(conn)
    .await?;
    Ok(deleted.rows_affected() > 0)
}

/// Takes the row lock of a routine and notes that it changes.
pub(super) async fn touch(
    conn: &mut PgConnection,
    user: UserId,
    id: RoutineId,
    now: DateTime<Utc>,
) -> sqlx::Result<bool> {
    let touched = sqlx::query!(
        "UPDATE training.routine SET updated_at = $3 WHERE user_id = $1 AND id = $2",
        user.0,
        id.0,
        now
    )
    .execute(conn)
    .await?;
    Ok(touched.rows_affected() > 0)
}

pub(super) async fn hold(
    conn: &mut PgConnection,
    user: UserId,
    id: RoutineId,
) -> sqlx::Result<bool> {
    let held = sqlx::query_scalar!(
        r#"SELECT id AS "id: RoutineId" FROM training.routine WHERE user_id = $1 AND id = $2 FOR SHARE"#,
        user.0,
        id.0,
    )
    .fetch_optional(conn)
    .await?;
    Ok(held.is_some())
}

pub(super) async fn instances_by_ids(
    conn: &mut PgConnection,
    users: &[Uuid],
    ids: &[Uuid],
) -> sqlx::Result<Vec<ExerciseInstance>> {
    sqlx::query_as!(
        ExerciseInstance,
        r#"
        SELECT i.user_id AS "user_id: UserId", i.id AS "id: ExerciseInstanceId",
               i.routine_id AS "routine_id: RoutineId", i.exercise_id AS "exercise_id: ExerciseId",
               i.position, i.created_at, i.updated_at
          FROM unnest($1::uuid[], $2::uuid[]) AS wanted (user_id, id)
          JOIN training.exercise_instance i ON i.user_id = wanted.user_id AND i.id = wanted.id
        "#,
        users,
        ids,
    )
    .fetch_all(conn)
    .await
}

pub(super) async fn instances_of_routines(
    conn: &mut PgConnection,
    users: &[Uuid],
    routines: &[Uuid],
) -> sqlx::Result<Vec<ExerciseInstance>> {
    sqlx::query_as!(
        ExerciseInstance,
        r#"
        SELECT i.user_id AS "user_id: UserId", i.id AS "id: ExerciseInstanceId",
               i.routine_id AS "routine_id: RoutineId", i.exercise_id AS "exercise_id: ExerciseId",
               i.position, i.created_at, i.updated_at
          FROM unnest($1::uuid[], $2::uuid[]) AS wanted (user_id, routine_id)
          JOIN training.exercise_instance i ON i.user_id = wanted.user_id AND i.routine_id = wanted.routine_id
         ORDER BY i.user_id, i.routine_id, i.position
        "#,
        users,
        routines,
    )
    .fetch_all(conn)
    .await
}

pub(super) async fn instance_ids(
    conn: &mut PgConnection,
    user: UserId,
    routine: RoutineId,
) -> sqlx::Result<Vec<ExerciseInstanceId>> {
    sqlx::query_scalar!(
        r#"
        SELECT id AS "id: ExerciseInstanceId" FROM training.exercise_instance
         WHERE user_id = $1 AND routine_id = $2
        "#,
        user.0,
        routine.0,
    )
    .fetch_all(conn)
    .await
}

pub(super) async fn end_of_routine(
    conn: &mut PgConnection,
    user: UserId,
    routine: RoutineId,
) -> sqlx::Result<End> {
    sqlx::query_as!(
        End,
        r#"
        SELECT count(*) AS "count!", coalesce(max(position), 0) + 1 AS "next_position!"
          FROM training.exercise_instance WHERE user_id = $1 AND routine_id = $2
        "#,
        user.0,
        routine.0,
    )
    .fetch_one(conn)
    .await
}

pub(super) async fn insert_instance(
    conn: &mut PgConnection,
    user: UserId,
    id: ExerciseInstanceId,
    routine: RoutineId,
    exercise: ExerciseId,
    position: i32,
    now: DateTime<Utc>,
) -> sqlx::Result<ExerciseInstance> {
    sqlx::query_as!(
        ExerciseInstance,
        r#"
        INSERT INTO training.exercise_instance (user_id, id, routine_id, exercise_id, position, created_at, updated_at)
        VALUES ($1, $2, $3, $4, $5, $6, $6)
        RETURNING user_id AS "user_id: UserId", id AS "id: ExerciseInstanceId",
                  routine_id AS "routine_id: RoutineId", exercise_id AS "exercise_id: ExerciseId",
                  position, created_at, updated_at
        "#,
        user.0,
        id.0,
        routine.0,
        exercise.0,
        position,
        now,
    )
    .fetch_one(conn)
    .await
}

pub(super) async fn delete_instance(
    conn: &mut PgConnection,
    user: UserId,
    routine: RoutineId,
    id: ExerciseInstanceId,
) -> sqlx::Result<bool> {
    let deleted = sqlx::query!(
        "DELETE FROM training.exercise_instance WHERE user_id = $1 AND routine_id = $2 AND id = $3",
        user.0,
        routine.0,
        id.0,
    )
    .execute(conn)
    .await?;
    Ok(deleted.rows_affected() > 0)
}

pub(super) async fn set_positions(
    conn: &mut PgConnection,
    user: UserId,
    routine: RoutineId,
    order: &[ExerciseInstanceId],
    now: DateTime<Utc>,
) -> sqlx::Result<()> {
    let order: Vec<Uuid> = order.iter().map(|id| id.0).collect();
    sqlx::query!(
        "
        UPDATE training.exercise_instance i
           SET position = wanted.position, updated_at = $4
          FROM unnest($3::uuid[]) WITH ORDINALITY AS wanted (id, position)
         WHERE i.user_id = $1 AND i.routine_id = $2 AND i.id = wanted.id
        ",
        user.0,
        routine.0,
        &order,
        now,
    )
    .execute(conn)
    .await?;
    Ok(())
}

pub(super) async fn touch_instance(
    conn: &mut PgConnection,
    path: InstancePath,
    now: DateTime<Utc>,
) -> sqlx::Result<Option<ExerciseInstance>> {
    sqlx::query_as!(
        ExerciseInstance,
        r#"
        UPDATE training.exercise_instance SET updated_at = $4
         WHERE user_id = $1 AND routine_id = $2 AND id = $3
        RETURNING user_id AS "user_id: UserId", id AS "id: ExerciseInstanceId",
                  routine_id AS "routine_id: RoutineId", exercise_id AS "exercise_id: ExerciseId",
                  position, created_at, updated_at
        "#,
        path.user.0,
        path.routine.0,
        path.instance.0,
        now,
    )
    .fetch_optional(conn)
    .await
}

pub(super) async fn sets_of_instances(
    conn: &mut PgConnection,
    users: &[Uuid],
    instances: &[Uuid],
) -> sqlx::Result<Vec<RoutineSet>> {
    sqlx::query_as!(
        RoutineSet,
        r#"
        SELECT s.user_id AS "user_id: UserId", s.id AS "id: RoutineSetId",
               s.exercise_instance_id AS "exercise_instance_id: ExerciseInstanceId", s.position,
               s.type AS "set_type: _", s.reps, s.weight_kg::float8 AS weight_kg,
               s.time_seconds::float8 AS time_seconds, s.created_at, s.updated_at
          FROM unnest($1::uuid[], $2::uuid[]) AS wanted (user_id, exercise_instance_id)
          JOIN training.routine_set s
            ON s.user_id = wanted.user_id AND s.exercise_instance_id = wanted.exercise_instance_id
         ORDER BY s.user_id, s.exercise_instance_id, s.position
        "#,
        users,
        instances,
    )
    .fetch_all(conn)
    .await
}

pub(super) async fn end_of_instance(
    conn: &mut PgConnection,
    user: UserId,
    instance: ExerciseInstanceId,
) -> sqlx::Result<End> {
    sqlx::query_as!(
        End,
        r#"
        SELECT count(*) AS "count!", coalesce(max(position), 0) + 1 AS "next_position!"
          FROM training.routine_set WHERE user_id = $1 AND exercise_instance_id = $2
        "#,
        user.0,
        instance.0,
    )
    .fetch_one(conn)
    .await
}

pub(super) async fn insert_set(
    conn: &mut PgConnection,
    path: InstancePath,
    id: RoutineSetId,
    position: i32,
    set: PlannedSet,
    now: DateTime<Utc>,
) -> sqlx::Result<RoutineSet> {
    sqlx::query_as!(
        RoutineSet,
        r#"
        INSERT INTO training.routine_set
               (user_id, id, exercise_instance_id, position, type, reps, weight_kg, time_seconds, created_at, updated_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7::float8::numeric, $8::float8::numeric, $9, $9)
        RETURNING user_id AS "user_id: UserId", id AS "id: RoutineSetId",
                  exercise_instance_id AS "exercise_instance_id: ExerciseInstanceId", position,
                  type AS "set_type: _", reps, weight_kg::float8 AS weight_kg,
                  time_seconds::float8 AS time_seconds, created_at, updated_at
        "#,
        path.user.0,
        id.0,
        path.instance.0,
        position,
        set.set_type.as_str(),
        set.reps.map(Reps::get),
        set.weight.map(WeightKg::get),
        set.time.map(Seconds::get),
        now,
    )
    .fetch_one(conn)
    .await
}

pub(super) async fn update_set(
    conn: &mut PgConnection,
    path: InstancePath,
    id: RoutineSetId,
    set: PlannedSet,
    now: DateTime<Utc>,
) -> sqlx::Result<Option<RoutineSet>> {
    sqlx::query_as!(
        RoutineSet,
        r#"
        UPDATE training.routine_set
           SET type = $4, reps = $5, weight_kg = $6::float8::numeric, time_seconds = $7::float8::numeric, updated_at = $8
         WHERE user_id = $1 AND exercise_instance_id = $2 AND id = $3
        RETURNING user_id AS "user_id: UserId", id AS "id: RoutineSetId",
                  exercise_instance_id AS "exercise_instance_id: ExerciseInstanceId", position,
                  type AS "set_type: _", reps, weight_kg::float8 AS weight_kg,
                  time_seconds::float8 AS time_seconds, created_at, updated_at
        "#,
        path.user.0,
        path.instance.0,
        id.0,
        set.set_type.as_str(),
        set.reps.map(Reps::get),
        set.weight.map(WeightKg::get),
        set.time.map(Seconds::get),
        now,
    )
    .fetch_optional(conn)
    .await
}

pub(super) async fn delete_set(
    conn: &mut PgConnection,
    path: InstancePath,
    id: RoutineSetId,
) -> sqlx::Result<bool> {
    let deleted = sqlx::query!(
        "DELETE FROM training.routine_set WHERE user_id = $1 AND exercise_instance_id = $2 AND id = $3",
        path.user.0,
        path.instance.0,
        id.0,
    )
    .execute(conn)
    .await?;
    Ok(deleted.rows_affected() > 0)
}

/// The exercise logs of a workout in order.
pub(super) async fn exercise_logs_to_copy(
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

pub(super) async fn set_logs_to_copy(
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
pub(super) async fn copy_exercise_logs(
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
pub(super) async fn copy_set_logs(
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
