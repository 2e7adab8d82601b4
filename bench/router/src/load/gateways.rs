//! The subgraphs and the gateways before them, each in a process of its own, as its makers ship
//! it: logs and limits as they are by default, the caller's token handed on.

use std::{net::TcpListener, path::Path};

use anyhow::Context as _;
use tokio::{fs, process::Command};

use crate::{Tools, process::Process};

const SUBGRAPHS: [&str; 4] = ["users", "products", "reviews", "inventory"];

/// Something that answers GraphQL.
pub(crate) struct Gateway {
    pub(crate) name: String,
    pub(crate) port: u16,
    pub(crate) process: Process,
}

impl Gateway {
    /// Whether it is no gateway, but what lies behind them.
    pub(crate) fn is_subgraph(&self) -> bool {
        self.name == SUBGRAPH
    }
}

const SUBGRAPH: &str = "a subgraph, directly";

/// Starts everything; the subgraph is first, this router second.
pub(crate) async fn start(tools: &Tools, scratch: &Path) -> anyhow::Result<Vec<Gateway>> {
    let ports = free_ports(7)?;
    let [this, hive, apollo] = [ports[4], ports[5], ports[6]];
    let mut command = Command::new(&tools.subgraphs);
    command.args(ports[..4].iter().map(ToString::to_string));
    let mut gateways = vec![launch(SUBGRAPH, &mut command, ports[0], scratch).await?];

    let supergraph_yaml = scratch.join("supergraph.yaml");
    fs::write(&supergraph_yaml, supergraph(tools, &ports).await?).await?;
    let composed = Command::new(&tools.router)
        .args(["compose", "--supergraph"])
        .arg(&supergraph_yaml)
        .output()
        .await?;
    anyhow::ensure!(
        composed.status.success(),
        "{}",
        String::from_utf8_lossy(&composed.stderr)
    );
    let supergraph = scratch.join("supergraph.graphql");
    fs::write(&supergraph, composed.stdout).await?;

    let mut command = Command::new(&tools.router);
    command
        .arg("--supergraph")
        .arg(&supergraph)
        .args(["--listen", &format!("127.0.0.1:{this}")]);
    gateways.push(launch("this router", &mut command, this, scratch).await?);
    if let Some(program) = &tools.hive {
        let config = scratch.join("hive.yaml");
        fs::write(&config, hive_config(&supergraph, hive)).await?;
        let mut command = Command::new(program);
        command
            .env("ROUTER_CONFIG_FILE_PATH", &config)
            .current_dir(scratch);
        gateways.push(launch("Hive Router", &mut command, hive, scratch).await?);
    }
    if let Some(folder) = &tools.apollo {
        let mut command = Command::new("node");
        command
            .env("NODE_ENV", "production")
            .arg(folder.join("server.js"));
        command.arg(&supergraph).arg(apollo.to_string());
        gateways.push(launch("Apollo Gateway", &mut command, apollo, scratch).await?);
    }
    Ok(gateways)
}

async fn launch(
    name: &str,
    command: &mut Command,
    port: u16,
    scratch: &Path,
) -> anyhow::Result<Gateway> {
    let log = scratch.join(format!("{}.log", name.replace(' ', "-")));
    let mut process = Process::start(command, &log)?;
    process
        .listens(port, &log)
        .await
        .with_context(|| name.to_owned())?;
    Ok(Gateway {
        name: name.to_owned(),
        port,
        process,
    })
}

/// Held all at once, so that no two are the same.
fn free_ports(count: usize) -> anyhow::Result<Vec<u16>> {
    let listeners: Vec<_> = (0..count)
        .map(|_| TcpListener::bind("127.0.0.1:0"))
        .collect::<Result<_, _>>()?;
    Ok(listeners
        .iter()
        .map(|listener| Ok(listener.local_addr()?.port()))
        .collect::<std::io::Result<_>>()?)
}

/// `supergraph.yaml` with the ports that were found, to be read from another folder.
async fn supergraph(tools: &Tools, ports: &[u16]) -> anyhow::Result<String> {
    let mut yaml = fs::read_to_string(tools.bench.join("supergraph.yaml")).await?;
    for (name, port) in SUBGRAPHS.iter().zip(ports) {
        yaml = yaml.replace(
            &format!("http://{name}/"),
            &format!("http://127.0.0.1:{port}/"),
        );
    }
    let schema = tools.bench.join("schema");
    Ok(yaml.replace("file: schema", &format!("file: {}", schema.display())))
}

fn hive_config(supergraph: &Path, port: u16) -> String {
    format!(
        "supergraph:\n  source: file\n  path: {}\nhttp:\n  host: 127.0.0.1\n  port: {port}\n\
         headers:\n  all:\n    request:\n      - propagate:\n          named: [authorization]\n",
        supergraph.display()
    )
}
