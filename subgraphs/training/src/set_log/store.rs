//! The SQL of set logs and expected sets.

use chrono::{DateTime, Utc};
use setwise_graphql::WeightUnit;
use sqlx::PgConnection;
use uuid::Uuid;

use crate::{
    exercise_log::ExerciseLog,
    ids::{ExerciseLogId, ExpectedSetId, SetLogId, UserId},
    set::{
        Meters, Percent, PerformedSet, PlanDetails, PlannedSet, Reps, RestSeconds, Rpe, Seconds,
        SetKind, SetType, Weight, WeightKg,
    },
    set_log::{ExpectedSet, SetLog},
};

/// How many sets an exercise log holds, and the position of the last.
pub(super) struct End {
    pub(super) count: i64,
    pub(super) last_position: i32,
}

/// Where a new set goes, and when it was done.
#[derive(Debug, Clone, Copy)]
pub(super) struct New {
    pub(super) id: SetLogId,
    pub(super) position: i32,
    pub(super) performed_at: DateTime<Utc>,
}

/// A set log and the exercise log that asked for it as its previous one.
pub(super) struct Previous {
    pub(super) asking_log: ExerciseLogId,
    pub(super) set_log: SetLog,
}

pub(super) async fn by_id(
    conn: &mut PgConnection,
    log: &ExerciseLog,
    id: SetLogId,
) -> sqlx::Result<Option<SetLog>> {
    sqlx::query_as!(
        SetLog,
        r#"
        SELECT user_id AS "user_id: UserId", id AS "id: SetLogId", exercise_log_id AS "exercise_log_id: ExerciseLogId",
               position, type AS "set_type: SetType", reps, weight::float8 AS weight,
               weight_unit AS "weight_unit: WeightUnit", weight_kg::float8 AS weight_kg,
               $4::text AS "shown_unit!: WeightUnit", time_seconds::float8 AS time_seconds,
               distance_meters::float8 AS distance_meters,
               kind AS "kind: SetKind", rpe::float8 AS rpe, coalesce(performed_at, created_at) AS "performed_at!", created_at, updated_at
          FROM training.set_log WHERE user_id = $1 AND exercise_log_id = $2 AND id = $3
        "#,
        log.user_id.0,
        log.id.0,
        id.0,
        log.weight_unit.symbol(),
    )
    .fetch_optional(conn)
    .await
}

pub(super) async fn by_ids(
    conn: &mut PgConnection,
    users: &[Uuid],
    ids: &[Uuid],
) -> sqlx::Result<Vec<SetLog>> {
    sqlx::query_as!(
        SetLog,
        r#"
        SELECT s.user_id AS "user_id: UserId", s.id AS "id: SetLogId", s.exercise_log_id AS "exercise_log_id: ExerciseLogId",
               s.position, s.type AS "set_type: SetType", s.reps, s.weight::float8 AS weight,
               s.weight_unit AS "weight_unit: WeightUnit", s.weight_kg::float8 AS weight_kg,
               l.weight_unit AS "shown_unit: WeightUnit", s.time_seconds::float8 AS time_seconds,
               s.distance_meters::float8 AS distance_meters,
               s.kind AS "kind: SetKind", s.rpe::float8 AS rpe, coalesce(s.performed_at, s.created_at) AS "performed_at!",
               s.created_at, s.updated_at
          FROM unnest($1::uuid[], $2::uuid[]) AS wanted (user_id, id)
          JOIN training.set_log s ON s.user_id = wanted.user_id AND s.id = wanted.id
          JOIN training.exercise_log l ON l.user_id = s.user_id AND l.id = s.exercise_log_id
        "#,
        users,
        ids,
    )
    .fetch_all(conn)
    .await
}

