use chrono::{DateTime, TimeDelta, Utc};
use maud::{Markup, html};

use super::{ExerciseLog, Workout, set::Record, set_text, view::start_form};
use crate::{
    form::{Entered, Form, Input},
    format, icon,
    page::Page,
};

/// How long after its end a workout can be gone on with.
const REOPENS: TimeDelta = TimeDelta::hours(24);

pub(super) fn report(
    page: &Page,
    workout: &Workout,
    finished_at: DateTime<Utc>,
    entered: &Entered,
) -> Markup {
    let base = format!("/workouts/{}", workout.id);
    html! {
        p class="crumb" { a href="/workouts" { (page.t("history-title")) } }
        header class="report-head" {
            p class="eyebrow done" { (icon::check()) (page.t("report-done")) }
            h1 { (workout.title(page)) }
            p class="dim" { (page.time(finished_at)) }
        }
        (tiles(page, workout))
        (rating(page, &base, workout, entered))
        section aria-labelledby="exercises" {
            h2 id="exercises" { (page.t("report-exercises")) }
            @if workout.exercise_logs.is_empty() { p class="card empty" { (page.t("report-nothing")) } }
            @for log in &workout.exercise_logs { (exercise(page, log)) }
        }
        (comment(page, &base, workout, entered))
        div class="actions" {
            @if Utc::now() - finished_at < REOPENS {
                form id="reopen-workout" method="post" action={ (base) "/reopen" } {
                    (page.csrf_field())
                    button class="quiet" type="submit" { (icon::pencil()) (page.t("report-reopen")) }
                }
            }
            @if let Some(routine) = &workout.routine {
                (start_form(page, "start-again", Some(&routine.id), html! { (icon::start()) (page.t("report-again")) }, "quiet"))
            }
            @if !workout.exercise_logs.is_empty() {
                form id="copy-to-routine" method="post" action={ (base) "/routine" } {
                    (page.csrf_field())
                    (page.key_field())
                    button class="quiet" type="submit" { (icon::routines()) (page.t("report-to-routine")) }
                }
            }
        }
        details class="danger" {
            summary { (page.t("report-delete")) }
            form id="delete-workout" method="post" action={ (base) "/discard" } {
                (page.csrf_field())
                p { (page.t("report-delete-sure")) }
                button class="danger" type="submit" { (page.t("report-delete")) }
            }
        }
    }
}

fn tiles(page: &Page, workout: &Workout) -> Markup {
    let report = &workout.report;
    let tile = |name: String, value: String| {
        html! { div class="card stat" { dt { (name) } dd { (value) } } }
    };
    html! {
        dl class="stats" id="report" {
            (tile(page.t("total-sets"), report.total_sets.to_string()))
            (tile(page.t("total-reps"), report.total_reps.to_string()))
            (tile(page.t("total-volume"), format::volume(page.locale, report.total_volume_kg, page.unit())))
            (tile(page.t("total-duration"), format::duration(page.locale, report.duration_seconds)))
            @if report.total_time_seconds > 0.0 {
                (tile(page.t("total-timed"), format::duration(page.locale, report.total_time_seconds)))
            }
        }
    }
}

/// One tap on a star rates.
fn rating(page: &Page, base: &str, workout: &Workout, entered: &Entered) -> Markup {
    let rated = workout.rating.unwrap_or(0);
    let refused = entered.form("rate", Form::default);
    html! {
        form class="card rate" id="rate" method="post" action={ (base) "/rate" } {
            (page.csrf_field())
            p id="rate-label" { (page.t("report-rate")) }
            div class="stars" role="group" aria-labelledby="rate-label" {
                @for stars in 1..=5_u8 {
                    button class={ "star" @if stars <= rated { " is-on" } } type="submit" name="rating" value=(stars)
                        aria-pressed=(if stars == rated { "true" } else { "false" })
                        aria-label=(page.t_with("report-stars", [("count", stars.into())])) { (icon::star()) }
                }
            }
            @if let Some(error) = refused.error("rating") { p class="field-error" { (error) } }
        }
    }
}

fn exercise(page: &Page, log: &ExerciseLog) -> Markup {
    html! {
        section class="card log-card" id={ "log-" (log.id) } {
            header class="log-head" {
                h3 { a href={ "/exercises/" (log.exercise.id) } { (log.exercise.name) } }
                @if let Some(effort) = log.power_rating { span class="chip" { (page.t("field-effort-short")) " " (effort) } }
            }
            @if let Some(notes) = &log.notes { p class="notes" { (notes) } }
            @if log.set_logs.is_empty() {
                p class="dim" { (page.t("report-no-sets")) }
            } @else {
                ol class="sets" {
                    @for (index, set) in log.set_logs.iter().enumerate() {
                        li class="set-line" {
                            span class="set-index" { (index + 1) }
                            strong { (set_text(page, set, log.weight_unit)) }
                            (broken(page, &set.records))
                            @if let Some(before) = log.previous(index) {
                                span class="before" { (page.t("sets-last")) " " (before.text(page.locale, log.weight_unit)) }
                            }
                        }
                    }
                }
            }
        }
    }
}

/// A mark on a set that broke records; which ones, for those who point at it or hear it.
pub(super) fn broken(page: &Page, records: &[Record]) -> Markup {
    let names: Vec<String> = records
        .iter()
        .map(|record| page.say(record.name()))
        .collect();
    html! {
        @if !names.is_empty() {
            span class="chip strong record" title=(names.join(", ")) {
                (icon::trophy()) (page.t("record-broken")) span class="unseen" { ": " (names.join(", ")) }
            }
        }
    }
}

fn comment(page: &Page, base: &str, workout: &Workout, entered: &Entered) -> Markup {
    let form = entered.form("comment", || {
        Form::filled([("comment", workout.comment.clone())])
    });
    html! {
        form class="card stack" id="comment" method="post" action={ (base) "/comment" } {
            (page.csrf_field())
            (form.alert())
            (Input::new(&form, "comment", "comment", page.t("field-comment")).max_length(5000).show_area(3))
            button class="small" type="submit" { (page.t("save")) }
        }
    }
}
