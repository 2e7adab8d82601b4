//! Generation by a language model behind any OpenAI-compatible endpoint.
//!
//! [`shortlist`] picks the exercises that the model may choose from, [`prompt`] tells it about the person, [`client`]
//! makes the calls, [`answer`] checks what comes back. Whatever goes wrong is a [`NoPlan`], and the built-in planner
//! takes over:
//!
//! | what the endpoint does | what follows |
//! |---|---|
//! | answers what cannot be used | it is told what is wrong and asked once more |
//! | 429 or 5xx | once more, after `Retry-After` or a second, when that is within the deadline |
//! | breaks the connection, answers no chat completion | once more after a second |
//! | declines, answers another 4xx, redirects, answers without end | nothing more |
//! | does not answer within the deadline, which is that of the whole conversation | nothing more |

mod answer;
mod client;
mod prompt;
mod shortlist;
#[cfg(test)]
mod tests;

use std::time::Duration;

use anyhow::Context as _;
use serde_json::Value;
use setwise_service::Locale;
use tokio::time::{Instant, sleep, timeout_at};

use super::{
    brief::Brief,
    planner::{MIN_EXERCISES, Plan},
};
use crate::{config::AiConfig, exercise::catalogue::Catalogue};

use client::{CallError, Client, Message};
use shortlist::Shortlist;

/// How much of an answer that cannot be used is repeated to the model, in characters.
const MAX_REPEATED: usize = 8000;

/// A model and how it may be used.
#[derive(Debug, Clone)]
pub(crate) struct Model {
    client: Client,
    deadline: Duration,
    pub(super) conversations: usize,
}

/// Why the model made no workout.
#[derive(Debug, thiserror::Error)]
pub(super) enum NoPlan {
    #[error(transparent)]
    NoAnswer(#[from] CallError),
    #[error("the model answers what cannot be used: {}", .0.join("; "))]
    Unusable(Vec<String>),
    #[error("there is too little to choose from to ask a model")]
    NoChoice,
}

impl Model {
    /// The model of the configuration; none when it names no endpoint.
    ///
    /// # Errors
    /// When the HTTP client cannot be made.
    pub(crate) fn of(config: &AiConfig) -> anyhow::Result<Option<Self>> {
        let (Some(base_url), Some(model)) = (&config.base_url, &config.model) else {
            return Ok(None);
        };
        let api_key = config.api_key.clone();
        let api_key = api_key.filter(|key| !key.expose().is_empty());
        let client = Client::new(base_url, model.clone(), api_key);
        let client = client.context("the language model cannot be asked")?;
        Ok(Some(Self {
            client,
            deadline: Duration::from_secs(config.timeout_seconds),
            conversations: config.concurrency,
        }))
    }

    /// Asks for a workout.
    #[tracing::instrument(skip_all, name = "generation.ask")]
    pub(super) async fn plan(&self, brief: &Brief) -> Result<Plan, NoPlan> {
        let deadline = Instant::now() + self.deadline;
        let conversation = self.converse(brief, deadline);
        let outcome = timeout_at(deadline, conversation).await;
        outcome.unwrap_or(Err(NoPlan::NoAnswer(CallError::TimedOut)))
    }

    async fn converse(&self, brief: &Brief, deadline: Instant) -> Result<Plan, NoPlan> {
        let catalogue = Catalogue::embedded();
        let shortlist = Shortlist::of(catalogue, brief);
        if shortlist.candidates.len() < MIN_EXERCISES {
            return Err(NoPlan::NoChoice);
        }
        let schema = answer::schema(&shortlist);
        let mut messages = Vec::from(prompt::opening(catalogue, brief, &shortlist));
        let first = self.ask(&messages, &schema, deadline).await?;
        let problems = match answer::read(&first, brief, &shortlist) {
            Ok(plan) => return Ok(plan),
            Err(problems) => problems,
        };
        tracing::info!(generation.problems = ?problems, "the model is asked again");
        let repeated = first.chars().take(MAX_REPEATED).collect();
        messages.push(Message::assistant(repeated));
        messages.push(prompt::again(&problems));
        let second = self.ask(&messages, &schema, deadline).await?;
        answer::read(&second, brief, &shortlist).map_err(NoPlan::Unusable)
    }

    /// One question, asked once more when there is hope and time.
    async fn ask(
        &self,
        messages: &[Message],
        schema: &Value,
        deadline: Instant,
    ) -> Result<String, CallError> {
        let error = match self.client.complete(messages, schema).await {
            Ok(content) => return Ok(content),
            Err(error) => error,
        };
        match error.pause() {
            Some(pause) if pause < deadline.saturating_duration_since(Instant::now()) => {
                tracing::info!(error.message = %error, "the model is asked again");
                sleep(pause).await;
                self.client.complete(messages, schema).await
            }
            _ => Err(error),
        }
    }
}

/// What a person needs to know of it.
#[derive(Clone, Copy)]
enum Cause {
    Unavailable,
    Declined,
    Unusable,
    NoChoice,
}

impl NoPlan {
    fn cause(&self) -> Cause {
        match self {
            Self::Unusable(_) | Self::NoAnswer(CallError::Endless | CallError::NotACompletion) => {
                Cause::Unusable
            }
            Self::NoAnswer(CallError::Declined) => Cause::Declined,
            Self::NoChoice => Cause::NoChoice,
            Self::NoAnswer(
                CallError::Unreachable(_)
                | CallError::TimedOut
                | CallError::Busy { .. }
                | CallError::Rejected { .. },
            ) => Cause::Unavailable,
        }
    }

    /// What the person reads before the reasoning of the built-in planner.
    pub(super) fn told(&self, locale: Locale) -> &'static str {
        match (self.cause(), locale) {
            (Cause::Unavailable, Locale::En) => {
                "The language model is not available now, so the built-in planner made this workout."
            }
            (Cause::Unavailable, Locale::Ru) => {
                "Языковая модель сейчас недоступна, поэтому тренировку составил встроенный планировщик."
            }
            (Cause::Declined, Locale::En) => {
                "The language model declined to answer, so the built-in planner made this workout."
            }
            (Cause::Declined, Locale::Ru) => {
                "Языковая модель отказалась отвечать, поэтому тренировку составил встроенный планировщик."
            }
            (Cause::Unusable, Locale::En) => {
                "The language model's answer could not be used, so the built-in planner made this workout."
            }
            (Cause::Unusable, Locale::Ru) => {
                "Ответ языковой модели не удалось использовать, поэтому тренировку составил встроенный планировщик."
            }
            (Cause::NoChoice, Locale::En) => {
                "Your limits leave the language model too little to choose from, so the built-in planner made this workout."
            }
            (Cause::NoChoice, Locale::Ru) => {
                "Ваши ограничения оставляют языковой модели слишком мало упражнений, поэтому тренировку составил встроенный планировщик."
            }
        }
    }
}
