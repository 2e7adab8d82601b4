//! Set logs in the graph.

use async_graphql::{Context, InputObject, MaybeUndefined, Object, SimpleObject};
use chrono::{DateTime, Utc};
use setwise_graphql::{ResolverError, UserError, WeightUnit};

use crate::{
    change::Change,
    exercise_log::{ExerciseLog, ExerciseLogById},
    idempotency::Claim,
    ids::{ExerciseLogId, ExpectedSetId, SetLogId, WorkoutId},
    loading::load_one,
    record::{Record, records_of_set},
    refusal::Failure,
    set::{SetKind, SetType, convert, reps_in_reserve},
    set_log::{self, ExpectedSet, NewSetLog, SetLog, SetLogChange},
};

/// A set as it was done.
#[Object]
impl SetLog {
    /// Identifies the set.
    async fn id(&self) -> SetLogId {
        self.id
    }

    /// The exercise of the workout that the set belongs to.
    async fn exercise_log(&self, ctx: &Context<'_>) -> Result<ExerciseLog, ResolverError> {
        load_one::<ExerciseLogById, _>(ctx, (self.user_id, self.exercise_log_id))
            .await?
            .ok_or_else(|| {
                ResolverError::Internal(anyhow::anyhow!("a set log without its exercise log"))
            })
    }

    /// Its place among the sets of the exercise, from 1; a deleted set leaves a gap.
    async fn position(&self) -> i32 {
        self.position
    }

    /// What the set is about.
    #[graphql(name = "type")]
    async fn set_type(&self) -> SetType {
        self.set_type
    }

    /// Repetitions done.
    async fn reps(&self) -> Option<i32> {
        self.reps
    }

    /// The weight in the exercise log's weight unit: exactly as entered when it was entered in that unit, else converted and rounded to two digits.
    async fn weight(&self) -> Option<f64> {
        Some(convert(self.weight?, self.weight_unit?, self.shown_unit))
    }

    /// The weight in kilograms; a pound is 0.45359237 kg.
    async fn weight_kg(&self) -> Option<f64> {
        self.weight_kg
    }

    /// The time in seconds.
    async fn time_seconds(&self) -> Option<f64> {
        self.time_seconds
    }

    /// The distance in metres.
    async fn distance_meters(&self) -> Option<f64> {
        self.distance_meters
    }

    /// The records of the exercise that the set broke when it was done. The first of a kind breaks none.
    async fn records(&self, ctx: &Context<'_>) -> Result<Vec<Record>, ResolverError> {
        records_of_set(ctx, self.user_id, self.id).await
    }

    /// What the set was for.
    async fn kind(&self) -> SetKind {
        self.kind
    }

    /// How hard it was, the rating of perceived exertion from 1 to 10 in halves: 10 less the repetitions left in reserve.
    async fn rpe(&self) -> Option<f64> {
        self.rpe
    }

    /// The unit that the weight was entered in.
    async fn entered_weight_unit(&self) -> Option<WeightUnit> {
        self.weight_unit
    }

    /// The weight to the digit as it was entered, in `enteredWeightUnit`.
    async fn entered_weight(&self) -> Option<f64> {
        self.weight
    }

    /// When the set was done: the rest after it began then.
    async fn performed_at(&self) -> DateTime<Utc> {
        self.performed_at
    }

    /// When the set was logged.
    async fn created_at(&self) -> DateTime<Utc> {
        self.created_at
    }

    /// When the set was last changed.
    async fn updated_at(&self) -> DateTime<Utc> {
        self.updated_at
    }
}

/// A set that the routine or the planner asks for.
#[Object]
impl ExpectedSet {
    /// Identifies the expected set.
    async fn id(&self) -> ExpectedSetId {
        self.id
    }

    /// Its place among the expected sets of the exercise, from 1.
    async fn position(&self) -> i32 {
        self.position
    }

    /// What the set is about.
    #[graphql(name = "type")]
    async fn set_type(&self) -> SetType {
        self.set_type
    }

    /// Repetitions to do.
    async fn reps(&self) -> Option<i32> {
        self.reps
    }

    /// The weight in the exercise log's weight unit; pounds are rounded to two digits.
    async fn weight(&self) -> Option<f64> {
        self.weight_kg
            .map(|kilograms| convert(kilograms, WeightUnit::Kg, self.shown_unit))
    }

