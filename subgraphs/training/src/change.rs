//! A change that a viewer asks for: one transaction, from the resolver that owns it.

use async_graphql::Context;
use chrono::{DateTime, Utc};
use setwise_graphql::{ResolverError, UserError};
use setwise_service::Locale;
use sqlx::{PgConnection, PgPool, Postgres, Transaction};
use tracing::Instrument as _;

use crate::{
    State,
    ids::{UserId, WorkoutId},
    refusal::Failure,
    workout::{self, OpenWorkout},
};

/// An open transaction with who asks, when, and in which language.
pub(crate) struct Change {
    transaction: Transaction<'static, Postgres>,
    pool: PgPool,
    /// Whose followers hear of this change.
    logged_in: Option<WorkoutId>,
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
            pool: state.pool.clone(),
            logged_in: None,
            user: UserId::from(viewer.user_id),
            now: Utc::now(),
            locale: setwise_graphql::locale(ctx),
        })
    }

    pub(crate) fn conn(&mut self) -> &mut PgConnection {
        &mut self.transaction
    }

    /// Locks a workout for logging; who follows it hears of the change once it is committed.
    pub(crate) async fn open_workout(&mut self, id: WorkoutId) -> Result<OpenWorkout, Failure> {
        let user = self.user;
        let workout = workout::open_unannounced(self.conn(), user, id).await?;
        self.logged_in = Some(id);
        Ok(workout)
    }

    /// Commits what was done, or rolls back and tells the viewer why it was refused.
    pub(crate) async fn finish<T>(
        self,
        result: Result<T, Failure>,
    ) -> Result<(Option<T>, Vec<UserError>), ResolverError> {
        match result {
            Ok(done) => {
                if let Some(workout) = self.logged_in {
                    commit_and_announce(self.transaction, self.pool, workout).await?;
                } else {
                    self.transaction.commit().await?;
                }
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

/// In a task of its own: when whoever asked hangs up after the commit, those who follow hear of it still.
async fn commit_and_announce(
    transaction: Transaction<'static, Postgres>,
    pool: PgPool,
    workout: WorkoutId,
) -> sqlx::Result<()> {
    let committing = async move {
        transaction.commit().await?;
        workout::announce(&pool, workout).await;
        Ok(())
    };
    #[expect(
        clippy::disallowed_methods,
        reason = "joined below, unless nobody waits any more: then a failed announcement is logged"
    )]
    let committing = tokio::spawn(committing.in_current_span());
    match committing.await {
        Ok(result) => result,
        Err(error) => match error.try_into_panic() {
            Ok(panic) => std::panic::resume_unwind(panic),
            // tasks are cancelled when the runtime ends
            Err(_) => Err(sqlx::Error::WorkerCrashed),
        },
    }
}
