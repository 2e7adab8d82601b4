//! A Kafka-protocol broker inside this process, durable on `SQLite`.

use std::{
    fs,
    path::Path,
    sync::{Mutex, PoisonError},
    time::Duration,
};

use anyhow::{Context, Result, ensure};
use nisshi_broker::{broker::Broker, coordinator::group::administrator::Controller};
use nisshi_storage::ArcDynStorage;
use rdkafka::{
    ClientConfig, Message, Offset, TopicPartitionList,
    consumer::{BaseConsumer, Consumer},
    producer::{FutureProducer, FutureRecord},
};
use tokio::{runtime::Handle, time::Instant};
use tokio_util::sync::CancellationToken;
use url::Url;
use uuid::Uuid;

const CLUSTER: &str = "setwise";
const PROBE_TOPIC: &str = "setwise.probe";
const PROBE_DEADLINE: Duration = Duration::from_secs(20);

/// The storage URL is taken below the current folder, which belongs to the
/// whole process: one broker at a time is built there.
static CURRENT_FOLDER: Mutex<()> = Mutex::new(());

/// Builds the broker of the data folder; the future that is answered serves
/// it until `shutdown`.
pub(crate) async fn start(
    data: &Path,
    port: u16,
    shutdown: CancellationToken,
) -> Result<impl Future<Output = Result<()>> + Send + use<>> {
    let folder = data.join("broker");
    fs::create_dir_all(&folder).with_context(|| format!("{} cannot be made", folder.display()))?;
    let listener = Url::parse(&format!("tcp://127.0.0.1:{port}"))?;
    let mut broker = tokio::task::block_in_place(|| build(&folder, &listener))?;
    broker
        .register()
        .await
        .context("the broker's storage refuses")?;
    Ok(async move {
        tokio::select! {
            // Dropping the listener drops its connections; what was
            // acknowledged is on disk.
            () = shutdown.cancelled() => Ok(()),
            ended = broker.listen(Instant::now()) => {
                ended.context("the broker cannot listen")
            }
        }
    })
}

type EmbeddedBroker = Broker<Controller<ArcDynStorage>, ArcDynStorage>;

fn build(folder: &Path, listener: &Url) -> Result<EmbeddedBroker> {
    let _one_at_a_time = CURRENT_FOLDER
        .lock()
        .unwrap_or_else(PoisonError::into_inner);
    let before = std::env::current_dir()?;
    std::env::set_current_dir(folder)?;
    let builder = EmbeddedBroker::builder()
        .node_id(1)
        .cluster_id(CLUSTER)
        .incarnation_id(Uuid::now_v7())
        .advertised_listener(listener.clone())
        .listener(listener.clone())
        .storage(Url::parse("sqlite://broker.db")?)
        .silent(true);
    let broker = Handle::current().block_on(builder.build());
    std::env::set_current_dir(before)?;
    broker.context("the broker's storage cannot be opened")
}

/// Writes a message and reads it back: the broker's storage has a mode that
/// acknowledges everything and keeps nothing, and a start on that must fail.
pub(crate) async fn check_that_it_keeps(brokers: &str) -> Result<()> {
    setwise_events::kafka::ensure_topics(brokers, &[PROBE_TOPIC]).await?;
    let token = Uuid::now_v7().to_string();
    let producer: FutureProducer = client(brokers)
        .set("message.timeout.ms", PROBE_DEADLINE.as_millis().to_string())
        .create()?;
    let record = FutureRecord::to(PROBE_TOPIC).key("probe").payload(&token);
    let delivered = producer
        .send(record, PROBE_DEADLINE)
        .await
        .map_err(|(error, _)| error)
        .context("the broker takes no message")?;
    let consumer: BaseConsumer = client(brokers)
        .set("group.id", PROBE_TOPIC)
        .set("enable.auto.commit", "false")
        .set("fetch.wait.max.ms", "20")
        .create()?;
    let mut partitions = TopicPartitionList::new();
    let position = Offset::Offset(delivered.offset);
    partitions.add_partition_offset(PROBE_TOPIC, delivered.partition, position)?;
    consumer.assign(&partitions)?;
    let read = tokio::task::block_in_place(|| {
        let deadline = Instant::now() + PROBE_DEADLINE;
        while Instant::now() < deadline {
            if let Some(Ok(message)) = consumer.poll(Duration::from_millis(100)) {
                return message.payload() == Some(token.as_bytes());
            }
        }
        false
    });
    ensure!(
        read,
        "the broker acknowledged a message and did not keep it"
    );
    Ok(())
}

fn client(brokers: &str) -> ClientConfig {
    let mut config = ClientConfig::new();
    config.set("bootstrap.servers", brokers);
    config
}
