//! Muscle groups: what exercises train. They are part of the catalogue and the same for everyone.

mod graphql;
mod loader;
mod store;

use setwise_service::Locale;
use sqlx::PgConnection;

use crate::ids::MuscleGroupId;

pub(crate) use graphql::MuscleGroupQuery;
pub(crate) use loader::MuscleGroupById;
pub(crate) use store::upsert_all;

/// A group of muscles that is trained together.
#[derive(Debug, Clone)]
pub struct MuscleGroup {
    pub(crate) id: MuscleGroupId,
    pub(crate) slug: String,
    pub(crate) name_en: String,
    pub(crate) name_ru: String,
}

impl MuscleGroup {
    pub(crate) fn name(&self, locale: Locale) -> &str {
        match locale {
            Locale::En => &self.name_en,
            Locale::Ru => &self.name_ru,
        }
    }
}

/// Whether all of these exist.
pub(crate) async fn all_exist(
    conn: &mut PgConnection,
    ids: &[MuscleGroupId],
) -> sqlx::Result<bool> {
    let known = store::by_ids(conn, ids).await?;
    Ok(ids
        .iter()
        .all(|id| known.iter().any(|group| group.id == *id)))
}
