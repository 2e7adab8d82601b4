//! How an exercise progresses from workout to workout: pure functions from a plan and what was done to what to do next,
//! and why.
//!
//! Weights are in the unit that a progression names, so that a person who adds five pounds gets round pounds.

mod back_off;
mod bodyweight;
mod double;
mod graphql;
mod layoff;
mod linear;
mod load;
mod plates;
mod reason;
mod rpe;
#[cfg(test)]
mod tests;
mod transfer;
mod warm_up;
mod waves;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use setwise_graphql::WeightUnit;

use crate::set::{WeightKg, convert};

pub(crate) use graphql::ProgressionQuery;
pub(crate) use layoff::LONG_BREAK_DAYS;
pub(crate) use load::Load;
pub(crate) use reason::{Reason, Why};

use load::TopSets;
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
    /// Their weights, where the routine names all of them.
    pub(crate) planned_weights: &'a [f64],
    /// How hard they should be, where the routine says so.
    pub(crate) planned_rpe: Option<f64>,
    /// What the weight of a set does.
    pub(crate) load: Load,
    /// The working sets of earlier workouts, the latest first.
    pub(crate) sessions: &'a [Vec<Done>],
    /// The day of the latest of them, where it was no workout with this exercise of the routine: its sets may have been
    /// planned otherwise.
    pub(crate) elsewhere: Option<NaiveDate>,
    /// Whether the latest was noted in another unit than the progression's.
    pub(crate) is_converted: bool,
    /// Whole days since the exercise was last done, in whatever workout.
    pub(crate) days_away: i64,
    /// Whole days since the latest of the sessions, which may be more.
    pub(crate) days_since: i64,
    /// The most whole days away before one of the workouts of the current round of waves.
    pub(crate) break_in_round: i64,
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

    /// How many workouts of the current round of waves are done, of so many in all.
    pub(crate) fn done_of_round(&self, completed: i64) -> i64 {
        match self {
            Self::Waves { weeks, .. } => {
                let weeks = i64::try_from(weeks.len()).unwrap_or(i64::MAX);
                completed % weeks.max(1)
            }
            Self::Double { .. } | Self::Linear { .. } | Self::Rpe { .. } => 0,
        }
    }

    /// What weights of the progression are multiples of, as far as it says.
    fn step(&self) -> f64 {
        match self {
            Self::Double { step, .. }
            | Self::Linear { step, .. }
            | Self::Rpe { step, .. }
            | Self::Waves { step, .. } => *step,
        }
    }

    /// What to do next; none when the past tells nothing to go by.
    pub(crate) fn advise(&self, past: Past<'_>) -> Option<Advice> {
        let advice = self.go_on(past)?;
        // waves go by the training maximum
        let by_sets = !matches!(self, Self::Waves { .. });
        let advice = if past.is_converted && by_sets {
            self.made_loadable(advice)
        } else {
            advice
        };
        Some(self.within_bounds(advice))
    }

    fn go_on(&self, past: Past<'_>) -> Option<Advice> {
        if let Self::Waves { weeks, step, unit } = self {
            return waves::advise(past, weeks, *step, *unit);
        }
        if past.planned_reps.is_empty() {
            return None;
        }
        back_off::advise(self, past).or_else(|| self.go_on_alike(past))
    }

    /// What to do next where all sets are done with one weight.
    fn go_on_alike(&self, past: Past<'_>) -> Option<Advice> {
        let planned: Vec<i32> = self.first_reps(past).collect();
        let top = TopSets::of(past, past.sessions.first()?, &planned)?;
        if past.load == Load::Bodyweight && top.weight <= 0.0 {
            return Some(bodyweight::advise(self, past, &top));
        }
        if let Some(day) = past.elsewhere {
            return transfer::advise(self, past, &top, day);
        }
        if let Some(layoff) = layoff::after(past.days_away) {
            return Some(layoff::advise(self, past, &top, layoff));
        }
        match self {
            Self::Double {
                min_reps,
                max_reps,
                step,
                unit,
            } => Some(double::advise(
                past,
                &top,
                (*min_reps, *max_reps),
                *step,
                *unit,
            )),
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
                Some(linear::advise(past, &top, *step, *unit, deload))
            }
            Self::Rpe {
                target_rpe,
                step,
                unit,
            } => rpe::advise(past, &top, *target_rpe, *step, *unit),
            Self::Waves { .. } => None,
        }
    }

    /// The repetitions of each planned set when a weight begins anew.
    fn first_reps<'a>(&self, past: Past<'a>) -> impl Iterator<Item = i32> + use<'a> {
        let bottom = match self {
            Self::Double { min_reps, .. } => Some(*min_reps),
            Self::Linear { .. } | Self::Rpe { .. } | Self::Waves { .. } => None,
        };
        let planned = past.planned_reps.iter();
        planned.map(move |reps| bottom.unwrap_or(*reps))
    }

    /// A weight that was noted in the other unit is no multiple of anything in this one.
    fn made_loadable(&self, mut advice: Advice) -> Advice {
        let step = self.step().min(waves::loadable(self.unit()));
        let rounded = |weight| match round_to(weight, step) {
            rounded if rounded > 0.0 => rounded,
            _ => hundredths(weight),
        };
        for set in &mut advice.sets {
            set.weight = rounded(set.weight);
        }
        advice.reason.next_weight = rounded(advice.reason.next_weight);
        advice
    }

    /// What is heavier than anything that can be planned was mistyped: the most is planned instead, and said so.
    fn within_bounds(&self, mut advice: Advice) -> Advice {
        let most = convert(WeightKg::MOST, WeightUnit::Kg, self.unit()).floor();
        for set in &mut advice.sets {
            if set.weight > most {
                set.weight = most;
                advice.reason.why = Why::TooHeavy;
                advice.reason.next_weight = most;
            }
        }
        advice
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
