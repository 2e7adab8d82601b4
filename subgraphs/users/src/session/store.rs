//! All SQL of sessions.

use chrono::{DateTime, TimeDelta, Utc};
use sqlx::PgConnection;
use uuid::Uuid;

use super::token::Hash;
use crate::account::UserId;

/// One row of `users.session`.
pub(super) struct Session {
    pub id: Uuid,
    pub user_id: UserId,
    pub expires_at: DateTime<Utc>,
}

/// Whether a refresh token was used, seen from a transaction.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Use {
    Never,
    /// Used a moment ago, and no later token of the session was used since.
    WithinGrace,
    /// Used after this transaction began: by a request that overlaps.
    Meanwhile,
    /// Used before this transaction began.
    Before,
}

pub(super) async fn insert(
    conn: &mut PgConnection,
    session: &Session,
    now: DateTime<Utc>,
) -> sqlx::Result<()> {
    sqlx::query!(
        r#"
        INSERT INTO users.session (id, user_id, created_at, expires_at)
        VALUES ($1, $2, $3, $4)
        "#,
        session.id,
        session.user_id.0,
        now,
        session.expires_at,
    )
    .execute(conn)
    .await?;
    Ok(())
}

pub(super) async fn insert_token(
    conn: &mut PgConnection,
    hash: &Hash,
    session_id: Uuid,
    now: DateTime<Utc>,
) -> sqlx::Result<()> {
    sqlx::query!(
        r#"
        INSERT INTO users.refresh_token (hash, session_id, issued_at)
        VALUES ($1, $2, $3)
        "#,
        &hash[..],
        session_id,
        now,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// The session, locked: what becomes of its tokens happens one after another.
pub(super) async fn find_for_update(
    conn: &mut PgConnection,
    id: Uuid,
) -> sqlx::Result<Option<Session>> {
    sqlx::query_as!(
        Session,
        r#"
        SELECT id, user_id AS "user_id: UserId", expires_at
        FROM users.session
        WHERE id = $1
        FOR UPDATE
        "#,
        id,
    )
    .fetch_optional(conn)
    .await
}

/// Whether a token of the session was used; `None` when it is not one of the
/// session. The database's clock alone tells which use came first: the clocks
/// of the services differ.
pub(super) async fn find_use(
    conn: &mut PgConnection,
    session_id: Uuid,
    hash: &Hash,
    grace: TimeDelta,
) -> sqlx::Result<Option<Use>> {
    let row = sqlx::query!(
        r#"
        SELECT
            used_at IS NULL AS "never!",
            coalesce(used_at >= now(), false) AS "meanwhile!",
            coalesce(used_at + $3 > clock_timestamp(), false) AND NOT EXISTS (
                SELECT FROM users.refresh_token AS later
                WHERE later.session_id = token.session_id AND later.used_at > token.used_at
            ) AS "within_grace!"
        FROM users.refresh_token AS token
        WHERE hash = $1 AND session_id = $2
        "#,
        &hash[..],
        session_id,
        grace as TimeDelta,
    )
    .fetch_optional(conn)
    .await?;
    Ok(row.map(|row| match row {
        row if row.never => Use::Never,
        row if row.within_grace => Use::WithinGrace,
        row if row.meanwhile => Use::Meanwhile,
        _ => Use::Before,
    }))
}

/// Keeps the time of the first use.
pub(super) async fn mark_used(conn: &mut PgConnection, hash: &Hash) -> sqlx::Result<()> {
    sqlx::query!(
        r#"
        UPDATE users.refresh_token
        SET used_at = clock_timestamp()
        WHERE hash = $1 AND used_at IS NULL
        "#,
        &hash[..],
    )
    .execute(conn)
    .await?;
    Ok(())
}

pub(super) async fn delete(conn: &mut PgConnection, id: Uuid) -> sqlx::Result<()> {
    sqlx::query!(
        r#"
        DELETE FROM users.session
        WHERE id = $1
        "#,
        id,
    )
    .execute(conn)
    .await?;
    Ok(())
}

pub(super) async fn delete_by_token(conn: &mut PgConnection, hash: &Hash) -> sqlx::Result<()> {
    sqlx::query!(
        r#"
        DELETE FROM users.session
        USING users.refresh_token AS token
        WHERE token.hash = $1 AND session.id = token.session_id
        "#,
        &hash[..],
    )
    .execute(conn)
    .await?;
    Ok(())
}

pub(super) async fn delete_expired(
    conn: &mut PgConnection,
    now: DateTime<Utc>,
) -> sqlx::Result<u64> {
    let deleted = sqlx::query!(
        r#"
        DELETE FROM users.session
        WHERE expires_at <= $1
        "#,
        now,
    )
    .execute(conn)
    .await?;
    Ok(deleted.rows_affected())
}
