//! What a person does with workouts.

use async_graphql::{Context, InputObject, Object, SimpleObject};
use setwise_graphql::{ResolverError, UserError, WeightUnit};

use crate::{
    State,
    change::Change,
    generation::{self, Prompt},
    idempotency::Claim,
    ids::{RoutineId, WorkoutId},
    loading::load_one,
    refusal::{Failure, Refusal},
    workout::{self, ActiveWorkouts, Comment, IfActive, Rating, Workout},
};

/// How to start a workout: empty, from a routine, or generated.
#[derive(InputObject)]
struct StartWorkoutInput {
    /// The routine whose exercises and sets are expected.
    routine_id: Option<RoutineId>,
    /// Whether the planner chooses the exercises.
    #[graphql(default_with = "Some(false)")]
    generate: Option<bool>,
    /// What the planner should know about today.
    prompt: Option<String>,
    /// What to do when a workout is under way already.
    #[graphql(default_with = "Some(IfActive::Refuse)")]
    if_active: Option<IfActive>,
    /// The unit for the weights of the sets.
    #[graphql(default_with = "Some(WeightUnit::Kg)")]
    weight_unit: Option<WeightUnit>,
    /// A key of the client's, 1 to 255 characters, best a new UUID for each thing to make: however often the mutation is
    /// sent with it, it is applied once. A key holds for at least 24 hours.
    client_mutation_id: Option<String>,
}

/// What came of starting a workout.
#[derive(SimpleObject)]
struct StartWorkoutPayload {
    /// The new workout, or with `ifActive: CONTINUE` the one under way; null when it was refused.
    workout: Option<Workout>,
    /// The workout under way because of which it was refused, the newest of them: `userErrors` then says `ALREADY_EXISTS`.
    active_workout: Option<Workout>,
    /// Why it was refused.
    user_errors: Vec<UserError>,
    /// The key that the mutation came with.
    client_mutation_id: Option<String>,
}

/// The workout to delete.
#[derive(InputObject)]
struct DeleteWorkoutInput {
    /// One of the viewer's workouts, finished or not.
    workout_id: WorkoutId,
}

/// What came of deleting a workout.
#[derive(SimpleObject)]
struct DeleteWorkoutPayload {
    /// The workout that is gone.
    deleted_workout_id: Option<WorkoutId>,
    /// Why the deletion was refused.
    user_errors: Vec<UserError>,
}

/// The workout to complete.
#[derive(InputObject)]
struct CompleteWorkoutInput {
    /// The workout, which must not be finished.
    workout_id: WorkoutId,
}

/// What came of completing a workout.
#[derive(SimpleObject)]
struct CompleteWorkoutPayload {
    /// The finished workout, unless it was refused.
    workout: Option<Workout>,
    /// Why it was refused.
    user_errors: Vec<UserError>,
}

/// The workout to go on with.
#[derive(InputObject)]
struct ReopenWorkoutInput {
    /// The workout, which was finished at most 24 hours ago.
    workout_id: WorkoutId,
}

/// What came of reopening a workout.
#[derive(SimpleObject)]
struct ReopenWorkoutPayload {
    /// The workout, which is active again, unless it was refused.
    workout: Option<Workout>,
    /// Why it was refused: `ALREADY_EXISTS` when another workout is under way.
    user_errors: Vec<UserError>,
}

/// The rating of a workout.
#[derive(InputObject)]
struct RateWorkoutInput {
    /// The workout, which must be finished.
    workout_id: WorkoutId,
    /// From 0 to 5.
    rating: i32,
}

/// What came of rating a workout.
#[derive(SimpleObject)]
struct RateWorkoutPayload {
    /// The workout, unless the rating was refused.
    workout: Option<Workout>,
    /// Why the rating was refused.
    user_errors: Vec<UserError>,
}

/// The comment on a workout.
#[derive(InputObject)]
struct CommentWorkoutInput {
    /// The workout, which must be finished.
    workout_id: WorkoutId,
    /// At most 5,000 characters; an empty comment removes the one that is there.
    comment: String,
}

/// What came of commenting on a workout.
#[derive(SimpleObject)]
struct CommentWorkoutPayload {
    /// The workout, unless the comment was refused.
    workout: Option<Workout>,
    /// Why the comment was refused.
    user_errors: Vec<UserError>,
}

#[derive(Default)]
pub(crate) struct WorkoutMutation;

#[Object]
impl WorkoutMutation {
    /// Starts a workout.
    async fn start_workout(
        &self,
        ctx: &Context<'_>,
        input: StartWorkoutInput,
    ) -> Result<StartWorkoutPayload, ResolverError> {
        let state = ctx.data_unchecked::<State>();
        let mut change = Change::begin(ctx).await?;
        let result = start_workout(&mut change, &input, state).await;
        let is_active = matches!(&result, Err(Failure::Refused(Refusal::WorkoutActive)));
        let user = change.user;
        let (workout, user_errors) = change.finish(result).await?;
        let active_workout = if is_active {
            let active = load_one::<ActiveWorkouts, _>(ctx, user).await?;
            active.unwrap_or_default().into_iter().next()
        } else {
            None
        };
        if input.generate == Some(true) {
            state.generation_worker.wake();
        }
        Ok(StartWorkoutPayload {
            workout,
            active_workout,
            user_errors,
            client_mutation_id: input.client_mutation_id,
        })
    }

