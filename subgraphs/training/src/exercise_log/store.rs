//! The SQL of exercise logs.

use chrono::{DateTime, Utc};
use setwise_graphql::WeightUnit;
use sqlx::PgConnection;
use uuid::Uuid;

use crate::{
    exercise_log::ExerciseLog,
    ids::{
        ExerciseId, ExerciseInstanceId, ExerciseLogId, ExpectedSetId, RoutineId, RoutineSetId,
        UserId, WorkoutId,
    },
    workout::OpenWorkout,
};

/// How many exercises a workout holds, and the position of the last.
pub(super) struct End {
    pub(super) count: i64,
    pub(super) last_position: i32,
}

pub(super) async fn by_ids(
    conn: &mut PgConnection,
    users: &[Uuid],
    ids: &[Uuid],
) -> sqlx::Result<Vec<ExerciseLog>> {
    sqlx::query_as!(
        ExerciseLog,
        r#"
        SELECT l.user_id AS "user_id: UserId", l.id AS "id: ExerciseLogId", l.workout_id AS "workout_id: WorkoutId",
               l.exercise_id AS "exercise_id: ExerciseId", l.position, l.started_at, l.notes, l.power_rating,
               l.weight_unit AS "weight_unit: WeightUnit", l.created_at, l.updated_at
          FROM unnest($1::uuid[], $2::uuid[]) AS wanted (user_id, id)
          JOIN training.exercise_log l ON l.user_id = wanted.user_id AND l.id = wanted.id
        "#,
        users,
        ids,
    )
    .fetch_all(conn)
    .await
}

pub(super) async fn of_workouts(
    conn: &mut PgConnection,
    users: &[Uuid],
    workouts: &[Uuid],
) -> sqlx::Result<Vec<ExerciseLog>> {
    sqlx::query_as!(
        ExerciseLog,
        r#"
        SELECT l.user_id AS "user_id: UserId", l.id AS "id: ExerciseLogId", l.workout_id AS "workout_id: WorkoutId",
               l.exercise_id AS "exercise_id: ExerciseId", l.position, l.started_at, l.notes, l.power_rating,
               l.weight_unit AS "weight_unit: WeightUnit", l.created_at, l.updated_at
          FROM unnest($1::uuid[], $2::uuid[]) AS wanted (user_id, workout_id)
          JOIN training.exercise_log l ON l.user_id = wanted.user_id AND l.workout_id = wanted.workout_id
         ORDER BY l.user_id, l.workout_id, l.position
        "#,
        users,
        workouts,
    )
    .fetch_all(conn)
    .await
}

/// The logs of each exercise after a cursor, newest first.
pub(super) async fn history(
    conn: &mut PgConnection,
    users: &[Uuid],
    exercises: &[Uuid],
    limit: i64,
    offset: i64,
    after: Option<(DateTime<Utc>, Uuid)>,
) -> sqlx::Result<Vec<ExerciseLog>> {
    let (after_time, after_id) = after.unzip();
    sqlx::query_as!(
        ExerciseLog,
        r#"
        SELECT l.user_id AS "user_id: UserId", l.id AS "id: ExerciseLogId", l.workout_id AS "workout_id: WorkoutId",
               l.exercise_id AS "exercise_id: ExerciseId", l.position, l.started_at, l.notes, l.power_rating,
               l.weight_unit AS "weight_unit: WeightUnit", l.created_at, l.updated_at
          FROM unnest($1::uuid[], $2::uuid[]) AS wanted (user_id, exercise_id)
         CROSS JOIN LATERAL (
               SELECT * FROM training.exercise_log
                WHERE exercise_log.user_id = wanted.user_id AND exercise_log.exercise_id = wanted.exercise_id
                  AND (started_at, id) < (coalesce($5::timestamptz, 'infinity'), coalesce($6::uuid, 'ffffffff-ffff-ffff-ffff-ffffffffffff'))
                ORDER BY started_at DESC, id DESC
                LIMIT $3 OFFSET $4) AS l
         ORDER BY l.started_at DESC, l.id DESC
        "#,
        users,
        exercises,
        limit,
        offset,
        after_time,
        after_id,
    )
    .fetch_all(conn)
    .await
}

