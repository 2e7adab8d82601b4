//! Sets of many exercise logs in one statement.

use std::{collections::HashMap, sync::Arc};

use async_graphql::dataloader::Loader;
use sqlx::PgPool;

use crate::{
    ids::{ExerciseLogId, SetLogId, UserId},
    loading::{Loaded, group, split},
    set_log::{ExpectedSet, SetLog, store},
};

type Key = (UserId, ExerciseLogId);

/// The sets done, in order.
pub(crate) struct SetLogsOfExerciseLog(pub(crate) PgPool);

impl Loader<Key> for SetLogsOfExerciseLog {
    type Value = Vec<SetLog>;
    type Error = Arc<sqlx::Error>;

    async fn load(&self, keys: &[Key]) -> Loaded<Key, Self::Value> {
        let (users, logs) = split(keys, |id| id.0);
        let sets = store::of_exercise_logs(&mut *self.0.acquire().await?, &users, &logs).await?;
        Ok(group(sets, |set| (set.user_id, set.exercise_log_id)))
    }
}

/// Sets done, by id.
pub(crate) struct SetLogById(pub(crate) PgPool);

impl Loader<(UserId, SetLogId)> for SetLogById {
    type Value = SetLog;
    type Error = Arc<sqlx::Error>;

    async fn load(&self, keys: &[(UserId, SetLogId)]) -> Loaded<(UserId, SetLogId), SetLog> {
        let (users, ids) = split(keys, |id| id.0);
        let sets = store::by_ids(&mut *self.0.acquire().await?, &users, &ids).await?;
        Ok(sets
            .into_iter()
            .map(|set| ((set.user_id, set.id), set))
            .collect())
    }
}

/// The sets expected, in order.
pub(crate) struct ExpectedSetsOfExerciseLog(pub(crate) PgPool);

impl Loader<Key> for ExpectedSetsOfExerciseLog {
    type Value = Vec<ExpectedSet>;
    type Error = Arc<sqlx::Error>;

    async fn load(&self, keys: &[Key]) -> Loaded<Key, Self::Value> {
        let (users, logs) = split(keys, |id| id.0);
        let mut conn = self.0.acquire().await?;
        let sets = store::expected_of_exercise_logs(&mut conn, &users, &logs).await?;
        Ok(group(sets, |set| (set.user_id, set.exercise_log_id)))
    }
}

/// The sets done the time before, in order.
pub(crate) struct PreviousSetLogs(pub(crate) PgPool);

impl Loader<Key> for PreviousSetLogs {
    type Value = Vec<SetLog>;
    type Error = Arc<sqlx::Error>;

    async fn load(&self, keys: &[Key]) -> Loaded<Key, Self::Value> {
        let (users, logs) = split(keys, |id| id.0);
        let previous = store::previous(&mut *self.0.acquire().await?, &users, &logs).await?;
        let mut by_log = HashMap::<Key, Vec<SetLog>>::new();
        for previous in previous {
            let key = (previous.set_log.user_id, previous.asking_log);
            by_log.entry(key).or_default().push(previous.set_log);
        }
        Ok(by_log)
    }
}
