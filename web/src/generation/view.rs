use maud::{Markup, html};

use super::{Choice, FORM, Found, GOALS, LEVELS, PATH, PLANS, VARIETIES};
use crate::{
    exercise::Equipment,
    form::{Entered, Form, Input},
    page::Page,
};

pub(super) fn settings(page: &Page, found: &Found, entered: &Entered) -> Markup {
    let form = entered.form(FORM, || found.generation_settings.form());
    let field = |name, label| Input::new(&form, FORM, name, label);
    let muscles = found.muscle_groups.iter();
    let muscles = muscles.map(|group| (group.id.as_str(), group.name.clone()));
    let equipment = Equipment::ALL.iter();
    // The body is always there.
    let equipment = equipment.filter(|kind| !matches!(kind, Equipment::Bodyweight));
    let equipment = equipment.map(|kind| (kind.code(), page.say(kind.message())));
    html! {
        p class="crumb" { a href="/workouts/new" { (page.t("start-title")) } }
        h1 { (page.t("generation-title")) }
        p class="dim" { (page.t("generation-lead")) }
        @if let Some(allowance) = &found.generation_allowance { (allowance.show(page)) }
        form id=(FORM) class="card stack" method="post" action=(PATH) novalidate {
            (page.csrf_field())
            (form.alert())
            (field("goal", page.t("field-goal")).show_choice(&named(page, &GOALS)))
            (field("level", page.t("field-level")).show_choice(&named(page, &LEVELS)))
            div class="two tight" {
                (field("days", page.t("field-days")).mode("numeric").required().show())
                (field("minutes", page.t("field-session-minutes")).mode("numeric").required().show())
            }
            (field("plan", page.t("field-plan")).show_choice(&named(page, &PLANS)))
            (field("variety", page.t("field-variety")).show_choice(&named(page, &VARIETIES)))
            (field("injuries", page.t("field-injuries")).hint(page.t("injuries-hint")).max_length(2000).show_area(2))
            (ticks(&form, "equipment", &page.t("field-equipment"), &page.t("equipment-hint"), equipment))
            (ticks(&form, "priority", &page.t("field-priority"), &page.t("priority-hint"), muscles))
            (field("other_goals", page.t("field-other-goals")).hint(page.t("other-goals-hint")).max_length(1100).show_area(2))
            (field("base_prompt", page.t("field-base-prompt")).hint(page.t("base-prompt-hint")).max_length(2000).show_area(2))
            button type="submit" { (page.t("save")) }
        }
    }
}

fn named(page: &Page, choices: &[Choice]) -> Vec<(&'static str, String)> {
    let choices = choices.iter();
    choices
        .map(|(code, message)| (*code, page.say(*message)))
        .collect()
}

/// A list of which any number is ticked.
fn ticks<'a>(
    form: &Form,
    name: &str,
    label: &str,
    hint: &str,
    options: impl Iterator<Item = (&'a str, String)>,
) -> Markup {
    let id = format!("{FORM}-{name}");
    let error = form.error(name);
    let described = error.map(|_| format!("{id}-error {id}-hint"));
    let described = described.unwrap_or_else(|| format!("{id}-hint"));
    html! {
        fieldset class="ticks" id=(id) aria-describedby=(described) {
            legend { (label) }
            @if let Some(error) = error { p class="field-error" id={ (id) "-error" } { (error) } }
            p class="hint" id={ (id) "-hint" } { (hint) }
            div class="tick-list" {
                @for (value, label) in options {
                    label {
                        input type="checkbox" name=(name) value=(value) checked[form.values_of(name).any(|ticked| ticked == value)];
                        (label)
                    }
                }
            }
        }
    }
}
