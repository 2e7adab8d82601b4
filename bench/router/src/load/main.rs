//! Drives one load over a subgraph and the gateways before it, in one run, and prints what each
//! took. Everything it starts listens on free ports of 127.0.0.1 and ends with it.

mod drive;
mod gateways;
mod process;
mod report;

use std::{path::PathBuf, time::Duration};

use anyhow::Context as _;

use drive::{Load, Sample};
use gateways::Gateway;

/// Connections under load, each with one request under way.
const CONNECTIONS: usize = 50;

/// How often each gateway has its turn: what else the machine does then falls on all alike.
const ROUNDS: usize = 5;
const WARM_UP: Duration = Duration::from_secs(5);
const LOADED_TURN: Duration = Duration::from_secs(4);
const IDLE_TURN: Duration = Duration::from_secs(1);

/// What one gateway came to over all rounds.
pub(crate) struct Figures {
    name: String,
    /// The deep query on [`CONNECTIONS`]; the shallow one for the subgraph.
    loaded: Sample,
    /// The deep query, one at a time; none for the subgraph.
    idle_deep: Option<Sample>,
    /// The shallow query, one at a time.
    idle_shallow: Sample,
    peak_kib: u64,
}

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let tools = Tools::from_env()?;
    let scratch = std::env::temp_dir().join(format!("bench-router-{}", std::process::id()));
    tokio::fs::create_dir_all(&scratch).await?;
    let outcome = bench(&tools, &scratch).await;
    tokio::fs::remove_dir_all(&scratch).await?;
    outcome
}

/// Where what is compared lies. A peer that is not there is left out, and the report says so.
pub(crate) struct Tools {
    /// This folder.
    bench: PathBuf,
    subgraphs: PathBuf,
    router: PathBuf,
    hive: Option<PathBuf>,
    apollo: Option<PathBuf>,
}

impl Tools {
    fn from_env() -> anyhow::Result<Self> {
        let path = |name: &str| {
            std::env::var_os(name)
                .filter(|path| !path.is_empty())
                .map(PathBuf::from)
        };
        let needed =
            |name| path(name).with_context(|| format!("{name} is not set: use bench/router/run"));
        Ok(Self {
            bench: needed("BENCH_DIR")?,
            subgraphs: needed("BENCH_SUBGRAPHS")?,
            router: needed("BENCH_ROUTER")?,
            hive: path("BENCH_HIVE"),
            apollo: path("BENCH_APOLLO"),
        })
    }
}

async fn bench(tools: &Tools, scratch: &std::path::Path) -> anyhow::Result<()> {
    let deep = tokio::fs::read_to_string(tools.bench.join("deep.graphql")).await?;
    let shallow = tokio::fs::read_to_string(tools.bench.join("shallow.graphql")).await?;
    let mut gateways = gateways::start(tools, scratch).await?;
    check_answers(&gateways, &deep, &shallow).await?;

    let mut figures: Vec<Figures> = gateways
        .iter()
        .map(|gateway| Figures {
            name: gateway.name.clone(),
            loaded: Sample::default(),
            idle_deep: (!gateway.is_subgraph()).then(Sample::default),
            idle_shallow: Sample::default(),
            peak_kib: 0,
        })
        .collect();
    for gateway in &mut gateways {
        eprintln!("warming up {}", gateway.name);
        let query = if gateway.is_subgraph() {
            &shallow
        } else {
            &deep
        };
        Load::new(query, CONNECTIONS, WARM_UP).run(gateway).await?;
        Load::new(&shallow, 1, IDLE_TURN).run(gateway).await?;
    }
    for round in 1..=ROUNDS {
        for (gateway, figures) in gateways.iter_mut().zip(&mut figures) {
            eprintln!("round {round} of {ROUNDS}: {}", gateway.name);
            let query = if gateway.is_subgraph() {
                &shallow
            } else {
                &deep
            };
            figures.loaded.add(
                &Load::new(query, CONNECTIONS, LOADED_TURN)
                    .run(gateway)
                    .await?,
            )?;
            if let Some(idle_deep) = &mut figures.idle_deep {
                idle_deep.add(&Load::new(&deep, 1, IDLE_TURN).run(gateway).await?)?;
            }
            figures
                .idle_shallow
                .add(&Load::new(&shallow, 1, IDLE_TURN).run(gateway).await?)?;
        }
    }
    for (gateway, figures) in gateways.iter().zip(&mut figures) {
        figures.peak_kib = gateway.process.peak_kib()?;
    }
    print!("{}", report::markdown(&figures));
    Ok(())
}

/// Every gateway must answer the same, or their figures say nothing.
async fn check_answers(gateways: &[Gateway], deep: &str, shallow: &str) -> anyhow::Result<()> {
    let mut expected: [Option<serde_json::Value>; 2] = [None, None];
    for gateway in gateways {
        for (query, expected) in [deep, shallow].into_iter().zip(&mut expected) {
            if gateway.is_subgraph() && query == deep {
                continue;
            }
            let answer = drive::once(gateway, query).await?;
            anyhow::ensure!(
                answer.get("errors").is_none(),
                "{} answers {answer}",
                gateway.name
            );
            match expected {
                None => *expected = Some(answer["data"].clone()),
                Some(expected) => anyhow::ensure!(
                    answer["data"] == *expected,
                    "{} answers otherwise than the one before",
                    gateway.name
                ),
            }
        }
    }
    Ok(())
}
