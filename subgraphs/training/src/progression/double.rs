//! Double progression: first repetitions, then weight.

use setwise_graphql::WeightUnit;

use super::{Advice, Past, TopSets, Why, all_with};

pub(super) fn advise(
    past: Past<'_>,
    top: &TopSets,
    (min_reps, max_reps): (i32, i32),
    step: f64,
    unit: WeightUnit,
) -> Advice {
    let sets = past.planned_reps.len();
    let (why, weight, reps) = if top.reached(std::iter::repeat_n(max_reps, sets)) {
        match past.load.harder(top.weight, step) {
            Some(weight) => (Why::RangeDone, weight, min_reps),
            None => (Why::NoneLeft, top.weight, max_reps),
        }
    } else if top.fewest_reps() < min_reps || top.reps.len() < sets {
        (Why::BelowRange, top.weight, min_reps)
    } else {
        let more = (top.fewest_reps() + 1).min(max_reps);
        (Why::WithinRange { reps: more }, top.weight, more)
    };
    Advice {
        sets: all_with(std::iter::repeat_n(reps, sets), weight),
        reason: top.why(why, unit, weight),
    }
}
