//! What is around every letter. Mail programs know tables and inline styles.

use maud::{DOCTYPE, Markup, html};
use url::Url;

use super::Letter;
use crate::text::Text;

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
            body style={ "margin:0;padding:0;background:#f1f3f6;color:#1b2430;" (FONT) } {
                div style="display:none;max-height:0;overflow:hidden" { (letter.preview) }
                table role="presentation" width="100%" cellpadding="0" cellspacing="0" style="background:#f1f3f6" {
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
        table role="presentation" width="100%" cellpadding="0" cellspacing="0" style="max-width:560px;background:#ffffff;border-radius:14px;overflow:hidden" {
            tr { td style="background:#14213d;padding:18px 28px;color:#ffffff;font-size:18px;font-weight:700;letter-spacing:.3px" {
                span style="color:#fca311" { "▮▮" } " Setwise"
            } }
            tr { td style="padding:28px 28px 32px" {
                h1 style="margin:0 0 16px;font-size:24px;line-height:1.25;color:#14213d" { (letter.heading) }
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
            tr { td style="padding:16px 28px;font-size:13px;line-height:1.5;color:#5b6675" {
                (text.get("footer-reason"))
                br;
                a href=(home) target="_blank" style="color:#5b6675" { (home) }
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
    html! { p style="margin:24px 0 0;font-size:14px;line-height:1.5;color:#5b6675" { (content) } }
}

/// A link that is meant to be pressed, large enough for a thumb.
pub(super) fn button(href: &str, label: &str) -> Markup {
    html! {
        table role="presentation" cellpadding="0" cellspacing="0" style="margin:24px 0 0" {
            tr { td style="border-radius:10px;background:#fca311" {
                a href=(href) target="_blank" style="display:inline-block;padding:14px 26px;font-size:16px;font-weight:700;color:#14213d;text-decoration:none" { (label) }
            } }
        }
    }
}
