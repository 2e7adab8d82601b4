//! Exercises in the graph.

mod mutation;

use std::{borrow::Cow, collections::HashMap};

use async_graphql::{
    Context, Enum, InputObject, Object,
    connection::{Connection, EmptyFields},
};
use chrono::{DateTime, Utc};
use setwise_graphql::{
    ResolverError,
    connection::{Cursor, Page, connection},
};
use uuid::Uuid;

use crate::{
    State,
    exercise::{
        Equipment, Exercise, ExerciseById, Level, Measurement, Movement, Target, TargetsOfExercise,
        loader::{AlternativesKey, AlternativesOfExercise},
        search::{self, Place},
        store,
    },
    exercise_log::{ExerciseLog, exercise_history},
    ids::{ExerciseId, MuscleGroupId, UserId},
    insight::{ExerciseSession, ProgressPoint, progress_of, sessions_of},
    loading::load_one,
    muscle_group::MuscleGroup,
    page,
    record::{ExerciseRecords, records_of_exercise},
};

pub(crate) use mutation::ExerciseMutation;

/// A page of exercises goes by what a search finds best, then name, then id.
type ExerciseConnection = Connection<Cursor<Place>, Exercise, EmptyFields, EmptyFields>;

/// The most exercises that a filter names one by one.
const MAX_IDS: usize = 1000;
const MAX_ALTERNATIVES: i32 = 100;
/// The most characters of a search; an exercise has no longer name.
const MAX_SEARCH: usize = 200;

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

    /// What it is, in the viewer's language; its steps in one text when nobody wrote more.
    #[graphql(name = "description")]
    async fn localized_description(&self, ctx: &Context<'_>) -> Cow<'_, str> {
        self.description(setwise_graphql::locale(ctx))
    }

    /// How it is done, step by step, in the viewer's language.
    #[graphql(name = "instructions")]
    async fn localized_instructions(&self, ctx: &Context<'_>) -> &[String] {
        self.instructions(setwise_graphql::locale(ctx))
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

    /// What the body does; null when its owner did not say.
    async fn movement(&self) -> Option<Movement> {
        self.movement
    }

    /// The least experience that it takes to do it safely; null for the viewer's own exercises.
    async fn level(&self) -> Option<Level> {
        self.level
    }

    /// Whether a set of it is for one side of the body, such as one arm.
    async fn is_unilateral(&self) -> bool {
        self.is_unilateral
    }

    /// Whether the viewer made it.
    async fn is_own(&self) -> bool {
        self.user_id.is_some()
    }

    /// Whether the viewer deleted it: it stays where it was trained, and can be trained no more.
    async fn is_deleted(&self) -> bool {
        self.is_deleted
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
    /// with the same movement, then those with the same equipment.
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

/// Whose exercises to list.
#[derive(Enum, Clone, Copy, PartialEq, Eq)]
enum ExerciseOwner {
    /// Those of the catalogue and the viewer's own.
    All,
    /// Those of the catalogue.
    Catalogue,
    /// What the viewer made.
    Mine,
}

/// Which exercises to list: all that is given must hold.
#[derive(InputObject, Default)]
struct ExerciseFilter {
    /// Part of a name in either language and either alphabet, in any case: at most 200 characters. What fits best comes
    /// first. A search with the keyboard set to the other language is understood; misspelt words are looked for when
    /// nothing else is found.
    search: Option<String>,
    /// At least one of these is trained, be it as a secondary muscle group.
    muscle_group_ids: Option<Vec<MuscleGroupId>>,
    /// At least one of these does most of the work.
    primary_muscle_group_ids: Option<Vec<MuscleGroupId>>,
    /// At least one of these helps.
    secondary_muscle_group_ids: Option<Vec<MuscleGroupId>>,
    /// None of these.
    exclude_ids: Option<Vec<ExerciseId>>,
    /// Done with one of these.
    equipment: Option<Vec<Equipment>>,
    /// Whose.
    #[graphql(default_with = "Some(ExerciseOwner::All)")]
    owner: Option<ExerciseOwner>,
    /// Only what the viewer made: the same as `owner: MINE`.
    only_own: Option<bool>,
}

impl ExerciseFilter {
    /// What is typed into the search, if anything.
    fn typed(&self) -> Result<Option<String>, ResolverError> {
        let typed = self.search.as_deref().unwrap_or_default();
        let typed = typed.replace('\0', "").trim().to_owned();
        if typed.chars().count() > MAX_SEARCH {
            let message = format!("search must be at most {MAX_SEARCH} characters");
            return Err(ResolverError::BadUserInput(message));
        }
        Ok(Some(typed).filter(|typed| !typed.is_empty()))
    }

    fn selection(self) -> Result<store::Selection, ResolverError> {
        let owner = self.owner.unwrap_or(ExerciseOwner::All);
        let only_own = self.only_own.unwrap_or_default();
        let exclude = self.exclude_ids.unwrap_or_default();
        if exclude.len() > MAX_IDS {
            return Err(too_many_ids());
        }
        let equipment = self.equipment.filter(|equipment| !equipment.is_empty());
        Ok(store::Selection {
            catalogue: owner != ExerciseOwner::Mine && !only_own,
            own: owner != ExerciseOwner::Catalogue,
            muscle_groups: any_of(self.muscle_group_ids)?,
            primary: any_of(self.primary_muscle_group_ids)?,
            secondary: any_of(self.secondary_muscle_group_ids)?,
            exclude: exclude.into_iter().map(|id| id.0).collect(),
            equipment: equipment.map(|equipment| {
                let names = equipment.into_iter().map(Equipment::as_str);
                names.map(str::to_owned).collect()
            }),
        })
    }
}

/// The ids of which one must hold; an empty list asks for nothing.
fn any_of(ids: Option<Vec<MuscleGroupId>>) -> Result<Option<Vec<Uuid>>, ResolverError> {
    match ids.filter(|ids| !ids.is_empty()) {
        Some(ids) if ids.len() > MAX_IDS => Err(too_many_ids()),
        ids => Ok(ids.map(|ids| ids.into_iter().map(|id| id.0).collect())),
    }
}

fn too_many_ids() -> ResolverError {
    ResolverError::BadUserInput(format!("a filter takes at most {MAX_IDS} ids"))
}

#[derive(Default)]
pub(crate) struct ExerciseQuery;

#[Object]
impl ExerciseQuery {
    /// The exercises of the catalogue and the viewer's own: those that a search finds best first, else by name in the
    /// viewer's language.
    async fn exercises(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which of them; all when left out.")] filter: Option<ExerciseFilter>,
        #[graphql(desc = "How many, at most 100.", default = 20)] first: Option<i32>,
        #[graphql(desc = "The cursor to go on after.")] after: Option<String>,
    ) -> Result<ExerciseConnection, ResolverError> {
        let viewer = UserId::from(setwise_graphql::viewer(ctx)?.user_id);
        let locale = setwise_graphql::locale(ctx);
        let page = Page::<Place>::parse(first, after)?;
        let filter = filter.unwrap_or_default();
        let typed = filter.typed()?;
        let selection = filter.selection()?;
        let has_previous_page = page.after.is_some();
        let (limit, read_limit) = (page.limit, page.read_limit());
        let pool = &ctx.data_unchecked::<State>().pool;
        let Some(typed) = typed else {
            let after = page.after.map(|(_, name, id)| (name, id));
            let mut conn = pool.acquire().await?;
            let exercises =
                store::page(&mut conn, viewer, locale, &selection, after, read_limit).await?;
            return Ok(connection(
                exercises,
                limit,
                has_previous_page,
                |exercise| (0, exercise.name(locale).to_owned(), exercise.id),
            ));
        };
        let mut transaction = pool.begin().await?;
        let found = search::page(
            &mut transaction,
            viewer,
            locale,
            &typed,
            &selection,
            page.after,
            limit + 1,
        )
        .await?;
        transaction.rollback().await?;
        let (mut places, mut exercises) = (HashMap::new(), Vec::new());
        for (place, exercise) in found {
            places.insert(place.2, place);
            exercises.push(exercise);
        }
        Ok(connection(
            exercises,
            limit,
            has_previous_page,
            |exercise| {
                let place = places.get(&exercise.id).cloned();
                place.unwrap_or((0, String::new(), exercise.id))
            },
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
