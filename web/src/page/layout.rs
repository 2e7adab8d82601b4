//! The frame around every page.

use http::StatusCode;
use maud::{DOCTYPE, Markup, html};
use setwise_service::Locale;

use super::Page;
use crate::{
    assets, icon,
    text::{Message, msg},
};

/// What a page tells its frame.
pub(crate) struct Shell {
    pub(crate) title: String,
    pub(crate) tab: Tab,
    pub(crate) status: StatusCode,
}

impl Shell {
    pub(crate) fn new(title: String, tab: Tab) -> Self {
        Self {
            title,
            tab,
            status: StatusCode::OK,
        }
    }

    pub(crate) fn status(self, status: StatusCode) -> Self {
        Self { status, ..self }
    }

    /// The page of a form that was refused.
    pub(crate) fn refused(self, refused: bool) -> Self {
        if refused {
            self.status(StatusCode::UNPROCESSABLE_ENTITY)
        } else {
            self
        }
    }
}

/// The part of the site that a page belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Tab {
    None,
    Landing,
    Home,
    Exercises,
    Workout,
    Routines,
    History,
    Profile,
}

impl Tab {
    const NAVIGATION: [Self; 5] = [
        Self::Home,
        Self::Exercises,
        Self::Workout,
        Self::Routines,
        Self::History,
    ];

    fn entry(self) -> (&'static str, Message, fn() -> Markup) {
        match self {
            Self::None | Self::Landing | Self::Home => ("/", msg("nav-home"), icon::home),
            Self::Exercises => ("/exercises", msg("nav-exercises"), icon::exercises),
            Self::Workout => ("/workouts/new", msg("nav-workout"), icon::start),
            Self::Routines => ("/routines", msg("nav-routines"), icon::routines),
            Self::History => ("/workouts", msg("nav-history"), icon::history),
            Self::Profile => ("/profile", msg("nav-profile"), icon::person),
        }
    }
}

/// htmx may neither evaluate code nor write styles: the policy forbids both.
/// A refused form (422) is shown as an answer; what failed leaves the page as it is.
const HTMX_CONFIG: &str = r#"{"allowEval":false,"includeIndicatorStyles":false,"historyCacheSize":0,"responseHandling":[{"code":"204","swap":false},{"code":"[23]..","swap":true},{"code":"422","swap":true},{"code":"[45]..","swap":false,"error":true}]}"#;

impl Page {
    pub(super) fn layout(&self, shell: &Shell, body: &Markup) -> Markup {
        let signed_in = self.session.is_some();
        html! {
            (DOCTYPE)
            html lang=(self.locale.tag()) {
                (self.head(shell))
                body class=[signed_in.then_some("signed-in")]
                    data-lost=(self.t("script-lost")) data-back=(self.t("script-back")) data-failed=(self.t("script-failed"))
                    data-expired=(self.t("script-expired")) {
                    a class="skip" href="#main" { (self.t("nav-skip")) }
                    (self.header(shell.tab))
                    main id="main" class=[(shell.tab == Tab::Landing).then_some("landing")] {
                        @if let Some(notice) = self.notice {
                            p class="notice" role="status" { (icon::check()) (self.say(notice.message())) }
                        }
                        (body)
                    }
                    (self.footer())
                    @if signed_in { (self.tabs(shell.tab)) }
                    div id="toast" role="status" aria-live="polite" hidden {}
                }
            }
        }
    }

    fn head(&self, shell: &Shell) -> Markup {
        let title = if shell.tab == Tab::Landing {
            shell.title.clone()
        } else {
            format!("{} · Setwise", shell.title)
        };
        html! {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1, viewport-fit=cover";
                title { (title) }
                meta name="description" content=(self.t("site-description"));
                meta name="color-scheme" content="light dark";
                meta name="theme-color" content="#faf7f2" media="(prefers-color-scheme: light)";
                meta name="theme-color" content="#141210" media="(prefers-color-scheme: dark)";
                meta name="htmx-config" content=(HTMX_CONFIG);
                @for font in assets::fonts_of(self.locale) {
                    link rel="preload" href=(font) as="font" type="font/woff2" crossorigin;
                }
                link rel="stylesheet" href=(assets::url("fonts.css"));
                link rel="stylesheet" href=(assets::url("app.css"));
                link rel="icon" type="image/svg+xml" href=(assets::url("icon.svg"));
                link rel="apple-touch-icon" href=(assets::url("icon.png"));
                link rel="manifest" href="/manifest.webmanifest";
                script src=(assets::url("htmx.js")) defer {}
                script src=(assets::url("app.js")) type="module" {}
            }
        }
    }

    fn header(&self, tab: Tab) -> Markup {
        html! {
            header class="top" {
                div class="top-inside" {
                    a class="brand" href="/" { (icon::logo()) span { "Setwise" } }
                    @if let Some(session) = &self.session {
                        nav class="wide-nav" aria-label=(self.t("nav-main")) {
                            @for entry in Tab::NAVIGATION { (self.link(entry, tab, false)) }
                        }
                        a class="me" id="nav-profile" href="/profile" title=(self.t("nav-profile"))
                            aria-current=[(tab == Tab::Profile).then_some("page")] {
                            span class="initial" aria-hidden="true" { (initial(&session.person.display_name)) }
                            span class="unseen" { (self.t("nav-profile")) }
                        }
                    } @else {
                        nav class="enter" aria-label=(self.t("nav-main")) {
                            a class="link" href="/sign-in" { (self.t("nav-sign-in")) }
                            a class="button small" href="/register" { (self.t("nav-register")) }
                        }
                    }
                }
            }
        }
    }

    fn tabs(&self, tab: Tab) -> Markup {
        html! {
            nav class="tabs" aria-label=(self.t("nav-main")) {
                @for entry in Tab::NAVIGATION { (self.link(entry, tab, true)) }
            }
        }
    }

    fn link(&self, entry: Tab, tab: Tab, with_icon: bool) -> Markup {
        let (href, name, icon) = entry.entry();
        let is_start = entry == Tab::Workout;
        html! {
            a href=(href) class=[is_start.then_some("start")] aria-current=[(entry == tab).then_some("page")] {
                @if with_icon { span class="tab-icon" { (icon()) } }
                span { (self.say(name)) }
            }
        }
    }

    fn footer(&self) -> Markup {
        html! {
            footer class="foot" {
                form id="language" method="post" action="/language" aria-label=(self.t("language-choose")) {
                    (self.csrf_field())
                    input type="hidden" name="return" value=(self.stands_on());
                    @for (locale, name) in [(Locale::En, "English"), (Locale::Ru, "Русский")] {
                        button class="choice" type="submit" name="language" value=(locale.tag()) lang=(locale.tag())
                            aria-pressed=(if locale == self.locale { "true" } else { "false" }) { (name) }
                    }
                }
                p { (self.t("site-footer")) }
            }
        }
    }

    /// A `<time>` in the viewer's time zone, to which the script adds the hour; where no script tells the zone, it says
    /// that it is UTC's.
    pub(crate) fn time(&self, at: chrono::DateTime<chrono::Utc>) -> Markup {
        html! {
            time datetime=(at.to_rfc3339()) data-local {
                (crate::format::date(self.locale, self.day_of(at)))
                @if self.zone == chrono_tz::Tz::UTC { "\u{a0}(UTC)" }
            }
        }
    }
}

fn initial(name: &str) -> String {
    name.chars()
        .next()
        .map(|first| first.to_uppercase().to_string())
        .unwrap_or_default()
}
