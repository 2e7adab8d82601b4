//! What everyone who talks to the broker does the same way.

use std::time::Duration;

use anyhow::Context as _;
use rdkafka::{
    ClientConfig, ClientContext,
    admin::{AdminClient, AdminOptions, NewTopic, TopicReplication},
    consumer::ConsumerContext,
    error::KafkaError,
    message::Headers,
    types::RDKafkaErrorCode,
};

/// Header: the event's id, a UUID; the same on each delivery of one event.
pub const ID: &str = "id";
/// Header: the W3C trace context of whoever caused the event.
pub const TRACEPARENT: &str = "traceparent";

/// Partitions of a topic that [`ensure_topics`] creates. Order holds per key,
/// so this is how many consumers of one group can share the work.
const PARTITIONS: i32 = 4;
const ADMIN_TIMEOUT: Duration = Duration::from_secs(5);

/// Creates those of `topics` that are not there yet.
///
/// # Errors
/// When the broker is out of reach or refuses.
pub async fn ensure_topics(brokers: &str, topics: &[&str]) -> anyhow::Result<()> {
    let admin: AdminClient<QuietContext> = ClientConfig::new()
        .set("bootstrap.servers", brokers)
        .create_with_context(QuietContext)
        .context("the broker's address is not usable")?;
    // A factor of -1 leaves the replication to the broker's own default.
    let new: Vec<_> = topics
        .iter()
        .map(|topic| NewTopic::new(topic, PARTITIONS, TopicReplication::Fixed(-1)))
        .collect();
    let options = AdminOptions::new()
        .request_timeout(Some(ADMIN_TIMEOUT))
        .operation_timeout(Some(ADMIN_TIMEOUT));
    let results = admin.create_topics(&new, &options).await;
    for result in results.context("topics cannot be created")? {
        match result {
            Ok(_) | Err((_, RDKafkaErrorCode::TopicAlreadyExists)) => {}
            Err((topic, code)) => anyhow::bail!("topic {topic} cannot be created: {code}"),
        }
    }
    Ok(())
}

/// The text of a message header, if it is there and is UTF-8.
#[must_use]
pub fn header<'a>(headers: Option<&'a impl Headers>, key: &str) -> Option<&'a str> {
    let header = headers?.iter().find(|header| header.key == key)?;
    std::str::from_utf8(header.value?).ok()
}

/// Keeps librdkafka's own reports out of the log: it writes one per attempt to
/// reach a broker, where we tell once that it is out of reach.
#[derive(Clone, Copy, Debug, Default)]
pub struct QuietContext;

impl ClientContext for QuietContext {
    fn error(&self, error: KafkaError, reason: &str) {
        tracing::debug!(error.message = %error, reason, "librdkafka reports");
    }
}

impl ConsumerContext for QuietContext {}
