//! The built-in planner: from settings, wishes and history to a workout, by rules.
//!
//! 1. [`words`] reads what the person wrote: what hurts or must be left out, what to train today, with which equipment,
//!    in how many minutes.
//! 2. [`recovery`] says how fresh each muscle group is, [`weekly`] which of them are still owed sets this week, and
//!    [`session`] picks the part of the plan whose muscles have rested longest; of equals, the one that is owed most.
//! 3. [`selection`] takes exercises one by one: what covers most of what is still needed, never what the person must
//!    not do, is not ready for or has no equipment for.
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
mod weekly;
mod words;

use chrono::{DateTime, Utc};
use rand::{SeedableRng as _, rngs::StdRng};
use setwise_graphql::WeightUnit;
use setwise_service::Locale;

use crate::{
    exercise::catalogue::{Catalogue, Entry},
    exercise_log::PlannedExercise,
    generation::{GenerationSettings, OwnExercise},
    ids::ExerciseId,
    refusal::Refusal,
    workout::TrainedExercise,
};

use recovery::Recovery;
use session::Session;
use weekly::Owed;
use words::Words;

/// What a plan is made from.
#[derive(Debug, Clone)]
pub(super) struct Wishes<'a> {
    pub(super) settings: &'a GenerationSettings,
    /// What the person wants today, in English or Russian.
    pub(super) prompt: &'a str,
    /// What was trained, newest first.
    pub(super) history: &'a [TrainedExercise],
    /// The exercises that the person made: what was trained with them counts too.
    pub(super) own: &'a [OwnExercise],
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
    let mut day = Day::of(catalogue, wishes);
    let mut random = StdRng::seed_from_u64(wishes.seed);
    let minutes = day
        .words
        .minutes
        .unwrap_or(wishes.settings.session_duration_minutes);
    let volume = prescription::Volume::of(wishes.settings, minutes);
    let mut chosen = selection::choose(catalogue, wishes, &day, volume, &mut random);
    if chosen.len() < MIN_EXERCISES {
        // What must be left out has emptied this part of the plan: train whatever remains.
        day.session = Session::everything();
        chosen = selection::choose(catalogue, wishes, &day, volume, &mut random);
    }
    if chosen.is_empty() {
        return Err(Refusal::NothingFits);
    }
    let exercises = chosen
        .iter()
        .map(|entry| prescription::prescribe(entry, wishes, volume))
        .collect::<Result<_, _>>()?;
    let reasoning = reasoning::tell(catalogue, wishes, &day, &chosen, volume);
    Ok(Plan {
        exercises,
        reasoning,
    })
}

/// What somebody else may choose from for today.
pub(super) struct Fitting<'a> {
    /// Slugs of the muscle groups whose turn it is.
    pub(super) turn_of: Vec<&'static str>,
    /// Of the catalogue, the most useful first.
    pub(super) catalogue: Vec<&'a Entry>,
    /// Of the person's own, the newest first.
    pub(super) own: Vec<&'a OwnExercise>,
}

/// The exercises that the person can and may do today: a few dozen of the catalogue, those that were done lately among
/// them, and at most a dozen of the person's own.
pub(super) fn fitting<'a>(catalogue: &'a Catalogue, wishes: &Wishes<'a>) -> Fitting<'a> {
    let day = Day::of(catalogue, wishes);
    let mut random = StdRng::seed_from_u64(wishes.seed);
    Fitting {
        turn_of: day.session.muscles.iter().copied().collect(),
        catalogue: selection::rank(catalogue, wishes, &day, &mut random),
        own: selection::own(catalogue, wishes, &day),
    }
}

/// A workout has at least as many exercises, when there are as many to choose from.
pub(super) const MIN_EXERCISES: usize = 5;
pub(super) const MAX_EXERCISES: usize = 8;

/// What today is like: what the person wants, what is rested, what is owed, and whose turn it is.
struct Day {
    words: Words,
    recovery: Recovery,
    owed: Owed,
    session: Session,
}

impl Day {
    fn of(catalogue: &Catalogue, wishes: &Wishes<'_>) -> Self {
        let words = Words::read(wishes.settings, wishes.prompt);
        let recovery = Recovery::of(catalogue, wishes);
        let owed = Owed::of(catalogue, wishes);
        let plan = wishes.settings.workout_plan_type;
        let session = Session::choose(plan, &words, &recovery, &owed);
        Self {
            words,
            recovery,
            owed,
            session,
        }
    }
}

/// The slugs of what an exercise trains.
struct Trains<'a> {
    primary: &'a [String],
    secondary: &'a [String],
}

impl<'a> Trains<'a> {
    /// None when the exercise is neither in the catalogue nor the person's.
    fn of(catalogue: &'a Catalogue, own: &'a [OwnExercise], id: ExerciseId) -> Option<Self> {
        if let Some(entry) = entry(catalogue, id) {
            let (primary, secondary) = (&entry.primary, &entry.secondary);
            return Some(Self { primary, secondary });
        }
        let exercise = own.iter().find(|exercise| exercise.id == id)?;
        let (primary, secondary) = (&exercise.primary, &exercise.secondary);
        Some(Self { primary, secondary })
    }

    /// Each muscle group with what a set counts for it: one, or `helping` for those that help.
    fn shares(&self, helping: f64) -> impl Iterator<Item = (&'a str, f64)> {
        let primary = self.primary.iter().map(|slug| (slug.as_str(), 1.0));
        let secondary = self.secondary.iter();
        primary.chain(secondary.map(move |slug| (slug.as_str(), helping)))
    }
}

fn entry(catalogue: &Catalogue, id: ExerciseId) -> Option<&Entry> {
    catalogue.exercises.iter().find(|entry| entry.id == id)
}

/// The sets done of an exercise; more than a hundred are no more than a hundred.
fn sets(trained: &TrainedExercise) -> f64 {
    f64::from(i32::try_from(trained.sets.clamp(0, 100)).unwrap_or_default())
}
