//! The SQL of generation.

use chrono::{DateTime, TimeDelta, Utc};
use sqlx::PgConnection;
use uuid::Uuid;

use crate::{
    exercise::{Equipment, Measurement},
    generation::{
        ExperienceLevel, GenerationSettings, Goal, Job, JobId, OwnExercise, WorkoutPlanType,
    },
    ids::{ExerciseId, MuscleGroupId, UserId, WorkoutId},
};

pub(super) async fn settings(
    conn: &mut PgConnection,
    user: UserId,
) -> sqlx::Result<Option<GenerationSettings>> {
    sqlx::query_as!(
        GenerationSettings,
        r#"
        SELECT user_id AS "user_id: UserId", base_prompt, variety_level, primary_goal AS "primary_goal: Goal",
               secondary_goals, experience_level AS "experience_level: ExperienceLevel", days_per_week,
               session_duration_minutes, injuries,
               priority_muscle_group_ids AS "priority_muscle_group_ids: Vec<MuscleGroupId>",
               workout_plan_type AS "workout_plan_type: WorkoutPlanType",
               equipment AS "equipment: Vec<Equipment>", updated_at
          FROM training.generation_settings WHERE user_id = $1
        "#,
        user.0,
    )
    .fetch_optional(conn)
    .await
}

pub(super) async fn lock_settings(
    conn: &mut PgConnection,
    user: UserId,
) -> sqlx::Result<GenerationSettings> {
    sqlx::query_as!(
        GenerationSettings,
        r#"
        SELECT user_id AS "user_id: UserId", base_prompt, variety_level, primary_goal AS "primary_goal: Goal",
               secondary_goals, experience_level AS "experience_level: ExperienceLevel", days_per_week,
               session_duration_minutes, injuries,
               priority_muscle_group_ids AS "priority_muscle_group_ids: Vec<MuscleGroupId>",
               workout_plan_type AS "workout_plan_type: WorkoutPlanType",
               equipment AS "equipment: Vec<Equipment>", updated_at
          FROM training.generation_settings WHERE user_id = $1 FOR UPDATE
        "#,
        user.0,
    )
    .fetch_one(conn)
    .await
}

/// Writes the defaults of the table, unless there are settings.
pub(super) async fn insert_default_settings(
    conn: &mut PgConnection,
    user: UserId,
    now: DateTime<Utc>,
) -> sqlx::Result<()> {
    sqlx::query!(
        "
        INSERT INTO training.generation_settings (user_id, updated_at) VALUES ($1, $2)
        ON CONFLICT (user_id) DO NOTHING
        ",
        user.0,
        now,
    )
    .execute(conn)
    .await?;
    Ok(())
}

