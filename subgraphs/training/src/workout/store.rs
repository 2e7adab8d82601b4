//! The SQL of workouts.

use chrono::{DateTime, Utc};
use setwise_graphql::WeightUnit;
use sqlx::{PgConnection, PgPool};
use uuid::Uuid;

use crate::{
    ids::{ExerciseId, RoutineId, UserId, WorkoutId},
    workout::{Comment, GenerationStatus, OpenWorkout, Rating, Totals, TrainedExercise, Workout},
};

/// Where changes are announced.
pub(super) const CHANNEL: &str = "training_workout";

/// What a change must know of a workout.
pub(super) struct Locked {
    pub(super) started_at: DateTime<Utc>,
    pub(super) finished_at: Option<DateTime<Utc>>,
    pub(super) weight_unit: WeightUnit,
    /// Whether it was finished before.
    pub(super) is_reopened: bool,
}

pub(super) async fn lock(
    conn: &mut PgConnection,
    user: UserId,
    id: WorkoutId,
) -> sqlx::Result<Option<Locked>> {
    sqlx::query_as!(
        Locked,
        r#"
        SELECT started_at, finished_at, weight_unit AS "weight_unit: WeightUnit", reopened_at IS NOT NULL AS "is_reopened!"
          FROM training.workout WHERE user_id = $1 AND id = $2 FOR UPDATE
        "#,
        user.0,
        id.0,
    )
    .fetch_optional(conn)
    .await
}

pub(super) async fn hold(
    conn: &mut PgConnection,
    user: UserId,
    id: WorkoutId,
) -> sqlx::Result<bool> {
    let held = sqlx::query_scalar!(
        "SELECT id FROM training.workout WHERE user_id = $1 AND id = $2 FOR SHARE",
        user.0,
        id.0,
    )
    .fetch_optional(conn)
    .await?;
    Ok(held.is_some())
}

