//! One call of an OpenAI-compatible `/chat/completions`.

use std::time::Duration;

use chrono::{DateTime, Utc};
use reqwest::{StatusCode, header::RETRY_AFTER, redirect};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use setwise_service::Secret;
use url::Url;

const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);
/// An answer is a few thousand characters; what never ends is cut off here.
const MAX_BYTES: usize = 256 * 1024;
/// Before a call that failed is tried again, when the endpoint does not say.
const PAUSE: Duration = Duration::from_secs(1);

/// What is said in a conversation.
#[derive(Debug, Clone, Serialize)]
pub(super) struct Message {
    role: &'static str,
    content: String,
}

impl Message {
    pub(super) fn system(content: String) -> Self {
        let role = "system";
        Self { role, content }
    }

    pub(super) fn user(content: String) -> Self {
        let role = "user";
        Self { role, content }
    }

    pub(super) fn assistant(content: String) -> Self {
        let role = "assistant";
        Self { role, content }
    }
}

/// Why there is no answer.
#[derive(Debug, thiserror::Error)]
pub(in crate::generation) enum CallError {
    #[error("the endpoint cannot be reached")]
    Unreachable(#[source] reqwest::Error),
    #[error("the endpoint did not answer in time")]
    TimedOut,
    #[error("the endpoint is busy or broken: status {status}")]
    Busy {
        status: StatusCode,
        retry_after: Option<Duration>,
    },
    #[error("the endpoint does not take the request: status {status}; {}", advice(*.status))]
    Rejected { status: StatusCode },
    #[error("the endpoint answers more than {MAX_BYTES} bytes")]
    Endless,
    #[error("the endpoint does not answer a chat completion")]
    NotACompletion,
    #[error("the model declines")]
    Declined,
}

impl CallError {
    /// How long to wait before the same call may be tried again; none when that is of no use.
    pub(super) fn pause(&self) -> Option<Duration> {
        match self {
            Self::Unreachable(_) | Self::NotACompletion => Some(PAUSE),
            Self::Busy { retry_after, .. } => Some(retry_after.unwrap_or(PAUSE)),
            Self::TimedOut | Self::Rejected { .. } | Self::Endless | Self::Declined => None,
        }
    }
}

fn advice(status: StatusCode) -> &'static str {
    match status {
        StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN => "see AI_API_KEY",
        StatusCode::NOT_FOUND => "see AI_BASE_URL and AI_MODEL",
        status if status.is_redirection() => {
            "AI_BASE_URL has moved, and redirects are not followed"
        }
        _ => "see AI_MODEL: it must take response_format json_schema",
    }
}

/// Where the model is, and who asks.
#[derive(Debug, Clone)]
pub(super) struct Client {
    http: reqwest::Client,
    url: Url,
    model: String,
    api_key: Option<Secret>,
}

impl Client {
    /// # Errors
    /// When this system has no certificates to verify the endpoint's by.
    pub(super) fn new(
        base_url: &Url,
        model: String,
        api_key: Option<Secret>,
    ) -> reqwest::Result<Self> {
        let mut url = base_url.clone();
        url.set_path(&format!(
            "{}/chat/completions",
            base_url.path().trim_end_matches('/')
        ));
        // The caller sets the deadline of the whole conversation.
        let http = reqwest::Client::builder()
            .connect_timeout(CONNECT_TIMEOUT)
            .redirect(redirect::Policy::none())
            .user_agent("setwise")
            .build()?;
        Ok(Self {
            http,
            url,
            model,
            api_key,
        })
    }

