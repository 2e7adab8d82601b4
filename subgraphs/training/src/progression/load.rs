//! What the weight of a set does, and the sets of a session that a progression goes by.

use serde::{Deserialize, Serialize};
use setwise_graphql::WeightUnit;

use super::{Done, Past, Reason, Why, floor_to, hundredths, round_to};

/// What the weight of a set does.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Load {
    /// It is lifted: more is harder.
    #[default]
    Weight,
    /// It is taken off one's own: less is harder.
    Assistance,
    /// It is added to one's own body, if there is any.
    Bodyweight,
}

impl Load {
    /// A step harder; none when nothing is left to take off.
    pub(super) fn harder(self, weight: f64, step: f64) -> Option<f64> {
        match self {
            Self::Weight | Self::Bodyweight => Some(hundredths(weight + step)),
            Self::Assistance => (weight > 0.0).then(|| hundredths((weight - step).max(0.0))),
        }
    }

    /// Easier by a share in percent, in steps: for assistance at least one step, for a weight down to the next below, which
    /// beside one's own body may be nothing.
    pub(super) fn easier(self, weight: f64, percent: f64, step: f64) -> f64 {
        match self {
            Self::Bodyweight => floor_to(weight * (1.0 - percent / 100.0), step).max(0.0),
            Self::Weight => {
                let less = floor_to(weight * (1.0 - percent / 100.0), step);
                // what is not even a step cannot be taken off
                if less > 0.0 { less } else { weight }
            }
            Self::Assistance => {
                let more = round_to(weight * percent / 100.0, step);
                hundredths(weight + more.max(step))
            }
        }
    }
}

/// The hardest sets of a session by their weight, as many of them as are planned, the best: what a progression goes by.
/// Easier ones are back-off sets, and what was done beyond the plan takes nothing away.
pub(super) struct TopSets {
    pub(super) weight: f64,
    /// From the most to the fewest.
    pub(super) reps: Vec<i32>,
    /// Of the hardest of them, where one was noted.
    pub(super) rpe: Option<f64>,
    load: Load,
}

impl TopSets {
    /// A heavy single, or whatever else harder is for at most half the planned repetitions, is beyond a plan that was done
    /// beside it: nobody should repeat it for all of them.
    pub(super) fn of(past: Past<'_>, session: &[Done], planned: &[i32]) -> Option<Self> {
        let hardest = Self::hardest(past, session)?;
        let fewest = planned.iter().copied().min().unwrap_or(0);
        let is_beyond = |reps: i32| reps <= fewest / 2;
        if !hardest.reps.iter().all(|reps| is_beyond(*reps)) {
            return Some(hardest);
        }
        let others = session.iter().filter(|set| !is_beyond(set.reps));
        let others: Vec<Done> = others.copied().collect();
        let as_planned = Self::hardest(past, &others);
        let as_planned = as_planned.filter(|top| top.reached(planned.iter().copied()));
        Some(as_planned.unwrap_or(hardest))
    }

    fn hardest(past: Past<'_>, session: &[Done]) -> Option<Self> {
        let weights = session.iter().map(|set| set.weight);
        let weight = match past.load {
            Load::Weight | Load::Bodyweight => weights.reduce(f64::max),
            Load::Assistance => weights.reduce(f64::min),
        }?;
        let is_top = |set: &&Done| (set.weight - weight).abs() < 0.005;
        let mut top: Vec<Done> = session.iter().filter(is_top).copied().collect();
        top.sort_by_key(|set| std::cmp::Reverse(set.reps));
        top.truncate(past.planned_reps.len().max(1));
        Some(Self {
            weight,
            reps: top.iter().map(|set| set.reps).collect(),
            rpe: top.iter().filter_map(|set| set.rpe).reduce(f64::max),
            load: past.load,
        })
    }

    /// Whether as many sets as planned reached their repetitions, in whatever order.
    pub(super) fn reached(&self, planned: impl Iterator<Item = i32>) -> bool {
        let mut planned: Vec<i32> = planned.collect();
        planned.sort_unstable_by(|a, b| b.cmp(a));
        let mut pairs = self.reps.iter().zip(&planned);
        self.reps.len() >= planned.len() && pairs.all(|(done, wanted)| done >= wanted)
    }

    pub(super) fn fewest_reps(&self) -> i32 {
        self.reps.last().copied().unwrap_or(0)
    }

    pub(super) fn why(&self, why: Why, unit: WeightUnit, next_weight: f64) -> Reason {
        Reason {
            why,
            load: self.load,
            sets: self.reps.len(),
            reps: self.fewest_reps(),
            weight: self.weight,
            rpe: self.rpe,
            unit,
            next_weight,
            next_reps: None,
        }
    }
}