    /// Deletes a workout with its exercises and sets, finished or not.
    async fn delete_workout(
        &self,
        ctx: &Context<'_>,
        input: DeleteWorkoutInput,
    ) -> Result<DeleteWorkoutPayload, ResolverError> {
        let mut change = Change::begin(ctx).await?;
        let user = change.user;
        let result = workout::delete(change.conn(), user, input.workout_id).await;
        let (deleted, user_errors) = change.finish(result).await?;
        Ok(DeleteWorkoutPayload {
            deleted_workout_id: deleted.map(|()| input.workout_id),
            user_errors,
        })
    }

    /// Completes a workout: from then on its exercises and sets stay as they are.
    async fn complete_workout(
        &self,
        ctx: &Context<'_>,
        input: CompleteWorkoutInput,
    ) -> Result<CompleteWorkoutPayload, ResolverError> {
        let topic = &ctx.data_unchecked::<State>().training_topic;
        let mut change = Change::begin(ctx).await?;
        let (user, now) = (change.user, change.now);
        let result = workout::complete(change.conn(), topic, user, input.workout_id, now).await;
        let (workout, user_errors) = change.finish(result).await?;
        Ok(CompleteWorkoutPayload {
            workout,
            user_errors,
        })
    }

    /// Goes on with a workout that was finished at most 24 hours ago. Its rating and its comment stay; completing it again
    /// sends no second mail.
    async fn reopen_workout(
        &self,
        ctx: &Context<'_>,
        input: ReopenWorkoutInput,
    ) -> Result<ReopenWorkoutPayload, ResolverError> {
        let mut change = Change::begin(ctx).await?;
        let (user, now) = (change.user, change.now);
        let result = workout::reopen(change.conn(), user, input.workout_id, now).await;
        let (workout, user_errors) = change.finish(result).await?;
        Ok(ReopenWorkoutPayload {
            workout,
            user_errors,
        })
    }

    /// Rates a finished workout.
    async fn rate_workout(
        &self,
        ctx: &Context<'_>,
        input: RateWorkoutInput,
    ) -> Result<RateWorkoutPayload, ResolverError> {
        let mut change = Change::begin(ctx).await?;
        let result = rate_workout(&mut change, &input).await;
        let (workout, user_errors) = change.finish(result).await?;
        Ok(RateWorkoutPayload {
            workout,
            user_errors,
        })
    }

    /// Comments on a finished workout.
    async fn comment_workout(
        &self,
        ctx: &Context<'_>,
        input: CommentWorkoutInput,
    ) -> Result<CommentWorkoutPayload, ResolverError> {
        let mut change = Change::begin(ctx).await?;
        let result = comment_workout(&mut change, &input).await;
        let (workout, user_errors) = change.finish(result).await?;
        Ok(CommentWorkoutPayload {
            workout,
            user_errors,
        })
    }
}

async fn start_workout(
    change: &mut Change,
    input: &StartWorkoutInput,
    state: &State,
) -> Result<Workout, Failure> {
    let (user, now) = (change.user, change.now);
    let unit = input.weight_unit.unwrap_or(WeightUnit::Kg);
    let generate = input.generate.unwrap_or(false);
    let if_active = input.if_active.unwrap_or(IfActive::Refuse);
    let topic = &state.training_topic;
    // Going on makes nothing: it leaves the key free, and answers the same when it is sent again.
    if if_active == IfActive::Continue
        && let Some(active) = workout::make_way(change.conn(), topic, user, if_active, now).await?
    {
        return Ok(active);
    }
    let claim = change.claim("startWorkout", input, WorkoutId::new());
    let id = match claim.await? {
        Claim::First(id) => id,
        Claim::Again(id) => return workout::find(change.conn(), user, id).await,
    };
    if let Some(active) = workout::make_way(change.conn(), topic, user, if_active, now).await? {
        return Ok(active);
    }
    match input.routine_id {
        Some(_) if generate => Err(Refusal::RoutineAndGeneration.into()),
        Some(routine) => {
            workout::start_from_routine(change.conn(), user, id, routine, unit, now).await
        }
        None if generate => {
            let prompt = Prompt::parse(input.prompt.as_deref())?;
            let workout = workout::start(change.conn(), user, id, unit, now).await?;
            generation::request(change, workout.id, &prompt, state.generation_daily_limit).await
        }
        None => workout::start(change.conn(), user, id, unit, now).await,
    }
}

async fn rate_workout(change: &mut Change, input: &RateWorkoutInput) -> Result<Workout, Failure> {
    let rating = Rating::parse(input.rating)?;
    let (user, now) = (change.user, change.now);
    workout::rate(change.conn(), user, input.workout_id, rating, now).await
}

async fn comment_workout(
    change: &mut Change,
    input: &CommentWorkoutInput,
) -> Result<Workout, Failure> {
    let comment = Comment::parse(&input.comment)?;
    let (user, now) = (change.user, change.now);
    workout::comment(change.conn(), user, input.workout_id, &comment, now).await
}
