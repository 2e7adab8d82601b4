use maud::{Markup, html};

use crate::{
    icon,
    page::Page,
    text::{Message, msg},
};

pub(super) fn landing(page: &Page) -> Markup {
    html! {
        section class="hero" {
            div class="hero-text" {
                h1 { (page.t("landing-headline")) }
                p class="lead" { (page.t("landing-lead")) }
                p class="actions" {
                    a class="button large" href="/register" { (page.t("landing-call")) (icon::arrow()) }
                    a class="button quiet large" href="/sign-in" { (page.t("nav-sign-in")) }
                }
                p class="hint" { (page.t("landing-own")) }
            }
            (specimen(page))
        }
        section class="features" aria-label=(page.t("landing-features")) {
            (feature(page, icon::timer(), msg("landing-log"), msg("landing-log-text")))
            (feature(page, icon::routines(), msg("landing-plan"), msg("landing-plan-text")))
            (feature(page, icon::history(), msg("landing-progress"), msg("landing-progress-text")))
            (feature(page, icon::sparkle(), msg("landing-generate"), msg("landing-generate-text")))
        }
        section class="card hero-card closing" {
            h2 { (page.t("landing-closing")) }
            p { (page.t("landing-closing-text")) }
            p class="actions" {
                a class="button large" href="/register" { (page.t("landing-call")) (icon::arrow()) }
            }
        }
    }
}

fn feature(page: &Page, icon: Markup, title: Message, text: Message) -> Markup {
    html! {
        div class="feature" {
            span class="feature-icon" { (icon) }
            h2 { (page.say(title)) }
            p { (page.say(text)) }
        }
    }
}

/// A card of a workout, as a person sees it in the gym.
fn specimen(page: &Page) -> Markup {
    let rows = [("1", "100 × 5", "102,5 × 5"), ("2", "100 × 5", "102,5 × 5")];
    let decimal = |text: &str| match page.locale {
        setwise_service::Locale::En => text.replace(',', "."),
        setwise_service::Locale::Ru => text.to_owned(),
    };
    html! {
        figure class="specimen" aria-label=(page.t("landing-specimen")) {
            div class="card log-card" {
                header class="log-head" {
                    h2 { (page.t("landing-specimen-exercise")) }
                    span class="chip" { (page.t("unit-kg")) }
                }
                div class="specimen-sets" aria-hidden="true" {
                    div class="specimen-row specimen-names" {
                        span {} span { (page.t("sets-last")) } span { (page.t("sets-done")) } span {}
                    }
                    @for (index, last, done) in rows {
                        div class="specimen-row is-done" {
                            span class="set-index" { (index) }
                            span class="dim" { (decimal(last)) }
                            strong { (decimal(done)) }
                            span class="set-done" { (icon::check()) }
                        }
                    }
                    div class="specimen-row is-next" {
                        span class="set-index" { "3" }
                        span class="dim" { (decimal("97,5 × 6")) }
                        span class="ghost-inputs" { span class="ghost-input" { (decimal("102,5")) } "×" span class="ghost-input" { "5" } }
                        span class="ghost-button" { (icon::check()) }
                    }
                }
            }
            div class="specimen-timer" aria-hidden="true" {
                (icon::timer()) span { (page.t("timer-rest")) } strong { "1:24" }
            }
        }
    }
}
