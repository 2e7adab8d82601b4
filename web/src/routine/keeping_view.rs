use maud::{Markup, html};

use super::{
    Routine,
    keeping::{SharedExercise, SharedRoutine, SharedSet},
};
use crate::{
    icon,
    page::Page,
    workout::{Target, effort},
};

/// What can be done with a routine as a whole.
pub(super) fn keeping(page: &Page, routine: &Routine) -> Markup {
    let base = format!("/routines/{}", routine.id);
    html! {
        div class="actions" {
            form id="duplicate-routine" method="post" action={ (base) "/duplicate" } {
                (page.csrf_field())
                (page.key_field())
                button class="quiet small" type="submit" { (icon::plus()) (page.t("routine-duplicate")) }
            }
            @if routine.archived_at.is_some() {
                form id="unarchive-routine" method="post" action={ (base) "/unarchive" } {
                    (page.csrf_field())
                    button class="quiet small" type="submit" { (icon::up()) (page.t("routine-unarchive")) }
                }
            } @else {
                form id="archive-routine" method="post" action={ (base) "/archive" } {
                    (page.csrf_field())
                    button class="quiet small" type="submit" { (icon::down()) (page.t("routine-archive")) }
                }
            }
        }
        (share(page, &base, routine))
    }
}

fn share(page: &Page, base: &str, routine: &Routine) -> Markup {
    html! {
        details class="edit" id="share" open[routine.share.is_some()] {
            summary { (icon::person()) (page.t("routine-share")) }
            @if let Some(share) = &routine.share {
                @let link = page.absolute(&format!("/shared/{}", share.token));
                div class="card stack" {
                    p { (page.t("routine-shared")) }
                    p { a id="share-link" href=(link) { (link) } }
                    form id="unshare-routine" method="post" action={ (base) "/unshare" } {
                        (page.csrf_field())
                        button class="quiet small danger" type="submit" { (icon::bin()) (page.t("routine-unshare")) }
                    }
                }
            } @else {
                form class="card stack" id="share-routine" method="post" action={ (base) "/share" } {
                    (page.csrf_field())
                    p { (page.t("routine-share-text")) }
                    button class="small" type="submit" { (page.t("routine-share-button")) }
                }
            }
        }
    }
}

pub(super) fn shared(page: &Page, token: &str, routine: &SharedRoutine) -> Markup {
    html! {
        header class="page-head" {
            h1 { (routine.name) }
            form id="copy-shared-routine" method="post" action={ "/shared/" (token) "/copy" } {
                (page.csrf_field())
                (page.key_field())
                button type="submit" { (icon::plus()) (page.t("shared-copy")) }
            }
        }
        p class="dim" { (page.t("shared-text")) }
        @if !routine.description.is_empty() { p class="prose" { (routine.description) } }
        @if routine.hidden_exercise_count > 0 {
            p class="hint" { (page.t_with("shared-hidden", [("count", routine.hidden_exercise_count.into())])) }
        }
        ol class="instances" {
            @for exercise in &routine.exercises { (shared_exercise(page, exercise)) }
        }
    }
}

fn shared_exercise(page: &Page, exercise: &SharedExercise) -> Markup {
    html! {
        li class="card log-card" {
            header class="log-head" {
                h2 { a href={ "/exercises/" (exercise.exercise.id) } { (exercise.exercise.name) } }
                @if let Some(group) = exercise.superset_group {
                    span class="chip" { (page.t_with("superset", [("group", group.into())])) }
                }
            }
            @if let Some(notes) = &exercise.notes { p class="notes" { (notes) } }
            ol class="sets" {
                @for (index, set) in exercise.sets.iter().enumerate() {
                    li class="set-line" { span class="set-index" { (index + 1) } strong { (set_text(page, set)) } }
                }
            }
        }
    }
}

fn set_text(page: &Page, set: &SharedSet) -> String {
    let target = Target {
        reps: set.reps,
        weight: set.weight_kg.map(|kg| page.unit().of_kg(kg)),
        time_seconds: set.time_seconds,
        distance_meters: None,
        max_reps: set.max_reps,
    };
    let numbers = target.text(page.locale, page.unit());
    match effort::text(page, set.kind, set.rpe) {
        Some(effort) => format!("{numbers} · {effort}"),
        None => numbers,
    }
}
