use std::process::ExitCode;

use anyhow::Context as _;
use setwise_users::Config;
use tokio::net::TcpListener;

#[tokio::main]
async fn main() -> ExitCode {
    let config = setwise_service::config::parse::<Config>();
    let telemetry = config.telemetry.clone();
    setwise_service::run("setwise-users", telemetry, |shutdown| async move {
        let listener = TcpListener::bind(&config.listen).await;
        let listener = listener.with_context(|| format!("cannot listen on {}", config.listen))?;
        setwise_users::serve(config, listener, shutdown).await
    })
    .await
}
