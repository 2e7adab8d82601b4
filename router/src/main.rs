//! `setwise-router`: serves a supergraph, composes one, or shows the plan of an operation.

use std::{io::Write as _, path::PathBuf, process::ExitCode};

use anyhow::Context as _;
use clap::{Parser, Subcommand};
use setwise_router::{Config, ConfigError, Flags, Graph};
use setwise_service::{TelemetryConfig, config::EXIT_USAGE};
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
    flags: Flags,
}

#[derive(Subcommand)]
enum Command {
    /// Prints the supergraph that the subgraphs compose to
    Compose {
        #[command(flatten)]
        flags: Box<Flags>,
    },
    /// Prints how an operation would be executed
    Plan {
        #[command(flatten)]
        flags: Box<Flags>,

        /// Print JSON
        #[arg(long)]
        json: bool,

        /// File with the operation
        operation: PathBuf,
    },
    /// Tells about `router.yaml`
    #[command(subcommand)]
    Config(ConfigCommand),
}

#[derive(Subcommand)]
enum ConfigCommand {
    /// Prints the JSON schema of `router.yaml`
    Schema,
    /// Says whether flags, environment and file are a configuration
    Check {
        #[command(flatten)]
        flags: Box<Flags>,
    },
}

#[tokio::main]
async fn main() -> ExitCode {
    keep_pages_small();
    let cli = setwise_service::config::parse::<Cli>();
    let outcome = match cli.command {
        None => match cli.flags.clone().load().and_then(Config::with_supergraph) {
            Ok(config) => return serve(config, cli.flags).await,
            Err(error) => Err(error.into()),
        },
        Some(command) => print(command).await,
    };
    let Err(error) = outcome else {
        return ExitCode::SUCCESS;
    };
    eprintln!("setwise-router: {error:#}");
    if error.is::<ConfigError>() {
        ExitCode::from(EXIT_USAGE)
    } else {
        ExitCode::FAILURE
    }
}

/// The allocator asks for huge pages: under load they hold half as much again as is used, and
/// nothing here is faster for them.
fn keep_pages_small() {
    // where it cannot be turned off, that costs memory and nothing else
    #[cfg(target_os = "linux")]
    let _ = rustix::thread::disable_transparent_huge_pages(true);
}

async fn serve(mut config: Config, flags: Flags) -> ExitCode {
    config.on_cores = true;
    let telemetry = TelemetryConfig::from(&config.telemetry);
    setwise_service::run("setwise-router", telemetry, |shutdown| async move {
        let listener = TcpListener::bind(config.listen)
            .await
            .with_context(|| format!("cannot listen on {}", config.listen))?;
        Box::pin(setwise_router::serve_and_reload(
            config, flags, listener, shutdown,
        ))
        .await
    })
    .await
}

async fn print(command: Command) -> anyhow::Result<()> {
    let text = match command {
        Command::Compose { flags } => setwise_router::supergraph_sdl(&flags.load()?).await?,
        Command::Plan {
            flags,
            json,
            operation,
        } => {
            let config = flags.load()?;
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
        Command::Config(ConfigCommand::Schema) => format!("{:#}", Config::schema()),
        Command::Config(ConfigCommand::Check { flags }) => {
            flags.load()?;
            "the configuration is good".to_owned()
        }
    };
    writeln!(std::io::stdout(), "{}", text.trim_end())?;
    Ok(())
}
