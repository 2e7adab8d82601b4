//! The SQL of the demo.

use sqlx::PgConnection;

use crate::ids::UserId;

pub(super) async fn has_workouts(conn: &mut PgConnection, user: UserId) -> sqlx::Result<bool> {
    sqlx::query_scalar!(
        r#"SELECT EXISTS (SELECT FROM training.workout WHERE user_id = $1) AS "has_workouts!""#,
        user.0,
    )
    .fetch_one(conn)
    .await
}
