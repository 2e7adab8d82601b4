//! Our own icons, drawn inline in the colour of the text.

use maud::{Markup, PreEscaped, html};

fn line(path: &'static str) -> Markup {
    html! {
        svg class="icon" viewBox="0 0 24 24" width="24" height="24" fill="none" stroke="currentColor"
            stroke-width="2" stroke-linecap="round" stroke-linejoin="round" aria-hidden="true" {
            (PreEscaped(path))
        }
    }
}

pub(crate) fn logo() -> Markup {
    html! {
        svg class="logo" viewBox="0 0 64 64" width="32" height="32" aria-hidden="true" {
            rect class="logo-ground" width="64" height="64" rx="16" {}
            path class="logo-mark" d="M8 29h48v6H8z M13 22h6v20h-6z M45 22h6v20h-6z M21 15h7v34h-7z M36 15h7v34h-7z" {}
        }
    }
}

pub(crate) fn home() -> Markup {
    line(
        r#"<path d="M4 11.5 12 4l8 7.5V19a1.5 1.5 0 0 1-1.5 1.5h-4V15h-5v5.5h-4A1.5 1.5 0 0 1 4 19z"/>"#,
    )
}

pub(crate) fn exercises() -> Markup {
    line(r#"<path d="M2.5 12h19M6 8v8M9 5.5v13M15 5.5v13M18 8v8"/>"#)
}

pub(crate) fn start() -> Markup {
    line(r#"<path d="M8 5.5v13l11-6.5z" fill="currentColor"/>"#)
}

pub(crate) fn routines() -> Markup {
    line(
        r#"<path d="M9.5 6.5H20M9.5 12H20M9.5 17.5H20"/><path d="m3.5 6.5 1 1 2-2.2M3.5 12l1 1 2-2.2M3.5 17.5l1 1 2-2.2"/>"#,
    )
}

pub(crate) fn history() -> Markup {
    line(r#"<path d="M4 20V11M9.5 20V4M15 20v-6M20.5 20V8"/>"#)
}

pub(crate) fn person() -> Markup {
    line(r#"<circle cx="12" cy="8" r="4"/><path d="M4.5 20.5a7.5 7.5 0 0 1 15 0"/>"#)
}

pub(crate) fn check() -> Markup {
    line(r#"<path d="m5 12.5 4.5 4.5L19 7.5"/>"#)
}

pub(crate) fn plus() -> Markup {
    line(r#"<path d="M12 5v14M5 12h14"/>"#)
}

pub(crate) fn up() -> Markup {
    line(r#"<path d="m6 14.5 6-6 6 6"/>"#)
}

pub(crate) fn down() -> Markup {
    line(r#"<path d="m6 9.5 6 6 6-6"/>"#)
}

pub(crate) fn grip() -> Markup {
    line(r#"<path d="M9 6h.01M15 6h.01M9 12h.01M15 12h.01M9 18h.01M15 18h.01" stroke-width="3"/>"#)
}

pub(crate) fn bin() -> Markup {
    line(r#"<path d="M4.5 6.5h15M9.5 6V4h5v2M6.5 6.5l.8 13h9.4l.8-13"/>"#)
}

pub(crate) fn pencil() -> Markup {
    line(r#"<path d="M4.5 19.5 5.5 15 16 4.5l3.5 3.5L9 18.5z"/>"#)
}

pub(crate) fn search() -> Markup {
    line(r#"<circle cx="11" cy="11" r="6.5"/><path d="m16 16 4.5 4.5"/>"#)
}

pub(crate) fn timer() -> Markup {
    line(r#"<circle cx="12" cy="13.5" r="7.5"/><path d="M12 9.5v4l2.5 2M9.5 2.5h5"/>"#)
}

pub(crate) fn sparkle() -> Markup {
    line(
        r#"<path d="M11 4c.8 4.2 2.8 6.2 7 7-4.2.8-6.2 2.8-7 7-.8-4.2-2.8-6.2-7-7 4.2-.8 6.2-2.8 7-7zM18.5 3v4M16.5 5h4"/>"#,
    )
}

pub(crate) fn arrow() -> Markup {
    line(r#"<path d="M4.5 12h15M13.5 6l6 6-6 6"/>"#)
}

pub(crate) fn options() -> Markup {
    line(r#"<path d="M5 12h.01M12 12h.01M19 12h.01" stroke-width="3"/>"#)
}

pub(crate) fn star() -> Markup {
    line(r#"<path d="m12 3.5 2.6 5.4 5.9.8-4.3 4.1 1 5.9-5.2-2.8-5.2 2.8 1-5.9L3.5 9.7l5.9-.8z"/>"#)
}

/// A bar with plates.
pub(crate) fn plates() -> Markup {
    line(r#"<path d="M2.5 12h19M6 7.5v9M9 5v14M15 5v14M18 7.5v9"/>"#)
}

/// Two that belong together.
pub(crate) fn link() -> Markup {
    line(
        r#"<path d="M10 14a4 4 0 0 1 0-5.7l3-3a4 4 0 0 1 5.7 5.7l-1.5 1.5M14 10a4 4 0 0 1 0 5.7l-3 3A4 4 0 0 1 5.3 13l1.5-1.5"/>"#,
    )
}

pub(crate) fn trophy() -> Markup {
    line(
        r#"<path d="M8 4h8v5.5a4 4 0 0 1-8 0zM8 5.5H4.5V7A3.5 3.5 0 0 0 8 10.5M16 5.5h3.5V7a3.5 3.5 0 0 1-3.5 3.5M12 13.5v4M8.5 20h7"/>"#,
    )
}

/// For pages of errors.
pub(crate) fn dropped_plate() -> Markup {
    html! {
        svg viewBox="0 0 120 72" width="160" height="96" fill="none" stroke="currentColor" stroke-width="5"
            stroke-linecap="round" aria-hidden="true" {
            path d="M6 66h108" opacity=".35" {}
            path d="M18 52 84 24M28 38l10 24M38 32l11 27M70 16l12 28" {}
            circle class="accent-stroke" cx="101" cy="52" r="12" {}
            circle class="accent-stroke" cx="101" cy="52" r="2" {}
        }
    }
}
