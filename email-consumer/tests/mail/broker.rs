use std::{collections::HashSet, time::Duration};

use rdkafka::{
    ClientConfig, Message, Offset, TopicPartitionList,
    consumer::{Consumer, StreamConsumer},
    message::{BorrowedMessage, Header, OwnedHeaders, OwnedMessage},
    producer::{FutureProducer, FutureRecord},
};
use serde_json::Value;
use setwise_events::kafka;
use setwise_testkit::ApacheKafka;
use tokio::{sync::OnceCell, time::timeout};
use uuid::Uuid;

const SOON: Duration = Duration::from_mins(1);
const PARTITIONS: i32 = 4;

/// The name in every message.
pub(crate) const PAYLOAD_NAME: &str = "Анна";

/// One broker for all tests that leave it running; each has its own topic.
pub(crate) async fn shared_broker() -> &'static ApacheKafka {
    static BROKER: OnceCell<ApacheKafka> = OnceCell::const_new();
    BROKER.get_or_init(ApacheKafka::start).await
}

/// A message to produce.
#[derive(Clone)]
pub(crate) struct Produced {
    key: String,
    pub payload: Vec<u8>,
    id: Option<Uuid>,
}

impl Produced {
    pub fn new(key: &str, payload: &Value) -> Self {
        Self::raw(key, payload.to_string().as_bytes())
    }

    pub fn raw(key: &str, payload: &[u8]) -> Self {
        Self {
            key: key.into(),
            payload: payload.into(),
            id: None,
        }
    }

    pub fn id(mut self, id: Uuid) -> Self {
        self.id = Some(id);
        self
    }
}

/// Writes messages in this order.
pub(crate) async fn produce(brokers: &str, topic: &str, messages: &[Produced]) {
    let producer: FutureProducer = ClientConfig::new()
        .set("bootstrap.servers", brokers)
        .create()
        .unwrap();
    kafka::ensure_topics(brokers, &[topic]).await.unwrap();
    for message in messages {
        let mut record = FutureRecord::to(topic)
            .key(&message.key)
            .payload(&message.payload);
        if let Some(id) = message.id {
            record = record.headers(OwnedHeaders::new().insert(Header {
                key: kafka::ID,
                value: Some(&id.to_string()),
            }));
        }
        producer.send(record, SOON).await.unwrap();
    }
}

/// Reads the first `count` different messages of a topic, in order per key;
/// also those that come again meanwhile.
pub(crate) async fn read(brokers: &str, topic: &str, count: usize) -> Vec<OwnedMessage> {
    let consumer: StreamConsumer = ClientConfig::new()
        .set("bootstrap.servers", brokers)
        .set("group.id", "tests")
        .set("enable.auto.commit", "false")
        .create()
        .unwrap();
    let mut partitions = TopicPartitionList::new();
    for partition in 0..PARTITIONS {
        partitions
            .add_partition_offset(topic, partition, Offset::Beginning)
            .unwrap();
    }
    consumer.assign(&partitions).unwrap();
    let mut messages = Vec::new();
    let mut payloads = HashSet::new();
    while payloads.len() < count {
        let message = timeout(SOON, consumer.recv()).await.expect("more messages");
        let message = message.as_ref().map(BorrowedMessage::detach).unwrap();
        payloads.insert(message.payload().map(<[u8]>::to_vec));
        messages.push(message);
    }
    messages
}

/// The text of a header that must be there.
pub(crate) fn header(message: &OwnedMessage, key: &str) -> String {
    kafka::header(message.headers(), key)
        .unwrap_or_else(|| panic!("a header {key}"))
        .to_owned()
}
