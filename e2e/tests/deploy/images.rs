use std::{fs, path::Path, process::Command};

use axum::{Router, http::StatusCode, routing::get};

use crate::{OWN, compose, read, repo, service};

/// The stages of the Dockerfile: name, what it is built from, its lines.
fn stages(dockerfile: &str) -> Vec<(&str, &str, Vec<&str>)> {
    let mut stages = Vec::new();
    for line in dockerfile.lines() {
        if let Some((from, name)) = line
            .strip_prefix("FROM ")
            .and_then(|line| line.split_once(" AS "))
        {
            stages.push((name, from, Vec::new()));
        } else if let Some((_, _, lines)) = stages.last_mut() {
            lines.push(line);
        }
    }
    stages
}

/// Copies to `app` what the image of a service has in its folder.
pub(crate) fn copy(name: &str, dockerfile: &str, app: &Path) {
    let stages = stages(dockerfile);
    let (_, _, lines) = stages.iter().find(|stage| stage.0 == name).unwrap();
    let copies = lines.iter().filter_map(|line| line.strip_prefix("COPY "));
    for copy in copies.filter(|copy| !copy.starts_with("--from")) {
        let (sources, to) = copy.rsplit_once(' ').unwrap();
        let to = app.join(to);
        fs::create_dir_all(&to).unwrap();
        for source in sources.split(' ').map(repo) {
            fs::copy(&source, to.join(source.file_name().unwrap())).unwrap();
        }
    }
}

#[test]
fn each_service_has_a_target_without_build_tools() {
    let dockerfile = read("deploy/Dockerfile");
    let stages = stages(&dockerfile);
    let stage = |name: &str| {
        let stage = stages.iter().find(|stage| stage.0 == name);
        stage.unwrap_or_else(|| panic!("no target {name}"))
    };
    let compose = compose();
    for name in OWN {
        let build = &service(&compose, name)["build"];
        assert_eq!(build["dockerfile"], "deploy/Dockerfile");
        assert_eq!(build["target"], name);
    }
    for name in OWN.into_iter().chain(["setwise"]) {
        let (_, from, lines) = stage(name);
        assert_eq!(*from, "runtime", "{name}");
        assert!(lines.iter().all(|line| !line.starts_with("RUN")), "{name}");
    }
    let (_, from, lines) = stage("runtime");
    assert_eq!(*from, "debian:${DEBIAN}-slim");
    let text = lines.join("\n");
    assert!(text.contains("\nUSER 10001:10001"));
    for tool in ["build-essential", "gcc", "make", "cargo", "npm"] {
        assert!(!text.contains(tool), "{tool}");
    }
}

#[test]
fn a_service_is_asked_at_the_port_that_it_listens_on() {
    let dockerfile = read("deploy/Dockerfile");
    let compose = compose();
    for (name, port) in [
        ("users", "4001"),
        ("training", "4002"),
        ("files", "4003"),
        ("router", "4000"),
        ("email-consumer", "4004"),
        ("web", "3000"),
    ] {
        let test = &service(&compose, name)["healthcheck"]["test"];
        assert_eq!(
            *test,
            serde_json::json!(["CMD", "healthcheck", port]),
            "{name}"
        );
        let stages = stages(&dockerfile);
        let (_, _, lines) = stages.iter().find(|stage| stage.0 == name).unwrap();
        let check = format!("CMD [\"healthcheck\", \"{port}\"]");
        assert!(lines.iter().any(|line| line.ends_with(&check)), "{name}");
        assert!(
            read(&format!("deploy/env/{name}.env")).contains(&format!("_LISTEN=0.0.0.0:{port}\n"))
        );
    }
}

#[test]
fn what_the_images_copy_is_there() {
    let dockerfile = read("deploy/Dockerfile");
    let lines = dockerfile
        .lines()
        .filter_map(|line| line.strip_prefix("COPY "));
    for line in lines.filter(|line| !line.starts_with("--from")) {
        let mut words: Vec<_> = line
            .split(' ')
            .filter(|word| !word.starts_with("--"))
            .collect();
        words.pop();
        for source in words {
            assert!(repo(source).exists(), "{source}");
        }
    }
}

/// Runs `deploy/healthcheck` against a service that answers so.
async fn is_healthy(status: StatusCode) -> bool {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port().to_string();
    let app = Router::new().route("/readyz", get(async move || status));
    let ask = tokio::task::spawn_blocking(move || {
        let mut check = Command::new(repo("deploy/healthcheck"));
        check.arg(port).output().unwrap().status.success()
    });
    tokio::select! {
        served = axum::serve(listener, app).into_future() => panic!("{served:?}"),
        healthy = ask => healthy.unwrap(),
    }
}

#[tokio::test]
async fn the_health_check_tells_ready_from_not_ready() {
    assert!(is_healthy(StatusCode::OK).await);
    assert!(!is_healthy(StatusCode::SERVICE_UNAVAILABLE).await);
    let nobody = Command::new(repo("deploy/healthcheck")).arg("1").output();
    assert!(!nobody.unwrap().status.success());
}

#[tokio::test]
async fn the_router_composes_the_supergraph_of_its_image() {
    let path = repo("supergraph.yaml");
    let arguments = [
        "setwise-router".as_ref(),
        "--supergraph".as_ref(),
        path.as_os_str(),
    ];
    let flags = <setwise_router::Flags as clap::Parser>::try_parse_from(arguments).unwrap();
    let config = flags.load().unwrap();
    let supergraph = setwise_router::supergraph_sdl(&config).await.unwrap();
    for name in ["users", "training", "files"] {
        let graph = format!("@join__graph(name: \"{name}\"");
        assert!(supergraph.contains(&graph), "{name}");
    }
}
