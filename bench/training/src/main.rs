//! Asks training for everything that a person looks at, does everything that a person does, and lets 50 people log sets
//! through the router. It prints how long each took. `run` makes the database before.

mod client;
mod figures;
mod mutations;
mod people;
#[path = "../../router/src/load/process.rs"]
mod process;
mod queries;
mod token;

use std::{
    net::TcpListener,
    path::{Path, PathBuf},
    time::{Duration, Instant},
};

use anyhow::Context as _;
use serde_json::json;
use tokio::{process::Command, task::JoinSet};

use client::Client;
use figures::{Figures, GOAL_MS};
use people::Person;
use process::Process;

/// How many people each query is asked for, one after the other, unless `BENCH_ASKED` says so.
const ASKED: usize = 1000;
/// How many people do every mutation.
const DOING: usize = 100;
/// How many people log sets through the router at once.
const CLIENTS: usize = 50;

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let issuer = token::Issuer::new()?;
    let keys = issuer.serve_keys().await?;
    let people = people::read(&variable("BENCH_PEOPLE")?, &issuer)?;
    anyhow::ensure!(people.len() > CLIENTS, "too few people: {}", people.len());
    let scratch = PathBuf::from(variable("BENCH_SCRATCH")?);

    let training_port = free_port()?;
    let mut command = Command::new(variable("BENCH_TRAINING")?);
    command
        .args(["--listen", &format!("127.0.0.1:{training_port}")])
        .args(["--jwks-url", &format!("http://127.0.0.1:{keys}/jwks.json")])
        .args(["--kafka-brokers", "127.0.0.1:1"])
        .args(["--database-max-connections", "20"]);
    let training = start(&mut command, training_port, &scratch.join("training.log")).await?;
    let router_port = free_port()?;
    let mut command = Command::new(variable("BENCH_ROUTER")?);
    command
        .arg("--supergraph")
        .arg(supergraph(&scratch, training_port).await?)
        .args(["--listen", &format!("127.0.0.1:{router_port}")]);
    let router = start(&mut command, router_port, &scratch.join("router.log")).await?;

    let queries = ask_all(training_port, &people).await?;
    println!("Queries, one person at a time:\n\n{queries}");
    let misses = queries.misses();
    if misses.is_empty() {
        println!("Every query is under {GOAL_MS} ms at p99.\n");
    } else {
        println!("Not under {GOAL_MS} ms at p99: {}.\n", misses.join("; "));
    }
    let mut mutations = Figures::default();
    let mut client = Client::connect(training_port).await?;
    for person in spread(&people, DOING) {
        mutations::run(&mut client, person, &mut mutations).await?;
    }
    println!("Mutations, one person at a time:\n\n{mutations}");

    let seconds = std::env::var("BENCH_SECONDS").map_or(Ok(20), |seconds| seconds.parse())?;
    let seconds = Duration::from_secs(seconds);
    log_sets(router_port, &people, seconds).await?;
    for (name, process) in [("training", training), ("router", router)] {
        let mebibytes = process.peak_kib()?.div_ceil(1024);
        println!(
            "{name}: {:.1} s of CPU, at most {mebibytes} MiB",
            process.cpu_seconds()?
        );
    }
    Ok(())
}

/// People from all over the list, the same at every run.
fn spread(people: &[Person], count: usize) -> impl Iterator<Item = &Person> {
    people
        .iter()
        .step_by((people.len() / count).max(1))
        .take(count)
}

async fn ask_all(port: u16, people: &[Person]) -> anyhow::Result<Figures> {
    let asked = std::env::var("BENCH_ASKED").map_or(Ok(ASKED), |asked| asked.parse())?;
    let mut figures = Figures::default();
    let mut client = Client::connect(port).await?;
    for (name, query) in queries::QUERIES {
        eprintln!("asking: {name}");
        for (number, person) in spread(people, asked).enumerate() {
            let variables = json!({ "exercise": person.exercise, "workout": person.workout, "log": person.log });
            let (_, took) = client.ask(&person.token, query, &variables).await?;
            // the first few prepare the statements, once for each connection to the database
            if number >= 20 {
                figures.note(name, took)?;
            }
        }
    }
    Ok(figures)
}

