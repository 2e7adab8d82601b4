//! Sessions of many exercises in one statement.

use std::{collections::HashMap, sync::Arc};

use async_graphql::dataloader::Loader;
use chrono::{DateTime, Utc};
use sqlx::PgPool;

use crate::{
    ids::{ExerciseId, UserId},
    insight::{ExerciseSession, store},
    loading::{Loaded, PageOf, group, split},
};

/// The most sessions that a series is made from: the latest.
const MAX_SESSIONS: i64 = 5000;

type SessionPage = PageOf<(UserId, ExerciseId)>;

/// The sessions of exercises, newest first.
pub(crate) struct SessionPages(pub(crate) PgPool);

impl Loader<SessionPage> for SessionPages {
    type Value = Vec<ExerciseSession>;
    type Error = Arc<sqlx::Error>;

    async fn load(&self, keys: &[SessionPage]) -> Loaded<SessionPage, Vec<ExerciseSession>> {
        // The exercises of one selection ask for the same page: one statement for each page that differs.
        let mut exercises_by_page = HashMap::<_, Vec<_>>::new();
        for key in keys {
            let page = (key.limit, key.after);
            exercises_by_page.entry(page).or_default().push(key.of);
        }
        let mut pages = HashMap::new();
        let mut conn = self.0.acquire().await?;
        for ((limit, after), exercises) in exercises_by_page {
            let (users, ids) = split(&exercises, |id| id.0);
            let sessions = store::sessions(&mut conn, &users, &ids, limit, after).await?;
            pages.extend(group(sessions, |session| PageOf {
                of: (session.user_id, session.exercise_id),
                limit,
                offset: 0,
                after,
            }));
        }
        Ok(pages)
    }
}

/// An exercise of a user, and a time with its end excluded.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct ProgressKey {
    pub(super) user: UserId,
    pub(super) exercise: ExerciseId,
    pub(super) from: DateTime<Utc>,
    pub(super) to: DateTime<Utc>,
}

/// The sessions of exercises within a time, oldest first.
pub(crate) struct ProgressOfExercise(pub(crate) PgPool);

impl Loader<ProgressKey> for ProgressOfExercise {
    type Value = Vec<ExerciseSession>;
    type Error = Arc<sqlx::Error>;

    async fn load(&self, keys: &[ProgressKey]) -> Loaded<ProgressKey, Vec<ExerciseSession>> {
        let mut exercises_by_time = HashMap::<_, Vec<_>>::new();
        for key in keys {
            let time = (key.from, key.to);
            let exercises = exercises_by_time.entry(time).or_default();
            exercises.push((key.user, key.exercise));
        }
        let mut series = HashMap::new();
        let mut conn = self.0.acquire().await?;
        for ((from, to), exercises) in exercises_by_time {
            let (users, ids) = split(&exercises, |id| id.0);
            let sessions =
                store::sessions_between(&mut conn, &users, &ids, from, to, MAX_SESSIONS).await?;
            series.extend(group(sessions, |session| ProgressKey {
                user: session.user_id,
                exercise: session.exercise_id,
                from,
                to,
            }));
        }
        Ok(series)
    }
}
