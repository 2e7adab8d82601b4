//! What a set was for and how hard it was: folded away on the form, since most sets need neither.

use maud::{Markup, html};
use serde::Deserialize;
use serde_json::Value;

use crate::{
    form::{Form, Input},
    format::entered,
    page::Page,
    text::{Message, msg},
};

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub(crate) enum SetKind {
    #[default]
    Normal,
    WarmUp,
    Drop,
    ToFailure,
    Timed,
}

impl SetKind {
    pub(crate) const ALL: [Self; 5] = [
        Self::Normal,
        Self::WarmUp,
        Self::Drop,
        Self::ToFailure,
        Self::Timed,
    ];

    pub(crate) fn code(self) -> &'static str {
        match self {
            Self::Normal => "NORMAL",
            Self::WarmUp => "WARM_UP",
            Self::Drop => "DROP",
            Self::ToFailure => "TO_FAILURE",
            Self::Timed => "TIMED",
        }
    }

    pub(crate) fn label(self) -> Message {
        match self {
            Self::Normal => msg("set-kind-normal"),
            Self::WarmUp => msg("set-kind-warm-up"),
            Self::Drop => msg("set-kind-drop"),
            Self::ToFailure => msg("set-kind-to-failure"),
            Self::Timed => msg("set-kind-timed"),
        }
    }
}

/// What the form changes of kind and effort, as the graph takes it.
pub(crate) fn read(page: &Page, form: &mut Form) -> Vec<(&'static str, Value)> {
    let mut said = Vec::new();
    if form.changed("kind") {
        said.push(("kind", form.text("kind").into()));
    }
    if form.changed("rpe") {
        let rpe = form.number(page, "rpe");
        said.push(("rpe", rpe.into()));
    }
    said
}

/// Adds what is stored to a form.
pub(crate) fn fill(form: &mut Form, kind: SetKind, rpe: Option<f64>) {
    form.set("kind", kind.code().to_owned());
    form.set("rpe", rpe.map(|rpe| rpe.to_string()).unwrap_or_default());
}

pub(crate) fn kind_choice(page: &Page, form: &Form, form_id: &str) -> Markup {
    let kinds = SetKind::ALL.map(|kind| (kind.code(), page.say(kind.label())));
    Input::new(form, form_id, "kind", page.t("field-set-kind")).show_choice(&kinds)
}

pub(crate) fn rpe_choice(page: &Page, form: &Form, form_id: &str) -> Markup {
    // All that the graph takes: what the list lacks would be lost when the form is saved.
    let halves: Vec<f64> = (2..=20).rev().map(|half| f64::from(half) / 2.0).collect();
    let values: Vec<String> = halves.iter().map(f64::to_string).collect();
    let mut choices = vec![("", page.t("field-effort-none"))];
    for (value, rpe) in values.iter().zip(&halves) {
        let reserve = entered(page.locale, 10.0 - rpe, 1);
        let rpe = entered(page.locale, *rpe, 1);
        let label = page.t_with(
            "rpe-choice",
            [("rpe", rpe.into()), ("reserve", reserve.into())],
        );
        choices.push((value.as_str(), label));
    }
    Input::new(form, form_id, "rpe", page.t("field-rpe")).show_choice(&choices)
}

/// Kind and effort, folded away unless one of them says something.
pub(super) fn inputs(page: &Page, form: &Form, form_id: &str) -> Markup {
    let says = form.text("rpe").is_some() || form.text("kind").is_some_and(|kind| kind != "NORMAL");
    html! {
        details class="set-more" open[says] {
            summary { (page.t("set-more")) }
            (kind_choice(page, form, form_id))
            (rpe_choice(page, form, form_id))
        }
    }
}

/// `warm-up · RPE 8`; nothing for a normal set without an effort.
pub(crate) fn text(page: &Page, kind: SetKind, rpe: Option<f64>) -> Option<String> {
    let mut parts = Vec::new();
    if kind != SetKind::Normal {
        parts.push(page.say(kind.label()));
    }
    parts.extend(rpe.map(|rpe| format!("RPE {}", entered(page.locale, rpe, 1))));
    (!parts.is_empty()).then(|| parts.join(" · "))
}
