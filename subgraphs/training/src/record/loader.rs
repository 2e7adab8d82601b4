//! Records of many sets or exercises in one statement.

use std::sync::Arc;

use async_graphql::dataloader::Loader;
use sqlx::PgPool;

use crate::{
    ids::{ExerciseId, SetLogId, UserId},
    loading::{Loaded, group, split},
    record::{RecordSet, store},
};

/// What sets broke; nothing for a set that broke no record.
pub(crate) struct RecordsOfSetLog(pub(crate) PgPool);

impl Loader<(UserId, SetLogId)> for RecordsOfSetLog {
    type Value = RecordSet;
    type Error = Arc<sqlx::Error>;

    async fn load(&self, keys: &[(UserId, SetLogId)]) -> Loaded<(UserId, SetLogId), RecordSet> {
        let (users, sets) = split(keys, |id| id.0);
        let records = store::broken_by(&mut *self.0.acquire().await?, &users, &sets).await?;
        Ok(records
            .into_iter()
            .map(|record| ((record.user_id, record.set_log_id), record))
            .collect())
    }
}

/// The sets of exercises that were the best so far, in the order in which they were done.
pub(crate) struct BestsOfExercise(pub(crate) PgPool);

impl Loader<(UserId, ExerciseId)> for BestsOfExercise {
    type Value = Vec<RecordSet>;
    type Error = Arc<sqlx::Error>;

    async fn load(
        &self,
        keys: &[(UserId, ExerciseId)],
    ) -> Loaded<(UserId, ExerciseId), Vec<RecordSet>> {
        let (users, exercises) = split(keys, |id| id.0);
        let bests = store::bests_of(&mut *self.0.acquire().await?, &users, &exercises).await?;
        Ok(group(bests, |set| (set.user_id, set.exercise_id)))
    }
}
