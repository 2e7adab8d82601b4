//! One message: read, written, sent - or put among the dead letters.

use std::{error::Error, iter, time::Duration};

use chrono::{DateTime, Utc};
use rdkafka::{Message, message::BorrowedMessage};
use setwise_events::{EmailMessage, kafka};
use setwise_service::trace;
use tokio::time::{sleep, timeout};
use tokio_util::sync::CancellationToken;
use tracing::{Instrument, Span, field};
use uuid::Uuid;

use crate::{
    dead_letter::DeadLetters,
    mail::{ComposeError, Composer},
    recent::Recent,
    transport::{Outgoing, SendError, Transport},
};

/// How long one attempt may take, all commands together.
pub(crate) const SEND_TIMEOUT: Duration = Duration::from_secs(30);
/// Ids that are remembered; a few hundred bytes each.
const REMEMBERED: usize = 10_000;
/// Between attempts to write a dead letter.
const DEAD_LETTER_RETRY: Duration = Duration::from_secs(1);

pub(crate) struct Delivery {
    transport: Transport,
    composer: Composer,
    /// Before each retry.
    pauses: Vec<Duration>,
    dead_letters: DeadLetters,
    sent: Recent,
}

/// What became of a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Delivered {
    /// Its offset may be stored.
    Done,
    /// The shutdown came before it was done: it comes again.
    Interrupted,
}

