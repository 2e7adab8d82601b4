//! A change that a viewer asks for: one transaction, from the resolver that owns it.

use async_graphql::Context;
use chrono::{DateTime, Utc};
use setwise_graphql::{ResolverError, UserError};
use setwise_service::Locale;
use sqlx::{PgConnection, Postgres, Transaction};

use crate::{State, ids::UserId, refusal::Failure};

/// An open transaction with who asks, when, and in which language.
pub(crate) struct Change {
    transaction: Transaction<'static, Postgres>,
    pub(crate) user: UserId,
    pub(crate) now: DateTime<Utc>,
    pub(crate) locale: Locale,
}

impl Change {
    pub(crate) async fn begin(ctx: &Context<'_>) -> Result<Self, ResolverError> {
        let viewer = setwise_graphql::viewer(ctx)?;
        let state = ctx.data_unchecked::<State>();
        Ok(Self {
            transaction: state.pool.begin().await?,
            user: UserId::from(viewer.user_id),
            now: Utc::now(),
            locale: setwise_graphql::locale(ctx),
        })
    }

    pub(crate) fn conn(&mut self) -> &mut PgConnection {
        &mut self.transaction
    }

    /// Commits what was done, or rolls back and tells the viewer why it was refused.
    pub(crate) async fn finish<T>(
        self,
        result: Result<T, Failure>,
    ) -> Result<(Option<T>, Vec<UserError>), ResolverError> {
        match result {
            Ok(done) => {
                self.transaction.commit().await?;
                Ok((Some(done), Vec::new()))
            }
            Err(Failure::Refused(refusal)) => {
                self.transaction.rollback().await?;
                Ok((None, vec![refusal.user_error(self.locale)]))
            }
            Err(Failure::Database(error)) => Err(error.into()),
        }
    }
}
