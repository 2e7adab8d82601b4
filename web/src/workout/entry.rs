//! Entering one set: inputs for what its exercise measures.

use maud::{Markup, html};
use serde_json::Value;

use super::{SetLog, Target, effort};
use crate::{
    exercise::Measurement,
    form::{Form, Input},
    format::entered,
    page::Page,
    unit::WeightUnit,
};

/// What the graph calls the inputs.
pub(crate) const FIELDS: [(&str, &str); 10] = [
    ("maxReps", "max_reps"),
    ("percentOfMax", "percent"),
    ("restSeconds", "rest"),
    ("kind", "kind"),
    ("rpe", "rpe"),
    ("reps", "reps"),
    ("weight", "weight"),
    ("weightKg", "weight"),
    ("timeSeconds", "seconds"),
    ("distanceMeters", "distance"),
];

/// Minutes and seconds in seconds; `None` when both are empty.
pub(crate) fn time_of(page: &Page, form: &mut Form) -> Option<f64> {
    let minutes = form.number(page, "minutes");
    let seconds = form.number(page, "seconds");
    match (minutes, seconds) {
        (None, None) => None,
        (minutes, seconds) => Some(minutes.unwrap_or(0.0) * 60.0 + seconds.unwrap_or(0.0)),
    }
}

/// The numbers of a performed set, as the graph takes them. What the form does not ask for or does not change is left
/// out, so that a change keeps it: a weight as it was entered above all.
pub(super) fn read(page: &Page, form: &mut Form) -> Vec<(&'static str, Value)> {
    let time = time_of(page, form);
    let reps = form.whole(page, "reps");
    let weight = form.number(page, "weight");
    let distance = form.number(page, "distance");
    let measured = form.value("measured").to_owned();
    let kind = match measured.as_str() {
        "time" => {
            if time.is_none() && is_time_changed(form) {
                form.fail("seconds", page.t("error-time"));
            }
            "TIME"
        }
        "distance" => {
            let is_changed = is_time_changed(form) || form.changed("distance");
            if time.is_none() && distance.is_none() && is_changed {
                form.fail("distance", page.t("error-distance"));
            }
            "TIME"
        }
        _ => {
            if reps.is_none() && form.changed("reps") {
                form.fail("reps", page.t("error-reps"));
            }
            if weight.is_some() { "WEIGHT" } else { "REPS" }
        }
    };
    let mut said = Vec::new();
    let mut say = |is_changed: bool, name: &'static str, value: Value| {
        said.extend(is_changed.then_some((name, value)));
    };
    let weighed = form.changed("weight");
    say(form.changed("reps"), "reps", reps.into());
    say(weighed, "weight", weight.into());
    say(is_time_changed(form), "timeSeconds", time.into());
    say(form.changed("distance"), "distanceMeters", distance.into());
    // A weight is in the unit that stood beside it, whatever another device has chosen since.
    let unit = WeightUnit::from_code(form.value("unit")).filter(|_| weight.is_some());
    if let Some(unit) = unit {
        say(weighed, "weightUnit", unit.code().into());
    }
    // With a weight or without: that alone makes it another type of set.
    say(weighed || !form.is_drawn(), "type", kind.into());
    said.extend(effort::read(page, form));
    said
}

pub(crate) fn is_time_changed(form: &Form) -> bool {
    form.changed("minutes") || form.changed("seconds")
}

/// The inputs of a set; labels are for screen readers, units stand inside.
pub(crate) fn inputs(
    page: &Page,
    form: &Form,
    form_id: &str,
    measurement: Measurement,
    unit: WeightUnit,
) -> Markup {
    let field = |name, label, mode, suffix| {
        Input::new(form, form_id, name, label)
            .mode(mode)
            .autocomplete("off")
            .suffix(suffix)
            .label_hidden()
            .show()
    };
    let reps = || {
        field(
            "reps",
            page.t("field-reps"),
            "numeric",
            page.t("field-reps-short"),
        )
    };
    let time = || {
        html! {
            (field("minutes", page.t("field-minutes"), "numeric", page.t("field-minutes-short")))
            (field("seconds", page.t("field-seconds"), "numeric", page.t("field-seconds-short")))
        }
    };
    let measured = match measurement {
        Measurement::RepsWeight | Measurement::BodyweightReps | Measurement::Assisted => "reps",
        Measurement::Time => "time",
        Measurement::Distance => "distance",
    };
    html! {
        input type="hidden" name="measured" value=(measured);
        input type="hidden" name="unit" value=(unit.code());
        @match measurement {
            Measurement::RepsWeight => {
                (field("weight", page.t("field-weight"), "decimal", page.say(unit.label())))
                span class="times" aria-hidden="true" { "×" }
                (reps())
            }
            Measurement::BodyweightReps => {
                (reps())
                span class="times" aria-hidden="true" { "+" }
                (field("weight", page.t("field-added-weight"), "decimal", page.say(unit.label())))
            }
            Measurement::Assisted => {
                (reps())
                span class="times" aria-hidden="true" { "−" }
                (field("weight", page.t("field-assistance"), "decimal", page.say(unit.label())))
            }
            Measurement::Time => (time()),
            Measurement::Distance => {
                (field("distance", page.t("field-distance"), "decimal", page.t("field-distance-short")))
                (time())
            }
        }
    }
}

/// A form that shows these numbers.
pub(crate) fn filled(
    page: &Page,
    reps: Option<i32>,
    weight: Option<f64>,
    time_seconds: Option<f64>,
    distance_meters: Option<f64>,
) -> Form {
    let minutes = time_seconds.map(|time| (time / 60.0).floor());
    let seconds = time_seconds.map(|time| time % 60.0);
    let minutes = minutes.filter(|minutes| *minutes > 0.0);
    Form::filled([
        ("reps", reps.map(|reps| reps.to_string())),
        (
            "weight",
            weight.map(|weight| entered(page.locale, weight, 2)),
        ),
        (
            "minutes",
            minutes.map(|minutes| entered(page.locale, minutes, 0)),
        ),
        (
            "seconds",
            seconds.map(|seconds| entered(page.locale, seconds, 1)),
        ),
        (
            "distance",
            distance_meters.map(|meters| entered(page.locale, meters, 1)),
        ),
    ])
}

/// What most likely comes next: what is planned, else what was done last time
/// or just before.
pub(super) fn suggestion(page: &Page, target: Option<&Target>, before: Option<&SetLog>) -> Form {
    match (target, before) {
        (Some(target), _) => filled(
            page,
            target.reps,
            target.weight,
            target.time_seconds,
            target.distance_meters,
        ),
        (None, Some(set)) => filled(
            page,
            set.reps,
            set.weight,
            set.time_seconds,
            set.distance_meters,
        ),
        (None, None) => Form::default(),
    }
}
