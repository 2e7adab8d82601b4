//! Routines in the graph.

mod copy_mutation;
mod mutation;
mod plan_mutation;
mod progression;
mod set_mutation;
mod shared;

use async_graphql::{Context, Object};
use chrono::{DateTime, Utc};
use setwise_graphql::ResolverError;

use crate::{
    exercise::Exercise,
    ids::{ExerciseInstanceId, RoutineId, RoutineSetId, UserId},
    loading::load_one,
    page::{Connection, PageRequest},
    routine::{
        ExerciseInstance, ExerciseInstanceById, ExerciseInstancesOfRoutine, Routine, RoutineById,
        RoutinePages, RoutineSet, RoutineShare, SetsOfExerciseInstance, ShareOfRoutine,
    },
    set::{SetKind, SetType, reps_in_reserve},
    user::User,
};

pub(crate) use copy_mutation::RoutineCopyMutation;
pub(crate) use mutation::RoutineMutation;
pub(crate) use plan_mutation::RoutinePlanMutation;
use progression::ProgressionView;
pub(crate) use set_mutation::RoutineSetMutation;
use shared::SharedRoutine;

/// A plan that a person trains by.
#[Object]
impl Routine {
    /// Identifies the routine.
    async fn id(&self) -> RoutineId {
        self.id
    }

    /// Whose routine it is.
    async fn user(&self) -> User {
        User { id: self.user_id }
    }

    /// Its name, 1 to 200 characters.
    async fn name(&self) -> &str {
        &self.name
    }

    /// What it is about; may be empty.
    async fn description(&self) -> &str {
        &self.description
    }

    /// How many exercises it has.
    async fn exercise_count(&self) -> i32 {
        self.exercise_count
    }

    /// Its exercises, in order.
    async fn exercise_instances(
        &self,
        ctx: &Context<'_>,
    ) -> Result<Vec<ExerciseInstance>, ResolverError> {
        let key = (self.user_id, self.id);
        let instances = load_one::<ExerciseInstancesOfRoutine, _>(ctx, key).await?;
        Ok(instances.unwrap_or_default())
    }

    /// When it was put away; null while it is not. Archived routines are not listed unless asked for.
    async fn archived_at(&self) -> Option<DateTime<Utc>> {
        self.archived_at
    }

    /// The link that it is shared by; null when it is not shared, and for everyone but its owner.
    async fn share(&self, ctx: &Context<'_>) -> Result<Option<RoutineShare>, ResolverError> {
        let viewer = UserId::from(setwise_graphql::viewer(ctx)?.user_id);
        if viewer != self.user_id {
            return Ok(None);
        }
        load_one::<ShareOfRoutine, _>(ctx, (self.user_id, self.id)).await
    }

    /// When it was created.
    async fn created_at(&self) -> DateTime<Utc> {
        self.created_at
    }

    /// When it last changed, its exercises and sets included.
    async fn updated_at(&self) -> DateTime<Utc> {
        self.updated_at
    }
}

/// An exercise at its place in a routine.
#[Object]
impl ExerciseInstance {
    /// Identifies the exercise instance.
    async fn id(&self) -> ExerciseInstanceId {
        self.id
    }

    /// The routine it belongs to.
    async fn routine(&self, ctx: &Context<'_>) -> Result<Routine, ResolverError> {
        load_one::<RoutineById, _>(ctx, (self.user_id, self.routine_id))
            .await?
            .ok_or_else(|| {
                ResolverError::Internal(anyhow::anyhow!("an exercise instance without its routine"))
            })
    }

    /// What is to be done.
    async fn exercise(&self, ctx: &Context<'_>) -> Result<Exercise, ResolverError> {
        Exercise::load(ctx, self.user_id, self.exercise_id).await
    }

    /// Its place in the routine, from 1; a removed exercise leaves a gap.
    async fn position(&self) -> i32 {
        self.position
    }

    /// Exercises of the routine with the same number are done in turn, as a superset; null when it stands alone.
    async fn superset_group(&self) -> Option<i16> {
        self.superset_group
    }

    /// What the person noted for it.
    async fn notes(&self) -> Option<&str> {
        self.notes.as_deref()
    }

    /// What percentages are of, in kilograms: usually 85 to 90 % of the heaviest single repetition.
    async fn training_max_kg(&self) -> Option<f64> {
        self.training_max_kg
    }

    /// How it progresses from workout to workout; null when its sets are expected as they are planned.
    async fn progression(&self) -> Option<ProgressionView> {
        self.progression
            .as_ref()
            .map(|progression| ProgressionView::from(progression.0.clone()))
    }