pub(super) async fn end_of_workout(
    conn: &mut PgConnection,
    workout: &OpenWorkout,
) -> sqlx::Result<End> {
    sqlx::query_as!(
        End,
        r#"
        SELECT count(*) AS "count!", coalesce(max(position), 0) AS "last_position!"
          FROM training.exercise_log WHERE user_id = $1 AND workout_id = $2
        "#,
        workout.user.0,
        workout.id.0,
    )
    .fetch_one(conn)
    .await
}

pub(super) async fn insert(
    conn: &mut PgConnection,
    workout: &OpenWorkout,
    id: ExerciseLogId,
    position: i32,
    exercise: ExerciseId,
    weight_unit: WeightUnit,
    now: DateTime<Utc>,
) -> sqlx::Result<ExerciseLog> {
    sqlx::query_as!(
        ExerciseLog,
        r#"
        INSERT INTO training.exercise_log
               (user_id, id, workout_id, exercise_id, position, started_at, weight_unit, created_at, updated_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $8)
        RETURNING user_id AS "user_id: UserId", id AS "id: ExerciseLogId", workout_id AS "workout_id: WorkoutId",
                  exercise_id AS "exercise_id: ExerciseId", position, started_at, notes, power_rating,
                  weight_unit AS "weight_unit: WeightUnit", created_at, updated_at
        "#,
        workout.user.0,
        id.0,
        workout.id.0,
        exercise.0,
        position,
        workout.started_at,
        weight_unit.symbol(),
        now,
    )
    .fetch_one(conn)
    .await
}

/// Inserts exercise logs in the workout's weight unit, in the order given, after a position.
pub(crate) async fn insert_many(
    conn: &mut PgConnection,
    workout: &OpenWorkout,
    last_position: i32,
    logs: &[(ExerciseLogId, ExerciseId)],
    now: DateTime<Utc>,
) -> sqlx::Result<()> {
    let (ids, exercises): (Vec<Uuid>, Vec<Uuid>) =
        logs.iter().map(|(id, exercise)| (id.0, exercise.0)).unzip();
    sqlx::query!(
        "
        INSERT INTO training.exercise_log
               (user_id, id, workout_id, exercise_id, position, started_at, weight_unit, created_at, updated_at)
        SELECT $1, new.id, $2, new.exercise_id, $3::integer + new.position, $4, $5, $8, $8
          FROM unnest($6::uuid[], $7::uuid[]) WITH ORDINALITY AS new (id, exercise_id, position)
        ",
        workout.user.0,
        workout.id.0,
        last_position,
        workout.started_at,
        workout.weight_unit.symbol(),
        &ids,
        &exercises,
        now,
    )
    .execute(conn)
    .await?;
    Ok(())
}

