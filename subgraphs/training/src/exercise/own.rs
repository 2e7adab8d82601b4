//! Exercises that a person makes, which only that person sees.

use async_graphql::MaybeUndefined;
use chrono::{DateTime, SubsecRound as _, Utc};
use sqlx::PgConnection;

use crate::{
    exercise::{Equipment, Exercise, Measurement, Movement, store},
    ids::{ExerciseId, MuscleGroupId, UserId},
    muscle_group, record,
    refusal::{Failure, Refusal, Thing, optional_text, required_text},
};

const MAX_NAME: usize = 200;
const MAX_DESCRIPTION: usize = 5000;
const MAX_STEPS: usize = 20;
const MAX_STEP: usize = 1000;
const MAX_URL: usize = 2000;

/// What a person wants to change in an exercise, or how a new one shall be. What is not given stays as it is.
#[derive(Debug, Clone, Default)]
pub(super) struct Details {
    name: Option<String>,
    description: Option<String>,
    instructions: Option<Vec<String>>,
    /// Null takes it away.
    video_url: MaybeUndefined<String>,
    choices: Choices,
}

/// The details that are chosen, not written.
#[derive(Debug, Clone, Default)]
pub(super) struct Choices {
    pub(super) primary: Option<Vec<MuscleGroupId>>,
    pub(super) secondary: Option<Vec<MuscleGroupId>>,
    pub(super) equipment: Option<Equipment>,
    pub(super) measurement: Option<Measurement>,
    /// Null takes it away.
    pub(super) movement: MaybeUndefined<Movement>,
    pub(super) is_unilateral: Option<bool>,
}

impl Details {
    pub(super) fn chosen(choices: Choices) -> Self {
        Self {
            choices,
            ..Self::default()
        }
    }

    pub(super) fn call(&mut self, name: &str) -> Result<(), Refusal> {
        self.name = Some(required_text("name", name, MAX_NAME)?);
        Ok(())
    }

    pub(super) fn describe(&mut self, description: &str) -> Result<(), Refusal> {
        self.description = Some(optional_text("description", description, MAX_DESCRIPTION)?);
        Ok(())
    }

    /// Takes the steps; empty ones are left out.
    pub(super) fn instruct(&mut self, steps: &[String]) -> Result<(), Refusal> {
        let field = "instructions";
        let max = MAX_STEPS;
        if steps.len() > max {
            return Err(Refusal::TooMany { field, max });
        }
        let steps: Result<Vec<_>, _> = steps
            .iter()
            .map(|step| optional_text(field, step, MAX_STEP))
            .collect();
        let steps = steps?.into_iter().filter(|step| !step.is_empty());
        self.instructions = Some(steps.collect());
        Ok(())
    }

    /// Takes an absolute http or https URL; an empty one is none.
    pub(super) fn show(&mut self, video_url: &str) -> Result<(), Refusal> {
        let text = optional_text("videoUrl", video_url, MAX_URL)?;
        let rest = text
            .strip_prefix("https://")
            .or_else(|| text.strip_prefix("http://"));
        let is_url = rest.is_some_and(|rest| {
            !rest.is_empty() && !rest.starts_with('/') && !text.contains(char::is_whitespace)
        });
        match text.is_empty() {
            false if !is_url => Err(Refusal::NotAUrl { field: "videoUrl" }),
            is_empty => {
                self.video_url = Some(Some(text).filter(|_| !is_empty)).into();
                Ok(())
            }
        }
    }

    /// Writes the details into an exercise. It has one text of each kind, whatever the language.
    fn apply(&mut self, exercise: &mut Exercise) {
        if let Some(name) = self.name.take() {
            exercise.name_en.clone_from(&name);
            exercise.name_ru = name;
        }
        if let Some(description) = self.description.take() {
            exercise.description_en.clone_from(&description);
            exercise.description_ru = description;
        }
        if let Some(instructions) = self.instructions.take() {
            exercise.instructions_en.clone_from(&instructions);
            exercise.instructions_ru = instructions;
        }
        std::mem::take(&mut self.video_url).update_to(&mut exercise.video_url);
        exercise.equipment = self.choices.equipment.unwrap_or(exercise.equipment);
        exercise.measurement = self.choices.measurement.unwrap_or(exercise.measurement);
        self.choices.movement.update_to(&mut exercise.movement);
        exercise.is_unilateral = self.choices.is_unilateral.unwrap_or(exercise.is_unilateral);
    }
}

