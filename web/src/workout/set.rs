//! One set, as it is read and written.

use serde::Deserialize;
use setwise_service::Locale;

use super::effort::{self, SetKind};
use crate::{
    format::{distance, set_time, weight},
    page::Page,
    text::{Message, msg, t_with},
    unit::WeightUnit,
};

/// A performed set. `weight` is in its exercise log's unit.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct SetLog {
    pub(crate) id: String,
    pub(crate) reps: Option<i32>,
    pub(crate) weight: Option<f64>,
    #[serde(default)]
    pub(crate) weight_kg: Option<f64>,
    pub(crate) time_seconds: Option<f64>,
    pub(crate) distance_meters: Option<f64>,
    #[serde(default)]
    pub(crate) kind: SetKind,
    #[serde(default)]
    pub(crate) rpe: Option<f64>,
    /// The records that it broke, where a page asks for them.
    #[serde(default)]
    pub(crate) records: Vec<Record>,
}

/// A record that a set broke.
#[derive(Clone, Debug, Deserialize)]
pub(crate) struct Record {
    kind: RecordKind,
}

#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
enum RecordKind {
    HeaviestWeight,
    EstimatedOneRepMaxEpley,
    EstimatedOneRepMaxBrzycki,
    MostRepsAtWeight,
    SessionVolume,
}

impl Record {
    pub(crate) fn name(&self) -> Message {
        match self.kind {
            RecordKind::HeaviestWeight => msg("record-heaviest"),
            RecordKind::EstimatedOneRepMaxEpley => msg("record-epley"),
            RecordKind::EstimatedOneRepMaxBrzycki => msg("record-brzycki"),
            RecordKind::MostRepsAtWeight => msg("record-most-reps"),
            RecordKind::SessionVolume => msg("record-volume"),
        }
    }
}

/// A set that is planned for a workout.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ExpectedSet {
    pub(crate) reps: Option<i32>,
    pub(crate) weight: Option<f64>,
    pub(crate) time_seconds: Option<f64>,
    pub(crate) max_reps: Option<i32>,
    #[serde(default)]
    pub(crate) kind: SetKind,
    pub(crate) rpe: Option<f64>,
    pub(crate) rest_seconds: Option<u32>,
}

/// What the next set is measured against, in the exercise log's unit.
#[derive(Clone, Debug)]
pub(crate) struct Target {
    pub(crate) reps: Option<i32>,
    pub(crate) weight: Option<f64>,
    pub(crate) time_seconds: Option<f64>,
    pub(crate) distance_meters: Option<f64>,
    /// The upper end of a range that `reps` begins.
    pub(crate) max_reps: Option<i32>,
}

impl From<&ExpectedSet> for Target {
    fn from(set: &ExpectedSet) -> Self {
        Self {
            reps: set.reps,
            weight: set.weight,
            time_seconds: set.time_seconds,
            distance_meters: None,
            max_reps: set.max_reps,
        }
    }
}

impl Target {
    /// A set of an earlier workout, whose unit may have been another.
    pub(crate) fn of_previous(set: &SetLog, unit: WeightUnit) -> Self {
        Self {
            reps: set.reps,
            weight: set.weight_kg.map(|weight_kg| unit.of_kg(weight_kg)),
            time_seconds: set.time_seconds,
            distance_meters: set.distance_meters,
            max_reps: None,
        }
    }

    pub(crate) fn text(&self, locale: Locale, unit: WeightUnit) -> String {
        write(locale, unit, self)
    }
}

pub(crate) fn set_text(page: &Page, set: &SetLog, unit: WeightUnit) -> String {
    let numbers = Target {
        reps: set.reps,
        weight: set.weight,
        time_seconds: set.time_seconds,
        distance_meters: set.distance_meters,
        max_reps: None,
    };
    let numbers = write(page.locale, unit, &numbers);
    match effort::text(page, set.kind, set.rpe) {
        Some(effort) => format!("{numbers} · {effort}"),
        None => numbers,
    }
}

/// `60 kg × 10`, `12 reps`, `1:30`, `2 km · 10:00`.
fn write(locale: Locale, unit: WeightUnit, set: &Target) -> String {
    let load = set.weight.map(|load| weight(locale, load, unit));
    let mut parts = Vec::new();
    match (load, set.reps) {
        (Some(load), Some(reps)) => match set.max_reps {
            Some(max) => parts.push(format!("{load} × {reps}–{max}")),
            None => parts.push(format!("{load} × {reps}")),
        },
        (Some(load), None) => parts.push(load),
        (None, Some(reps)) => parts.push(t_with(locale, "count-reps", [("count", reps.into())])),
        (None, None) => {}
    }
    parts.extend(set.distance_meters.map(|meters| distance(locale, meters)));
    parts.extend(set.time_seconds.map(|seconds| set_time(locale, seconds)));
    parts.join(" · ")
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOTHING: Target = Target {
        reps: None,
        weight: None,
        time_seconds: None,
        distance_meters: None,
        max_reps: None,
    };

    #[test]
    fn a_set_is_written_by_what_it_measures() {
        let text = |set: Target| set.text(Locale::En, WeightUnit::Kg).replace('\u{a0}', " ");
        let reps = Some(10);
        assert_eq!(
            text(Target {
                reps,
                weight: Some(62.5),
                ..NOTHING
            }),
            "62.5 kg × 10"
        );
        assert_eq!(text(Target { reps, ..NOTHING }), "10 reps");
        assert_eq!(
            text(Target {
                time_seconds: Some(90.0),
                ..NOTHING
            }),
            "1:30"
        );
        let run = Target {
            time_seconds: Some(600.0),
            distance_meters: Some(2000.0),
            ..NOTHING
        };
        assert_eq!(text(run), "2 km · 10:00");
    }

    #[test]
    fn last_times_kilograms_show_in_this_times_pounds() {
        let set = SetLog {
            id: "1".into(),
            reps: Some(5),
            weight: Some(100.0),
            weight_kg: Some(100.0),
            time_seconds: None,
            distance_meters: None,
            records: Vec::new(),
            kind: SetKind::Normal,
            rpe: None,
        };
        let target = Target::of_previous(&set, WeightUnit::Lb);
        assert_eq!(
            target.text(Locale::En, WeightUnit::Lb),
            "220.46\u{a0}lb × 5"
        );
    }
}
