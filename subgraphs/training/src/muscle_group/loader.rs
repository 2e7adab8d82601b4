//! Muscle groups in one statement.

use std::sync::Arc;

use async_graphql::dataloader::Loader;
use sqlx::PgPool;

use crate::{
    ids::MuscleGroupId,
    loading::Loaded,
    muscle_group::{MuscleGroup, store},
};

/// Muscle groups by id.
pub(crate) struct MuscleGroupById(pub(crate) PgPool);

impl Loader<MuscleGroupId> for MuscleGroupById {
    type Value = MuscleGroup;
    type Error = Arc<sqlx::Error>;

    async fn load(&self, ids: &[MuscleGroupId]) -> Loaded<MuscleGroupId, MuscleGroup> {
        let groups = store::by_ids(&mut *self.0.acquire().await?, ids).await?;
        Ok(groups.into_iter().map(|group| (group.id, group)).collect())
    }
}
