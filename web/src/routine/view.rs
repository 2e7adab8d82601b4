use maud::{Markup, html};

use super::{Instance, PlannedSet, Routine, Summary, keeping_view, plan, sets, superset};
use crate::{
    exercise::{Catalogue, Measurement, Search, view as exercises},
    form::{Entered, Form, Input},
    graph::Connection,
    icon,
    page::Page,
    text::{Message, msg},
    workout::{entry, view::start_form},
};

pub(super) fn list(
    page: &Page,
    routines: &Connection<Summary>,
    archived: bool,
    form: &Form,
) -> Markup {
    let next = routines.page_info.next();
    let next = next.and_then(|cursor| serde_urlencoded::to_string([("after", cursor)]).ok());
    let next = next.map(|query| format!("{query}&archived={archived}"));
    let next = next.map(|query| format!("/routines?{query}"));
    html! {
        h1 { (page.t("routines-title")) }
        form id="create-routine" class="card inline-form" method="post" action="/routines" novalidate {
            (page.csrf_field())
            (page.key_field())
            (form.alert())
            (Input::new(form, "create-routine", "name", page.t("field-routine-name")).max_length(200)
                .autocomplete("off").required().show())
            button type="submit" { (icon::plus()) (page.t("routines-create")) }
        }
        @if routines.nodes.is_empty() {
            p class="card empty" { (if archived { page.t("routines-none-archived") } else { page.t("routines-none") }) }
        }
        ul class="rows" id="routine-list" {
            @for routine in &routines.nodes {
                li class="row" {
                    a class="row-main" href={ "/routines/" (routine.id) } {
                        span class="row-title" { (routine.name) }
                        span class="row-detail" {
                            (page.t_with("count-exercises", [("count", routine.exercise_count.into())]))
                            @if !routine.description.is_empty() { " · " (routine.description) }
                        }
                    }
                    (start_form(page, &format!("start-routine-{}", routine.id), Some(&routine.id),
                        html! { (icon::start()) (page.t("workout-start")) }, "quiet small"))
                }
            }
        }
        (exercises::more(page, next.as_deref(), "routine-list"))
        p {
            @if archived {
                a href="/routines" { (page.t("routines-current")) }
            } @else {
                a href="/routines?archived=true" { (page.t("routines-archived")) }
            }
        }
    }
}

pub(super) fn editor(page: &Page, routine: &Routine, entered: &Entered) -> Markup {
    let base = format!("/routines/{}", routine.id);
    html! {
        p class="crumb" { a href="/routines" { (page.t("routines-title")) } }
        header class="page-head" {
            h1 { (routine.name) }
            @if !routine.exercise_instances.is_empty() {
                (start_form(page, "start-workout", Some(&routine.id), html! { (icon::start()) (page.t("workout-start")) }, ""))
            }
        }
        @if !routine.description.is_empty() { p class="prose" { (routine.description) } }
        (details(page, routine, entered))
        @if routine.exercise_instances.is_empty() {
            p class="card empty" { (page.t("routine-empty")) }
        }
        ol class="instances" id="instances" data-sortable="order" {
            @let last = routine.exercise_instances.len().saturating_sub(1);
            @for (index, instance) in routine.exercise_instances.iter().enumerate() {
                @let place = superset::Place::of(&routine.exercise_instances, index);
                (self::instance(page, &base, (instance, place), (index == 0, index == last), entered))
            }
        }
        form id="order" method="post" action={ (base) "/order" } hidden { (page.csrf_field()) }
        p class="actions" {
            a class="button wide" id="add-exercise" href={ (base) "/add" } { (icon::plus()) (page.t("routine-add-exercise")) }
        }
        (keeping_view::keeping(page, routine))
        details class="danger" {
            summary { (page.t("routine-delete")) }
            form id="delete-routine" method="post" action={ (base) "/delete" } {
                (page.csrf_field())
                p { (page.t("routine-delete-sure")) }
                button class="danger" type="submit" { (page.t("routine-delete")) }
            }
        }
    }
}

fn details(page: &Page, routine: &Routine, entered: &Entered) -> Markup {
    let form = entered.form("routine-details", || {
        Form::filled([
            ("name", Some(routine.name.clone())),
            ("description", Some(routine.description.clone())),
        ])
    });
    html! {
        details class="edit" open[entered.has("routine-details")] {
            summary { (icon::pencil()) (page.t("routine-rename")) }
            form id="routine-details" class="card stack" method="post" action={ "/routines/" (routine.id) } novalidate {
                (page.csrf_field())
                (form.alert())
                (Input::new(&form, "routine-details", "name", page.t("field-routine-name")).max_length(200).required().show())
                (Input::new(&form, "routine-details", "description", page.t("field-description")).max_length(5000).show_area(3))
                button type="submit" { (page.t("save")) }
            }
        }
    }
}

