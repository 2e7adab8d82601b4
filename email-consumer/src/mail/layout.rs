//! What is around every letter. Mail programs know tables and inline styles.

use maud::{DOCTYPE, Markup, html};
use url::Url;

use super::Letter;
use crate::text::Text;

// The web's colours.
pub(super) const INK: &str = "#1d1916";
pub(super) const DIM: &str = "#6b625a";
pub(super) const LINE: &str = "#e6ded3";
const PAPER: &str = "#faf7f2";
const CARD: &str = "#ffffff";
const ACCENT: &str = "#d5430f";
const ON_ACCENT: &str = "#ffffff";
const FONT: &str =
    "font-family:-apple-system,BlinkMacSystemFont,'Segoe UI',Roboto,Helvetica,Arial,sans-serif;";

/// A page of the web.
pub(super) fn link(public_url: &Url, path: &str) -> String {
    format!("{}/{path}", public_url.as_str().trim_end_matches('/'))
}

pub(super) fn html(letter: &Letter, name: &str, text: Text, public_url: &Url) -> Markup {
    html! {
        (DOCTYPE)
        html lang=(text.tag()) {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="color-scheme" content="light";
                title { (letter.subject) }
            }
            body style={ "margin:0;padding:0;background:" (PAPER) ";color:" (INK) ";" (FONT) } {
                div style="display:none;max-height:0;overflow:hidden" { (letter.preview) }
                table role="presentation" width="100%" cellpadding="0" cellspacing="0" style={ "background:" (PAPER) } {
                    tr { td align="center" style="padding:24px 12px" {
                        (card(letter, name, text))
                        (footer(text, public_url))
                    } }
                }
            }
        }
    }
}

fn card(letter: &Letter, name: &str, text: Text) -> Markup {
    html! {
        table role="presentation" width="100%" cellpadding="0" cellspacing="0" style={ "max-width:560px;background:" (CARD) ";border:1px solid " (LINE) ";border-radius:14px;border-collapse:separate;overflow:hidden" } {
            tr { td style={ "background:" (ACCENT) ";padding:16px 28px;color:" (ON_ACCENT) ";font-size:18px;font-weight:700;letter-spacing:.3px" } {
                "Setwise"
            } }
            tr { td style="padding:28px 28px 32px" {
                h1 style="margin:0 0 16px;font-size:24px;line-height:1.25" { (letter.heading) }
                (paragraph(&greeting(name, text)))
                (letter.html)
            } }
        }
    }
}

fn footer(text: Text, public_url: &Url) -> Markup {
    let home = link(public_url, "");
    html! {
        table role="presentation" width="100%" cellpadding="0" cellspacing="0" style="max-width:560px" {
            tr { td style={ "padding:16px 28px;font-size:13px;line-height:1.5;color:" (DIM) } {
                (text.get("footer-reason"))
                br;
                a href=(home) target="_blank" style={ "color:" (DIM) } { (home) }
            } }
        }
    }
}

pub(super) fn plain(letter: &Letter, name: &str, text: Text, public_url: &Url) -> String {
    let greeting = greeting(name, text);
    let reason = text.get("footer-reason");
    let home = link(public_url, "");
    format!(
        "{greeting}\n\n{}\n\n-- \n{reason}\n{home}\n",
        letter.text.trim_end()
    )
}

fn greeting(name: &str, text: Text) -> String {
    if name.is_empty() {
        text.get("greeting-nameless")
    } else {
        text.with("greeting", &[("name", name.to_owned().into())])
    }
}

pub(super) fn paragraph(content: &str) -> Markup {
    html! { p style="margin:0 0 16px;font-size:16px;line-height:1.55" { (content) } }
}

pub(super) fn note(content: &str) -> Markup {
    html! { p style={ "margin:24px 0 0;font-size:14px;line-height:1.5;color:" (DIM) } { (content) } }
}

/// A link that is meant to be pressed, large enough for a thumb.
pub(super) fn button(href: &str, label: &str) -> Markup {
    html! {
        table role="presentation" cellpadding="0" cellspacing="0" style="margin:24px 0 0" {
            tr { td style={ "border-radius:10px;background:" (ACCENT) } {
                a href=(href) target="_blank" style={ "display:inline-block;padding:14px 26px;font-size:16px;font-weight:700;text-decoration:none;color:" (ON_ACCENT) } { (label) }
            } }
        }
    }
}
