use std::process::ExitCode;

use tokio::signal::unix::{SignalKind, signal};
use tokio_util::sync::CancellationToken;

use crate::{
    http_server::requests_in_flight,
    telemetry::{Telemetry, TelemetryConfig},
};

/// The frame of every `main`: telemetry, signals, the service, and an orderly end.
pub async fn run<F, Fut>(service: &'static str, telemetry: TelemetryConfig, serve: F) -> ExitCode
where
    F: FnOnce(CancellationToken) -> Fut,
    Fut: Future<Output = anyhow::Result<()>>,
{
    let telemetry = match Telemetry::start(service, &telemetry) {
        Ok(telemetry) => telemetry,
        Err(error) => return fail(service, &error),
    };
    let outcome = match shutdown_on_signal() {
        Ok(shutdown) => {
            let outcome = serve(shutdown.clone()).await;
            if outcome.is_ok() && shutdown.is_cancelled() {
                tracing::info!("{service} is shut down");
            }
            outcome
        }
        Err(error) => Err(error),
    };
    telemetry.flush();
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => fail(service, &error),
    }
}

fn fail(service: &str, error: &anyhow::Error) -> ExitCode {
    tracing::error!(error.message = format!("{error:#}"), "{service} stops");
    eprintln!("{service}: {error:#}");
    ExitCode::FAILURE
}

/// A token that is cancelled by Ctrl-C (SIGINT) or SIGTERM; a second signal
/// ends the process at once.
///
/// # Errors
/// When the signal handlers cannot be installed.
pub fn shutdown_on_signal() -> anyhow::Result<CancellationToken> {
    let mut interrupt = signal(SignalKind::interrupt())?;
    let mut terminate = signal(SignalKind::terminate())?;
    let token = CancellationToken::new();
    let shutdown = token.clone();
    let watch = async move {
        for _ in 0..2 {
            let signal = tokio::select! {
                _ = interrupt.recv() => "SIGINT",
                _ = terminate.recv() => "SIGTERM",
            };
            if shutdown.is_cancelled() {
                tracing::warn!(signal, "ends at once: the shutdown was under way already");
                std::process::exit(130);
            }
            tracing::info!(
                signal,
                requests = requests_in_flight(),
                "shuts down: the requests under way are answered"
            );
            shutdown.cancel();
        }
    };
    #[expect(clippy::disallowed_methods, reason = "lives as long as the process")]
    tokio::spawn(watch);
    Ok(token)
}
