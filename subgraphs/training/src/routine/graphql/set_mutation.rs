//! What a person does with the sets of a routine.

use async_graphql::{Context, InputObject, MaybeUndefined, Object, SimpleObject};
use setwise_graphql::{ResolverError, UserError};

use crate::{
    change::Change,
    idempotency::Claim,
    ids::{ExerciseInstanceId, RoutineId, RoutineSetId},
    refusal::Failure,
    routine::{self, ExerciseInstance, InstancePath, RoutineSet},
    set::{PlanDetails, PlanDetailsChange, PlannedSet, SetKind, SetType},
};

/// The set to append.
#[derive(InputObject)]
struct AddRoutineSetInput {
    /// The routine.
    routine_id: RoutineId,
    /// The exercise of that routine.
    exercise_instance_id: ExerciseInstanceId,
    /// What the set is about.
    #[graphql(name = "type")]
    set_type: SetType,
    /// Repetitions, 1 to 10,000.
    reps: Option<i32>,
    /// The weight in kilograms, 0 to 10,000.
    weight_kg: Option<f64>,
    /// The time in seconds, more than 0.
    time_seconds: Option<f64>,
    /// The upper end of a range of repetitions that `reps` begins, up to 10,000.
    max_reps: MaybeUndefined<i32>,
    /// What the set is for; a new set is NORMAL when it is left out.
    kind: Option<SetKind>,
    /// The weight as a share of the exercise's training maximum, in percent, up to 200.
    percent_of_max: MaybeUndefined<f64>,
    /// How hard it should be, the rating of perceived exertion from 1 to 10 in halves.
    rpe: MaybeUndefined<f64>,
    /// Repetitions to leave in reserve, instead of `rpe`: from 0 to 9 in halves.
    reps_in_reserve: MaybeUndefined<f64>,
    /// How long to rest after it, in seconds, up to an hour.
    rest_seconds: MaybeUndefined<i32>,
    /// A key of the client's, 1 to 255 characters, best a new UUID for each thing to make: however often the mutation is
    /// sent with it, it is applied once. A key holds for at least 24 hours.
    client_mutation_id: Option<String>,
}

/// What came of appending a set.
#[derive(SimpleObject)]
struct AddRoutineSetPayload {
    /// The new set, unless it was refused.
    set: Option<RoutineSet>,
    /// Why it was refused.
    user_errors: Vec<UserError>,
    /// The key that the mutation came with.
    client_mutation_id: Option<String>,
}

/// What a set asks for from now on. Of type, repetitions, weight and time it is the whole, so what is left out is cleared;
/// of the other fields what is left out stays, and null clears.
#[derive(InputObject)]
struct UpdateRoutineSetInput {
    /// The routine.
    routine_id: RoutineId,
    /// The exercise of that routine.
    exercise_instance_id: ExerciseInstanceId,
    /// The set of that exercise.
    set_id: RoutineSetId,
    /// What the set is about.
    #[graphql(name = "type")]
    set_type: SetType,
    /// Repetitions, 1 to 10,000.
    reps: Option<i32>,
    /// The weight in kilograms, 0 to 10,000.
    weight_kg: Option<f64>,
    /// The time in seconds, more than 0.
    time_seconds: Option<f64>,
    /// The upper end of a range of repetitions that `reps` begins, up to 10,000. Left out, it stays as long as `reps` does,
    /// and goes when they change.
    max_reps: MaybeUndefined<i32>,
    /// What the set is for; a new set is NORMAL when it is left out.
    kind: Option<SetKind>,
    /// The weight as a share of the exercise's training maximum, in percent, up to 200.
    percent_of_max: MaybeUndefined<f64>,
    /// How hard it should be, the rating of perceived exertion from 1 to 10 in halves.
    rpe: MaybeUndefined<f64>,
    /// Repetitions to leave in reserve, instead of `rpe`: from 0 to 9 in halves.
    reps_in_reserve: MaybeUndefined<f64>,
    /// How long to rest after it, in seconds, up to an hour.
    rest_seconds: MaybeUndefined<i32>,
}

/// What came of changing a set.
#[derive(SimpleObject)]
struct UpdateRoutineSetPayload {
    /// The set, unless the change was refused.
    set: Option<RoutineSet>,
    /// Why the change was refused.
    user_errors: Vec<UserError>,
}

