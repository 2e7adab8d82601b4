//! One exercise of the live workout: its sets, the next one to log, and what else there is to say of it.

use maud::{Markup, html};

use super::{ExerciseLog, SetLog, Target, effort, entry, report_view, set_text, superset::Block};
use crate::{
    exercise::Measurement,
    form::{Entered, Form, Input},
    icon, loading,
    page::Page,
    unit::WeightUnit,
};

/// Where the forms of a card are sent, and what their answers change.
struct Place {
    /// The workout.
    base: String,
    /// The exercise of it.
    at: String,
    card: String,
    /// What stands outside the card.
    others: String,
}

pub(super) fn card(
    page: &Page,
    base: &str,
    (log, block): (&ExerciseLog, &Block),
    entered: &Entered,
) -> Markup {
    let id = format!("log-{}", log.id);
    let at = format!("{base}/exercises/{}", log.id);
    let next = log.set_logs.len();
    let place = Place {
        base: base.to_owned(),
        at: at.clone(),
        card: id.clone(),
        others: block.others(log),
    };
    html! {
        section class="card log-card" id=(id) aria-labelledby={ (id) "-name" } data-version=(log.version()) {
            header class="log-head" {
                h2 id={ (id) "-name" } { a href={ "/exercises/" (log.exercise.id) } { (log.exercise.name) } }
                @if let Some(group) = log.superset_group.filter(|_| !block.is_superset()) {
                    span class="chip" { (page.t_with("superset", [("group", group.into())])) }
                }
                @if let Some(effort) = log.power_rating { span class="chip" { (page.t("field-effort-short")) " " (effort) } }
            }
            (block.turn(page, log))
            @if let Some(reason) = &log.progression_reason { p class="hint reason" { (reason) } }
            @if let Some(notes) = &log.notes { p class="notes" { (notes) } }
            ol class="sets" {
                @for (index, set) in log.set_logs.iter().enumerate() {
                    (done(page, &place, log, (index, set), entered))
                }
                (upcoming(page, &place, log, next, entered))
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
    Place {
        at, card, others, ..
    }: &Place,
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
                summary aria-label={ (number) ": " (set_text(page, set, log.weight_unit)) ". " (records_of(page, set)) (page.t("set-edit")) } {
                    span class="set-index" { (index + 1) }
                    strong { (set_text(page, set, log.weight_unit)) }
                    (report_view::broken(page, &set.records))
                    @if let Some(before) = before { span class="before" { (page.t("sets-last")) " " (before) } }
                    span class="set-done" { (icon::check()) }
                }
                div class="set-edit" {
                    (form.alert())
                    form id=(form_id) class="set-form" method="post" action=(action) hx-post=(action)
                        hx-target={ "#" (card) } hx-select={ "#" (card) } hx-select-oob=(others) hx-swap="outerHTML" {
                        (page.csrf_field())
                        (form.drawn_field(&form_id))
                        (entry::inputs(page, &form, &form_id, log.exercise.measurement, log.weight_unit))
                        (effort::inputs(page, &form, &form_id))
                        button class="small" type="submit" { (page.t("save")) }
                    }
                    form id={ "remove-set-" (set.id) } method="post" action={ (action) "/remove" } hx-post={ (action) "/remove" }
                        hx-target={ "#" (card) } hx-select={ "#" (card) } hx-select-oob=(others) hx-swap="outerHTML" {
                        (page.csrf_field())
                        button class="quiet small danger" type="submit" { (icon::bin()) (page.t("set-remove")) }
                    }
                }
            }
        }
    }
}

/// The records that a set broke, for those who hear the page.
fn records_of(page: &Page, set: &SetLog) -> String {
    let names: Vec<String> = set
        .records
        .iter()
        .map(|record| page.say(record.name()))
        .collect();
    if names.is_empty() {
        String::new()
    } else {
        format!("{}: {}. ", page.t("record-broken"), names.join(", "))
    }
}

/// The set to log now, filled with what most likely is done.
fn upcoming(
    page: &Page,
    Place {
        base,
        at,
        card,
        others,
    }: &Place,
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
    let load = target.as_ref().and_then(|target| target.weight);
    let load = load.or_else(|| log.set_logs.last().and_then(|set| set.weight));
    let load = load.filter(|load| *load > 0.0);
    let planned = plan.map(|set| {
        let numbers = Target::from(set).text(page.locale, unit);
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
            @if log.exercise.measurement == Measurement::RepsWeight || load.is_some() {
                (loading::at_the_bar(page, (&log.id, &log.exercise.name), load, unit, &format!("{base}#{card}")))
            }
            form id=(form_id) class="set-form" method="post" action=(action) hx-post=(action) hx-target={ "#" (card) }
                hx-select={ "#" (card) } hx-select-oob=(others) hx-swap="outerHTML" data-log-set data-rest-after=[plan.and_then(|plan| plan.rest_seconds)]
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
