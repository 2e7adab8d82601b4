//! The page that is used with one hand between two sets.

use maud::{Markup, html};

use super::{GenerationStatus, Workout, card_view::card, superset};
use crate::{
    exercise::{Catalogue, Search, view as exercises},
    form::Entered,
    format, generation, icon,
    page::Page,
};

pub(super) fn live(page: &Page, workout: &Workout, entered: &Entered) -> Markup {
    let base = format!("/workouts/{}", workout.id);
    html! {
        div id="workout" data-workout data-changes={ (base) "/changes" } data-changed=(page.t("live-changed")) {
            header class="live-head" {
                div {
                    p class="eyebrow" { span class="pulse" aria-hidden="true" {} (page.t("home-in-progress")) }
                    h1 { (workout.title(page)) }
                }
                (totals(page, workout))
                a class="button small quiet" href="#finish" { (page.t("live-finish")) }
            }
            (generated(page, &base, workout))
            @if workout.exercise_logs.is_empty() {
                p class="card empty" { (page.t("live-empty")) }
            }
            @for block in superset::blocks(&workout.exercise_logs) {
                @match block.group.filter(|_| block.is_superset()) {
                    Some(group) => {
                        @let name = page.t_with("superset", [("group", group.into())]);
                        section class="superset" aria-label=(name) {
                            p class="superset-name" { (icon::link()) strong { (name) } span { (page.t("superset-turns")) } }
                            @for log in &block.logs { (card(page, &base, (log, &block), entered)) }
                        }
                    }
                    None => @for log in &block.logs { (card(page, &base, (log, &block), entered)) }
                }
            }
            p class="actions" {
                a class="button quiet wide" id="add-exercise" href={ (base) "/add" } { (icon::plus()) (page.t("live-add-exercise")) }
            }
            p class="no-script" { a class="no-script" id="look" href=(base) { (page.t("live-look")) } }
            (finish(page, &base))
        }
        (rest_timer(page))
    }
}

fn totals(page: &Page, workout: &Workout) -> Markup {
    let report = &workout.report;
    html! {
        dl class="totals" id="workout-totals" {
            div {
                dt { (page.t("total-time")) }
                dd { time class="elapsed" datetime=(workout.started_at.to_rfc3339()) data-elapsed {
                    (format::duration(page.locale, report.duration_seconds))
                } }
            }
            div { dt { (page.t("total-sets")) } dd { (report.total_sets) } }
            @if report.total_volume_kg > 0.0 {
                div {
                    dt { (page.t("total-volume")) }
                    dd { (format::volume(page.locale, report.total_volume_kg, page.unit())) }
                }
            }
        }
    }
}

fn generated(page: &Page, base: &str, workout: &Workout) -> Markup {
    html! {
        @match workout.generation_status {
            Some(GenerationStatus::Running) => {
                div class="card" id="generation" hx-get=(base) hx-trigger="every 2s" hx-target="#workout"
                    hx-select="#workout" hx-swap="outerHTML" {
                    p { (icon::sparkle()) (page.t("generation-running")) }
                    a class="no-script" href=(base) { (page.t("generation-look")) }
                }
            }
            Some(GenerationStatus::Failed) => {
                form class="card" id="generation" method="post" action={ (base) "/generate" } {
                    (page.csrf_field())
                    (page.key_field())
                    p { (page.t("generation-failed")) }
                    @if let Some(reason) = &workout.reasoning { p class="dim" { (reason) } }
                    p { a href=(generation::PATH) { (page.t("generation-change")) } }
                    button type="submit" { (page.t("problem-again")) }
                }
            }
            Some(GenerationStatus::Completed) | None => {}
        }
        @if let Some(reasoning) = why(workout) {
            details class="reasoning" {
                summary { (icon::sparkle()) (page.t("generation-why")) }
                p { (reasoning) }
            }
        }
    }
}

/// Why the exercises were chosen; a generation that failed says there why it did.
fn why(workout: &Workout) -> Option<&str> {
    let is_made =
        workout.is_generated && workout.generation_status != Some(GenerationStatus::Failed);
    let reasoning = workout.reasoning.as_deref();
    reasoning.filter(|text| is_made && !text.is_empty())
}

fn finish(page: &Page, base: &str) -> Markup {
    html! {
        section class="card finish" id="finish" aria-labelledby="finish-title" {
            h2 id="finish-title" { (page.t("finish-title")) }
            p class="dim" { (page.t("finish-text")) }
            form id="complete-workout" method="post" action={ (base) "/complete" } {
                (page.csrf_field())
                button class="wide" type="submit" { (icon::check()) (page.t("finish-button")) }
            }
            details class="danger" {
                summary { (page.t("discard-workout")) }
                form id="discard-workout" method="post" action={ (base) "/discard" } {
                    (page.csrf_field())
                    p { (page.t("discard-sure")) }
                    button class="danger" type="submit" { (page.t("discard-workout")) }
                }
            }
        }
    }
}

/// Shown by the script once a set has been logged.
fn rest_timer(page: &Page) -> Markup {
    html! {
        div id="rest-timer" class="rest" role="timer" aria-label=(page.t("timer-rest")) data-over=(page.t("timer-over")) hidden {
            div class="rest-bar" {}
            button class="icon-button" type="button" data-rest="-15" aria-label=(page.t("timer-shorter")) { "−15" }
            span class="rest-text" { (icon::timer()) span data-rest-label { (page.t("timer-rest")) } strong data-rest-left { "1:30" } }
            button class="icon-button" type="button" data-rest="15" aria-label=(page.t("timer-longer")) { "+15" }
            button class="quiet small" type="button" data-rest="stop" { (page.t("timer-skip")) }
        }
    }
}

pub(super) fn picker(
    page: &Page,
    workout: &Workout,
    wanted: &Search,
    catalogue: &Catalogue,
) -> Markup {
    let base = format!("/workouts/{}", workout.id);
    let path = format!("{base}/add");
    html! {
        p class="crumb" { a href=(base) { (workout.title(page)) } }
        h1 { (page.t("picker-title")) }
        (exercises::search_form(page, &path, wanted, catalogue))
        (exercises::results(page, &path, wanted, catalogue, |exercise| html! {
            form method="post" action={ (base) "/exercises" } {
                (page.csrf_field())
                (page.key_field())
                input type="hidden" name="exercise_id" value=(exercise.id);
                button class="small" type="submit" aria-label={ (page.t("picker-add")) ": " (exercise.name) } { (page.t("picker-add")) }
            }
        }))
    }
}
