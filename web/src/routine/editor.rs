//! One routine: its name, its exercises and their order.

use axum::{
    extract::{Path, Query},
    response::Response,
};
use serde::Deserialize;
use serde_json::{Value, json};

use super::{OPERATIONS, Routine, view};
use crate::{
    error::{WebError, refusal},
    exercise::{self, Search},
    form::{Entered, Form},
    graph::{Done, Operation},
    page::{Notice, Page, Shell, SignedIn, Tab, see_other, with_notice},
};

const ROUTINE: Operation = Operation::new(OPERATIONS, "Routine");
const ORDER: Operation = Operation::new(OPERATIONS, "RoutineOrder");
const UPDATE: Operation = Operation::new(OPERATIONS, "UpdateRoutine");
const DELETE: Operation = Operation::new(OPERATIONS, "DeleteRoutine");
const ADD: Operation = Operation::new(OPERATIONS, "AddExerciseToRoutine");
const REMOVE: Operation = Operation::new(OPERATIONS, "RemoveExerciseFromRoutine");
const REORDER: Operation = Operation::new(OPERATIONS, "ReorderRoutine");

#[derive(Deserialize)]
struct Found {
    routine: Option<Routine>,
}

#[derive(Deserialize)]
struct FoundOrder {
    routine: Option<Order>,
}

#[derive(Deserialize)]
struct Order {
    #[serde(rename = "exerciseInstances")]
    exercise_instances: Vec<Reference>,
}

#[derive(Deserialize)]
struct Reference {
    id: String,
}

#[derive(Deserialize)]
struct Added {
    #[serde(rename = "exerciseInstance")]
    exercise_instance: Option<Reference>,
}

pub(super) async fn show(page: SignedIn, Path(id): Path<String>) -> Result<Response, WebError> {
    show_editor(&page, &id, Entered::nothing()).await
}

/// The editor, with a form that was refused as it was entered.
pub(super) async fn show_editor(
    page: &Page,
    id: &str,
    entered: Entered,
) -> Result<Response, WebError> {
    let routine = find(page, id).await?;
    let shell = Shell::new(routine.name.clone(), Tab::Routines).refused(entered.is_refused());
    Ok(page.html(&shell, &view::editor(page, &routine, &entered)))
}

async fn find(page: &Page, id: &str) -> Result<Routine, WebError> {
    let routine = page.find(ROUTINE, json!({ "id": id }), |found: Found| found.routine);
    routine.await?.ok_or(WebError::NotFound)
}

pub(super) async fn rename(
    page: SignedIn,
    Path(id): Path<String>,
    mut form: Form,
) -> Result<Response, WebError> {
    let input = json!({ "input": {
        "routineId": id,
        "name": form.value("name"),
        "description": form.value("description"),
    }});
    match page.mutate::<Done>(UPDATE, input).await? {
        Ok(Done {}) => Ok(with_notice(to_editor(&id, None), Notice::RoutineSaved)),
        Err(errors) => {
            form.refuse(errors, &[("name", "name"), ("description", "description")]);
            show_editor(&page, &id, Entered::refused("routine-details".into(), form)).await
        }
    }
}

pub(super) async fn delete(page: SignedIn, Path(id): Path<String>) -> Result<Response, WebError> {
    act(&page, DELETE, json!({ "routineId": id })).await?;
    Ok(with_notice(see_other("/routines"), Notice::RoutineDeleted))
}

/// The catalogue, to choose an exercise from.
pub(super) async fn choose(
    page: SignedIn,
    Path(id): Path<String>,
    Query(wanted): Query<Search>,
) -> Result<Response, WebError> {
    let (routine, catalogue) =
        tokio::try_join!(find(&page, &id), exercise::search(&page, &wanted))?;
    let shell = Shell::new(page.t("picker-title"), Tab::Routines);
    Ok(page.html(&shell, &view::picker(&page, &routine, &wanted, &catalogue)))
}

pub(super) async fn add(
    page: SignedIn,
    Path(id): Path<String>,
    form: Form,
) -> Result<Response, WebError> {
    let input = json!({ "input": {
        "routineId": id,
        "exerciseId": form.value("exercise_id"),
        "clientMutationId": form.key(),
    }});
    let added = page.mutate::<Added>(ADD, input).await?;
    let added = added.map_err(|errors| refusal(&errors))?;
    let instance = added.exercise_instance.map(|instance| instance.id);
    Ok(to_editor(&id, instance.as_deref()))
}

pub(super) async fn remove(
    page: SignedIn,
    Path((id, instance)): Path<(String, String)>,
) -> Result<Response, WebError> {
    let input = json!({ "routineId": id, "exerciseInstanceId": instance });
    act(&page, REMOVE, input).await?;
    Ok(to_editor(&id, None))
}

/// One place up or down, for hands without a script.
pub(super) async fn shift(
    page: SignedIn,
    Path((id, instance)): Path<(String, String)>,
    form: Form,
) -> Result<Response, WebError> {
    let pick = |found: FoundOrder| found.routine.map(|order| order.exercise_instances);
    let order = page.find(ORDER, json!({ "id": id }), pick).await?;
    let order = order.ok_or(WebError::NotFound)?;
    let mut order: Vec<String> = order.into_iter().map(|instance| instance.id).collect();
    let at = order.iter().position(|other| *other == instance);
    let at = at.ok_or(WebError::NotFound)?;
    let to = match form.value("direction") {
        "up" => at.saturating_sub(1),
        _ => (at + 1).min(order.len() - 1),
    };
    order.swap(at, to);
    act(
        &page,
        REORDER,
        json!({ "routineId": id, "exerciseInstanceIds": order }),
    )
    .await?;
    Ok(to_editor(&id, Some(&instance)))
}

/// The order as dragged.
pub(super) async fn reorder(
    page: SignedIn,
    Path(id): Path<String>,
    form: Form,
) -> Result<Response, WebError> {
    let order: Vec<&str> = form.values_of("instance").collect();
    act(
        &page,
        REORDER,
        json!({ "routineId": id, "exerciseInstanceIds": order }),
    )
    .await?;
    Ok(to_editor(&id, None))
}

pub(super) async fn act(page: &Page, operation: Operation, input: Value) -> Result<(), WebError> {
    let done = page.mutate::<Done>(operation, json!({ "input": input }));
    done.await?
        .map(|Done {}| ())
        .map_err(|errors| refusal(&errors))
}

pub(super) fn to_editor(id: &str, instance: Option<&str>) -> Response {
    match instance {
        Some(instance) => see_other(&format!("/routines/{id}#instance-{instance}")),
        None => see_other(&format!("/routines/{id}")),
    }
}