/// Lets one transaction at a time start workouts for a user.
pub(super) async fn lock_starts(conn: &mut PgConnection, user: UserId) -> sqlx::Result<()> {
    sqlx::query!(
        "SELECT pg_advisory_xact_lock(hashtextextended('training.workout ' || $1::uuid, 0))",
        user.0,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Tells every replica, once this transaction is committed, that a workout or something in it changed.
pub(super) async fn announce(conn: &mut PgConnection, id: WorkoutId) -> sqlx::Result<()> {
    sqlx::query!("SELECT pg_notify($1, $2)", CHANNEL, id.0.to_string())
        .execute(conn)
        .await?;
    Ok(())
}

/// [`announce`], for what is committed already. The announcement needs no flush: a crash ends those who listen too.
pub(super) async fn announce_alone(pool: &PgPool, id: WorkoutId) -> sqlx::Result<()> {
    sqlx::query!(
        "SELECT set_config('synchronous_commit', 'off', true), pg_notify($1, $2)",
        CHANNEL,
        id.0.to_string(),
    )
    .fetch_one(pool)
    .await?;
    Ok(())
}

pub(super) async fn by_ids(
    conn: &mut PgConnection,
    users: &[Uuid],
    ids: &[Uuid],
) -> sqlx::Result<Vec<Workout>> {
    sqlx::query_as!(
        Workout,
        r#"
        SELECT w.user_id AS "user_id: UserId", w.id AS "id: WorkoutId", w.routine_id AS "routine_id: RoutineId",
               w.started_at, w.finished_at, w.comment, w.rating,
               w.is_generated, w.reasoning, w.generation_status AS "generation_status: GenerationStatus",
               w.created_at, w.updated_at
          FROM unnest($1::uuid[], $2::uuid[]) AS wanted (user_id, id)
          JOIN training.workout w ON w.user_id = wanted.user_id AND w.id = wanted.id
        "#,
        users,
        ids,
    )
    .fetch_all(conn)
    .await
}

/// The workouts of a user after a cursor, newest first.
pub(super) async fn page(
    conn: &mut PgConnection,
    user: UserId,
    limit: i64,
    offset: i64,
    after: Option<(DateTime<Utc>, Uuid)>,
) -> sqlx::Result<Vec<Workout>> {
    let (after_time, after_id) = after.unzip();
    sqlx::query_as!(
        Workout,
        r#"
        SELECT user_id AS "user_id: UserId", id AS "id: WorkoutId", routine_id AS "routine_id: RoutineId",
               started_at, finished_at, comment, rating,
               is_generated, reasoning, generation_status AS "generation_status: GenerationStatus",
               created_at, updated_at
          FROM training.workout
         WHERE user_id = $1
           AND (started_at, id) < (coalesce($4::timestamptz, 'infinity'), coalesce($5::uuid, 'ffffffff-ffff-ffff-ffff-ffffffffffff'))
         ORDER BY started_at DESC, id DESC
         LIMIT $2 OFFSET $3
        "#,
        user.0,
        limit,
        offset,
        after_time,
        after_id,
    )
    .fetch_all(conn)
    .await
}

/// The newest workouts of a user that are not finished.
pub(super) async fn active(
    conn: &mut PgConnection,
    user: UserId,
    limit: i64,
) -> sqlx::Result<Vec<Workout>> {
    sqlx::query_as!(
        Workout,
        r#"
        SELECT user_id AS "user_id: UserId", id AS "id: WorkoutId", routine_id AS "routine_id: RoutineId",
               started_at, finished_at, comment, rating,
               is_generated, reasoning, generation_status AS "generation_status: GenerationStatus",
               created_at, updated_at
          FROM training.workout
         WHERE user_id = $1 AND finished_at IS NULL
         ORDER BY started_at DESC, id DESC
         LIMIT $2
        "#,
        user.0,
        limit,
    )
    .fetch_all(conn)
    .await
}

pub(super) async fn insert(
    conn: &mut PgConnection,
    user: UserId,
    id: WorkoutId,
    routine: Option<RoutineId>,
    weight_unit: WeightUnit,
    now: DateTime<Utc>,
) -> sqlx::Result<Workout> {
    sqlx::query_as!(
        Workout,
        r#"
        INSERT INTO training.workout (user_id, id, routine_id, weight_unit, started_at, created_at, updated_at)
        VALUES ($1, $2, $3, $4, $5, $5, $5)
        RETURNING user_id AS "user_id: UserId", id AS "id: WorkoutId", routine_id AS "routine_id: RoutineId",
                  started_at, finished_at, comment, rating,
                  is_generated, reasoning, generation_status AS "generation_status: GenerationStatus",
                  created_at, updated_at
        "#,
        user.0,
        id.0,
        routine.map(|routine| routine.0),
        weight_unit.symbol(),
        now,
    )
    .fetch_one(conn)
    .await
}

/// The exercises of a workout.
pub(super) async fn exercises(
    conn: &mut PgConnection,
    user: UserId,
    id: WorkoutId,
) -> sqlx::Result<Vec<ExerciseId>> {
    sqlx::query_scalar!(
        r#"
        SELECT exercise_id AS "id: ExerciseId"
          FROM training.exercise_log WHERE user_id = $1 AND workout_id = $2
        "#,
        user.0,
        id.0,
    )
    .fetch_all(conn)
    .await
}

pub(super) async fn delete(
    conn: &mut PgConnection,
    user: UserId,
    id: WorkoutId,
) -> sqlx::Result<()> {
    sqlx::query!(
        "DELETE FROM training.workout WHERE user_id = $1 AND id = $2",
        user.0,
        id.0
    )
    .execute(conn)
    .await?;
    Ok(())
}

pub(super) async fn finish(
    conn: &mut PgConnection,
    user: UserId,
    id: WorkoutId,
    finished_at: DateTime<Utc>,
) -> sqlx::Result<Workout> {
    sqlx::query_as!(
        Workout,
        r#"
        UPDATE training.workout SET finished_at = $3, updated_at = $3
         WHERE user_id = $1 AND id = $2
        RETURNING user_id AS "user_id: UserId", id AS "id: WorkoutId", routine_id AS "routine_id: RoutineId",
                  started_at, finished_at, comment, rating,
                  is_generated, reasoning, generation_status AS "generation_status: GenerationStatus",
                  created_at, updated_at
        "#,
        user.0,
        id.0,
        finished_at,
    )
    .fetch_one(conn)
    .await
}

pub(super) async fn reopen(
    conn: &mut PgConnection,
    user: UserId,
    id: WorkoutId,
    now: DateTime<Utc>,
) -> sqlx::Result<Workout> {
    sqlx::query_as!(
        Workout,
        r#"
        UPDATE training.workout SET finished_at = NULL, reopened_at = $3, updated_at = $3
         WHERE user_id = $1 AND id = $2
        RETURNING user_id AS "user_id: UserId", id AS "id: WorkoutId", routine_id AS "routine_id: RoutineId",
                  started_at, finished_at, comment, rating,
                  is_generated, reasoning, generation_status AS "generation_status: GenerationStatus",
                  created_at, updated_at
        "#,
        user.0,
        id.0,
        now,
    )
    .fetch_one(conn)
    .await
}

pub(super) async fn set_rating(
    conn: &mut PgConnection,
    user: UserId,
    id: WorkoutId,
    rating: Rating,
    now: DateTime<Utc>,
) -> sqlx::Result<Workout> {
    sqlx::query_as!(
        Workout,
        r#"
        UPDATE training.workout SET rating = $3, updated_at = $4
         WHERE user_id = $1 AND id = $2
        RETURNING user_id AS "user_id: UserId", id AS "id: WorkoutId", routine_id AS "routine_id: RoutineId",
                  started_at, finished_at, comment, rating,
                  is_generated, reasoning, generation_status AS "generation_status: GenerationStatus",
                  created_at, updated_at
        "#,
        user.0,
        id.0,
        rating.0,
        now,
    )
    .fetch_one(conn)
    .await
}

pub(super) async fn set_comment(
    conn: &mut PgConnection,
    user: UserId,
    id: WorkoutId,
    comment: &Comment,
    now: DateTime<Utc>,
) -> sqlx::Result<Workout> {
    sqlx::query_as!(
        Workout,
        r#"
        UPDATE training.workout SET comment = $3, updated_at = $4
         WHERE user_id = $1 AND id = $2
        RETURNING user_id AS "user_id: UserId", id AS "id: WorkoutId", routine_id AS "routine_id: RoutineId",
                  started_at, finished_at, comment, rating,
                  is_generated, reasoning, generation_status AS "generation_status: GenerationStatus",
                  created_at, updated_at
        "#,
        user.0,
        id.0,
        comment.0.as_deref(),
        now,
    )
    .fetch_one(conn)
    .await
}

pub(super) async fn set_generation(
    conn: &mut PgConnection,
    workout: &OpenWorkout,
    status: GenerationStatus,
    reasoning: Option<&str>,
    now: DateTime<Utc>,
) -> sqlx::Result<Workout> {
    sqlx::query_as!(
        Workout,
        r#"
        UPDATE training.workout
           SET is_generated = true, generation_status = $3, reasoning = $4, updated_at = $5
         WHERE user_id = $1 AND id = $2
        RETURNING user_id AS "user_id: UserId", id AS "id: WorkoutId", routine_id AS "routine_id: RoutineId",
                  started_at, finished_at, comment, rating,
                  is_generated, reasoning, generation_status AS "generation_status: GenerationStatus",
                  created_at, updated_at
        "#,
        workout.user.0,
        workout.id.0,
        status.as_str(),
        reasoning,
        now,
    )
    .fetch_one(conn)
    .await
}

/// Turns a running generation into a failed one.
pub(super) async fn fail_generation(
    conn: &mut PgConnection,
    user: UserId,
    id: WorkoutId,
    reason: Option<&str>,
    now: DateTime<Utc>,
) -> sqlx::Result<()> {
    sqlx::query!(
        "
        UPDATE training.workout SET generation_status = 'failed', reasoning = $3, updated_at = $4
         WHERE user_id = $1 AND id = $2 AND generation_status = 'running'
        ",
        user.0,
        id.0,
        reason,
        now,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// The sums over the sets of workouts.
pub(super) async fn totals(
    conn: &mut PgConnection,
    users: &[Uuid],
    workouts: &[Uuid],
) -> sqlx::Result<Vec<Totals>> {
    sqlx::query_as!(
        Totals,
        r#"
        SELECT l.user_id AS "user_id: UserId", l.workout_id AS "workout_id: WorkoutId",
               count(DISTINCT l.id) AS "exercises!",
               count(*) AS "sets!",
               coalesce(sum(s.reps), 0) AS "reps!",
               coalesce(sum(s.reps * s.weight_kg) FILTER (WHERE e.measurement <> 'assisted'), 0)::float8 AS "volume_kg!",
               coalesce(sum(s.time_seconds), 0)::float8 AS "time_seconds!"
          FROM unnest($1::uuid[], $2::uuid[]) AS wanted (user_id, workout_id)
          JOIN training.exercise_log l ON l.user_id = wanted.user_id AND l.workout_id = wanted.workout_id
          JOIN training.exercise e ON e.id = l.exercise_id
          JOIN training.set_log s ON s.user_id = l.user_id AND s.exercise_log_id = l.id
         GROUP BY l.user_id, l.workout_id
        "#,
        users,
        workouts,
    )
    .fetch_all(conn)
    .await
}

pub(super) async fn trained_since(
    conn: &mut PgConnection,
    user: UserId,
    since: DateTime<Utc>,
) -> sqlx::Result<Vec<TrainedExercise>> {
    sqlx::query_as!(
        TrainedExercise,
        r#"
        SELECT l.exercise_id AS "exercise_id: ExerciseId", l.started_at, count(*) AS "sets!",
               (array_agg(s.reps ORDER BY s.weight_kg DESC NULLS LAST, s.reps DESC NULLS LAST))[1] AS top_reps,
               max(s.weight_kg)::float8 AS max_weight_kg, l.power_rating
          FROM training.workout w
          JOIN training.exercise_log l ON l.user_id = w.user_id AND l.workout_id = w.id
          JOIN training.work_set s ON s.user_id = l.user_id AND s.exercise_log_id = l.id
         WHERE w.user_id = $1 AND w.started_at >= $2 AND w.finished_at IS NOT NULL
         GROUP BY l.user_id, l.id
         ORDER BY l.started_at DESC, l.position
        "#,
        user.0,
        since,
    )
    .fetch_all(conn)
    .await
}

/// Inserts finished workouts of the past.
pub(super) async fn insert_finished(
    conn: &mut PgConnection,
    user: UserId,
    id: WorkoutId,
    workout: &super::RecordedWorkout,
) -> sqlx::Result<()> {
    sqlx::query!(
        "
        INSERT INTO training.workout
               (user_id, id, routine_id, weight_unit, started_at, finished_at, comment, rating, created_at, updated_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $5, $6)
        ",
        user.0,
        id.0,
        workout.routine.map(|routine| routine.0),
        workout.weight_unit.symbol(),
        workout.started_at,
        workout.finished_at,
        workout.comment.as_ref().and_then(|comment| comment.0.as_deref()),
        workout.rating.map(|rating| rating.0),
    )
    .execute(conn)
    .await?;
    Ok(())
}
