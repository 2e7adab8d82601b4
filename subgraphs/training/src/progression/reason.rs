//! Why a weight was chosen: kept as facts, put into words in the reader's language.

use serde::{Deserialize, Serialize};
use setwise_graphql::WeightUnit;
use setwise_service::Locale;

/// What was done and what follows. Weights are in `unit`.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub(crate) struct Reason {
    pub(crate) why: Why,
    pub(crate) sets: usize,
    /// The fewest of those sets.
    pub(crate) reps: i32,
    /// Of those sets; for waves the training maximum.
    pub(crate) weight: f64,
    pub(crate) rpe: Option<f64>,
    pub(crate) unit: WeightUnit,
    pub(crate) next_weight: f64,
}

/// Which rule chose.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(tag = "rule", rename_all = "snake_case")]
pub(crate) enum Why {
    RangeDone,
    WithinRange { reps: i32 },
    BelowRange,
    AllDone,
    NotAllDone { left: i32 },
    Deload { failures: i32 },
    ByRpe { target: f64 },
    NoRpe,
    Wave { week: u32, weeks: u32, percent: f64 },
}

impl Reason {
    pub(crate) fn words(&self, locale: Locale) -> String {
        match locale {
            Locale::En => self.english(),
            Locale::Ru => self.russian(),
        }
    }

    fn english(&self) -> String {
        let weight = |weight| format!("{} {}", number(weight, Locale::En), self.unit.symbol());
        let next = weight(self.next_weight);
        let done = format!("{}x{} at {}", self.sets, self.reps, weight(self.weight));
        let reserve = match self.rpe {
            Some(rpe) if rpe >= 10.0 => " with none in reserve".to_owned(),
            Some(rpe) => format!(" with {} in reserve", number(10.0 - rpe, Locale::En)),
            None => String::new(),
        };
        match self.why {
            Why::RangeDone => format!("{done} done{reserve}, the top of the range: {next}"),
            Why::WithinRange { reps } => {
                format!("{done} done{reserve}: {next} again, for {reps} repetitions")
            }
            Why::BelowRange => format!("{done} done{reserve}, short of the range: {next} again"),
            Why::AllDone => format!("{done} done{reserve}: {next}"),
            Why::NotAllDone { left: 1 } => {
                format!(
                    "{done} done{reserve}, not all that was planned: {next} again; once more and it goes down"
                )
            }
            Why::NotAllDone { left } => format!(
                "{done} done{reserve}, not all that was planned: {next} again; {left} more times and it goes down"
            ),
            Why::Deload { failures } => {
                format!(
                    "{done}: not all that was planned, {failures} times in a row: down to {next}"
                )
            }
            Why::ByRpe { target } => format!(
                "{done} done{reserve}, RPE {} is aimed for: {next}",
                number(target, Locale::En)
            ),
            Why::NoRpe => format!("{done} done, no RPE noted: {next} again"),
            Why::Wave {
                week,
                weeks,
                percent,
            } => format!(
                "Week {week} of {weeks}: up to {}% of a training maximum of {}: {next}",
                number(percent, Locale::En),
                weight(self.weight)
            ),
        }
    }

    fn russian(&self) -> String {
        let unit = match self.unit {
            WeightUnit::Kg => "кг",
            WeightUnit::Lb => "фунт.",
        };
        let weight = |weight| format!("{} {unit}", number(weight, Locale::Ru));
        let next = weight(self.next_weight);
        let done = format!(
            "{}×{} с весом {}",
            self.sets,
            self.reps,
            weight(self.weight)
        );
        let reserve = match self.rpe {
            Some(rpe) if rpe >= 10.0 => " без запаса".to_owned(),
            Some(rpe) => format!(" с запасом {}", number(10.0 - rpe, Locale::Ru)),
            None => String::new(),
        };
        match self.why {
            Why::RangeDone => {
                format!("Сделано {done}{reserve}, верх диапазона достигнут: {next}")
            }
            Why::WithinRange { reps } => {
                format!("Сделано {done}{reserve}: снова {next}, повторений: {reps}")
            }
            Why::BelowRange => {
                format!("Сделано {done}{reserve}, это ниже диапазона: снова {next}")
            }
            Why::AllDone => format!("Сделано {done}{reserve}: {next}"),
            Why::NotAllDone { left } => format!(
                "Сделано {done}{reserve}, это не весь план: снова {next}; неудач до снижения веса: {left}"
            ),
            Why::Deload { failures } => format!(
                "Сделано {done}, план не выполнен, неудач подряд: {failures}: снижаем до {next}"
            ),
            Why::ByRpe { target } => format!(
                "Сделано {done}{reserve}, цель RPE {}: {next}",
                number(target, Locale::Ru)
            ),
            Why::NoRpe => format!("Сделано {done}, RPE не отмечен: снова {next}"),
            Why::Wave {
                week,
                weeks,
                percent,
            } => format!(
                "Неделя {week} из {weeks}: до {}% от тренировочного максимума {}: {next}",
                number(percent, Locale::Ru),
                weight(self.weight)
            ),
        }
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
