//! What the demo account trains: push, pull, legs.

use rand::{Rng as _, rngs::StdRng};
use setwise_graphql::WeightUnit;

use crate::{
    exercise::catalogue::Catalogue,
    ids::ExerciseId,
    refusal::Refusal,
    set::{PerformedSet, PlannedSet, SetEntry, SetKind, SetType},
};

/// A day of the programme.
pub(super) struct Day {
    pub(super) name: &'static str,
    pub(super) description: &'static str,
    pub(super) lifts: &'static [Lift],
}

/// An exercise of a day with its sets.
pub(super) struct Lift {
    /// The exercise's slug in the catalogue.
    slug: &'static str,
    pub(super) sets: u32,
    load: Load,
}

/// What a set asks for, and what half a year adds to it.
enum Load {
    Weight {
        reps: i32,
        start_kg: f64,
        gain_kg: f64,
        step_kg: f64,
    },
    Reps {
        start: i32,
        gain: f64,
    },
    Hold {
        start_seconds: f64,
        gain_seconds: f64,
    },
    /// Metres at an even pace.
    Distance {
        metres: f64,
        gain_metres: f64,
        metres_per_second: f64,
    },
}

pub(super) const PROGRAMME: [Day; 3] = [
    Day {
        name: "Push day",
        description: "Chest, shoulders and triceps. Rest two minutes between the heavy sets.",
        lifts: &[
            weight("barbell-bench-press", 4, 6, 60.0, 22.5, 2.5),
            weight("overhead-press", 3, 8, 35.0, 12.5, 2.5),
            weight("incline-dumbbell-press", 3, 10, 20.0, 8.0, 2.0),
            weight("dumbbell-lateral-raise", 3, 12, 8.0, 4.0, 2.0),
            weight("triceps-pushdown", 3, 12, 22.5, 12.5, 2.5),
        ],
    },
    Day {
        name: "Pull day",
        description: "Back and biceps. Pull-ups first, while fresh.",
        lifts: &[
            Lift {
                slug: "pull-up",
                sets: 4,
                load: Load::Reps {
                    start: 5,
                    gain: 6.0,
                },
            },
            weight("barbell-row", 4, 8, 50.0, 22.5, 2.5),
            weight("seated-cable-row", 3, 10, 45.0, 20.0, 2.5),
            weight("face-pull", 3, 15, 15.0, 7.5, 2.5),
            weight("ez-bar-curl", 3, 10, 22.5, 10.0, 2.5),
        ],
    },
    Day {
        name: "Leg day",
        description: "Legs and core, with a row to finish.",
        lifts: &[
            weight("back-squat", 4, 6, 75.0, 35.0, 2.5),
            weight("romanian-deadlift", 3, 8, 65.0, 32.5, 2.5),
            weight("leg-press", 3, 10, 120.0, 50.0, 5.0),
            weight("standing-calf-raise", 3, 15, 50.0, 25.0, 5.0),
            Lift {
                slug: "plank",
                sets: 3,
                load: Load::Hold {
                    start_seconds: 45.0,
                    gain_seconds: 45.0,
                },
            },
            Lift {
                slug: "rowing-machine",
                sets: 1,
                load: Load::Distance {
                    metres: 1500.0,
                    gain_metres: 1000.0,
                    metres_per_second: 3.9,
                },
            },
        ],
    },
];

const fn weight(
    slug: &'static str,
    sets: u32,
    reps: i32,
    start_kg: f64,
    gain_kg: f64,
    step_kg: f64,
) -> Lift {
    let load = Load::Weight {
        reps,
        start_kg,
        gain_kg,
        step_kg,
    };
    Lift { slug, sets, load }
}

const NOTHING: SetEntry = SetEntry {
    set_type: None,
    reps: None,
    weight: None,
    weight_unit: WeightUnit::Kg,
    time_seconds: None,
    distance_meters: None,
    kind: SetKind::Normal,
    rpe: None,
};

/// The share of half a year's progress that is made by a week: fast at first, slower later.
fn progress(week: f64) -> f64 {
    (week / 26.0).min(1.0).powf(0.75)
}

impl Lift {
    pub(super) fn exercise(&self) -> ExerciseId {
        let exercises = &Catalogue::embedded().exercises;
        let entry = exercises.iter().find(|entry| entry.slug == self.slug);
        entry
            .map(|entry| entry.id)
            .expect("the demo trains what the catalogue has, as its tests show")
    }

    /// The set as the routine has it.
    pub(super) fn planned(&self) -> Result<PlannedSet, Refusal> {
        match self.load {
            Load::Weight { reps, start_kg, .. } => {
                PlannedSet::parse(SetType::Weight, Some(reps), Some(start_kg), None)
            }
            Load::Reps { start, .. } => PlannedSet::parse(SetType::Reps, Some(start), None, None),
            Load::Hold { start_seconds, .. } => {
                PlannedSet::parse(SetType::Time, None, None, Some(start_seconds))
            }
            Load::Distance {
                metres,
                metres_per_second,
                ..
            } => PlannedSet::parse(
                SetType::Time,
                None,
                None,
                Some((metres / metres_per_second).round()),
            ),
        }
    }

    /// The set with that number, from 0, as it was done in a week.
    pub(super) fn performed(
        &self,
        week: f64,
        strength: f64,
        set: u32,
        random: &mut StdRng,
    ) -> Result<PerformedSet, Refusal> {
        // The last sets cost repetitions.
        let fatigue = i32::try_from(set / 2).unwrap_or_default();
        let entry = match self.load {
            Load::Weight {
                reps,
                start_kg,
                gain_kg,
                step_kg,
            } => {
                let weight = (start_kg + gain_kg * progress(week)) * strength;
                SetEntry {
                    reps: Some(
                        (reps + random.random_range(0..=1) - random.random_range(0..=fatigue))
                            .max(1),
                    ),
                    weight: Some((weight / step_kg).floor() * step_kg),
                    ..NOTHING
                }
            }
            Load::Reps { start, gain } => {
                let gained = rounded(gain * progress(week) * strength);
                SetEntry {
                    reps: Some((start + gained - random.random_range(0..=fatigue + 1)).max(1)),
                    ..NOTHING
                }
            }
            Load::Hold {
                start_seconds,
                gain_seconds,
            } => {
                let seconds = (start_seconds + gain_seconds * progress(week)) * strength;
                SetEntry {
                    time_seconds: Some((seconds / 5.0).floor() * 5.0),
                    ..NOTHING
                }
            }
            Load::Distance {
                metres,
                gain_metres,
                metres_per_second,
            } => {
                let metres = ((metres + gain_metres * progress(week)) / 250.0).floor() * 250.0;
                let pace = metres_per_second * strength * random.random_range(0.97..1.03);
                SetEntry {
                    set_type: Some(SetType::Time),
                    time_seconds: Some((metres / pace).round()),
                    distance_meters: Some(metres),
                    ..NOTHING
                }
            }
        };
        PerformedSet::parse(entry)
    }
}

/// A small count.
fn rounded(number: f64) -> i32 {
    (0..100)
        .take_while(|count| f64::from(*count) <= number)
        .last()
        .unwrap_or_default()
}
