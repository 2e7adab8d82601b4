use std::{net::SocketAddr, process::ExitCode};

use anyhow::Context as _;
use setwise_email_consumer::{Config, serve, serve_mailbox};
use setwise_service::config::EXIT_USAGE;
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

#[tokio::main]
async fn main() -> ExitCode {
    let config = setwise_service::config::parse::<Config>();
    if let Err(error) = config.check() {
        eprintln!("error: {error:#}");
        return ExitCode::from(EXIT_USAGE);
    }
    setwise_service::run(
        "setwise-email-consumer",
        config.telemetry.clone(),
        |shutdown| run(config, shutdown),
    )
    .await
}

async fn run(config: Config, shutdown: CancellationToken) -> anyhow::Result<()> {
    let listener = bind(config.listen).await?;
    let mailbox = match (config.mailbox_listen, config.mail_dir.clone()) {
        (Some(address), Some(dir)) => Some((dir, bind(address).await?)),
        _ => None,
    };
    let mailbox = async {
        match mailbox {
            Some((dir, listener)) => serve_mailbox(dir, listener, shutdown.clone()).await,
            None => Ok(()),
        }
    };
    tokio::try_join!(serve(config, listener, shutdown.clone()), mailbox)?;
    Ok(())
}

async fn bind(address: SocketAddr) -> anyhow::Result<TcpListener> {
    let listener = TcpListener::bind(address).await;
    listener.with_context(|| format!("cannot listen on {address}"))
}
