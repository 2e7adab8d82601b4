use clap::{Parser, value_parser};
use setwise_service::{Secret, TelemetryConfig};

/// The training subgraph: exercises, routines, workouts and their generation.
#[derive(Parser, Clone, Debug)]
#[command(name = "setwise-training", version)]
pub struct Config {
    /// Where to listen
    #[arg(long, env = "TRAINING_LISTEN", default_value = "127.0.0.1:4002")]
    pub listen: String,

    /// PostgreSQL, as the role of this subgraph
    #[arg(long, env = "DATABASE_URL", hide_env_values = true)]
    pub database_url: Secret,

    /// Connections to PostgreSQL, at most
    #[arg(long, env = "DATABASE_MAX_CONNECTIONS", default_value_t = 10)]
    pub database_max_connections: u32,

    /// Where the keys that verify access tokens are served
    #[arg(
        long,
        env = "JWKS_URL",
        default_value = "http://127.0.0.1:4001/.well-known/jwks.json"
    )]
    pub jwks_url: String,

    /// Kafka brokers, host:port, separated by commas
    #[arg(long, env = "KAFKA_BROKERS", default_value = "127.0.0.1:4092")]
    pub kafka_brokers: String,

    /// The topic of training events
    #[arg(long, env = "KAFKA_TRAINING_TOPIC", default_value = "training-events")]
    pub kafka_training_topic: String,

    /// Workouts that a person may have generated in a day (UTC), at least 1
    #[arg(
        long,
        env = "GENERATION_DAILY_LIMIT",
        default_value_t = 5,
        value_parser = value_parser!(u32).range(1..)
    )]
    pub generation_daily_limit: u32,

    #[command(flatten)]
    pub telemetry: TelemetryConfig,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn refuses_a_daily_limit_of_no_workouts() {
        let arguments = ["setwise-training", "--database-url", "postgres://"];
        let with = |limit: &'static str| {
            Config::try_parse_from(
                arguments
                    .into_iter()
                    .chain(["--generation-daily-limit", limit]),
            )
        };
        assert_eq!(with("1").unwrap().generation_daily_limit, 1);
        let none = with("0").unwrap_err().to_string();
        assert!(none.contains("--generation-daily-limit"), "{none}");
        assert!(none.contains("0 is not in 1.."), "{none}");
    }
}
