use maud::{Markup, html};

use super::{ASKS_AGAIN, StartOptions, WorkoutSummary};
use crate::{
    exercise::view::more,
    form::{Form, Input},
    format, generation,
    graph::Connection,
    icon,
    page::Page,
};

/// The button that starts a workout, empty or from a routine.
pub(crate) fn start_form(
    page: &Page,
    id: &str,
    routine_id: Option<&str>,
    label: Markup,
    class: &str,
) -> Markup {
    html! {
        form id=(id) method="post" action="/workouts" {
            (page.csrf_field())
            (page.key_field())
            @if let Some(routine_id) = routine_id { input type="hidden" name="routine_id" value=(routine_id); }
            button class=(class) type="submit" { (label) }
        }
    }
}

pub(super) fn start(page: &Page, options: &StartOptions, form: &Form) -> Markup {
    html! {
        h1 { (page.t("start-title")) }
        (form.alert())
        @if form.has(ASKS_AGAIN) && !options.active_workouts.is_empty() { (complete_first(page, form)) }
        @for workout in &options.active_workouts {
            section class="card hero-card" {
                p class="eyebrow" { span class="pulse" aria-hidden="true" {} (page.t("home-in-progress")) }
                h2 { (workout.title(page)) }
                p class="actions" {
                    a class="button" href={ "/workouts/" (workout.id) } { (page.t("home-resume")) (icon::arrow()) }
                }
            }
        }
        section aria-labelledby="from-routine" {
            h2 id="from-routine" { (page.t("start-from-routine")) }
            @if options.routines.nodes.is_empty() {
                p class="card empty" {
                    (page.t("start-no-routines")) " " a href="/routines" { (page.t("routines-create")) }
                }
            }
            ul class="rows" {
                @for routine in &options.routines.nodes {
                    li class="row" {
                        a class="row-main" href={ "/routines/" (routine.id) } {
                            span class="row-title" { (routine.name) }
                            span class="row-detail" {
                                (page.t_with("count-exercises", [("count", routine.exercise_count.into())]))
                            }
                        }
                        (start_form(page, &format!("start-routine-{}", routine.id), Some(&routine.id),
                            html! { (icon::start()) (page.t("workout-start")) }, "small"))
                    }
                }
            }
        }
        div class="two-cards" {
            section class="card" {
                h2 { (page.t("start-empty")) }
                p class="dim" { (page.t("start-empty-text")) }
                (start_form(page, "start-empty", None, html! { (icon::plus()) (page.t("start-empty-button")) }, "quiet"))
            }
            section class="card" {
                h2 { (page.t("start-generate")) }
                p class="dim" { (page.t("start-generate-text")) }
                form id="start-generated" class="stack" method="post" action="/workouts" {
                    (page.csrf_field())
                    (page.key_field())
                    input type="hidden" name="generate" value="true";
                    (Input::new(form, "start-generated", "prompt", page.t("field-prompt"))
                        .hint(page.t("start-generate-hint")).max_length(1000).show_area(2))
                    button class="quiet" type="submit" { (icon::sparkle()) (page.t("start-generate-button")) }
                }
                @if let Some(allowance) = &options.generation_allowance { (allowance.show(page)) }
                a class="tap" href=(generation::PATH) { (page.t("generation-change")) }
            }
        }
    }
}

/// Starts what was asked for after the workout under way is finished.
fn complete_first(page: &Page, form: &Form) -> Markup {
    html! {
        form class="card" id="complete-first" method="post" action="/workouts" {
            (page.csrf_field())
            (page.key_field())
            input type="hidden" name=(ASKS_AGAIN) value="COMPLETE";
            @for name in ["routine_id", "generate", "prompt"] {
                @if let Some(value) = form.text(name) { input type="hidden" name=(name) value=(value); }
            }
            button class="quiet" type="submit" { (icon::check()) (page.t("start-complete-first")) }
        }
    }
}

pub(super) fn history(page: &Page, workouts: &Connection<WorkoutSummary>) -> Markup {
    let next = workouts.page_info.next();
    let next = next.and_then(|cursor| serde_urlencoded::to_string([("after", cursor)]).ok());
    let next = next.map(|query| format!("/workouts?{query}"));
    html! {
        h1 { (page.t("history-title")) }
        @if workouts.nodes.is_empty() {
            div class="card empty" {
                p { (page.t("history-none")) }
                a class="button" href="/workouts/new" { (page.t("start-title")) }
            }
        }
        ul class="rows" id="workout-list" { (summary_rows(page, workouts.nodes.iter())) }
        (more(page, next.as_deref(), "workout-list"))
    }
}

pub(crate) fn summary_rows<'a>(
    page: &Page,
    workouts: impl IntoIterator<Item = &'a WorkoutSummary>,
) -> Markup {
    html! {
        @for workout in workouts {
            li class="row" {
                a class="row-main" href={ "/workouts/" (workout.id) } {
                    span class="row-title" { (workout.title(page)) }
                    span class="row-detail" { (page.time(workout.started_at)) " · " (outcome(page, workout)) }
                }
                @if workout.finished_at.is_none() {
                    span class="chip strong" { (page.t("history-in-progress")) }
                } @else if let Some(rating) = workout.rating.filter(|rating| *rating > 0) {
                    span class="rating" title=(page.t("report-rating")) { (icon::star()) (rating) }
                }
            }
        }
    }
}

fn outcome(page: &Page, workout: &WorkoutSummary) -> String {
    let report = &workout.report;
    let mut parts = vec![page.t_with("count-sets", [("count", report.total_sets.into())])];
    if report.total_volume_kg > 0.0 {
        parts.push(format::volume(
            page.locale,
            report.total_volume_kg,
            page.unit(),
        ));
    }
    if workout.finished_at.is_some() {
        parts.push(format::duration(page.locale, report.duration_seconds));
    }
    parts.join(" · ")
}
