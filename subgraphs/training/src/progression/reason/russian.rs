//! Reasons in Russian.

use chrono::{Datelike as _, NaiveDate};
use setwise_graphql::WeightUnit;
use setwise_service::Locale::Ru;

use super::{Load, Reason, Why, number};

const MONTHS: [&str; 12] = [
    "января",
    "февраля",
    "марта",
    "апреля",
    "мая",
    "июня",
    "июля",
    "августа",
    "сентября",
    "октября",
    "ноября",
    "декабря",
];

impl Reason {
    pub(super) fn russian(&self) -> String {
        let (done, next, reserve) = (self.done_ru(), self.next_ru(), self.reserve_ru());
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
            Why::AllDone | Why::MoreReps => format!("Сделано {done}{reserve}: {next}"),
            Why::BelowPlan => format!("Сделано {done}{reserve}, это не весь план: снова {next}"),
            Why::NotAllDone { left } => {
                let easier = match self.load {
                    Load::Assistance => "облегчения",
                    Load::Weight | Load::Bodyweight => "снижения веса",
                };
                format!(
                    "Сделано {done}{reserve}, это не весь план: снова {next}; неудач до {easier}: {left}"
                )
            }
            Why::Deload { failures } if self.is_lightest() => format!(
                "Сделано {done}, план не выполнен, неудач подряд: {failures}: остаётся {next}, легче некуда"
            ),
            Why::Layoff { days } if self.is_lightest() => {
                format!("Сделано {done}, дней с тех пор: {days}: остаётся {next}, легче некуда")
            }
            Why::Deload { failures } if self.next_weight <= 0.0 => {
                format!("Сделано {done}, план не выполнен, неудач подряд: {failures}: далее {next}")
            }
            Why::Deload { failures } => {
                let to = match self.load {
                    Load::Assistance => "облегчаем",
                    Load::Weight | Load::Bodyweight => "снижаем",
                };
                format!(
                    "Сделано {done}, план не выполнен, неудач подряд: {failures}: {to} до {}",
                    self.weight_ru(self.next_weight)
                )
            }
            Why::ByRpe { target, is_least } => {
                let step = if is_least {
                    " (наименьший шаг)"
                } else {
                    ""
                };
                let target = number(target, Ru);
                format!("Сделано {done}{reserve}, цель RPE {target}: {next}{step}")
            }
            Why::NoRpe => format!("Сделано {done}, RPE не отмечен: снова {next}"),
            Why::Wave { .. } => self.wave_ru(),
            Why::NoneLeft => {
                format!("Сделано {done}{reserve}: переходите к упражнению без поддержки")
            }
            Why::EnoughReps { step } => format!(
                "Сделано {done}{reserve}, повторений достаточно: добавьте подход или {}",
                self.weight_ru(step)
            ),
            Why::Layoff { days } => {
                format!("Сделано {done}, дней с тех пор: {days}: для начала {next}")
            }
            Why::Elsewhere { day } => {
                format!("Сделано {done} в другой тренировке {}: {next}", date(day))
            }
            Why::Estimated { .. } => self.estimated_ru(),
            Why::TooHeavy => format!(
                "Сделано {done}: планируется не больше {}; если вес введён по ошибке, исправьте подход",
                self.weight_ru(self.next_weight)
            ),
        }
    }

    fn weight_ru(&self, weight: f64) -> String {
        let unit = match self.unit {
            WeightUnit::Kg => "кг",
            WeightUnit::Lb => "фунт.",
        };
        format!("{} {unit}", number(weight, Ru))
    }

    fn done_ru(&self) -> String {
        let weight = self.weight_ru(self.weight);
        let with = match self.load {
            Load::Weight => format!("с весом {weight}"),
            Load::Assistance if self.weight > 0.0 => format!("с поддержкой {weight}"),
            Load::Assistance => "без поддержки".to_owned(),
            Load::Bodyweight if self.weight > 0.0 => format!("с отягощением {weight}"),
            Load::Bodyweight => "с весом тела".to_owned(),
        };
        format!("{}×{} {with}", self.sets, self.reps)
    }

    fn next_ru(&self) -> String {
        if let Some(reps) = self.next_reps {
            return format!("повторений: {reps}");
        }
        let weight = self.weight_ru(self.next_weight);
        match self.load {
            Load::Weight => weight,
            Load::Assistance if self.next_weight > 0.0 => format!("поддержка {weight}"),
            Load::Assistance => "без поддержки".to_owned(),
            Load::Bodyweight if self.next_weight > 0.0 => format!("отягощение {weight}"),
            Load::Bodyweight => "только вес тела".to_owned(),
        }
    }

    fn reserve_ru(&self) -> String {
        match self.rpe {
            Some(rpe) if rpe >= 10.0 => " без запаса".to_owned(),
            Some(rpe) => format!(" с запасом {}", number(10.0 - rpe, Ru)),
            None => String::new(),
        }
    }

    fn wave_ru(&self) -> String {
        let Why::Wave {
            week,
            weeks,
            percent,
            days_away,
        } = self.why
        else {
            return String::new();
        };
        let away = days_away.map_or_else(String::new, |days| {
            format!(", сниженного после перерыва (дней: {days})")
        });
        format!(
            "Неделя {week} из {weeks}: до {}% от тренировочного максимума {}{away}: {}",
            number(percent, Ru),
            self.weight_ru(self.weight),
            self.next_ru()
        )
    }

    fn estimated_ru(&self) -> String {
        let Why::Estimated {
            day,
            max,
            sets,
            reps,
            percent_off,
        } = self.why
        else {
            return String::new();
        };
        let less = if percent_off > 0.0 {
            format!(", на {}% меньше после перерыва", number(percent_off, Ru))
        } else {
            String::new()
        };
        format!(
            "{} × {}{} {} — это расчётный максимум {}: {sets}×{reps} с весом {}{less}",
            self.weight_ru(self.weight),
            self.reps,
            self.reserve_ru(),
            date(day),
            self.weight_ru(max),
            self.next_ru()
        )
    }
}

fn date(day: NaiveDate) -> String {
    let month = MONTHS[day.month0() as usize];
    format!("{} {month} {} г.", day.day(), day.year())
}
