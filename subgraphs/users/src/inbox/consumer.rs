use std::{convert::Infallible, time::Duration};

use chrono::Utc;
use rdkafka::{
    ClientConfig, Message,
    consumer::{Consumer, StreamConsumer},
    error::{KafkaError, KafkaResult},
    message::BorrowedMessage,
};
use setwise_events::{
    TrainingEvent,
    kafka::{self, QuietContext},
};
use setwise_service::trace;
use sqlx::PgPool;
use tokio::{task::spawn_blocking, time::sleep};
use tokio_util::sync::CancellationToken;
use tracing::Instrument;
use uuid::Uuid;

use super::{Taken, take};
use crate::account::Mail;

const GROUP: &str = "users";
const FIRST_RETRY: Duration = Duration::from_millis(200);
const LONGEST_RETRY: Duration = Duration::from_secs(10);
/// Between two looks at a broker that answers with errors.
const PAUSE_AFTER_ERROR: Duration = Duration::from_secs(1);

/// The consumer of training events.
#[derive(Clone)]
pub(crate) struct TrainingEvents {
    pub pool: PgPool,
    pub mail: Mail,
    pub brokers: String,
    pub topic: String,
}

/// Takes events until `shutdown`. Neither a broker nor a database that is
/// down ends it: it comes back to where it was.
pub(crate) async fn consume(
    events: TrainingEvents,
    shutdown: CancellationToken,
) -> anyhow::Result<()> {
    let mut retry = Retry::default();
    while !shutdown.is_cancelled() {
        let subscribed = shutdown.run_until_cancelled(events.subscribe()).await;
        let outcome = match subscribed {
            Some(Ok(consumer)) => {
                retry = Retry::default();
                let outcome = shutdown.run_until_cancelled(events.run(&consumer)).await;
                // Leaving the group commits the stored offsets, which blocks.
                spawn_blocking(move || drop(consumer)).await?;
                outcome.map(|Err(error)| error.into())
            }
            Some(Err(error)) => Some(error),
            None => None,
        };
        if let Some(error) = outcome {
            if retry.is_first() {
                tracing::warn!(
                    error.message = format!("{error:#}"),
                    "training events cannot be read: trying until they can"
                );
            }
            shutdown.run_until_cancelled(retry.pause()).await;
        }
    }
    Ok(())
}

impl TrainingEvents {
    async fn subscribe(&self) -> anyhow::Result<StreamConsumer<QuietContext>> {
        // Not every broker lets us, and one that is down cannot: then the
        // topic comes to be with its first event, and the refresh finds it.
        if let Err(error) = kafka::ensure_topics(&self.brokers, &[&self.topic]).await {
            tracing::info!(
                error.message = format!("{error:#}"),
                "the topic of training events was not created"
            );
        }
        let consumer: StreamConsumer<QuietContext> = ClientConfig::new()
            .set("bootstrap.servers", &self.brokers)
            .set("client.id", "setwise-users")
            .set("group.id", GROUP)
            .set("auto.offset.reset", "earliest")
            // An offset is stored once its event is in the database, and
            // stored offsets are committed in the background.
            .set("enable.auto.offset.store", "false")
            .set("auto.commit.interval.ms", "1000")
            .set("fetch.wait.max.ms", "50")
            .set("heartbeat.interval.ms", "1000")
            .set("session.timeout.ms", "6000")
            .set("reconnect.backoff.max.ms", "1000")
            .set("topic.metadata.refresh.interval.ms", "5000")
            .create_with_context(QuietContext)?;
        consumer.subscribe(&[&self.topic])?;
        Ok(consumer)
    }

    /// Ends with an error that this consumer does not survive.
    async fn run(&self, consumer: &StreamConsumer<QuietContext>) -> KafkaResult<Infallible> {
        loop {
            match consumer.recv().await {
                Ok(message) => {
                    self.handle(&message).await;
                    if let Err(error) = consumer.store_offset_from_message(&message) {
                        // The partition went to another consumer meanwhile,
                        // which finds the event in the inbox.
                        tracing::warn!(error.message = %error, "the offset of a training event was not stored");
                    }
                }
                Err(error @ KafkaError::MessageConsumptionFatal(_)) => return Err(error),
                // librdkafka reconnects by itself.
                Err(error) => {
                    tracing::warn!(error.message = %error, "training events cannot be read for now");
                    sleep(PAUSE_AFTER_ERROR).await;
                }
            }
        }
    }

    async fn handle(&self, message: &BorrowedMessage<'_>) {
        let span = tracing::info_span!(
            "training_event.take",
            otel.kind = "consumer",
            messaging.destination.name = message.topic(),
            messaging.destination.partition.id = message.partition(),
            messaging.kafka.offset = message.offset(),
            event.id = tracing::field::Empty,
        );
        trace::continue_from_traceparent(
            &span,
            kafka::header(message.headers(), kafka::TRACEPARENT),
        );
        async {
            match read(message) {
                Ok((id, event)) => {
                    tracing::Span::current().record("event.id", tracing::field::display(id));
                    self.take_until_done(id, &event).await;
                }
                Err(reason) => {
                    tracing::error!(error.message = %reason, "a training event is skipped: it cannot be read");
                }
            }
        }
        .instrument(span)
        .await;
    }

    async fn take_until_done(&self, id: Uuid, event: &TrainingEvent) {
        let mut retry = Retry::default();
        loop {
            match self.take(id, event).await {
                Ok(Taken::Mailed | Taken::Again) => return,
                Ok(Taken::NoAccount) => {
                    tracing::warn!("a training event is skipped: its account is not there");
                    return;
                }
                Err(error) => {
                    tracing::error!(
                        error.message = format!("{error:#}"),
                        "a training event waits: the database failed"
                    );
                    retry.pause().await;
                }
            }
        }
    }

    async fn take(&self, id: Uuid, event: &TrainingEvent) -> anyhow::Result<Taken> {
        let mut tx = self.pool.begin().await?;
        let taken = take(&mut tx, &self.mail, id, event, Utc::now()).await?;
        tx.commit().await?;
        Ok(taken)
    }
}

/// Why a message is not an event.
#[derive(Debug, thiserror::Error)]
enum Unreadable {
    #[error("the header id is not a UUID")]
    Id,
    #[error("the payload is not a training event: {0}")]
    Payload(serde_json::Error),
}

fn read(message: &BorrowedMessage<'_>) -> Result<(Uuid, TrainingEvent), Unreadable> {
    let id = kafka::header(message.headers(), kafka::ID).and_then(|id| id.parse().ok());
    let payload = message.payload().unwrap_or_default();
    let event = serde_json::from_slice(payload).map_err(Unreadable::Payload)?;
    Ok((id.ok_or(Unreadable::Id)?, event))
}

/// Waits longer each time, up to a limit.
struct Retry(Duration);

impl Default for Retry {
    fn default() -> Self {
        Self(FIRST_RETRY)
    }
}

impl Retry {
    fn is_first(&self) -> bool {
        self.0 == FIRST_RETRY
    }

    async fn pause(&mut self) {
        sleep(self.0).await;
        self.0 = (self.0 * 2).min(LONGEST_RETRY);
    }
}
