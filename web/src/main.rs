use std::process::ExitCode;

use anyhow::Context;
use tokio::net::TcpListener;

#[tokio::main]
async fn main() -> ExitCode {
    let config = setwise_service::config::parse::<setwise_web::Config>();
    let telemetry = config.telemetry.clone();
    setwise_service::run("setwise-web", telemetry, async |shutdown| {
        let listen = config.listen;
        let listener = TcpListener::bind(listen).await;
        let listener = listener.with_context(|| format!("cannot listen on {listen}"))?;
        setwise_web::serve(config, listener, shutdown).await
    })
    .await
}
