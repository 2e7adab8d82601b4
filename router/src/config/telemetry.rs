use clap::ValueEnum;
use schemars::JsonSchema;
use serde::Deserialize;
use setwise_service::TelemetryConfig;

/// Logs and traces.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema, PartialEq)]
#[serde(deny_unknown_fields, default)]
pub struct Telemetry {
    /// OTLP over HTTP, such as `http://127.0.0.1:4318`; no traces are sent without it.
    pub otlp_endpoint: Option<String>,

    /// How log lines look: `text` or `json`.
    pub log_format: LogFormat,

    /// Which log lines are written, as tracing's `EnvFilter` reads it, such as `info`.
    pub log_filter: Option<String>,
}

/// How log lines look.
#[derive(Clone, Copy, Debug, Default, Deserialize, JsonSchema, PartialEq, Eq, ValueEnum)]
#[serde(rename_all = "lowercase")]
pub enum LogFormat {
    #[default]
    Text,
    Json,
}

impl From<&Telemetry> for TelemetryConfig {
    fn from(telemetry: &Telemetry) -> Self {
        Self {
            otel_exporter_otlp_endpoint: telemetry.otlp_endpoint.clone(),
            log_format: match telemetry.log_format {
                LogFormat::Text => setwise_service::LogFormat::Text,
                LogFormat::Json => setwise_service::LogFormat::Json,
            },
            rust_log: telemetry.log_filter.clone(),
        }
    }
}
