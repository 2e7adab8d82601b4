//! The exercises that the model may choose from.

use crate::{
    exercise::{Equipment, Measurement, catalogue::Catalogue},
    generation::{brief::Brief, planner},
    ids::ExerciseId,
};

/// An exercise on the list.
#[derive(Debug, Clone)]
pub(super) struct Candidate<'a> {
    pub(super) id: ExerciseId,
    pub(super) name: &'a str,
    pub(super) primary: &'a [String],
    pub(super) secondary: &'a [String],
    pub(super) equipment: Equipment,
    pub(super) measurement: Measurement,
    /// None when nobody says so: an exercise of the person's own.
    pub(super) compound: Option<bool>,
    /// The most that was lifted in it in the last half year.
    pub(super) heaviest_kg: Option<f64>,
}

/// At most about sixty exercises: what the rules of the built-in planner allow this person, the most useful today first,
/// what was done lately, and the person's own.
#[derive(Debug, Clone)]
pub(super) struct Shortlist<'a> {
    /// Slugs of the muscle groups whose turn it is.
    pub(super) turn_of: Vec<&'static str>,
    pub(super) candidates: Vec<Candidate<'a>>,
}

impl<'a> Shortlist<'a> {
    pub(super) fn of(catalogue: &'a Catalogue, brief: &'a Brief) -> Self {
        let fitting = planner::fitting(catalogue, &brief.wishes());
        let known = fitting.catalogue.into_iter().map(|entry| Candidate {
            id: entry.id,
            name: match brief.locale {
                setwise_service::Locale::En => &entry.name.en,
                setwise_service::Locale::Ru => &entry.name.ru,
            },
            primary: &entry.primary,
            secondary: &entry.secondary,
            equipment: entry.equipment,
            measurement: entry.measurement,
            compound: Some(entry.compound),
            heaviest_kg: heaviest_kg(brief, entry.id),
        });
        let own = fitting.own.into_iter().map(|exercise| Candidate {
            id: exercise.id,
            name: &exercise.name,
            primary: &exercise.primary,
            secondary: &exercise.secondary,
            equipment: exercise.equipment,
            measurement: exercise.measurement,
            compound: None,
            heaviest_kg: heaviest_kg(brief, exercise.id),
        });
        Self {
            turn_of: fitting.turn_of,
            candidates: known.chain(own).collect(),
        }
    }

    pub(super) fn find(&self, id: &str) -> Option<&Candidate<'a>> {
        let mut candidates = self.candidates.iter();
        candidates.find(|candidate| candidate.id.to_string() == id)
    }
}

fn heaviest_kg(brief: &Brief, id: ExerciseId) -> Option<f64> {
    let trained = brief.history.iter();
    trained
        .filter(|trained| trained.exercise_id == id)
        .filter_map(|trained| trained.max_weight_kg)
        .max_by(f64::total_cmp)
}
