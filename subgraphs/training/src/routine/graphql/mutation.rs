//! What a person does with routines and their exercises.

use async_graphql::{Context, InputObject, Object, SimpleObject};
use setwise_graphql::{ResolverError, UserError};

use crate::{
    change::Change,
    idempotency::Claim,
    ids::{ExerciseId, ExerciseInstanceId, RoutineId, WorkoutId},
    refusal::Failure,
    routine::{self, ExerciseInstance, Routine, RoutineDescription, RoutineName},
};

/// The routine to create.
#[derive(InputObject)]
struct CreateRoutineInput {
    /// 1 to 200 characters.
    name: String,
    /// At most 5,000 characters.
    description: Option<String>,
    /// The workout whose exercises and performed sets are copied into the routine.
    workout_id: Option<WorkoutId>,
    /// A key of the client's, 1 to 255 characters, best a new UUID for each thing to make: however often the mutation is
    /// sent with it, it is applied once. A key holds for at least 24 hours.
    client_mutation_id: Option<String>,
}

/// What came of creating a routine.
#[derive(SimpleObject)]
struct CreateRoutinePayload {
    /// The new routine, unless it was refused.
    routine: Option<Routine>,
    /// Why it was refused.
    user_errors: Vec<UserError>,
    /// The key that the mutation came with.
    client_mutation_id: Option<String>,
}

/// What to change of a routine: what is left out stays.
#[derive(InputObject)]
struct UpdateRoutineInput {
    /// The routine.
    routine_id: RoutineId,
    /// 1 to 200 characters.
    name: Option<String>,
    /// At most 5,000 characters; may be empty.
    description: Option<String>,
}

/// What came of changing a routine.
#[derive(SimpleObject)]
struct UpdateRoutinePayload {
    /// The routine, unless the change was refused.
    routine: Option<Routine>,
    /// Why the change was refused.
    user_errors: Vec<UserError>,
}

/// The routine to delete.
#[derive(InputObject)]
struct DeleteRoutineInput {
    /// The routine. Workouts that came from it stay.
    routine_id: RoutineId,
}

/// What came of deleting a routine.
#[derive(SimpleObject)]
struct DeleteRoutinePayload {
    /// The routine that is gone.
    deleted_routine_id: Option<RoutineId>,
    /// Why the deletion was refused.
    user_errors: Vec<UserError>,
}

/// The exercise to append to a routine.
#[derive(InputObject)]
#[expect(clippy::struct_field_names, reason = "the names of the graph")]
struct AddExerciseToRoutineInput {
    /// The routine.
    routine_id: RoutineId,
    /// An exercise of the catalogue or the viewer's own.
    exercise_id: ExerciseId,
    /// A key of the client's, 1 to 255 characters, best a new UUID for each thing to make: however often the mutation is
    /// sent with it, it is applied once. A key holds for at least 24 hours.
    client_mutation_id: Option<String>,
}

/// What came of appending an exercise.
#[derive(SimpleObject)]
struct AddExerciseToRoutinePayload {
    /// The exercise at its place, unless it was refused.
    exercise_instance: Option<ExerciseInstance>,
    /// Why it was refused.
    user_errors: Vec<UserError>,
    /// The key that the mutation came with.
    client_mutation_id: Option<String>,
}

/// The exercise to remove from a routine.
#[derive(InputObject)]
struct RemoveExerciseFromRoutineInput {
    /// The routine.
    routine_id: RoutineId,
    /// The exercise of that routine.
    exercise_instance_id: ExerciseInstanceId,
}

/// What came of removing an exercise.
#[derive(SimpleObject)]
struct RemoveExerciseFromRoutinePayload {
    /// The routine without it, unless the removal was refused.
    routine: Option<Routine>,
    /// Why the removal was refused.
    user_errors: Vec<UserError>,
}

/// The new order of a routine.
#[derive(InputObject)]
struct ReorderRoutineInput {
    /// The routine.
    routine_id: RoutineId,
    /// All exercises of the routine, each once, in the new order.
    exercise_instance_ids: Vec<ExerciseInstanceId>,
}

/// What came of reordering a routine.
#[derive(SimpleObject)]
struct ReorderRoutinePayload {
    /// The routine in its new order, unless it was refused.
    routine: Option<Routine>,
    /// Why it was refused.
    user_errors: Vec<UserError>,
}

#[derive(Default)]
pub(crate) struct RoutineMutation;

#[Object]
impl RoutineMutation {
    /// Creates a routine, empty or from a workout.
    async fn create_routine(
        &self,
        ctx: &Context<'_>,
        input: CreateRoutineInput,
    ) -> Result<CreateRoutinePayload, ResolverError> {
        let mut change = Change::begin(ctx).await?;
        let result = create_routine(&mut change, &input).await;
        let (routine, user_errors) = change.finish(result).await?;
        Ok(CreateRoutinePayload {
            routine,
            user_errors,
            client_mutation_id: input.client_mutation_id,
        })
    }

