//! Messages whose mail could not be sent, kept as they were.

use std::time::Duration;

use anyhow::Context as _;
use rdkafka::{
    ClientConfig, Message,
    error::KafkaError,
    message::{BorrowedHeaders, BorrowedMessage, Header, OwnedHeaders},
    producer::{FutureProducer, FutureRecord, Producer},
};
use setwise_events::kafka::QuietContext;
use tokio::task::spawn_blocking;

const BROKER_ANSWERS_WITHIN: Duration = Duration::from_millis(1500);

/// The topic of dead letters.
#[derive(Clone)]
pub(crate) struct DeadLetters {
    producer: FutureProducer<QuietContext>,
    mail_topic: String,
    topic: String,
}

impl DeadLetters {
    pub fn new(brokers: &str, mail_topic: &str) -> anyhow::Result<Self> {
        let producer = ClientConfig::new()
            .set("bootstrap.servers", brokers)
            .set("client.id", "setwise-email-dead-letters")
            .set("enable.idempotence", "true")
            .set("acks", "all")
            .set("message.timeout.ms", "10000")
            .set("reconnect.backoff.max.ms", "1000")
            .create_with_context(QuietContext)
            .context("KAFKA_BROKERS is not usable")?;
        Ok(Self {
            producer,
            mail_topic: mail_topic.to_owned(),
            topic: format!("{mail_topic}.dead-letter"),
        })
    }

    pub fn topic(&self) -> &str {
        &self.topic
    }

    /// Keeps key, payload and headers byte for byte, and adds the headers
    /// `error`, `attempts`, `original-topic`, `original-partition` and
    /// `original-offset`.
    pub async fn put(
        &self,
        message: &BorrowedMessage<'_>,
        error: &str,
        attempts: u32,
    ) -> Result<(), KafkaError> {
        let added = [
            ("error", error.to_owned()),
            ("attempts", attempts.to_string()),
            ("original-topic", message.topic().to_owned()),
            ("original-partition", message.partition().to_string()),
            ("original-offset", message.offset().to_string()),
        ];
        let headers = message
            .headers()
            .map_or_else(OwnedHeaders::new, BorrowedHeaders::detach);
        let headers = added.iter().fold(headers, |headers, (key, value)| {
            let value = Some(value);
            headers.insert(Header { key, value })
        });
        let mut record: FutureRecord<'_, [u8], [u8]> =
            FutureRecord::to(&self.topic).headers(headers);
        record.key = message.key();
        record.payload = message.payload();
        let delivery = self
            .producer
            .send_result(record)
            .map_err(|(error, _)| error)?;
        match delivery.await {
            Ok(result) => result.map(drop).map_err(|(error, _)| error),
            Err(_) => Err(KafkaError::Canceled),
        }
    }

    /// Whether the broker tells about the topic of mails.
    pub async fn broker_answers(self) -> Result<(), String> {
        let fetch = move || {
            let client = self.producer.client();
            client
                .fetch_metadata(Some(&self.mail_topic), BROKER_ANSWERS_WITHIN)
                .map(drop)
                .map_err(|error| error.to_string())
        };
        spawn_blocking(fetch)
            .await
            .map_err(|error| error.to_string())?
    }
}
