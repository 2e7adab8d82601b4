//! Workouts in the graph.

mod mutation;

use async_graphql::{Context, Error, Object, Subscription};
use chrono::{DateTime, Utc};
use futures_util::{Stream, TryStreamExt as _};
use setwise_graphql::ResolverError;

use crate::{
    State,
    exercise_log::{ExerciseLog, ExerciseLogsOfWorkout},
    ids::{UserId, WorkoutId},
    loading::{load_many, load_one},
    page::{Connection, PageRequest},
    record::{Record, RecordsOfSetLog},
    routine::{Routine, RoutineById},
    set_log::SetLogsOfExerciseLog,
    user::User,
    workout::{
        ActiveWorkouts, GenerationStatus, Totals, Workout, WorkoutById, WorkoutPages,
        WorkoutReport, WorkoutTotals,
    },
};

pub(crate) use mutation::WorkoutMutation;

/// One training session.
#[Object]
impl Workout {
    /// Identifies the workout.
    async fn id(&self) -> WorkoutId {
        self.id
    }

    /// Who trains.
    async fn user(&self) -> User {
        User { id: self.user_id }
    }

    /// The routine that the workout came from; null when there was none or it was deleted.
    async fn routine(&self, ctx: &Context<'_>) -> Result<Option<Routine>, ResolverError> {
        match self.routine_id {
            Some(routine) => load_one::<RoutineById, _>(ctx, (self.user_id, routine)).await,
            None => Ok(None),
        }
    }

    /// When it started.
    async fn started_at(&self) -> DateTime<Utc> {
        self.started_at
    }

    /// When it was completed; null while it is active.
    async fn finished_at(&self) -> Option<DateTime<Utc>> {
        self.finished_at
    }

    /// What the person wrote about it after it was finished.
    async fn comment(&self) -> Option<&str> {
        self.comment.as_deref()
    }

    /// The person's rating from 0 to 5, given after it was finished.
    async fn rating(&self) -> Option<i16> {
        self.rating
    }

    /// Whether its exercises were chosen by the planner.
    async fn is_generated(&self) -> bool {
        self.is_generated
    }

    /// Why the planner chose these exercises.
    async fn reasoning(&self) -> Option<&str> {
        self.reasoning.as_deref()
    }

    /// How far the planner is; null when the workout is not generated.
    async fn generation_status(&self) -> Option<GenerationStatus> {
        self.generation_status
    }

    /// Its exercises, in order.
    async fn exercise_logs(&self, ctx: &Context<'_>) -> Result<Vec<ExerciseLog>, ResolverError> {
        let logs = load_one::<ExerciseLogsOfWorkout, _>(ctx, (self.user_id, self.id)).await?;
        Ok(logs.unwrap_or_default())
    }

    /// What it comes to.
    async fn report(&self, ctx: &Context<'_>) -> Result<WorkoutReport, ResolverError> {
        let totals = load_one::<WorkoutTotals, _>(ctx, (self.user_id, self.id)).await?;
        Ok(WorkoutReport {
            workout: self.clone(),
            totals: totals.unwrap_or_else(|| Totals::zero(self.user_id, self.id)),
        })
    }

    /// When it was created.
    async fn created_at(&self) -> DateTime<Utc> {
        self.created_at
    }

    /// When it was last changed, apart from its exercises and sets.
    async fn updated_at(&self) -> DateTime<Utc> {
        self.updated_at
    }
}

/// What a workout comes to.
#[Object]
impl WorkoutReport {
    /// How many sets were done.
    async fn total_sets(&self) -> i64 {
        self.totals.sets
    }

    /// The sum of all repetitions.
    async fn total_reps(&self) -> i64 {
        self.totals.reps
    }

    /// The sum over the sets of repetitions × kilograms; assistance is no weight.
    async fn total_volume_kg(&self) -> f64 {
        self.totals.volume_kg
    }

    /// The sum of the times of timed sets, in seconds.
    async fn total_time_seconds(&self) -> f64 {
        self.totals.time_seconds
    }

    /// Seconds from start to finish, or to now while the workout is active.
    async fn duration_seconds(&self) -> f64 {
        self.seconds(Utc::now())
    }

