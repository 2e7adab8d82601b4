//! What training adds to a user. The user itself lives in another subgraph.

use async_graphql::{Context, Object};
use setwise_graphql::ResolverError;

use crate::{
    ids::UserId,
    page::Connection,
    routine::{Routine, routines_of},
    workout::{Workout, active_workouts_of, workouts_of},
};

/// A person who trains. Only the person sees the training: for everyone else these fields are null.
#[derive(Debug, Clone, Copy)]
pub struct User {
    pub(crate) id: UserId,
}

impl User {
    fn is_viewer(self, ctx: &Context<'_>) -> Result<bool, ResolverError> {
        Ok(setwise_graphql::viewer(ctx)?.user_id == self.id.0)
    }
}

#[Object]
impl User {
    /// Identifies the user.
    async fn id(&self) -> UserId {
        self.id
    }

    /// The workouts of the viewer, newest first.
    async fn workouts(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "How many, at most 100.", default = 20)] first: Option<i32>,
        #[graphql(desc = "The cursor to go on after.")] after: Option<String>,
    ) -> Result<Option<Connection<Workout>>, ResolverError> {
        if !self.is_viewer(ctx)? {
            return Ok(None);
        }
        workouts_of(ctx, self.id, first, after, None)
            .await
            .map(Some)
    }

    /// The routines of the viewer, newest first.
    async fn routines(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "How many, at most 100.", default = 20)] first: Option<i32>,
        #[graphql(desc = "The cursor to go on after.")] after: Option<String>,
    ) -> Result<Option<Connection<Routine>>, ResolverError> {
        if !self.is_viewer(ctx)? {
            return Ok(None);
        }
        routines_of(ctx, self.id, false, first, after)
            .await
            .map(Some)
    }

    /// The workouts of the viewer that are not finished, newest first, at most 100.
    async fn active_workouts(
        &self,
        ctx: &Context<'_>,
    ) -> Result<Option<Vec<Workout>>, ResolverError> {
        if !self.is_viewer(ctx)? {
            return Ok(None);
        }
        active_workouts_of(ctx, self.id).await.map(Some)
    }
}

#[derive(Default)]
pub(crate) struct UserQuery;

#[Object]
impl UserQuery {
    #[graphql(entity)]
    async fn find_user(&self, id: UserId) -> User {
        User { id }
    }
}