pub(super) async fn of_exercise_logs(
    conn: &mut PgConnection,
    users: &[Uuid],
    logs: &[Uuid],
) -> sqlx::Result<Vec<SetLog>> {
    sqlx::query_as!(
        SetLog,
        r#"
        SELECT s.user_id AS "user_id: UserId", s.id AS "id: SetLogId", s.exercise_log_id AS "exercise_log_id: ExerciseLogId",
               s.position, s.type AS "set_type: SetType", s.reps, s.weight::float8 AS weight,
               s.weight_unit AS "weight_unit: WeightUnit", s.weight_kg::float8 AS weight_kg,
               l.weight_unit AS "shown_unit: WeightUnit", s.time_seconds::float8 AS time_seconds,
               s.distance_meters::float8 AS distance_meters,
               s.kind AS "kind: SetKind", s.rpe::float8 AS rpe, coalesce(s.performed_at, s.created_at) AS "performed_at!",
               s.created_at, s.updated_at
          FROM unnest($1::uuid[], $2::uuid[]) AS wanted (user_id, exercise_log_id)
          JOIN training.exercise_log l ON l.user_id = wanted.user_id AND l.id = wanted.exercise_log_id
          JOIN training.set_log s ON s.user_id = l.user_id AND s.exercise_log_id = l.id
         ORDER BY s.user_id, s.exercise_log_id, s.position
        "#,
        users,
        logs,
    )
    .fetch_all(conn)
    .await
}

/// The sets of the latest finished workout with the same exercise before the workout of each exercise log. As joins the
/// planner would walk through all logs of the exercise, and all workouts, for each log: these subqueries it leaves alone, and
/// the order is that of `exercise_log_history`, so that the first one found is the latest.
pub(super) async fn previous(
    conn: &mut PgConnection,
    users: &[Uuid],
    logs: &[Uuid],
) -> sqlx::Result<Vec<Previous>> {
    let rows = sqlx::query!(
        r#"
        SELECT l.id AS "asking_log: ExerciseLogId",
               s.user_id AS "user_id: UserId", s.id AS "id: SetLogId", s.exercise_log_id AS "exercise_log_id: ExerciseLogId",
               s.position, s.type AS "set_type: SetType", s.reps, s.weight::float8 AS weight,
               s.weight_unit AS "weight_unit: WeightUnit", s.weight_kg::float8 AS weight_kg,
               done.weight_unit AS "shown_unit: WeightUnit", s.time_seconds::float8 AS time_seconds,
               s.distance_meters::float8 AS distance_meters,
               s.kind AS "kind: SetKind", s.rpe::float8 AS rpe, coalesce(s.performed_at, s.created_at) AS "performed_at!",
               s.created_at, s.updated_at
          FROM unnest($1::uuid[], $2::uuid[]) AS wanted (user_id, id)
          JOIN training.exercise_log l ON l.user_id = wanted.user_id AND l.id = wanted.id
         CROSS JOIN LATERAL (
               SELECT earlier.workout_id, earlier.started_at
                 FROM training.exercise_log earlier
                WHERE earlier.user_id = l.user_id AND earlier.exercise_id = l.exercise_id
                  AND (earlier.started_at, earlier.workout_id) < (l.started_at, l.workout_id)
                  AND (SELECT w.finished_at IS NOT NULL FROM training.workout w
                        WHERE w.user_id = earlier.user_id AND w.id = earlier.workout_id)
                ORDER BY earlier.started_at DESC, earlier.id DESC
                LIMIT 1) AS latest
         CROSS JOIN LATERAL (
               SELECT same.* FROM training.exercise_log same
                WHERE same.user_id = l.user_id AND same.workout_id = latest.workout_id AND same.exercise_id = l.exercise_id
               OFFSET 0) AS done
          JOIN training.set_log s ON s.user_id = done.user_id AND s.exercise_log_id = done.id
         ORDER BY l.id, done.position, s.position
        "#,
        users,
        logs,
    )
    .fetch_all(conn)
    .await?;
    Ok(rows
        .into_iter()
        .map(|row| Previous {
            asking_log: row.asking_log,
            set_log: SetLog {
                user_id: row.user_id,
                id: row.id,
                exercise_log_id: row.exercise_log_id,
                position: row.position,
                set_type: row.set_type,
                reps: row.reps,
                weight: row.weight,
                weight_unit: row.weight_unit,
                weight_kg: row.weight_kg,
                shown_unit: row.shown_unit,
                time_seconds: row.time_seconds,
                distance_meters: row.distance_meters,
                kind: row.kind,
                rpe: row.rpe,
                performed_at: row.performed_at,
                created_at: row.created_at,
                updated_at: row.updated_at,
            },
        })
        .collect())
}

