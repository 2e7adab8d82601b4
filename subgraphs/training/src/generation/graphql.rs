//! Generation in the graph.

use async_graphql::{Context, InputObject, Object, SimpleObject, dataloader::DataLoader};
use chrono::{DateTime, Utc};
use setwise_graphql::{ResolverError, UserError};

use crate::{
    State,
    change::Change,
    exercise::Equipment,
    generation::{
        self, Allowance, ExperienceLevel, GenerationSettings, Goal, Prompt, WorkoutPlanType,
        settings::{self, SettingsChange},
    },
    idempotency::Claim,
    ids::{MuscleGroupId, UserId, WorkoutId},
    muscle_group::{MuscleGroup, MuscleGroupById},
    refusal::Failure,
    workout::{self, Workout},
};

/// What the viewer wants from generated workouts.
#[Object]
impl GenerationSettings {
    /// What the planner should always know, in the person's words.
    async fn base_prompt(&self) -> &str {
        &self.base_prompt
    }

    /// From 1, much the same each time, to 3, new exercises whenever possible.
    async fn variety_level(&self) -> i16 {
        self.variety_level
    }

    /// What the person trains for.
    async fn primary_goal(&self) -> Goal {
        self.primary_goal
    }

    /// What else the person wants to reach, in the person's words.
    async fn secondary_goals(&self) -> &[String] {
        &self.secondary_goals
    }

    /// How long the person has trained.
    async fn experience_level(&self) -> ExperienceLevel {
        self.experience_level
    }

    /// How many days a week the person trains, from 1 to 7.
    async fn days_per_week(&self) -> i16 {
        self.days_per_week
    }

    /// How long a workout should take, in minutes, from 10 to 240.
    async fn session_duration_minutes(&self) -> i16 {
        self.session_duration_minutes
    }

    /// What hurts or must be spared, in the person's words: exercises that load it are left out.
    async fn injuries(&self) -> &str {
        &self.injuries
    }

    /// The muscle groups that get more.
    async fn priority_muscle_groups(
        &self,
        ctx: &Context<'_>,
    ) -> Result<Vec<MuscleGroup>, ResolverError> {
        let loader = ctx.data_unchecked::<DataLoader<MuscleGroupById>>();
        let ids = &self.priority_muscle_group_ids;
        let mut groups = loader
            .load_many(ids.iter().copied())
            .await
            .map_err(|error| ResolverError::Internal(error.into()))?;
        Ok(ids.iter().filter_map(|id| groups.remove(id)).collect())
    }

    /// How the muscle groups are spread over the days.
    async fn workout_plan_type(&self) -> WorkoutPlanType {
        self.workout_plan_type
    }

    /// What is at hand besides the body: workouts keep to it. Empty: everything.
    async fn equipment(&self) -> &[Equipment] {
        &self.equipment
    }

    /// When they last changed.
    async fn updated_at(&self) -> DateTime<Utc> {
        self.updated_at
    }
}

#[derive(Default)]
pub(crate) struct GenerationQuery;

#[Object]
impl GenerationQuery {
    /// What the viewer wants from generated workouts; everyone has defaults.
    async fn generation_settings(
        &self,
        ctx: &Context<'_>,
    ) -> Result<GenerationSettings, ResolverError> {
        let viewer = UserId::from(setwise_graphql::viewer(ctx)?.user_id);
        let mut conn = ctx.data_unchecked::<State>().pool.acquire().await?;
        Ok(settings::of(&mut conn, viewer, Utc::now()).await?)
    }

    /// How many workouts the viewer may still have generated today.
    async fn generation_allowance(&self, ctx: &Context<'_>) -> Result<Allowance, ResolverError> {
        let viewer = UserId::from(setwise_graphql::viewer(ctx)?.user_id);
        let state = ctx.data_unchecked::<State>();
        let mut conn = state.pool.acquire().await?;
        let limit = state.generation_daily_limit;
        Ok(generation::allowance(&mut conn, viewer, limit, Utc::now()).await?)
    }
}

/// The workout to fill.
#[derive(InputObject)]
struct GenerateWorkoutInput {
    /// One of the viewer's workouts, which must not be finished; what it holds stays.
    workout_id: WorkoutId,
    /// What the planner should know about today, in English or Russian, at most 2,000 characters.
    prompt: Option<String>,
    /// A key of the client's, 1 to 255 characters, best a new UUID for each thing to make: however often the mutation is
    /// sent with it, it is applied once. A key holds for at least 24 hours.
    client_mutation_id: Option<String>,
}

