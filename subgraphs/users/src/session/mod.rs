//! Sessions: a sign-in, its short access tokens and its rotating refresh token.

mod graphql;
mod store;
#[cfg(test)]
mod tests;
mod token;

use async_graphql::SimpleObject;
use chrono::{DateTime, SubsecRound, TimeDelta, Utc};
use setwise_auth::{TokenIssuer, TokenVerifier, Viewer};
use setwise_service::Secret;
use sqlx::{PgConnection, PgPool};
use uuid::Uuid;

use crate::account::{self, Email, Hasher, UserId};

pub(crate) use graphql::SessionMutation;
use store::Use;
use token::RefreshToken;

/// How long tokens live.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Lifetimes {
    pub access: TimeDelta,
    /// Counted from the sign-in; no refresh prolongs it.
    pub refresh: TimeDelta,
    /// How long a used refresh token still works, unless a later one of its
    /// session was used meanwhile.
    pub grace: TimeDelta,
}

/// What access tokens are made and checked with.
#[derive(Clone)]
pub(crate) struct Signing {
    pub issuer: TokenIssuer,
    pub verifier: TokenVerifier,
    pub lifetimes: Lifetimes,
}

/// The tokens of a session.
#[derive(SimpleObject, Clone)]
pub(crate) struct Tokens {
    /// Goes into `Authorization: Bearer`.
    pub access_token: String,
    /// When the access token has to be refreshed.
    pub access_token_expires_at: DateTime<Utc>,
    /// Works once, in refreshSession.
    pub refresh_token: String,
    /// When the person has to sign in again.
    pub refresh_token_expires_at: DateTime<Utc>,
}

/// What became of a refresh.
pub(crate) enum Refresh {
    Rotated {
        user_id: UserId,
        tokens: Tokens,
    },
    /// Commit all the same: the session may have been revoked.
    Refused,
}

/// The account behind an address and a password, if they are right. Takes as
/// long when there is no such account.
#[tracing::instrument(skip_all, name = "session.check_credentials")]
pub(crate) async fn check_credentials(
    pool: &PgPool,
    hasher: &Hasher,
    email: &str,
    password: Secret,
) -> anyhow::Result<Option<UserId>> {
    let found = match Email::parse(email) {
        Ok(email) => {
            // The connection goes back before the hashing, which takes its time.
            let mut conn = pool.acquire().await?;
            account::store::find_credentials(&mut conn, &email).await?
        }
        Err(_) => None,
    };
    let (user_id, hash) = found
        .map(|found| (found.user_id, found.password_hash))
        .unzip();
    let right = hasher.verify(password, hash).await?;
    Ok(user_id.filter(|_| right))
}

/// Starts a session with its first tokens.
#[tracing::instrument(skip_all, name = "session.open", fields(user.id = %user_id.0))]
pub(crate) async fn open(
    conn: &mut PgConnection,
    signing: &Signing,
    user_id: UserId,
    now: DateTime<Utc>,
) -> anyhow::Result<Tokens> {
    let session = store::Session {
        id: Uuid::now_v7(),
        user_id,
        expires_at: (now + signing.lifetimes.refresh).trunc_subsecs(6),
    };
    store::insert(conn, &session, now).await?;
    issue(conn, signing, &session, now).await
}

/// Takes a pair of tokens and answers the next.
///
/// A refresh token works once. When one comes back, somebody else has it: the
/// whole session is revoked. Not so for requests that overlap, as those of two
/// tabs do: the row lock lets one of them win, and the other is only refused
/// (or, within the grace, answered as well).
#[tracing::instrument(skip_all, name = "session.refresh", fields(user.id = %viewer.user_id))]
pub(crate) async fn refresh(
    conn: &mut PgConnection,
    signing: &Signing,
    viewer: Viewer,
    refresh_token: &str,
    now: DateTime<Utc>,
) -> anyhow::Result<Refresh> {
    let session = store::find_for_update(conn, viewer.session_id).await?;
    let Some(session) = session.filter(|session| session.expires_at > now) else {
        return Ok(Refresh::Refused);
    };
    let hash = RefreshToken::hash_of(refresh_token);
    match store::find_use(conn, session.id, &hash, signing.lifetimes.grace).await? {
        Some(Use::Never | Use::WithinGrace) => {
            store::mark_used(conn, &hash).await?;
            let tokens = issue(conn, signing, &session, now).await?;
            let user_id = session.user_id;
            Ok(Refresh::Rotated { user_id, tokens })
        }
        Some(Use::Meanwhile) | None => Ok(Refresh::Refused),
        Some(Use::Before) => {
            tracing::warn!(
                user.id = %session.user_id.0,
                session.id = %session.id,
                "a used refresh token came back: its session is revoked"
            );
            store::delete(conn, session.id).await?;
            Ok(Refresh::Refused)
        }
    }
}

/// Ends the session of a refresh token, if there is one.
#[tracing::instrument(skip_all, name = "session.close")]
pub(crate) async fn close(conn: &mut PgConnection, refresh_token: &str) -> sqlx::Result<()> {
    store::delete_by_token(conn, &RefreshToken::hash_of(refresh_token)).await
}

/// Removes the sessions whose time is over.
pub(crate) async fn remove_expired(
    conn: &mut PgConnection,
    now: DateTime<Utc>,
) -> sqlx::Result<u64> {
    store::delete_expired(conn, now).await
}

async fn issue(
    conn: &mut PgConnection,
    signing: &Signing,
    session: &store::Session,
    now: DateTime<Utc>,
) -> anyhow::Result<Tokens> {
    let refresh_token = RefreshToken::generate();
    store::insert_token(conn, &refresh_token.hash(), session.id, now).await?;
    let lifetime = signing.lifetimes.access;
    let user_id = session.user_id.0;
    Ok(Tokens {
        access_token: signing.issuer.issue(user_id, session.id, now, lifetime)?,
        // A token counts in whole seconds.
        access_token_expires_at: (now + lifetime).trunc_subsecs(0),
        refresh_token: refresh_token.expose().to_owned(),
        refresh_token_expires_at: session.expires_at,
    })
}