    /// What the model says next, which should be JSON of the schema.
    pub(super) async fn complete(
        &self,
        messages: &[Message],
        schema: &Value,
    ) -> Result<String, CallError> {
        let body = json!({
            "model": self.model,
            "messages": messages,
            "stream": false,
            "response_format": {
                "type": "json_schema",
                "json_schema": { "name": "workout", "strict": true, "schema": schema },
            },
        });
        let mut request = self.http.post(self.url.clone()).json(&body);
        if let Some(key) = &self.api_key {
            request = request.bearer_auth(key.expose());
        }
        let response = request.send().await.map_err(unreachable)?;
        let status = response.status();
        if status == StatusCode::TOO_MANY_REQUESTS || status.is_server_error() {
            let header = response.headers().get(RETRY_AFTER);
            let header = header.and_then(|value| value.to_str().ok());
            return Err(CallError::Busy {
                status,
                retry_after: header.and_then(|text| retry_after(text, Utc::now())),
            });
        }
        if !status.is_success() {
            return Err(CallError::Rejected { status });
        }
        content(&read(response).await?)
    }
}

/// The URL, which may hold a password, stays out of the logs.
fn unreachable(error: reqwest::Error) -> CallError {
    CallError::Unreachable(error.without_url())
}

async fn read(mut response: reqwest::Response) -> Result<Vec<u8>, CallError> {
    let mut body = Vec::new();
    while let Some(chunk) = response.chunk().await.map_err(unreachable)? {
        if body.len() + chunk.len() > MAX_BYTES {
            return Err(CallError::Endless);
        }
        body.extend_from_slice(&chunk);
    }
    Ok(body)
}

/// Seconds, or a date (RFC 9110, 10.2.3); a date that is over is no wait.
fn retry_after(text: &str, now: DateTime<Utc>) -> Option<Duration> {
    let text = text.trim();
    if let Ok(seconds) = text.parse() {
        return Some(Duration::from_secs(seconds));
    }
    let at = DateTime::parse_from_rfc2822(text).ok()?.to_utc();
    Some((at - now).to_std().unwrap_or_default())
}

#[derive(Deserialize)]
struct Completion {
    choices: Vec<Choice>,
}

#[derive(Deserialize)]
struct Choice {
    message: Said,
    finish_reason: Option<String>,
}

#[derive(Deserialize)]
struct Said {
    content: Option<String>,
    refusal: Option<String>,
}

fn content(body: &[u8]) -> Result<String, CallError> {
    let completion: Completion =
        serde_json::from_slice(body).map_err(|_| CallError::NotACompletion)?;
    let choice = completion.choices.into_iter().next();
    let choice = choice.ok_or(CallError::NotACompletion)?;
    let declines = choice.message.refusal.is_some_and(|text| !text.is_empty());
    if declines || choice.finish_reason.as_deref() == Some("content_filter") {
        return Err(CallError::Declined);
    }
    choice.message.content.ok_or(CallError::NotACompletion)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_as_long_as_it_is_told_by_seconds_or_a_date() {
        let now = "2026-11-24T12:00:00Z".parse().unwrap();
        let after = |text| retry_after(text, now).map(|wait| wait.as_secs());
        assert_eq!(after("7"), Some(7));
        assert_eq!(after(" 0 "), Some(0));
        assert_eq!(after("Tue, 24 Nov 2026 12:00:30 GMT"), Some(30));
        assert_eq!(after("Tue, 24 Nov 2026 11:00:00 GMT"), Some(0));
        assert_eq!(after("soon"), None);
        assert_eq!(after("-1"), None);
    }

    #[test]
    fn the_path_is_put_behind_that_of_the_base() {
        for base in ["http://127.0.0.1:11434/v1", "http://127.0.0.1:11434/v1/"] {
            let client = Client::new(&base.parse().unwrap(), "m".to_owned(), None).unwrap();
            assert_eq!(
                client.url.as_str(),
                "http://127.0.0.1:11434/v1/chat/completions"
            );
        }
    }

    #[test]
    fn the_key_does_not_show() {
        let base = "http://127.0.0.1/v1".parse().unwrap();
        let client = Client::new(&base, "m".to_owned(), Some(Secret::new("sk-hush"))).unwrap();
        assert!(!format!("{client:?}").contains("sk-hush"));
    }
}
