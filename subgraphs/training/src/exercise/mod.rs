//! Exercises: those of the [`catalogue`], which everyone sees, and those that a person made, which only that person sees.

pub(crate) mod catalogue;
mod graphql;
mod kind;
mod loader;
mod own;
mod search;
mod store;
#[cfg(test)]
mod tests;

use std::borrow::Cow;

use chrono::{DateTime, Utc};
use setwise_service::Locale;
use sqlx::PgConnection;

use crate::{
    ids::{ExerciseId, UserId},
    muscle_group::MuscleGroup,
};

pub(crate) use graphql::{ExerciseMutation, ExerciseQuery};
pub(crate) use kind::{Equipment, Level, Measurement, Movement};
pub(crate) use loader::{AlternativesOfExercise, ExerciseById, TargetsOfExercise};

/// A movement that can be trained.
#[derive(Debug, Clone)]
pub struct Exercise {
    pub(crate) id: ExerciseId,
    /// Who made it; none for the catalogue.
    pub(crate) user_id: Option<UserId>,
    pub(crate) name_en: String,
    pub(crate) name_ru: String,
    /// What else people call it, in either language.
    pub(crate) aliases: Vec<String>,
    pub(crate) description_en: String,
    pub(crate) description_ru: String,
    /// How it is done, step by step.
    pub(crate) instructions_en: Vec<String>,
    pub(crate) instructions_ru: Vec<String>,
    pub(crate) video_url: Option<String>,
    pub(crate) equipment: Equipment,
    pub(crate) measurement: Measurement,
    pub(crate) movement: Option<Movement>,
    pub(crate) level: Option<Level>,
    /// Whether a set is for one side of the body.
    pub(crate) is_unilateral: bool,
    /// Whether the person who made it took it off the lists.
    pub(crate) is_deleted: bool,
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

    /// What it is or, when nobody wrote that, its steps.
    fn description(&self, locale: Locale) -> Cow<'_, str> {
        let description = match locale {
            Locale::En => &self.description_en,
            Locale::Ru => &self.description_ru,
        };
        if description.is_empty() {
            self.instructions(locale).join(" ").into()
        } else {
            description.into()
        }
    }

    fn instructions(&self, locale: Locale) -> &[String] {
        match locale {
            Locale::En => &self.instructions_en,
            Locale::Ru => &self.instructions_ru,
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

/// Whether a person may train an exercise from now on: it is of the catalogue, or the person's own and not deleted.
pub(crate) async fn is_visible(
    conn: &mut PgConnection,
    user: UserId,
    id: ExerciseId,
) -> sqlx::Result<bool> {
    store::is_usable(conn, user, id).await
}

/// How exercises are measured.
pub(crate) async fn measurements(
    conn: &mut PgConnection,
    ids: &[ExerciseId],
) -> sqlx::Result<Vec<(ExerciseId, Measurement)>> {
    store::measured::measurements(conn, ids).await
}
