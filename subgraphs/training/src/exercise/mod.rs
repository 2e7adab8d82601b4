//! Exercises: those of the [`catalogue`], which everyone sees, and those that a person made, which only that person sees.

pub(crate) mod catalogue;
mod graphql;
mod loader;
mod store;
#[cfg(test)]
mod tests;

use async_graphql::Enum;
use chrono::{DateTime, Utc};
use serde::Deserialize;
use setwise_service::Locale;
use sqlx::PgConnection;

use crate::{
    ids::{ExerciseId, MuscleGroupId, UserId},
    muscle_group::{self, MuscleGroup},
    refusal::{Failure, Refusal, optional_text, required_text},
};

pub(crate) use graphql::{ExerciseMutation, ExerciseQuery};
pub(crate) use loader::{AlternativesOfExercise, ExerciseById, TargetsOfExercise};

const MAX_NAME: usize = 200;
const MAX_DESCRIPTION: usize = 5000;
const MAX_URL: usize = 2000;

/// A movement that can be trained.
#[derive(Debug, Clone)]
pub struct Exercise {
    pub(crate) id: ExerciseId,
    /// Who made it; none for the catalogue.
    pub(crate) user_id: Option<UserId>,
    pub(crate) name_en: String,
    pub(crate) name_ru: String,
    pub(crate) description_en: String,
    pub(crate) description_ru: String,
    pub(crate) video_url: Option<String>,
    pub(crate) equipment: Equipment,
    pub(crate) measurement: Measurement,
    pub(crate) created_at: DateTime<Utc>,
    pub(crate) updated_at: DateTime<Utc>,
}

impl Exercise {
    pub(crate) fn name(&self, locale: Locale) -> &str {
        match locale {
            Locale::En => &self.name_en,
            Locale::Ru => &self.name_ru,
        }
    }

    fn description(&self, locale: Locale) -> &str {
        match locale {
            Locale::En => &self.description_en,
            Locale::Ru => &self.description_ru,
        }
    }
}

/// A muscle group that an exercise trains.
#[derive(Debug, Clone)]
pub(crate) struct Target {
    pub(crate) exercise_id: ExerciseId,
    pub(crate) is_primary: bool,
    pub(crate) muscle_group: MuscleGroup,
}

/// What is counted when a set of the exercise is done.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Enum, Deserialize, sqlx::Type)]
#[serde(rename_all = "snake_case")]
#[sqlx(type_name = "text", rename_all = "snake_case")]
pub enum Measurement {
    /// Repetitions with a weight.
    RepsWeight,
    /// Repetitions with one's own body.
    BodyweightReps,
    /// Seconds.
    Time,
    /// Metres.
    Distance,
}

impl Measurement {
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::RepsWeight => "reps_weight",
            Self::BodyweightReps => "bodyweight_reps",
            Self::Time => "time",
            Self::Distance => "distance",
        }
    }
}

/// What the exercise is done with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Enum, Deserialize, sqlx::Type)]
#[serde(rename_all = "snake_case")]
#[sqlx(type_name = "text", rename_all = "snake_case")]
pub enum Equipment {
    /// A straight bar with plates.
    Barbell,
    /// One or two dumbbells.
    Dumbbell,
    /// One or two kettlebells.
    Kettlebell,
    /// A machine that guides the movement.
    Machine,
    /// A cable pulley.
    Cable,
    /// Nothing but the body, or a bar or bench to hold it.
    Bodyweight,
    /// An elastic band.
    Band,
    /// A single weight plate.
    Plate,
    /// A bar that runs in rails.
    SmithMachine,
    /// A hexagonal bar that one stands in.
    TrapBar,
    /// A cambered bar.
    EzBar,
    /// A medicine ball.
    MedicineBall,
    /// A machine for endurance, such as a rower.
    CardioMachine,
    /// Anything else.
    Other,
}

