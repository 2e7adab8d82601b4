use maud::{Markup, html};

use super::{FORM, Measurement, Measurements, PATH, kind::Kind, path_of};
use crate::{
    exercise::view::more,
    form::{Entered, Form, Input},
    format,
    insight::chart::{self, Point},
    page::Page,
};

pub(super) fn measurements(
    page: &Page,
    kind: Kind,
    found: &Measurements,
    entered: &Entered,
) -> Markup {
    html! {
        h1 { (page.t("measurements-title")) }
        (latest(page, kind, &found.latest_body_measurements))
        (measure(page, kind, entered))
        (history(page, kind, found, entered))
    }
}

/// The newest of each kind; each leads to its history.
fn latest(page: &Page, shown: Kind, latest: &[Measurement]) -> Markup {
    let of = |kind: Kind| latest.iter().find(|one| one.kind == kind);
    html! {
        nav aria-label=(page.t("measurements-kinds")) {
            ul class="chips" id="kinds" {
                @for kind in Kind::ALL {
                    li {
                        a class="chip" href=(path_of(kind)) aria-current=[(kind == shown).then_some("page")] {
                            (page.say(kind.label()))
                            @if let Some(one) = of(kind) { " " strong { (value(page, one)) } }
                        }
                    }
                }
            }
        }
    }
}

fn value(page: &Page, one: &Measurement) -> String {
    let number = format::number(page.locale, one.value, 2);
    format!("{number}\u{a0}{}", page.say(one.unit.label()))
}

fn measure(page: &Page, kind: Kind, entered: &Entered) -> Markup {
    let form = entered.form(FORM, Form::default);
    html! {
        form id=(FORM) class="card stack" method="post" action=(PATH) novalidate {
            (page.csrf_field())
            (page.key_field())
            (form.alert())
            h2 { (page.say(kind.label())) }
            input type="hidden" name="kind" value=(kind.code());
            div class="two tight" {
                (Input::new(&form, FORM, "value", page.t("measure-value")).mode("decimal").required().show())
                (Input::new(&form, FORM, "unit", page.t("field-unit")).show_choice(&units(page, kind)))
            }
            (Input::new(&form, FORM, "date", page.t("measure-date")).kind("date").hint(page.t("measure-date-hint")).show())
            button type="submit" { (page.t("save")) }
        }
    }
}

fn units(page: &Page, kind: Kind) -> Vec<(&'static str, String)> {
    let units = kind.units(page.unit()).iter();
    units
        .map(|unit| (unit.code(), page.say(unit.label())))
        .collect()
}

fn history(page: &Page, kind: Kind, found: &Measurements, entered: &Entered) -> Markup {
    let nodes = &found.body_measurements.nodes;
    let next = found.body_measurements.page_info.next();
    let next = next.map(|cursor| {
        let query = serde_urlencoded::to_string([("kind", kind.code()), ("after", cursor)]);
        format!("{PATH}?{}", query.unwrap_or_default())
    });
    html! {
        section aria-labelledby="history" {
            h2 id="history" { (page.t("exercise-history")) }
            @if nodes.is_empty() {
                p class="card empty" { (page.t("measurements-none")) }
            } @else {
                @if nodes.len() > 1 { (drawn(page, kind, nodes)) }
                ul class="rows" id="measured" {
                    @for one in nodes { (row(page, one, entered)) }
                }
                (more(page, next.as_deref(), "measured"))
            }
        }
    }
}

/// The history as a chart, in the unit of the newest; the rows below are its table.
fn drawn(page: &Page, kind: Kind, nodes: &[Measurement]) -> Markup {
    let Some(newest) = nodes.first() else {
        return html! {};
    };
    let unit = newest.unit;
    let points: Vec<Point> = nodes
        .iter()
        .rev()
        .map(|one| Point {
            label: format::day(page.locale, page.day_of(one.measured_at)),
            value: one.metric_value / unit.metric(),
        })
        .collect();
    let written = |value: f64| {
        let number = format::number(page.locale, value, 1);
        format!("{number}\u{a0}{}", page.say(unit.label()))
    };
    html! { div class="card" { (chart::line(&page.say(kind.label()), &points, &written)) } }
}

fn row(page: &Page, one: &Measurement, entered: &Entered) -> Markup {
    let form_id = format!("edit-{}", one.id);
    let form = entered.form(&form_id, || {
        Form::filled([
            ("value", Some(format::entered(page.locale, one.value, 2))),
            ("unit", Some(one.unit.code().to_owned())),
        ])
    });
    let action = format!("{PATH}/{}", one.id);
    html! {
        li class="row" {
            details class="edit" open[entered.has(&form_id)] {
                summary {
                    strong { (value(page, one)) }
                    span class="row-detail" { (page.time(one.measured_at)) }
                }
                form id=(form_id) class="stack" method="post" action=(action) novalidate {
                    (page.csrf_field())
                    (form.drawn_field(&form_id))
                    (form.alert())
                    input type="hidden" name="kind" value=(one.kind.code());
                    div class="two tight" {
                        (Input::new(&form, &form_id, "value", page.t("measure-value")).mode("decimal").required().show())
                        (Input::new(&form, &form_id, "unit", page.t("field-unit")).show_choice(&units(page, one.kind)))
                    }
                    button class="small" type="submit" { (page.t("save")) }
                }
                form id={ "delete-" (one.id) } method="post" action={ (action) "/delete" } {
                    (page.csrf_field())
                    input type="hidden" name="kind" value=(one.kind.code());
                    button class="quiet small danger" type="submit" { (page.t("measure-delete")) }
                }
            }
        }
    }
}