    /// Its planned sets, in order.
    async fn sets(&self, ctx: &Context<'_>) -> Result<Vec<RoutineSet>, ResolverError> {
        let sets = load_one::<SetsOfExerciseInstance, _>(ctx, (self.user_id, self.id)).await?;
        Ok(sets.unwrap_or_default())
    }

    /// When it came into the routine.
    async fn created_at(&self) -> DateTime<Utc> {
        self.created_at
    }

    /// When its place or its sets last changed.
    async fn updated_at(&self) -> DateTime<Utc> {
        self.updated_at
    }
}

/// A planned set of an exercise instance.
#[Object]
impl RoutineSet {
    /// Identifies the set.
    async fn id(&self) -> RoutineSetId {
        self.id
    }

    /// The exercise of the routine that it belongs to.
    async fn exercise_instance(
        &self,
        ctx: &Context<'_>,
    ) -> Result<ExerciseInstance, ResolverError> {
        let key = (self.user_id, self.exercise_instance_id);
        load_one::<ExerciseInstanceById, _>(ctx, key)
            .await?
            .ok_or_else(|| {
                ResolverError::Internal(anyhow::anyhow!(
                    "a routine set without its exercise instance"
                ))
            })
    }

    /// Its place among the sets of the exercise, from 1; a removed set leaves a gap.
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

    /// The upper end of the repetitions to do; null when there is no range.
    async fn max_reps(&self) -> Option<i32> {
        self.max_reps
    }

    /// What the set is for.
    async fn kind(&self) -> SetKind {
        self.kind
    }

    /// The weight as a share of the training maximum, in percent. It takes the place of `weightKg` where there is a
    /// training maximum.
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

    /// The weight in kilograms.
    async fn weight_kg(&self) -> Option<f64> {
        self.weight_kg
    }

    /// The time in seconds.
    async fn time_seconds(&self) -> Option<f64> {
        self.time_seconds
    }

    /// When it was created.
    async fn created_at(&self) -> DateTime<Utc> {
        self.created_at
    }

    /// When it last changed.
    async fn updated_at(&self) -> DateTime<Utc> {
        self.updated_at
    }
}

/// The routines of a user, newest first.
pub(crate) async fn routines_of(
    ctx: &Context<'_>,
    user: UserId,
    archived: bool,
    first: Option<i32>,
    after: Option<String>,
) -> Result<Connection<Routine>, ResolverError> {
    let request = PageRequest::parse(first, after, None)?;
    let routines = load_one::<RoutinePages, _>(ctx, request.of((user, archived))).await?;
    Ok(request.connection(routines.unwrap_or_default(), |routine| {
        (routine.created_at, routine.id.0)
    }))
}

#[derive(Default)]
pub(crate) struct RoutineQuery;

#[Object]
impl RoutineQuery {
    /// The viewer's routines, newest first.
    async fn routines(
        &self,
        ctx: &Context<'_>,
        #[graphql(
            desc = "Whether to list the archived routines instead of the others.",
            default = false
        )]
        archived: bool,
        #[graphql(desc = "How many, at most 100.", default = 20)] first: Option<i32>,
        #[graphql(desc = "The cursor to go on after.")] after: Option<String>,
    ) -> Result<Connection<Routine>, ResolverError> {
        let viewer = setwise_graphql::viewer(ctx)?;
        routines_of(ctx, UserId::from(viewer.user_id), archived, first, after).await
    }

    /// One of the viewer's routines; null when there is none.
    async fn routine(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The routine.")] id: RoutineId,
    ) -> Result<Option<Routine>, ResolverError> {
        let viewer = setwise_graphql::viewer(ctx)?;
        load_one::<RoutineById, _>(ctx, (UserId::from(viewer.user_id), id)).await
    }

    /// The routine that somebody shares by a link; null when there is none, or the link was taken back.
    async fn shared_routine(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The token of the link.")] token: String,
    ) -> Result<Option<SharedRoutine>, ResolverError> {
        shared::find(ctx, &token).await
    }

    /// An exercise of one of the viewer's routines; null when there is none.
    async fn exercise_instance(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The exercise instance.")] id: ExerciseInstanceId,
    ) -> Result<Option<ExerciseInstance>, ResolverError> {
        let viewer = setwise_graphql::viewer(ctx)?;
        load_one::<ExerciseInstanceById, _>(ctx, (UserId::from(viewer.user_id), id)).await
    }

    #[graphql(entity)]
    async fn find_routine(
        &self,
        ctx: &Context<'_>,
        id: RoutineId,
    ) -> Result<Option<Routine>, ResolverError> {
        self.routine(ctx, id).await
    }

    #[graphql(entity)]
    async fn find_exercise_instance(
        &self,
        ctx: &Context<'_>,
        id: ExerciseInstanceId,
    ) -> Result<Option<ExerciseInstance>, ResolverError> {
        self.exercise_instance(ctx, id).await
    }
}
