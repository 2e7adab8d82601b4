//! What is measured of a body, and in which units.

use serde::Deserialize;

use crate::{
    text::{Message, msg},
    unit::WeightUnit,
};

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub(super) enum Kind {
    #[default]
    BodyWeight,
    BodyFat,
    Neck,
    Shoulders,
    Chest,
    Waist,
    Hips,
    LeftUpperArm,
    RightUpperArm,
    LeftForearm,
    RightForearm,
    LeftThigh,
    RightThigh,
    LeftCalf,
    RightCalf,
}

impl Kind {
    pub(super) const ALL: [Self; 15] = [
        Self::BodyWeight,
        Self::BodyFat,
        Self::Neck,
        Self::Shoulders,
        Self::Chest,
        Self::Waist,
        Self::Hips,
        Self::LeftUpperArm,
        Self::RightUpperArm,
        Self::LeftForearm,
        Self::RightForearm,
        Self::LeftThigh,
        Self::RightThigh,
        Self::LeftCalf,
        Self::RightCalf,
    ];

    pub(super) fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.code() == code)
    }

    /// As the graph and the forms write it, and what people read.
    fn entry(self) -> (&'static str, Message) {
        match self {
            Self::BodyWeight => ("BODY_WEIGHT", msg("measure-weight")),
            Self::BodyFat => ("BODY_FAT", msg("measure-fat")),
            Self::Neck => ("NECK", msg("measure-neck")),
            Self::Shoulders => ("SHOULDERS", msg("measure-shoulders")),
            Self::Chest => ("CHEST", msg("measure-chest")),
            Self::Waist => ("WAIST", msg("measure-waist")),
            Self::Hips => ("HIPS", msg("measure-hips")),
            Self::LeftUpperArm => ("LEFT_UPPER_ARM", msg("measure-left-upper-arm")),
            Self::RightUpperArm => ("RIGHT_UPPER_ARM", msg("measure-right-upper-arm")),
            Self::LeftForearm => ("LEFT_FOREARM", msg("measure-left-forearm")),
            Self::RightForearm => ("RIGHT_FOREARM", msg("measure-right-forearm")),
            Self::LeftThigh => ("LEFT_THIGH", msg("measure-left-thigh")),
            Self::RightThigh => ("RIGHT_THIGH", msg("measure-right-thigh")),
            Self::LeftCalf => ("LEFT_CALF", msg("measure-left-calf")),
            Self::RightCalf => ("RIGHT_CALF", msg("measure-right-calf")),
        }
    }

    pub(super) fn code(self) -> &'static str {
        self.entry().0
    }

    pub(super) fn label(self) -> Message {
        self.entry().1
    }

    /// Its units, the one that a person who thinks in `weights` would take first.
    pub(super) fn units(self, weights: WeightUnit) -> &'static [Unit] {
        match (self, weights) {
            (Self::BodyWeight, WeightUnit::Kg) => &[Unit::Kg, Unit::Lb],
            (Self::BodyWeight, WeightUnit::Lb) => &[Unit::Lb, Unit::Kg],
            (Self::BodyFat, _) => &[Unit::Percent],
            (_, WeightUnit::Kg) => &[Unit::Cm, Unit::In],
            (_, WeightUnit::Lb) => &[Unit::In, Unit::Cm],
        }
    }

    /// The unit that a form names, if it fits.
    pub(super) fn unit_of(self, code: &str) -> Unit {
        let units = self.units(WeightUnit::Kg);
        let named = units.iter().find(|unit| unit.code() == code);
        *named.unwrap_or(&units[0])
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub(super) enum Unit {
    Kg,
    Lb,
    Cm,
    In,
    Percent,
}

impl Unit {
    pub(super) fn code(self) -> &'static str {
        match self {
            Self::Kg => "KG",
            Self::Lb => "LB",
            Self::Cm => "CM",
            Self::In => "IN",
            Self::Percent => "PERCENT",
        }
    }

    pub(super) fn label(self) -> Message {
        match self {
            Self::Kg => msg("unit-kg"),
            Self::Lb => msg("unit-lb"),
            Self::Cm => msg("unit-cm"),
            Self::In => msg("unit-in"),
            Self::Percent => msg("unit-percent"),
        }
    }

    /// What one of it is of the metric unit.
    pub(super) fn metric(self) -> f64 {
        match self {
            Self::Kg | Self::Cm | Self::Percent => 1.0,
            Self::Lb => WeightUnit::Lb.to_kg(1.0),
            Self::In => 2.54,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kinds_are_written_as_the_graph_writes_them() {
        for kind in Kind::ALL {
            let written = serde_json::Value::from(kind.code());
            assert_eq!(serde_json::from_value::<Kind>(written).unwrap(), kind);
        }
    }

    #[test]
    fn a_unit_that_does_not_fit_is_the_metric_one() {
        assert_eq!(Kind::Waist.unit_of("IN"), Unit::In);
        assert_eq!(Kind::Waist.unit_of("LB"), Unit::Cm);
        assert_eq!(Kind::BodyFat.unit_of("KG"), Unit::Percent);
    }
}
