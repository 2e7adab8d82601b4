//! Exercises, what they train and what can stand in for them, in one statement each.

use std::{collections::HashMap, sync::Arc};

use async_graphql::dataloader::Loader;
use sqlx::PgPool;

use crate::{
    exercise::{Exercise, Target, store},
    ids::{ExerciseId, UserId},
    loading::{Loaded, group, split},
};

/// Exercises by who asks and id: those of the catalogue and the person's own.
pub(crate) struct ExerciseById(pub(crate) PgPool);

impl Loader<(UserId, ExerciseId)> for ExerciseById {
    type Value = Exercise;
    type Error = Arc<sqlx::Error>;

    async fn load(&self, keys: &[(UserId, ExerciseId)]) -> Loaded<(UserId, ExerciseId), Exercise> {
        let (users, ids) = split(keys, |id| id.0);
        let found = store::by_ids(&mut *self.0.acquire().await?, &users, &ids).await?;
        Ok(found
            .into_iter()
            .map(|row| ((row.viewer, row.exercise.id), row.exercise))
            .collect())
    }
}

/// The muscle groups that exercises train, primary ones first.
pub(crate) struct TargetsOfExercise(pub(crate) PgPool);

impl Loader<ExerciseId> for TargetsOfExercise {
    type Value = Vec<Target>;
    type Error = Arc<sqlx::Error>;

    async fn load(&self, ids: &[ExerciseId]) -> Loaded<ExerciseId, Vec<Target>> {
        let targets = store::targets(&mut *self.0.acquire().await?, ids).await?;
        Ok(group(targets, |target| target.exercise_id))
    }
}

/// The best alternatives of an exercise that a person can use.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct AlternativesKey {
    pub(crate) viewer: UserId,
    pub(crate) exercise: ExerciseId,
    pub(crate) limit: i64,
}

/// Alternatives of exercises.
pub(crate) struct AlternativesOfExercise(pub(crate) PgPool);

impl Loader<AlternativesKey> for AlternativesOfExercise {
    type Value = Vec<Exercise>;
    type Error = Arc<sqlx::Error>;

    async fn load(&self, keys: &[AlternativesKey]) -> Loaded<AlternativesKey, Vec<Exercise>> {
        // The exercises of one selection ask for as many: one statement for each number that differs.
        let mut exercises_of = HashMap::<_, Vec<_>>::new();
        for key in keys {
            exercises_of
                .entry((key.viewer, key.limit))
                .or_default()
                .push(key.exercise);
        }
        let mut conn = self.0.acquire().await?;
        let mut loaded = HashMap::<_, Vec<_>>::new();
        for ((viewer, limit), exercises) in exercises_of {
            for row in store::alternatives(&mut conn, viewer, &exercises, limit).await? {
                let key = AlternativesKey {
                    viewer,
                    exercise: row.of,
                    limit,
                };
                loaded.entry(key).or_default().push(row.exercise);
            }
        }
        Ok(loaded)
    }
}
