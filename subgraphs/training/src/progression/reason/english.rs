//! Reasons in English.

use chrono::{Datelike as _, NaiveDate};
use setwise_service::Locale::En;

use super::{Load, Reason, Why, number};

const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

impl Reason {
    pub(super) fn english(&self) -> String {
        let (done, next, reserve) = (self.done_en(), self.next_en(), self.reserve_en());
        let easier = match self.load {
            Load::Assistance => "it gets easier",
            Load::Weight | Load::Bodyweight => "it goes down",
        };
        match self.why {
            Why::RangeDone => format!("{done} done{reserve}, the top of the range: {next}"),
            Why::WithinRange { reps } => {
                format!("{done} done{reserve}: {next} again, for {reps} repetitions")
            }
            Why::BelowRange => format!("{done} done{reserve}, short of the range: {next} again"),
            Why::AllDone | Why::MoreReps => format!("{done} done{reserve}: {next}"),
            Why::BelowPlan => {
                format!("{done} done{reserve}, not all that was planned: {next} again")
            }
            Why::NotAllDone { left: 1 } => format!(
                "{done} done{reserve}, not all that was planned: {next} again; once more and {easier}"
            ),
            Why::NotAllDone { left } => format!(
                "{done} done{reserve}, not all that was planned: {next} again; {left} more times and {easier}"
            ),
            Why::Deload { failures } if self.is_lightest() => format!(
                "{done}: not all that was planned, {failures} times in a row: stays at {next}: nothing lighter"
            ),
            Why::Layoff { days } if self.is_lightest() => {
                format!("{done} done {days} days ago: stays at {next}: nothing lighter")
            }
            Why::Deload { failures } => {
                let to = match self.load {
                    Load::Assistance => "back to",
                    Load::Weight | Load::Bodyweight => "down to",
                };
                format!("{done}: not all that was planned, {failures} times in a row: {to} {next}")
            }
            Why::ByRpe { target, is_least } => {
                let step = if is_least { ", the smallest step" } else { "" };
                let target = number(target, En);
                format!("{done} done{reserve}, RPE {target} is aimed for: {next}{step}")
            }
            Why::NoRpe => format!("{done} done, no RPE noted: {next} again"),
            Why::Wave { .. } => self.wave_en(),
            Why::NoneLeft => {
                format!("{done} done{reserve}: go on to the exercise that gives no assistance")
            }
            Why::EnoughReps { step } => {
                let step = self.weight_en(step);
                format!("{done} done{reserve}, repetitions enough: add a set, or {step}")
            }
            Why::Layoff { days } => format!("{done} done {days} days ago: {next} to begin again"),
            Why::Elsewhere { day } => {
                format!("{done} done in another workout on {}: {next}", date(day))
            }
            Why::Estimated { .. } => self.estimated_en(),
            Why::TooHeavy => format!(
                "{done} done: no more than {next} is planned; correct the set if it was mistyped"
            ),
        }
    }

    fn weight_en(&self, weight: f64) -> String {
        format!("{} {}", number(weight, En), self.unit.symbol())
    }

    fn done_en(&self) -> String {
        let weight = self.weight_en(self.weight);
        let with = match self.load {
            Load::Weight => format!("at {weight}"),
            Load::Assistance if self.weight > 0.0 => format!("with {weight} of assistance"),
            Load::Assistance => "without assistance".to_owned(),
            Load::Bodyweight if self.weight > 0.0 => format!("with {weight} added"),
            Load::Bodyweight => "with bodyweight".to_owned(),
        };
        format!("{}x{} {with}", self.sets, self.reps)
    }

    fn next_en(&self) -> String {
        if let Some(reps) = self.next_reps {
            return format!("{reps} repetitions");
        }
        let weight = self.weight_en(self.next_weight);
        match self.load {
            Load::Weight => weight,
            Load::Assistance if self.next_weight > 0.0 => format!("{weight} of assistance"),
            Load::Assistance => "no assistance".to_owned(),
            Load::Bodyweight if self.next_weight > 0.0 => format!("{weight} added"),
            Load::Bodyweight => "bodyweight alone".to_owned(),
        }
    }

    fn reserve_en(&self) -> String {
        match self.rpe {
            Some(rpe) if rpe >= 10.0 => " with none in reserve".to_owned(),
            Some(rpe) => format!(" with {} in reserve", number(10.0 - rpe, En)),
            None => String::new(),
        }
    }

    fn wave_en(&self) -> String {
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
            format!(", lowered after {days} days away")
        });
        format!(
            "Week {week} of {weeks}: up to {}% of a training maximum of {}{away}: {}",
            number(percent, En),
            self.weight_en(self.weight),
            self.next_en()
        )
    }

    fn estimated_en(&self) -> String {
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
        let times = match self.reps {
            1 => "one".to_owned(),
            reps => reps.to_string(),
        };
        let less = if percent_off > 0.0 {
            format!(", {}% less after the break", number(percent_off, En))
        } else {
            String::new()
        };
        format!(
            "{} for {times}{} on {} is an estimated one-repetition maximum of {}: {sets}x{reps} at {}{less}",
            self.weight_en(self.weight),
            self.reserve_en(),
            date(day),
            self.weight_en(max),
            self.next_en()
        )
    }
}

fn date(day: NaiveDate) -> String {
    let month = MONTHS[day.month0() as usize];
    format!("{} {month} {}", day.day(), day.year())
}
