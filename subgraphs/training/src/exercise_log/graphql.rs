//! Exercise logs in the graph.

use async_graphql::{Context, InputObject, MaybeUndefined, Object, SimpleObject};
use chrono::{DateTime, Utc};
use setwise_graphql::{ResolverError, UserError, WeightUnit};

use crate::{
    change::Change,
    exercise::Exercise,
    exercise_log::{
        self, ExerciseHistory, ExerciseLog, ExerciseLogById, ExerciseLogChange, Notes, PowerRating,
    },
    idempotency::Claim,
    ids::{ExerciseId, ExerciseLogId, UserId, WorkoutId},
    loading::load_one,
    page::{Connection, PageRequest},
    refusal::{Failure, parsed},
    set_log::{
        ExpectedSet, ExpectedSetsOfExerciseLog, PreviousSetLogs, SetLog, SetLogsOfExerciseLog,
    },
    workout::{Workout, WorkoutById},
};

/// An exercise within a workout.
#[Object]
impl ExerciseLog {
    /// Identifies the exercise log.
    async fn id(&self) -> ExerciseLogId {
        self.id
    }

    /// The workout it belongs to.
    async fn workout(&self, ctx: &Context<'_>) -> Result<Workout, ResolverError> {
        load_one::<WorkoutById, _>(ctx, (self.user_id, self.workout_id))
            .await?
            .ok_or_else(|| {
                ResolverError::Internal(anyhow::anyhow!("an exercise log without its workout"))
            })
    }

    /// What is done.
    async fn exercise(&self, ctx: &Context<'_>) -> Result<Exercise, ResolverError> {
        Exercise::load(ctx, self.user_id, self.exercise_id).await
    }

    /// Its place in the workout, from 1; a deleted exercise leaves a gap.
    async fn position(&self) -> i32 {
        self.position
    }

    /// What the person wrote about it.
    async fn notes(&self) -> Option<&str> {
        self.notes.as_deref()
    }

    /// How strong the person felt, from 0 to 10.
    async fn power_rating(&self) -> Option<i16> {
        self.power_rating
    }

    /// Exercises of the workout with the same number are done in turn, as a superset; null when it stands alone.
    async fn superset_group(&self) -> Option<i16> {
        self.superset_group
    }

    /// Why its sets are expected as they are, in words; null when the routine names no progression for it, or there was
    /// nothing to go by.
    async fn progression_reason(&self, ctx: &Context<'_>) -> Option<String> {
        let reason = self.progression_reason.as_ref()?;
        Some(reason.words(setwise_graphql::locale(ctx)))
    }

    /// The unit that the weights of its sets are shown in.
    async fn weight_unit(&self) -> WeightUnit {
        self.weight_unit
    }

    /// The sets done, in order.
    async fn set_logs(&self, ctx: &Context<'_>) -> Result<Vec<SetLog>, ResolverError> {
        let sets = load_one::<SetLogsOfExerciseLog, _>(ctx, (self.user_id, self.id)).await?;
        Ok(sets.unwrap_or_default())
    }

    /// The sets that the routine or the planner asks for, in order.
    async fn expected_sets(&self, ctx: &Context<'_>) -> Result<Vec<ExpectedSet>, ResolverError> {
        let sets = load_one::<ExpectedSetsOfExerciseLog, _>(ctx, (self.user_id, self.id)).await?;
        Ok(sets.unwrap_or_default())
    }

    /// The sets of the latest earlier finished workout with this exercise, in order.
    async fn previous_set_logs(&self, ctx: &Context<'_>) -> Result<Vec<SetLog>, ResolverError> {
        let sets = load_one::<PreviousSetLogs, _>(ctx, (self.user_id, self.id)).await?;
        Ok(sets.unwrap_or_default())
    }

    /// When it came into the workout.
    async fn created_at(&self) -> DateTime<Utc> {
        self.created_at
    }

    /// When its notes, power rating or unit last changed.
    async fn updated_at(&self) -> DateTime<Utc> {
        self.updated_at
    }
}

/// The viewer's logs of an exercise, newest first.
pub(crate) async fn exercise_history(
    ctx: &Context<'_>,
    exercise: ExerciseId,
    first: Option<i32>,
    after: Option<String>,
    offset: Option<i32>,
) -> Result<Connection<ExerciseLog>, ResolverError> {
    let viewer = UserId::from(setwise_graphql::viewer(ctx)?.user_id);
    let request = PageRequest::parse(first, after, offset)?;
    let logs = load_one::<ExerciseHistory, _>(ctx, request.of((viewer, exercise))).await?;
    Ok(request.connection(logs.unwrap_or_default(), |log| (log.started_at, log.id.0)))
}

#[derive(Default)]
pub(crate) struct ExerciseLogQuery;

#[Object]
impl ExerciseLogQuery {
    /// An exercise of one of the viewer's workouts; null when there is none.
    async fn exercise_log(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The exercise log.")] id: ExerciseLogId,
    ) -> Result<Option<ExerciseLog>, ResolverError> {
        let viewer = UserId::from(setwise_graphql::viewer(ctx)?.user_id);
        load_one::<ExerciseLogById, _>(ctx, (viewer, id)).await
    }

    #[graphql(entity)]
    async fn find_exercise_log(
        &self,
        ctx: &Context<'_>,
        id: ExerciseLogId,
    ) -> Result<Option<ExerciseLog>, ResolverError> {
        self.exercise_log(ctx, id).await
    }
}

