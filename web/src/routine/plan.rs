//! What a routine says of an exercise beside its sets: supersets, notes, the training maximum and how it progresses.

use axum::{extract::Path, response::Response};
use maud::{Markup, html};
use serde::Deserialize;
use serde_json::{Value, json};

use super::{
    Instance, OPERATIONS,
    editor::{show_editor, to_editor},
};
use crate::{
    error::WebError,
    form::{Entered, Form, Input},
    format::entered as written,
    graph::{Done, Operation},
    icon,
    page::{Page, SignedIn},
    text::msg,
    unit::WeightUnit,
};

const UPDATE: Operation = Operation::new(OPERATIONS, "UpdateExerciseInstance");

/// What the graph calls the inputs.
const FIELDS: [(&str, &str); 13] = [
    ("supersetGroup", "superset_group"),
    ("notes", "notes"),
    ("trainingMaxKg", "training_max"),
    ("minReps", "min_reps"),
    ("maxReps", "max_reps"),
    ("step", "step"),
    ("rpe", "target_rpe"),
    ("deloadAfter", "deload_after"),
    ("deloadPercent", "deload_percent"),
    ("weeks", "weeks"),
    ("percent", "weeks"),
    ("reps", "weeks"),
    ("sets", "weeks"),
];

/// The fields that a progression is made of.
const PROGRESSION: [&str; 8] = [
    "progression",
    "step",
    "min_reps",
    "max_reps",
    "target_rpe",
    "deload_after",
    "deload_percent",
    "weeks",
];

/// How an exercise progresses, as the graph tells it.
#[derive(Deserialize)]
#[serde(tag = "__typename", rename_all_fields = "camelCase")]
pub(super) enum Progression {
    #[serde(rename = "DoubleProgression")]
    Double {
        min_reps: i32,
        max_reps: i32,
        step: f64,
        unit: WeightUnit,
    },
    #[serde(rename = "LinearProgression")]
    Linear {
        step: f64,
        unit: WeightUnit,
        deload_after: i32,
        deload_percent: f64,
    },
    #[serde(rename = "RpeProgression")]
    Rpe {
        target_rpe: f64,
        step: f64,
        unit: WeightUnit,
    },
    #[serde(rename = "PercentageWaves")]
    Waves {
        weeks: Vec<Week>,
        step: f64,
        unit: WeightUnit,
    },
}

#[derive(Deserialize)]
pub(super) struct Week {
    sets: Vec<WeekSet>,
}

#[derive(Deserialize)]
struct WeekSet {
    percent: f64,
    reps: i32,
}

pub(super) async fn change(
    page: SignedIn,
    Path((id, instance)): Path<(String, String)>,
    mut form: Form,
) -> Result<Response, WebError> {
    let mut input = json!({ "routineId": id, "exerciseInstanceId": instance });
    for (name, value) in read(&page, &mut form) {
        input[name] = value;
    }
    if !form.failed() {
        match page
            .mutate::<Done>(UPDATE, json!({ "input": input }))
            .await?
        {
            Ok(Done {}) => return Ok(to_editor(&id, Some(&instance))),
            Err(errors) => form.refuse(errors, &FIELDS),
        }
    }
    let form_id = format!("plan-{instance}");
    show_editor(&page, &id, Entered::refused(form_id, form)).await
}

/// What the form changes, as the graph takes it. A progression is changed as a whole; one that is set anew begins
/// anew, so it is left alone unless something of it is another.
fn read(page: &Page, form: &mut Form) -> Vec<(&'static str, Value)> {
    let group = form.whole(page, "superset_group");
    let max = form.number(page, "training_max");
    let progression = progression(page, form);
    let all = [
        (
            form.changed("superset_group"),
            "supersetGroup",
            group.into(),
        ),
        (form.changed("notes"), "notes", form.text("notes").into()),
        (
            form.changed("training_max"),
            "trainingMaxKg",
            max.map(|max| page.unit().to_kg(max)).into(),
        ),
        (
            PROGRESSION.iter().any(|field| form.changed(field)),
            "progression",
            progression,
        ),
    ];
    let changed = all.into_iter().filter(|(is_changed, ..)| *is_changed);
    changed.map(|(_, name, value)| (name, value)).collect()
}