    /// The weight in kilograms.
    async fn weight_kg(&self) -> Option<f64> {
        self.weight_kg
    }

    /// The time in seconds.
    async fn time_seconds(&self) -> Option<f64> {
        self.time_seconds
    }

    /// The upper end of the repetitions to do; null when there is no range.
    async fn max_reps(&self) -> Option<i32> {
        self.max_reps
    }

    /// What the set is for.
    async fn kind(&self) -> SetKind {
        self.kind
    }

    /// The share of the training maximum that the weight came from, in percent.
    async fn percent_of_max(&self) -> Option<f64> {
        self.percent_of_max
    }

    /// How hard it should be, the rating of perceived exertion from 1 to 10 in halves.
    async fn rpe(&self) -> Option<f64> {
        self.rpe
    }

    /// Repetitions that should be left in reserve: 10 less the RPE.
    async fn reps_in_reserve(&self) -> Option<f64> {
        self.rpe.map(reps_in_reserve)
    }

    /// How long to rest after it, in seconds.
    async fn rest_seconds(&self) -> Option<i32> {
        self.rest_seconds
    }

    /// When it came into the workout.
    async fn created_at(&self) -> DateTime<Utc> {
        self.created_at
    }

    /// When it was last changed.
    async fn updated_at(&self) -> DateTime<Utc> {
        self.updated_at
    }
}

/// The set to log. At least one of repetitions, weight, time and distance is given.
#[derive(InputObject)]
struct LogSetInput {
    /// The workout, which must not be finished.
    workout_id: WorkoutId,
    /// The exercise of that workout.
    exercise_log_id: ExerciseLogId,
    /// What the set is about. Without it: TIME if only a time is given, REPS if repetitions without a weight, else WEIGHT.
    #[graphql(name = "type")]
    set_type: Option<SetType>,
    /// Repetitions, 1 to 10,000.
    reps: Option<i32>,
    /// The weight in `weightUnit`, 0 to 10,000 kg or 22,046 lb.
    weight: Option<f64>,
    /// The unit of `weight`; without it the exercise log's.
    weight_unit: Option<WeightUnit>,
    /// The time in seconds, more than 0.
    time_seconds: Option<f64>,
    /// The distance in metres, more than 0.
    distance_meters: Option<f64>,
    /// What the set was for.
    #[graphql(default_with = "Some(SetKind::Normal)")]
    kind: Option<SetKind>,
    /// How hard it was, from 1 to 10 in halves: 10 less the repetitions left in reserve.
    rpe: Option<f64>,
    /// When the set was done, after the workout began and not in the future; now when left out.
    performed_at: Option<DateTime<Utc>>,
    /// A key of the client's, 1 to 255 characters, best a new UUID for each thing to make: however often the mutation is
    /// sent with it, it is applied once. A key holds for at least 24 hours.
    client_mutation_id: Option<String>,
}

/// What came of logging a set.
#[derive(SimpleObject)]
struct LogSetPayload {
    /// The set, unless it was refused.
    set_log: Option<SetLog>,
    /// Why it was refused.
    user_errors: Vec<UserError>,
    /// The key that the mutation came with.
    client_mutation_id: Option<String>,
}

/// What to change of a set: what is left out stays, null clears.
#[derive(InputObject)]
struct UpdateSetLogInput {
    /// The workout, which must not be finished.
    workout_id: WorkoutId,
    /// The exercise of that workout.
    exercise_log_id: ExerciseLogId,
    /// The set of that exercise.
    set_log_id: SetLogId,
    /// What the set is about.
    #[graphql(name = "type")]
    set_type: Option<SetType>,
    /// Repetitions, 1 to 10,000.
    reps: MaybeUndefined<i32>,
    /// The weight in `weightUnit`, 0 to 10,000 kg or 22,046 lb.
    weight: MaybeUndefined<f64>,
    /// The unit of `weight`; without it the exercise log's. Alone it changes the unit of the number that is there.
    weight_unit: Option<WeightUnit>,
    /// The time in seconds, more than 0.
    time_seconds: MaybeUndefined<f64>,
    /// The distance in metres, more than 0.
    distance_meters: MaybeUndefined<f64>,
    /// What the set was for.
    kind: Option<SetKind>,
    /// How hard it was, from 1 to 10 in halves: 10 less the repetitions left in reserve.
    rpe: MaybeUndefined<f64>,
}

