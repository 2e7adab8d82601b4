use clap::{Args, Parser, value_parser};
use setwise_service::{Secret, TelemetryConfig};
use url::Url;

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
    pub ai: AiConfig,

    #[command(flatten)]
    pub telemetry: TelemetryConfig,
}

/// The language model that chooses the exercises of generated workouts.
#[derive(Args, Clone, Debug)]
pub struct AiConfig {
    /// An OpenAI-compatible endpoint whose /chat/completions takes JSON schemas, such as that of Ollama, port 11434,
    /// path /v1. Without it the built-in planner generates workouts
    #[arg(
        id = "ai_base_url",
        long = "ai-base-url",
        env = "AI_BASE_URL",
        requires = "ai_model",
        value_parser = http_url
    )]
    pub base_url: Option<Url>,

    /// The model to ask for there
    #[arg(
        id = "ai_model",
        long = "ai-model",
        env = "AI_MODEL",
        requires = "ai_base_url"
    )]
    pub model: Option<String>,

    /// The bearer token of the endpoint, if it wants one
    #[arg(
        id = "ai_api_key",
        long = "ai-api-key",
        env = "AI_API_KEY",
        hide_env_values = true,
        requires = "ai_base_url"
    )]
    pub api_key: Option<Secret>,

    /// Seconds until the model must have answered, a second try included, from 1 to 3600; then the built-in planner
    /// takes over
    #[arg(
        id = "ai_timeout_seconds",
        long = "ai-timeout-seconds",
        env = "AI_TIMEOUT_SECONDS",
        default_value_t = 120,
        value_parser = value_parser!(u64).range(1..=3600)
    )]
    pub timeout_seconds: u64,

    /// Workouts that each process asks the model for at once, from 1 to 64
    #[arg(
        id = "ai_concurrency",
        long = "ai-concurrency",
        env = "AI_CONCURRENCY",
        default_value_t = 4,
        value_parser = concurrency
    )]
    pub concurrency: usize,
}

fn http_url(text: &str) -> Result<Url, String> {
    let url = Url::parse(text).ok();
    url.filter(|url| matches!(url.scheme(), "http" | "https"))
        .ok_or_else(|| "must be a URL that begins with http:// or https://".to_owned())
}

fn concurrency(text: &str) -> Result<usize, String> {
    let number = text.parse().ok();
    number
        .filter(|number| (1..=64).contains(number))
        .ok_or_else(|| "must be from 1 to 64".to_owned())
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

    #[test]
    fn a_model_is_an_endpoint_and_a_name() {
        let with = |ai: &[&'static str]| {
            let arguments = ["setwise-training", "--database-url", "postgres://"];
            let arguments = arguments.into_iter().chain(ai.iter().copied());
            Config::try_parse_from(arguments).map(|config| config.ai)
        };
        assert!(with(&[]).unwrap().base_url.is_none());
        let (url, model) = (
            ["--ai-base-url", "http://127.0.0.1/v1"],
            ["--ai-model", "m"],
        );
        let key = ["--ai-api-key", "sk-hush"];
        let whole = with(&[url, model, key].concat()).unwrap();
        assert_eq!((whole.timeout_seconds, whole.concurrency), (120, 4));
        assert!(!format!("{whole:?}").contains("sk-hush"));
        for (ai, cause) in [
            (url.to_vec(), "--ai-model"),
            (model.to_vec(), "--ai-base-url"),
            (key.to_vec(), "--ai-base-url"),
            (
                vec!["--ai-base-url", "127.0.0.1/v1", "--ai-model", "m"],
                "http://",
            ),
            (
                [&url[..], &model, &["--ai-timeout-seconds", "0"]].concat(),
                "0 is not in",
            ),
            (
                [&url[..], &model, &["--ai-concurrency", "65"]].concat(),
                "from 1 to 64",
            ),
        ] {
            let error = with(&ai).unwrap_err().to_string();
            assert!(error.contains(cause), "{ai:?}: {error}");
        }
    }
}
