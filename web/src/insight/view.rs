use std::collections::BTreeMap;

use chrono::{Datelike as _, Days, NaiveDate};
use maud::{Markup, html};

use super::{
    Day, PATH, Progress, Streak, Week,
    chart::{self, Point},
    months_on,
};
use crate::{format, measurement, page::Page};

pub(super) fn progress(page: &Page, progress: &Progress, month: NaiveDate) -> Markup {
    html! {
        h1 { (page.t("progress-title")) }
        (streak(page, &progress.streak))
        (calendar(page, &progress.days, month))
        (weeks(page, &progress.weeks))
        (muscles(page, &progress.weeks))
        p { a class="button quiet" href=(measurement::PATH) { (page.t("measurements-title")) } }
    }
}

fn streak(page: &Page, streak: &Streak) -> Markup {
    let weeks = |count: u32| page.t_with("progress-weeks-count", [("count", count.into())]);
    html! {
        dl class="stats" id="streak" {
            div class="card stat" { dt { (page.t("progress-streak")) } dd { (weeks(streak.current_weeks)) } }
            div class="card stat" { dt { (page.t("progress-longest")) } dd { (weeks(streak.longest_weeks)) } }
        }
        @if !streak.trained_this_week && streak.current_weeks > 0 {
            p class="dim" { (page.t("progress-keep")) }
        }
    }
}

/// The weeks of a month from Monday on; days of other months are left empty.
fn calendar(page: &Page, days: &[Day], month: NaiveDate) -> Markup {
    let trained: BTreeMap<NaiveDate, &Day> = days.iter().map(|day| (day.date, day)).collect();
    let monday = month - Days::new(u64::from(month.weekday().num_days_from_monday()));
    let is_shown = |monday: &NaiveDate| *monday < month || monday.month() == month.month();
    html! {
        section aria-labelledby="calendar-title" {
            div class="section-head" {
                h2 id="calendar-title" { (page.t_with("progress-month", [("month", month.month().into()), ("year", month.year().to_string().into())])) }
                nav class="months" aria-label=(page.t("progress-months")) {
                    a href={ (PATH) "?month=" (months_on(month, false)) } rel="prev" { (page.t("progress-earlier")) }
                    a href={ (PATH) "?month=" (months_on(month, true)) } rel="next" { (page.t("progress-later")) }
                }
            }
            table class="card calendar" id="calendar" {
                thead { tr { @for day in 1..=7_u8 { th scope="col" { (page.t_with("weekday", [("day", day.into())])) } } } }
                tbody {
                    @for monday in monday.iter_weeks().take_while(is_shown) {
                        tr { @for day in monday.iter_days().take(7) { (cell(page, day, month, &trained)) } }
                    }
                }
            }
        }
    }
}

fn cell(
    page: &Page,
    day: NaiveDate,
    month: NaiveDate,
    trained: &BTreeMap<NaiveDate, &Day>,
) -> Markup {
    let workouts = trained.get(&day).map_or(&[][..], |day| &day.workouts);
    html! {
        td {
            @if day.month() == month.month() {
                @match workouts {
                    [] => { (day.day()) }
                    [first, ..] => {
                        a class="trained" href={ "/workouts/" (first.id) } {
                            (day.day())
                            span class="unseen" { " " (page.t_with("count-workouts", [("count", workouts.len().into())])) }
                        }
                    }
                }
            }
        }
    }
}

fn weeks(page: &Page, weeks: &[Week]) -> Markup {
    let title = page.t("progress-sets-a-week");
    let day = |week: &Week| format::day(page.locale, week.starts_on);
    let points: Vec<Point> = weeks
        .iter()
        .map(|week| Point {
            label: day(week),
            value: f64::from(week.sets),
        })
        .collect();
    html! {
        section aria-labelledby="weeks-title" {
            h2 id="weeks-title" { (title) }
            div class="card" {
                (chart::bars(&title, &points, &|value| format::number(page.locale, value, 0)))
                details {
                    summary { (page.t("chart-as-table")) }
                    table class="numbers" id="weeks" {
                        thead { tr {
                            th scope="col" { (page.t("progress-week-of")) }
                            th scope="col" { (page.t("progress-workouts")) }
                            th scope="col" { (page.t("total-sets")) }
                            th scope="col" { (page.t("total-volume")) }
                        } }
                        tbody {
                            @for week in weeks.iter().rev() {
                                tr {
                                    th scope="row" { (day(week)) }
                                    td { (week.workouts) }
                                    td { (week.sets) }
                                    td { (format::volume(page.locale, week.volume_kg, page.unit())) }
                                }
                            }
                        }
                    }
                }
            }
        }
    }
}

/// Sets of each muscle group: this week, and the mean of the four weeks before.
fn muscles(page: &Page, weeks: &[Week]) -> Markup {
    let Some((this, before)) = weeks.split_last() else {
        return html! {};
    };
    let before = &before[before.len().saturating_sub(4)..];
    let mut groups: BTreeMap<&str, (f64, f64)> = BTreeMap::new();
    for group in &this.muscle_groups {
        groups.entry(&group.muscle_group.name).or_default().0 += group.sets;
    }
    for group in before.iter().flat_map(|week| &week.muscle_groups) {
        groups.entry(&group.muscle_group.name).or_default().1 += group.sets / 4.0;
    }
    let mut groups: Vec<_> = groups.into_iter().collect();
    groups.sort_by(|(_, one), (_, other)| (other.0 + other.1).total_cmp(&(one.0 + one.1)));
    let number = |sets: f64| format::number(page.locale, sets, 1);
    html! {
        section aria-labelledby="muscles-title" {
            h2 id="muscles-title" { (page.t("progress-muscles")) }
            @if groups.is_empty() {
                p class="card empty" { (page.t("progress-nothing")) }
            } @else {
                div class="card" {
                    table class="numbers" id="muscles" {
                        thead { tr {
                            th scope="col" { (page.t("exercises-muscle")) }
                            th scope="col" { (page.t("progress-this-week")) }
                            th scope="col" { (page.t("progress-before")) }
                        } }
                        tbody {
                            @for (name, (now, mean)) in &groups {
                                tr { th scope="row" { (name) } td { (number(*now)) } td { (number(*mean)) } }
                            }
                        }
                    }
                    p class="hint" { (page.t("progress-muscles-hint")) }
                }
            }
        }
    }
}
