//! What was entered into a form, what is wrong with it, and its fields.

mod input;

use std::{borrow::Cow, collections::BTreeMap, convert::Infallible};

use axum::extract::FromRequestParts;
use base64::{Engine as _, prelude::BASE64_URL_SAFE_NO_PAD as URL_SAFE_NO_PAD};
use http::request::Parts;
use maud::{Markup, html};
use setwise_service::Locale;
use sha2::{Digest as _, Sha256};
use uuid::Uuid;

use crate::{
    csrf,
    graph::UserError,
    page::{KEY_FIELD, Page},
};

pub(crate) use input::Input;

/// The name of the hidden field of [`Form::drawn_field`].
const DRAWN: &str = "drawn";

/// A submitted or prefilled form. A field that was refused is shown again
/// with what was entered and the error beside it.
#[derive(Clone, Debug, Default)]
pub(crate) struct Form {
    values: Vec<(Cow<'static, str>, String)>,
    errors: BTreeMap<String, String>,
    banner: Option<String>,
    /// For multipart forms: whose token it must carry.
    pub(crate) holder: Option<Uuid>,
}

impl Form {
    pub(crate) fn of(values: Vec<(String, String)>) -> Self {
        let values = values.into_iter();
        let values = values.map(|(name, value)| (name.into(), value));
        Self {
            values: values.collect(),
            ..Self::default()
        }
    }