/// The exercise to append to a workout.
#[derive(InputObject)]
struct LogExerciseInput {
    /// The workout, which must not be finished.
    workout_id: WorkoutId,
    /// An exercise of the catalogue or the viewer's own.
    exercise_id: ExerciseId,
    /// The unit for the weights of its sets.
    #[graphql(default_with = "Some(WeightUnit::Kg)")]
    weight_unit: Option<WeightUnit>,
    /// A key of the client's, 1 to 255 characters, best a new UUID for each thing to make: however often the mutation is
    /// sent with it, it is applied once. A key holds for at least 24 hours.
    client_mutation_id: Option<String>,
}

/// What came of appending an exercise.
#[derive(SimpleObject)]
struct LogExercisePayload {
    /// The new exercise log, unless it was refused.
    exercise_log: Option<ExerciseLog>,
    /// Why it was refused.
    user_errors: Vec<UserError>,
    /// The key that the mutation came with.
    client_mutation_id: Option<String>,
}

/// The exercise log to delete.
#[derive(InputObject)]
struct DeleteExerciseLogInput {
    /// The workout, which must not be finished.
    workout_id: WorkoutId,
    /// The exercise log of that workout.
    exercise_log_id: ExerciseLogId,
}

/// What came of deleting an exercise log.
#[derive(SimpleObject)]
struct DeleteExerciseLogPayload {
    /// The workout without it, unless the deletion was refused.
    workout: Option<Workout>,
    /// Why the deletion was refused.
    user_errors: Vec<UserError>,
}

/// What to change of an exercise log: what is left out stays, null clears notes and power rating.
#[derive(InputObject)]
struct UpdateExerciseLogInput {
    /// The workout, which must not be finished.
    workout_id: WorkoutId,
    /// The exercise log of that workout.
    exercise_log_id: ExerciseLogId,
    /// What the person writes about it, at most 5,000 characters.
    notes: MaybeUndefined<String>,
    /// How strong the person felt, from 0 to 10.
    power_rating: MaybeUndefined<i32>,
    /// The unit that the weights of its sets are shown in; the sets keep what was entered.
    weight_unit: Option<WeightUnit>,
}

/// What came of changing an exercise log.
#[derive(SimpleObject)]
struct UpdateExerciseLogPayload {
    /// The exercise log, unless the change was refused.
    exercise_log: Option<ExerciseLog>,
    /// Why the change was refused.
    user_errors: Vec<UserError>,
}

#[derive(Default)]
pub(crate) struct ExerciseLogMutation;

#[Object]
impl ExerciseLogMutation {
    /// Appends an exercise to an unfinished workout.
    async fn log_exercise(
        &self,
        ctx: &Context<'_>,
        input: LogExerciseInput,
    ) -> Result<LogExercisePayload, ResolverError> {
        let mut change = Change::begin(ctx).await?;
        let result = log_exercise(&mut change, &input).await;
        let (exercise_log, user_errors) = change.finish(result).await?;
        Ok(LogExercisePayload {
            exercise_log,
            user_errors,
            client_mutation_id: input.client_mutation_id,
        })
    }

    /// Deletes an exercise of an unfinished workout with its sets.
    async fn delete_exercise_log(
        &self,
        ctx: &Context<'_>,
        input: DeleteExerciseLogInput,
    ) -> Result<DeleteExerciseLogPayload, ResolverError> {
        let mut change = Change::begin(ctx).await?;
        let result = delete_exercise_log(&mut change, &input).await;
        let user = change.user;
        let (deleted, user_errors) = change.finish(result).await?;
        let workout = match deleted {
            Some(()) => load_one::<WorkoutById, _>(ctx, (user, input.workout_id)).await?,
            None => None,
        };
        Ok(DeleteExerciseLogPayload {
            workout,
            user_errors,
        })
    }

    /// Changes notes, power rating or weight unit of an exercise of an unfinished workout.
    async fn update_exercise_log(
        &self,
        ctx: &Context<'_>,
        input: UpdateExerciseLogInput,
    ) -> Result<UpdateExerciseLogPayload, ResolverError> {
        let mut change = Change::begin(ctx).await?;
        let result = update_exercise_log(&mut change, input).await;
        let (exercise_log, user_errors) = change.finish(result).await?;
        Ok(UpdateExerciseLogPayload {
            exercise_log,
            user_errors,
        })
    }
}

async fn log_exercise(
    change: &mut Change,
    input: &LogExerciseInput,
) -> Result<ExerciseLog, Failure> {
    let (user, now) = (change.user, change.now);
    let new = ExerciseLogId::new();
    let id = match change.claim("logExercise", input, new).await? {
        Claim::First(id) => id,
        Claim::Again(id) => return exercise_log::of_user(change.conn(), user, id).await,
    };
    let workout = change.open_workout(input.workout_id).await?;
    let unit = input.weight_unit.unwrap_or(WeightUnit::Kg);
    let exercise = input.exercise_id;
    exercise_log::add(change.conn(), &workout, id, exercise, unit, now).await
}

async fn delete_exercise_log(
    change: &mut Change,
    input: &DeleteExerciseLogInput,
) -> Result<(), Failure> {
    let workout = change.open_workout(input.workout_id).await?;
    exercise_log::remove(change.conn(), &workout, input.exercise_log_id).await
}

async fn update_exercise_log(
    change: &mut Change,
    input: UpdateExerciseLogInput,
) -> Result<ExerciseLog, Failure> {
    let wanted = ExerciseLogChange {
        notes: parsed(input.notes, |notes| Notes::parse(&notes))?,
        power_rating: parsed(input.power_rating, PowerRating::parse)?,
        weight_unit: input.weight_unit,
    };
    let now = change.now;
    let workout = change.open_workout(input.workout_id).await?;
    exercise_log::update(change.conn(), &workout, input.exercise_log_id, wanted, now).await
}
