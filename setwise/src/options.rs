use std::{net::SocketAddr, path::PathBuf};

use clap::Parser;
use setwise_service::{Secret, TelemetryConfig};
use url::Url;

/// All of Setwise in one process, with its own database, broker and mailbox.
///
/// Each embedded part gives way to the real thing by its environment variable:
/// `DATABASE_URL`, `KAFKA_BROKERS`, `OBJECT_STORE_URL`, `SMTP_HOST`. What the
/// services themselves understand is passed on to them; see their `--help`.
#[derive(Parser, Clone, Debug)]
#[command(name = "setwise", version)]
pub struct Options {
    /// The folder of all data: database, broker, files, mail, keys
    #[arg(long, env = "SETWISE_DATA", default_value = ".data")]
    pub data: PathBuf,

    /// Add a demo account with about six months of training
    #[arg(long)]
    pub demo: bool,

    /// Where people reach the web; links in mails start with it
    #[arg(long, env = "PUBLIC_URL", default_value = "http://127.0.0.1:3000")]
    pub public_url: Url,

    /// A PostgreSQL of your own: the URL of a role that may create databases
    /// and roles. Without it one is started from the system's binaries
    #[arg(long, env = "DATABASE_URL", hide_env_values = true)]
    pub database_url: Option<Secret>,

    /// Kafka brokers of your own, host:port, separated by commas. Without them
    /// a small broker runs in this process
    #[arg(long, env = "KAFKA_BROKERS")]
    pub kafka_brokers: Option<String>,

    /// A mail server of your own. Without it each mail becomes a file in the
    /// data folder, shown by the mailbox
    #[arg(long, env = "SMTP_HOST")]
    pub smtp_host: Option<String>,

    /// Where uploaded files go, such as `file:///srv/setwise`. Without it
    /// into the data folder
    #[arg(long, env = "OBJECT_STORE_URL")]
    pub object_store_url: Option<Url>,

    #[command(flatten)]
    pub addresses: Addresses,

    #[command(flatten)]
    pub telemetry: TelemetryConfig,
}

/// Where each part listens; port 0 takes a free one.
#[derive(clap::Args, Clone, Debug)]
pub struct Addresses {
    #[arg(long, env = "WEB_LISTEN", default_value = "127.0.0.1:3000")]
    pub web: SocketAddr,

    #[arg(long, env = "ROUTER_LISTEN", default_value = "127.0.0.1:4000")]
    pub router: SocketAddr,

    #[arg(long, env = "USERS_LISTEN", default_value = "127.0.0.1:4001")]
    pub users: SocketAddr,

    #[arg(long, env = "TRAINING_LISTEN", default_value = "127.0.0.1:4002")]
    pub training: SocketAddr,

    #[arg(long, env = "FILES_LISTEN", default_value = "127.0.0.1:4003")]
    pub files: SocketAddr,

    #[arg(long, env = "EMAIL_LISTEN", default_value = "127.0.0.1:4004")]
    pub email: SocketAddr,

    #[arg(long, env = "MAILBOX_LISTEN", default_value = "127.0.0.1:4005")]
    pub mailbox: SocketAddr,

    /// The port of the embedded PostgreSQL, on 127.0.0.1
    #[arg(long, env = "POSTGRES_PORT", default_value_t = 4032)]
    pub postgres_port: u16,

    /// The port of the embedded broker, on 127.0.0.1
    #[arg(long, env = "BROKER_PORT", default_value_t = 4092)]
    pub broker_port: u16,
}

impl Options {
    /// Everything embedded, below `data`, on free ports, whatever the environment says.
    #[must_use]
    pub fn embedded(data: PathBuf, public_url: Url) -> Self {
        let any = SocketAddr::from(([127, 0, 0, 1], 0));
        Self {
            data,
            demo: false,
            public_url,
            database_url: None,
            kafka_brokers: None,
            smtp_host: None,
            object_store_url: None,
            addresses: Addresses {
                web: any,
                router: any,
                users: any,
                training: any,
                files: any,
                email: any,
                mailbox: any,
                postgres_port: 0,
                broker_port: 0,
            },
            telemetry: TelemetryConfig::default(),
        }
    }
}