/// The progression that the form names, as the graph takes it.
fn progression(page: &Page, form: &mut Form) -> Value {
    let kind = form.value("progression").to_owned();
    if kind.is_empty() {
        return Value::Null;
    }
    // A unit of its own stays with the numbers that were entered in it.
    let unit = WeightUnit::from_code(form.value("unit")).unwrap_or(page.unit());
    let step = form.number(page, "step");
    let step = step.unwrap_or_else(|| usual_step(unit));
    let unit = unit.code();
    match kind.as_str() {
        "double" => {
            let (min, max) = (form.whole(page, "min_reps"), form.whole(page, "max_reps"));
            let (min, max) = (min.unwrap_or(8), max.unwrap_or(12));
            json!({ "double": { "minReps": min, "maxReps": max, "step": step, "unit": unit } })
        }
        "rpe" => {
            let target = form.number(page, "target_rpe").unwrap_or(8.0);
            json!({ "rpe": { "targetRpe": target, "step": step, "unit": unit } })
        }
        "waves" => {
            let weeks = weeks(form.raw("weeks"));
            if weeks.is_none() {
                form.fail("weeks", page.t("error-weeks"));
            }
            json!({ "waves": { "weeks": weeks, "step": step, "unit": unit } })
        }
        _ => {
            let after = form.whole(page, "deload_after").unwrap_or(3);
            let percent = form.number(page, "deload_percent").unwrap_or(10.0);
            json!({ "linear": { "step": step, "unit": unit, "deloadAfter": after, "deloadPercent": percent } })
        }
    }
}

fn usual_step(unit: WeightUnit) -> f64 {
    match unit {
        WeightUnit::Kg => 2.5,
        WeightUnit::Lb => 5.0,
    }
}

/// A line for each week, `65x5 75x5 85x5`: percent and repetitions of each set.
fn weeks(text: &str) -> Option<Value> {
    let lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
    let weeks: Option<Vec<Value>> = lines
        .map(|line| {
            let sets: Option<Vec<Value>> = line.split_whitespace().map(week_set).collect();
            sets.map(|sets| json!({ "sets": sets }))
        })
        .collect();
    weeks.filter(|weeks| !weeks.is_empty()).map(Value::from)
}

fn week_set(text: &str) -> Option<Value> {
    let (percent, reps) = text.split_once(['x', 'X', '×', 'х', 'Х'])?;
    let percent = percent.trim_end_matches('%').replace(',', ".");
    let is_plain = |text: &str| {
        text.bytes()
            .all(|byte| byte == b'.' || byte.is_ascii_digit())
    };
    let number = percent.parse::<f64>().ok();
    let percent = number.filter(|number| is_plain(&percent) && number.is_finite())?;
    let reps = reps.parse::<i32>().ok()?;
    Some(json!({ "percent": percent, "reps": reps }))
}

fn filled(page: &Page, instance: &Instance) -> Form {
    let number = |number: f64| Some(written(page.locale, number, 2));
    let max = instance.training_max_kg.map(|kg| page.unit().of_kg(kg));
    let mut form = Form::filled([
        (
            "superset_group",
            instance.superset_group.map(|group| group.to_string()),
        ),
        ("notes", instance.notes.clone()),
        ("training_max", max.and_then(number)),
    ]);
    let mut set = |name, value: Option<String>| form.set(name, value.unwrap_or_default());
    let unit = match &instance.progression {
        None => return form,
        Some(Progression::Double {
            min_reps,
            max_reps,
            step,
            unit,
        }) => {
            set("progression", Some("double".to_owned()));
            set("min_reps", Some(min_reps.to_string()));
            set("max_reps", Some(max_reps.to_string()));
            set("step", number(*step));
            unit
        }
        Some(Progression::Linear {
            step,
            unit,
            deload_after,
            deload_percent,
        }) => {
            set("progression", Some("linear".to_owned()));
            set("step", number(*step));
            set("deload_after", Some(deload_after.to_string()));
            set("deload_percent", number(*deload_percent));
            unit
        }
        Some(Progression::Rpe {
            target_rpe,
            step,
            unit,
        }) => {
            set("progression", Some("rpe".to_owned()));
            set("target_rpe", number(*target_rpe));
            set("step", number(*step));
            unit
        }
        Some(Progression::Waves { weeks, step, unit }) => {
            set("progression", Some("waves".to_owned()));
            set("weeks", Some(weeks.iter().map(line).collect::<String>()));
            set("step", number(*step));
            unit
        }
    };
    set("unit", Some(unit.code().to_owned()));
    form
}

