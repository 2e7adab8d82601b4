//! Weights in the unit that a person thinks in.

use setwise_graphql::WeightUnit;

use crate::refusal::Refusal;

/// Kilograms in one international avoirdupois pound, exact by the agreement of 1959.
pub(crate) const KG_PER_LB: f64 = 0.453_592_37;

/// A weight as it was entered: 0 to 10,000 kg or 22,046 lb, which is what a plan can ask for.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Weight {
    value: f64,
    unit: WeightUnit,
}

impl Weight {
    pub(crate) fn parse(value: f64, unit: WeightUnit) -> Result<Self, Refusal> {
        let max = match unit {
            WeightUnit::Kg => 10_000,
            WeightUnit::Lb => 22_046,
        };
        // A NaN is in no range.
        if (0.0..=f64::from(max)).contains(&value) {
            Ok(Self { value, unit })
        } else {
            Err(Refusal::out_of_range("weight", 0, max))
        }
    }

    pub(crate) fn value(self) -> f64 {
        self.value
    }

    pub(crate) fn unit(self) -> WeightUnit {
        self.unit
    }
}

/// The number to show in `shown` of a weight entered in `entered`: itself when the units agree, else converted and rounded to two digits.
pub(crate) fn convert(value: f64, entered: WeightUnit, shown: WeightUnit) -> f64 {
    match (entered, shown) {
        (WeightUnit::Kg, WeightUnit::Kg) | (WeightUnit::Lb, WeightUnit::Lb) => value,
        (WeightUnit::Kg, WeightUnit::Lb) => hundredths(value / KG_PER_LB),
        (WeightUnit::Lb, WeightUnit::Kg) => hundredths(value * KG_PER_LB),
    }
}

fn hundredths(number: f64) -> f64 {
    (number * 100.0).round() / 100.0
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn a_weight_in_its_own_unit_is_untouched(hundredths in 0_u32..2_500_000, pounds: bool) {
            let unit = if pounds { WeightUnit::Lb } else { WeightUnit::Kg };
            let entered = f64::from(hundredths) / 100.0;
            prop_assert_eq!(convert(entered, unit, unit).to_bits(), entered.to_bits());
        }

        #[test]
        fn pounds_come_back_from_kilograms(tenths in 0_u32..250_000) {
            let entered = f64::from(tenths) / 10.0;
            let shown = convert(entered * KG_PER_LB, WeightUnit::Kg, WeightUnit::Lb);
            prop_assert!((shown - entered).abs() < 1e-9);
        }

        #[test]
        fn a_conversion_is_off_by_at_most_half_a_hundredth(hundredths in 0_u32..1_000_000) {
            let entered = f64::from(hundredths) / 100.0;
            let shown = convert(entered, WeightUnit::Kg, WeightUnit::Lb);
            prop_assert!((shown * KG_PER_LB - entered).abs() <= 0.005 * KG_PER_LB + 1e-9);
        }
    }
}