pub(super) async fn update_settings(
    conn: &mut PgConnection,
    settings: &GenerationSettings,
) -> sqlx::Result<()> {
    let priorities: Vec<Uuid> = settings
        .priority_muscle_group_ids
        .iter()
        .map(|id| id.0)
        .collect();
    let equipment: Vec<_> = settings
        .equipment
        .iter()
        .map(|kind| kind.as_str())
        .collect();
    sqlx::query!(
        "
        UPDATE training.generation_settings
           SET base_prompt = $2, variety_level = $3, primary_goal = $4, secondary_goals = $5, experience_level = $6,
               days_per_week = $7, session_duration_minutes = $8, injuries = $9, priority_muscle_group_ids = $10,
               workout_plan_type = $11, equipment = $12, updated_at = $13
         WHERE user_id = $1
        ",
        settings.user_id.0,
        settings.base_prompt,
        settings.variety_level,
        settings.primary_goal.as_str(),
        &settings.secondary_goals,
        settings.experience_level.as_str(),
        settings.days_per_week,
        settings.session_duration_minutes,
        settings.injuries,
        &priorities,
        settings.workout_plan_type.as_str(),
        &equipment as &[&str],
        settings.updated_at,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// How many jobs a user has asked for since a time.
pub(super) async fn jobs_since(
    conn: &mut PgConnection,
    user: UserId,
    since: DateTime<Utc>,
) -> sqlx::Result<i64> {
    sqlx::query_scalar!(
        r#"SELECT count(*) AS "count!" FROM training.generation_job WHERE user_id = $1 AND created_at >= $2"#,
        user.0,
        since,
    )
    .fetch_one(conn)
    .await
}

/// Whether a job for a workout waits or is under way.
pub(super) async fn is_waiting(
    conn: &mut PgConnection,
    user: UserId,
    workout: WorkoutId,
) -> sqlx::Result<bool> {
    sqlx::query_scalar!(
        r#"
        SELECT EXISTS (
            SELECT FROM training.generation_job WHERE user_id = $1 AND workout_id = $2 AND status = 'waiting'
        ) AS "is_waiting!"
        "#,
        user.0,
        workout.0,
    )
    .fetch_one(conn)
    .await
}

pub(super) async fn insert_job(
    conn: &mut PgConnection,
    user: UserId,
    workout: WorkoutId,
    prompt: &str,
    locale: &str,
    now: DateTime<Utc>,
) -> sqlx::Result<()> {
    sqlx::query!(
        "
        INSERT INTO training.generation_job (user_id, id, workout_id, prompt, locale, lease_until, created_at)
        VALUES ($1, $2, $3, $4, $5, $6, $6)
        ",
        user.0,
        JobId::new().0,
        workout.0,
        prompt,
        locale,
        now,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Takes the job that has waited longest, for as long as the lease.
pub(super) async fn claim_job(
    conn: &mut PgConnection,
    now: DateTime<Utc>,
    lease: TimeDelta,
) -> sqlx::Result<Option<Job>> {
    sqlx::query_as!(
        Job,
        r#"
        UPDATE training.generation_job job
           SET attempts = job.attempts + 1, lease_until = $2
          FROM (SELECT user_id, id FROM training.generation_job
                 WHERE status = 'waiting' AND lease_until <= $1
                 ORDER BY lease_until LIMIT 1 FOR UPDATE SKIP LOCKED) next
         WHERE job.user_id = next.user_id AND job.id = next.id
        RETURNING job.user_id AS "user_id: UserId", job.id AS "id: JobId", job.workout_id AS "workout_id: WorkoutId",
                  job.prompt, job.locale, job.attempts
        "#,
        now,
        now + lease,
    )
    .fetch_optional(conn)
    .await
}

/// Takes a job that is under way for longer; false when another worker has taken it meanwhile.
pub(super) async fn renew_lease(
    conn: &mut PgConnection,
    job: &Job,
    until: DateTime<Utc>,
) -> sqlx::Result<bool> {
    let renewed = sqlx::query!(
        "
        UPDATE training.generation_job SET lease_until = $4
         WHERE user_id = $1 AND id = $2 AND attempts = $3 AND status = 'waiting'
        ",
        job.user_id.0,
        job.id.0,
        job.attempts,
        until,
    )
    .execute(conn)
    .await?;
    Ok(renewed.rows_affected() > 0)
}

/// Gives a job back as if it had not been taken, unless another worker has taken it meanwhile.
pub(super) async fn release_job(
    conn: &mut PgConnection,
    job: &Job,
    now: DateTime<Utc>,
) -> sqlx::Result<()> {
    sqlx::query!(
        "
        UPDATE training.generation_job SET lease_until = $4, attempts = attempts - 1
         WHERE user_id = $1 AND id = $2 AND attempts = $3 AND status = 'waiting'
        ",
        job.user_id.0,
        job.id.0,
        job.attempts,
        now,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Ends a job, unless another worker has taken it meanwhile.
pub(super) async fn end_job(
    conn: &mut PgConnection,
    job: &Job,
    status: &str,
    now: DateTime<Utc>,
) -> sqlx::Result<bool> {
    let ended = sqlx::query!(
        "
        UPDATE training.generation_job SET status = $4, ended_at = $5
         WHERE user_id = $1 AND id = $2 AND attempts = $3 AND status = 'waiting'
        ",
        job.user_id.0,
        job.id.0,
        job.attempts,
        status,
        now,
    )
    .execute(conn)
    .await?;
    Ok(ended.rows_affected() > 0)
}

/// The exercises that a workout has already.
pub(super) async fn exercises_of(
    conn: &mut PgConnection,
    user: UserId,
    workout: WorkoutId,
) -> sqlx::Result<Vec<ExerciseId>> {
    sqlx::query_scalar!(
        r#"
        SELECT exercise_id AS "exercise_id: ExerciseId" FROM training.exercise_log
         WHERE user_id = $1 AND workout_id = $2
        "#,
        user.0,
        workout.0,
    )
    .fetch_all(conn)
    .await
}

/// The exercises that a user made and did not delete, the newest first, with the slugs of what they train.
pub(super) async fn own_exercises(
    conn: &mut PgConnection,
    user: UserId,
    limit: i64,
) -> sqlx::Result<Vec<OwnExercise>> {
    sqlx::query_as!(
        OwnExercise,
        r#"
        SELECT e.id AS "id: ExerciseId", e.name_en AS name, e.equipment AS "equipment: Equipment",
               e.measurement AS "measurement: Measurement",
               coalesce(array_agg(g.slug ORDER BY t.position) FILTER (WHERE t.is_primary), '{}') AS "primary!",
               coalesce(array_agg(g.slug ORDER BY t.position) FILTER (WHERE NOT t.is_primary), '{}') AS "secondary!"
          FROM training.exercise e
          LEFT JOIN training.exercise_muscle_group t ON t.exercise_id = e.id
          LEFT JOIN training.muscle_group g ON g.id = t.muscle_group_id
         WHERE e.user_id = $1 AND e.deleted_at IS NULL
         GROUP BY e.id
         ORDER BY e.created_at DESC, e.id DESC LIMIT $2
        "#,
        user.0,
        limit,
    )
    .fetch_all(conn)
    .await
}

/// A set of one of the last workouts.
pub(super) struct RecentRow {
    pub(super) workout_id: WorkoutId,
    pub(super) started_at: DateTime<Utc>,
    pub(super) exercise_id: ExerciseId,
    pub(super) name_en: String,
    pub(super) name_ru: String,
    pub(super) power_rating: Option<i16>,
    pub(super) reps: Option<i32>,
    pub(super) weight_kg: Option<f64>,
    pub(super) time_seconds: Option<f64>,
    pub(super) distance_meters: Option<f64>,
}

/// The sets of a user's last eight finished workouts, the newest first, at most 15 exercises of each and 12 sets of
/// those.
pub(super) async fn recent_sets(
    conn: &mut PgConnection,
    user: UserId,
) -> sqlx::Result<Vec<RecentRow>> {
    sqlx::query_as!(
        RecentRow,
        r#"
        SELECT w.id AS "workout_id: WorkoutId", w.started_at, l.exercise_id AS "exercise_id: ExerciseId",
               e.name_en, e.name_ru, l.power_rating, s.reps, s.weight_kg::float8 AS weight_kg,
               s.time_seconds::float8 AS time_seconds, s.distance_meters::float8 AS distance_meters
          FROM (SELECT user_id, id, started_at FROM training.workout
                 WHERE user_id = $1 AND finished_at IS NOT NULL
                 ORDER BY started_at DESC, id DESC LIMIT 8) w
         CROSS JOIN LATERAL (SELECT id, exercise_id, power_rating, position FROM training.exercise_log
                              WHERE user_id = w.user_id AND workout_id = w.id ORDER BY position LIMIT 15) l
         CROSS JOIN LATERAL (SELECT reps, weight_kg, time_seconds, distance_meters, position FROM training.set_log
                              WHERE user_id = w.user_id AND exercise_log_id = l.id ORDER BY position LIMIT 12) s
          JOIN training.exercise e ON e.id = l.exercise_id
         ORDER BY w.started_at DESC, w.id DESC, l.position, s.position
        "#,
        user.0,
    )
    .fetch_all(conn)
    .await
}
