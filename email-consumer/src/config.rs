use std::{net::SocketAddr, path::PathBuf, time::Duration};

use anyhow::{bail, ensure};
use clap::{Parser, ValueEnum};
use lettre::message::Mailbox;
use setwise_service::{Secret, TelemetryConfig};
use url::Url;

/// Sends mail: Kafka, templates, SMTP.
#[derive(Parser, Clone, Debug)]
#[command(name = "setwise-email-consumer", version)]
pub struct Config {
    /// Where health and metrics are answered
    #[arg(long, env = "EMAIL_LISTEN", default_value = "127.0.0.1:4004")]
    pub listen: SocketAddr,

    /// Where the development mailbox is answered; it shows `MAIL_DIR`
    #[arg(long, env = "MAILBOX_LISTEN")]
    pub mailbox_listen: Option<SocketAddr>,

    /// Kafka brokers, comma-separated
    #[arg(long, env = "KAFKA_BROKERS", default_value = "127.0.0.1:4092")]
    pub kafka_brokers: String,

    /// The topic of mails to send; what cannot be sent goes to `<topic>.dead-letter`
    #[arg(long, env = "KAFKA_TOPIC", default_value = "email")]
    pub kafka_topic: String,

    /// The consumer group: its members share the work
    #[arg(long, env = "KAFKA_GROUP", default_value = "email-consumer")]
    pub kafka_group: String,

    /// How often a mail is tried again before it goes to the dead letters
    #[arg(long, env = "EMAIL_RETRIES", default_value_t = 3, value_parser = clap::value_parser!(u32).range(..=10))]
    pub retries: u32,

    /// The pause before the first retry, in milliseconds
    #[arg(long, env = "EMAIL_RETRY_FIRST_MS", default_value_t = 1000, value_parser = clap::value_parser!(u64).range(..=60_000))]
    pub retry_first_ms: u64,

    /// How much longer each further pause is
    #[arg(long, env = "EMAIL_RETRY_FACTOR", default_value_t = 2, value_parser = clap::value_parser!(u32).range(1..=5))]
    pub retry_factor: u32,

    /// The mail server; either this or `MAIL_DIR`
    #[arg(long, env = "SMTP_HOST")]
    pub smtp_host: Option<String>,

    /// The mail server's port; by default 25, 587 or 465, as `SMTP_TLS` is none, starttls or tls
    #[arg(long, env = "SMTP_PORT")]
    pub smtp_port: Option<u16>,

    /// The account at the mail server, if it asks for one
    #[arg(long, env = "SMTP_USERNAME")]
    pub smtp_username: Option<String>,

    /// The password of `SMTP_USERNAME`
    #[arg(long, env = "SMTP_PASSWORD", hide_env_values = true)]
    pub smtp_password: Option<Secret>,

    /// How the connection to the mail server is encrypted
    #[arg(long, env = "SMTP_TLS", value_enum, default_value_t)]
    pub smtp_tls: Tls,

    /// Writes each mail to a file in this folder, instead of sending it
    #[arg(long, env = "MAIL_DIR")]
    pub mail_dir: Option<PathBuf>,

    /// The sender of all mail
    #[arg(
        long,
        env = "MAIL_FROM",
        default_value = "Setwise <setwise@localhost.localdomain>"
    )]
    pub mail_from: Mailbox,

    /// The web's address, for links
    #[arg(long, env = "PUBLIC_URL", default_value = "http://127.0.0.1:3000")]
    pub public_url: Url,

    #[command(flatten)]
    pub telemetry: TelemetryConfig,
}

/// Encryption on the way to the mail server.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum Tls {
    /// No encryption: for a server on this machine or a trusted network.
    None,
    /// Begins in plain text and must switch to TLS.
    #[default]
    Starttls,
    /// TLS from the first byte.
    Tls,
}

impl Config {
    /// What the arguments' own types cannot tell.
    ///
    /// # Errors
    /// Names the variables that do not go together.
    pub fn check(&self) -> anyhow::Result<()> {
        match (self.smtp_host(), self.mail_dir()) {
            (Some(_), Some(_)) => {
                bail!("SMTP_HOST and MAIL_DIR are both set: mail goes to one of them")
            }
            (None, None) => bail!("neither SMTP_HOST nor MAIL_DIR is set: mail has nowhere to go"),
            _ => {}
        }
        let username = set(self.smtp_username.as_deref()).is_some();
        let password = set(self.smtp_password.as_ref().map(Secret::expose)).is_some();
        ensure!(
            username == password,
            "SMTP_USERNAME and SMTP_PASSWORD go together"
        );
        ensure!(
            self.public_url.host().is_some(),
            "PUBLIC_URL is not the address of a web page"
        );
        Ok(())
    }

    /// An empty variable is one that is not set: compose files cannot leave one out.
    pub(crate) fn smtp_host(&self) -> Option<&str> {
        set(self.smtp_host.as_deref())
    }

    pub(crate) fn smtp_credentials(&self) -> Option<(&str, &str)> {
        let username = set(self.smtp_username.as_deref())?;
        let password = set(self.smtp_password.as_ref().map(Secret::expose))?;
        Some((username, password))
    }

    pub(crate) fn mail_dir(&self) -> Option<&PathBuf> {
        self.mail_dir
            .as_ref()
            .filter(|dir| !dir.as_os_str().is_empty())
    }

    /// The pause before each retry.
    pub(crate) fn pauses(&self) -> Vec<Duration> {
        let first = Duration::from_millis(self.retry_first_ms);
        let pause = |retry| first * self.retry_factor.pow(retry);
        (0..self.retries).map(pause).collect()
    }
}

fn set(value: Option<&str>) -> Option<&str> {
    value.filter(|value| !value.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(arguments: &[&str]) -> Config {
        let command = ["setwise-email-consumer"];
        Config::try_parse_from(command.iter().chain(arguments)).unwrap()
    }

    #[test]
    fn mail_goes_to_exactly_one_place() {
        let smtp = ["--smtp-host", "localhost"];
        let dir = ["--mail-dir", "mail"];
        assert!(parse(&smtp).check().is_ok());
        assert!(parse(&dir).check().is_ok());
        assert!(parse(&[]).check().is_err());
        assert!(parse(&[smtp, dir].concat()).check().is_err());
        assert!(parse(&["--smtp-host", ""]).check().is_err());
        assert!(
            parse(&["--smtp-host", "", "--mail-dir", "mail"])
                .check()
                .is_ok()
        );
    }

    #[test]
    fn a_username_needs_its_password() {
        let config = parse(&["--smtp-host", "localhost", "--smtp-username", "ann"]);
        assert!(config.check().is_err());
    }

    #[test]
    fn retries_take_seven_seconds_by_default() {
        let pauses = parse(&[]).pauses();
        assert_eq!(pauses, [1, 2, 4].map(Duration::from_secs));
    }
}
