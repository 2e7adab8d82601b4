//! Routines in one statement.

use std::{collections::HashMap, sync::Arc};

use async_graphql::dataloader::Loader;
use sqlx::PgPool;

use crate::{
    ids::{ExerciseInstanceId, RoutineId, UserId},
    loading::{Loaded, PageOf, group, split},
    routine::{ExerciseInstance, Routine, RoutineSet, RoutineShare, store},
};

/// Routines by id.
pub(crate) struct RoutineById(pub(crate) PgPool);

impl Loader<(UserId, RoutineId)> for RoutineById {
    type Value = Routine;
    type Error = Arc<sqlx::Error>;

    async fn load(&self, keys: &[(UserId, RoutineId)]) -> Loaded<(UserId, RoutineId), Routine> {
        let (users, ids) = split(keys, |id| id.0);
        let routines = store::by_ids(&mut *self.0.acquire().await?, &users, &ids).await?;
        Ok(routines
            .into_iter()
            .map(|routine| ((routine.user_id, routine.id), routine))
            .collect())
    }
}

/// The routines of a user, the archived ones or the others.
pub(crate) type RoutineList = (UserId, bool);

/// The links of routines.
pub(crate) struct ShareOfRoutine(pub(crate) PgPool);

impl Loader<(UserId, RoutineId)> for ShareOfRoutine {
    type Value = RoutineShare;
    type Error = Arc<sqlx::Error>;

    async fn load(
        &self,
        keys: &[(UserId, RoutineId)],
    ) -> Loaded<(UserId, RoutineId), RoutineShare> {
        let (users, ids) = split(keys, |id| id.0);
        let shares = store::share_of(&mut *self.0.acquire().await?, &users, &ids).await?;
        Ok(shares
            .into_iter()
            .map(|share| ((share.user_id, share.routine_id), share))
            .collect())
    }
}

/// The routines of a user, newest first.
pub(crate) struct RoutinePages(pub(crate) PgPool);

impl Loader<PageOf<RoutineList>> for RoutinePages {
    type Value = Vec<Routine>;
    type Error = Arc<sqlx::Error>;

    async fn load(
        &self,
        keys: &[PageOf<RoutineList>],
    ) -> Loaded<PageOf<RoutineList>, Vec<Routine>> {
        let mut conn = self.0.acquire().await?;
        let mut pages = HashMap::new();
        for &key in keys {
            let (user, archived) = key.of;
            let page = store::page(&mut conn, user, archived, key.limit, key.after).await?;
            pages.insert(key, page);
        }
        Ok(pages)
    }
}

/// Exercise instances by id.
pub(crate) struct ExerciseInstanceById(pub(crate) PgPool);

impl Loader<(UserId, ExerciseInstanceId)> for ExerciseInstanceById {
    type Value = ExerciseInstance;
    type Error = Arc<sqlx::Error>;

    async fn load(
        &self,
        keys: &[(UserId, ExerciseInstanceId)],
    ) -> Loaded<(UserId, ExerciseInstanceId), ExerciseInstance> {
        let (users, ids) = split(keys, |id| id.0);
        let mut conn = self.0.acquire().await?;
        let instances = store::instances_by_ids(&mut conn, &users, &ids).await?;
        Ok(instances
            .into_iter()
            .map(|instance| ((instance.user_id, instance.id), instance))
            .collect())
    }
}

/// The exercise instances of routines, in order.
pub(crate) struct ExerciseInstancesOfRoutine(pub(crate) PgPool);

impl Loader<(UserId, RoutineId)> for ExerciseInstancesOfRoutine {
    type Value = Vec<ExerciseInstance>;
    type Error = Arc<sqlx::Error>;

    async fn load(
        &self,
        keys: &[(UserId, RoutineId)],
    ) -> Loaded<(UserId, RoutineId), Vec<ExerciseInstance>> {
        let (users, ids) = split(keys, |id| id.0);
        let mut conn = self.0.acquire().await?;
        let instances = store::instances_of_routines(&mut conn, &users, &ids).await?;
        Ok(group(instances, |instance| {
            (instance.user_id, instance.routine_id)
        }))
    }
}

/// The sets of exercise instances, in order.
pub(crate) struct SetsOfExerciseInstance(pub(crate) PgPool);

impl Loader<(UserId, ExerciseInstanceId)> for SetsOfExerciseInstance {
    type Value = Vec<RoutineSet>;
    type Error = Arc<sqlx::Error>;

    async fn load(
        &self,
        keys: &[(UserId, ExerciseInstanceId)],
    ) -> Loaded<(UserId, ExerciseInstanceId), Vec<RoutineSet>> {
        let (users, ids) = split(keys, |id| id.0);
        let mut conn = self.0.acquire().await?;
        let sets = store::sets_of_instances(&mut conn, &users, &ids).await?;
        Ok(group(sets, |set| (set.user_id, set.exercise_instance_id)))
    }
}
