//! What a viewer does with exercises of their own.

use async_graphql::{Context, InputObject, MaybeUndefined, Object, SimpleObject};
use setwise_graphql::{ResolverError, UserError};

use crate::{
    change::Change,
    exercise::{
        Equipment, Exercise, Measurement, Movement,
        graphql::MAX_IDS,
        own::{self, Choices, Details},
    },
    idempotency::Claim,
    ids::{ExerciseId, MuscleGroupId},
    refusal::{Failure, Refusal},
};

/// The exercise to make.
#[derive(InputObject)]
struct CreateExerciseInput {
    /// What to call it, in any language: 1 to 200 characters.
    name: String,
    /// What it is, at most 5,000 characters.
    description: Option<String>,
    /// How it is done, step by step: at most 20 steps of at most 1,000 characters; empty ones are left out.
    instructions: Option<Vec<String>>,
    /// A video that shows it: an absolute http or https URL.
    video_url: Option<String>,
    /// The muscle groups that do most of the work.
    primary_muscle_group_ids: Option<Vec<MuscleGroupId>>,
    /// The muscle groups that help.
    secondary_muscle_group_ids: Option<Vec<MuscleGroupId>>,
    /// What it is done with.
    #[graphql(default_with = "Some(Equipment::Other)")]
    equipment: Option<Equipment>,
    /// What is counted when a set of it is done.
    #[graphql(default_with = "Some(Measurement::RepsWeight)")]
    measurement: Option<Measurement>,
    /// What the body does.
    movement: Option<Movement>,
    /// Whether a set of it is for one side of the body, such as one arm.
    #[graphql(default_with = "Some(false)")]
    is_unilateral: Option<bool>,
    /// A key of the client's, 1 to 255 characters, best a new UUID for each thing to make: however often the mutation is
    /// sent with it, it is applied once. A key holds for at least 24 hours.
    client_mutation_id: Option<String>,
}

/// What came of making an exercise.
#[derive(SimpleObject)]
struct CreateExercisePayload {
    /// The new exercise, unless it was refused.
    exercise: Option<Exercise>,
    /// Why it was refused.
    user_errors: Vec<UserError>,
    /// The key that the mutation came with.
    client_mutation_id: Option<String>,
}

/// The exercise to change. What is left out stays as it is.
#[derive(InputObject)]
struct UpdateExerciseInput {
    /// One of the viewer's own exercises.
    exercise_id: ExerciseId,
    /// What to call it, in any language: 1 to 200 characters.
    name: Option<String>,
    /// What it is, at most 5,000 characters.
    description: Option<String>,
    /// How it is done, step by step: at most 20 steps of at most 1,000 characters; empty ones are left out.
    instructions: Option<Vec<String>>,
    /// A video that shows it: an absolute http or https URL; an empty one takes it away.
    video_url: Option<String>,
    /// The muscle groups that do most of the work.
    primary_muscle_group_ids: Option<Vec<MuscleGroupId>>,
    /// The muscle groups that help.
    secondary_muscle_group_ids: Option<Vec<MuscleGroupId>>,
    /// What it is done with.
    equipment: Option<Equipment>,
    /// What is counted when a set of it is done.
    measurement: Option<Measurement>,
    /// What the body does; null takes it away.
    movement: MaybeUndefined<Movement>,
    /// Whether a set of it is for one side of the body, such as one arm.
    is_unilateral: Option<bool>,
}

/// What came of changing an exercise.
#[derive(SimpleObject)]
struct UpdateExercisePayload {
    /// The exercise as it is now, unless the change was refused.
    exercise: Option<Exercise>,
    /// Why it was refused.
    user_errors: Vec<UserError>,
}

/// The exercise to delete.
#[derive(InputObject)]
struct DeleteExerciseInput {
    /// One of the viewer's own exercises. Workouts and routines that have it keep it.
    exercise_id: ExerciseId,
}

/// What came of deleting an exercise.
#[derive(SimpleObject)]
struct DeleteExercisePayload {
    /// The exercise that is listed no more.
    deleted_exercise_id: Option<ExerciseId>,
    /// Why the deletion was refused.
    user_errors: Vec<UserError>,
}

#[derive(Default)]
pub(crate) struct ExerciseMutation;