/// Why a message is given up.
#[derive(Debug, thiserror::Error)]
enum Failure {
    #[error("the message cannot be read")]
    Unreadable(#[from] serde_json::Error),
    #[error("there is no mail for the message")]
    Compose(#[from] ComposeError),
    #[error("the mail was not sent")]
    Send(#[from] SendError),
    #[error("the mail server took too long")]
    Timeout,
}

impl Failure {
    fn is_transient(&self) -> bool {
        match self {
            Self::Unreadable(_) | Self::Compose(_) => false,
            Self::Send(error) => error.is_transient(),
            Self::Timeout => true,
        }
    }

    /// For logs and metrics, which must not tell addresses or contents.
    fn kind(&self) -> &'static str {
        match self {
            Self::Unreadable(_) => "unreadable",
            Self::Compose(_) => "not composable",
            Self::Send(error) if error.is_transient() => "not sent",
            Self::Send(_) => "refused",
            Self::Timeout => "timeout",
        }
    }
}

impl Delivery {
    pub fn new(
        transport: Transport,
        composer: Composer,
        pauses: Vec<Duration>,
        dead_letters: DeadLetters,
    ) -> Self {
        Self {
            transport,
            composer,
            pauses,
            dead_letters,
            sent: Recent::new(REMEMBERED),
        }
    }

    /// Sends the mail of `message`, as part of the trace that caused it.
    pub async fn deliver(
        &mut self,
        message: &BorrowedMessage<'_>,
        shutdown: &CancellationToken,
    ) -> Delivered {
        let id = event_id(message);
        let span = tracing::info_span!(
            "email.send",
            otel.kind = "consumer",
            messaging.system = "kafka",
            messaging.destination.name = message.topic(),
            messaging.destination.partition.id = message.partition(),
            messaging.kafka.offset = message.offset(),
            event.id = id,
            email.r#type = field::Empty,
            email.attempts = field::Empty,
        );
        let parent = kafka::header(message.headers(), kafka::TRACEPARENT);
        trace::continue_from_traceparent(&span, parent);
        self.deliver_in_span(message, &id, shutdown)
            .instrument(span)
            .await
    }

    async fn deliver_in_span(
        &mut self,
        message: &BorrowedMessage<'_>,
        id: &str,
        shutdown: &CancellationToken,
    ) -> Delivered {
        if self.sent.contains(id) {
            metrics::counter!("email_redeliveries_total").increment(1);
            tracing::info!("a mail is not sent again: its message came twice");
            return Delivered::Done;
        }
        let outgoing = match self.compose(message, id) {
            Ok(outgoing) => outgoing,
            Err(failure) => return self.give_up(message, &failure, 1, shutdown).await,
        };
        let pauses = self
            .pauses
            .iter()
            .copied()
            .map(Some)
            .chain(iter::once(None));
        for (attempt, pause) in (1..).zip(pauses) {
            let failure = match self.attempt(&outgoing).await {
                Ok(()) => {
                    Span::current().record("email.attempts", attempt);
                    metrics::counter!("email_sent_total").increment(1);
                    tracing::info!("a mail is sent");
                    self.sent.insert(id);
                    return Delivered::Done;
                }
                Err(failure) => failure,
            };
            let Some(pause) = pause.filter(|_| failure.is_transient()) else {
                return self.give_up(message, &failure, attempt, shutdown).await;
            };
            metrics::counter!("email_retries_total").increment(1);
            tracing::warn!(
                error.kind = failure.kind(),
                email.attempts = attempt,
                "a mail is tried again"
            );
            if shutdown.run_until_cancelled(sleep(pause)).await.is_none() {
                return Delivered::Interrupted;
            }
        }
        unreachable!("the last attempt has no pause after it")
    }

    fn compose(&self, message: &BorrowedMessage<'_>, id: &str) -> Result<Outgoing, Failure> {
        let payload = message.payload().unwrap_or_default();
        let email: EmailMessage = serde_json::from_slice(payload)?;
        Span::current().record("email.type", email.kind());
        Ok(Outgoing {
            message: self.composer.compose(&email, id)?,
            id: id.to_owned(),
            asked_at: asked_at(message, id),
        })
    }

    async fn attempt(&self, outgoing: &Outgoing) -> Result<(), Failure> {
        let sent = timeout(SEND_TIMEOUT, self.transport.send(outgoing)).await;
        sent.map_err(|_| Failure::Timeout)?.map_err(Failure::from)
    }

    async fn give_up(
        &self,
        message: &BorrowedMessage<'_>,
        failure: &Failure,
        attempts: u32,
        shutdown: &CancellationToken,
    ) -> Delivered {
        Span::current().record("email.attempts", attempts);
        metrics::counter!("email_dead_letters_total", "reason" => failure.kind()).increment(1);
        tracing::error!(
            error.kind = failure.kind(),
            email.attempts = attempts,
            "a mail goes to the dead letters"
        );
        let error = chain(failure);
        while let Err(error) = self.dead_letters.put(message, &error, attempts).await {
            tracing::warn!(error.message = %error, "a dead letter waits: the broker does not take it");
            let pause = sleep(DEAD_LETTER_RETRY);
            if shutdown.run_until_cancelled(pause).await.is_none() {
                return Delivered::Interrupted;
            }
        }
        Delivered::Done
    }
}

/// The header `id` if it is a UUID; else the message's place, which is as good
/// as long as nobody copies it.
fn event_id(message: &BorrowedMessage<'_>) -> String {
    let id = kafka::header(message.headers(), kafka::ID);
    match id.and_then(|id| id.parse::<Uuid>().ok()) {
        Some(id) => id.to_string(),
        None => format!(
            "{}-{}-{}",
            message.topic(),
            message.partition(),
            message.offset()
        ),
    }
}

/// The time within a version 7 UUID, the same on each delivery; else the broker's.
fn asked_at(message: &BorrowedMessage<'_>, id: &str) -> DateTime<Utc> {
    let of_event = id.parse::<Uuid>().ok().and_then(|id| id.get_timestamp());
    let millis = match of_event {
        Some(timestamp) => {
            let (seconds, nanos) = timestamp.to_unix();
            i64::try_from(seconds)
                .ok()
                .map(|seconds| seconds * 1000 + i64::from(nanos / 1_000_000))
        }
        None => message.timestamp().to_millis(),
    };
    millis
        .and_then(DateTime::from_timestamp_millis)
        .unwrap_or_default()
}

/// The error and what caused it, on one line.
fn chain(error: &(dyn Error + 'static)) -> String {
    let causes = iter::successors(Some(error), |&error| error.source());
    let causes: Vec<String> = causes.map(ToString::to_string).collect();
    causes.join(": ")
}
