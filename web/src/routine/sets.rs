//! The sets of an exercise in a routine.

use axum::{extract::Path, response::Response};
use maud::{Markup, html};
use serde_json::{Value, json};

use super::{
    OPERATIONS, PlannedSet,
    editor::{act, show_editor, to_editor},
};
use crate::{
    error::WebError,
    form::{Entered, Form, Input},
    format::entered,
    graph::{Done, Operation},
    page::{Page, SignedIn},
    text::msg,
    unit::WeightUnit,
    workout::{
        effort::{self, SetKind},
        entry::{self, time_of},
    },
};

const ADD: Operation = Operation::new(OPERATIONS, "AddRoutineSet");
const UPDATE: Operation = Operation::new(OPERATIONS, "UpdateRoutineSet");
const REMOVE: Operation = Operation::new(OPERATIONS, "RemoveRoutineSet");

pub(super) async fn add(
    page: SignedIn,
    Path((id, instance)): Path<(String, String)>,
    form: Form,
) -> Result<Response, WebError> {
    let mut keys = json!({ "routineId": id, "exerciseInstanceId": instance });
    keys["clientMutationId"] = form.key().into();
    let form_id = format!("add-set-{instance}");
    save(&page, ADD, keys, form, (&id, &instance, form_id)).await
}

pub(super) async fn change(
    page: SignedIn,
    Path((id, instance, set)): Path<(String, String, String)>,
    form: Form,
) -> Result<Response, WebError> {
    let keys = json!({ "routineId": id, "exerciseInstanceId": instance, "setId": set });
    let form_id = format!("set-{set}");
    save(&page, UPDATE, keys, form, (&id, &instance, form_id)).await
}

async fn save(
    page: &Page,
    operation: Operation,
    mut input: Value,
    mut form: Form,
    (id, instance, form_id): (&str, &str, String),
) -> Result<Response, WebError> {
    let planned = read(page, &mut form);
    if !form.failed() {
        for (name, value) in planned {
            input[name] = value;
        }
        match page
            .mutate::<Done>(operation, json!({ "input": input }))
            .await?
        {
            Ok(Done {}) => return Ok(to_editor(id, Some(instance))),
            Err(errors) => form.refuse(errors, &entry::FIELDS),
        }
    }
    show_editor(page, id, Entered::refused(form_id, form)).await
}

/// What the set asks for. A set with a time is timed; one with a weight is weighted; the weight is entered in the
/// viewer's unit. What the form does not ask for or does not change is left out, so that a change keeps it.
fn read(page: &Page, form: &mut Form) -> Vec<(&'static str, Value)> {
    let time = time_of(page, form);
    let reps = form.whole(page, "reps");
    let weight = form.number(page, "weight");
    // A weight is in the unit that stood beside it.
    let unit = WeightUnit::from_code(form.value("unit")).unwrap_or(page.unit());
    let weight_kg = weight.map(|weight| unit.to_kg(weight));
    let is_timed = form.value("measured") == "time";
    if is_timed && time.is_none() {
        form.fail("seconds", page.t("error-time"));
    }
    if !is_timed && reps.is_none() {
        form.fail("reps", page.t("error-reps"));
    }
    let kind = match (is_timed, weight_kg) {
        (true, _) => "TIME",
        (false, Some(_)) => "WEIGHT",
        (false, None) => "REPS",
    };
    let asked: [(bool, &str, Value); 4] = [
        (form.changed("reps"), "reps", reps.into()),
        (form.changed("weight"), "weightKg", weight_kg.into()),
        (entry::is_time_changed(form), "timeSeconds", time.into()),
        (true, "type", kind.into()),
    ];
    let asked = asked.into_iter().filter(|(is_changed, ..)| *is_changed);
    let numbers = asked.map(|(_, name, value)| (name, value));
    numbers.chain(read_details(page, form)).collect()
}

/// What the folded part changes.
fn read_details(page: &Page, form: &mut Form) -> Vec<(&'static str, Value)> {
    let mut said = effort::read(page, form);
    if form.changed("max_reps") {
        let max_reps = form.whole(page, "max_reps");
        said.push(("maxReps", max_reps.into()));
    }
    if form.changed("percent") {
        let percent = form.number(page, "percent");
        said.push(("percentOfMax", percent.into()));
    }
    if form.changed("rest") {
        let rest = form.whole(page, "rest");
        said.push(("restSeconds", rest.into()));
    }
    said
}

/// Adds what is stored to a form.
pub(super) fn fill(page: &Page, form: &mut Form, set: &PlannedSet) {
    effort::fill(form, set.kind, set.rpe);
    let percent = set.percent_of_max;
    let text = |text: Option<String>| text.unwrap_or_default();
    form.set("max_reps", text(set.max_reps.map(|max| max.to_string())));
    form.set(
        "percent",
        text(percent.map(|percent| entered(page.locale, percent, 2))),
    );
    form.set("rest", text(set.rest_seconds.map(|rest| rest.to_string())));
}

/// Kind, range, percentage, effort and rest, folded away unless one of them says something.
pub(super) fn details(page: &Page, form: &Form, form_id: &str, set: &PlannedSet) -> Markup {
    let says = set.kind != SetKind::Normal
        || set.max_reps.is_some()
        || set.percent_of_max.is_some()
        || set.rpe.is_some()
        || set.rest_seconds.is_some();
    let input = |name, label| Input::new(form, form_id, name, page.say(label)).autocomplete("off");
    html! {
        details class="set-more" open[says] {
            summary { (page.t("set-plan-more")) }
            (effort::kind_choice(page, form, form_id))
            (input("max_reps", msg("field-up-to-reps")).mode("numeric").show())
            (input("percent", msg("field-percent")).mode("decimal").suffix("%".to_owned()).show())
            (effort::rpe_choice(page, form, form_id))
            (input("rest", msg("field-rest")).mode("numeric").suffix(page.t("field-seconds-short")).show())
        }
    }
}

pub(super) async fn remove(
    page: SignedIn,
    Path((id, instance, set)): Path<(String, String, String)>,
) -> Result<Response, WebError> {
    let input = json!({ "routineId": id, "exerciseInstanceId": instance, "setId": set });
    act(&page, REMOVE, input).await?;
    Ok(to_editor(&id, Some(&instance)))
}
