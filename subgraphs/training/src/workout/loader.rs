//! Workouts in one statement.

use std::{collections::HashMap, sync::Arc};

use async_graphql::dataloader::Loader;
use sqlx::PgPool;

use crate::{
    ids::{UserId, WorkoutId},
    loading::{Loaded, PageOf, split},
    workout::{MAX_ACTIVE, Totals, Workout, store},
};

/// Workouts by id.
pub(crate) struct WorkoutById(pub(crate) PgPool);

impl Loader<(UserId, WorkoutId)> for WorkoutById {
    type Value = Workout;
    type Error = Arc<sqlx::Error>;

    async fn load(&self, keys: &[(UserId, WorkoutId)]) -> Loaded<(UserId, WorkoutId), Workout> {
        let (users, ids) = split(keys, |id| id.0);
        let workouts = store::by_ids(&mut *self.0.acquire().await?, &users, &ids).await?;
        Ok(workouts
            .into_iter()
            .map(|workout| ((workout.user_id, workout.id), workout))
            .collect())
    }
}

/// The sums over the sets of workouts; none for a workout without sets.
pub(crate) struct WorkoutTotals(pub(crate) PgPool);

impl Loader<(UserId, WorkoutId)> for WorkoutTotals {
    type Value = Totals;
    type Error = Arc<sqlx::Error>;

    async fn load(&self, keys: &[(UserId, WorkoutId)]) -> Loaded<(UserId, WorkoutId), Totals> {
        let (users, ids) = split(keys, |id| id.0);
        let totals = store::totals(&mut *self.0.acquire().await?, &users, &ids).await?;
        Ok(totals
            .into_iter()
            .map(|totals| ((totals.user_id, totals.workout_id), totals))
            .collect())
    }
}

/// The workouts of a user, newest first.
pub(crate) struct WorkoutPages(pub(crate) PgPool);

impl Loader<PageOf<UserId>> for WorkoutPages {
    type Value = Vec<Workout>;
    type Error = Arc<sqlx::Error>;

    async fn load(&self, keys: &[PageOf<UserId>]) -> Loaded<PageOf<UserId>, Vec<Workout>> {
        let mut conn = self.0.acquire().await?;
        let mut pages = HashMap::new();
        for &key in keys {
            let page = store::page(&mut conn, key.of, key.limit, key.offset, key.after).await?;
            pages.insert(key, page);
        }
        Ok(pages)
    }
}

/// The workouts of users that are not finished, newest first.
pub(crate) struct ActiveWorkouts(pub(crate) PgPool);

impl Loader<UserId> for ActiveWorkouts {
    type Value = Vec<Workout>;
    type Error = Arc<sqlx::Error>;

    async fn load(&self, users: &[UserId]) -> Loaded<UserId, Vec<Workout>> {
        let mut conn = self.0.acquire().await?;
        let mut active = HashMap::new();
        for &user in users {
            active.insert(user, store::active(&mut conn, user, MAX_ACTIVE).await?);
        }
        Ok(active)
    }
}