    /// A form that shows what is stored.
    pub(crate) fn filled<const N: usize>(values: [(&'static str, Option<String>); N]) -> Self {
        let values = values.into_iter();
        let values = values.map(|(name, value)| (name.into(), value.unwrap_or_default()));
        Self {
            values: values.collect(),
            ..Self::default()
        }
    }

    pub(crate) fn held_by(self, holder: Uuid) -> Self {
        Self {
            holder: Some(holder),
            ..self
        }
    }

    /// The entered value without blanks around it; empty when there is none.
    pub(crate) fn value(&self, name: &str) -> &str {
        self.raw(name).trim()
    }

    /// The entered value to the letter, as passwords are taken.
    pub(crate) fn raw(&self, name: &str) -> &str {
        let found = self.values.iter().find(|(other, _)| other == name);
        found.map_or("", |(_, value)| value)
    }

    pub(crate) fn values_of<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        let found = self.values.iter().filter(move |(other, _)| other == name);
        found.map(|(_, value)| value.as_str())
    }

    /// The key that the form was drawn with, as mutations take it.
    pub(crate) fn key(&self) -> Option<&str> {
        self.text(KEY_FIELD)
    }

    pub(crate) fn text(&self, name: &str) -> Option<&str> {
        Some(self.value(name)).filter(|value| !value.is_empty())
    }

    /// Whether the form has this field, be it empty.
    pub(crate) fn has(&self, name: &str) -> bool {
        self.values.iter().any(|(other, _)| other == name)
    }

    /// A number written with a point or a comma; `None` when left empty.
    pub(crate) fn number(&mut self, page: &Page, name: &str) -> Option<f64> {
        let number = number_of(page.locale, self.text(name)?);
        if number.is_none() {
            self.fail(name, page.t("error-number"));
        }
        number
    }

    pub(crate) fn whole(&mut self, page: &Page, name: &str) -> Option<i32> {
        let number = self.text(name)?.parse::<i32>().ok();
        let number = number.filter(|number| *number >= 0);
        if number.is_none() {
            self.fail(name, page.t("error-whole-number"));
        }
        number
    }

    /// The hidden field by which a form that changes something says what it was drawn with. Only what differs is then
    /// saved: what the form shows rounded, in another unit or not at all stays as it is, and so does what another
    /// device changes meanwhile.
    pub(crate) fn drawn_field(&self, form_id: &str) -> Markup {
        let drawn = match self.text(DRAWN) {
            Some(drawn) => drawn.to_owned(),
            None => self.mark_all(),
        };
        html! { input type="hidden" id={ (form_id) "-drawn" } name=(DRAWN) value=(drawn); }
    }

    /// Whether a field was changed since the form was drawn; a form that does not say how it was drawn means all of it.
    pub(crate) fn changed(&self, name: &str) -> bool {
        let Some(drawn) = self.text(DRAWN) else {
            return self.has(name);
        };
        let mut marks = drawn.split(' ').filter_map(|mark| mark.split_once('.'));
        let was = marks.find(|(other, _)| *other == name);
        let was = was.map_or_else(|| mark(""), |(_, mark)| mark.to_owned());
        self.has(name) && was != mark(self.value(name))
    }

    /// Whether the form changes something that is there already.
    pub(crate) fn is_drawn(&self) -> bool {
        self.has(DRAWN)
    }

    fn mark_all(&self) -> String {
        let values = self.entered();
        let marks = values.map(|(name, value)| format!("{name}.{}", mark(value.trim())));
        marks.collect::<Vec<_>>().join(" ")
    }

    /// Adds a value that was not entered.
    pub(crate) fn set(&mut self, name: &'static str, value: String) {
        self.values.push((name.into(), value));
    }

    pub(crate) fn fail(&mut self, name: impl Into<String>, error: String) {
        self.errors.entry(name.into()).or_insert(error);
    }

    pub(crate) fn banner(&mut self, text: String) {
        self.banner.get_or_insert(text);
    }

    pub(crate) fn error(&self, name: &str) -> Option<&str> {
        self.errors.get(name).map(String::as_str)
    }

    pub(crate) fn failed(&self) -> bool {
        self.banner.is_some() || !self.errors.is_empty()
    }

    /// Puts the graph's errors beside the fields that `fields` names (as the
    /// graph calls them, as the form does), the others above the form.
    pub(crate) fn refuse(&mut self, errors: Vec<UserError>, fields: &[(&str, &str)]) {
        for error in errors {
            let path = error.field.unwrap_or_default();
            let last = path.last().map(String::as_str).unwrap_or_default();
            match fields.iter().find(|(graph, _)| *graph == last) {
                Some((_, own)) => self.fail(*own, error.message),
                None => self.banner(error.message),
            }
        }
    }

    /// Everything that a person entered, and can read.
    pub(crate) fn typed(&self) -> impl Iterator<Item = &str> {
        let values = self.entered();
        let values = values.filter(|(name, _)| ![KEY_FIELD, DRAWN].contains(name));
        let values = values.map(|(_, value)| value);
        values.filter(|value| !value.trim().is_empty())
    }

    /// Everything entered that may be sent again: no passwords, no token.
    pub(crate) fn entered(&self) -> impl Iterator<Item = (&str, &str)> {
        let values = self.values.iter();
        let values = values.map(|(name, value)| (name.as_ref(), value.as_str()));
        values.filter(|(name, _)| *name != csrf::FIELD && !name.contains("password"))
    }

    /// The error that belongs to no field.
    pub(crate) fn alert(&self) -> Markup {
        html! {
            @if let Some(banner) = &self.banner {
                p class="alert" role="alert" { (banner) }
            }
        }
    }
}

/// Reads what the pages of `locale` write, and either sign before decimals:
/// in English `1,000` is a thousand and `62,5` sixty-two and a half.
pub(crate) fn number_of(locale: Locale, written: &str) -> Option<f64> {
    let written = written.replace(['\u{a0}', '\u{202f}', ' '], "");
    let plain = match locale {
        Locale::En if has_thousands(&written) => written.replace(',', ""),
        Locale::En | Locale::Ru => written.replace(',', "."),
    };
    let is_plain = plain
        .bytes()
        .all(|byte| byte == b'.' || byte.is_ascii_digit());
    let number: f64 = plain.parse().ok()?;
    (is_plain && number.is_finite()).then_some(number)
}

/// A few letters that differ when a value does, however its lines end.
fn mark(value: &str) -> String {
    let value = value.replace("\r\n", "\n");
    URL_SAFE_NO_PAD.encode(&Sha256::digest(value)[..9])
}

/// Whether commas part a number into groups of three digits.
fn has_thousands(written: &str) -> bool {
    let whole = written.split('.').next().unwrap_or_default();
    let mut groups = whole.split(',');
    let first = groups.next().unwrap_or_default();
    let mut rest = groups.peekable();
    let leads = matches!(first.len(), 1..=3) && first != "0";
    leads && rest.peek().is_some() && rest.all(|group| group.len() == 3)
}

impl<S: Sync> FromRequestParts<S> for Form {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        Ok(parts.extensions.get::<Self>().cloned().unwrap_or_default())
    }
}

/// The one form of a page with many that was refused, if any.
#[derive(Default)]
pub(crate) struct Entered(Option<(String, Form)>);

impl Entered {
    pub(crate) fn nothing() -> Self {
        Self::default()
    }

    pub(crate) fn refused(form_id: String, form: Form) -> Self {
        Self(Some((form_id, form)))
    }

    pub(crate) fn is_refused(&self) -> bool {
        self.0.is_some()
    }

    /// What the form shows: what was entered into it, else what is `stored`.
    pub(crate) fn form(&self, form_id: &str, stored: impl FnOnce() -> Form) -> Cow<'_, Form> {
        match &self.0 {
            Some((refused, form)) if refused == form_id => Cow::Borrowed(form),
            _ => Cow::Owned(stored()),
        }
    }

