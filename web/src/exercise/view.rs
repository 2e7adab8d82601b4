use maud::{Markup, html};

use super::{Catalogue, Equipment, Exercise, ExerciseRow, MuscleGroup, PastLog, Search, records};
use crate::{icon, page::Page, workout::set_text};

pub(super) fn list(page: &Page, wanted: &Search, catalogue: &Catalogue) -> Markup {
    html! {
        header class="page-head" {
            h1 { (page.t("exercises-title")) }
            a class="button quiet" id="new-exercise" href="/exercises/new" { (icon::plus()) (page.t("own-new")) }
        }
        (search_form(page, "/exercises", wanted, catalogue))
        (results(page, "/exercises", wanted, catalogue, |_| html! { span class="row-arrow" { (icon::arrow()) } }))
    }
}

/// The search: a plain form, which answers while one types where scripts run.
pub(crate) fn search_form(
    page: &Page,
    path: &str,
    wanted: &Search,
    catalogue: &Catalogue,
) -> Markup {
    html! {
        form id="exercise-search" class="search" method="get" action=(path) role="search"
            hx-get=(path) hx-trigger="input delay:250ms, submit" hx-target="#results" hx-select="#results"
            hx-swap="outerHTML" hx-replace-url="true" hx-sync="this:replace" {
            div class="search-box" {
                label class="unseen" for="search-q" { (page.t("exercises-search")) }
                (icon::search())
                input id="search-q" name="q" type="search" value=(wanted.q) placeholder=(page.t("exercises-search"))
                    autocomplete="off" enterkeyhint="search";
                button class="quiet no-script" type="submit" { (page.t("exercises-find")) }
            }
            div class="filters" {
                div {
                    label class="unseen" for="search-muscle" { (page.t("exercises-muscle")) }
                    select id="search-muscle" name="muscle" {
                        option value="" { (page.t("exercises-any-muscle")) }
                        @for group in &catalogue.muscle_groups {
                            option value=(group.id) selected[group.id == wanted.muscle] { (group.name) }
                        }
                    }
                }
                div {
                    label class="unseen" for="search-equipment" { (page.t("exercises-equipment")) }
                    select id="search-equipment" name="equipment" {
                        option value="" { (page.t("exercises-any-equipment")) }
                        @for equipment in Equipment::ALL {
                            option value=(equipment.code()) selected[equipment.code() == wanted.equipment] {
                                (page.say(equipment.message()))
                            }
                        }
                    }
                }
                div {
                    label class="unseen" for="search-owner" { (page.t("exercises-owner")) }
                    select id="search-owner" name="owner" {
                        option value="" { (page.t("exercises-any-owner")) }
                        option value="catalogue" selected[wanted.owner == "catalogue"] { (page.t("exercises-catalogue")) }
                        option value="mine" selected[wanted.owner == "mine"] { (page.t("exercises-mine")) }
                    }
                }
            }
        }
    }
}

/// What was found, each row with an `action` at its end.
pub(crate) fn results(
    page: &Page,
    path: &str,
    wanted: &Search,
    catalogue: &Catalogue,
    action: impl Fn(&ExerciseRow) -> Markup,
) -> Markup {
    let found = &catalogue.exercises;
    html! {
        div id="results" aria-live="polite" {
            @if found.nodes.is_empty() {
                p class="card empty" { (page.t("exercises-none")) }
            }
            ul class="rows" id="results-list" {
                @for exercise in &found.nodes {
                    li class="row" { (row(page, exercise)) (action(exercise)) }
                }
            }
            (more(page, found.page_info.next().map(|cursor| wanted.continued(path, cursor)).as_deref(), "results-list"))
        }
    }
}

/// A link to the next page, which scripts append to `list` in place.
pub(crate) fn more(page: &Page, next: Option<&str>, list: &str) -> Markup {
    html! {
        p class="more" id="more" {
            @if let Some(next) = next {
                a class="button quiet" href=(next) hx-get=(next) hx-target={ "#" (list) } hx-select={ "#" (list) " > li" }
                    hx-swap="beforeend" hx-select-oob="#more" { (page.t("more")) }
            }
        }
    }
}

