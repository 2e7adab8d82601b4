use maud::{Markup, html};

use super::{Ladder, Loading, PATH};
use crate::{
    form::{Form, Input},
    format, icon,
    page::{Page, local_path},
    text::msg,
    unit::WeightUnit,
};

/// The form and its fields are named after this.
const FORM: &str = "plates";
/// The heaviest plates that are drawn by their size, in their unit.
const LARGEST: f64 = 45.0;

pub(super) fn plates(
    page: &Page,
    form: &Form,
    unit: WeightUnit,
    ladder: Option<&Ladder>,
) -> Markup {
    let back = local_path(form.value("back")).filter(|path| path.starts_with("/workouts/"));
    let input = |name, label| Input::new(form, FORM, name, page.say(label)).autocomplete("off");
    let number = |name, label| input(name, label).mode("decimal");
    let units = WeightUnit::ALL.map(|unit| (unit.code(), page.say(unit.label())));
    let chosen = Form::filled([("unit", Some(unit.code().to_owned()))]);
    html! {
        @if let Some(back) = back {
            p class="crumb" { a href=(back) { (page.t("plates-back")) } }
        }
        h1 { (page.t("plates-title")) }
        form id=(FORM) class="card stack" method="get" action=(PATH) novalidate {
            @if let Some(back) = back { input type="hidden" name="back" value=(back); }
            div class="two tight" {
                (number("weight", msg("plates-weight")).hint(page.t("plates-weight-hint")).required().show())
                (Input::new(&chosen, FORM, "unit", page.t("field-unit")).show_choice(&units))
            }
            (number("bar", msg("plates-bar")).hint(page.t("plates-bar-hint")).show())
            (input("rack", msg("plates-rack")).hint(page.t("plates-rack-hint")).max_length(300).show())
            button type="submit" { (page.t("plates-show")) }
        }
        @if let Some(ladder) = ladder { (loading(page, ladder, back)) }
    }
}

/// The working weight on the bar, and the way there.
fn loading(page: &Page, ladder: &Ladder, back: Option<&str>) -> Markup {
    let asked = &ladder.asked;
    let weight = |weight| format::weight(page.locale, weight, asked.unit);
    let query = query(
        page,
        Some(asked.weight),
        asked.unit,
        back.unwrap_or_default(),
    );
    html! {
        section class="loading card" aria-labelledby="loading-title" {
            h2 id="loading-title" { (weight(asked.weight)) }
            @match &ladder.working {
                None => p { (page.t("plates-bar-heavier")) },
                Some(working) => {
                    (drawn(working))
                    p class="plates-side" { (each_side(page, working)) }
                    @if working.missing > 0.0 {
                        p class="alert" role="status" {
                            (page.t_with("plates-missing", [("weight", weight(working.weight).into()), ("missing", weight(working.missing).into())]))
                        }
                    }
                }
            }
            @if !ladder.warm_up.is_empty() {
                h3 { (page.t("plates-warm-up")) }
                ol class="ladder" {
                    @for (set, load) in &ladder.warm_up {
                        li {
                            strong { (weight(set.weight)) " × " (set.reps) }
                            span class="dim" {
                                @if let Some(load) = load {
                                    (each_side(page, load))
                                    @if load.missing > 0.0 { " (" (weight(load.weight)) ")" }
                                }
                            }
                        }
                    }
                    li class="ladder-top" { strong { (weight(asked.weight)) } span { (page.t("plates-working")) } }
                }
            }
            p class="loading-more" { a href={ (PATH) "?" (query) } { (page.t("plates-other")) } }
        }
    }
}

/// `On each side: 20 · 10 · 1.25`.
fn each_side(page: &Page, loading: &Loading) -> String {
    let plates = loading.plates_per_side.iter();
    let plates: Vec<String> = plates
        .map(|plate| format::number(page.locale, *plate, 2))
        .collect();
    if plates.is_empty() {
        page.t("plates-bar-alone")
    } else {
        page.t_with("plates-each-side", [("plates", plates.join(" · ").into())])
    }
}

/// One end of the bar. What lies on it is written below.
fn drawn(loading: &Loading) -> Markup {
    let mut x = 64.0;
    let plates: Vec<(f64, f64, f64)> = loading
        .plates_per_side
        .iter()
        .map(|plate| {
            let share = (plate / LARGEST).clamp(0.0, 1.0).sqrt();
            let (width, height) = (8.0 + 10.0 * share, 24.0 + 72.0 * share);
            let at = x;
            x += width + 2.0;
            (at, width, height)
        })
        .collect();
    let end = x + 40.0;
    html! {
        svg class="bar" viewBox=(format!("0 0 {:.0} 100", end.max(240.0))) aria-hidden="true" {
            rect class="bar-shaft" x="0" y="46" width="52" height="8" {}
            rect class="bar-shaft" x="52" y="38" width="10" height="24" rx="2" {}
            rect class="bar-shaft" x="62" y="44" width=(format!("{:.1}", end - 62.0)) height="12" rx="2" {}
            @for (x, width, height) in plates {
                rect class="bar-plate" x=(format!("{x:.1}")) y=(format!("{:.1}", 50.0 - height / 2.0))
                    width=(format!("{width:.1}")) height=(format!("{height:.1}")) rx="3" {}
            }
        }
    }
}

fn query(page: &Page, weight: Option<f64>, unit: WeightUnit, back: &str) -> String {
    let weight = weight.map(|weight| format::entered(page.locale, weight, 2));
    let fields = [
        ("weight", weight.as_deref()),
        ("unit", Some(unit.code())),
        ("back", Some(back)),
    ];
    let query = serde_urlencoded::to_string(fields);
    query.unwrap_or_default()
}

/// The way to the plates from `back`; where scripts run, they are shown below it.
pub(crate) fn at_the_bar(
    page: &Page,
    (id, name): (&str, &str),
    weight: Option<f64>,
    unit: WeightUnit,
    back: &str,
) -> Markup {
    let path = format!("{PATH}?{}", query(page, weight, unit, back));
    let here = format!("plates-{id}");
    // Without a weight there is nothing to show yet, but to ask for one.
    let swaps = weight.is_some();
    html! {
        a class="at-the-bar" href=(path) hx-get=[swaps.then_some(&path)] hx-target=[swaps.then(|| format!("#{here}"))]
            hx-select=".loading" hx-swap="innerHTML" aria-label={ (page.t("plates-title")) ": " (name) } {
            (icon::plates()) (page.t("plates-link"))
        }
        div class="plates-here" id=(here) aria-live="polite" {}
    }
}