fn instance(
    page: &Page,
    base: &str,
    (instance, place): (&Instance, superset::Place),
    (is_first, is_last): (bool, bool),
    entered: &Entered,
) -> Markup {
    let card = format!("instance-{}", instance.id);
    let at = format!("{base}/exercises/{}", instance.id);
    html! {
        li class=(place.class()) id=(card) data-id=(instance.id) {
            @if let Some(group) = instance.superset_group {
                p class="superset-name" { (icon::link()) strong { (page.t_with("superset", [("group", group.into())])) } }
            }
            header class="log-head" {
                span class="grip with-script" data-grip title=(page.t("routine-drag")) { (icon::grip()) }
                h2 { a href={ "/exercises/" (instance.exercise.id) } { (instance.exercise.name) } }
                form class="moves" method="post" action={ (at) "/move" } hx-post={ (at) "/move" }
                    hx-target="#instances" hx-select="#instances" hx-swap="outerHTML" {
                    (page.csrf_field())
                    button class="icon-button" id={ "up-" (instance.id) } name="direction" value="up" disabled[is_first]
                        aria-label=(named(page, msg("routine-up"), instance)) { (icon::up()) }
                    button class="icon-button" id={ "down-" (instance.id) } name="direction" value="down" disabled[is_last]
                        aria-label=(named(page, msg("routine-down"), instance)) { (icon::down()) }
                }
                form class="moves" method="post" action={ (at) "/remove" } id={ "remove-exercise-" (instance.id) } {
                    (page.csrf_field())
                    button class="icon-button" aria-label=(named(page, msg("routine-remove"), instance)) { (icon::bin()) }
                }
            }
            ol class="sets" {
                @for (index, set) in instance.sets.iter().enumerate() {
                    (self::set(page, (&at, &card), index, set, instance.exercise.measurement, entered))
                }
            }
            (add_set(page, (&at, &card), instance, entered))
            (superset::button(page, &at, instance, place))
            (plan::options(page, (&at, &card), instance, entered))
        }
    }
}

fn named(page: &Page, message: Message, instance: &Instance) -> String {
    format!("{}: {}", page.say(message), instance.exercise.name)
}

/// Saves itself as soon as a number changes, where scripts run.
fn set(
    page: &Page,
    (at, card): (&str, &str),
    index: usize,
    set: &PlannedSet,
    measurement: Measurement,
    entered: &Entered,
) -> Markup {
    let unit = page.unit();
    let form_id = format!("set-{}", set.id);
    let action = format!("{at}/sets/{}", set.id);
    let form = entered.form(&form_id, || {
        let weight = set.weight_kg.map(|kg| unit.of_kg(kg));
        let mut form = entry::filled(page, set.reps, weight, set.time_seconds, None);
        sets::fill(page, &mut form, set);
        form
    });
    let number = page.t_with("set-number", [("number", (index + 1).into())]);
    html! {
        li class="set-line" {
            form id=(form_id) class="set-form" method="post" action=(action) aria-label=(number)
                hx-post=(action) hx-trigger="change, submit" hx-swap="none" hx-target={ "#" (card) } hx-select={ "#" (card) }
                hx-select-oob={ "#" (form_id) "-drawn" } data-quiet {
                (page.csrf_field())
                (form.drawn_field(&form_id))
                span class="set-index" aria-hidden="true" { (index + 1) }
                (entry::inputs(page, &form, &form_id, planned(measurement), unit))
                (sets::details(page, &form, &form_id, set))
                button class="quiet small no-script" type="submit" { (icon::check()) span { (page.t("save")) } }
            }
            form id={ "remove-set-" (set.id) } method="post" action={ (action) "/remove" } hx-post={ (action) "/remove" }
                hx-target={ "#" (card) } hx-select={ "#" (card) } hx-swap="outerHTML" {
                (page.csrf_field())
                button class="icon-button" aria-label={ (page.t("set-remove")) ": " (number) } { (icon::bin()) }
            }
            @if let Some(alert) = entered.has(&form_id).then(|| form.alert()) { (alert) }
        }
    }
}

/// What is planned of a distance is its time.
fn planned(measurement: Measurement) -> Measurement {
    match measurement {
        Measurement::Distance => Measurement::Time,
        other => other,
    }
}

/// One more set like the last one.
fn add_set(
    page: &Page,
    (at, card): (&str, &str),
    instance: &Instance,
    entered: &Entered,
) -> Markup {
    let unit = page.unit();
    let measurement = planned(instance.exercise.measurement);
    let form_id = format!("add-set-{}", instance.id);
    let form = entered.form(&form_id, || match (instance.sets.last(), measurement) {
        (Some(set), _) => entry::filled(
            page,
            set.reps,
            set.weight_kg.map(|kg| unit.of_kg(kg)),
            set.time_seconds,
            None,
        ),
        (None, Measurement::Time) => entry::filled(page, None, None, Some(30.0), None),
        (None, _) => entry::filled(page, Some(10), None, None, None),
    });
    html! {
        form id=(form_id) class="set-form add" method="post" action={ (at) "/sets" } hx-post={ (at) "/sets" }
            hx-target={ "#" (card) } hx-select={ "#" (card) } hx-swap="outerHTML" {
            (page.csrf_field())
            (page.key_field())
            (form.alert())
            span class="set-index" aria-hidden="true" { "+" }
            (entry::inputs(page, &form, &form_id, measurement, unit))
            button class="quiet" id={ (form_id) "-button" } type="submit" { (icon::plus()) span { (page.t("set-add")) } }
        }
    }
}

pub(super) fn picker(
    page: &Page,
    routine: &Routine,
    wanted: &Search,
    catalogue: &Catalogue,
) -> Markup {
    let base = format!("/routines/{}", routine.id);
    let path = format!("{base}/add");
    html! {
        p class="crumb" { a href=(base) { (routine.name) } }
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
