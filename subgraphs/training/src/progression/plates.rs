//! Plates for a bar: which to put on each side.

use std::num::NonZero;

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

/// Plates of one size that one side can have.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Size {
    weight: usize,
    count: u16,
}

/// The heaviest loading that is not above `weight`, in the fewest plates. `rack` names each plate with how many there are:
/// the two sides need one each. All in one unit. None when the bar alone is heavier.
///
/// It takes time and memory in proportion to sizes × half the weight in hundredths, at worst: the caller bounds them.
pub(crate) fn plates(weight: f64, bar: f64, rack: &[(f64, i32)]) -> Option<Loading> {
    let (wanted, bar) = (hundredths(weight), hundredths(bar));
    let side = wanted.checked_sub(bar)? / 2;
    let mut sizes: Vec<Size> = rack
        .iter()
        .map(|&(plate, count)| Size {
            weight: hundredths(plate),
            count: u16::try_from(count / 2).unwrap_or(0),
        })
        .filter(|size| (1..=side).contains(&size.weight) && size.count > 0)
        .collect();
    sizes.sort_unstable_by(|a, b| b.cmp(a));
    let per_side = fewest_plates(side, &sizes);
    let total = bar + 2 * per_side.iter().sum::<usize>();
    Some(Loading {
        per_side: per_side.into_iter().map(units).collect(),
        weight: units(total),
        left: units(wanted - total),
    })
}

/// The plates of the greatest sum up to `limit`: the fewest that make it, and of those the ones of which the heaviest are
/// heavier. The heaviest plates come first, in `sizes` and in the answer.
fn fewest_plates(limit: usize, sizes: &[Size]) -> Vec<usize> {
    // only multiples of what divides every plate are sums of plates
    let unit = sizes.iter().fold(0, |unit, size| gcd(unit, size.weight));
    let Some(unit) = NonZero::new(unit) else {
        return Vec::new();
    };
    let limit = limit / unit;
    // for each size, what it and the lighter ones take for each sum
    let mut tables = vec![vec![IMPOSSIBLE; limit + 1]];
    tables[0][0] = 0;
    for size in sizes.iter().rev() {
        let lighter = &tables[tables.len() - 1];
        tables.push(with_size(lighter, size.weight / unit, size.count));
    }
    let is_possible = |count: &u16| *count != IMPOSSIBLE;
    let all = &tables[tables.len() - 1];
    let mut sum = all.iter().rposition(is_possible).unwrap_or(0);
    let mut used = Vec::new();
    for (place, size) in sizes.iter().enumerate() {
        let (here, lighter) = (
            &tables[sizes.len() - place],
            &tables[sizes.len() - place - 1],
        );
        let step = size.weight / unit;
        let makes = |count: &u16| {
            let rest = sum.checked_sub(usize::from(*count) * step);
            rest.is_some_and(|rest| lighter[rest].saturating_add(*count) == here[sum])
        };
        let count = (0..=size.count).rev().find(makes).unwrap_or(0);
        sum -= usize::from(count) * step;
        used.extend(std::iter::repeat_n(size.weight, usize::from(count)));
    }
    used
}

/// No plates make the sum.
const IMPOSSIBLE: u16 = u16::MAX;

/// How many plates each sum takes with up to `count` plates of a weight more.
fn with_size(lighter: &[u16], weight: usize, count: u16) -> Vec<u16> {
    let mut with = lighter.to_vec();
    for more in 1..=count {
        let offset = usize::from(more) * weight;
        let Some(sums) = with.get_mut(offset..) else {
            break;
        };
        for (sum, rest) in sums.iter_mut().zip(lighter) {
            *sum = rest.saturating_add(more).min(*sum);
        }
    }
    with
}

fn gcd(a: usize, b: usize) -> usize {
    if b == 0 { a } else { gcd(b, a % b) }
}

/// Whole hundredths, in which sums are exact: no plate is finer.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "weights are bounded where they are read"
)]
fn hundredths(weight: f64) -> usize {
    (weight.max(0.0) * 100.0).round() as usize
}

#[expect(clippy::cast_precision_loss, reason = "far below 2^53")]
fn units(hundredths: usize) -> f64 {
    hundredths as f64 / 100.0
}
