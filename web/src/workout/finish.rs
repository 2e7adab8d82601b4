//! The end of a workout, and what is said about it afterwards.

use axum::{extract::Path, response::Response};
use serde_json::json;

use super::{
    OPERATIONS, find,
    live::{act, act_live},
    show_workout,
};
use crate::{
    error::WebError,
    form::{Entered, Form},
    graph::{Done, Operation},
    page::{Notice, SignedIn, see_other, with_notice},
    routine,
};

const COMPLETE: Operation = Operation::new(OPERATIONS, "CompleteWorkout");
const REOPEN: Operation = Operation::new(OPERATIONS, "ReopenWorkout");
const DELETE: Operation = Operation::new(OPERATIONS, "DeleteWorkout");
const RATE: Operation = Operation::new(OPERATIONS, "RateWorkout");
const COMMENT: Operation = Operation::new(OPERATIONS, "CommentWorkout");

pub(super) async fn complete(page: SignedIn, Path(id): Path<String>) -> Result<Response, WebError> {
    let done = see_other(&format!("/workouts/{id}"));
    let input = json!({ "workoutId": id });
    act_live(&page, (&id, None), COMPLETE, input, done).await
}

pub(super) async fn discard(page: SignedIn, Path(id): Path<String>) -> Result<Response, WebError> {
    act(&page, DELETE, json!({ "workoutId": id })).await?;
    Ok(with_notice(see_other("/"), Notice::WorkoutDiscarded))
}

pub(super) async fn rate(
    page: SignedIn,
    Path(id): Path<String>,
    mut form: Form,
) -> Result<Response, WebError> {
    let Some(rating) = form.whole(&page, "rating") else {
        form.fail("rating", page.t("error-rating"));
        return show_workout(&page, &id, Entered::refused("rate".into(), form)).await;
    };
    act(&page, RATE, json!({ "workoutId": id, "rating": rating })).await?;
    Ok(with_notice(
        see_other(&format!("/workouts/{id}")),
        Notice::WorkoutSaved,
    ))
}

pub(super) async fn comment(
    page: SignedIn,
    Path(id): Path<String>,
    mut form: Form,
) -> Result<Response, WebError> {
    let input = json!({ "input": { "workoutId": id, "comment": form.value("comment") } });
    match page.mutate::<Done>(COMMENT, input).await? {
        Ok(Done {}) => Ok(with_notice(
            see_other(&format!("/workouts/{id}")),
            Notice::WorkoutSaved,
        )),
        Err(errors) => {
            form.refuse(errors, &[("comment", "comment")]);
            show_workout(&page, &id, Entered::refused("comment".into(), form)).await
        }
    }
}

/// Goes on with a workout that was finished too early.
pub(super) async fn reopen(page: SignedIn, Path(id): Path<String>) -> Result<Response, WebError> {
    act(&page, REOPEN, json!({ "workoutId": id })).await?;
    Ok(see_other(&format!("/workouts/{id}")))
}

pub(super) async fn copy_to_routine(
    page: SignedIn,
    Path(id): Path<String>,
    form: Form,
) -> Result<Response, WebError> {
    let workout = find(&page, &id).await?;
    let date = crate::format::date(page.locale, page.day_of(workout.started_at));
    let name = format!("{} · {date}", workout.title(&page));
    let routine = routine::copy_of_workout(&page, &id, &name, form.key()).await?;
    Ok(with_notice(see_other(&routine), Notice::RoutineCopied))
}
