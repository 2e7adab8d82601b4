use std::{sync::OnceLock, thread, time::Duration};

use anyhow::Context as _;
use clap::{Args, ValueEnum};
use metrics_exporter_prometheus::{PrometheusBuilder, PrometheusHandle};
use opentelemetry::{global, trace::TracerProvider};
use opentelemetry_otlp::{SpanExporter, WithExportConfig};
use opentelemetry_sdk::{Resource, propagation::TraceContextPropagator, trace::SdkTracerProvider};
use tracing_subscriber::{EnvFilter, Layer, layer::SubscriberExt, util::SubscriberInitExt};

static METRICS: OnceLock<PrometheusHandle> = OnceLock::new();

/// Seconds.
const DURATION_BUCKETS: [f64; 12] = [
    0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0,
];
const METRICS_UPKEEP: Duration = Duration::from_secs(5);

const DEFAULT_FILTER: &str = "info,librdkafka=error,rdkafka=error,nisshi=warn";

/// Logs and traces of a service.
#[derive(Args, Clone, Debug, Default)]
pub struct TelemetryConfig {
    /// OTLP over HTTP, such as `http://127.0.0.1:4318`; no traces are sent without it
    #[arg(long, env = "OTEL_EXPORTER_OTLP_ENDPOINT")]
    pub otel_exporter_otlp_endpoint: Option<String>,

    /// How log lines look
    #[arg(long, env = "LOG_FORMAT", value_enum, default_value_t)]
    pub log_format: LogFormat,

    /// Which log lines are written, as tracing's `EnvFilter` reads it
    #[arg(long, env = "RUST_LOG")]
    pub rust_log: Option<String>,
}

#[derive(Clone, Copy, Debug, Default, ValueEnum)]
pub enum LogFormat {
    #[default]
    Text,
    Json,
}

/// Running telemetry; [`Telemetry::flush`] sends what is still held.
pub struct Telemetry {
    provider: Option<SdkTracerProvider>,
}

impl Telemetry {
    /// Starts logs on stderr, metrics, and traces if an endpoint is configured.
    ///
    /// # Errors
    /// When the filter or the endpoint is malformed, or telemetry runs already.
    pub fn start(service: &'static str, config: &TelemetryConfig) -> anyhow::Result<Self> {
        global::set_text_map_propagator(TraceContextPropagator::new());
        install_metrics()?;
        let filter = config.rust_log.as_deref().filter(|text| !text.is_empty());
        let filter = EnvFilter::try_new(filter.unwrap_or(DEFAULT_FILTER))
            .context("RUST_LOG cannot be read")?;
        let lines = tracing_subscriber::fmt::layer().with_writer(std::io::stderr);
        let lines = match config.log_format {
            LogFormat::Text => lines.boxed(),
            LogFormat::Json => lines.json().flatten_event(true).boxed(),
        };
        let provider = config
            .otel_exporter_otlp_endpoint
            .as_deref()
            .filter(|endpoint| !endpoint.is_empty())
            .map(|endpoint| tracer_provider(service, endpoint))
            .transpose()?;
        let traces = provider.as_ref().map(|provider| {
            tracing_opentelemetry::layer()
                .with_tracer(provider.tracer("setwise"))
                .with_location(false)
                .with_threads(false)
                .with_tracked_inactivity(false)
        });
        tracing_subscriber::registry()
            .with(lines.with_filter(filter))
            .with(traces.map(|traces| traces.with_filter(trace_filter())))
            .try_init()
            .context("telemetry is running already")?;
        Ok(Self { provider })
    }

    /// Sends the spans that are still held.
    pub fn flush(&self) {
        if let Some(provider) = &self.provider
            && let Err(error) = provider.shutdown()
        {
            tracing::warn!(error.message = %error, "the last spans could not be sent");
        }
    }
}

/// Our own spans at info, those within the router too, which no log line needs, and each SQL
/// statement that sqlx reports. rdkafka asks
/// whether a level is enabled without writing anything, and what the two
/// filters then disagree on costs the thread its next span: both say no.
fn trace_filter() -> EnvFilter {
    EnvFilter::new(
        "info,setwise_router=debug,sqlx::query=debug,hyper=off,h2=off,reqwest=off,opentelemetry=off,nisshi=off,rdkafka=off,librdkafka=off",
    )
}

fn tracer_provider(service: &'static str, endpoint: &str) -> anyhow::Result<SdkTracerProvider> {
    let exporter = SpanExporter::builder()
        .with_http()
        .with_endpoint(format!("{}/v1/traces", endpoint.trim_end_matches('/')))
        .build()
        .context("OTEL_EXPORTER_OTLP_ENDPOINT is not usable")?;
    let provider = SdkTracerProvider::builder()
        .with_batch_exporter(exporter)
        .with_resource(Resource::builder().with_service_name(service).build())
        .build();
    global::set_tracer_provider(provider.clone());
    Ok(provider)
}

fn install_metrics() -> anyhow::Result<()> {
    let handle = PrometheusBuilder::new()
        .set_buckets(&DURATION_BUCKETS)?
        .install_recorder()
        .context("metrics are running already")?;
    let _ = METRICS.set(handle.clone());
    // the recorder keeps every observation until it is told to count them: nobody may ever
    // ask for /metrics
    let upkeep = move || loop {
        thread::sleep(METRICS_UPKEEP);
        handle.run_upkeep();
    };
    thread::Builder::new()
        .name("metrics upkeep".to_owned())
        .spawn(upkeep)
        .context("cannot start a thread")?;
    Ok(())
}

/// The Prometheus text of this process, empty when telemetry was not started.
pub(crate) fn render_metrics() -> String {
    METRICS
        .get()
        .map(PrometheusHandle::render)
        .unwrap_or_default()
}
