//! Percentage waves: weeks of percentages of a training maximum, round after round.

use setwise_graphql::WeightUnit;

use super::{Advice, Load, Next, Past, Reason, WaveSet, Why, hundredths, layoff, round_to};

pub(super) fn advise(
    past: Past<'_>,
    weeks: &[Vec<WaveSet>],
    step: f64,
    unit: WeightUnit,
) -> Option<Advice> {
    // there is no maximum of an assistance
    if past.load == Load::Assistance {
        return None;
    }
    let count = u32::try_from(weeks.len()).ok().filter(|count| *count > 0)?;
    let (round, week) = (past.completed / count, past.completed % count);
    // a maximum that was eased once is not whole again before the next round
    let layoff = layoff::after(past.days_away.max(past.break_in_round));
    let whole = past.training_max? + f64::from(round) * step;
    let max = hundredths(whole * (1.0 - layoff.map_or(0.0, |layoff| layoff.percent) / 100.0));
    let sets: Vec<_> = weeks[week as usize]
        .iter()
        .map(|set| Next {
            reps: set.reps,
            weight: round_to(max * set.percent / 100.0, loadable(unit)),
            percent: Some(set.percent),
        })
        .collect();
    let top = sets.iter().copied().reduce(|heaviest, set| {
        if set.weight > heaviest.weight {
            set
        } else {
            heaviest
        }
    })?;
    let why = Why::Wave {
        week: week + 1,
        weeks: count,
        percent: top.percent.unwrap_or_default(),
        days_away: layoff.map(|layoff| layoff.days),
    };
    Some(Advice {
        reason: Reason {
            why,
            load: past.load,
            sets: sets.len(),
            reps: top.reps,
            weight: max,
            rpe: None,
            unit,
            next_weight: top.weight,
            next_reps: None,
        },
        sets,
    })
}

/// What a bar is loaded by, with the smallest plates that most gyms have.
pub(super) fn loadable(unit: WeightUnit) -> f64 {
    match unit {
        WeightUnit::Kg => 2.5,
        WeightUnit::Lb => 5.0,
    }
}
