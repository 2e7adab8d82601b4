//! Kilograms and pounds.

use serde::{Deserialize, Serialize};

use crate::text::{Message, msg};

/// The international avoirdupois pound, exact by definition (1959).
const KG_PER_LB: f64 = 0.453_592_37;

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub(crate) enum WeightUnit {
    #[default]
    Kg,
    Lb,
}

impl WeightUnit {
    pub(crate) const ALL: [Self; 2] = [Self::Kg, Self::Lb];

    pub(crate) fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|unit| unit.code() == code)
    }

    /// As the graph and the forms write it.
    pub(crate) fn code(self) -> &'static str {
        match self {
            Self::Kg => "KG",
            Self::Lb => "LB",
        }
    }

    pub(crate) fn label(self) -> Message {
        match self {
            Self::Kg => msg("unit-kg"),
            Self::Lb => msg("unit-lb"),
        }
    }

    pub(crate) fn of_kg(self, weight_kg: f64) -> f64 {
        match self {
            Self::Kg => weight_kg,
            Self::Lb => weight_kg / KG_PER_LB,
        }
    }

    pub(crate) fn to_kg(self, weight: f64) -> f64 {
        match self {
            Self::Kg => weight,
            Self::Lb => weight * KG_PER_LB,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pounds_survive_the_way_through_kilograms() {
        for pounds in [0.0, 2.5, 45.0, 135.0, 405.0] {
            let there = WeightUnit::Lb.to_kg(pounds);
            assert!((WeightUnit::Lb.of_kg(there) - pounds).abs() < 1e-9);
        }
        assert!((WeightUnit::Lb.of_kg(100.0) - 220.462_262).abs() < 1e-6);
    }
}
