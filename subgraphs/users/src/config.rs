use std::{fmt, num::NonZeroUsize, path::PathBuf, thread};

use chrono::TimeDelta;
use clap::Parser;
use setwise_auth::TokenIssuer;
use setwise_service::{Secret, TelemetryConfig};

/// The users subgraph: accounts, sessions, profiles.
#[derive(Parser, Clone, Debug)]
#[command(name = "setwise-users", version)]
pub struct Config {
    /// Where to listen
    #[arg(long, env = "USERS_LISTEN", default_value = "127.0.0.1:4001")]
    pub listen: String,

    /// The database: a `postgres://` URL with the role of this subgraph
    #[arg(long, env = "DATABASE_URL", hide_env_values = true)]
    pub database_url: Secret,

    /// Connections to the database, at most
    #[arg(long, env = "DATABASE_MAX_CONNECTIONS", default_value_t = 10)]
    pub database_max_connections: u32,

    /// The Ed25519 key that signs access tokens: a PKCS#8 PEM file, as
    /// `openssl genpkey -algorithm ed25519` writes it
    #[arg(long, env = "TOKEN_SIGNING_KEY_FILE", value_parser = SigningKey::read)]
    pub token_signing_key_file: SigningKey,

    /// How long an access token lives, such as 15m
    #[arg(long, env = "ACCESS_TOKEN_TTL", default_value = "15m", value_parser = duration)]
    pub access_token_ttl: TimeDelta,

    /// How long a session lives from its sign-in on, such as 30d
    #[arg(long, env = "REFRESH_TOKEN_TTL", default_value = "30d", value_parser = duration)]
    pub refresh_token_ttl: TimeDelta,

    /// How long a used refresh token still answers a fresh pair, unless a
    /// later one was used meanwhile. 0s: a refresh token works once and no
    /// more, which clients of /v1 rely on; requests that overlap are refused
    /// without harm to the session
    #[arg(long, env = "REFRESH_GRACE", default_value = "0s", value_parser = duration)]
    pub refresh_grace: TimeDelta,

    /// Passwords hashed at the same time, at most; each takes a core and
    /// 19 MiB. By default as many as there are cores
    #[arg(long, env = "PASSWORD_HASHING_CONCURRENCY", default_value_t = cores())]
    pub password_hashing_concurrency: NonZeroUsize,

    /// Kafka brokers, host:port, separated by commas
    #[arg(long, env = "KAFKA_BROKERS", default_value = "127.0.0.1:4092")]
    pub kafka_brokers: String,

    /// The topic of e-mail messages
    #[arg(long, env = "KAFKA_TOPIC", default_value = "email")]
    pub kafka_topic: String,

    /// The topic of training events
    #[arg(long, env = "KAFKA_TRAINING_TOPIC", default_value = "training-events")]
    pub kafka_training_topic: String,

    #[command(flatten)]
    pub telemetry: TelemetryConfig,
}

/// The key that signs access tokens, and the file it was read from.
#[derive(Clone)]
pub struct SigningKey {
    path: PathBuf,
    issuer: TokenIssuer,
}

impl SigningKey {
    /// # Errors
    /// When the file cannot be read or holds anything else than one private key.
    pub fn read(path: &str) -> Result<Self, String> {
        let pem = std::fs::read_to_string(path).map_err(|error| error.to_string())?;
        let issuer = TokenIssuer::from_pem(&pem).map_err(|error| error.to_string())?;
        let path = path.into();
        Ok(Self { path, issuer })
    }

    pub(crate) fn issuer(&self) -> &TokenIssuer {
        &self.issuer
    }
}

impl fmt::Debug for SigningKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.path.fmt(f)
    }
}

fn cores() -> NonZeroUsize {
    thread::available_parallelism().unwrap_or(NonZeroUsize::MIN)
}

/// Reads `90s`, `15m`, `12h` or `30d`.
fn duration(text: &str) -> Result<TimeDelta, String> {
    let malformed = || format!("{text:?} is not a duration such as 90s, 15m, 12h or 30d");
    let unit = text.chars().next_back().ok_or_else(malformed)?;
    let seconds = match unit {
        's' => 1,
        'm' => 60,
        'h' => 3600,
        'd' => 86_400,
        _ => return Err(malformed()),
    };
    let number: u32 = text[..text.len() - 1].parse().map_err(|_| malformed())?;
    TimeDelta::try_seconds(i64::from(number) * seconds).ok_or_else(malformed)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_durations() {
        assert_eq!(duration("0s"), Ok(TimeDelta::zero()));
        assert_eq!(duration("15m"), Ok(TimeDelta::minutes(15)));
        assert_eq!(duration("12h"), Ok(TimeDelta::hours(12)));
        assert_eq!(duration("30d"), Ok(TimeDelta::days(30)));
        for wrong in ["", "s", "15", "-1s", "1.5h", "15 m", "5ж"] {
            assert!(duration(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn says_what_is_wrong_with_the_signing_key() {
        let arguments = ["setwise-users", "--database-url", "postgres://"];
        let missing = Config::try_parse_from(arguments).unwrap_err().to_string();
        assert!(missing.contains("--token-signing-key-file"), "{missing}");
        let not_there = arguments
            .into_iter()
            .chain(["--token-signing-key-file", "/nowhere"]);
        let not_there = Config::try_parse_from(not_there).unwrap_err().to_string();
        assert!(not_there.contains("No such file"), "{not_there}");
        let not_a_key = arguments
            .into_iter()
            .chain(["--token-signing-key-file", "Cargo.toml"]);
        let not_a_key = Config::try_parse_from(not_a_key).unwrap_err().to_string();
        assert!(
            not_a_key.contains("not an Ed25519 private key"),
            "{not_a_key}"
        );
    }
}
