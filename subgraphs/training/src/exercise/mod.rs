//! Exercises: those of the [`catalogue`], which everyone sees, and those that a person made, which only that person sees.

pub(crate) mod catalogue;
mod graphql;
mod loader;
mod store;

use async_graphql::Enum;
use chrono::{DateTime, Utc};
use serde::Deserialize;
use setwise_service::Locale;
use sqlx::PgConnection;

use crate::{
    ids::{ExerciseId, UserId},
    muscle_group::MuscleGroup,
};

pub(crate) use graphql::ExerciseQuery;
pub(crate) use loader::{AlternativesOfExercise, ExerciseById, TargetsOfExercise};

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
