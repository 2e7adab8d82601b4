//! `setwise-router`: serves a supergraph, composes one, or shows the plan of an operation.

use std::{io::Write as _, path::PathBuf, process::ExitCode};

use anyhow::Context as _;
use clap::{Parser, Subcommand};
use setwise_router::{Config, Graph};
use tokio::net::TcpListener;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Serves a federated GraphQL supergraph.
#[derive(Parser)]
#[command(
    name = "setwise-router",
    version,
    args_conflicts_with_subcommands = true
)]
struct Cli {
    #[command(subcommand)]
    command: Option<Command>,

    #[command(flatten)]
    config: Config,
}

#[derive(Subcommand)]
enum Command {
    /// Prints the supergraph that the subgraphs compose to
    Compose {
        #[command(flatten)]
        config: Config,
    },
    /// Prints how an operation would be executed
    Plan {
        #[command(flatten)]
        config: Config,

        /// Print JSON
        #[arg(long)]
        json: bool,

        /// File with the operation
        operation: PathBuf,
    },
}

#[tokio::main]
async fn main() -> ExitCode {
    let cli = setwise_service::config::parse::<Cli>();
    match cli.command {
        None => {
            let config = cli.config;
            setwise_service::run(
                "setwise-router",
                config.telemetry.clone(),
                |shutdown| async move {
                    let listener = TcpListener::bind(config.listen)
                        .await
                        .with_context(|| format!("cannot listen on {}", config.listen))?;
                    setwise_router::serve(config, listener, shutdown).await
                },
            )
            .await
        }
        Some(command) => match print(command).await {
            Ok(()) => ExitCode::SUCCESS,
            Err(error) => {
                eprintln!("setwise-router: {error:#}");
                ExitCode::FAILURE
            }
        },
    }
}

async fn print(command: Command) -> anyhow::Result<()> {
    let text = match command {
        Command::Compose { config } => setwise_router::supergraph_sdl(&config).await?,
        Command::Plan {
            config,
            json,
            operation,
        } => {
            let query = tokio::fs::read_to_string(&operation)
                .await
                .with_context(|| operation.display().to_string())?;
            let plan = Graph::load(&config).await?.explain(&query)?;
            if json {
                plan.to_json().to_string()
            } else {
                plan.to_string()
            }
        }
    };
    writeln!(std::io::stdout(), "{}", text.trim_end())?;
    Ok(())
}
