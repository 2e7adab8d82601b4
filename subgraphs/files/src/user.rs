//! What files add to a user. The user itself lives in another subgraph.

use async_graphql::{Context, Object, dataloader::DataLoader};
use setwise_graphql::{ResolverError, id_type, viewer};

use crate::avatar::{AvatarLoader, Image};

id_type!(UserId);

/// A person who keeps files. Only the person sees them: for everyone else these fields are null.
#[derive(Clone, Copy, Debug)]
pub(crate) struct User {
    pub(crate) id: UserId,
}

#[Object]
impl User {
    /// Identifies the user.
    async fn id(&self) -> UserId {
        self.id
    }

    /// The viewer's own picture; null when there is none, and for everyone else.
    async fn avatar(&self, ctx: &Context<'_>) -> Result<Option<Image>, ResolverError> {
        if viewer(ctx)?.user_id != self.id.0 {
            return Ok(None);
        }
        let loader = ctx.data_unchecked::<DataLoader<AvatarLoader>>();
        let image = loader.load_one(self.id).await;
        image.map_err(|error| ResolverError::Internal(error.into()))
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
