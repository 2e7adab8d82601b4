//! Exercise logs in one statement.

use std::{collections::HashMap, sync::Arc};

use async_graphql::dataloader::Loader;
use sqlx::PgPool;

use crate::{
    exercise_log::{ExerciseLog, store},
    ids::{ExerciseId, ExerciseLogId, UserId, WorkoutId},
    loading::{Loaded, PageOf, group, split},
};

/// Exercise logs by id.
pub(crate) struct ExerciseLogById(pub(crate) PgPool);

impl Loader<(UserId, ExerciseLogId)> for ExerciseLogById {
    type Value = ExerciseLog;
    type Error = Arc<sqlx::Error>;

    async fn load(
        &self,
        keys: &[(UserId, ExerciseLogId)],
    ) -> Loaded<(UserId, ExerciseLogId), ExerciseLog> {
        let (users, ids) = split(keys, |id| id.0);
        let logs = store::by_ids(&mut *self.0.acquire().await?, &users, &ids).await?;
        Ok(logs
            .into_iter()
            .map(|log| ((log.user_id, log.id), log))
            .collect())
    }
}

/// The exercise logs of workouts, in order.
pub(crate) struct ExerciseLogsOfWorkout(pub(crate) PgPool);

impl Loader<(UserId, WorkoutId)> for ExerciseLogsOfWorkout {
    type Value = Vec<ExerciseLog>;
    type Error = Arc<sqlx::Error>;

    async fn load(
        &self,
        keys: &[(UserId, WorkoutId)],
    ) -> Loaded<(UserId, WorkoutId), Vec<ExerciseLog>> {
        let (users, workouts) = split(keys, |id| id.0);
        let logs = store::of_workouts(&mut *self.0.acquire().await?, &users, &workouts).await?;
        Ok(group(logs, |log| (log.user_id, log.workout_id)))
    }
}

/// The logs of exercises, newest first.
pub(crate) struct ExerciseHistory(pub(crate) PgPool);

type HistoryPage = PageOf<(UserId, ExerciseId)>;

impl Loader<HistoryPage> for ExerciseHistory {
    type Value = Vec<ExerciseLog>;
    type Error = Arc<sqlx::Error>;

    async fn load(&self, keys: &[HistoryPage]) -> Loaded<HistoryPage, Vec<ExerciseLog>> {
        // The exercises of one selection ask for the same page: one statement for each page that differs.
        let mut exercises_by_page = HashMap::<_, Vec<_>>::new();
        for key in keys {
            let page = (key.limit, key.offset, key.after);
            exercises_by_page.entry(page).or_default().push(key.of);
        }
        let mut histories = HashMap::new();
        let mut conn = self.0.acquire().await?;
        for ((limit, offset, after), exercises) in exercises_by_page {
            let (users, ids) = split(&exercises, |id| id.0);
            let logs = store::history(&mut conn, &users, &ids, limit, offset, after).await?;
            histories.extend(group(logs, |log| PageOf {
                of: (log.user_id, log.exercise_id),
                limit,
                offset,
                after,
            }));
        }
        Ok(histories)
    }
}
