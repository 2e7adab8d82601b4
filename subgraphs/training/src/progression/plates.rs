//! Plates for a bar: which to put on each side.

use std::{cmp::Reverse, collections::BTreeMap};

/// The plates on each side of a bar.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Loading {
    /// For one side, the heaviest first.
    pub(crate) per_side: Vec<f64>,
    /// Bar and plates together.
    pub(crate) weight: f64,
    /// What is missing to the weight that was asked for; zero when it is met exactly.
    pub(crate) left: f64,
}

/// The heaviest loading that is not above `weight`, in the fewest plates. `rack` names each plate with how many there are:
/// the two sides need one each. All in one unit. None when the bar alone is heavier.
pub(crate) fn plates(weight: f64, bar: f64, rack: &[(f64, i32)]) -> Option<Loading> {
    let (wanted, bar) = (hundredths(weight), hundredths(bar));
    let side = wanted.checked_sub(bar)? / 2;
    let mut pairs: Vec<(u64, usize)> = rack
        .iter()
        .map(|&(plate, count)| (hundredths(plate), usize::try_from(count / 2).unwrap_or(0)))
        .filter(|(plate, pairs)| *plate > 0 && *pairs > 0)
        .collect();
    pairs.sort_unstable_by(|a, b| b.cmp(a));
    let (loaded, per_side) = fewest_plates(side, &pairs).into_iter().next_back()?;
    let total = bar + 2 * loaded;
    Some(Loading {
        per_side: per_side.into_iter().map(units).collect(),
        weight: units(total),
        left: units(wanted - total),
    })
}

/// Every sum up to `limit` that the plates make, each with the fewest plates that make it. The heaviest plates come first,
/// in `pairs` and in the answer.
fn fewest_plates(limit: u64, pairs: &[(u64, usize)]) -> BTreeMap<u64, Vec<u64>> {
    let mut sums = BTreeMap::from([(0, Vec::new())]);
    for &(plate, count) in pairs {
        let before: Vec<_> = sums
            .iter()
            .map(|(sum, used)| (*sum, used.clone()))
            .collect();
        for (sum, used) in before {
            let mut used: Vec<u64> = used;
            for more in 1..=count as u64 {
                let sum = sum + more * plate;
                if sum > limit {
                    break;
                }
                used.push(plate);
                // fewer plates, or as many of which the heaviest are heavier
                let rank = |plates: &Vec<u64>| (plates.len(), Reverse(plates.clone()));
                let is_better = sums.get(&sum).is_none_or(|known| rank(&used) < rank(known));
                if is_better {
                    sums.insert(sum, used.clone());
                }
            }
        }
    }
    sums
}

/// Whole hundredths, in which sums are exact: no plate is finer.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "weights are bounded where they are read"
)]
fn hundredths(weight: f64) -> u64 {
    (weight.max(0.0) * 100.0).round() as u64
}

#[expect(clippy::cast_precision_loss, reason = "far below 2^53")]
fn units(hundredths: u64) -> f64 {
    hundredths as f64 / 100.0
}