fn line(week: &Week) -> String {
    let sets = week.sets.iter();
    let sets: Vec<String> = sets
        .map(|set| format!("{}x{}", set.percent, set.reps))
        .collect();
    format!("{}\n", sets.join(" "))
}

pub(super) fn options(
    page: &Page,
    (at, card): (&str, &str),
    instance: &Instance,
    entered: &Entered,
) -> Markup {
    let form_id = format!("plan-{}", instance.id);
    let form = entered.form(&form_id, || filled(page, instance));
    let input = |name, label| Input::new(&form, &form_id, name, page.say(label));
    let kinds = [
        ("", page.t("progression-none")),
        ("double", page.t("progression-double")),
        ("linear", page.t("progression-linear")),
        ("rpe", page.t("progression-rpe")),
        ("waves", page.t("progression-waves")),
    ];
    html! {
        details class="log-options" open[entered.has(&form_id)] {
            summary { (icon::options()) (page.t("plan-options")) }
            form id=(form_id) class="stack" method="post" action={ (at) "/plan" } hx-post={ (at) "/plan" }
                hx-target={ "#" (card) } hx-select={ "#" (card) } hx-swap="outerHTML" {
                (page.csrf_field())
                (form.drawn_field(&form_id))
                (form.alert())
                input type="hidden" name="unit" value=(form.value("unit"));
                (input("notes", msg("field-notes")).max_length(5000).show_area(2))
                (input("superset_group", msg("field-superset")).mode("numeric").hint(page.t("field-superset-hint")).show())
                (input("progression", msg("field-progression")).show_choice(&kinds))
                (input("step", msg("field-step")).mode("decimal").suffix(step_unit(page, &form)).show())
                div class="option-row" {
                    (input("min_reps", msg("field-min-reps")).mode("numeric").show())
                    (input("max_reps", msg("field-max-reps")).mode("numeric").show())
                    (input("target_rpe", msg("field-target-rpe")).mode("decimal").show())
                }
                div class="option-row" {
                    (input("deload_after", msg("field-deload-after")).mode("numeric").show())
                    (input("deload_percent", msg("field-deload-percent")).mode("decimal").suffix("%".to_owned()).show())
                }
                (input("training_max", msg("field-training-max")).mode("decimal").suffix(page.say(page.unit().label())).show())
                (input("weeks", msg("field-weeks")).hint(page.t("field-weeks-hint")).show_area(4))
                button class="small" type="submit" { (page.t("save")) }
            }
        }
    }
}

fn step_unit(page: &Page, form: &Form) -> String {
    let unit = WeightUnit::from_code(form.value("unit")).unwrap_or(page.unit());
    page.say(unit.label())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn weeks_are_read_line_by_line_in_either_alphabet() {
        let set = |percent: f64, reps: i32| json!({ "percent": percent, "reps": reps });
        assert_eq!(
            weeks("65x5 75%×5\n\n 72,5х3 \n"),
            Some(json!([
                { "sets": [set(65.0, 5), set(75.0, 5)] },
                { "sets": [set(72.5, 3)] },
            ]))
        );
        let endless = format!("{}x5", "9".repeat(400));
        for not_weeks in [
            "",
            "  \n",
            "65",
            "65x",
            "x5",
            "65x5 oops",
            "nanx5",
            "1e999x5",
            "infx5",
            "-5x5",
            "+5x5",
            &endless,
        ] {
            assert_eq!(weeks(not_weeks), None, "{not_weeks:?}");
        }
    }
}
