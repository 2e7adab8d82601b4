use maud::{Markup, html};

use super::{Equipment, ExerciseRow, MOVEMENTS, Measurement, MuscleGroup};
use crate::{
    form::{Form, Input},
    page::Page,
    text::{Message, msg},
};

/// The form of an exercise and its fields are named after this.
const FORM: &str = "own-exercise";

pub(super) fn new(page: &Page, groups: &[MuscleGroup], form: &Form) -> Markup {
    html! {
        p class="crumb" { a href="/exercises" { (page.t("exercises-title")) } }
        h1 { (page.t("own-new-title")) }
        p class="dim" { (page.t("own-only-you")) }
        (fields(page, "/exercises", groups, form))
    }
}

pub(super) fn edit(
    page: &Page,
    exercise: &ExerciseRow,
    groups: &[MuscleGroup],
    form: &Form,
) -> Markup {
    let path = format!("/exercises/{}", exercise.id);
    html! {
        p class="crumb" { a href=(path) { (exercise.name) } }
        h1 { (page.t("own-edit-title")) }
        (fields(page, &path, groups, form))
        details class="danger" {
            summary { (page.t("own-delete")) }
            form id="delete-exercise" method="post" action={ (path) "/delete" } {
                (page.csrf_field())
                p { (page.t("own-delete-sure")) }
                button class="danger" type="submit" { (page.t("own-delete")) }
            }
        }
    }
}

fn fields(page: &Page, path: &str, groups: &[MuscleGroup], form: &Form) -> Markup {
    let field = |name, label: Message| Input::new(form, FORM, name, page.say(label));
    let equipment = [Equipment::Other].into_iter().chain(Equipment::ALL);
    let mut equipment: Vec<_> = equipment
        .map(|kind| (kind.code(), page.say(kind.message())))
        .collect();
    // The first is chosen when nothing is: what has no name stands there, and not again at the end.
    equipment.pop();
    let measurement: Vec<_> = Measurement::ALL
        .into_iter()
        .map(|kind| (kind.code(), page.say(kind.message())))
        .collect();
    let mut movements = vec![("", page.t("own-movement-none"))];
    movements.extend(MOVEMENTS.map(|(code, name)| (code, page.say(name))));
    html! {
        form id=(FORM) class="card stack" method="post" action=(path) novalidate {
            (page.csrf_field())
            (page.key_field())
            (form.alert())
            (field("name", msg("own-name")).max_length(200).autocomplete("off").required().show())
            div class="two" {
                (field("equipment", msg("exercises-equipment")).show_choice(&equipment))
                (field("measurement", msg("own-measurement")).show_choice(&measurement))
            }
            (field("movement", msg("own-movement")).hint(page.t("own-movement-hint")).show_choice(&movements))
            div class="field" {
                label class="check" {
                    input id={ (FORM) "-one_side" } type="checkbox" name="one_side" value="on" checked[form.has("one_side")];
                    (page.t("own-one-side"))
                }
            }
            (muscles(page, "primary", msg("own-primary"), groups, form))
            (muscles(page, "secondary", msg("own-secondary"), groups, form))
            (field("description", msg("field-description")).max_length(5000).show_area(3))
            (field("steps", msg("own-steps")).hint(page.t("own-steps-hint")).show_area(6))
            (field("video", msg("own-video")).kind("url").mode("url").max_length(2000).autocomplete("off").show())
            button type="submit" { (page.t("save")) }
        }
    }
}

fn muscles(
    page: &Page,
    name: &'static str,
    label: Message,
    groups: &[MuscleGroup],
    form: &Form,
) -> Markup {
    let error_id = format!("{FORM}-{name}-error");
    let error = form.error(name);
    html! {
        fieldset class="checks" aria-describedby=[error.map(|_| &error_id)] {
            legend { (page.say(label)) }
            @for group in groups {
                label class="check" {
                    input type="checkbox" name=(name) value=(group.id)
                        checked[form.values_of(name).any(|id| id == group.id)];
                    (group.name)
                }
            }
            @if let Some(error) = error { p class="field-error" id=(error_id) { (error) } }
        }
    }
}
