//! The sets of an exercise in a routine.

use axum::{extract::Path, response::Response};
use serde_json::{Value, json};

use super::{
    OPERATIONS,
    editor::{act, show_editor, to_editor},
};
use crate::{
    error::WebError,
    form::{Entered, Form},
    graph::{Done, Operation},
    page::{Page, SignedIn},
    workout::entry::{self, time_of},
};

const ADD: Operation = Operation::new(OPERATIONS, "AddRoutineSet");
const UPDATE: Operation = Operation::new(OPERATIONS, "UpdateRoutineSet");
const REMOVE: Operation = Operation::new(OPERATIONS, "RemoveRoutineSet");

pub(super) async fn add(
    page: SignedIn,
    Path((id, instance)): Path<(String, String)>,
    form: Form,
) -> Result<Response, WebError> {
    let keys = json!({ "routineId": id, "exerciseInstanceId": instance });
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

/// What the set asks for. A set with a time is timed; one with a weight is
/// weighted; the weight is entered in the viewer's unit. What the form does
/// not ask for is left out, so that a change keeps it.
fn read(page: &Page, form: &mut Form) -> Vec<(&'static str, Value)> {
    let time = time_of(page, form);
    let reps = form.whole(page, "reps");
    let weight = form.number(page, "weight");
    let weight_kg = weight.map(|weight| page.unit().to_kg(weight));
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
    let asked: [(&str, &str, Value); 3] = [
        ("reps", "reps", reps.into()),
        ("weight", "weightKg", weight_kg.into()),
        ("seconds", "timeSeconds", time.into()),
    ];
    let asked = asked.into_iter().filter(|(field, ..)| form.has(field));
    let numbers = asked.map(|(_, name, value)| (name, value));
    numbers.chain([("type", kind.into())]).collect()
}

pub(super) async fn remove(
    page: SignedIn,
    Path((id, instance, set)): Path<(String, String, String)>,
) -> Result<Response, WebError> {
    let input = json!({ "routineId": id, "exerciseInstanceId": instance, "setId": set });
    act(&page, REMOVE, input).await?;
    Ok(to_editor(&id, Some(&instance)))
}
