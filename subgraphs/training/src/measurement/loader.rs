//! Body measurements in one statement.

use std::sync::Arc;

use async_graphql::dataloader::Loader;
use sqlx::PgPool;

use crate::{
    ids::{BodyMeasurementId, UserId},
    loading::{Loaded, split},
    measurement::{BodyMeasurement, store},
};

/// Body measurements by id.
pub(crate) struct BodyMeasurementById(pub(crate) PgPool);

type Key = (UserId, BodyMeasurementId);

impl Loader<Key> for BodyMeasurementById {
    type Value = BodyMeasurement;
    type Error = Arc<sqlx::Error>;

    async fn load(&self, keys: &[Key]) -> Loaded<Key, BodyMeasurement> {
        let (users, ids) = split(keys, |id| id.0);
        let found = store::by_ids(&mut *self.0.acquire().await?, &users, &ids).await?;
        Ok(found
            .into_iter()
            .map(|measurement| ((measurement.user_id, measurement.id), measurement))
            .collect())
    }
}
