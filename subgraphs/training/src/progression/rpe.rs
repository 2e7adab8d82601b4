//! By RPE: the weight whose planned repetitions should feel as hard as is aimed for.

use setwise_graphql::WeightUnit;

use super::{Advice, Past, TopSets, Why, all_with, floor_to, hundredths, round_to};

/// A weight moves by at most this share at once: a wrong note must not hurt anyone.
const MOST_CHANGE: f64 = 0.1;

pub(super) fn advise(
    past: Past<'_>,
    target_rpe: f64,
    step: f64,
    unit: WeightUnit,
) -> Option<Advice> {
    let top = TopSets::of(past.sessions.first()?)?;
    let reps = past.planned_reps.first().copied()?;
    let (why, weight) = match top.rpe {
        None => (Why::NoRpe, top.weight),
        Some(rpe) => {
            let max = one_rep_max(top.weight, top.fewest_reps(), rpe);
            let (least, most) = (
                top.weight * (1.0 - MOST_CHANGE),
                top.weight * (1.0 + MOST_CHANGE),
            );
            let wanted = (max / load_factor(reps, target_rpe)).clamp(least, most);
            let below = floor_to(wanted, step);
            let multiples = [round_to(wanted, step), below, hundredths(below + step)];
            let is_near = |weight: &f64| (least - 0.005..=most + 0.005).contains(weight);
            // a step may be more than a tenth: then the weight stays
            let weight = multiples.into_iter().find(is_near).unwrap_or(top.weight);
            (Why::ByRpe { target: target_rpe }, weight)
        }
    };
    Some(Advice {
        sets: all_with(past.planned_reps.iter().copied(), weight),
        reason: top.why(why, unit, weight),
    })
}

/// The weight of one repetition, by Epley's formula, with the repetitions in reserve counted as if they had been done.
fn one_rep_max(weight: f64, reps: i32, rpe: f64) -> f64 {
    weight * load_factor(reps, rpe)
}

/// 1 + repetitions / 30 (Epley, 1985).
fn load_factor(reps: i32, rpe: f64) -> f64 {
    1.0 + (f64::from(reps) + 10.0 - rpe) / 30.0
}
