//! Warm-up sets: from the empty bar towards the working weight, fewer repetitions each.

use setwise_graphql::WeightUnit;

use super::{hundredths, round_to, waves::loadable};

/// Shares of the working weight with the repetitions to do there.
const RAMP: [(f64, i32); 3] = [(0.5, 5), (0.7, 3), (0.85, 2)];
const BAR_REPS: i32 = 10;

/// A warm-up set, the weight in the unit that was asked in.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct WarmUpSet {
    pub(crate) weight: f64,
    pub(crate) reps: i32,
}

/// Sets of rising weight between the empty bar and the working weight; none when the bar is the working weight.
pub(crate) fn warm_up(weight: f64, bar: f64, unit: WeightUnit) -> Vec<WarmUpSet> {
    let mut sets = Vec::new();
    if weight <= bar {
        return sets;
    }
    sets.push(WarmUpSet {
        weight: hundredths(bar),
        reps: BAR_REPS,
    });
    for (share, reps) in RAMP {
        let weight_here = round_to(weight * share, loadable(unit));
        let is_above = sets.last().is_none_or(|last| weight_here > last.weight);
        if is_above && weight_here < weight {
            sets.push(WarmUpSet {
                weight: weight_here,
                reps,
            });
        }
    }
    sets
}
