use clap::Parser;
use setwise_email_consumer::{Config, serve};
use tokio::{net::TcpListener, task::JoinHandle};
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

/// A consumer of a topic of its own, whose retries take no time.
pub(crate) fn config(brokers: &str, smtp_port: u16) -> Config {
    let topic = format!("email-{}", Uuid::now_v7());
    let smtp_port = smtp_port.to_string();
    let arguments = [
        ("--kafka-brokers", brokers),
        ("--kafka-topic", &topic),
        ("--kafka-group", &topic),
        ("--retry-first-ms", "20"),
        ("--smtp-host", "127.0.0.1"),
        ("--smtp-port", &smtp_port),
        ("--smtp-tls", "none"),
        ("--mail-from", "Setwise <no-reply@setwise.example>"),
        ("--public-url", "https://setwise.example"),
    ];
    let arguments = arguments.iter().flat_map(|(name, value)| [*name, *value]);
    Config::parse_from(["setwise-email-consumer"].into_iter().chain(arguments))
}

/// The production service, on a port of its own.
pub(crate) struct Running {
    shutdown: CancellationToken,
    service: JoinHandle<anyhow::Result<()>>,
}

impl Running {
    pub async fn start(config: Config) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let shutdown = CancellationToken::new();
        let serving = serve(config, listener, shutdown.clone());
        #[expect(clippy::disallowed_methods, reason = "joined by stop")]
        let service = tokio::spawn(serving);
        Self { shutdown, service }
    }

    pub async fn stop(self) {
        self.shutdown.cancel();
        self.service.await.unwrap().unwrap();
    }
}
