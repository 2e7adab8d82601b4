//! Why a weight was chosen: kept as facts, put into words in the reader's language.

mod english;
mod russian;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use setwise_graphql::WeightUnit;
use setwise_service::Locale;

use super::Load;

/// What was done and what follows. Weights are in `unit`.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub(crate) struct Reason {
    pub(crate) why: Why,
    /// What the weights are.
    #[serde(default)]
    pub(crate) load: Load,
    pub(crate) sets: usize,
    /// The fewest of those sets.
    pub(crate) reps: i32,
    /// Of those sets; for waves the training maximum.
    pub(crate) weight: f64,
    pub(crate) rpe: Option<f64>,
    pub(crate) unit: WeightUnit,
    pub(crate) next_weight: f64,
    /// Where there is no weight to tell.
    #[serde(default)]
    pub(crate) next_reps: Option<i32>,
}

/// Which rule chose.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(tag = "rule", rename_all = "snake_case")]
pub(crate) enum Why {
    RangeDone,
    WithinRange {
        reps: i32,
    },
    BelowRange,
    AllDone,
    NotAllDone {
        left: i32,
    },
    Deload {
        failures: i32,
    },
    ByRpe {
        target: f64,
        /// A single step, which is more than a weight moves by otherwise.
        #[serde(default)]
        is_least: bool,
    },
    NoRpe,
    Wave {
        week: u32,
        weeks: u32,
        percent: f64,
        /// When they are so many that the maximum is less for now.
        #[serde(default)]
        days_away: Option<i64>,
    },
    /// Everything was done with no assistance left to take off.
    NoneLeft,
    /// One's own body alone: a repetition more.
    MoreReps,
    /// One's own body alone: there is more to do than to repeat.
    EnoughReps {
        step: f64,
    },
    BelowPlan,
    /// Long ago.
    Layoff {
        days: i64,
    },
    /// Done otherwise than this routine plans it.
    Elsewhere {
        day: NaiveDate,
    },
    /// Done otherwise than this routine plans it: by the one-repetition maximum of the best set, for so many sets and
    /// repetitions.
    Estimated {
        day: NaiveDate,
        max: f64,
        sets: usize,
        reps: i32,
        /// After a break.
        percent_off: f64,
    },
    /// More than can be planned.
    TooHeavy,
}

impl Reason {
    pub(crate) fn words(&self, locale: Locale) -> String {
        match locale {
            Locale::En => self.english(),
            Locale::Ru => self.russian(),
        }
    }
}

impl Reason {
    /// Whether it should have got lighter, and nothing lighter can be loaded.
    fn is_lightest(&self) -> bool {
        let is_eased = matches!(self.why, Why::Deload { .. } | Why::Layoff { .. });
        is_eased && self.load == Load::Weight && self.next_weight > self.weight - 0.005
    }
}

/// At most two decimals, with the sign of the language before them.
fn number(number: f64, locale: Locale) -> String {
    let written = format!("{number:.2}");
    let written = written.trim_end_matches('0').trim_end_matches('.');
    match locale {
        Locale::En => written.to_owned(),
        Locale::Ru => written.replace('.', ","),
    }
}
