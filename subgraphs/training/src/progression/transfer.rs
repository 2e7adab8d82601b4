//! From what was done elsewhere, with other repetitions, to what a routine plans: by the estimated one-repetition maximum.

use chrono::NaiveDate;

use super::{
    Advice, Done, Load, Past, Progression, Reason, TopSets, Why, all_with, floor_to, hundredths,
    layoff,
};

/// An estimate from more repetitions is too high (see [`crate::record::one_rep_max`]): more count as so many.
const MOST_REPS: i32 = crate::record::one_rep_max::MAX_REPS;

/// How many times the weight of a set the one-repetition maximum is: 1 + repetitions / 30, with those in reserve counted
/// as done, and 1 for a single with none in reserve (Boyd Epley, "Poundage Chart", Boyd Epley Workout, 1985).
pub(super) fn load_factor(reps: i32, in_reserve: f64) -> f64 {
    let reps = f64::from(reps) + in_reserve;
    if reps <= 1.0 { 1.0 } else { 1.0 + reps / 30.0 }
}

/// The weight with which the planned repetitions should be as many as can be done, less those to leave in reserve where
/// the routine says how many; down to a multiple of the progression's step. What one's own body has a share in predicts
/// no maximum: it is taken over when it meets the plan.
pub(super) fn advise(
    progression: &Progression,
    past: Past<'_>,
    top: &TopSets,
    day: NaiveDate,
) -> Option<Advice> {
    let session = past.sessions.first()?;
    let layoff = layoff::after(past.days_away);
    if past.load != Load::Weight {
        let planned = || progression.first_reps(past);
        let weight = match layoff {
            Some(layoff) => layoff.eased(past.load, top.weight, progression.step()),
            None => top.weight,
        };
        return top.reached(planned()).then(|| Advice {
            sets: all_with(planned(), weight),
            reason: top.why(Why::Elsewhere { day }, progression.unit(), weight),
        });
    }
    let most = progression.first_reps(past).max()?;
    let (best, max) = session
        .iter()
        .map(|set| (set, one_rep_max(set, most)))
        .max_by(|(_, one), (_, other)| one.total_cmp(other))?;
    let percent = layoff.map_or(0.0, |layoff| layoff.percent);
    let planned_rpe = match progression {
        Progression::Rpe { target_rpe, .. } => Some(*target_rpe),
        Progression::Double { .. } | Progression::Linear { .. } | Progression::Waves { .. } => {
            past.planned_rpe
        }
    };
    let in_reserve = planned_rpe.map_or(0.0, |rpe| 10.0 - rpe);
    let wanted = max * (1.0 - percent / 100.0) / load_factor(most, in_reserve);
    let weight = match floor_to(wanted, progression.step()) {
        weight if weight > 0.0 => weight,
        _ => hundredths(wanted),
    };
    let sets = all_with(progression.first_reps(past), weight);
    Some(Advice {
        reason: Reason {
            why: Why::Estimated {
                day,
                max: hundredths(max),
                sets: sets.len(),
                reps: sets.iter().map(|set| set.reps).min()?,
                percent_off: percent,
            },
            load: past.load,
            sets: 1,
            reps: best.reps,
            weight: best.weight,
            rpe: best.rpe,
            unit: progression.unit(),
            next_weight: weight,
            next_reps: None,
        },
        sets,
    })
}

/// By a set, for a plan of at most so many repetitions.
fn one_rep_max(set: &Done, planned: i32) -> f64 {
    let reps = set.reps.min(planned.max(MOST_REPS));
    set.weight * load_factor(reps, set.rpe.map_or(0.0, |rpe| 10.0 - rpe))
}
