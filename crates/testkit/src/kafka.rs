//! Apache Kafka itself, one node, for the time of a test.

use std::{
    fs, io,
    net::TcpListener,
    path::{Path, PathBuf},
    process::Stdio,
    time::Duration,
};

use rdkafka::{ClientConfig, admin::AdminClient, client::DefaultClientContext};
use tokio::{
    io::AsyncWriteExt,
    process::{Child, Command},
    task::spawn_blocking,
};

use crate::eventually;

/// The class path of Apache Kafka, as Maven writes it from `e2e/kafka/pom.xml`.
const CLASS_PATH: &str = "SETWISE_KAFKA_CLASSPATH";
const STARTS_WITHIN: Duration = Duration::from_mins(2);

/// Ends the broker when its own input ends: also when the test is killed.
/// `keep` before that keeps the folder, for another start.
const KEEPER: &str = r#"
dir=$1; shift
"$@" &
pid=$!
read -r last
kill -9 "$pid"
wait "$pid" 2>/dev/null
[ "$last" = keep ] || rm -rf "$dir"
"#;

/// A running broker. It ends, and its folder goes, when this is dropped.
pub struct ApacheKafka {
    class_path: String,
    dir: PathBuf,
    port: u16,
    process: Option<Child>,
}

impl ApacheKafka {
    /// Starts a new broker on free ports and waits until it answers.
    ///
    /// # Panics
    /// When `SETWISE_KAFKA_CLASSPATH` is not set, or the broker does not start.
    pub async fn start() -> Self {
        let class_path = class_path();
        let dir = tempfile::Builder::new()
            .prefix("setwise-kafka-")
            .tempdir()
            .expect("a folder for the broker")
            .keep();
        let (port, controller_port) = free_ports();
        let properties = properties(&dir, port, controller_port);
        fs::write(dir.join("server.properties"), properties).expect("the broker's properties");
        let mut kafka = Self {
            class_path,
            dir,
            port,
            process: None,
        };
        kafka.format().await;
        kafka.start_again().await;
        kafka
    }

    /// What clients take as `bootstrap.servers`.
    #[must_use]
    pub fn brokers(&self) -> String {
        format!("127.0.0.1:{}", self.port)
    }

    /// Kills the broker, as kill -9 does; what it has on disk stays.
    ///
    /// # Panics
    /// When it does not end.
    pub async fn kill(&mut self) {
        let mut process = self.process.take().expect("the broker runs");
        let mut input = process.stdin.take().expect("its keeper has an input");
        input.write_all(b"keep\n").await.expect("its keeper reads");
        drop(input);
        process.wait().await.expect("the broker ends");
    }

    /// Starts the broker again, with its data and on its port.
    ///
    /// # Panics
    /// When it runs already, or does not start.
    pub async fn start_again(&mut self) {
        assert!(self.process.is_none(), "the broker runs already");
        let process = Command::new("sh")
            .args(["-c", KEEPER, "kafka"])
            .arg(&self.dir)
            .args(java(&self.class_path, "kafka.Kafka"))
            .arg(self.dir.join("server.properties"))
            .stdin(Stdio::piped())
            .stdout(self.log().expect("the broker's log"))
            .stderr(self.log().expect("the broker's log"))
            .spawn()
            .expect("a shell");
        self.process = Some(process);
        let brokers = self.brokers();
        let what = format!(
            "Apache Kafka answers; its log is {}",
            self.dir.join("kafka.log").display()
        );
        eventually(&what, STARTS_WITHIN, async || {
            answers(brokers.clone()).await
        })
        .await;
    }

    async fn format(&self) {
        let status = Command::new("java")
            .args(&java(&self.class_path, "kafka.tools.StorageTool")[1..])
            .args([
                "format",
                "--cluster-id",
                "c2V0d2lzZS10ZXN0LTAwMQ",
                "--config",
            ])
            .arg(self.dir.join("server.properties"))
            .stdout(self.log().expect("the broker's log"))
            .stderr(self.log().expect("the broker's log"))
            .status()
            .await
            .expect("java, to format the broker's folder");
        if !status.success() {
            let log = fs::read_to_string(self.dir.join("kafka.log")).unwrap_or_default();
            panic!("the broker's folder cannot be formatted:\n{log}");
        }
    }

    fn log(&self) -> io::Result<fs::File> {
        let path = self.dir.join("kafka.log");
        fs::OpenOptions::new().create(true).append(true).open(path)
    }
}

fn class_path() -> String {
    let class_path = std::env::var_os(CLASS_PATH).unwrap_or_default();
    let class_path = class_path.into_string().unwrap_or_default();
    assert!(
        !class_path.is_empty(),
        "{CLASS_PATH} is not set: run these tests by bin/test, which fetches Apache Kafka"
    );
    class_path
}

/// A broker that is not asked for much.
fn java(class_path: &str, class: &str) -> Vec<String> {
    let options = [
        "java",
        "-Xms128m",
        "-Xmx512m",
        "-XX:+UseSerialGC",
        "-XX:TieredStopAtLevel=1",
        "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn",
        "-cp",
        class_path,
        class,
    ];
    options.map(str::to_owned).into()
}

fn free_ports() -> (u16, u16) {
    let bind = || TcpListener::bind("127.0.0.1:0").expect("a free port");
    let (first, second) = (bind(), bind());
    let port = |listener: &TcpListener| listener.local_addr().expect("its address").port();
    (port(&first), port(&second))
}

fn properties(dir: &Path, port: u16, controller_port: u16) -> String {
    let data = dir.join("data");
    format!(
        "process.roles=broker,controller
node.id=1
controller.quorum.voters=1@127.0.0.1:{controller_port}
controller.listener.names=CONTROLLER
listeners=PLAINTEXT://127.0.0.1:{port},CONTROLLER://127.0.0.1:{controller_port}
advertised.listeners=PLAINTEXT://127.0.0.1:{port}
listener.security.protocol.map=PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT
log.dirs={}
num.partitions=4
default.replication.factor=1
offsets.topic.num.partitions=1
offsets.topic.replication.factor=1
transaction.state.log.num.partitions=1
transaction.state.log.replication.factor=1
transaction.state.log.min.isr=1
share.coordinator.state.topic.num.partitions=1
share.coordinator.state.topic.replication.factor=1
share.coordinator.state.topic.min.isr=1
group.initial.rebalance.delay.ms=0
",
        data.display()
    )
}

async fn answers(brokers: String) -> Option<()> {
    let ask = move || {
        let client: AdminClient<DefaultClientContext> = ClientConfig::new()
            .set("bootstrap.servers", brokers)
            .set("log_level", "0")
            .create()
            .ok()?;
        let metadata = client
            .inner()
            .fetch_metadata(None, Duration::from_secs(1))
            .ok()?;
        (!metadata.brokers().is_empty()).then_some(())
    };
    spawn_blocking(ask).await.ok()?
}
