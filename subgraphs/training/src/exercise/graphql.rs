//! Exercises in the graph.

use async_graphql::{
    Context, InputObject, Object, SimpleObject,
    connection::{Connection, EmptyFields},
};
use chrono::{DateTime, Utc};
use setwise_graphql::{
    ResolverError, UserError,
    connection::{Cursor, Page, connection},
};

use crate::{
    State,
    change::Change,
    exercise::{
        self, Equipment, Exercise, ExerciseById, Measurement, NewExercise, Target,
        TargetsOfExercise,
        loader::{AlternativesKey, AlternativesOfExercise},
        store,
    },
    exercise_log::{ExerciseLog, exercise_history},
    ids::{ExerciseId, MuscleGroupId, UserId},
    insight::{ExerciseSession, ProgressPoint, progress_of, sessions_of},
    loading::load_one,
    muscle_group::MuscleGroup,
    page,
    record::{ExerciseRecords, records_of_exercise},
    refusal::{Failure, Refusal},
};

/// A page of exercises goes by name, then id.
type ExerciseConnection =
    Connection<Cursor<(String, ExerciseId)>, Exercise, EmptyFields, EmptyFields>;

/// The most exercises that a filter names one by one.
const MAX_IDS: usize = 1000;
const MAX_ALTERNATIVES: i32 = 100;

impl Exercise {
    /// An exercise that a row of the user names.
    pub(crate) async fn load(
        ctx: &Context<'_>,
        user: UserId,
        id: ExerciseId,
    ) -> Result<Self, ResolverError> {
        load_one::<ExerciseById, _>(ctx, (user, id))
            .await?
            .ok_or_else(|| {
                ResolverError::Internal(anyhow::anyhow!(
                    "a row names an exercise that its owner cannot see"
                ))
            })
    }

    async fn targets(&self, ctx: &Context<'_>) -> Result<Vec<Target>, ResolverError> {
        let targets = load_one::<TargetsOfExercise, _>(ctx, self.id).await?;
        Ok(targets.unwrap_or_default())
    }
}

fn muscle_groups(targets: Vec<Target>, wanted: impl Fn(&Target) -> bool) -> Vec<MuscleGroup> {
    targets
        .into_iter()
        .filter(|target| wanted(target))
        .map(|target| target.muscle_group)
        .collect()
}

/// A movement that can be trained: one of the catalogue, or the viewer's own.
#[Object]
impl Exercise {
    /// Identifies the exercise.
    async fn id(&self) -> ExerciseId {
        self.id
    }

    /// The name in the viewer's language; the viewer's own exercises have one name.
    #[graphql(name = "name")]
    async fn localized_name(&self, ctx: &Context<'_>) -> &str {
        self.name(setwise_graphql::locale(ctx))
    }

    /// How it is done, in the viewer's language.
    #[graphql(name = "description")]
    async fn localized_description(&self, ctx: &Context<'_>) -> &str {
        self.description(setwise_graphql::locale(ctx))
    }

    /// A video that shows it: an absolute http or https URL.
    async fn video_url(&self) -> Option<&str> {
        self.video_url.as_deref()
    }

    /// The muscle groups that it trains: primary ones, then secondary ones.
    #[graphql(name = "muscleGroups")]
    async fn all_muscle_groups(
        &self,
        ctx: &Context<'_>,
    ) -> Result<Vec<MuscleGroup>, ResolverError> {
        Ok(muscle_groups(self.targets(ctx).await?, |_| true))
    }

    /// The muscle groups that do most of the work.
    async fn primary_muscle_groups(
        &self,
        ctx: &Context<'_>,
    ) -> Result<Vec<MuscleGroup>, ResolverError> {
        Ok(muscle_groups(self.targets(ctx).await?, |target| {
            target.is_primary
        }))
    }

    /// The muscle groups that help.
    async fn secondary_muscle_groups(
        &self,
        ctx: &Context<'_>,
    ) -> Result<Vec<MuscleGroup>, ResolverError> {
        Ok(muscle_groups(self.targets(ctx).await?, |target| {
            !target.is_primary
        }))
    }

    /// What it is done with.
    async fn equipment(&self) -> Equipment {
        self.equipment
    }

    /// What is counted when a set of it is done.
    async fn measurement(&self) -> Measurement {
        self.measurement
    }