/// Makes an exercise that only the user sees.
pub(super) async fn create(
    conn: &mut PgConnection,
    user: UserId,
    id: ExerciseId,
    mut details: Details,
    now: DateTime<Utc>,
) -> Result<Exercise, Failure> {
    // As the database keeps it: asked again, the exercise is the same.
    let now = now.trunc_subsecs(6);
    let mut exercise = Exercise {
        id,
        user_id: Some(user),
        name_en: String::new(),
        name_ru: String::new(),
        aliases: Vec::new(),
        description_en: String::new(),
        description_ru: String::new(),
        instructions_en: Vec::new(),
        instructions_ru: Vec::new(),
        video_url: None,
        equipment: Equipment::Other,
        measurement: Measurement::RepsWeight,
        movement: None,
        level: None,
        is_unilateral: false,
        is_deleted: false,
        created_at: now,
        updated_at: now,
    };
    details.apply(&mut exercise);
    let targets = Targets::of(conn, &details, Targets::default()).await?;
    store::upsert_all(conn, std::slice::from_ref(&exercise)).await?;
    targets.write(conn, exercise.id).await?;
    Ok(exercise)
}

/// An exercise that the user made and has not deleted.
pub(super) async fn find(
    conn: &mut PgConnection,
    user: UserId,
    id: ExerciseId,
) -> Result<Exercise, Failure> {
    let found = store::by_ids(conn, &[user.0], &[id.0]).await?.into_iter();
    let mut found = found.map(|seen| seen.exercise);
    let found = found.find(|exercise| exercise.user_id == Some(user) && !exercise.is_deleted);
    found.ok_or(Refusal::NotFound(Thing::Exercise).into())
}

/// Changes an exercise that the user made.
pub(super) async fn update(
    conn: &mut PgConnection,
    user: UserId,
    id: ExerciseId,
    mut details: Details,
    now: DateTime<Utc>,
) -> Result<Exercise, Failure> {
    let found = store::own_for_update(conn, user, id).await?;
    let mut exercise = found.ok_or(Refusal::NotFound(Thing::Exercise))?;
    exercise.updated_at = now;
    let was_assisted = exercise.measurement == Measurement::Assisted;
    details.apply(&mut exercise);
    let before = Targets::read(conn, id).await?;
    let targets = Targets::of(conn, &details, before).await?;
    store::upsert_all(conn, std::slice::from_ref(&exercise)).await?;
    targets.write(conn, id).await?;
    if was_assisted != (exercise.measurement == Measurement::Assisted) {
        // what was a load is assistance now, or the other way round
        record::refresh(conn, user, id, DateTime::UNIX_EPOCH).await?;
    }
    Ok(exercise)
}

/// Takes an exercise that the user made off the lists. What was trained of it stays.
pub(super) async fn delete(
    conn: &mut PgConnection,
    user: UserId,
    id: ExerciseId,
    now: DateTime<Utc>,
) -> Result<ExerciseId, Failure> {
    if store::delete(conn, user, id, now).await? {
        Ok(id)
    } else {
        Err(Refusal::NotFound(Thing::Exercise).into())
    }
}

/// The muscle groups that an exercise trains.
#[derive(Default)]
struct Targets {
    primary: Vec<MuscleGroupId>,
    secondary: Vec<MuscleGroupId>,
}

impl Targets {
    /// What the details say; a muscle group that is named twice counts once, and as a primary one if it is named there.
    async fn of(conn: &mut PgConnection, details: &Details, before: Self) -> Result<Self, Failure> {
        for (field, ids) in [
            ("primaryMuscleGroupIds", &details.choices.primary),
            ("secondaryMuscleGroupIds", &details.choices.secondary),
        ] {
            if let Some(ids) = ids
                && !muscle_group::all_exist(conn, ids).await?
            {
                return Err(Refusal::UnknownMuscleGroup { field }.into());
            }
        }
        let wanted = |given: &Option<Vec<MuscleGroupId>>, before| given.clone().unwrap_or(before);
        let mut targets = Self::default();
        for id in wanted(&details.choices.primary, before.primary) {
            if !targets.primary.contains(&id) {
                targets.primary.push(id);
            }
        }
        for id in wanted(&details.choices.secondary, before.secondary) {
            if !targets.primary.contains(&id) && !targets.secondary.contains(&id) {
                targets.secondary.push(id);
            }
        }
        Ok(targets)
    }

    async fn read(conn: &mut PgConnection, exercise: ExerciseId) -> sqlx::Result<Self> {
        let targets = store::targets(conn, &[exercise]).await?.into_iter();
        let (primary, secondary): (Vec<_>, Vec<_>) = targets.partition(|target| target.is_primary);
        let ids = |targets: Vec<super::Target>| {
            let ids = targets.into_iter().map(|target| target.muscle_group.id);
            ids.collect()
        };
        Ok(Self {
            primary: ids(primary),
            secondary: ids(secondary),
        })
    }

    async fn write(self, conn: &mut PgConnection, exercise: ExerciseId) -> sqlx::Result<()> {
        let primary = self.primary.into_iter().map(|id| (id, true));
        let secondary = self.secondary.into_iter().map(|id| (id, false));
        let rows: Vec<_> = (1..)
            .zip(primary.chain(secondary))
            .map(|(position, (muscle_group, is_primary))| store::NewTarget {
                exercise,
                muscle_group,
                is_primary,
                position,
            })
            .collect();
        store::replace_targets(conn, &[exercise], &rows).await
    }
}
