use maud::html;
use url::Url;

use super::{
    Letter,
    layout::{button, link, note, paragraph},
};
use crate::text::Text;

/// The first mail after registering.
pub(super) fn letter(text: Text, public_url: &Url) -> Letter {
    let home = link(public_url, "");
    let intro = text.get("welcome-intro");
    let action = text.get("welcome-action");
    let not_you = text.get("welcome-not-you");
    let steps =
        ["routine", "workout", "report"].map(|step| text.get(&format!("welcome-step-{step}")));
    let html = html! {
        (paragraph(&intro))
        ol style="margin:0;padding:0 0 0 22px;font-size:16px;line-height:1.55" {
            @for step in &steps {
                li style="margin:0 0 8px" { (step) }
            }
        }
        (button(&home, &action))
        (note(&not_you))
    };
    let [routine, workout, report] = &steps;
    Letter {
        subject: text.get("welcome-subject"),
        preview: text.get("welcome-preview"),
        heading: text.get("welcome-heading"),
        html,
        text: format!(
            "{intro}\n\n1. {routine}\n2. {workout}\n3. {report}\n\n{action}: {home}\n\n{not_you}"
        ),
    }
}
