//! An exercise's records and its progress, as a chart with its table.

use chrono::{DateTime, Utc};
use maud::{Markup, html};
use serde::Deserialize;

use crate::{
    format,
    insight::chart::{self, Point},
    page::Page,
    text::{Message, msg},
};

/// As they stand.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Records {
    heaviest_weight: Option<Record>,
    epley_one_rep_max: Option<Record>,
    brzycki_one_rep_max: Option<Record>,
    session_volume: Option<Record>,
    most_reps: Vec<Record>,
}

/// Values are in the viewer's unit.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Record {
    value: f64,
    weight: f64,
    reps: Option<i32>,
    achieved_at: DateTime<Utc>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct ProgressPoint {
    started_at: DateTime<Utc>,
    volume_kg: f64,
    reps: f64,
    heaviest_kg: Option<f64>,
    epley_one_rep_max_kg: Option<f64>,
}

/// How many weights the most repetitions are shown for.
const MAX_WEIGHTS: usize = 10;

pub(super) fn records(page: &Page, records: &Records) -> Markup {
    let named = [
        (msg("record-heaviest"), &records.heaviest_weight),
        (msg("record-epley"), &records.epley_one_rep_max),
        (msg("record-brzycki"), &records.brzycki_one_rep_max),
        (msg("record-volume"), &records.session_volume),
    ];
    let named: Vec<(Message, &Record)> = named
        .into_iter()
        .filter_map(|(name, record)| Some((name, record.as_ref()?)))
        .collect();
    html! {
        @if !named.is_empty() || !records.most_reps.is_empty() {
            section aria-labelledby="records-title" {
                h2 id="records-title" { (page.t("records-title")) }
                dl class="stats" id="records" {
                    @for (name, record) in &named {
                        div class="card stat" {
                            dt { (page.say(*name)) }
                            dd { (format::weight(page.locale, record.value, page.unit())) }
                            p class="dim" { (page.time(record.achieved_at)) }
                        }
                    }
                }
                @if !records.most_reps.is_empty() { (most_reps(page, &records.most_reps)) }
                p class="hint" { (page.t("records-hint")) }
            }
        }
    }
}

fn most_reps(page: &Page, records: &[Record]) -> Markup {
    html! {
        details class="card" {
            summary { (page.t("record-most-reps")) }
            table class="numbers" id="most-reps" {
                thead { tr { th scope="col" { (page.t("field-weight")) } th scope="col" { (page.t("field-reps")) } } }
                tbody {
                    @for record in records.iter().take(MAX_WEIGHTS) {
                        tr {
                            th scope="row" { (format::weight(page.locale, record.weight, page.unit())) }
                            td { (record.reps.unwrap_or(0)) }
                        }
                    }
                }
            }
        }
    }
}

/// The estimated maximum over time; the volume where there is none, else the repetitions.
pub(super) fn progress(page: &Page, points: &[ProgressPoint]) -> Markup {
    if points.len() < 2 {
        return html! {};
    }
    let unit = page.unit();
    let weight = |value: f64| format::weight(page.locale, value, unit);
    let plain = |value: f64| format::number(page.locale, value, 0);
    let label = |point: &ProgressPoint| format::day(page.locale, page.day_of(point.started_at));
    let drawn = |value: &dyn Fn(&ProgressPoint) -> Option<f64>| -> Vec<Point> {
        points
            .iter()
            .filter_map(|point| {
                Some(Point {
                    label: label(point),
                    value: value(point)?,
                })
            })
            .collect()
    };
    let estimates = drawn(&|point| Some(rounded(unit.of_kg(point.epley_one_rep_max_kg?))));
    let (title, points_drawn, in_weight) = if estimates.len() > 1 {
        (page.t("record-epley"), estimates, true)
    } else if points.iter().any(|point| point.volume_kg > 0.0) {
        let volumes = drawn(&|point| Some(unit.of_kg(point.volume_kg).round()));
        (page.t("record-volume"), volumes, true)
    } else {
        (
            page.t("total-reps"),
            drawn(&|point| Some(point.reps)),
            false,
        )
    };
    let written: &dyn Fn(f64) -> String = if in_weight { &weight } else { &plain };
    html! {
        section aria-labelledby="progress-title" {
            h2 id="progress-title" { (page.t("progress-title")) }
            div class="card" {
                p class="dim" { (title) }
                (chart::line(&title, &points_drawn, written))
                details {
                    summary { (page.t("chart-as-table")) }
                    table class="numbers" id="progress" {
                        thead { tr {
                            th scope="col" { (page.t("progress-date")) }
                            th scope="col" { (page.t("record-epley")) }
                            th scope="col" { (page.t("record-heaviest")) }
                            th scope="col" { (page.t("total-volume")) }
                        } }
                        tbody {
                            @for point in points.iter().rev() {
                                tr {
                                    th scope="row" { (label(point)) }
                                    td { (point.epley_one_rep_max_kg.map(|kg| weight(rounded(unit.of_kg(kg)))).unwrap_or_default()) }
                                    td { (point.heaviest_kg.map(|kg| weight(unit.of_kg(kg))).unwrap_or_default()) }
                                    td { (format::volume(page.locale, point.volume_kg, unit)) }
                                }
                            }
                        }
                    }
                }
            }
        }
    }
}

/// To a tenth: an estimate is no more precise.
fn rounded(value: f64) -> f64 {
    (value * 10.0).round() / 10.0
}