    /// Whether the viewer made it.
    async fn is_own(&self) -> bool {
        self.user_id.is_some()
    }

    /// When it was created.
    async fn created_at(&self) -> DateTime<Utc> {
        self.created_at
    }

    /// When it last changed.
    async fn updated_at(&self) -> DateTime<Utc> {
        self.updated_at
    }

    /// Other exercises that train one of its muscle groups: most primary muscle groups in common first, then those
    /// with the same equipment.
    async fn alternatives(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "How many, at most 100.", default = 20)] first: Option<i32>,
    ) -> Result<Vec<Exercise>, ResolverError> {
        let viewer = UserId::from(setwise_graphql::viewer(ctx)?.user_id);
        let first = first.unwrap_or(20);
        if !(1..=MAX_ALTERNATIVES).contains(&first) {
            return Err(ResolverError::BadUserInput(format!(
                "first must be 1 to {MAX_ALTERNATIVES}"
            )));
        }
        let key = AlternativesKey {
            viewer,
            exercise: self.id,
            limit: i64::from(first),
        };
        let alternatives = load_one::<AlternativesOfExercise, _>(ctx, key).await?;
        Ok(alternatives.unwrap_or_default())
    }

    /// The viewer's logs of this exercise, newest first.
    async fn history(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "How many, at most 100.", default = 20)] first: Option<i32>,
        #[graphql(desc = "The cursor to go on after.")] after: Option<String>,
        #[graphql(
            desc = "How many to skip after the cursor; for clients of /v1.",
            default = 0
        )]
        offset: Option<i32>,
    ) -> Result<page::Connection<ExerciseLog>, ResolverError> {
        exercise_history(ctx, self.id, first, after, offset).await
    }

    /// The viewer's records of this exercise as they stand.
    async fn records(&self, ctx: &Context<'_>) -> Result<ExerciseRecords, ResolverError> {
        records_of_exercise(ctx, self.id).await
    }

    /// What this exercise came to in each of the viewer's workouts with a set of it, newest first.
    async fn sessions(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "How many, at most 100.", default = 20)] first: Option<i32>,
        #[graphql(desc = "The cursor to go on after.")] after: Option<String>,
    ) -> Result<page::Connection<ExerciseSession>, ResolverError> {
        sessions_of(ctx, self.id, first, after).await
    }

    /// The viewer's sessions of this exercise as a series for a chart, oldest first: of the latest 5,000 within the time.
    async fn progress(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "When the first workout may have started; any time when left out.")]
        from: Option<DateTime<Utc>>,
        #[graphql(
            desc = "Before when the last workout must have started; any time when left out."
        )]
        to: Option<DateTime<Utc>>,
        #[graphql(
            desc = "The most points, at most 200; with more sessions, each point stands for as many in a row.",
            default = 100
        )]
        points: Option<i32>,
    ) -> Result<Vec<ProgressPoint>, ResolverError> {
        progress_of(ctx, self.id, from, to, points).await
    }
}

/// Which exercises to list: all that is given must hold.
#[derive(InputObject, Default)]
struct ExerciseFilter {
    /// Part of the name in either language, in any case.
    search: Option<String>,
    /// At least one of these is trained, be it as a secondary muscle group.
    muscle_group_ids: Option<Vec<MuscleGroupId>>,
    /// None of these.
    exclude_ids: Option<Vec<ExerciseId>>,
    /// Done with one of these.
    equipment: Option<Vec<Equipment>>,
    /// Only what the viewer made.
    only_own: Option<bool>,
}

impl ExerciseFilter {
    fn selection(self) -> Result<store::Selection, ResolverError> {
        let muscle_groups = self.muscle_group_ids.filter(|ids| !ids.is_empty());
        let exclude = self.exclude_ids.unwrap_or_default();
        if muscle_groups
            .as_ref()
            .is_some_and(|ids| ids.len() > MAX_IDS)
            || exclude.len() > MAX_IDS
        {
            return Err(ResolverError::BadUserInput(format!(
                "a filter takes at most {MAX_IDS} ids"
            )));
        }
        let search = self
            .search
            .map(|text| text.replace('\0', "").trim().to_owned());
        Ok(store::Selection {
            search: search.filter(|text| !text.is_empty()),
            muscle_groups: muscle_groups.map(|ids| ids.into_iter().map(|id| id.0).collect()),
            exclude: exclude.into_iter().map(|id| id.0).collect(),
            equipment: self
                .equipment
                .filter(|equipment| !equipment.is_empty())
                .map(|equipment| {
                    equipment
                        .iter()
                        .map(|item| item.as_str().to_owned())
                        .collect()
                }),
            only_own: self.only_own.unwrap_or_default(),
        })
    }
}

