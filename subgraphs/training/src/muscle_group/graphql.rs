//! Muscle groups in the graph.

use async_graphql::{Context, Object};
use setwise_graphql::ResolverError;

use crate::{
    State,
    ids::MuscleGroupId,
    loading::load_one,
    muscle_group::{MuscleGroup, MuscleGroupById, store},
};

/// A group of muscles that is trained together.
#[Object]
impl MuscleGroup {
    /// Identifies the muscle group.
    async fn id(&self) -> MuscleGroupId {
        self.id
    }

    /// A stable English name for programs, such as `lower-back`.
    async fn slug(&self) -> &str {
        &self.slug
    }

    /// The name in the viewer's language.
    #[graphql(name = "name")]
    async fn localized_name(&self, ctx: &Context<'_>) -> &str {
        self.name(setwise_graphql::locale(ctx))
    }
}

#[derive(Default)]
pub(crate) struct MuscleGroupQuery;

#[Object]
impl MuscleGroupQuery {
    /// All muscle groups, from the chest downwards.
    async fn muscle_groups(&self, ctx: &Context<'_>) -> Result<Vec<MuscleGroup>, ResolverError> {
        setwise_graphql::viewer(ctx)?;
        let state = ctx.data_unchecked::<State>();
        Ok(store::all(&mut *state.pool.acquire().await?).await?)
    }

    #[graphql(entity)]
    async fn find_muscle_group(
        &self,
        ctx: &Context<'_>,
        id: MuscleGroupId,
    ) -> Result<Option<MuscleGroup>, ResolverError> {
        setwise_graphql::viewer(ctx)?;
        load_one::<MuscleGroupById, _>(ctx, id).await
    }
}
