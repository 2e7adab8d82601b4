use maud::{Markup, html};

use super::Form;

/// A labelled input with its hint and its error.
pub(crate) struct Input<'a> {
    form: &'a Form,
    id: String,
    name: &'a str,
    label: String,
    kind: &'a str,
    mode: Option<&'a str>,
    autocomplete: Option<&'a str>,
    hint: Option<String>,
    suffix: Option<String>,
    required: bool,
    max_length: Option<u16>,
    label_hidden: bool,
}

impl<'a> Input<'a> {
    pub(crate) fn new(form: &'a Form, form_id: &str, name: &'a str, label: String) -> Self {
        Self {
            form,
            id: format!("{form_id}-{name}"),
            name,
            label,
            kind: "text",
            mode: None,
            autocomplete: None,
            hint: None,
            suffix: None,
            required: false,
            max_length: None,
            label_hidden: false,
        }
    }

    pub(crate) fn kind(self, kind: &'a str) -> Self {
        Self { kind, ..self }
    }

    /// Which keyboard a phone shows.
    pub(crate) fn mode(self, mode: &'a str) -> Self {
        let mode = Some(mode);
        Self { mode, ..self }
    }

    pub(crate) fn autocomplete(self, autocomplete: &'a str) -> Self {
        let autocomplete = Some(autocomplete);
        Self {
            autocomplete,
            ..self
        }
    }

    pub(crate) fn hint(self, hint: String) -> Self {
        let hint = Some(hint);
        Self { hint, ..self }
    }

    pub(crate) fn suffix(self, suffix: String) -> Self {
        let suffix = Some(suffix);
        Self { suffix, ..self }
    }

    pub(crate) fn required(self) -> Self {
        let required = true;
        Self { required, ..self }
    }

    pub(crate) fn max_length(self, length: u16) -> Self {
        let max_length = Some(length);
        Self { max_length, ..self }
    }

    /// For rows of inputs under one heading; screen readers still hear it.
    pub(crate) fn label_hidden(self) -> Self {
        let label_hidden = true;
        Self {
            label_hidden,
            ..self
        }
    }

    pub(crate) fn show(&self) -> Markup {
        let secret = self.kind == "password";
        let value = if secret { "" } else { self.form.raw(self.name) };
        self.wrap(html! {
            input id=(self.id) name=(self.name) type=(self.kind) value=[(!secret).then_some(value)]
                inputmode=[self.mode] autocomplete=[self.autocomplete] required[self.required]
                maxlength=[self.max_length] autofocus[self.invalid().is_some()] aria-invalid=[self.invalid()] aria-describedby=[self.described_by()];
        })
    }

    pub(crate) fn show_area(&self, rows: u8) -> Markup {
        self.wrap(html! {
            textarea id=(self.id) name=(self.name) rows=(rows) maxlength=[self.max_length]
                required[self.required] autofocus[self.invalid().is_some()] aria-invalid=[self.invalid()] aria-describedby=[self.described_by()] {
                // The first line break after the tag is not part of the value.
                "\n" (self.form.raw(self.name))
            }
        })
    }

    pub(crate) fn show_choice(&self, options: &[(&str, String)]) -> Markup {
        let chosen = self.form.value(self.name);
        self.wrap(html! {
            select id=(self.id) name=(self.name) autofocus[self.invalid().is_some()] aria-invalid=[self.invalid()] aria-describedby=[self.described_by()] {
                @for (value, label) in options {
                    option value=(value) selected[*value == chosen] { (label) }
                }
            }
        })
    }

    fn error(&self) -> Option<&str> {
        self.form.error(self.name)
    }

    fn invalid(&self) -> Option<&'static str> {
        self.error().map(|_| "true")
    }

    fn described_by(&self) -> Option<String> {
        let hint = self.hint.as_ref().map(|_| format!("{}-hint", self.id));
        let error = self.error().map(|_| format!("{}-error", self.id));
        match (error, hint) {
            (Some(error), Some(hint)) => Some(format!("{error} {hint}")),
            (error, hint) => error.or(hint),
        }
    }

    fn wrap(&self, control: Markup) -> Markup {
        html! {
            div class="field" {
                label for=(self.id) class=[self.label_hidden.then_some("unseen")] { (self.label) }
                @if let Some(suffix) = &self.suffix {
                    span class="with-suffix" { (control) span class="suffix" aria-hidden="true" { (suffix) } }
                } @else {
                    (control)
                }
                @if let Some(error) = self.error() {
                    p class="field-error" id={ (self.id) "-error" } { (error) }
                }
                @if let Some(hint) = &self.hint {
                    p class="hint" id={ (self.id) "-hint" } { (hint) }
                }
            }
        }
    }
}