#[derive(Default)]
pub(crate) struct ExerciseQuery;

#[Object]
impl ExerciseQuery {
    /// The exercises of the catalogue and the viewer's own, by name in the viewer's language.
    async fn exercises(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which of them; all when left out.")] filter: Option<ExerciseFilter>,
        #[graphql(desc = "How many, at most 100.", default = 20)] first: Option<i32>,
        #[graphql(desc = "The cursor to go on after.")] after: Option<String>,
    ) -> Result<ExerciseConnection, ResolverError> {
        let viewer = UserId::from(setwise_graphql::viewer(ctx)?.user_id);
        let locale = setwise_graphql::locale(ctx);
        let page = Page::<(String, ExerciseId)>::parse(first, after)?;
        let selection = filter.unwrap_or_default().selection()?;
        let has_previous_page = page.after.is_some();
        let (limit, read_limit) = (page.limit, page.read_limit());
        let mut conn = ctx.data_unchecked::<State>().pool.acquire().await?;
        let exercises = store::page(
            &mut conn, viewer, locale, &selection, page.after, read_limit,
        )
        .await?;
        Ok(connection(
            exercises,
            limit,
            has_previous_page,
            |exercise| (exercise.name(locale).to_owned(), exercise.id),
        ))
    }

    /// An exercise of the catalogue or the viewer's own; null when there is none.
    async fn exercise(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The exercise.")] id: ExerciseId,
    ) -> Result<Option<Exercise>, ResolverError> {
        let viewer = UserId::from(setwise_graphql::viewer(ctx)?.user_id);
        load_one::<ExerciseById, _>(ctx, (viewer, id)).await
    }

    #[graphql(entity)]
    async fn find_exercise(
        &self,
        ctx: &Context<'_>,
        id: ExerciseId,
    ) -> Result<Option<Exercise>, ResolverError> {
        self.exercise(ctx, id).await
    }
}

/// The exercise to make.
#[derive(InputObject)]
struct CreateExerciseInput {
    /// What to call it, in any language: 1 to 200 characters.
    name: String,
    /// How it is done, at most 5,000 characters.
    description: Option<String>,
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
}

impl CreateExerciseInput {
    fn parse(self) -> Result<NewExercise, Refusal> {
        let mut new = NewExercise::parse(&self.name)?;
        new.describe(self.description.as_deref().unwrap_or_default())?;
        new.show(self.video_url.as_deref().unwrap_or_default())?;
        new.target(
            at_most_max("primaryMuscleGroupIds", self.primary_muscle_group_ids)?,
            at_most_max("secondaryMuscleGroupIds", self.secondary_muscle_group_ids)?,
        );
        new.equipment = self.equipment.unwrap_or(new.equipment);
        new.measurement = self.measurement.unwrap_or(new.measurement);
        Ok(new)
    }
}

fn at_most_max(
    field: &'static str,
    ids: Option<Vec<MuscleGroupId>>,
) -> Result<Vec<MuscleGroupId>, Refusal> {
    let ids = ids.unwrap_or_default();
    if ids.len() > MAX_IDS {
        return Err(Refusal::TooMany {
            field,
            max: MAX_IDS,
        });
    }
    Ok(ids)
}

/// What came of making an exercise.
#[derive(SimpleObject)]
struct CreateExercisePayload {
    /// The new exercise, unless it was refused.
    exercise: Option<Exercise>,
    /// Why it was refused.
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
        let result = create_exercise(&mut change, input).await;
        let (exercise, user_errors) = change.finish(result).await?;
        Ok(CreateExercisePayload {
            exercise,
            user_errors,
        })
    }
}

async fn create_exercise(
    change: &mut Change,
    input: CreateExerciseInput,
) -> Result<Exercise, Failure> {
    let new = input.parse()?;
    let (user, now) = (change.user, change.now);
    exercise::create(change.conn(), user, new, now).await
}
