use std::process::ExitCode;

use tokio::signal::unix::{SignalKind, signal};
use tokio_util::sync::CancellationToken;

use crate::telemetry::{Telemetry, TelemetryConfig};

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
        Ok(shutdown) => serve(shutdown).await,
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
            tokio::select! {
                _ = interrupt.recv() => {}
                _ = terminate.recv() => {}
            }
            if shutdown.is_cancelled() {
                std::process::exit(130);
            }
            shutdown.cancel();
        }
    };
    #[expect(clippy::disallowed_methods, reason = "lives as long as the process")]
    tokio::spawn(watch);
    Ok(token)
}