/// What came of asking for a workout.
#[derive(SimpleObject)]
struct GenerateWorkoutPayload {
    /// The workout, whose generation is running now, unless it was refused.
    workout: Option<Workout>,
    /// Why it was refused.
    user_errors: Vec<UserError>,
    /// The key that the mutation came with.
    client_mutation_id: Option<String>,
}

/// What to change of the settings: what is left out stays.
#[derive(InputObject)]
struct UpdateGenerationSettingsInput {
    /// What the planner should always know, at most 2,000 characters.
    base_prompt: Option<String>,
    /// From 1, much the same each time, to 3, new exercises whenever possible.
    variety_level: Option<i32>,
    /// What the person trains for.
    primary_goal: Option<Goal>,
    /// What else the person wants to reach: at most 10, each at most 100 characters.
    secondary_goals: Option<Vec<String>>,
    /// How long the person has trained.
    experience_level: Option<ExperienceLevel>,
    /// How many days a week the person trains, from 1 to 7.
    days_per_week: Option<i32>,
    /// How long a workout should take, in minutes, from 10 to 240.
    session_duration_minutes: Option<i32>,
    /// What hurts or must be spared, at most 2,000 characters.
    injuries: Option<String>,
    /// The muscle groups that get more.
    priority_muscle_group_ids: Option<Vec<MuscleGroupId>>,
    /// How the muscle groups are spread over the days.
    workout_plan_type: Option<WorkoutPlanType>,
    /// What is at hand besides the body; an empty list: everything.
    equipment: Option<Vec<Equipment>>,
}

/// What came of changing the settings.
#[derive(SimpleObject)]
struct UpdateGenerationSettingsPayload {
    /// The settings as they are now, unless the change was refused.
    settings: Option<GenerationSettings>,
    /// Why the change was refused.
    user_errors: Vec<UserError>,
}

#[derive(Default)]
pub(crate) struct GenerationMutation;

#[Object]
impl GenerationMutation {
    /// Fills an unfinished workout with exercises that suit the viewer. It happens in the background: see
    /// `Workout.generationStatus`. A day (UTC) allows a limited number.
    async fn generate_workout(
        &self,
        ctx: &Context<'_>,
        input: GenerateWorkoutInput,
    ) -> Result<GenerateWorkoutPayload, ResolverError> {
        let state = ctx.data_unchecked::<State>();
        let mut change = Change::begin(ctx).await?;
        let result = generate_workout(&mut change, &input, state.generation_daily_limit).await;
        let (workout, user_errors) = change.finish(result).await?;
        state.generation_worker.wake();
        Ok(GenerateWorkoutPayload {
            workout,
            user_errors,
            client_mutation_id: input.client_mutation_id,
        })
    }

    /// Changes what the viewer wants from generated workouts.
    async fn update_generation_settings(
        &self,
        ctx: &Context<'_>,
        input: UpdateGenerationSettingsInput,
    ) -> Result<UpdateGenerationSettingsPayload, ResolverError> {
        let mut change = Change::begin(ctx).await?;
        let (user, now) = (change.user, change.now);
        let result = settings::update(change.conn(), user, input.into(), now).await;
        let (settings, user_errors) = change.finish(result).await?;
        Ok(UpdateGenerationSettingsPayload {
            settings,
            user_errors,
        })
    }
}

async fn generate_workout(
    change: &mut Change,
    input: &GenerateWorkoutInput,
    daily_limit: u32,
) -> Result<Workout, Failure> {
    let prompt = Prompt::parse(input.prompt.as_deref())?;
    let user = change.user;
    let claim = change.claim("generateWorkout", input, input.workout_id);
    if let Claim::Again(id) = claim.await? {
        return workout::find(change.conn(), user, id).await;
    }
    generation::request(change, input.workout_id, &prompt, daily_limit).await
}

impl From<UpdateGenerationSettingsInput> for SettingsChange {
    fn from(input: UpdateGenerationSettingsInput) -> Self {
        Self {
            base_prompt: input.base_prompt,
            variety_level: input.variety_level,
            primary_goal: input.primary_goal,
            secondary_goals: input.secondary_goals,
            experience_level: input.experience_level,
            days_per_week: input.days_per_week,
            session_duration_minutes: input.session_duration_minutes,
            injuries: input.injuries,
            priority_muscle_group_ids: input.priority_muscle_group_ids,
            workout_plan_type: input.workout_plan_type,
            equipment: input.equipment,
        }
    }
}
