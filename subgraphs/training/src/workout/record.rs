//! Workouts of the past, written down whole: for demonstrations and imports. They send no event.

use chrono::{DateTime, Utc};
use setwise_graphql::WeightUnit;
use sqlx::PgConnection;

use crate::{
    exercise_log,
    ids::{ExerciseId, ExerciseLogId, RoutineId, UserId, WorkoutId},
    refusal::Failure,
    set::PerformedSet,
    set_log,
    workout::{Comment, OpenWorkout, Rating, store},
};

/// A finished workout.
#[derive(Debug, Clone)]
pub(crate) struct RecordedWorkout {
    pub(crate) routine: Option<RoutineId>,
    pub(crate) weight_unit: WeightUnit,
    pub(crate) started_at: DateTime<Utc>,
    pub(crate) finished_at: DateTime<Utc>,
    pub(crate) comment: Option<Comment>,
    pub(crate) rating: Option<Rating>,
    pub(crate) exercises: Vec<RecordedExercise>,
}

/// An exercise of it with the sets done, in order.
#[derive(Debug, Clone)]
pub(crate) struct RecordedExercise {
    pub(crate) exercise: ExerciseId,
    pub(crate) sets: Vec<PerformedSet>,
}

/// Writes down a finished workout.
pub(crate) async fn record(
    conn: &mut PgConnection,
    user: UserId,
    workout: &RecordedWorkout,
) -> Result<WorkoutId, Failure> {
    let id = WorkoutId::new();
    store::insert_finished(conn, user, id, workout).await?;
    // Nobody else sees the row before this transaction ends: it is as good as locked.
    let open = OpenWorkout {
        user,
        id,
        started_at: workout.started_at,
        weight_unit: workout.weight_unit,
        is_reopened: false,
    };
    let logs: Vec<_> = workout
        .exercises
        .iter()
        .map(|exercise| (ExerciseLogId::new(), exercise.exercise))
        .collect();
    exercise_log::insert_many(conn, &open, 0, &logs, workout.started_at).await?;
    let sets = logs
        .iter()
        .zip(&workout.exercises)
        .flat_map(|((log, _), exercise)| {
            (1..)
                .zip(&exercise.sets)
                .map(|(position, set)| (*log, position, *set))
        })
        .collect::<Vec<_>>();
    set_log::insert_many(conn, user, &sets, workout.started_at).await?;
    let exercises = logs.into_iter().map(|(_, exercise)| exercise).collect();
    crate::record::refresh_all(conn, user, exercises, workout.started_at).await?;
    Ok(id)
}
