//! A routine as those see it who have its link: the plan, and nothing of whose it is.

use async_graphql::{Context, SimpleObject};
use setwise_graphql::ResolverError;

use crate::{
    State,
    exercise::{Exercise, ExerciseById},
    ids::UserId,
    loading::load_one,
    routine::{ExerciseInstancesOfRoutine, RoutineById, SetsOfExerciseInstance, store},
    set::{SetKind, SetType},
};

/// A routine that somebody shares by a link.
#[derive(SimpleObject)]
pub(crate) struct SharedRoutine {
    /// Its name.
    name: String,
    /// What it is about; may be empty.
    description: String,
    /// Its exercises, in order.
    exercises: Vec<SharedExercise>,
    /// How many of its exercises only its author sees: they are not listed here, and a copy is without them.
    hidden_exercise_count: i32,
}

/// An exercise of a shared routine.
#[derive(SimpleObject)]
struct SharedExercise {
    /// What is to be done.
    exercise: Exercise,
    /// Exercises with the same number are done in turn, as a superset; null when it stands alone.
    superset_group: Option<i16>,
    /// What the author noted for it.
    notes: Option<String>,
    /// Its planned sets, in order.
    sets: Vec<SharedSet>,
}

/// A planned set of a shared routine.
#[derive(SimpleObject)]
struct SharedSet {
    /// What the set is about.
    #[graphql(name = "type")]
    set_type: SetType,
    /// What the set is for.
    kind: SetKind,
    /// Repetitions to do.
    reps: Option<i32>,
    /// The upper end of the repetitions to do; null when there is no range.
    max_reps: Option<i32>,
    /// The weight in kilograms.
    weight_kg: Option<f64>,
    /// The weight as a share of the training maximum, in percent.
    percent_of_max: Option<f64>,
    /// The time in seconds.
    time_seconds: Option<f64>,
    /// How hard it should be, the rating of perceived exertion from 1 to 10 in halves.
    rpe: Option<f64>,
    /// How long to rest after it, in seconds.
    rest_seconds: Option<i32>,
}

pub(super) async fn find(
    ctx: &Context<'_>,
    token: &str,
) -> Result<Option<SharedRoutine>, ResolverError> {
    let viewer = UserId::from(setwise_graphql::viewer(ctx)?.user_id);
    let mut conn = ctx.data_unchecked::<State>().pool.acquire().await?;
    let share = store::shared(&mut conn, token).await?;
    drop(conn);
    let Some(share) = share else {
        return Ok(None);
    };
    let key = (share.user_id, share.routine_id);
    let Some(routine) = load_one::<RoutineById, _>(ctx, key).await? else {
        return Ok(None);
    };
    let instances = load_one::<ExerciseInstancesOfRoutine, _>(ctx, key).await?;
    let mut hidden_exercise_count = 0;
    let mut exercises = Vec::new();
    for instance in instances.unwrap_or_default() {
        let exercise = load_one::<ExerciseById, _>(ctx, (viewer, instance.exercise_id)).await?;
        let Some(exercise) = exercise else {
            hidden_exercise_count += 1;
            continue;
        };
        let sets = load_one::<SetsOfExerciseInstance, _>(ctx, (share.user_id, instance.id)).await?;
        let sets = sets.unwrap_or_default().into_iter().map(|set| SharedSet {
            set_type: set.set_type,
            kind: set.kind,
            reps: set.reps,
            max_reps: set.max_reps,
            weight_kg: set.weight_kg,
            percent_of_max: set.percent_of_max,
            time_seconds: set.time_seconds,
            rpe: set.rpe,
            rest_seconds: set.rest_seconds,
        });
        exercises.push(SharedExercise {
            exercise,
            superset_group: instance.superset_group,
            notes: instance.notes,
            sets: sets.collect(),
        });
    }
    Ok(Some(SharedRoutine {
        name: routine.name,
        description: routine.description,
        exercises,
        hidden_exercise_count,
    }))
}
