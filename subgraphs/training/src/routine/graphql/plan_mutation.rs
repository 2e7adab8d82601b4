//! What a person says of an exercise of a routine beside its sets.

use async_graphql::{Context, InputObject, MaybeUndefined, Object, SimpleObject};
use setwise_graphql::{ResolverError, UserError};

use super::progression::ProgressionInput;
use crate::{
    change::Change,
    ids::{ExerciseInstanceId, RoutineId},
    refusal::{Failure, parsed},
    routine::{
        self, ExerciseInstance, InstanceChange, InstanceNotes, InstancePath, SupersetGroup,
        TrainingMax,
    },
};

/// What to change of an exercise of a routine: what is left out stays, null clears.
#[derive(InputObject)]
struct UpdateExerciseInstanceInput {
    /// The routine.
    routine_id: RoutineId,
    /// The exercise of that routine.
    exercise_instance_id: ExerciseInstanceId,
    /// The number that exercises share that are done in turn, as a superset: 1 to 100.
    superset_group: MaybeUndefined<i32>,
    /// Notes, at most 5,000 characters.
    notes: MaybeUndefined<String>,
    /// What percentages are of, in kilograms, more than 0. Percentage waves begin anew with another one.
    training_max_kg: MaybeUndefined<f64>,
    /// How it progresses from workout to workout. Percentage waves begin with their first week when they are set.
    progression: MaybeUndefined<ProgressionInput>,
}

/// What came of changing an exercise of a routine.
#[derive(SimpleObject)]
struct UpdateExerciseInstancePayload {
    /// The exercise of the routine, unless the change was refused.
    exercise_instance: Option<ExerciseInstance>,
    /// Why the change was refused.
    user_errors: Vec<UserError>,
}

#[derive(Default)]
pub(crate) struct RoutinePlanMutation;

#[Object]
impl RoutinePlanMutation {
    /// Changes superset, notes, training maximum or progression of an exercise of a routine.
    async fn update_exercise_instance(
        &self,
        ctx: &Context<'_>,
        input: UpdateExerciseInstanceInput,
    ) -> Result<UpdateExerciseInstancePayload, ResolverError> {
        let mut change = Change::begin(ctx).await?;
        let result = update_exercise_instance(&mut change, input).await;
        let (exercise_instance, user_errors) = change.finish(result).await?;
        Ok(UpdateExerciseInstancePayload {
            exercise_instance,
            user_errors,
        })
    }
}

async fn update_exercise_instance(
    change: &mut Change,
    input: UpdateExerciseInstanceInput,
) -> Result<ExerciseInstance, Failure> {
    let wanted = InstanceChange {
        superset_group: parsed(input.superset_group, SupersetGroup::parse)?,
        notes: parsed(input.notes, |notes| InstanceNotes::parse(&notes))?,
        training_max: parsed(input.training_max_kg, TrainingMax::parse)?,
        progression: parsed(input.progression, ProgressionInput::parse)?,
    };
    let (user, now) = (change.user, change.now);
    let path = InstancePath {
        user,
        routine: input.routine_id,
        instance: input.exercise_instance_id,
    };
    routine::update_instance(change.conn(), path, wanted, now).await
}
