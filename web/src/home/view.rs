use maud::{Markup, html};

use super::{Me, RoutineSummary};
use crate::{
    icon,
    page::Page,
    workout::WorkoutSummary,
    workout::view::{start_form, summary_rows},
};

pub(super) fn home(page: &Page, me: &Me) -> Markup {
    let workouts = me.workouts.as_ref().map(|workouts| &workouts.nodes);
    let finished: Option<Vec<&WorkoutSummary>> =
        workouts.map(|all| all.iter().filter(|one| one.finished_at.is_some()).collect());
    html! {
        h1 { (page.t_with("home-hello", [("name", me.display_name.clone().into())])) }
        @match &me.active_workouts {
            Some(active) if active.is_empty() => { (begin(page)) }
            Some(active) => { @for workout in active { (resume(page, workout)) } }
            None => { p class="alert" { (page.t("home-training-away")) } }
        }
        @if let Some(routines) = &me.routines {
            (routine_cards(page, &routines.nodes))
        }
        @if let Some(finished) = finished {
            section aria-labelledby="latest" {
                div class="section-head" {
                    h2 id="latest" { (page.t("home-latest")) }
                    @if !finished.is_empty() { a href="/workouts" { (page.t("home-all-workouts")) } }
                }
                @if finished.is_empty() {
                    p class="card empty" { (page.t("home-no-workouts")) }
                } @else {
                    ul class="rows" { (summary_rows(page, finished)) }
                    p { a class="button quiet" href=(crate::insight::PATH) { (page.t("progress-all")) } }
                }
            }
        }
    }
}

fn begin(page: &Page) -> Markup {
    html! {
        section class="card hero-card" {
            h2 { (page.t("home-ready")) }
            p { (page.t("home-ready-text")) }
            div class="actions" {
                (start_form(page, "start-empty", None, html! { (icon::start()) (page.t("home-start-empty")) }, ""))
                a class="button quiet" href="/workouts/new" { (page.t("home-start-other")) }
            }
        }
    }
}

fn resume(page: &Page, workout: &WorkoutSummary) -> Markup {
    let ago = crate::format::duration(page.locale, workout.report.duration_seconds);
    html! {
        section class="card hero-card" {
            p class="eyebrow" { span class="pulse" aria-hidden="true" {} (page.t("home-in-progress")) }
            h2 { (workout.title(page)) }
            p {
                (page.t_with("home-started-ago", [("ago", ago.into())])) " · "
                (page.t_with("count-sets", [("count", workout.report.total_sets.into())]))
            }
            p class="actions" {
                a class="button" id="resume-workout" href={ "/workouts/" (workout.id) } {
                    (page.t("home-resume")) (icon::arrow())
                }
            }
        }
    }
}

fn routine_cards(page: &Page, routines: &[RoutineSummary]) -> Markup {
    html! {
        section aria-labelledby="routines" {
            div class="section-head" {
                h2 id="routines" { (page.t("home-routines")) }
                a href="/routines" { (page.t("home-all-routines")) }
            }
            @if routines.is_empty() {
                p class="card empty" {
                    (page.t("home-no-routines")) " "
                    a href="/routines" { (page.t("routines-create")) }
                }
            } @else {
                ul class="tiles" {
                    @for routine in routines {
                        li class="card tile" {
                            a class="tile-link" href={ "/routines/" (routine.id) } { (routine.name) }
                            p class="dim" { (page.t_with("count-exercises", [("count", routine.exercise_count.into())])) }
                            (start_form(page, &format!("start-routine-{}", routine.id), Some(&routine.id),
                                html! { (icon::start()) (page.t("workout-start")) }, "quiet small"))
                        }
                    }
                }
            }
        }
    }
}
