//! What one set asks for or records: repetitions, weight, time, distance. The values exist only within their bounds.

mod plan;
mod weight;

use async_graphql::Enum;
use setwise_graphql::WeightUnit;

use crate::refusal::Refusal;

pub(crate) use plan::{
    Percent, PlanDetails, PlanDetailsChange, RestSeconds, Rpe, SetKind, reps_in_reserve,
};
pub(crate) use weight::{KG_PER_LB, Weight, convert};

/// What a set is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Enum, sqlx::Type)]
#[sqlx(type_name = "text", rename_all = "lowercase")]
pub enum SetType {
    /// Repetitions with one's own body.
    Reps,
    /// Repetitions with a weight.
    Weight,
    /// Holding or moving for a time.
    Time,
}

impl SetType {
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Reps => "reps",
            Self::Weight => "weight",
            Self::Time => "time",
        }
    }

    /// What a set is about when nobody said so.
    fn of(reps: Option<Reps>, has_weight: bool, time: Option<Seconds>) -> Self {
        match (reps, has_weight, time) {
            (None, false, Some(_)) => Self::Time,
            (Some(_), false, _) => Self::Reps,
            _ => Self::Weight,
        }
    }
}

/// Repetitions of one set: 1 to 10,000.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Reps(i32);

impl Reps {
    const MAX: i32 = 10_000;

    pub(crate) fn parse(reps: i32) -> Result<Self, Refusal> {
        match reps {
            1..=Self::MAX => Ok(Self(reps)),
            _ => Err(Refusal::out_of_range("reps", 1, Self::MAX)),
        }
    }

    pub(crate) fn parse_max(reps: i32) -> Result<Self, Refusal> {
        match reps {
            1..=Self::MAX => Ok(Self(reps)),
            _ => Err(Refusal::out_of_range("maxReps", 1, Self::MAX)),
        }
    }

    pub(crate) fn get(self) -> i32 {
        self.0
    }
}

/// A planned weight in kilograms: 0 to 10,000.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct WeightKg(f64);

impl WeightKg {
    const MAX: i32 = 10_000;
    /// What plans and logs keep within.
    pub(crate) const MOST: f64 = Self::MAX as f64;

    pub(crate) fn parse(kilograms: f64) -> Result<Self, Refusal> {
        // A NaN is in no range.
        if (0.0..=f64::from(Self::MAX)).contains(&kilograms) {
            Ok(Self(kilograms))
        } else {
            Err(Refusal::out_of_range("weightKg", 0, Self::MAX))
        }
    }

    /// What was reckoned from other weights, kept within the bounds.
    pub(crate) fn capped(kilograms: f64) -> Self {
        let number = if kilograms.is_nan() { 0.0 } else { kilograms };
        Self(number.clamp(0.0, Self::MOST))
    }

    pub(crate) fn get(self) -> f64 {
        self.0
    }
}

/// A time in seconds: from a millisecond to a week.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Seconds(f64);

impl Seconds {
    const MAX: i32 = 7 * 24 * 60 * 60;

    pub(crate) fn parse(seconds: f64) -> Result<Self, Refusal> {
        if (0.001..=f64::from(Self::MAX)).contains(&seconds) {
            Ok(Self(seconds))
        } else {
            Err(Refusal::not_positive("timeSeconds", Self::MAX))
        }
    }

    pub(crate) fn get(self) -> f64 {
        self.0
    }
}

/// A distance in metres: from a millimetre to a thousand kilometres.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Meters(f64);

impl Meters {
    const MAX: i32 = 1_000_000;

    pub(crate) fn parse(meters: f64) -> Result<Self, Refusal> {
        if (0.001..=f64::from(Self::MAX)).contains(&meters) {
            Ok(Self(meters))
        } else {
            Err(Refusal::not_positive("distanceMeters", Self::MAX))
        }
    }

    pub(crate) fn get(self) -> f64 {
        self.0
    }
}

/// A set as a routine plans it or a workout expects it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct PlannedSet {
    pub(crate) set_type: SetType,
    pub(crate) reps: Option<Reps>,
    pub(crate) weight: Option<WeightKg>,
    pub(crate) time: Option<Seconds>,
    pub(crate) details: PlanDetails,
}

impl PlannedSet {
    pub(crate) fn parse(
        set_type: SetType,
        reps: Option<i32>,
        weight_kg: Option<f64>,
        time_seconds: Option<f64>,
    ) -> Result<Self, Refusal> {
        Ok(Self {
            set_type,
            reps: reps.map(Reps::parse).transpose()?,
            weight: weight_kg.map(WeightKg::parse).transpose()?,
            time: time_seconds.map(Seconds::parse).transpose()?,
            details: PlanDetails::default(),
        })
    }
}

