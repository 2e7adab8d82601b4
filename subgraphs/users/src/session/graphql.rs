use async_graphql::{Context, InputObject, Object, SimpleObject, dataloader::DataLoader};
use chrono::Utc;
use setwise_auth::AuthError;
use setwise_graphql::{ResolverError, UserError};
use setwise_service::Secret;

use super::{Refresh, Tokens};
use crate::{
    State,
    account::{Account, AccountById, UserId},
    refusal::Refusal,
    session,
};

/// What a person signs in with.
#[derive(InputObject)]
pub(crate) struct LoginInput {
    /// Upper and lower case are the same.
    pub email: String,
    /// The password.
    pub password: String,
}

/// The pair of tokens to replace.
#[derive(InputObject)]
pub(crate) struct RefreshSessionInput {
    /// The access token of the same session; it may have expired.
    pub access_token: String,
    /// The refresh token that came with it, which this ends.
    pub refresh_token: String,
}

/// The session to end.
#[derive(InputObject)]
pub(crate) struct LogoutInput {
    /// Any refresh token of the session.
    pub refresh_token: String,
}

/// The signed-in person and their tokens, or what is wrong.
#[derive(SimpleObject, Default)]
pub(crate) struct LoginPayload {
    /// Who signed in; null when there are errors.
    pub user: Option<Account>,
    /// The tokens of the new session; null when there are errors.
    pub tokens: Option<Tokens>,
    /// `INVALID_CREDENTIALS`, the same for an unknown address and a wrong password.
    pub user_errors: Vec<UserError>,
}

/// The next pair of tokens, or what is wrong.
#[derive(SimpleObject, Default)]
pub(crate) struct RefreshSessionPayload {
    /// Whose session it is; null when there are errors.
    pub user: Option<Account>,
    /// The next tokens; null when there are errors.
    pub tokens: Option<Tokens>,
    /// `INVALID_TOKEN` when the pair is not that of a live session or was used before.
    pub user_errors: Vec<UserError>,
}

/// A session ended.
#[derive(SimpleObject, Default)]
pub(crate) struct LogoutPayload {
    /// Always empty: a session that is not there has ended as well.
    pub user_errors: Vec<UserError>,
}

#[derive(Default)]
pub(crate) struct SessionMutation;

#[Object]
impl SessionMutation {
    /// Signs in.
    async fn login(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What to sign in with.")] input: LoginInput,
    ) -> Result<LoginPayload, ResolverError> {
        let state = ctx.data_unchecked::<State>();
        let password = Secret::new(input.password);
        let checked =
            session::check_credentials(&state.pool, &state.hasher, &input.email, password);
        let Some(user_id) = checked.await? else {
            let user_errors =
                vec![Refusal::Credentials.into_user_error(setwise_graphql::locale(ctx))];
            return Ok(LoginPayload {
                user_errors,
                ..LoginPayload::default()
            });
        };
        let mut tx = state.pool.begin().await?;
        let tokens = session::open(&mut tx, &state.signing, user_id, Utc::now()).await?;
        tx.commit().await?;
        let user = Some(load(ctx, user_id).await?);
        Ok(LoginPayload {
            user,
            tokens: Some(tokens),
            user_errors: Vec::new(),
        })
    }

    /// Takes the old pair of tokens and answers a new one. A refresh token
    /// works once: when a used one comes back, the session is revoked.
    async fn refresh_session(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The pair to replace.")] input: RefreshSessionInput,
    ) -> Result<RefreshSessionPayload, ResolverError> {
        let state = ctx.data_unchecked::<State>();
        let verifier = &state.signing.verifier;
        let refresh = match verifier.verify_ignoring_expiry(&input.access_token).await {
            Ok(viewer) => {
                let mut tx = state.pool.begin().await?;
                let token = &input.refresh_token;
                let refresh = session::refresh(&mut tx, &state.signing, viewer, token, Utc::now());
                let refresh = refresh.await?;
                tx.commit().await?;
                refresh
            }
            Err(_) => Refresh::Refused,
        };
        match refresh {
            Refresh::Rotated { user_id, tokens } => Ok(RefreshSessionPayload {
                user: Some(load(ctx, user_id).await?),
                tokens: Some(tokens),
                user_errors: Vec::new(),
            }),
            Refresh::Refused => Ok(RefreshSessionPayload {
                user_errors: vec![Refusal::Tokens.into_user_error(setwise_graphql::locale(ctx))],
                ..RefreshSessionPayload::default()
            }),
        }
    }

    /// Signs out: ends the session of a refresh token. An unknown token is fine too.
    async fn logout(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The session to end.")] input: LogoutInput,
    ) -> Result<LogoutPayload, ResolverError> {
        let mut conn = ctx.data_unchecked::<State>().pool.acquire().await?;
        session::close(&mut conn, &input.refresh_token).await?;
        Ok(LogoutPayload::default())
    }
}

/// The person who has just proved to be this user.
async fn load(ctx: &Context<'_>, id: UserId) -> Result<Account, ResolverError> {
    let loader = ctx.data_unchecked::<DataLoader<AccountById>>();
    let account = loader.load_one(id).await.map_err(anyhow::Error::from)?;
    account.ok_or_else(|| AuthError::Invalid.into())
}
