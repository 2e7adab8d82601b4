//! The built-in planner: from settings, wishes and history to a workout, by rules.
//!
//! 1. [`words`] reads what the person wrote: what hurts or must be left out, what to train today, with which equipment,
//!    in how many minutes.
//! 2. [`recovery`] says how fresh each muscle group is after the last fortnight, [`session`] picks the part of the plan
//!    whose muscles have rested longest.
//! 3. [`selection`] takes exercises one by one: what covers most of what is still needed, never what the person must
//!    not do or is not ready for.
//! 4. [`prescription`] gives them sets: repetitions by goal, weights by what was lifted last.
//! 5. [`reasoning`] tells the person why.
//!
//! It is pure: the same wishes and seed give the same plan.

mod prescription;
mod reasoning;
mod recovery;
mod selection;
mod session;
#[cfg(test)]
mod tests;
mod words;

use chrono::{DateTime, Utc};
use rand::{SeedableRng as _, rngs::StdRng};
use setwise_graphql::WeightUnit;
use setwise_service::Locale;

use crate::{
    exercise::catalogue::{Catalogue, Entry},
    exercise_log::PlannedExercise,
    generation::GenerationSettings,
    ids::ExerciseId,
    refusal::Refusal,
    workout::TrainedExercise,
};

use recovery::Recovery;
use session::Session;
use words::Words;

/// What a plan is made from.
#[derive(Debug, Clone)]
pub(super) struct Wishes<'a> {
    pub(super) settings: &'a GenerationSettings,
    /// What the person wants today, in English or Russian.
    pub(super) prompt: &'a str,
    /// What was trained, newest first.
    pub(super) history: &'a [TrainedExercise],
    /// What the workout holds already.
    pub(super) present: &'a [ExerciseId],
    pub(super) weight_unit: WeightUnit,
    /// The language of the reasoning.
    pub(super) locale: Locale,
    pub(super) now: DateTime<Utc>,
    pub(super) seed: u64,
}

/// A workout that suits the wishes.
#[derive(Debug, Clone)]
pub(super) struct Plan {
    pub(super) exercises: Vec<PlannedExercise>,
    pub(super) reasoning: String,
}

/// Plans a workout.
///
/// # Errors
/// [`Refusal::NothingFits`] when the wishes leave no exercise to choose.
pub(super) fn plan(catalogue: &Catalogue, wishes: &Wishes<'_>) -> Result<Plan, Refusal> {
    let words = Words::read(wishes.settings, wishes.prompt);
    let recovery = Recovery::of(catalogue, wishes.history, wishes.now);
    let mut random = StdRng::seed_from_u64(wishes.seed);
    let minutes = words
        .minutes
        .unwrap_or(wishes.settings.session_duration_minutes);
    let volume = prescription::Volume::of(wishes.settings, minutes);
    let mut session = Session::choose(wishes.settings.workout_plan_type, &words, &recovery);
    let mut chosen = selection::choose(
        catalogue,
        wishes,
        &words,
        &recovery,
        &session,
        volume,
        &mut random,
    );
    if chosen.len() < MIN_EXERCISES {
        // What must be left out has emptied this part of the plan: train whatever remains.
        session = Session::everything();
        chosen = selection::choose(
            catalogue,
            wishes,
            &words,
            &recovery,
            &session,
            volume,
            &mut random,
        );
    }
    if chosen.is_empty() {
        return Err(Refusal::NothingFits);
    }
    let exercises = chosen
        .iter()
        .map(|entry| prescription::prescribe(entry, wishes, volume))
        .collect::<Result<_, _>>()?;
    let reasoning = reasoning::tell(catalogue, wishes, &words, &session, &chosen, volume);
    Ok(Plan {
        exercises,
        reasoning,
    })
}

/// A workout has at least as many exercises, when there are as many to choose from.
const MIN_EXERCISES: usize = 5;
const MAX_EXERCISES: usize = 8;

/// The entry of an exercise that was trained; none for a person's own.
fn entry(catalogue: &Catalogue, id: ExerciseId) -> Option<&Entry> {
    catalogue.exercises.iter().find(|entry| entry.id == id)
}
