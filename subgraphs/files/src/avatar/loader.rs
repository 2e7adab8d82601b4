use std::{collections::HashMap, sync::Arc};

use async_graphql::dataloader::Loader;
use sqlx::PgPool;

use super::{Image, ImageId, store};
use crate::user::UserId;

/// Loads the avatars of users. Whoever asks checks the viewer.
pub(crate) struct AvatarLoader(pub(crate) PgPool);

impl Loader<UserId> for AvatarLoader {
    type Value = Image;
    type Error = Arc<sqlx::Error>;

    async fn load(&self, users: &[UserId]) -> Result<HashMap<UserId, Image>, Self::Error> {
        let ids: Vec<_> = users.iter().map(|id| id.0).collect();
        let mut conn = self.0.acquire().await?;
        let images = store::avatars(&mut conn, &ids).await?;
        Ok(images
            .into_iter()
            .map(|image| (image.user_id, image))
            .collect())
    }
}

/// Loads images. Whoever asks checks the viewer.
pub(crate) struct ImageLoader(pub(crate) PgPool);

impl Loader<ImageId> for ImageLoader {
    type Value = Image;
    type Error = Arc<sqlx::Error>;

    async fn load(&self, ids: &[ImageId]) -> Result<HashMap<ImageId, Image>, Self::Error> {
        let ids: Vec<_> = ids.iter().map(|id| id.0).collect();
        let mut conn = self.0.acquire().await?;
        let images = store::images(&mut conn, &ids).await?;
        Ok(images.into_iter().map(|image| (image.id, image)).collect())
    }
}