    /// Whether this very form was refused.
    pub(crate) fn has(&self, form_id: &str) -> bool {
        self.0
            .as_ref()
            .is_some_and(|(refused, _)| refused == form_id)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entered(name: &str, value: &str) -> Form {
        Form::of(vec![(name.into(), value.into())])
    }

    #[test]
    fn numbers_are_read_as_the_page_writes_them() {
        let english = |written| number_of(Locale::En, written);
        assert_eq!(english("1,000"), Some(1000.0));
        assert_eq!(english("1,234.5"), Some(1234.5));
        assert_eq!(english("62,5"), Some(62.5));
        assert_eq!(english("0,125"), Some(0.125));
        assert_eq!(english("62.5"), Some(62.5));
        let russian = |written| number_of(Locale::Ru, written);
        assert_eq!(russian("1,000"), Some(1.0));
        assert_eq!(russian("1\u{a0}000,5"), Some(1000.5));
        let endless = "9".repeat(400);
        for not_a_number in ["1e3", "-1", "inf", "four", "1,2,3", ".", &endless] {
            assert_eq!(english(not_a_number), None, "{not_a_number}");
        }
    }

    #[test]
    fn a_form_knows_what_was_changed_in_it() {
        let stored = Form::filled([
            ("weight", Some("60.63".to_owned())),
            ("notes", Some("Slow\ndown".to_owned())),
            ("rpe", None),
        ]);
        let markup = stored.drawn_field("edit").into_string();
        let (_, drawn) = markup.split_once("value=\"").unwrap();
        let (drawn, _) = drawn.split_once('"').unwrap();
        let sent = |weight: &str, drawn: Option<&str>| {
            let value = |name: &str, value: &str| (name.to_owned(), value.to_owned());
            let mut values = vec![value("weight", weight), value("rpe", "8")];
            values.push(value("notes", "Slow\r\ndown "));
            values.extend(drawn.map(|drawn| value(DRAWN, drawn)));
            Form::of(values)
        };
        let form = sent("60.63", Some(drawn));
        assert!(!form.changed("weight") && !form.changed("notes"));
        assert!(form.changed("rpe"));
        assert!(!form.changed("distance"), "the form has no such field");
        assert!(sent("60", Some(drawn)).changed("weight"));
        assert!(sent("60.63", None).changed("weight"));
        // what was refused is drawn again with what is stored, not with what was entered
        assert_eq!(
            sent("60", Some(drawn)).drawn_field("edit").into_string(),
            markup
        );
        assert_eq!(form.typed().count(), 3);
    }

    #[test]
    fn an_error_stands_beside_its_field_and_the_value_is_kept() {
        let mut form = entered("email", "anna@");
        form.refuse(
            vec![UserError {
                code: "INVALID".into(),
                message: "Not an address".into(),
                field: Some(vec!["input".into(), "email".into()]),
            }],
            &[("email", "email")],
        );
        let markup = Input::new(&form, "register", "email", "E-mail".into())
            .hint("We write rarely".into())
            .show()
            .into_string();
        assert!(markup.contains(r#"value="anna@""#), "{markup}");
        assert!(markup.contains(r#"aria-invalid="true""#), "{markup}");
        assert!(markup.contains(r#"aria-describedby="register-email-error register-email-hint""#));
        assert!(
            markup.contains(r#"id="register-email-error">Not an address<"#),
            "{markup}"
        );
        assert!(form.failed());
    }

    #[test]
    fn an_error_without_a_field_stands_above_the_form() {
        let mut form = entered("email", "anna@example.org");
        form.refuse(
            vec![UserError {
                code: "INVALID_CREDENTIALS".into(),
                message: "Wrong".into(),
                field: None,
            }],
            &[("email", "email")],
        );
        assert!(form.alert().into_string().contains("Wrong"));
        assert_eq!(form.error("email"), None);
    }

    #[test]
    fn passwords_and_tokens_are_never_shown_again() {
        let form = Form::of(vec![
            ("email".into(), "a".into()),
            ("password".into(), "secret".into()),
            ("csrf".into(), "token".into()),
        ]);
        assert_eq!(form.entered().collect::<Vec<_>>(), [("email", "a")]);
        let field = Input::new(&form, "x", "password", "Password".into()).kind("password");
        assert!(!field.show().into_string().contains("secret"));
    }

    #[test]
    fn what_was_entered_cannot_break_out_of_its_field() {
        let form = entered("name", "\"><script>alert(1)</script>");
        let field = Input::new(&form, "x", "name", "Name".into());
        assert!(!field.show().into_string().contains("<script>"));
        assert!(!field.show_area(3).into_string().contains("<script>"));
    }
}
