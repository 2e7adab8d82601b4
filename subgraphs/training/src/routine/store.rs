//! The SQL of routines.

mod copy;
mod instance;
mod set;
mod share;

use chrono::{DateTime, Utc};
use sqlx::PgConnection;
use uuid::Uuid;

use crate::{
    ids::{RoutineId, UserId},
    routine::{Routine, RoutineDescription, RoutineName},
};

pub(super) use copy::{
    Copying, copy_exercise_logs, copy_instances, copy_set_logs, copy_sets, exercise_logs_to_copy,
    instances_to_copy, set_logs_to_copy, sets_to_copy,
};
pub(super) use instance::{
    delete_instance, end_of_routine, insert_instance, instance_ids, instances_by_ids,
    instances_of_routines, set_positions, touch_instance, update_instance,
};
pub(super) use set::{delete_set, end_of_instance, insert_set, sets_of_instances, update_set};
pub(super) use share::{delete_share, insert_share, share_of, shared};

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
               r.archived_at, r.created_at, r.updated_at
          FROM unnest($1::uuid[], $2::uuid[]) AS wanted (user_id, id)
          JOIN training.routine r ON r.user_id = wanted.user_id AND r.id = wanted.id
        "#,
        users,
        ids,
    )
    .fetch_all(conn)
    .await
}

/// The routines of a user after a cursor, newest first: the archived ones, or the others.
pub(super) async fn page(
    conn: &mut PgConnection,
    user: UserId,
    archived: bool,
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
               r.archived_at, r.created_at, r.updated_at
          FROM training.routine r
         WHERE r.user_id = $1 AND (r.archived_at IS NOT NULL) = $5
           AND (r.created_at, r.id) < (coalesce($3::timestamptz, 'infinity'), coalesce($4::uuid, 'ffffffff-ffff-ffff-ffff-ffffffffffff'))
         ORDER BY r.created_at DESC, r.id DESC
         LIMIT $2
        "#,
        user.0,
        limit,
        after_time,
        after_id,
        archived,
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
                  0 AS "exercise_count!", archived_at, created_at, updated_at
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
                  r.archived_at, r.created_at, r.updated_at
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

/// Archives a routine, or with no time takes it back.
pub(super) async fn set_archived(
    conn: &mut PgConnection,
    user: UserId,
    id: RoutineId,
    archived_at: Option<DateTime<Utc>>,
    now: DateTime<Utc>,
) -> sqlx::Result<Option<Routine>> {
    sqlx::query_as!(
        Routine,
        r#"
        UPDATE training.routine r
           SET archived_at = CASE WHEN $3::timestamptz IS NULL THEN NULL ELSE coalesce(r.archived_at, $3) END, updated_at = $4
         WHERE r.user_id = $1 AND r.id = $2
        RETURNING r.user_id AS "user_id: UserId", r.id AS "id: RoutineId", r.name, r.description,
                  (SELECT count(*)::integer FROM training.exercise_instance i
                    WHERE i.user_id = r.user_id AND i.routine_id = r.id) AS "exercise_count!",
                  r.archived_at, r.created_at, r.updated_at
        "#,
        user.0,
        id.0,
        archived_at,
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
