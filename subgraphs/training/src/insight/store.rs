//! The SQL of insight.

use chrono::{DateTime, Utc};
use sqlx::PgConnection;
use uuid::Uuid;

use crate::{
    ids::{ExerciseId, ExerciseLogId, SetLogId, UserId, WorkoutId},
    insight::{ExerciseSession, Trained},
};

/// The sessions of each exercise after a cursor, newest first.
pub(super) async fn sessions(
    conn: &mut PgConnection,
    users: &[Uuid],
    exercises: &[Uuid],
    limit: i64,
    after: Option<(DateTime<Utc>, Uuid)>,
) -> sqlx::Result<Vec<ExerciseSession>> {
    let (after_time, after_id) = after.unzip();
    sqlx::query_as!(
        ExerciseSession,
        r#"
        SELECT l.user_id AS "user_id: UserId", l.exercise_id AS "exercise_id: ExerciseId",
               l.id AS "exercise_log_id: ExerciseLogId", l.started_at,
               l.work_sets AS sets, l.work_reps AS reps, l.work_seconds AS seconds, l.work_meters AS meters, l.volume_kg,
               l.heaviest_kg, l.epley_kg, l.brzycki_kg, l.best_set_id AS "best_set_id: SetLogId"
          FROM unnest($1::uuid[], $2::uuid[]) AS wanted (user_id, exercise_id)
         CROSS JOIN LATERAL (
               SELECT * FROM training.exercise_log
                WHERE exercise_log.user_id = wanted.user_id AND exercise_log.exercise_id = wanted.exercise_id
                  AND (started_at, id) < (coalesce($4::timestamptz, 'infinity'), coalesce($5::uuid, 'ffffffff-ffff-ffff-ffff-ffffffffffff'))
                  AND work_sets > 0
                ORDER BY started_at DESC, id DESC
                LIMIT $3) AS l
         ORDER BY l.started_at DESC, l.id DESC
        "#,
        users,
        exercises,
        limit,
        after_time,
        after_id,
    )
    .fetch_all(conn)
    .await
}

/// The latest sessions of each exercise within a time, oldest first.
pub(super) async fn sessions_between(
    conn: &mut PgConnection,
    users: &[Uuid],
    exercises: &[Uuid],
    from: DateTime<Utc>,
    to: DateTime<Utc>,
    limit: i64,
) -> sqlx::Result<Vec<ExerciseSession>> {
    sqlx::query_as!(
        ExerciseSession,
        r#"
        SELECT l.user_id AS "user_id: UserId", l.exercise_id AS "exercise_id: ExerciseId",
               l.id AS "exercise_log_id: ExerciseLogId", l.started_at,
               l.work_sets AS sets, l.work_reps AS reps, l.work_seconds AS seconds, l.work_meters AS meters, l.volume_kg,
               l.heaviest_kg, l.epley_kg, l.brzycki_kg, l.best_set_id AS "best_set_id: SetLogId"
          FROM unnest($1::uuid[], $2::uuid[]) AS wanted (user_id, exercise_id)
         CROSS JOIN LATERAL (
               SELECT * FROM training.exercise_log
                WHERE exercise_log.user_id = wanted.user_id AND exercise_log.exercise_id = wanted.exercise_id
                  AND started_at >= $3 AND started_at < $4 AND work_sets > 0
                ORDER BY started_at DESC, id DESC
                LIMIT $5) AS l
         ORDER BY l.started_at, l.id
        "#,
        users,
        exercises,
        from,
        to,
        limit,
    )
    .fetch_all(conn)
    .await
}

/// What a user trained within a time.
pub(super) async fn trained_between(
    conn: &mut PgConnection,
    user: UserId,
    from: DateTime<Utc>,
    to: DateTime<Utc>,
) -> sqlx::Result<Vec<Trained>> {
    sqlx::query_as!(
        Trained,
        r#"
        SELECT workout_id AS "workout_id: WorkoutId", exercise_id AS "exercise_id: ExerciseId", started_at,
               work_sets AS sets, volume_kg
          FROM training.exercise_log
         WHERE user_id = $1 AND started_at >= $2 AND started_at < $3 AND work_sets > 0
        "#,
        user.0,
        from,
        to,
    )
    .fetch_all(conn)
    .await
}

/// When the finished workouts of a user within a time started, with their ids, earliest first.
pub(super) async fn finished_between(
    conn: &mut PgConnection,
    user: UserId,
    from: DateTime<Utc>,
    to: DateTime<Utc>,
) -> sqlx::Result<Vec<(WorkoutId, DateTime<Utc>)>> {
    let rows = sqlx::query!(
        r#"
        SELECT id AS "id: WorkoutId", started_at
          FROM training.workout
         WHERE user_id = $1 AND finished_at IS NOT NULL AND started_at >= $2 AND started_at < $3
         ORDER BY started_at, id
        "#,
        user.0,
        from,
        to,
    )
    .fetch_all(conn)
    .await?;
    Ok(rows
        .into_iter()
        .map(|row| (row.id, row.started_at))
        .collect())
}