fn row(page: &Page, exercise: &ExerciseRow) -> Markup {
    html! {
        a class="row-main" href={ "/exercises/" (exercise.id) } {
            span class="row-title" { (exercise.name) }
            span class="row-detail" { (detail_line(page, exercise)) }
        }
    }
}

fn detail_line(page: &Page, exercise: &ExerciseRow) -> String {
    let groups = exercise.primary_muscle_groups.iter();
    let groups: Vec<&str> = groups.map(|group| group.name.as_str()).collect();
    let equipment = page.say(exercise.equipment.message());
    if groups.is_empty() {
        equipment
    } else {
        format!("{} · {equipment}", groups.join(", "))
    }
}

pub(super) fn detail(page: &Page, exercise: &Exercise) -> Markup {
    let row = &exercise.row;
    html! {
        p class="crumb" { a href="/exercises" { (page.t("exercises-title")) } }
        header class="page-head" {
            h1 { (row.name) }
            @if exercise.is_own && !exercise.is_deleted {
                a class="button quiet" id="edit-exercise" href={ "/exercises/" (row.id) "/edit" } { (icon::pencil()) (page.t("own-edit")) }
            }
        }
        ul class="chips" {
            @for group in &row.primary_muscle_groups { li class="chip strong" { (group.name) } }
            @for MuscleGroup { name, .. } in &exercise.secondary_muscle_groups { li class="chip" { (name) } }
            li class="chip" { (page.say(row.equipment.message())) }
            li class="chip" { (page.say(row.measurement.message())) }
            @if exercise.is_unilateral { li class="chip" { (page.t("exercise-one-side")) } }
            @if let Some(level) = exercise.level { li class="chip" { (page.say(level.message())) } }
        }
        @if exercise.is_deleted { p class="card empty" { (page.t("own-deleted")) } }
        @if let Some(description) = exercise.own_description() { p class="prose" { (description) } }
        @if !exercise.instructions.is_empty() {
            section aria-labelledby="steps" {
                h2 id="steps" { (page.t("exercise-steps")) }
                ol class="steps prose" {
                    @for step in &exercise.instructions { li { (step) } }
                }
            }
        }
        @if let Some(video) = exercise.video_url.as_deref().filter(|url| url.starts_with("https://")) {
            p { a href=(video) rel="noopener noreferrer external" { (page.t("exercise-video")) } }
        }
        (records::records(page, &exercise.records))
        (records::progress(page, &exercise.progress))
        section aria-labelledby="history" {
            h2 id="history" { (page.t("exercise-history")) }
            @if exercise.history.nodes.is_empty() {
                p class="card empty" { (page.t("exercise-no-history")) }
            } @else {
                ul class="rows" id="history-list" {
                    @for log in &exercise.history.nodes { (past_log(page, log)) }
                }
                (more(page, exercise.history.page_info.next().map(|cursor| next_history(row, cursor)).as_deref(), "history-list"))
            }
        }
        @if !exercise.alternatives.is_empty() {
            section aria-labelledby="alternatives" {
                h2 id="alternatives" { (page.t("exercise-alternatives")) }
                ul class="rows" {
                    @for other in &exercise.alternatives {
                        li class="row" { (self::row(page, other)) span class="row-arrow" { (icon::arrow()) } }
                    }
                }
            }
        }
    }
}

fn next_history(exercise: &ExerciseRow, cursor: &str) -> String {
    let query = serde_urlencoded::to_string([("after", cursor)]).unwrap_or_default();
    format!("/exercises/{}?{query}", exercise.id)
}

fn past_log(page: &Page, log: &PastLog) -> Markup {
    html! {
        li class="row" {
            a class="row-main" href={ "/workouts/" (log.workout.id) } {
                span class="row-detail" { (page.time(log.workout.started_at)) }
                span class="set-list" {
                    @for set in &log.set_logs { span class="chip" { (set_text(page, set, log.weight_unit)) } }
                }
            }
        }
    }
}
