//! What a plan says of a set beyond its numbers: its kind, a range, a share of the training maximum, effort and rest.

use async_graphql::{Enum, MaybeUndefined};

use super::Reps;
use crate::refusal::Refusal;

/// What a set is for.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Enum, sqlx::Type)]
#[sqlx(type_name = "text", rename_all = "snake_case")]
pub enum SetKind {
    /// A working set.
    #[default]
    Normal,
    /// A lighter set before the working sets.
    WarmUp,
    /// A lighter set straight after another, without rest.
    Drop,
    /// As many repetitions as can be done.
    ToFailure,
    /// As much as can be done in a time.
    Timed,
}

impl SetKind {
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Normal => "normal",
            Self::WarmUp => "warm_up",
            Self::Drop => "drop",
            Self::ToFailure => "to_failure",
            Self::Timed => "timed",
        }
    }
}

/// The rating of perceived exertion: 1 to 10 in halves. 10 less it is what is left in reserve.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Rpe(f64);

impl Rpe {
    pub(crate) fn parse(rpe: f64) -> Result<Self, Refusal> {
        let is_half = (rpe * 2.0).fract() == 0.0;
        if (1.0..=10.0).contains(&rpe) && is_half {
            Ok(Self(rpe))
        } else {
            Err(Refusal::NotInHalves {
                field: "rpe",
                min: 1,
                max: 10,
            })
        }
    }

    pub(crate) fn get(self) -> f64 {
        self.0
    }
}

/// Repetitions in reserve, of what is stored as an RPE.
pub(crate) fn reps_in_reserve(rpe: f64) -> f64 {
    10.0 - rpe
}

/// A share of the training maximum in percent: more than 0, at most 200.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Percent(f64);

impl Percent {
    const MAX: i32 = 200;

    pub(crate) fn parse(field: &'static str, percent: f64) -> Result<Self, Refusal> {
        if (0.01..=f64::from(Self::MAX)).contains(&percent) {
            Ok(Self(percent))
        } else {
            Err(Refusal::not_positive(field, Self::MAX))
        }
    }

    pub(crate) fn get(self) -> f64 {
        self.0
    }
}

/// A rest in whole seconds: 0 to an hour.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct RestSeconds(i32);

impl RestSeconds {
    const MAX: i32 = 3600;

    pub(crate) fn parse(seconds: i32) -> Result<Self, Refusal> {
        match seconds {
            0..=Self::MAX => Ok(Self(seconds)),
            _ => Err(Refusal::out_of_range("restSeconds", 0, Self::MAX)),
        }
    }

    pub(crate) fn get(self) -> i32 {
        self.0
    }
}

/// What a planned set says beyond its numbers.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(crate) struct PlanDetails {
    pub(crate) kind: SetKind,
    /// The upper end of a range that `reps` begins.
    pub(crate) max_reps: Option<Reps>,
    pub(crate) percent_of_max: Option<Percent>,
    pub(crate) rpe: Option<Rpe>,
    pub(crate) rest: Option<RestSeconds>,
}

/// What to say of a planned set from now on: undefined stays, null goes.
#[derive(Debug, Clone, Default)]
pub(crate) struct PlanDetailsChange {
    pub(crate) kind: Option<SetKind>,
    pub(crate) max_reps: MaybeUndefined<i32>,
    pub(crate) percent_of_max: MaybeUndefined<f64>,
    pub(crate) rpe: MaybeUndefined<f64>,
    pub(crate) reps_in_reserve: MaybeUndefined<f64>,
    pub(crate) rest_seconds: MaybeUndefined<i32>,
}

impl PlanDetailsChange {
    /// The details after the change, for a set of `reps`.
    pub(crate) fn applied_to(
        self,
        old: PlanDetails,
        reps: Option<Reps>,
    ) -> Result<PlanDetails, Refusal> {
        let rpe = match (self.rpe, self.reps_in_reserve) {
            (MaybeUndefined::Value(_), MaybeUndefined::Value(_)) => {
                return Err(Refusal::RpeAndReserve);
            }
            (MaybeUndefined::Undefined, MaybeUndefined::Value(reserve)) => {
                MaybeUndefined::Value(10.0 - reserve)
            }
            (MaybeUndefined::Undefined, reserve) => reserve,
            (rpe, _) => rpe,
        };
        let max_reps = changed(self.max_reps, old.max_reps, Reps::parse_max)?;
        let is_range = match (reps, max_reps) {
            (Some(reps), Some(max)) => reps.get() <= max.get(),
            (None, Some(_)) => false,
            (_, None) => true,
        };
        if !is_range {
            return Err(Refusal::NotARange);
        }
        Ok(PlanDetails {
            kind: self.kind.unwrap_or(old.kind),
            max_reps,
            percent_of_max: changed(self.percent_of_max, old.percent_of_max, |percent| {
                Percent::parse("percentOfMax", percent)
            })?,
            rpe: changed(rpe, old.rpe, Rpe::parse)?,
            rest: changed(self.rest_seconds, old.rest, RestSeconds::parse)?,
        })
    }
}

fn changed<T, U>(
    new: MaybeUndefined<T>,
    old: Option<U>,
    parse: impl FnOnce(T) -> Result<U, Refusal>,
) -> Result<Option<U>, Refusal> {
    match new {
        MaybeUndefined::Undefined => Ok(old),
        MaybeUndefined::Null => Ok(None),
        MaybeUndefined::Value(value) => parse(value).map(Some),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn rpe_is_one_to_ten_in_halves() {
        for good in [1.0, 7.5, 10.0] {
            assert!(Rpe::parse(good).is_ok(), "{good}");
        }
        for bad in [0.5, 10.5, 7.25, f64::NAN, f64::INFINITY] {
            assert!(Rpe::parse(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn a_range_begins_below_its_end() {
        let details = |reps: Option<i32>, max_reps| {
            let change = PlanDetailsChange {
                max_reps: MaybeUndefined::Value(max_reps),
                ..PlanDetailsChange::default()
            };
            let reps = reps.map(Reps::parse).transpose().unwrap();
            change.applied_to(PlanDetails::default(), reps)
        };
        assert!(details(Some(8), 12).is_ok());
        assert!(details(Some(8), 8).is_ok());
        assert_eq!(details(Some(8), 7), Err(Refusal::NotARange));
        assert_eq!(details(None, 7), Err(Refusal::NotARange));
    }

    proptest! {
        #[test]
        fn what_is_left_in_reserve_comes_back(halves in 0..18_i32) {
            let reserve = f64::from(halves) / 2.0;
            let change = PlanDetailsChange {
                reps_in_reserve: MaybeUndefined::Value(reserve),
                ..PlanDetailsChange::default()
            };
            let details = change.applied_to(PlanDetails::default(), None).unwrap();
            let back = details.rpe.map(|rpe| reps_in_reserve(rpe.get()));
            prop_assert_eq!(back, Some(reserve));
        }
    }
}