    /// The exercises of the workout, in order.
    async fn exercise_logs(&self, ctx: &Context<'_>) -> Result<Vec<ExerciseLog>, ResolverError> {
        let key = (self.workout.user_id, self.workout.id);
        let logs = load_one::<ExerciseLogsOfWorkout, _>(ctx, key).await?;
        Ok(logs.unwrap_or_default())
    }

    /// The records that its sets broke when they were done, in the order of the sets.
    async fn records(&self, ctx: &Context<'_>) -> Result<Vec<Record>, ResolverError> {
        let key = (self.workout.user_id, self.workout.id);
        let logs = load_one::<ExerciseLogsOfWorkout, _>(ctx, key).await?;
        let keys = logs.iter().flatten().map(|log| (log.user_id, log.id));
        let sets = load_many::<SetLogsOfExerciseLog, _>(ctx, keys).await?;
        let keys = sets.into_iter().flatten().map(|set| (set.user_id, set.id));
        let records = load_many::<RecordsOfSetLog, _>(ctx, keys).await?;
        Ok(records.iter().flat_map(Record::all_of).collect())
    }
}

/// The workouts of a user, newest first.
pub(crate) async fn workouts_of(
    ctx: &Context<'_>,
    user: UserId,
    first: Option<i32>,
    after: Option<String>,
    offset: Option<i32>,
) -> Result<Connection<Workout>, ResolverError> {
    let request = PageRequest::parse(first, after, offset)?;
    let workouts = load_one::<WorkoutPages, _>(ctx, request.of(user)).await?;
    Ok(request.connection(workouts.unwrap_or_default(), |workout| {
        (workout.started_at, workout.id.0)
    }))
}

/// The workouts of a user that are not finished, newest first.
pub(crate) async fn active_workouts_of(
    ctx: &Context<'_>,
    user: UserId,
) -> Result<Vec<Workout>, ResolverError> {
    let workouts = load_one::<ActiveWorkouts, _>(ctx, user).await?;
    Ok(workouts.unwrap_or_default())
}

#[derive(Default)]
pub(crate) struct WorkoutQuery;

#[Object]
impl WorkoutQuery {
    /// The viewer's workouts, newest first.
    async fn workouts(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "How many, at most 100.", default = 20)] first: Option<i32>,
        #[graphql(desc = "The cursor to go on after.")] after: Option<String>,
        #[graphql(
            desc = "How many to skip after the cursor; for clients of /v1.",
            default = 0
        )]
        offset: Option<i32>,
    ) -> Result<Connection<Workout>, ResolverError> {
        let viewer = setwise_graphql::viewer(ctx)?;
        workouts_of(ctx, UserId::from(viewer.user_id), first, after, offset).await
    }

    /// One of the viewer's workouts; null when there is none.
    async fn workout(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The workout.")] id: WorkoutId,
    ) -> Result<Option<Workout>, ResolverError> {
        let viewer = setwise_graphql::viewer(ctx)?;
        load_one::<WorkoutById, _>(ctx, (UserId::from(viewer.user_id), id)).await
    }

    /// The viewer's workouts that are not finished, newest first, at most 100.
    async fn active_workouts(&self, ctx: &Context<'_>) -> Result<Vec<Workout>, ResolverError> {
        let viewer = setwise_graphql::viewer(ctx)?;
        active_workouts_of(ctx, UserId::from(viewer.user_id)).await
    }

    #[graphql(entity)]
    async fn find_workout(
        &self,
        ctx: &Context<'_>,
        id: WorkoutId,
    ) -> Result<Option<Workout>, ResolverError> {
        self.workout(ctx, id).await
    }
}

#[derive(Default)]
pub(crate) struct WorkoutSubscription;

#[Subscription]
impl WorkoutSubscription {
    /// One of the viewer's workouts: at once as it is, and again after each change of it, of its exercises or of its
    /// sets. Null when there is none or it was deleted, and then nothing more.
    #[expect(clippy::unused_async, reason = "resolvers are async, whatever they do")]
    async fn workout_updated(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The workout.")] workout_id: WorkoutId,
    ) -> Result<impl Stream<Item = async_graphql::Result<Option<Workout>>> + use<>, ResolverError>
    {
        let viewer = setwise_graphql::viewer(ctx)?;
        let state = ctx.data_unchecked::<State>();
        let user = UserId::from(viewer.user_id);
        let workouts = state.live.follow(state.pool.clone(), user, workout_id);
        Ok(workouts.map_err(|error| Error::from(ResolverError::from(error))))
    }
}
