//! The SQL of routine sets.

use chrono::{DateTime, Utc};
use sqlx::PgConnection;
use uuid::Uuid;

use crate::{
    ids::{ExerciseInstanceId, RoutineSetId, UserId},
    routine::{InstancePath, RoutineSet, store::End},
    set::{Percent, PlannedSet, Reps, RestSeconds, Rpe, Seconds, WeightKg},
};

pub(in crate::routine) async fn sets_of_instances(
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
               s.time_seconds::float8 AS time_seconds, s.kind AS "kind: _", s.max_reps,
               s.percent_of_max::float8 AS percent_of_max, s.rpe::float8 AS rpe, s.rest_seconds, s.created_at, s.updated_at
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

pub(in crate::routine) async fn end_of_instance(
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

pub(in crate::routine) async fn insert_set(
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
               (user_id, id, exercise_instance_id, position, type, reps, weight_kg, time_seconds, kind, max_reps,
                percent_of_max, rpe, rest_seconds, created_at, updated_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7::float8::numeric, $8::float8::numeric, $10, $11, $12::float8::numeric,
                $13::float8::numeric, $14, $9, $9)
        RETURNING user_id AS "user_id: UserId", id AS "id: RoutineSetId",
                  exercise_instance_id AS "exercise_instance_id: ExerciseInstanceId", position,
                  type AS "set_type: _", reps, weight_kg::float8 AS weight_kg,
                  time_seconds::float8 AS time_seconds, kind AS "kind: _", max_reps,
                  percent_of_max::float8 AS percent_of_max, rpe::float8 AS rpe, rest_seconds, created_at, updated_at
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
        set.details.kind.as_str(),
        set.details.max_reps.map(Reps::get),
        set.details.percent_of_max.map(Percent::get),
        set.details.rpe.map(Rpe::get),
        set.details.rest.map(RestSeconds::get),
    )
    .fetch_one(conn)
    .await
}

pub(in crate::routine) async fn update_set(
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
           SET type = $4, reps = $5, weight_kg = $6::float8::numeric, time_seconds = $7::float8::numeric, kind = $9,
               max_reps = $10, percent_of_max = $11::float8::numeric, rpe = $12::float8::numeric, rest_seconds = $13,
               updated_at = $8
         WHERE user_id = $1 AND exercise_instance_id = $2 AND id = $3
        RETURNING user_id AS "user_id: UserId", id AS "id: RoutineSetId",
                  exercise_instance_id AS "exercise_instance_id: ExerciseInstanceId", position,
                  type AS "set_type: _", reps, weight_kg::float8 AS weight_kg,
                  time_seconds::float8 AS time_seconds, kind AS "kind: _", max_reps,
                  percent_of_max::float8 AS percent_of_max, rpe::float8 AS rpe, rest_seconds, created_at, updated_at
        "#,
        path.user.0,
        path.instance.0,
        id.0,
        set.set_type.as_str(),
        set.reps.map(Reps::get),
        set.weight.map(WeightKg::get),
        set.time.map(Seconds::get),
        now,
        set.details.kind.as_str(),
        set.details.max_reps.map(Reps::get),
        set.details.percent_of_max.map(Percent::get),
        set.details.rpe.map(Rpe::get),
        set.details.rest.map(RestSeconds::get),
    )
    .fetch_optional(conn)
    .await
}

pub(in crate::routine) async fn delete_set(
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