#[Object]
impl ExerciseMutation {
    /// Makes an exercise that only the viewer sees.
    async fn create_exercise(
        &self,
        ctx: &Context<'_>,
        input: CreateExerciseInput,
    ) -> Result<CreateExercisePayload, ResolverError> {
        let mut change = Change::begin(ctx).await?;
        let result = create_exercise(&mut change, &input).await;
        let (exercise, user_errors) = change.finish(result).await?;
        Ok(CreateExercisePayload {
            exercise,
            user_errors,
            client_mutation_id: input.client_mutation_id,
        })
    }

    /// Changes one of the viewer's own exercises.
    async fn update_exercise(
        &self,
        ctx: &Context<'_>,
        input: UpdateExerciseInput,
    ) -> Result<UpdateExercisePayload, ResolverError> {
        let mut change = Change::begin(ctx).await?;
        let result = update_exercise(&mut change, input).await;
        let (exercise, user_errors) = change.finish(result).await?;
        Ok(UpdateExercisePayload {
            exercise,
            user_errors,
        })
    }

    /// Deletes one of the viewer's own exercises: it is listed no more, and can be trained no more.
    async fn delete_exercise(
        &self,
        ctx: &Context<'_>,
        input: DeleteExerciseInput,
    ) -> Result<DeleteExercisePayload, ResolverError> {
        let mut change = Change::begin(ctx).await?;
        let (user, now) = (change.user, change.now);
        let result = own::delete(change.conn(), user, input.exercise_id, now).await;
        let (deleted_exercise_id, user_errors) = change.finish(result).await?;
        Ok(DeleteExercisePayload {
            deleted_exercise_id,
            user_errors,
        })
    }
}

async fn create_exercise(
    change: &mut Change,
    input: &CreateExerciseInput,
) -> Result<Exercise, Failure> {
    let (user, now) = (change.user, change.now);
    let claim = change.claim("createExercise", input, ExerciseId::new());
    let id = match claim.await? {
        Claim::First(id) => id,
        Claim::Again(id) => return own::find(change.conn(), user, id).await,
    };
    let (primary, secondary) = (
        input.primary_muscle_group_ids.clone(),
        input.secondary_muscle_group_ids.clone(),
    );
    let mut details = Details::chosen(Choices {
        primary: at_most_max("primaryMuscleGroupIds", primary)?,
        secondary: at_most_max("secondaryMuscleGroupIds", secondary)?,
        equipment: input.equipment,
        measurement: input.measurement,
        movement: Some(input.movement).into(),
        is_unilateral: input.is_unilateral,
    });
    details.call(&input.name)?;
    details.describe(input.description.as_deref().unwrap_or_default())?;
    details.instruct(input.instructions.as_deref().unwrap_or_default())?;
    details.show(input.video_url.as_deref().unwrap_or_default())?;
    own::create(change.conn(), user, id, details, now).await
}

async fn update_exercise(
    change: &mut Change,
    input: UpdateExerciseInput,
) -> Result<Exercise, Failure> {
    let mut details = Details::chosen(Choices {
        primary: at_most_max("primaryMuscleGroupIds", input.primary_muscle_group_ids)?,
        secondary: at_most_max("secondaryMuscleGroupIds", input.secondary_muscle_group_ids)?,
        equipment: input.equipment,
        measurement: input.measurement,
        movement: input.movement,
        is_unilateral: input.is_unilateral,
    });
    if let Some(name) = input.name {
        details.call(&name)?;
    }
    if let Some(description) = input.description {
        details.describe(&description)?;
    }
    if let Some(instructions) = input.instructions {
        details.instruct(&instructions)?;
    }
    if let Some(video_url) = input.video_url {
        details.show(&video_url)?;
    }
    let (user, now) = (change.user, change.now);
    own::update(change.conn(), user, input.exercise_id, details, now).await
}

fn at_most_max(
    field: &'static str,
    ids: Option<Vec<MuscleGroupId>>,
) -> Result<Option<Vec<MuscleGroupId>>, Refusal> {
    if ids.as_ref().is_some_and(|ids| ids.len() > MAX_IDS) {
        return Err(Refusal::TooMany {
            field,
            max: MAX_IDS,
        });
    }
    Ok(ids)
}
