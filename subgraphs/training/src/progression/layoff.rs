//! Back after a long break: with less than before.
//!
//! Strength holds for about four weeks without training and falls ever faster after that (Mujika and Padilla, "Detraining:
//! loss of training-induced physiological and performance adaptations", Sports Medicine 30(2) and 30(3), 2000, who part
//! short from long breaks at four weeks; Bosquet and others, "Effect of training cessation on muscular performance: a
//! meta-analysis", Scandinavian Journal of Medicine & Science in Sports 23, 2013). How much less to begin with is what
//! coaches commonly say: a tenth, and more after months.

use super::{Advice, Load, Past, Progression, TopSets, Why, all_with};

/// More days away are a long break.
pub(crate) const LONG_BREAK_DAYS: i32 = 28;

/// More days away than these, and by how many percent to begin lower; the longest first.
const BREAKS: [(i64, f64); 3] = [(182, 30.0), (84, 20.0), (LONG_BREAK_DAYS as i64, 10.0)];

/// A break that is long enough to begin lower.
#[derive(Debug, Clone, Copy)]
pub(super) struct Layoff {
    pub(super) days: i64,
    pub(super) percent: f64,
}

impl Layoff {
    /// A weight to begin again with.
    pub(super) fn eased(self, load: Load, weight: f64, step: f64) -> f64 {
        load.easier(weight, self.percent, step)
    }
}

pub(super) fn after(days: i64) -> Option<Layoff> {
    let of_length = BREAKS
        .into_iter()
        .find(|(longer_than, _)| days > *longer_than);
    of_length.map(|(_, percent)| Layoff { days, percent })
}

/// The planned repetitions with less weight than the last time.
pub(super) fn advise(
    progression: &Progression,
    past: Past<'_>,
    top: &TopSets,
    layoff: Layoff,
) -> Advice {
    let weight = layoff.eased(past.load, top.weight, progression.step());
    let why = Why::Layoff {
        days: past.days_since,
    };
    Advice {
        sets: all_with(progression.first_reps(past), weight),
        reason: top.why(why, progression.unit(), weight),
    }
}
