//! The SQL of records.

use chrono::{DateTime, Utc};
use setwise_graphql::WeightUnit;
use sqlx::PgConnection;
use uuid::Uuid;

use crate::{
    ids::{ExerciseId, ExerciseLogId, SetLogId, UserId, WorkoutId},
    record::{
        RecordKinds, RecordSet,
        reckoning::{Mark, Summary, WorkSet},
    },
};

/// A set that was the best so far, of an earlier session, with what that session came to.
pub(super) struct Remembered {
    pub(super) set: WorkSet,
    pub(super) session_volume_kg: f64,
}

/// An exercise log with one of its sets that count; none when it has none.
pub(super) struct Done {
    pub(super) exercise_log: ExerciseLogId,
    pub(super) started_at: DateTime<Utc>,
    pub(super) set: Option<WorkSet>,
}

/// Lets one transaction at a time reckon the records of an exercise of a user. Whether the weights of its sets are assistance
/// is read after that: it may change while this waits.
pub(super) async fn lock(
    conn: &mut PgConnection,
    user: UserId,
    exercise: ExerciseId,
) -> sqlx::Result<()> {
    sqlx::query!(
        "SELECT pg_advisory_xact_lock(hashtextextended($1::uuid::text || $2::uuid::text, 0))",
        user.0,
        exercise.0,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// The sets before a time that were the best so far.
pub(super) async fn bests_before(
    conn: &mut PgConnection,
    user: UserId,
    exercise: ExerciseId,
    time: DateTime<Utc>,
) -> sqlx::Result<Vec<Remembered>> {
    let rows = sqlx::query!(
        r#"
        SELECT s.id AS "id: SetLogId", l.workout_id AS "workout: WorkoutId", s.reps, s.weight_kg::float8 AS weight_kg,
               CASE WHEN p.best & 16 = 0 THEN 0
                    ELSE (SELECT sum(o.volume_kg) FROM training.exercise_log o
                           WHERE o.user_id = l.user_id AND o.workout_id = l.workout_id AND o.exercise_id = l.exercise_id)
                END AS "session_volume_kg!", e.measurement = 'assisted' AS "is_assisted!"
          FROM training.personal_record p
          JOIN training.exercise e ON e.id = p.exercise_id
          JOIN training.set_log s ON s.user_id = p.user_id AND s.id = p.set_log_id
          JOIN training.exercise_log l ON l.user_id = p.user_id AND l.id = p.exercise_log_id
         WHERE p.user_id = $1 AND p.exercise_id = $2 AND p.started_at < $3
        "#,
        user.0,
        exercise.0,
        time,
    )
    .fetch_all(conn)
    .await?;
    let remembered = rows.into_iter().map(|row| Remembered {
        set: WorkSet {
            id: row.id,
            workout: row.workout,
            is_assisted: row.is_assisted,
            reps: row.reps,
            weight_kg: row.weight_kg,
            time_seconds: None,
            distance_meters: None,
        },
        session_volume_kg: row.session_volume_kg,
    });
    Ok(remembered.collect())
}

/// The logs of an exercise from a time on with their sets that count, in the order in which they were done.
pub(super) async fn done_since(
    conn: &mut PgConnection,
    user: UserId,
    exercise: ExerciseId,
    time: DateTime<Utc>,
) -> sqlx::Result<Vec<Done>> {
    let rows = sqlx::query!(
        r#"
        SELECT l.id AS "exercise_log: ExerciseLogId", l.workout_id AS "workout: WorkoutId", l.started_at, s.id AS "set?: SetLogId", s.reps AS "reps?",
               s.weight_kg::float8 AS "weight_kg?", s.time_seconds::float8 AS "time_seconds?",
               s.distance_meters::float8 AS "distance_meters?", e.measurement = 'assisted' AS "is_assisted!"
          FROM training.exercise_log l
          JOIN training.exercise e ON e.id = l.exercise_id
          LEFT JOIN training.work_set s ON s.user_id = l.user_id AND s.exercise_log_id = l.id
         WHERE l.user_id = $1 AND l.exercise_id = $2 AND l.started_at >= $3
         ORDER BY l.started_at, l.workout_id, l.position, s.position
        "#,
        user.0,
        exercise.0,
        time,
    )
    .fetch_all(conn)
    .await?;
    let done = rows.into_iter().map(|row| Done {
        exercise_log: row.exercise_log,
        started_at: row.started_at,
        set: row.set.map(|id| WorkSet {
            id,
            workout: row.workout,
            is_assisted: row.is_assisted,
            reps: row.reps,
            weight_kg: row.weight_kg,
            time_seconds: row.time_seconds,
            distance_meters: row.distance_meters,
        }),
    });
    Ok(done.collect())
}

/// Writes what exercise logs come to.
pub(super) async fn write_summaries(
    conn: &mut PgConnection,
    user: UserId,
    summaries: &[(ExerciseLogId, Summary)],
) -> sqlx::Result<()> {
    let column = |value: fn(&Summary) -> f64| -> Vec<f64> {
        summaries
            .iter()
            .map(|(_, summary)| value(summary))
            .collect()
    };
    let optional = |value: fn(&Summary) -> Option<f64>| -> Vec<Option<f64>> {
        summaries
            .iter()
            .map(|(_, summary)| value(summary))
            .collect()
    };
    let logs: Vec<Uuid> = summaries.iter().map(|(log, _)| log.0).collect();
    let sets: Vec<i32> = summaries.iter().map(|(_, summary)| summary.sets).collect();
    let reps: Vec<i32> = summaries.iter().map(|(_, summary)| summary.reps).collect();
    let best_sets: Vec<Option<Uuid>> = summaries
        .iter()
        .map(|(_, summary)| summary.best_set.map(|set| set.0))
        .collect();
    sqlx::query!(
        "
        UPDATE training.exercise_log l
           SET work_sets = new.sets, work_reps = new.reps, work_seconds = new.seconds, work_meters = new.meters,
               volume_kg = new.volume_kg, heaviest_kg = new.heaviest_kg, epley_kg = new.epley_kg,
               brzycki_kg = new.brzycki_kg, best_set_id = new.best_set_id
          FROM unnest($2::uuid[], $3::integer[], $4::integer[], $5::float8[], $6::float8[], $7::float8[], $8::float8[],
                      $9::float8[], $10::float8[], $11::uuid[])
               AS new (id, sets, reps, seconds, meters, volume_kg, heaviest_kg, epley_kg, brzycki_kg, best_set_id)
         WHERE l.user_id = $1 AND l.id = new.id
           AND (l.work_sets, l.work_reps, l.work_seconds, l.work_meters, l.volume_kg, l.heaviest_kg, l.epley_kg,
                l.brzycki_kg, l.best_set_id)
               IS DISTINCT FROM (new.sets, new.reps, new.seconds, new.meters, new.volume_kg, new.heaviest_kg,
                                 new.epley_kg, new.brzycki_kg, new.best_set_id)
        ",
        user.0,
        &logs,
        &sets,
        &reps,
        &column(|summary| summary.seconds),
        &column(|summary| summary.meters),
        &column(|summary| summary.volume_kg),
        &optional(|summary| summary.heaviest_kg) as &[Option<f64>],
        &optional(|summary| summary.epley_kg) as &[Option<f64>],
        &optional(|summary| summary.brzycki_kg) as &[Option<f64>],
        &best_sets as &[Option<Uuid>],
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// A set that was the best so far, as it is written down.
pub(super) struct MarkedSet {
    pub(super) set: SetLogId,
    pub(super) exercise_log: ExerciseLogId,
    pub(super) started_at: DateTime<Utc>,
    pub(super) mark: Mark,
}

/// Makes these sets, and no others from a time on, the marked ones of an exercise.
pub(super) async fn write_marks(
    conn: &mut PgConnection,
    user: UserId,
    exercise: ExerciseId,
    since: DateTime<Utc>,
    marks: &[MarkedSet],
) -> sqlx::Result<()> {
    let sets: Vec<Uuid> = marks.iter().map(|marked| marked.set.0).collect();
    let logs: Vec<Uuid> = marks.iter().map(|marked| marked.exercise_log.0).collect();
    let times: Vec<DateTime<Utc>> = marks.iter().map(|marked| marked.started_at).collect();
    let best: Vec<i16> = marks.iter().map(|marked| marked.mark.best.0).collect();
    let broken: Vec<i16> = marks.iter().map(|marked| marked.mark.broken.0).collect();
    sqlx::query!(
        "
        WITH gone AS (
            DELETE FROM training.personal_record
             WHERE user_id = $1 AND exercise_id = $2 AND started_at >= $3 AND set_log_id <> ALL ($4::uuid[]))
        INSERT INTO training.personal_record AS old
               (user_id, set_log_id, exercise_id, exercise_log_id, started_at, best, broken)
        SELECT $1, new.set_log_id, $2, new.exercise_log_id, new.started_at, new.best, new.broken
          FROM unnest($4::uuid[], $5::uuid[], $6::timestamptz[], $7::smallint[], $8::smallint[])
               AS new (set_log_id, exercise_log_id, started_at, best, broken)
        ON CONFLICT (user_id, set_log_id) DO UPDATE SET best = EXCLUDED.best, broken = EXCLUDED.broken
         WHERE (old.best, old.broken) <> (EXCLUDED.best, EXCLUDED.broken)
        ",
        user.0,
        exercise.0,
        since,
        &sets,
        &logs,
        &times,
        &best,
        &broken,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Those of the sets that beat an earlier one.
pub(super) async fn broken_by(
    conn: &mut PgConnection,
    users: &[Uuid],
    sets: &[Uuid],
) -> sqlx::Result<Vec<RecordSet>> {
    sqlx::query_as!(
        RecordSet,
        r#"
        SELECT p.user_id AS "user_id: UserId", p.set_log_id AS "set_log_id: SetLogId",
               p.exercise_id AS "exercise_id: ExerciseId", p.started_at, p.broken AS "kinds: RecordKinds", s.reps,
               s.weight::float8 AS weight, s.weight_unit AS "weight_unit: WeightUnit",
               s.weight_kg::float8 AS weight_kg,
               CASE WHEN p.broken & 16 = 0 THEN 0
                    ELSE (SELECT sum(o.volume_kg) FROM training.exercise_log o
                           WHERE o.user_id = l.user_id AND o.workout_id = l.workout_id AND o.exercise_id = l.exercise_id)
                END AS "volume_kg!"
          FROM unnest($1::uuid[], $2::uuid[]) AS wanted (user_id, id)
          JOIN training.personal_record p ON p.user_id = wanted.user_id AND p.set_log_id = wanted.id
          JOIN training.set_log s ON s.user_id = p.user_id AND s.id = p.set_log_id
          JOIN training.exercise_log l ON l.user_id = p.user_id AND l.id = p.exercise_log_id
         WHERE p.broken > 0
        "#,
        users,
        sets,
    )
    .fetch_all(conn)
    .await
}

/// The sets of exercises that were the best so far when they were done.
pub(super) async fn bests_of(
    conn: &mut PgConnection,
    users: &[Uuid],
    exercises: &[Uuid],
) -> sqlx::Result<Vec<RecordSet>> {
    sqlx::query_as!(
        RecordSet,
        r#"
        SELECT p.user_id AS "user_id: UserId", p.set_log_id AS "set_log_id: SetLogId",
               p.exercise_id AS "exercise_id: ExerciseId", p.started_at, p.best AS "kinds: RecordKinds", s.reps,
               s.weight::float8 AS weight, s.weight_unit AS "weight_unit: WeightUnit",
               s.weight_kg::float8 AS weight_kg,
               CASE WHEN p.best & 16 = 0 THEN 0
                    ELSE (SELECT sum(o.volume_kg) FROM training.exercise_log o
                           WHERE o.user_id = l.user_id AND o.workout_id = l.workout_id AND o.exercise_id = l.exercise_id)
                END AS "volume_kg!"
          FROM unnest($1::uuid[], $2::uuid[]) AS wanted (user_id, exercise_id)
          JOIN training.personal_record p ON p.user_id = wanted.user_id AND p.exercise_id = wanted.exercise_id
          JOIN training.set_log s ON s.user_id = p.user_id AND s.id = p.set_log_id
          JOIN training.exercise_log l ON l.user_id = p.user_id AND l.id = p.exercise_log_id
         ORDER BY p.started_at, l.workout_id, l.position, s.position
        "#,
        users,
        exercises,
    )
    .fetch_all(conn)
    .await
}