pub(super) async fn expected_of_exercise_logs(
    conn: &mut PgConnection,
    users: &[Uuid],
    logs: &[Uuid],
) -> sqlx::Result<Vec<ExpectedSet>> {
    sqlx::query_as!(
        ExpectedSet,
        r#"
        SELECT s.user_id AS "user_id: UserId", s.id AS "id: ExpectedSetId",
               s.exercise_log_id AS "exercise_log_id: ExerciseLogId", s.position, s.type AS "set_type: SetType",
               s.reps, s.weight_kg::float8 AS weight_kg, l.weight_unit AS "shown_unit: WeightUnit",
               s.time_seconds::float8 AS time_seconds,
               s.kind AS "kind: SetKind", s.max_reps, s.percent_of_max::float8 AS percent_of_max, s.rpe::float8 AS rpe,
               s.rest_seconds, s.created_at, s.updated_at
          FROM unnest($1::uuid[], $2::uuid[]) AS wanted (user_id, exercise_log_id)
          JOIN training.exercise_log l ON l.user_id = wanted.user_id AND l.id = wanted.exercise_log_id
          JOIN training.expected_set s ON s.user_id = l.user_id AND s.exercise_log_id = l.id
         ORDER BY s.user_id, s.exercise_log_id, s.position
        "#,
        users,
        logs,
    )
    .fetch_all(conn)
    .await
}

pub(super) async fn end_of_exercise_log(
    conn: &mut PgConnection,
    log: &ExerciseLog,
) -> sqlx::Result<End> {
    sqlx::query_as!(
        End,
        r#"
        SELECT count(*) AS "count!", coalesce(max(position), 0) AS "last_position!"
          FROM training.set_log WHERE user_id = $1 AND exercise_log_id = $2
        "#,
        log.user_id.0,
        log.id.0,
    )
    .fetch_one(conn)
    .await
}

pub(super) async fn insert(
    conn: &mut PgConnection,
    log: &ExerciseLog,
    new: New,
    set: PerformedSet,
    now: DateTime<Utc>,
) -> sqlx::Result<SetLog> {
    sqlx::query_as!(
        SetLog,
        r#"
        INSERT INTO training.set_log
               (user_id, id, exercise_log_id, position, type, reps, weight, weight_unit, time_seconds, distance_meters, kind, rpe,
                performed_at, created_at, updated_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7::float8::numeric, $8, $9::float8::numeric, $10::float8::numeric, $13, $14::float8::numeric, $15, $11, $11)
        RETURNING user_id AS "user_id: UserId", id AS "id: SetLogId", exercise_log_id AS "exercise_log_id: ExerciseLogId",
                  position, type AS "set_type: SetType", reps, weight::float8 AS weight,
                  weight_unit AS "weight_unit: WeightUnit", weight_kg::float8 AS weight_kg,
                  $12::text AS "shown_unit!: WeightUnit", time_seconds::float8 AS time_seconds,
                  distance_meters::float8 AS distance_meters,
               kind AS "kind: SetKind", rpe::float8 AS rpe, coalesce(performed_at, created_at) AS "performed_at!", created_at, updated_at
        "#,
        log.user_id.0,
        new.id.0,
        log.id.0,
        new.position,
        set.set_type.as_str(),
        set.reps.map(Reps::get),
        set.weight.map(Weight::value),
        set.weight.map(|weight| weight.unit().symbol()),
        set.time.map(Seconds::get),
        set.distance.map(Meters::get),
        now,
        log.weight_unit.symbol(),
        set.kind.as_str(),
        set.rpe.map(Rpe::get),
        new.performed_at,
    )
    .fetch_one(conn)
    .await
}