/// A set as it was done. It measures at least one thing.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct PerformedSet {
    pub(crate) set_type: SetType,
    pub(crate) reps: Option<Reps>,
    pub(crate) weight: Option<Weight>,
    pub(crate) time: Option<Seconds>,
    pub(crate) distance: Option<Meters>,
    pub(crate) kind: SetKind,
    pub(crate) rpe: Option<Rpe>,
}

/// The numbers of a set as a person entered them, the weight in `weight_unit`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct SetEntry {
    pub(crate) set_type: Option<SetType>,
    pub(crate) reps: Option<i32>,
    pub(crate) weight: Option<f64>,
    pub(crate) weight_unit: WeightUnit,
    pub(crate) time_seconds: Option<f64>,
    pub(crate) distance_meters: Option<f64>,
    pub(crate) kind: SetKind,
    pub(crate) rpe: Option<f64>,
}

impl PerformedSet {
    pub(crate) fn parse(entry: SetEntry) -> Result<Self, Refusal> {
        let reps = entry.reps.map(Reps::parse).transpose()?;
        let weight = entry
            .weight
            .map(|weight| Weight::parse(weight, entry.weight_unit))
            .transpose()?;
        let time = entry.time_seconds.map(Seconds::parse).transpose()?;
        let distance = entry.distance_meters.map(Meters::parse).transpose()?;
        if reps.is_none() && weight.is_none() && time.is_none() && distance.is_none() {
            return Err(Refusal::NothingMeasured);
        }
        let set_type = entry
            .set_type
            .unwrap_or_else(|| SetType::of(reps, weight.is_some(), time));
        Ok(Self {
            set_type,
            reps,
            weight,
            time,
            distance,
            kind: entry.kind,
            rpe: entry.rpe.map(Rpe::parse).transpose()?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const EMPTY: SetEntry = SetEntry {
        set_type: None,
        reps: None,
        weight: None,
        weight_unit: WeightUnit::Kg,
        time_seconds: None,
        distance_meters: None,
        kind: SetKind::Normal,
        rpe: None,
    };

    #[test]
    fn values_keep_within_their_bounds() {
        assert!(Reps::parse(1).is_ok());
        assert!(Reps::parse(0).is_err());
        assert!(Reps::parse(-3).is_err());
        assert!(Reps::parse(10_001).is_err());
        assert!(WeightKg::parse(0.0).is_ok());
        assert!(WeightKg::parse(-0.5).is_err());
        assert!(Seconds::parse(0.0).is_err());
        assert!(Seconds::parse(1.5).is_ok());
        assert!(Meters::parse(0.0).is_err());
        // what can be logged can be planned
        for (most, unit) in [(10_000.0, WeightUnit::Kg), (22_046.0, WeightUnit::Lb)] {
            assert!(Weight::parse(most, unit).is_ok());
            assert!(Weight::parse(most + 1.0, unit).is_err());
            let kilograms = convert(most, unit, WeightUnit::Kg);
            assert!(WeightKg::parse(kilograms).is_ok());
        }
        assert!(WeightKg::capped(25_000.0).get() <= WeightKg::MOST);
        assert!(WeightKg::parse(WeightKg::capped(f64::NAN).get()).is_ok());
        for unreal in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY, 1e300] {
            assert!(WeightKg::parse(unreal).is_err());
            assert!(Weight::parse(unreal, WeightUnit::Lb).is_err());
            assert!(Seconds::parse(unreal).is_err());
            assert!(Meters::parse(unreal).is_err());
        }
    }

    #[test]
    fn a_set_measures_something() {
        assert_eq!(PerformedSet::parse(EMPTY), Err(Refusal::NothingMeasured));
    }

    #[test]
    fn the_type_follows_from_what_is_given() {
        let type_of = |entry| PerformedSet::parse(entry).map(|set| set.set_type);
        let timed = SetEntry {
            time_seconds: Some(60.0),
            ..EMPTY
        };
        let bodyweight = SetEntry {
            reps: Some(8),
            ..EMPTY
        };
        let weighted = SetEntry {
            weight: Some(60.0),
            ..bodyweight
        };
        let told = SetEntry {
            set_type: Some(SetType::Time),
            ..weighted
        };
        assert_eq!(type_of(timed), Ok(SetType::Time));
        assert_eq!(type_of(bodyweight), Ok(SetType::Reps));
        assert_eq!(type_of(weighted), Ok(SetType::Weight));
        assert_eq!(type_of(told), Ok(SetType::Time));
    }
}