/// Each client logs sets of an exercise that it did most, 20 to a workout.
async fn log_sets(port: u16, people: &[Person], duration: Duration) -> anyhow::Result<()> {
    let started = Instant::now();
    let end = started + duration;
    let mut clients = JoinSet::new();
    // not those who did every mutation
    for person in people[1..]
        .iter()
        .step_by(people.len() / CLIENTS)
        .take(CLIENTS)
    {
        clients.spawn(log_sets_of(port, person.clone(), end));
    }
    let mut figures = Figures::default();
    let mut sets: u32 = 0;
    while let Some(client) = clients.join_next().await {
        for took in client?? {
            figures.note("logSet", took)?;
            sets += 1;
        }
    }
    let per_second = f64::from(sets) / started.elapsed().as_secs_f64();
    println!(
        "Sets logged through the router by {CLIENTS} clients: {per_second:.0} per second\n\n{figures}"
    );
    Ok(())
}

async fn log_sets_of(port: u16, person: Person, end: Instant) -> anyhow::Result<Vec<Duration>> {
    const START: &str =
        "mutation { startWorkout(input: {}) { workout { id } userErrors { message } } }";
    const LOG: &str = "mutation($input: LogExerciseInput!) { logExercise(input: $input) { exerciseLog { id } userErrors { message } } }";
    const SET: &str = "mutation($input: LogSetInput!) { logSet(input: $input) { setLog { id } userErrors { message } } }";
    const COMPLETE: &str = "mutation($input: CompleteWorkoutInput!) { completeWorkout(input: $input) { workout { id } userErrors { message } } }";

    let mut client = Client::connect(port).await?;
    let mut latencies = Vec::new();
    while Instant::now() < end {
        let (data, _) = client.ask(&person.token, START, &json!({})).await?;
        let workout = data["startWorkout"]["workout"]["id"].clone();
        let input = json!({ "input": { "workoutId": workout, "exerciseId": person.exercise } });
        let (data, _) = client.ask(&person.token, LOG, &input).await?;
        let log = data["logExercise"]["exerciseLog"]["id"].clone();
        for set in 0..20 {
            let input = json!({ "input": { "workoutId": workout, "exerciseLogId": log, "reps": 5 + set % 4, "weight": 60 + set } });
            let (_, took) = client.ask(&person.token, SET, &input).await?;
            latencies.push(took);
            if Instant::now() >= end {
                break;
            }
        }
        let input = json!({ "input": { "workoutId": workout } });
        client.ask(&person.token, COMPLETE, &input).await?;
    }
    Ok(latencies)
}

async fn start(command: &mut Command, port: u16, log: &Path) -> anyhow::Result<Process> {
    let mut process = Process::start(command, log)?;
    process.listens(port, log).await?;
    Ok(process)
}

/// A supergraph of training alone.
async fn supergraph(scratch: &Path, port: u16) -> anyhow::Result<PathBuf> {
    let schema = variable("BENCH_SCHEMA")?;
    let yaml = format!(
        "subgraphs:\n  training:\n    routing_url: http://127.0.0.1:{port}/graphql\n    schema:\n      file: {schema}\n"
    );
    let path = scratch.join("supergraph.yaml");
    tokio::fs::write(&path, yaml).await?;
    Ok(path)
}

fn free_port() -> anyhow::Result<u16> {
    Ok(TcpListener::bind("127.0.0.1:0")?.local_addr()?.port())
}

fn variable(name: &str) -> anyhow::Result<String> {
    std::env::var(name).with_context(|| format!("{name} is not set: use bench/training/run"))
}