pub(super) async fn delete(
    conn: &mut PgConnection,
    workout: &OpenWorkout,
    id: ExerciseLogId,
) -> sqlx::Result<()> {
    sqlx::query!(
        "DELETE FROM training.exercise_log WHERE user_id = $1 AND workout_id = $2 AND id = $3",
        workout.user.0,
        workout.id.0,
        id.0,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Writes the notes, the power rating and the unit of a log.
pub(super) async fn update(
    conn: &mut PgConnection,
    log: &ExerciseLog,
    now: DateTime<Utc>,
) -> sqlx::Result<ExerciseLog> {
    sqlx::query_as!(
        ExerciseLog,
        r#"
        UPDATE training.exercise_log
           SET notes = $3, power_rating = $4, weight_unit = $5, updated_at = $6
         WHERE user_id = $1 AND id = $2
        RETURNING user_id AS "user_id: UserId", id AS "id: ExerciseLogId", workout_id AS "workout_id: WorkoutId",
                  exercise_id AS "exercise_id: ExerciseId", position, started_at, notes, power_rating,
                  weight_unit AS "weight_unit: WeightUnit", created_at, updated_at
        "#,
        log.user_id.0,
        log.id.0,
        log.notes.as_deref(),
        log.power_rating,
        log.weight_unit.symbol(),
        now,
    )
    .fetch_one(conn)
    .await
}

/// The exercise instances of a routine in order.
pub(super) async fn instances_to_expect(
    conn: &mut PgConnection,
    user: UserId,
    routine: RoutineId,
) -> sqlx::Result<Vec<ExerciseInstanceId>> {
    sqlx::query_scalar!(
        r#"
        SELECT id AS "id: ExerciseInstanceId" FROM training.exercise_instance
         WHERE user_id = $1 AND routine_id = $2 ORDER BY position
        "#,
        user.0,
        routine.0,
    )
    .fetch_all(conn)
    .await
}

pub(super) async fn routine_sets_to_expect(
    conn: &mut PgConnection,
    user: UserId,
    routine: RoutineId,
) -> sqlx::Result<Vec<RoutineSetId>> {
    sqlx::query_scalar!(
        r#"
        SELECT s.id AS "id: RoutineSetId"
          FROM training.exercise_instance i
          JOIN training.routine_set s ON s.user_id = i.user_id AND s.exercise_instance_id = i.id
         WHERE i.user_id = $1 AND i.routine_id = $2
        "#,
        user.0,
        routine.0,
    )
    .fetch_all(conn)
    .await
}

/// Makes an exercise log of each exercise instance, in the order given.
pub(super) async fn expect_instances(
    conn: &mut PgConnection,
    workout: &OpenWorkout,
    logs: &[(ExerciseInstanceId, ExerciseLogId)],
    now: DateTime<Utc>,
) -> sqlx::Result<()> {
    let (instances, ids): (Vec<Uuid>, Vec<Uuid>) =
        logs.iter().map(|(instance, id)| (instance.0, id.0)).unzip();
    sqlx::query!(
        "
        INSERT INTO training.exercise_log
               (user_id, id, workout_id, exercise_id, position, started_at, weight_unit, created_at, updated_at)
        SELECT i.user_id, new.id, $2, i.exercise_id, new.position, $3, $4, $7, $7
          FROM unnest($5::uuid[], $6::uuid[]) WITH ORDINALITY AS new (instance_id, id, position)
          JOIN training.exercise_instance i ON i.user_id = $1 AND i.id = new.instance_id
        ",
        workout.user.0,
        workout.id.0,
        workout.started_at,
        workout.weight_unit.symbol(),
        &instances,
        &ids,
        now,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Makes an expected set of each set of a routine, at the same place of the log that its instance became.
pub(super) async fn expect_routine_sets(
    conn: &mut PgConnection,
    user: UserId,
    logs: &[(ExerciseInstanceId, ExerciseLogId)],
    sets: &[(RoutineSetId, ExpectedSetId)],
    now: DateTime<Utc>,
) -> sqlx::Result<()> {
    let (instances, logs): (Vec<Uuid>, Vec<Uuid>) = logs
        .iter()
        .map(|(instance, log)| (instance.0, log.0))
        .unzip();
    let (routine_sets, ids): (Vec<Uuid>, Vec<Uuid>) =
        sets.iter().map(|(set, id)| (set.0, id.0)).unzip();
    sqlx::query!(
        "
        INSERT INTO training.expected_set
               (user_id, id, exercise_log_id, position, type, reps, weight_kg, time_seconds, created_at, updated_at)
        SELECT s.user_id, new.id, log.id, s.position, s.type, s.reps, s.weight_kg, s.time_seconds, $6, $6
          FROM unnest($2::uuid[], $3::uuid[]) AS new (routine_set_id, id)
          JOIN training.routine_set s ON s.user_id = $1 AND s.id = new.routine_set_id
          JOIN unnest($4::uuid[], $5::uuid[]) AS log (instance_id, id) ON log.instance_id = s.exercise_instance_id
        ",
        user.0,
        &routine_sets,
        &ids,
        &instances,
        &logs,
        now,
    )
    .execute(conn)
    .await?;
    Ok(())
}