/// The set to remove.
#[derive(InputObject)]
#[expect(clippy::struct_field_names, reason = "the names of the graph")]
struct RemoveRoutineSetInput {
    /// The routine.
    routine_id: RoutineId,
    /// The exercise of that routine.
    exercise_instance_id: ExerciseInstanceId,
    /// The set of that exercise.
    set_id: RoutineSetId,
}

/// What came of removing a set.
#[derive(SimpleObject)]
struct RemoveRoutineSetPayload {
    /// The exercise without the set, unless the removal was refused.
    exercise_instance: Option<ExerciseInstance>,
    /// Why the removal was refused.
    user_errors: Vec<UserError>,
}

#[derive(Default)]
pub(crate) struct RoutineSetMutation;

#[Object]
impl RoutineSetMutation {
    /// Appends a set to an exercise of a routine.
    async fn add_routine_set(
        &self,
        ctx: &Context<'_>,
        input: AddRoutineSetInput,
    ) -> Result<AddRoutineSetPayload, ResolverError> {
        let mut change = Change::begin(ctx).await?;
        let result = add_routine_set(&mut change, &input).await;
        let (set, user_errors) = change.finish(result).await?;
        Ok(AddRoutineSetPayload {
            set,
            user_errors,
            client_mutation_id: input.client_mutation_id,
        })
    }

    /// Replaces what a set of a routine asks for.
    async fn update_routine_set(
        &self,
        ctx: &Context<'_>,
        input: UpdateRoutineSetInput,
    ) -> Result<UpdateRoutineSetPayload, ResolverError> {
        let mut change = Change::begin(ctx).await?;
        let result = update_routine_set(&mut change, &input).await;
        let (set, user_errors) = change.finish(result).await?;
        Ok(UpdateRoutineSetPayload { set, user_errors })
    }

    /// Removes a set from an exercise of a routine.
    async fn remove_routine_set(
        &self,
        ctx: &Context<'_>,
        input: RemoveRoutineSetInput,
    ) -> Result<RemoveRoutineSetPayload, ResolverError> {
        let mut change = Change::begin(ctx).await?;
        let now = change.now;
        let path = path(&change, input.routine_id, input.exercise_instance_id);
        let result = routine::remove_set(change.conn(), path, input.set_id, now).await;
        let (exercise_instance, user_errors) = change.finish(result).await?;
        Ok(RemoveRoutineSetPayload {
            exercise_instance,
            user_errors,
        })
    }
}

async fn add_routine_set(
    change: &mut Change,
    input: &AddRoutineSetInput,
) -> Result<RoutineSet, Failure> {
    let set = PlannedSet::parse(
        input.set_type,
        input.reps,
        input.weight_kg,
        input.time_seconds,
    )?;
    let details = PlanDetailsChange {
        kind: input.kind,
        max_reps: input.max_reps,
        percent_of_max: input.percent_of_max,
        rpe: input.rpe,
        reps_in_reserve: input.reps_in_reserve,
        rest_seconds: input.rest_seconds,
    };
    let set = PlannedSet {
        details: details.applied_to(PlanDetails::default(), set.reps)?,
        ..set
    };
    let (user, now) = (change.user, change.now);
    let instance = input.exercise_instance_id;
    let claim = change.claim("addRoutineSet", input, RoutineSetId::new());
    let id = match claim.await? {
        Claim::First(id) => id,
        Claim::Again(id) => return routine::find_set(change.conn(), user, instance, id).await,
    };
    let path = path(change, input.routine_id, instance);
    routine::add_set(change.conn(), path, id, set, now).await
}

async fn update_routine_set(
    change: &mut Change,
    input: &UpdateRoutineSetInput,
) -> Result<RoutineSet, Failure> {
    let set = PlannedSet::parse(
        input.set_type,
        input.reps,
        input.weight_kg,
        input.time_seconds,
    )?;
    let details = PlanDetailsChange {
        kind: input.kind,
        max_reps: input.max_reps,
        percent_of_max: input.percent_of_max,
        rpe: input.rpe,
        reps_in_reserve: input.reps_in_reserve,
        rest_seconds: input.rest_seconds,
    };
    let now = change.now;
    let path = path(change, input.routine_id, input.exercise_instance_id);
    routine::update_set(change.conn(), path, input.set_id, set, details, now).await
}

fn path(change: &Change, routine: RoutineId, instance: ExerciseInstanceId) -> InstancePath {
    InstancePath {
        user: change.user,
        routine,
        instance,
    }
}