/// What came of changing a set.
#[derive(SimpleObject)]
struct UpdateSetLogPayload {
    /// The set, unless the change was refused.
    set_log: Option<SetLog>,
    /// Why the change was refused.
    user_errors: Vec<UserError>,
}

/// The set to delete.
#[derive(InputObject)]
#[expect(clippy::struct_field_names, reason = "the names of the graph")]
struct DeleteSetLogInput {
    /// The workout, which must not be finished.
    workout_id: WorkoutId,
    /// The exercise of that workout.
    exercise_log_id: ExerciseLogId,
    /// The set of that exercise.
    set_log_id: SetLogId,
}

/// What came of deleting a set.
#[derive(SimpleObject)]
struct DeleteSetLogPayload {
    /// The exercise that the set belonged to, unless the deletion was refused.
    exercise_log: Option<ExerciseLog>,
    /// Why the deletion was refused.
    user_errors: Vec<UserError>,
}

#[derive(Default)]
pub(crate) struct SetLogMutation;

#[Object]
impl SetLogMutation {
    /// Logs a set of an exercise of an unfinished workout.
    async fn log_set(
        &self,
        ctx: &Context<'_>,
        input: LogSetInput,
    ) -> Result<LogSetPayload, ResolverError> {
        let mut change = Change::begin(ctx).await?;
        let result = log_set(&mut change, &input).await;
        let (set_log, user_errors) = change.finish(result).await?;
        Ok(LogSetPayload {
            set_log,
            user_errors,
            client_mutation_id: input.client_mutation_id,
        })
    }

    /// Changes a set of an unfinished workout.
    async fn update_set_log(
        &self,
        ctx: &Context<'_>,
        input: UpdateSetLogInput,
    ) -> Result<UpdateSetLogPayload, ResolverError> {
        let mut change = Change::begin(ctx).await?;
        let result = update_set_log(&mut change, input).await;
        let (set_log, user_errors) = change.finish(result).await?;
        Ok(UpdateSetLogPayload {
            set_log,
            user_errors,
        })
    }

    /// Deletes a set of an unfinished workout.
    async fn delete_set_log(
        &self,
        ctx: &Context<'_>,
        input: DeleteSetLogInput,
    ) -> Result<DeleteSetLogPayload, ResolverError> {
        let mut change = Change::begin(ctx).await?;
        let result = delete_set_log(&mut change, &input).await;
        let (exercise_log, user_errors) = change.finish(result).await?;
        Ok(DeleteSetLogPayload {
            exercise_log,
            user_errors,
        })
    }
}

async fn log_set(change: &mut Change, input: &LogSetInput) -> Result<SetLog, Failure> {
    let (user, now) = (change.user, change.now);
    let id = match change.claim("logSet", input, SetLogId::new()).await? {
        Claim::First(id) => id,
        Claim::Again(id) => return set_log::find(change.conn(), user, id).await,
    };
    let workout = change.open_workout(input.workout_id).await?;
    let new = NewSetLog {
        set_type: input.set_type,
        reps: input.reps,
        weight: input.weight,
        weight_unit: input.weight_unit,
        time_seconds: input.time_seconds,
        distance_meters: input.distance_meters,
        kind: input.kind,
        rpe: input.rpe,
        performed_at: input.performed_at,
    };
    let log = input.exercise_log_id;
    set_log::log(change.conn(), &workout, log, id, new, now).await
}

async fn update_set_log(change: &mut Change, input: UpdateSetLogInput) -> Result<SetLog, Failure> {
    let now = change.now;
    let workout = change.open_workout(input.workout_id).await?;
    let wanted = SetLogChange {
        set_type: input.set_type,
        reps: input.reps,
        weight: input.weight,
        weight_unit: input.weight_unit,
        time_seconds: input.time_seconds,
        distance_meters: input.distance_meters,
        kind: input.kind,
        rpe: input.rpe,
    };
    let (log, set) = (input.exercise_log_id, input.set_log_id);
    set_log::update(change.conn(), &workout, log, set, wanted, now).await
}

async fn delete_set_log(
    change: &mut Change,
    input: &DeleteSetLogInput,
) -> Result<ExerciseLog, Failure> {
    let workout = change.open_workout(input.workout_id).await?;
    set_log::remove(
        change.conn(),
        &workout,
        input.exercise_log_id,
        input.set_log_id,
    )
    .await
}
