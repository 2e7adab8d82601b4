//! Whole routines: putting them away, copying them, and sharing them by a link.

use axum::{extract::Path, response::Response};
use serde::Deserialize;
use serde_json::{Value, json};

use super::{Created, OPERATIONS, editor::act, keeping_view};
use crate::{
    error::{WebError, refusal},
    exercise::ExerciseRow,
    form::Form,
    graph::Operation,
    page::{Notice, Page, Shell, SignedIn, Tab, see_other, with_notice},
    workout::effort::SetKind,
};

const ARCHIVE: Operation = Operation::new(OPERATIONS, "ArchiveRoutine");
const UNARCHIVE: Operation = Operation::new(OPERATIONS, "UnarchiveRoutine");
const DUPLICATE: Operation = Operation::new(OPERATIONS, "DuplicateRoutine");
const SHARE: Operation = Operation::new(OPERATIONS, "ShareRoutine");
const UNSHARE: Operation = Operation::new(OPERATIONS, "UnshareRoutine");
const SHARED: Operation = Operation::new(OPERATIONS, "SharedRoutine");
const COPY: Operation = Operation::new(OPERATIONS, "CopySharedRoutine");

#[derive(Deserialize)]
struct FoundShared {
    #[serde(rename = "sharedRoutine")]
    shared_routine: Option<SharedRoutine>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct SharedRoutine {
    pub(super) name: String,
    pub(super) description: String,
    pub(super) hidden_exercise_count: u32,
    pub(super) exercises: Vec<SharedExercise>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct SharedExercise {
    pub(super) exercise: ExerciseRow,
    pub(super) superset_group: Option<i16>,
    pub(super) notes: Option<String>,
    pub(super) sets: Vec<SharedSet>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct SharedSet {
    pub(super) kind: SetKind,
    pub(super) reps: Option<i32>,
    pub(super) max_reps: Option<i32>,
    pub(super) weight_kg: Option<f64>,
    pub(super) time_seconds: Option<f64>,
    pub(super) rpe: Option<f64>,
}

pub(super) async fn archive(page: SignedIn, Path(id): Path<String>) -> Result<Response, WebError> {
    act(&page, ARCHIVE, json!({ "routineId": id })).await?;
    Ok(with_notice(see_other("/routines"), Notice::RoutineArchived))
}

pub(super) async fn unarchive(
    page: SignedIn,
    Path(id): Path<String>,
) -> Result<Response, WebError> {
    act(&page, UNARCHIVE, json!({ "routineId": id })).await?;
    Ok(with_notice(to(&id), Notice::RoutineSaved))
}

pub(super) async fn duplicate(
    page: SignedIn,
    Path(id): Path<String>,
    form: Form,
) -> Result<Response, WebError> {
    let input = json!({ "routineId": id, "clientMutationId": form.key() });
    copied(&page, DUPLICATE, input).await
}

pub(super) async fn share(page: SignedIn, Path(id): Path<String>) -> Result<Response, WebError> {
    act(&page, SHARE, json!({ "routineId": id })).await?;
    Ok(see_other(&format!("/routines/{id}#share")))
}

pub(super) async fn unshare(page: SignedIn, Path(id): Path<String>) -> Result<Response, WebError> {
    act(&page, UNSHARE, json!({ "routineId": id })).await?;
    Ok(see_other(&format!("/routines/{id}#share")))
}

/// What a link opens: the plan, to read and to copy.
pub(super) async fn shared(
    page: SignedIn,
    Path(token): Path<String>,
) -> Result<Response, WebError> {
    let pick = |found: FoundShared| found.shared_routine;
    let routine = page.find(SHARED, json!({ "token": token }), pick).await?;
    let routine = routine.ok_or(WebError::NotFound)?;
    let shell = Shell::new(routine.name.clone(), Tab::Routines);
    Ok(page.html(&shell, &keeping_view::shared(&page, &token, &routine)))
}

pub(super) async fn copy(
    page: SignedIn,
    Path(token): Path<String>,
    form: Form,
) -> Result<Response, WebError> {
    let input = json!({ "token": token, "clientMutationId": form.key() });
    copied(&page, COPY, input).await
}

async fn copied(page: &Page, operation: Operation, input: Value) -> Result<Response, WebError> {
    let created = page.mutate::<Created>(operation, json!({ "input": input }));
    let created = created.await?.map_err(|errors| refusal(&errors))?;
    let routine = created.routine.ok_or_else(WebError::untold)?;
    Ok(with_notice(to(&routine.id), Notice::RoutineCopied))
}

fn to(id: &str) -> Response {
    see_other(&format!("/routines/{id}"))
}
