//! By RPE: the weight whose planned repetitions should feel as hard as is aimed for.

use setwise_graphql::WeightUnit;

use super::{
    Advice, Load, Past, TopSets, Why, all_with, floor_to, hundredths, round_to,
    transfer::load_factor,
};

/// A weight moves by at most this share at once: a wrong note must not hurt anyone.
const MOST_CHANGE: f64 = 0.1;
/// From which difference in RPE on an assistance moves: its share of what is lifted is not known.
const NOTICEABLE: f64 = 1.0;

pub(super) fn advise(
    past: Past<'_>,
    top: &TopSets,
    target_rpe: f64,
    step: f64,
    unit: WeightUnit,
) -> Option<Advice> {
    let reps = past.planned_reps.first().copied()?;
    let (why, weight) = match (top.rpe, past.load) {
        (None, _) => (Why::NoRpe, top.weight),
        (Some(rpe), Load::Assistance) => {
            let weight = assistance(top.weight, rpe - target_rpe, step);
            (Why::ByRpe { target: target_rpe }, weight)
        }
        (Some(rpe), Load::Weight | Load::Bodyweight) => {
            let max = top.weight * load_factor(top.fewest_reps(), 10.0 - rpe);
            let weight = near(top.weight, max / load_factor(reps, 10.0 - target_rpe), step);
            (Why::ByRpe { target: target_rpe }, weight)
        }
    };
    Some(Advice {
        sets: all_with(past.planned_reps.iter().copied(), weight),
        reason: top.why(why, unit, weight),
    })
}

/// The multiple of a step that is nearest to what is wanted, within what a weight may move by.
fn near(weight: f64, wanted: f64, step: f64) -> f64 {
    let (least, most) = (weight * (1.0 - MOST_CHANGE), weight * (1.0 + MOST_CHANGE));
    let wanted = wanted.clamp(least, most);
    let below = floor_to(wanted, step);
    let multiples = [round_to(wanted, step), below, hundredths(below + step)];
    let is_near = |weight: &f64| (least - 0.005..=most + 0.005).contains(weight);
    // a step may be more than a tenth: then the weight stays
    multiples.into_iter().find(is_near).unwrap_or(weight)
}

/// An assistance that was too hard or too easy, a step the other way.
fn assistance(weight: f64, too_hard: f64, step: f64) -> f64 {
    let load = Load::Assistance;
    if too_hard >= NOTICEABLE {
        load.easier(weight, 0.0, step)
    } else if too_hard <= -NOTICEABLE {
        load.harder(weight, step).unwrap_or(weight)
    } else {
        weight
    }
}