pub(super) async fn update(
    conn: &mut PgConnection,
    log: &ExerciseLog,
    id: SetLogId,
    set: PerformedSet,
    now: DateTime<Utc>,
) -> sqlx::Result<SetLog> {
    sqlx::query_as!(
        SetLog,
        r#"
        UPDATE training.set_log
           SET type = $4, reps = $5, weight = $6::float8::numeric, weight_unit = $7,
               time_seconds = $8::float8::numeric, distance_meters = $9::float8::numeric, kind = $12, rpe = $13::float8::numeric,
               updated_at = $10
         WHERE user_id = $1 AND exercise_log_id = $2 AND id = $3
        RETURNING user_id AS "user_id: UserId", id AS "id: SetLogId", exercise_log_id AS "exercise_log_id: ExerciseLogId",
                  position, type AS "set_type: SetType", reps, weight::float8 AS weight,
                  weight_unit AS "weight_unit: WeightUnit", weight_kg::float8 AS weight_kg,
                  $11::text AS "shown_unit!: WeightUnit", time_seconds::float8 AS time_seconds,
                  distance_meters::float8 AS distance_meters,
               kind AS "kind: SetKind", rpe::float8 AS rpe, coalesce(performed_at, created_at) AS "performed_at!", created_at, updated_at
        "#,
        log.user_id.0,
        log.id.0,
        id.0,
        set.set_type.as_str(),
        set.reps.map(Reps::get),
        set.weight.map(Weight::value),
        set.weight.map(|weight| weight.unit().symbol()),
        set.time.map(Seconds::get),
        set.distance.map(Meters::get),
        now,
        log.weight_unit.symbol(),
        set.kind.as_str(),
        set.rpe.map(Rpe::get),
    )
    .fetch_one(conn)
    .await
}

pub(super) async fn delete(
    conn: &mut PgConnection,
    log: &ExerciseLog,
    id: SetLogId,
) -> sqlx::Result<bool> {
    let deleted = sqlx::query!(
        "DELETE FROM training.set_log WHERE user_id = $1 AND exercise_log_id = $2 AND id = $3",
        log.user_id.0,
        log.id.0,
        id.0,
    )
    .execute(conn)
    .await?;
    Ok(deleted.rows_affected() > 0)
}