impl Equipment {
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Barbell => "barbell",
            Self::Dumbbell => "dumbbell",
            Self::Kettlebell => "kettlebell",
            Self::Machine => "machine",
            Self::Cable => "cable",
            Self::Bodyweight => "bodyweight",
            Self::Band => "band",
            Self::Plate => "plate",
            Self::SmithMachine => "smith_machine",
            Self::TrapBar => "trap_bar",
            Self::EzBar => "ez_bar",
            Self::MedicineBall => "medicine_ball",
            Self::CardioMachine => "cardio_machine",
            Self::Other => "other",
        }
    }
}

/// Whether a person may use an exercise: it is of the catalogue or the person's own.
pub(crate) async fn is_visible(
    conn: &mut PgConnection,
    user: UserId,
    id: ExerciseId,
) -> sqlx::Result<bool> {
    Ok(!store::by_ids(conn, &[user.0], &[id.0]).await?.is_empty())
}

/// An exercise as a person makes it.
#[derive(Debug, Clone)]
pub(crate) struct NewExercise {
    name: String,
    description: String,
    video_url: Option<String>,
    primary: Vec<MuscleGroupId>,
    secondary: Vec<MuscleGroupId>,
    pub(crate) equipment: Equipment,
    pub(crate) measurement: Measurement,
}

impl NewExercise {
    pub(crate) fn parse(name: &str) -> Result<Self, Refusal> {
        Ok(Self {
            name: required_text("name", name, MAX_NAME)?,
            description: String::new(),
            video_url: None,
            primary: Vec::new(),
            secondary: Vec::new(),
            equipment: Equipment::Other,
            measurement: Measurement::RepsWeight,
        })
    }

    pub(crate) fn describe(&mut self, description: &str) -> Result<(), Refusal> {
        self.description = optional_text("description", description, MAX_DESCRIPTION)?;
        Ok(())
    }

    /// Takes an absolute http or https URL; an empty one is none.
    pub(crate) fn show(&mut self, video_url: &str) -> Result<(), Refusal> {
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
                self.video_url = Some(text).filter(|_| !is_empty);
                Ok(())
            }
        }
    }

    /// Says what it trains; a muscle group that is named twice counts once, and as a primary one if it is named there.
    pub(crate) fn target(&mut self, primary: Vec<MuscleGroupId>, secondary: Vec<MuscleGroupId>) {
        for id in primary {
            if !self.primary.contains(&id) {
                self.primary.push(id);
            }
        }
        for id in secondary {
            if !self.primary.contains(&id) && !self.secondary.contains(&id) {
                self.secondary.push(id);
            }
        }
    }
}

/// Makes an exercise that only the user sees. It has one name, whatever the language.
pub(crate) async fn create(
    conn: &mut PgConnection,
    user: UserId,
    new: NewExercise,
    now: DateTime<Utc>,
) -> Result<Exercise, Failure> {
    for (field, ids) in [
        ("primaryMuscleGroupIds", &new.primary),
        ("secondaryMuscleGroupIds", &new.secondary),
    ] {
        if !muscle_group::all_exist(conn, ids).await? {
            return Err(Refusal::UnknownMuscleGroup { field }.into());
        }
    }
    let exercise = Exercise {
        id: ExerciseId::new(),
        user_id: Some(user),
        name_en: new.name.clone(),
        name_ru: new.name,
        description_en: new.description.clone(),
        description_ru: new.description,
        video_url: new.video_url,
        equipment: new.equipment,
        measurement: new.measurement,
        created_at: now,
        updated_at: now,
    };
    store::upsert_all(conn, std::slice::from_ref(&exercise)).await?;
    let primary = new.primary.into_iter().map(|id| (id, true));
    let secondary = new.secondary.into_iter().map(|id| (id, false));
    let targets: Vec<_> = (1..)
        .zip(primary.chain(secondary))
        .map(|(position, (muscle_group, is_primary))| store::NewTarget {
            exercise: exercise.id,
            muscle_group,
            is_primary,
            position,
        })
        .collect();
    store::replace_targets(conn, &targets).await?;
    Ok(exercise)
}
