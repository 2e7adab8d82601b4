//! With nothing but one's own body: repetitions grow, and then there is more to do than repeat.

use super::{Advice, Past, Progression, TopSets, Why, all_with, layoff};

/// Past so many repetitions a set trains endurance rather than strength (American College of Sports Medicine, "Progression
/// models in resistance training for healthy adults", Medicine & Science in Sports & Exercise 41(3), 2009, which has
/// strength and size below and light loads of 15 and more for endurance).
const MOST_REPS: i32 = 20;

pub(super) fn advise(progression: &Progression, past: Past<'_>, top: &TopSets) -> Advice {
    let planned = || progression.first_reps(past);
    let fewest = top.fewest_reps();
    let sets = past.planned_reps.len();
    let most = match progression {
        Progression::Double { max_reps, .. } => *max_reps,
        Progression::Linear { .. } | Progression::Rpe { .. } | Progression::Waves { .. } => {
            planned().max().unwrap_or_default().max(MOST_REPS)
        }
    };
    let same = || std::iter::repeat_n(fewest, sets);
    let (why, reps): (Why, Vec<i32>) = if let Some(layoff) = layoff::after(past.days_away) {
        let reps = fewer(fewest, layoff.percent);
        let days = past.days_since;
        (Why::Layoff { days }, vec![reps; sets])
    } else if !top.reached(planned()) {
        (Why::BelowPlan, planned().collect())
    } else if let Progression::Rpe { target_rpe, .. } = progression {
        let target = *target_rpe;
        let by_rpe = Why::ByRpe {
            target,
            is_least: false,
        };
        match top.rpe {
            None => (Why::NoRpe, same().collect()),
            Some(rpe) => {
                let reps = moved(fewest, target - rpe).min(most);
                (by_rpe, vec![reps; sets])
            }
        }
    } else if fewest >= most {
        let step = progression.step();
        (Why::EnoughReps { step }, vec![most; sets])
    } else {
        (Why::MoreReps, vec![fewest + 1; sets])
    };
    let mut reason = top.why(why, progression.unit(), 0.0);
    reason.next_reps = reps.iter().copied().min();
    Advice {
        sets: all_with(reps.into_iter(), 0.0),
        reason,
    }
}

/// By a share in percent, at least one.
#[expect(
    clippy::cast_possible_truncation,
    reason = "repetitions are at most 10,000"
)]
fn fewer(reps: i32, percent: f64) -> i32 {
    let left = f64::from(reps) * (1.0 - percent / 100.0);
    (left.floor() as i32).max(1)
}

/// By what was left in reserve beyond what should be, at most a tenth at once but a repetition in any case.
#[expect(clippy::cast_possible_truncation, reason = "an RPE is at most 10")]
fn moved(reps: i32, by: f64) -> i32 {
    let most = (reps / 10).max(1);
    (reps + (by.trunc() as i32).clamp(-most, most)).max(1)
}
