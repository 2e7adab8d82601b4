use std::process::ExitCode;

use anyhow::Result;
use setwise::{Options, Running};
use setwise_service::config;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

#[tokio::main]
async fn main() -> ExitCode {
    let options = config::parse::<Options>();
    let telemetry = options.telemetry.clone();
    setwise_service::run("setwise", telemetry, |shutdown| async move {
        let running = setwise::boot(options, shutdown).await?;
        announce(&running)?;
        running.stopped().await
    })
    .await
}

/// Tells on stdout where everything is.
fn announce(running: &Running) -> Result<()> {
    use std::io::Write;
    let mut out = std::io::stdout().lock();
    writeln!(out, "\nSetwise is ready.\n")?;
    writeln!(out, "  web        {}", running.web_url)?;
    writeln!(out, "  GraphQL    {}graphql", running.router_url)?;
    writeln!(out, "  REST       {}v1", running.router_url)?;
    if let Some(mailbox) = &running.mailbox_url {
        writeln!(out, "  mailbox    {mailbox}")?;
    }
    writeln!(out, "  data       {}", running.data.display())?;
    if let Some(demo) = &running.demo {
        writeln!(out, "  demo       {} / {}", demo.email, demo.password)?;
    }
    writeln!(out, "\nCtrl-C stops it; the data stays.")?;
    Ok(out.flush()?)
}