    /// Changes the name or the description of a routine.
    async fn update_routine(
        &self,
        ctx: &Context<'_>,
        input: UpdateRoutineInput,
    ) -> Result<UpdateRoutinePayload, ResolverError> {
        let mut change = Change::begin(ctx).await?;
        let result = update_routine(&mut change, &input).await;
        let (routine, user_errors) = change.finish(result).await?;
        Ok(UpdateRoutinePayload {
            routine,
            user_errors,
        })
    }

    /// Deletes a routine. The workouts that came from it stay, without a routine.
    async fn delete_routine(
        &self,
        ctx: &Context<'_>,
        input: DeleteRoutineInput,
    ) -> Result<DeleteRoutinePayload, ResolverError> {
        let mut change = Change::begin(ctx).await?;
        let user = change.user;
        let result = routine::delete(change.conn(), user, input.routine_id).await;
        let (deleted, user_errors) = change.finish(result).await?;
        Ok(DeleteRoutinePayload {
            deleted_routine_id: deleted.map(|()| input.routine_id),
            user_errors,
        })
    }

    /// Appends an exercise to a routine.
    async fn add_exercise_to_routine(
        &self,
        ctx: &Context<'_>,
        input: AddExerciseToRoutineInput,
    ) -> Result<AddExerciseToRoutinePayload, ResolverError> {
        let mut change = Change::begin(ctx).await?;
        let result = add_exercise(&mut change, &input).await;
        let (exercise_instance, user_errors) = change.finish(result).await?;
        Ok(AddExerciseToRoutinePayload {
            exercise_instance,
            user_errors,
            client_mutation_id: input.client_mutation_id,
        })
    }

    /// Removes an exercise with its sets from a routine.
    async fn remove_exercise_from_routine(
        &self,
        ctx: &Context<'_>,
        input: RemoveExerciseFromRoutineInput,
    ) -> Result<RemoveExerciseFromRoutinePayload, ResolverError> {
        let mut change = Change::begin(ctx).await?;
        let (user, now) = (change.user, change.now);
        let (routine, instance) = (input.routine_id, input.exercise_instance_id);
        let result = routine::remove_exercise(change.conn(), user, routine, instance, now).await;
        let (routine, user_errors) = change.finish(result).await?;
        Ok(RemoveExerciseFromRoutinePayload {
            routine,
            user_errors,
        })
    }

    /// Puts the exercises of a routine into a new order.
    async fn reorder_routine(
        &self,
        ctx: &Context<'_>,
        input: ReorderRoutineInput,
    ) -> Result<ReorderRoutinePayload, ResolverError> {
        let mut change = Change::begin(ctx).await?;
        let (user, now) = (change.user, change.now);
        let order = &input.exercise_instance_ids;
        let result = routine::reorder(change.conn(), user, input.routine_id, order, now).await;
        let (routine, user_errors) = change.finish(result).await?;
        Ok(ReorderRoutinePayload {
            routine,
            user_errors,
        })
    }
}

async fn create_routine(
    change: &mut Change,
    input: &CreateRoutineInput,
) -> Result<Routine, Failure> {
    let name = RoutineName::parse(&input.name)?;
    let description = RoutineDescription::parse(input.description.as_deref().unwrap_or_default())?;
    let (user, now) = (change.user, change.now);
    let claim = change.claim("createRoutine", input, RoutineId::new());
    let id = match claim.await? {
        Claim::First(id) => id,
        Claim::Again(id) => return routine::find(change.conn(), user, id).await,
    };
    let conn = change.conn();
    match input.workout_id {
        Some(workout) => {
            routine::create_from_workout(conn, user, id, &name, &description, workout, now).await
        }
        None => routine::create(conn, user, id, &name, &description, now).await,
    }
}

async fn add_exercise(
    change: &mut Change,
    input: &AddExerciseToRoutineInput,
) -> Result<ExerciseInstance, Failure> {
    let (user, now) = (change.user, change.now);
    let new = ExerciseInstanceId::new();
    let id = match change.claim("addExerciseToRoutine", input, new).await? {
        Claim::First(id) => id,
        Claim::Again(id) => return routine::find_instance(change.conn(), user, id).await,
    };
    let (routine, exercise) = (input.routine_id, input.exercise_id);
    routine::add_exercise(change.conn(), user, routine, id, exercise, now).await
}

async fn update_routine(
    change: &mut Change,
    input: &UpdateRoutineInput,
) -> Result<Routine, Failure> {
    let name = input.name.as_deref().map(RoutineName::parse).transpose()?;
    let description = input
        .description
        .as_deref()
        .map(RoutineDescription::parse)
        .transpose()?;
    let (user, now) = (change.user, change.now);
    let (name, description) = (name.as_ref(), description.as_ref());
    routine::update(
        change.conn(),
        user,
        input.routine_id,
        name,
        description,
        now,
    )
    .await
}
