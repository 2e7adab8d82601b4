//! How an exercise progresses from workout to workout: pure functions from a plan and what was done to what to do next,
//! and why.
//!
//! Weights are in the unit that a progression names, so that a person who adds five pounds gets round pounds.

mod double;
mod graphql;
mod linear;
mod plates;
mod reason;
mod rpe;
#[cfg(test)]
mod tests;
mod warm_up;
mod waves;

use serde::{Deserialize, Serialize};
use setwise_graphql::WeightUnit;

pub(crate) use graphql::ProgressionQuery;
pub(crate) use reason::{Reason, Why};

use plates::{Loading, plates};
use warm_up::{WarmUpSet, warm_up};

/// How an exercise of a routine progresses.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub(crate) enum Progression {
    /// Repetitions grow within a range; at its top the weight grows and they begin anew.
    Double {
        min_reps: i32,
        max_reps: i32,
        step: f64,
        unit: WeightUnit,
    },
    /// The weight grows each time; after failures in a row it goes down once.
    Linear {
        step: f64,
        unit: WeightUnit,
        deload_after: i32,
        deload_percent: f64,
    },
    /// The weight follows how hard the last time was.
    Rpe {
        target_rpe: f64,
        step: f64,
        unit: WeightUnit,
    },
    /// Weeks of percentages of a training maximum, which grows after each round.
    Waves {
        weeks: Vec<Vec<WaveSet>>,
        step: f64,
        unit: WeightUnit,
    },
}

/// A set of a week of percentage waves.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub(crate) struct WaveSet {
    /// Of the training maximum.
    pub(crate) percent: f64,
    pub(crate) reps: i32,
}

/// A working set as it was done, the weight in the progression's unit.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Done {
    pub(crate) reps: i32,
    pub(crate) weight: f64,
    pub(crate) rpe: Option<f64>,
}

/// What the routine plans and the past tells.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Past<'a> {
    /// The repetitions of the planned working sets.
    pub(crate) planned_reps: &'a [i32],
    /// The working sets of earlier workouts, the latest first.
    pub(crate) sessions: &'a [Vec<Done>],
    /// In the progression's unit.
    pub(crate) training_max: Option<f64>,
    /// The workouts from the routine since the progression was set.
    pub(crate) completed: u32,
}

/// The working sets to do, and why.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Advice {
    pub(crate) sets: Vec<Next>,
    pub(crate) reason: Reason,
}

/// A working set to do, the weight in the progression's unit.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Next {
    pub(crate) reps: i32,
    pub(crate) weight: f64,
    /// For waves: of the training maximum.
    pub(crate) percent: Option<f64>,
}

impl Progression {
    pub(crate) fn unit(&self) -> WeightUnit {
        match self {
            Self::Double { unit, .. }
            | Self::Linear { unit, .. }
            | Self::Rpe { unit, .. }
            | Self::Waves { unit, .. } => *unit,
        }
    }

    /// What to do next; none when the past tells nothing to go by.
    pub(crate) fn advise(&self, past: Past<'_>) -> Option<Advice> {
        if past.planned_reps.is_empty() && !matches!(self, Self::Waves { .. }) {
            return None;
        }
        match self {
            Self::Double {
                min_reps,
                max_reps,
                step,
                unit,
            } => double::advise(past, (*min_reps, *max_reps), *step, *unit),
            Self::Linear {
                step,
                unit,
                deload_after,
                deload_percent,
            } => {
                let deload = linear::Deload {
                    after: *deload_after,
                    percent: *deload_percent,
                };
                linear::advise(past, *step, *unit, deload)
            }
            Self::Rpe {
                target_rpe,
                step,
                unit,
            } => rpe::advise(past, *target_rpe, *step, *unit),
            Self::Waves { weeks, step, unit } => waves::advise(past, weeks, *step, *unit),
        }
    }
}

/// The sets of a session at its heaviest weight: what a progression goes by. Lighter ones are back-off sets.
struct TopSets {
    weight: f64,
    reps: Vec<i32>,
    /// Of the hardest of them, where one was noted.
    rpe: Option<f64>,
}

impl TopSets {
    fn of(session: &[Done]) -> Option<Self> {
        let weight = session.iter().map(|set| set.weight).reduce(f64::max)?;
        let top = session.iter().filter(|set| set.weight >= weight);
        Some(Self {
            weight,
            reps: top.clone().map(|set| set.reps).collect(),
            rpe: top.filter_map(|set| set.rpe).reduce(f64::max),
        })
    }

    /// Whether as many sets as planned reached their repetitions, in whatever order.
    fn reached(&self, planned: impl Iterator<Item = i32>) -> bool {
        let descending = |mut reps: Vec<i32>| {
            reps.sort_unstable_by(|a, b| b.cmp(a));
            reps
        };
        let (done, planned) = (descending(self.reps.clone()), descending(planned.collect()));
        done.len() >= planned.len()
            && done
                .iter()
                .zip(planned)
                .all(|(done, wanted)| *done >= wanted)
    }

    fn fewest_reps(&self) -> i32 {
        self.reps.iter().copied().min().unwrap_or(0)
    }

    fn why(&self, why: Why, unit: WeightUnit, next_weight: f64) -> Reason {
        Reason {
            why,
            sets: self.reps.len(),
            reps: self.fewest_reps(),
            weight: self.weight,
            rpe: self.rpe,
            unit,
            next_weight,
        }
    }
}

/// Every planned set with one weight.
fn all_with(reps: impl Iterator<Item = i32>, weight: f64) -> Vec<Next> {
    reps.map(|reps| Next {
        reps,
        weight,
        percent: None,
    })
    .collect()
}

/// The nearest weight that a bar can be loaded with.
pub(crate) fn loadable(weight: f64, unit: WeightUnit) -> f64 {
    round_to(weight, waves::loadable(unit))
}

/// The nearest multiple of a step; what is no positive number has no multiples.
fn round_to(weight: f64, step: f64) -> f64 {
    if step > 0.0 {
        hundredths((weight / step).round() * step)
    } else {
        hundredths(weight)
    }
}

/// The largest multiple of a step that is not above.
fn floor_to(weight: f64, step: f64) -> f64 {
    if step > 0.0 {
        hundredths((weight / step + 1e-9).floor() * step)
    } else {
        hundredths(weight)
    }
}

/// Takes away what binary fractions leave: no plate is finer than a hundredth.
fn hundredths(weight: f64) -> f64 {
    (weight * 100.0).round() / 100.0
}
