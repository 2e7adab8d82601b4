use std::collections::HashSet;

use anyhow::Context as _;
use futures_util::future::join_all;
use rdkafka::{
    ClientConfig,
    error::{KafkaError, RDKafkaErrorCode},
    message::{Header, OwnedHeaders},
    producer::{FutureProducer, FutureRecord, Producer},
};
use setwise_events::kafka::{self, QuietContext};
use setwise_service::trace;
use tracing::Instrument;

use crate::store::Row;

/// The producer, and the topics that are known to be there.
pub(crate) struct Publisher {
    brokers: String,
    producer: FutureProducer<QuietContext>,
    topics: HashSet<String>,
}

/// Why an event was not acknowledged.
#[derive(Debug)]
pub(crate) enum PublishError {
    /// The broker does not answer, or not now: the next attempt may succeed.
    Unavailable(anyhow::Error),
    /// The broker will never take this event.
    Refused(KafkaError),
}

impl Publisher {
    pub fn new(brokers: &str, client_id: &str) -> anyhow::Result<Self> {
        let producer = ClientConfig::new()
            .set("bootstrap.servers", brokers)
            .set("client.id", client_id)
            .set("enable.idempotence", "true")
            .set("acks", "all")
            .set("queue.buffering.max.ms", "2")
            .set("request.timeout.ms", "5000")
            // A message that takes longer comes again with the next pass.
            .set("message.timeout.ms", "10000")
            .set("reconnect.backoff.max.ms", "1000")
            .set("socket.keepalive.enable", "true")
            .create_with_context(QuietContext)
            .context("the producer's configuration is not usable")?;
        Ok(Self {
            brokers: brokers.to_owned(),
            producer,
            topics: HashSet::new(),
        })
    }

    /// Whether the idempotent producer has given up for good: only a new one helps.
    pub fn is_broken(&self) -> bool {
        self.producer.client().fatal_error().is_some()
    }

    /// Creates the topic of each row that was not seen before.
    pub async fn ensure_topics(&mut self, rows: &[Row]) -> anyhow::Result<()> {
        let new: HashSet<&str> = rows
            .iter()
            .map(|row| row.topic.as_str())
            .filter(|topic| !self.topics.contains(*topic))
            .collect();
        if !new.is_empty() {
            let new: Vec<&str> = new.into_iter().collect();
            kafka::ensure_topics(&self.brokers, &new).await?;
            self.topics.extend(new.into_iter().map(str::to_owned));
        }
        Ok(())
    }

    /// Publishes rows side by side and waits for each one's acknowledgement.
    pub async fn publish(&self, rows: &[Row]) -> Vec<Result<(), PublishError>> {
        join_all(rows.iter().map(|row| self.publish_one(row))).await
    }

    async fn publish_one(&self, row: &Row) -> Result<(), PublishError> {
        let span = tracing::info_span!(
            "outbox.publish",
            otel.kind = "producer",
            messaging.system = "kafka",
            messaging.destination.name = row.topic,
            event.id = %row.id,
        );
        trace::continue_from_traceparent(&span, row.traceparent.as_deref());
        self.send(row).instrument(span).await
    }

    async fn send(&self, row: &Row) -> Result<(), PublishError> {
        let id = row.id.to_string();
        let traceparent = trace::traceparent().or_else(|| row.traceparent.clone());
        let mut headers = OwnedHeaders::new().insert(Header {
            key: kafka::ID,
            value: Some(&id),
        });
        if let Some(traceparent) = &traceparent {
            headers = headers.insert(Header {
                key: kafka::TRACEPARENT,
                value: Some(traceparent),
            });
        }
        let record = FutureRecord::to(&row.topic)
            .key(&row.key)
            .payload(&row.payload)
            .headers(headers);
        let delivery = self.producer.send_result(record);
        let delivery = delivery.map_err(|(error, _)| PublishError::from(error))?;
        match delivery.await {
            Ok(Ok(_)) => Ok(()),
            Ok(Err((error, _))) => Err(error.into()),
            Err(_) => Err(PublishError::Unavailable(anyhow::anyhow!(
                "the producer ended"
            ))),
        }
    }
}

impl From<KafkaError> for PublishError {
    fn from(error: KafkaError) -> Self {
        match error.rdkafka_error_code() {
            Some(
                RDKafkaErrorCode::MessageSizeTooLarge
                | RDKafkaErrorCode::InvalidMessage
                | RDKafkaErrorCode::InvalidRecord
                | RDKafkaErrorCode::InvalidTopic
                | RDKafkaErrorCode::PolicyViolation,
            ) => Self::Refused(error),
            _ => Self::Unavailable(error.into()),
        }
    }
}
