//! By RPE: the weight whose planned repetitions should feel as hard as is aimed for.

use setwise_graphql::WeightUnit;

use super::{
    Advice, Load, Past, TopSets, Why, all_with, floor_to, hundredths, round_to,
    transfer::load_factor,
};

/// A weight moves by at most this share at once: a wrong note must not hurt anyone.
const MOST_CHANGE: f64 = 0.1;
/// A single step may be more than that, but no more than this share.
const MOST_STEP: f64 = 0.25;
/// From which difference in RPE on a weight is too light although the next is more than a tenth above, and too
/// heavy although the one below is more than a tenth less, which hurts nobody.
const CLEARLY_LIGHT: f64 = 3.0;
const CLEARLY_HEAVY: f64 = 2.0;
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
    let by_rpe = |is_least| Why::ByRpe {
        target: target_rpe,
        is_least,
    };
    let (why, weight) = match (top.rpe, past.load) {
        (None, _) => (Why::NoRpe, top.weight),
        (Some(rpe), Load::Assistance) => {
            let weight = assistance(top.weight, rpe - target_rpe, step);
            (by_rpe(false), weight)
        }
        (Some(rpe), Load::Weight | Load::Bodyweight) => {
            let max = top.weight * load_factor(top.fewest_reps(), 10.0 - rpe);
            let wanted = max / load_factor(reps, 10.0 - target_rpe);
            let weight = near(top.weight, wanted, step);
            match least_step(top.weight, wanted, rpe - target_rpe, step) {
                Some(moved) if is_same(weight, top.weight) => (by_rpe(true), moved),
                _ => (by_rpe(false), weight),
            }
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
    multiples.into_iter().find(is_near).unwrap_or(weight)
}

/// A step may be more than a tenth of a weight, which would never move: it does when it clearly should, by one step that is
/// no more than a quarter of it.
fn least_step(weight: f64, wanted: f64, too_hard: f64, step: f64) -> Option<f64> {
    let (above, below) = (floor_to(weight, step) + step, floor_to(weight - 0.01, step));
    let is_up = wanted > weight;
    let is_nearer = (wanted - weight).abs() >= step / 2.0;
    let is_clear = if is_up {
        too_hard <= -CLEARLY_LIGHT
    } else {
        too_hard >= CLEARLY_HEAVY
    };
    let moved = hundredths(if is_up { above } else { below });
    let is_small = (moved - weight).abs() <= weight * MOST_STEP + 0.005;
    let is_wanted = (is_nearer || is_clear) && !is_same(wanted, weight);
    (is_wanted && is_small && moved > 0.0 && step > 0.0).then_some(moved)
}

fn is_same(weight: f64, other: f64) -> bool {
    (weight - other).abs() < 0.005
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
