//! Where mail goes: a mail server or a folder.

use std::{
    fs::{self, File},
    io::{self, Write},
    path::{Path, PathBuf},
    time::Duration,
};

use anyhow::Context as _;
use chrono::{DateTime, Utc};
use lettre::{
    AsyncSmtpTransport, AsyncTransport, Message, Tokio1Executor,
    transport::smtp::{self, authentication::Credentials},
};
use tokio::task::spawn_blocking;

use crate::config::{Config, Tls};

/// How long the mail server may take for one command.
pub(crate) const TIMEOUT: Duration = Duration::from_secs(10);

/// A way to send.
#[derive(Clone)]
pub(crate) enum Transport {
    Smtp(AsyncSmtpTransport<Tokio1Executor>),
    Folder(PathBuf),
}

/// A mail ready to go.
#[derive(Clone, Debug)]
pub(crate) struct Outgoing {
    pub message: Message,
    /// The event's id, or what stands for it: safe in a file name.
    pub id: String,
    /// When the mail was asked for.
    pub asked_at: DateTime<Utc>,
}

/// Why a mail was not sent.
#[derive(Debug, thiserror::Error)]
pub(crate) enum SendError {
    #[error("the mail server does not take it now")]
    Smtp(#[source] smtp::Error),
    #[error("the mail server refuses it")]
    Refused(#[source] smtp::Error),
    #[error("its file cannot be written")]
    File(#[from] io::Error),
}

impl SendError {
    /// Whether trying again can help.
    pub fn is_transient(&self) -> bool {
        match self {
            Self::Smtp(_) | Self::File(_) => true,
            Self::Refused(_) => false,
        }
    }
}

impl Transport {
    pub fn new(config: &Config) -> anyhow::Result<Self> {
        config.check()?;
        if let Some(dir) = config.mail_dir() {
            fs::create_dir_all(dir)
                .with_context(|| format!("MAIL_DIR {} cannot be made", dir.display()))?;
            return Ok(Self::Folder(dir.clone()));
        }
        let host = config.smtp_host().context("SMTP_HOST is not set")?;
        let builder = match config.smtp_tls {
            Tls::None => Ok(AsyncSmtpTransport::<Tokio1Executor>::builder_dangerous(
                host,
            )),
            Tls::Starttls => AsyncSmtpTransport::<Tokio1Executor>::starttls_relay(host),
            Tls::Tls => AsyncSmtpTransport::<Tokio1Executor>::relay(host),
        };
        let mut builder = builder
            .context("SMTP_HOST is not usable")?
            .timeout(Some(TIMEOUT));
        if let Some(port) = config.smtp_port {
            builder = builder.port(port);
        }
        if let Some((username, password)) = config.smtp_credentials() {
            builder = builder.credentials(Credentials::new(username.into(), password.into()));
        }
        Ok(Self::Smtp(builder.build()))
    }

    /// Sends a mail; it is with the server or on disk when this returns.
    #[tracing::instrument(skip_all, name = "mail.send", fields(otel.kind = "client", mail.transport = self.name()))]
    pub async fn send(&self, outgoing: &Outgoing) -> Result<(), SendError> {
        match self {
            Self::Smtp(smtp) => {
                let sent = smtp.send(outgoing.message.clone()).await;
                sent.map(drop).map_err(refused_or_not_now)
            }
            Self::Folder(dir) => {
                let path = dir.join(file_name(outgoing));
                let content = outgoing.message.formatted();
                spawn_blocking(move || write(&path, &content))
                    .await
                    .map_err(io::Error::other)??;
                Ok(())
            }
        }
    }

    fn name(&self) -> &'static str {
        match self {
            Self::Smtp(_) => "smtp",
            Self::Folder(_) => "folder",
        }
    }
}

/// A 5xx answer is about this mail, unless it is about us: 530 to 538 ask for
/// another sign-in (RFC 4954), which concerns every mail until it is mended.
fn refused_or_not_now(error: smtp::Error) -> SendError {
    let code = error.status().map(u16::from);
    if error.is_permanent() && !matches!(code, Some(530..=538)) {
        SendError::Refused(error)
    } else {
        SendError::Smtp(error)
    }
}

/// The same for each delivery of one event, and in order of time.
fn file_name(outgoing: &Outgoing) -> String {
    let time = outgoing.asked_at.format("%Y%m%dT%H%M%S%.3fZ");
    format!("{time}-{}.eml", outgoing.id)
}

/// Whoever lists the folder sees the whole file or none.
fn write(path: &Path, content: &[u8]) -> io::Result<()> {
    let part = path.with_extension("part");
    let mut file = File::create(&part)?;
    file.write_all(content)?;
    file.sync_all()?;
    fs::rename(&part, path)?;
    match path.parent() {
        Some(dir) => File::open(dir)?.sync_all(),
        None => Ok(()),
    }
}
