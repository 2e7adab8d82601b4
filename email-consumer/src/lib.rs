//! Mail: reads [`EmailMessage`](setwise_events::EmailMessage)s from Kafka,
//! renders them in the person's language, and sends them by SMTP or into a folder.
//!
//! It keeps no state: a message carries all that its mail needs. Delivery is
//! at least once. A redelivery is recognized by the event's id as long as the
//! process remembers it; beyond that the `Message-ID`, which derives from the
//! event's id, shows two mails as one, and a folder holds it once.
//!
//! To add a mail: a variant of `EmailMessage`, a function in `mail/` that
//! writes it, and its texts in `locales/`.

mod config;
mod consumer;
mod dead_letter;
mod delivery;
mod mail;
mod mailbox;
mod recent;
mod text;
mod transport;

use anyhow::Context as _;
use setwise_service::{Readiness, Tasks};
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

pub use config::{Config, Tls};
pub use mailbox::serve_mailbox;

use consumer::MailConsumer;

/// Sends mail until `shutdown`; `listener` answers health and metrics.
///
/// # Errors
/// When the configuration is not usable or the listener fails.
pub async fn serve(
    config: Config,
    listener: TcpListener,
    shutdown: CancellationToken,
) -> anyhow::Result<()> {
    let consumer = MailConsumer::new(&config).context("mail cannot be sent")?;
    let dead_letters = consumer.dead_letters();
    let readiness = Readiness::new().check("broker", move || dead_letters.clone().broker_answers());
    let tasks = Tasks::new(shutdown.clone());
    tasks.spawn("mail", consumer.run(tasks.shutdown()));
    setwise_service::serve_http(listener, setwise_service::health(readiness), shutdown).await?;
    tasks.join().await
}
