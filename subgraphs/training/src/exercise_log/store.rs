//! The SQL of exercise logs.

use chrono::{DateTime, Utc};
use setwise_graphql::WeightUnit;
use sqlx::{PgConnection, types::Json};
use uuid::Uuid;

use crate::{
    exercise_log::{ExerciseLog, expectation::Expectation},
    ids::{ExerciseId, ExerciseInstanceId, ExerciseLogId, RoutineId, UserId, WorkoutId},
    progression::Reason,
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
               l.weight_unit AS "weight_unit: WeightUnit", l.superset_group,
               l.progression_reason AS "progression_reason: Json<Reason>", l.created_at, l.updated_at
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
               l.weight_unit AS "weight_unit: WeightUnit", l.superset_group,
               l.progression_reason AS "progression_reason: Json<Reason>", l.created_at, l.updated_at
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
               l.weight_unit AS "weight_unit: WeightUnit", l.superset_group,
               l.progression_reason AS "progression_reason: Json<Reason>", l.created_at, l.updated_at
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
                  weight_unit AS "weight_unit: WeightUnit", superset_group,
                  progression_reason AS "progression_reason: Json<Reason>", created_at, updated_at
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
                  weight_unit AS "weight_unit: WeightUnit", superset_group,
                  progression_reason AS "progression_reason: Json<Reason>", created_at, updated_at
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

/// Inserts the exercises that a routine expects, in the order given, into a new workout.
pub(super) async fn insert_expected(
    conn: &mut PgConnection,
    workout: &OpenWorkout,
    logs: &[(ExerciseLogId, &Expectation)],
    now: DateTime<Utc>,
) -> sqlx::Result<()> {
    let ids: Vec<Uuid> = logs.iter().map(|(id, _)| id.0).collect();
    let exercises: Vec<Uuid> = logs.iter().map(|(_, log)| log.exercise.0).collect();
    let instances: Vec<Uuid> = logs.iter().map(|(_, log)| log.instance.0).collect();
    let groups: Vec<Option<i16>> = logs.iter().map(|(_, log)| log.superset_group).collect();
    let reasons: Vec<Option<Json<Reason>>> =
        logs.iter().map(|(_, log)| log.reason.map(Json)).collect();
    sqlx::query!(
        "
        INSERT INTO training.exercise_log
               (user_id, id, workout_id, exercise_id, position, started_at, weight_unit, superset_group,
                progression_reason, exercise_instance_id, created_at, updated_at)
        SELECT $1, new.id, $2, new.exercise_id, new.position, $3, $4, new.superset_group, new.reason, new.instance_id, $9, $9
          FROM unnest($5::uuid[], $6::uuid[], $7::smallint[], $8::jsonb[], $10::uuid[]) WITH ORDINALITY
               AS new (id, exercise_id, superset_group, reason, instance_id, position)
        ",
        workout.user.0,
        workout.id.0,
        workout.started_at,
        workout.weight_unit.symbol(),
        &ids,
        &exercises,
        &groups as &[Option<i16>],
        &reasons as &[Option<Json<Reason>>],
        now,
        &instances,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// An exercise of a routine whose past is asked for.
pub(super) struct Progressing {
    pub(super) instance: ExerciseInstanceId,
    pub(super) exercise: ExerciseId,
    /// Whether sets count that have repetitions alone.
    pub(super) without_weight: bool,
}

/// A working set of an earlier workout.
pub(super) struct PastSet {
    pub(super) instance_id: ExerciseInstanceId,
    pub(super) exercise_log_id: ExerciseLogId,
    /// When its workout started.
    pub(super) started_at: DateTime<Utc>,
    /// When the latest workout with the exercise started.
    pub(super) last_done_at: DateTime<Utc>,
    /// Whether it was done for this exercise of the routine.
    pub(super) is_of_instance: bool,
    pub(super) reps: i32,
    /// As entered, in `weight_unit`; 0 for one's own body.
    pub(super) weight: f64,
    pub(super) weight_unit: Option<WeightUnit>,
    pub(super) rpe: Option<f64>,
}

/// The working sets of the latest finished workouts with each exercise: session by session, those for this exercise of the
/// routine first, the latest first; but the latest first of all when the last elsewhere is over so many days newer. Of exercises that are gone from the routine, and of workouts from before it was kept
/// which of them a log is for, it is any of the same exercise. Only the last hundred logs of an exercise are looked at.
pub(super) async fn past_sets(
    conn: &mut PgConnection,
    user: UserId,
    routine: RoutineId,
    progressing: &[Progressing],
    sessions: i64,
    outdated_after_days: i32,
) -> sqlx::Result<Vec<PastSet>> {
    let instances: Vec<Uuid> = progressing.iter().map(|one| one.instance.0).collect();
    let exercises: Vec<Uuid> = progressing.iter().map(|one| one.exercise.0).collect();
    let without_weight: Vec<bool> = progressing.iter().map(|one| one.without_weight).collect();
    sqlx::query_as!(
        PastSet,
        r#"
        SELECT wanted.instance_id AS "instance_id!: ExerciseInstanceId", l.id AS "exercise_log_id: ExerciseLogId",
               l.started_at, l.last_done_at AS "last_done_at!", l.is_of_instance AS "is_of_instance!", s.reps AS "reps!",
               coalesce(s.weight, 0)::float8 AS "weight!", s.weight_unit AS "weight_unit: WeightUnit", s.rpe::float8 AS rpe
          FROM unnest($3::uuid[], $4::uuid[], $5::boolean[]) AS wanted (instance_id, exercise_id, without_weight)
         CROSS JOIN LATERAL (
               SELECT log.id, log.started_at, max(log.started_at) OVER () AS last_done_at, origin.is_of_instance,
                      origin.is_of_instance AND max(log.started_at) OVER ()
                          <= max(log.started_at) FILTER (WHERE origin.is_of_instance) OVER () + make_interval(days => $7)
                          AS goes_first
                 FROM (SELECT id, workout_id, started_at, exercise_instance_id
                         FROM training.exercise_log
                        WHERE user_id = $1 AND exercise_id = wanted.exercise_id
                        ORDER BY started_at DESC, id DESC
                        LIMIT 100) AS log
                 JOIN training.workout w ON w.user_id = $1 AND w.id = log.workout_id
                CROSS JOIN LATERAL (
                      SELECT log.exercise_instance_id IS NOT DISTINCT FROM wanted.instance_id
                          OR (w.routine_id IS NOT DISTINCT FROM $2
                              AND NOT EXISTS (
                                  SELECT FROM training.exercise_instance i
                                   WHERE i.user_id = $1 AND i.id = log.exercise_instance_id)
                              AND (log.exercise_instance_id IS NOT NULL
                                   OR NOT EXISTS (
                                      SELECT FROM training.exercise_log other
                                       WHERE other.user_id = $1 AND other.workout_id = log.workout_id
                                         AND other.exercise_instance_id IS NOT NULL))) AS is_of_instance) AS origin
                WHERE w.finished_at IS NOT NULL
                  AND EXISTS (
                      SELECT FROM training.set_log done
                       WHERE done.user_id = $1 AND done.exercise_log_id = log.id AND done.reps IS NOT NULL
                         AND (done.weight IS NOT NULL OR wanted.without_weight) AND done.kind IN ('normal', 'to_failure'))
                ORDER BY goes_first DESC, log.started_at DESC, log.id DESC
                LIMIT $6) AS l
          JOIN training.set_log s ON s.user_id = $1 AND s.exercise_log_id = l.id
         WHERE s.reps IS NOT NULL AND (s.weight IS NOT NULL OR wanted.without_weight) AND s.kind IN ('normal', 'to_failure')
         ORDER BY wanted.instance_id, l.goes_first DESC, l.started_at DESC, l.id DESC, s.position
        "#,
        user.0,
        routine.0,
        &instances,
        &exercises,
        &without_weight,
        sessions,
        outdated_after_days,
    )
    .fetch_all(conn)
    .await
}

/// How many workouts from a routine were finished since a time in which sets of an exercise were done, warm-ups aside.
pub(super) async fn completed_since(
    conn: &mut PgConnection,
    user: UserId,
    routine: RoutineId,
    exercise: ExerciseId,
    since: DateTime<Utc>,
) -> sqlx::Result<i64> {
    sqlx::query_scalar!(
        r#"
        SELECT count(*) AS "count!"
          FROM training.workout w
         WHERE w.user_id = $1 AND w.routine_id = $2 AND w.started_at >= $4 AND w.finished_at IS NOT NULL
           AND EXISTS (
               SELECT FROM training.exercise_log l
                WHERE l.user_id = w.user_id AND l.workout_id = w.id AND l.exercise_id = $3 AND l.work_sets > 0)
        "#,
        user.0,
        routine.0,
        exercise.0,
        since,
    )
    .fetch_one(conn)
    .await
}

/// The most whole days that the exercise was not done before one of the latest so many of those workouts.
pub(super) async fn longest_break_before(
    conn: &mut PgConnection,
    user: UserId,
    routine: RoutineId,
    exercise: ExerciseId,
    since: DateTime<Utc>,
    workouts: i64,
) -> sqlx::Result<i64> {
    sqlx::query_scalar!(
        r#"
        SELECT coalesce(max(extract(day FROM latest.started_at - earlier.started_at)), 0)::bigint AS "days!"
          FROM (SELECT w.started_at
                  FROM training.workout w
                 WHERE w.user_id = $1 AND w.routine_id = $2 AND w.started_at >= $4 AND w.finished_at IS NOT NULL
                   AND EXISTS (
                       SELECT FROM training.exercise_log l
                        WHERE l.user_id = w.user_id AND l.workout_id = w.id AND l.exercise_id = $3 AND l.work_sets > 0)
                 ORDER BY w.started_at DESC
                 LIMIT $5) AS latest
         CROSS JOIN LATERAL (
               SELECT max(l.started_at) AS started_at
                 FROM training.exercise_log l
                WHERE l.user_id = $1 AND l.exercise_id = $3 AND l.work_sets > 0 AND l.started_at < latest.started_at) AS earlier
        "#,
        user.0,
        routine.0,
        exercise.0,
        since,
        workouts,
    )
    .fetch_one(conn)
    .await
}
