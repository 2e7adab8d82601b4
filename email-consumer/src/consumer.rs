//! Reads messages one after the other and lets each be delivered.

use std::{convert::Infallible, time::Duration};

use anyhow::Context as _;
use rdkafka::{
    ClientConfig,
    consumer::{Consumer, StreamConsumer},
    error::{KafkaError, KafkaResult},
};
use setwise_events::kafka::{QuietContext, ensure_topics};
use tokio::{task::spawn_blocking, time::sleep};
use tokio_util::sync::CancellationToken;

use crate::{
    config::Config,
    dead_letter::DeadLetters,
    delivery::{Delivered, Delivery, SEND_TIMEOUT},
    mail::Composer,
    transport::Transport,
};

/// Between attempts while the broker is down.
const RETRY: Duration = Duration::from_secs(1);
/// What librdkafka takes by default, and the most that it takes.
const POLL_INTERVAL: Duration = Duration::from_mins(5);
const LONGEST_POLL_INTERVAL: Duration = Duration::from_hours(24);

pub(crate) struct MailConsumer {
    brokers: String,
    topic: String,
    group: String,
    poll_interval: Duration,
    dead_letters: DeadLetters,
    delivery: Delivery,
}

impl MailConsumer {
    pub fn new(config: &Config) -> anyhow::Result<Self> {
        let dead_letters = DeadLetters::new(&config.kafka_brokers, &config.kafka_topic)?;
        let pauses = config.pauses();
        let composer = Composer {
            from: config.mail_from.clone(),
            public_url: config.public_url.clone(),
        };
        Ok(Self {
            brokers: config.kafka_brokers.clone(),
            topic: config.kafka_topic.clone(),
            group: config.kafka_group.clone(),
            poll_interval: poll_interval(&pauses),
            dead_letters: dead_letters.clone(),
            delivery: Delivery::new(Transport::new(config)?, composer, pauses, dead_letters),
        })
    }

    /// What tells whether the broker answers.
    pub fn dead_letters(&self) -> DeadLetters {
        self.dead_letters.clone()
    }

    /// Delivers until `shutdown`. Neither a broker nor a mail server that is
    /// down ends it.
    pub async fn run(mut self, shutdown: CancellationToken) -> anyhow::Result<()> {
        let mut outage = Outage::default();
        while !shutdown.is_cancelled() {
            let outcome = self.consume(&shutdown, &mut outage).await;
            if let Err(error) = outcome {
                outage.begin(&error);
                shutdown.run_until_cancelled(sleep(RETRY)).await;
            }
        }
        Ok(())
    }

    /// Joins the group and delivers. Ends with `shutdown`, or with an error
    /// that this membership does not survive.
    async fn consume(
        &mut self,
        shutdown: &CancellationToken,
        outage: &mut Outage,
    ) -> anyhow::Result<()> {
        let topics = [self.topic.as_str(), self.dead_letters.topic()];
        let ensured = shutdown.run_until_cancelled(ensure_topics(&self.brokers, &topics));
        let Some(ensured) = ensured.await else {
            return Ok(());
        };
        ensured?;
        let consumer = self
            .subscribe()
            .context("the topic cannot be subscribed to")?;
        outage.end();
        let outcome = deliver_all(&consumer, &mut self.delivery, shutdown, outage).await;
        // Leaving the group commits what is stored, and waits for the broker.
        spawn_blocking(move || drop(consumer)).await?;
        match outcome {
            Some(Err(error)) => Err(error.into()),
            None => Ok(()),
        }
    }

    fn subscribe(&self) -> KafkaResult<StreamConsumer<QuietContext>> {
        let consumer: StreamConsumer<QuietContext> = ClientConfig::new()
            .set("bootstrap.servers", &self.brokers)
            .set("client.id", "setwise-email-consumer")
            .set("group.id", &self.group)
            .set("auto.offset.reset", "earliest")
            // An offset is stored once its mail is sent or among the dead
            // letters; what is stored is committed in the background.
            .set("enable.auto.offset.store", "false")
            .set("auto.commit.interval.ms", "500")
            .set("fetch.wait.max.ms", "50")
            .set("heartbeat.interval.ms", "1000")
            .set("session.timeout.ms", "6000")
            .set(
                "max.poll.interval.ms",
                self.poll_interval.as_millis().to_string(),
            )
            .set("reconnect.backoff.max.ms", "1000")
            .set("socket.keepalive.enable", "true")
            .create_with_context(QuietContext)?;
        consumer.subscribe(&[&self.topic])?;
        Ok(consumer)
    }
}

/// `None` after `shutdown`.
async fn deliver_all(
    consumer: &StreamConsumer<QuietContext>,
    delivery: &mut Delivery,
    shutdown: &CancellationToken,
    outage: &mut Outage,
) -> Option<KafkaResult<Infallible>> {
    loop {
        match shutdown.run_until_cancelled(consumer.recv()).await? {
            Ok(message) => {
                outage.end();
                if delivery.deliver(&message, shutdown).await == Delivered::Interrupted {
                    return None;
                }
                if let Err(error) = consumer.store_offset_from_message(&message) {
                    tracing::warn!(
                        error.message = %error,
                        "a mail may come twice: its partition went to another consumer meanwhile"
                    );
                }
            }
            Err(error @ KafkaError::MessageConsumptionFatal(_)) => return Some(Err(error)),
            // librdkafka reconnects by itself.
            Err(error) => outage.begin(&error.into()),
        }
    }
}

/// Longer than the longest delivery, so that the group does not take the
/// consumer for dead meanwhile.
fn poll_interval(pauses: &[Duration]) -> Duration {
    let sends = SEND_TIMEOUT * u32::try_from(pauses.len() + 1).unwrap_or(u32::MAX);
    let longest = sends + pauses.iter().sum::<Duration>();
    (longest * 2).clamp(POLL_INTERVAL, LONGEST_POLL_INTERVAL)
}

/// Tells once that the broker is out of reach, and once that it is back.
#[derive(Default)]
struct Outage(bool);

impl Outage {
    fn begin(&mut self, error: &anyhow::Error) {
        if !self.0 {
            self.0 = true;
            tracing::warn!(
                error.message = format!("{error:#}"),
                "the broker is out of reach: mail waits"
            );
        }
    }

    fn end(&mut self) {
        if self.0 {
            self.0 = false;
            tracing::info!("the broker is back");
        }
    }
}
