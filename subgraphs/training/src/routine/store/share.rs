//! The SQL of shared routines.

use chrono::{DateTime, Utc};
use sqlx::PgConnection;
use uuid::Uuid;

use crate::{
    ids::{RoutineId, UserId},
    routine::RoutineShare,
};

/// Shares a routine by a token, or by the one that it is shared by already.
pub(in crate::routine) async fn insert_share(
    conn: &mut PgConnection,
    user: UserId,
    routine: RoutineId,
    token: &str,
    now: DateTime<Utc>,
) -> sqlx::Result<RoutineShare> {
    sqlx::query_as!(
        RoutineShare,
        r#"
        INSERT INTO training.routine_share (token, user_id, routine_id, created_at)
        VALUES ($3, $1, $2, $4)
        ON CONFLICT (user_id, routine_id) DO UPDATE SET token = routine_share.token
        RETURNING user_id AS "user_id: UserId", routine_id AS "routine_id: RoutineId", token, created_at
        "#,
        user.0,
        routine.0,
        token,
        now,
    )
    .fetch_one(conn)
    .await
}

pub(in crate::routine) async fn delete_share(
    conn: &mut PgConnection,
    user: UserId,
    routine: RoutineId,
) -> sqlx::Result<()> {
    sqlx::query!(
        "DELETE FROM training.routine_share WHERE user_id = $1 AND routine_id = $2",
        user.0,
        routine.0,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// The links of routines.
pub(in crate::routine) async fn share_of(
    conn: &mut PgConnection,
    users: &[Uuid],
    routines: &[Uuid],
) -> sqlx::Result<Vec<RoutineShare>> {
    sqlx::query_as!(
        RoutineShare,
        r#"
        SELECT s.user_id AS "user_id: UserId", s.routine_id AS "routine_id: RoutineId", s.token, s.created_at
          FROM unnest($1::uuid[], $2::uuid[]) AS wanted (user_id, routine_id)
          JOIN training.routine_share s ON s.user_id = wanted.user_id AND s.routine_id = wanted.routine_id
        "#,
        users,
        routines,
    )
    .fetch_all(conn)
    .await
}

/// What a token opens.
pub(in crate::routine) async fn shared(
    conn: &mut PgConnection,
    token: &str,
) -> sqlx::Result<Option<RoutineShare>> {
    sqlx::query_as!(
        RoutineShare,
        r#"
        SELECT user_id AS "user_id: UserId", routine_id AS "routine_id: RoutineId", token, created_at
          FROM training.routine_share WHERE token = $1
        "#,
        token,
    )
    .fetch_optional(conn)
    .await
}
