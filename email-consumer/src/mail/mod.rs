//! From a message to a mail: what each kind says, in HTML and text.

mod layout;
#[cfg(test)]
mod tests;
mod welcome;
mod workout_completed;

use lettre::{
    Address, Message,
    address::AddressError,
    message::{
        Mailbox, MultiPart,
        header::{HeaderName, HeaderValue},
    },
};
use maud::Markup;
use setwise_events::EmailMessage;
use url::Url;

use crate::text::Text;

/// Longer names are cut: a greeting is no place for a novel.
const LONGEST_NAME: usize = 80;

/// What all mails share.
#[derive(Clone, Debug)]
pub(crate) struct Composer {
    pub from: Mailbox,
    pub public_url: Url,
}

/// What a kind of mail says.
struct Letter {
    subject: String,
    /// What mail programs show beside the subject in their list.
    preview: String,
    heading: String,
    /// Below the heading and the greeting.
    html: Markup,
    /// The same, below the greeting.
    text: String,
}

/// Why there is no mail for a message; trying again does not help.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ComposeError {
    #[error("the address cannot be written to")]
    Address(#[from] AddressError),
    #[error("the mail cannot be put together")]
    Message(#[from] lettre::error::Error),
}

impl Composer {
    /// The mail of `message`. `id` makes its `Message-ID`: the same event
    /// always has the same one.
    pub fn compose(&self, message: &EmailMessage, id: &str) -> Result<Message, ComposeError> {
        let (name, text) = addressee(message);
        let letter = self.letter(message, text);
        let html = layout::html(&letter, &name, text, &self.public_url);
        let plain = layout::plain(&letter, &name, text, &self.public_url);
        let address: Address = message.email().parse()?;
        let to = Mailbox::new((!name.is_empty()).then_some(name), address);
        let domain = self.from.email.domain();
        Message::builder()
            .from(self.from.clone())
            .to(to)
            .subject(letter.subject)
            .date_now()
            .message_id(Some(format!("<{id}@{domain}>")))
            // RFC 3834: no automatic answer to an automatic mail.
            .raw_header(HeaderValue::new(
                HeaderName::new_from_ascii_str("Auto-Submitted"),
                "auto-generated".into(),
            ))
            .multipart(MultiPart::alternative_plain_html(plain, html.into_string()))
            .map_err(ComposeError::from)
    }

    fn letter(&self, message: &EmailMessage, text: Text) -> Letter {
        match message {
            EmailMessage::Welcome { .. } => welcome::letter(text, &self.public_url),
            EmailMessage::WorkoutCompleted {
                workout_id,
                duration_seconds,
                exercises,
                sets,
                reps,
                volume,
                weight_unit,
                url,
                ..
            } => {
                let report = url.clone().unwrap_or_else(|| {
                    layout::link(&self.public_url, &format!("workouts/{workout_id}"))
                });
                let workout = workout_completed::Workout {
                    duration_seconds: *duration_seconds,
                    exercises: *exercises,
                    sets: *sets,
                    reps: *reps,
                    volume: *volume,
                    weight_unit,
                    report,
                };
                workout_completed::letter(text, &workout)
            }
        }
    }
}

fn addressee(message: &EmailMessage) -> (String, Text) {
    let (EmailMessage::Welcome { name, language, .. }
    | EmailMessage::WorkoutCompleted { name, language, .. }) = message;
    (greeted(name), Text::of(language))
}

/// A name fit for a header and a greeting: on one line, of bearable length, and empty if a mail
/// program could make a link of it: a welcome goes to addresses that nobody has confirmed, and is
/// not to carry a stranger's advertisement.
fn greeted(name: &str) -> String {
    let spaced: String = name
        .chars()
        .map(|char| if char.is_control() { ' ' } else { char })
        .collect();
    let words: Vec<&str> = spaced.split_whitespace().collect();
    if words.iter().copied().any(reads_as_link) {
        return String::new();
    }
    words.join(" ").chars().take(LONGEST_NAME).collect()
}

/// Whether `word` has a mark of addresses, or a full stop before a letter or digit that is not an
/// initial's: `example.com`, not `J.R.` or `St.`.
fn reads_as_link(word: &str) -> bool {
    let is_long = |part: &str| part.chars().filter(|char| char.is_alphanumeric()).count() > 1;
    let dotted = || word.split('.').skip(1).any(is_long);
    word.contains(['/', '@', ':']) || dotted()
}
