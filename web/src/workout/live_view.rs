//! The page that is used with one hand between two sets.

use maud::{Markup, html};

use super::{ExerciseLog, GenerationStatus, SetLog, Workout, effort, entry, set_text};
use crate::{
    exercise::{Catalogue, Search, view as exercises},
    form::{Entered, Form, Input},
    format, generation, icon,
    page::Page,
    unit::WeightUnit,
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
            @for log in &workout.exercise_logs { (card(page, &base, log, entered)) }
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

fn card(page: &Page, base: &str, log: &ExerciseLog, entered: &Entered) -> Markup {
    let id = format!("log-{}", log.id);
    let at = format!("{base}/exercises/{}", log.id);
    let next = log.set_logs.len();
    html! {
        section class="card log-card" id=(id) aria-labelledby={ (id) "-name" } data-version=(log.version()) {
            header class="log-head" {
                h2 id={ (id) "-name" } { a href={ "/exercises/" (log.exercise.id) } { (log.exercise.name) } }
                @if let Some(group) = log.superset_group {
                    span class="chip" { (page.t_with("superset", [("group", group.into())])) }
                }
                @if let Some(effort) = log.power_rating { span class="chip" { (page.t("field-effort-short")) " " (effort) } }
            }
            @if let Some(reason) = &log.progression_reason { p class="hint reason" { (reason) } }
            @if let Some(notes) = &log.notes { p class="notes" { (notes) } }
            ol class="sets" {
                @for (index, set) in log.set_logs.iter().enumerate() {
                    (done(page, (&at, &id), log, (index, set), entered))
                }
                (upcoming(page, (&at, &id), log, next, entered))
                @for index in next + 1..log.expected_sets.len() {
                    li class="set-line is-later" {
                        span class="set-index" { (index + 1) }
                        span { @if let Some(target) = log.target(index) { (target.text(page.locale, log.weight_unit)) } }
                    }
                }
            }
            (options(page, (&at, &id), log, entered))
        }
    }
}

/// A logged set; the row opens to change it.
fn done(
    page: &Page,
    (at, card): (&str, &str),
    log: &ExerciseLog,
    (index, set): (usize, &SetLog),
    entered: &Entered,
) -> Markup {
    let form_id = format!("edit-set-{}", set.id);
    let action = format!("{at}/sets/{}", set.id);
    let form = entered.form(&form_id, || {
        let mut form = entry::filled(
            page,
            set.reps,
            set.weight,
            set.time_seconds,
            set.distance_meters,
        );
        effort::fill(&mut form, set.kind, set.rpe);
        form
    });
    let number = page.t_with("set-number", [("number", (index + 1).into())]);
    let before = log
        .previous(index)
        .map(|target| target.text(page.locale, log.weight_unit));
    html! {
        li class="set-line is-done" {
            details open[entered.has(&form_id)] {
                summary aria-label={ (number) ": " (set_text(page, set, log.weight_unit)) ". " (page.t("set-edit")) } {
                    span class="set-index" { (index + 1) }
                    strong { (set_text(page, set, log.weight_unit)) }
                    @if let Some(before) = before { span class="before" { (page.t("sets-last")) " " (before) } }
                    span class="set-done" { (icon::check()) }
                }
                div class="set-edit" {
                    (form.alert())
                    form id=(form_id) class="set-form" method="post" action=(action) hx-post=(action)
                        hx-target={ "#" (card) } hx-select={ "#" (card) } hx-select-oob="#workout-totals" hx-swap="outerHTML" {
                        (page.csrf_field())
                        (form.drawn_field(&form_id))
                        (entry::inputs(page, &form, &form_id, log.exercise.measurement, log.weight_unit))
                        (effort::inputs(page, &form, &form_id))
                        button class="small" type="submit" { (page.t("save")) }
                    }
                    form id={ "remove-set-" (set.id) } method="post" action={ (action) "/remove" } hx-post={ (action) "/remove" }
                        hx-target={ "#" (card) } hx-select={ "#" (card) } hx-select-oob="#workout-totals" hx-swap="outerHTML" {
                        (page.csrf_field())
                        button class="quiet small danger" type="submit" { (icon::bin()) (page.t("set-remove")) }
                    }
                }
            }
        }
    }
}

/// The set to log now, filled with what most likely is done.
fn upcoming(
    page: &Page,
    (at, card): (&str, &str),
    log: &ExerciseLog,
    index: usize,
    entered: &Entered,
) -> Markup {
    let form_id = format!("log-set-{}", log.id);
    let action = format!("{at}/sets");
    let target = log.target(index);
    let plan = log.expected_sets.get(index);
    let form = entered.form(&form_id, || {
        let mut form = entry::suggestion(page, target.as_ref(), log.set_logs.last());
        let kind = plan.map(|plan| plan.kind).unwrap_or_default();
        effort::fill(&mut form, kind, None);
        form
    });
    let unit = log.weight_unit;
    let planned = plan.map(|set| {
        let numbers = super::Target::from(set).text(page.locale, unit);
        match effort::text(page, set.kind, set.rpe) {
            Some(effort) => format!("{numbers} · {effort}"),
            None => numbers,
        }
    });
    let before = log
        .previous(index)
        .map(|target| target.text(page.locale, unit));
    html! {
        li class="set-line is-next" {
            p class="set-target" {
                @if let Some(planned) = planned { span { (page.t("sets-planned")) " " strong { (planned) } } }
                @if let Some(before) = before { span { (page.t("sets-last")) " " strong { (before) } } }
            }
            form id=(form_id) class="set-form" method="post" action=(action) hx-post=(action) hx-target={ "#" (card) }
                hx-select={ "#" (card) } hx-select-oob="#workout-totals" hx-swap="outerHTML" data-log-set data-rest-after=[plan.and_then(|plan| plan.rest_seconds)]
                aria-label=(page.t_with("set-number", [("number", (index + 1).into())])) {
                (page.csrf_field())
                (page.key_field())
                (form.alert())
                span class="set-index" aria-hidden="true" { (index + 1) }
                (entry::inputs(page, &form, &form_id, log.exercise.measurement, unit))
                button class="log-button" id={ (form_id) "-button" } type="submit" aria-label={ (page.t("set-log")) ": " (log.exercise.name) } {
                    (icon::check()) span { (page.t("set-log")) }
                }
                (effort::inputs(page, &form, &form_id))
            }
        }
    }
}

fn options(page: &Page, (at, card): (&str, &str), log: &ExerciseLog, entered: &Entered) -> Markup {
    let form_id = format!("exercise-{}", log.id);
    let form = entered.form(&form_id, || {
        Form::filled([
            ("notes", log.notes.clone()),
            (
                "power_rating",
                log.power_rating.map(|rating| rating.to_string()),
            ),
        ])
    });
    let efforts: Vec<String> = (0..=10).map(|effort| effort.to_string()).collect();
    let mut choices = vec![("", page.t("field-effort-none"))];
    choices.extend(
        efforts
            .iter()
            .map(|effort| (effort.as_str(), effort.clone())),
    );
    html! {
        details class="log-options" open[entered.has(&form_id)] {
            summary { (icon::options()) (page.t("live-options")) }
            form id=(form_id) class="stack" method="post" action=(at) hx-post=(at) hx-target={ "#" (card) }
                hx-select={ "#" (card) } hx-swap="outerHTML" {
                (page.csrf_field())
                (form.drawn_field(&form_id))
                (form.alert())
                (Input::new(&form, &form_id, "notes", page.t("field-notes")).max_length(5000).show_area(2))
                (Input::new(&form, &form_id, "power_rating", page.t("field-effort")).hint(page.t("field-effort-hint"))
                    .show_choice(&choices))
                button class="small" type="submit" { (page.t("save")) }
            }
            div class="option-row" {
                (unit_switch(page, (at, card), log))
                form id={ "remove-exercise-" (log.id) } method="post" action={ (at) "/remove" } {
                    (page.csrf_field())
                    button class="quiet small danger" type="submit" { (icon::bin()) (page.t("live-remove-exercise")) }
                }
            }
        }
    }
}

fn unit_switch(page: &Page, (at, card): (&str, &str), log: &ExerciseLog) -> Markup {
    html! {
        form class="switch" id={ "unit-" (log.id) } method="post" action=(at) hx-post=(at) hx-target={ "#" (card) }
            hx-select={ "#" (card) } hx-swap="outerHTML" aria-label=(page.t("field-unit")) {
            (page.csrf_field())
            @for unit in WeightUnit::ALL {
                button type="submit" class="choice" name="weight_unit" value=(unit.code())
                    aria-pressed=(if unit == log.weight_unit { "true" } else { "false" }) { (page.say(unit.label())) }
            }
        }
    }
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
