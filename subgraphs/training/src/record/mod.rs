//! Records: which sets were the best so far when they were done, and what each exercise log comes to.
//!
//! Whatever changes the sets of an exercise calls [`refresh`] in the same transaction, with the time from which on
//! something may differ. A set that is added to the latest workout costs a look at the earlier bests and at the sets of
//! that workout; a change of the past walks over what was done since. Deleted sets take their marks along: whatever
//! deletes sets calls [`lock`] first.

mod graphql;
mod kind;
mod loader;
pub(crate) mod one_rep_max;
mod reckoning;
mod store;
#[cfg(test)]
mod tests;

use chrono::{DateTime, Utc};
use setwise_graphql::WeightUnit;
use sqlx::PgConnection;

use crate::ids::{ExerciseId, SetLogId, UserId};

pub(crate) use graphql::{ExerciseRecords, Record, records_of_exercise, records_of_set};
pub(crate) use kind::{RecordKind, RecordKinds};
pub(crate) use loader::{BestsOfExercise, RecordsOfSetLog};
use reckoning::{Bests, Summary, WorkSet};

/// A set that holds or broke records, with the numbers that they are about.
#[derive(Debug, Clone)]
pub(crate) struct RecordSet {
    pub(crate) user_id: UserId,
    pub(crate) set_log_id: SetLogId,
    pub(crate) exercise_id: ExerciseId,
    /// When its workout started.
    pub(crate) started_at: DateTime<Utc>,
    pub(crate) kinds: RecordKinds,
    pub(crate) reps: Option<i32>,
    /// As entered, in `weight_unit`.
    pub(crate) weight: Option<f64>,
    pub(crate) weight_unit: Option<WeightUnit>,
    pub(crate) weight_kg: Option<f64>,
    /// What the exercise comes to in its workout, if that is a record; else 0.
    pub(crate) volume_kg: f64,
}

/// Reckons anew what an exercise's logs come to and which of its sets are records, from workouts that started at a
/// time on.
#[tracing::instrument(skip_all, name = "refresh_records", fields(user.id = %user, exercise.id = %exercise))]
pub(crate) async fn refresh(
    conn: &mut PgConnection,
    user: UserId,
    exercise: ExerciseId,
    since: DateTime<Utc>,
) -> sqlx::Result<()> {
    store::lock(conn, user, exercise).await?;
    let mut bests = Bests::default();
    for earlier in store::bests_before(conn, user, exercise, since).await? {
        bests.remember(&earlier.set, earlier.session_volume_kg);
    }
    let done = store::done_since(conn, user, exercise, since).await?;
    let mut summaries = Vec::new();
    let mut marks = Vec::new();
    for log in done.chunk_by(|one, next| one.exercise_log == next.exercise_log) {
        let sets: Vec<WorkSet> = log.iter().filter_map(|done| done.set).collect();
        summaries.push((log[0].exercise_log, Summary::of(&sets)));
        marks.extend(sets.iter().filter_map(|set| {
            let mark = bests.admit(set);
            (!mark.best.is_empty()).then_some(store::MarkedSet {
                set: set.id,
                exercise_log: log[0].exercise_log,
                started_at: log[0].started_at,
                mark,
            })
        }));
    }
    store::write_summaries(conn, user, &summaries).await?;
    store::write_marks(conn, user, exercise, since, &marks).await
}

/// [`refresh`] for several exercises.
pub(crate) async fn refresh_all(
    conn: &mut PgConnection,
    user: UserId,
    exercises: Vec<ExerciseId>,
    since: DateTime<Utc>,
) -> sqlx::Result<()> {
    for exercise in in_order(exercises) {
        refresh(conn, user, exercise, since).await?;
    }
    Ok(())
}

/// Keeps the records of exercises to this transaction, before it deletes sets of them. Deleting takes the rows of marks
/// along: whoever held those and then waited to reckon would wait for another who reckons and waits for the rows.
pub(crate) async fn lock(
    conn: &mut PgConnection,
    user: UserId,
    exercises: Vec<ExerciseId>,
) -> sqlx::Result<()> {
    for exercise in in_order(exercises) {
        store::lock(conn, user, exercise).await?;
    }
    Ok(())
}

/// Each once, and always in the same order, so that no two transactions wait for each other.
fn in_order(mut exercises: Vec<ExerciseId>) -> Vec<ExerciseId> {
    exercises.sort_unstable_by_key(|exercise| exercise.0);
    exercises.dedup();
    exercises
}
