use maud::{DOCTYPE, Markup, PreEscaped, html};

use super::folder::{StoredMail, Summary};

const STYLE: &str = "
    :root { color-scheme: light dark; }
    body { font: 16px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 0 auto; padding: 1rem; }
    a { color: inherit; }
    ul { list-style: none; padding: 0; }
    li a { display: block; padding: .75rem 0; border-top: 1px solid #8884; text-decoration: none; }
    li a:hover strong { text-decoration: underline; }
    .quiet { opacity: .7; font-size: .875rem; }
    iframe { width: 100%; height: 44rem; border: 1px solid #8884; border-radius: .5rem; background: #fff; }
    pre { white-space: pre-wrap; overflow-wrap: anywhere; font-size: .875rem; }
";

pub(super) fn list(mails: &[Summary]) -> Markup {
    let content = html! {
        h1 { "Mailbox" }
        p.quiet { "Mails that this development installation wrote. Nothing leaves this machine." }
        @if mails.is_empty() {
            p { "No mail yet." }
        }
        ul {
            @for mail in mails {
                li {
                    a href={ "/messages/" (mail.file) } {
                        strong { (mail.subject) }
                        br;
                        span.quiet { (mail.to) " · " (date(mail)) }
                    }
                }
            }
        }
    };
    page("Mailbox", &content)
}

pub(super) fn view(mail: &StoredMail) -> Markup {
    let summary = &mail.summary;
    let content = html! {
        p { a href="/" { "← Mailbox" } }
        h1 { (summary.subject) }
        p.quiet {
            "To " (summary.to) br;
            "From " (summary.from) br;
            (date(summary)) " · "
            a href={ "/messages/" (summary.file) "/raw" } { "Download" }
        }
        @if mail.html.is_some() {
            iframe title="The mail in HTML" sandbox="allow-popups allow-popups-to-escape-sandbox" src={ "/messages/" (summary.file) "/html" } {}
        }
        details open[mail.html.is_none()] {
            summary { "Text" }
            pre { (summary.text) }
        }
        details {
            summary { "Headers" }
            pre { (mail.headers) }
        }
    };
    page(&summary.subject, &content)
}

fn date(mail: &Summary) -> &str {
    mail.date.as_deref().unwrap_or("no date")
}

fn page(title: &str, content: &Markup) -> Markup {
    html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                title { (title) }
                style { (PreEscaped(STYLE)) }
            }
            body { main { (content) } }
        }
    }
}