/// Inserts sets at their positions into exercise logs.
pub(crate) async fn insert_many(
    conn: &mut PgConnection,
    user: UserId,
    sets: &[(ExerciseLogId, i32, PerformedSet)],
    now: DateTime<Utc>,
) -> sqlx::Result<()> {
    let ids: Vec<Uuid> = sets.iter().map(|_| SetLogId::new().0).collect();
    let logs: Vec<Uuid> = sets.iter().map(|(log, ..)| log.0).collect();
    let positions: Vec<i32> = sets.iter().map(|(_, position, _)| *position).collect();
    let sets: Vec<PerformedSet> = sets.iter().map(|(.., set)| *set).collect();
    let types: Vec<&str> = sets.iter().map(|set| set.set_type.as_str()).collect();
    let reps: Vec<Option<i32>> = sets.iter().map(|set| set.reps.map(Reps::get)).collect();
    let weights: Vec<Option<f64>> = sets
        .iter()
        .map(|set| set.weight.map(Weight::value))
        .collect();
    let units: Vec<Option<&str>> = sets
        .iter()
        .map(|set| set.weight.map(|weight| weight.unit().symbol()))
        .collect();
    let times: Vec<Option<f64>> = sets.iter().map(|set| set.time.map(Seconds::get)).collect();
    let distances: Vec<Option<f64>> = sets
        .iter()
        .map(|set| set.distance.map(Meters::get))
        .collect();
    let kinds: Vec<&str> = sets.iter().map(|set| set.kind.as_str()).collect();
    let rpes: Vec<Option<f64>> = sets.iter().map(|set| set.rpe.map(Rpe::get)).collect();
    sqlx::query!(
        "
        INSERT INTO training.set_log
               (user_id, id, exercise_log_id, position, type, reps, weight, weight_unit, time_seconds, distance_meters, kind, rpe,
                created_at, updated_at)
        SELECT $1, id, exercise_log_id, position, type, reps, weight::numeric, weight_unit, time_seconds::numeric, distance_meters::numeric,
               kind, rpe::numeric, $11, $11
          FROM unnest($2::uuid[], $3::uuid[], $4::integer[], $5::text[], $6::integer[], $7::float8[], $8::text[], $9::float8[], $10::float8[],
                      $12::text[], $13::float8[])
               AS new (id, exercise_log_id, position, type, reps, weight, weight_unit, time_seconds, distance_meters, kind, rpe)
        ",
        user.0,
        &ids,
        &logs,
        &positions,
        &types as &[&str],
        &reps as &[Option<i32>],
        &weights as &[Option<f64>],
        &units as &[Option<&str>],
        &times as &[Option<f64>],
        &distances as &[Option<f64>],
        now,
        &kinds as &[&str],
        &rpes as &[Option<f64>],
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Inserts expected sets at their positions into exercise logs.
pub(crate) async fn expect_many(
    conn: &mut PgConnection,
    user: UserId,
    sets: &[(ExerciseLogId, i32, PlannedSet)],
    now: DateTime<Utc>,
) -> sqlx::Result<()> {
    let ids: Vec<Uuid> = sets.iter().map(|_| ExpectedSetId::new().0).collect();
    let logs: Vec<Uuid> = sets.iter().map(|(log, ..)| log.0).collect();
    let positions: Vec<i32> = sets.iter().map(|(_, position, _)| *position).collect();
    let sets: Vec<PlannedSet> = sets.iter().map(|(.., set)| *set).collect();
    let types: Vec<&str> = sets.iter().map(|set| set.set_type.as_str()).collect();
    let reps: Vec<Option<i32>> = sets.iter().map(|set| set.reps.map(Reps::get)).collect();
    let weights: Vec<Option<f64>> = sets
        .iter()
        .map(|set| set.weight.map(WeightKg::get))
        .collect();
    let times: Vec<Option<f64>> = sets.iter().map(|set| set.time.map(Seconds::get)).collect();
    let details: Vec<PlanDetails> = sets.iter().map(|set| set.details).collect();
    let kinds: Vec<&str> = details.iter().map(|set| set.kind.as_str()).collect();
    let max_reps: Vec<Option<i32>> = details
        .iter()
        .map(|set| set.max_reps.map(Reps::get))
        .collect();
    let percents: Vec<Option<f64>> = details
        .iter()
        .map(|set| set.percent_of_max.map(Percent::get))
        .collect();
    let rpes: Vec<Option<f64>> = details.iter().map(|set| set.rpe.map(Rpe::get)).collect();
    let rests: Vec<Option<i32>> = details
        .iter()
        .map(|set| set.rest.map(RestSeconds::get))
        .collect();
    sqlx::query!(
        "
        INSERT INTO training.expected_set
               (user_id, id, exercise_log_id, position, type, reps, weight_kg, time_seconds, kind, max_reps,
                percent_of_max, rpe, rest_seconds, created_at, updated_at)
        SELECT $1, id, exercise_log_id, position, type, reps, weight_kg::numeric, time_seconds::numeric, kind, max_reps,
               percent_of_max::numeric, rpe::numeric, rest_seconds, $9, $9
          FROM unnest($2::uuid[], $3::uuid[], $4::integer[], $5::text[], $6::integer[], $7::float8[], $8::float8[],
                      $10::text[], $11::integer[], $12::float8[], $13::float8[], $14::integer[])
               AS new (id, exercise_log_id, position, type, reps, weight_kg, time_seconds, kind, max_reps, percent_of_max, rpe, rest_seconds)
        ",
        user.0,
        &ids,
        &logs,
        &positions,
        &types as &[&str],
        &reps as &[Option<i32>],
        &weights as &[Option<f64>],
        &times as &[Option<f64>],
        now,
        &kinds as &[&str],
        &max_reps as &[Option<i32>],
        &percents as &[Option<f64>],
        &rpes as &[Option<f64>],
        &rests as &[Option<i32>],
    )
    .execute(conn)
    .await?;
    Ok(())
}
