//! The files subgraph as a process of its own.

use std::process::ExitCode;

use anyhow::Context;
use setwise_files::Config;
use tokio::net::TcpListener;

#[tokio::main]
async fn main() -> ExitCode {
    let config = setwise_service::config::parse::<Config>();
    setwise_service::run(
        "setwise-files",
        config.telemetry.clone(),
        |shutdown| async move {
            let listener = TcpListener::bind(config.listen).await;
            let listener =
                listener.with_context(|| format!("cannot listen on {}", config.listen))?;
            setwise_files::serve(config, listener, shutdown).await
        },
    )
    .await
}
