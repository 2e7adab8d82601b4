use std::{
    fs, net::TcpListener as StdListener, os::unix::fs::PermissionsExt, path::Path,
    process::Command, time::Duration,
};

use axum::{
    Router,
    extract::Request,
    http::{HeaderMap, StatusCode},
};
use reqwest::Client;
use setwise_e2e::client;
use tempfile::TempDir;
use tokio::net::TcpListener;

use crate::{
    process::{Process, command},
    repo,
};

/// nginx with our configuration, before two upstreams that tell what they got.
struct Door {
    url: String,
    client: Client,
    _nginx: Process,
    _folder: TempDir,
    _upstreams: tokio::task::JoinSet<()>,
}

impl Door {
    async fn open() -> Self {
        let mut upstreams = tokio::task::JoinSet::new();
        let router = upstream(&mut upstreams, "router").await;
        let web = upstream(&mut upstreams, "web").await;
        let folder = tempfile::tempdir().unwrap();
        // Free a moment ago.
        let port = StdListener::bind("127.0.0.1:0").unwrap();
        let listen = port.local_addr().unwrap().to_string();
        drop(port);
        // As root, nginx has workers that are nobody: they write here too.
        fs::set_permissions(folder.path(), fs::Permissions::from_mode(0o755)).unwrap();
        Self {
            url: format!("http://{listen}"),
            client: client(),
            _nginx: start(folder.path(), &listen, &router, &web).await,
            _folder: folder,
            _upstreams: upstreams,
        }
    }

    async fn ask(&self, path: &str) -> (StatusCode, String) {
        let response = self
            .client
            .get(format!("{}{path}", self.url))
            .send()
            .await
            .unwrap();
        (response.status(), response.text().await.unwrap())
    }
}

/// nginx with our configuration, once it answers.
pub(crate) async fn start(folder: &Path, listen: &str, router: &str, web: &str) -> Process {
    let run = folder.join("nginx");
    fs::create_dir(&run).unwrap();
    let config = Command::new(repo("deploy/nginx/render"))
        .env("NGINX_LISTEN", listen)
        .env("NGINX_RUN", &run)
        .env("NGINX_ACCESS_LOG", run.join("access.log"))
        .env("ROUTER_UPSTREAM", router)
        .env("WEB_UPSTREAM", web)
        .output()
        .unwrap();
    assert!(config.status.success(), "{config:?}");
    let path = run.join("nginx.conf");
    fs::write(&path, config.stdout).unwrap();
    // SIGTERM, so that the master takes its workers with it.
    let mut nginx = command("nginx", "TERM", None);
    nginx
        .args(["-e", "stderr", "-g", "daemon off;", "-c"])
        .arg(&path);
    let mut nginx = Process::start("nginx", nginx, "TERM", folder);
    let health = format!("http://{listen}/healthz");
    let within = Duration::from_secs(10);
    nginx
        .answers(within, async || client().get(&health).send().await.ok())
        .await;
    nginx
}

/// Answers who it is, what was asked for, and the headers that a proxy sets.
async fn upstream(set: &mut tokio::task::JoinSet<()>, name: &'static str) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap().to_string();
    let app = Router::new().fallback(async move |headers: HeaderMap, request: Request| {
        let header = |name: &str| {
            headers
                .get(name)
                .and_then(|value| value.to_str().ok())
                .unwrap_or("-")
        };
        let names = [
            "host",
            "x-real-ip",
            "x-forwarded-for",
            "x-forwarded-proto",
            "x-forwarded-host",
        ];
        let uri = request.uri().to_string();
        let body = axum::body::to_bytes(request.into_body(), usize::MAX)
            .await
            .unwrap();
        format!(
            "{name} {uri} {} {}",
            body.len(),
            names.map(header).join(" ")
        )
    });
    set.spawn(async move { axum::serve(listener, app).await.unwrap() });
    address
}

#[tokio::test]
async fn nginx_is_the_door_to_the_router_and_the_web() {
    let door = Door::open().await;
    for (path, upstream) in [
        ("/", "web"),
        ("/exercises?page=2", "web"),
        ("/documents", "web"),
        ("/api/v1/users/me", "router"),
        ("/v1/exercises?a[]=1&a[]=2", "router"),
        ("/graphql", "router"),
        ("/docs", "router"),
        ("/docs/swagger-ui.js", "router"),
        ("/v1/openapi.json", "router"),
        ("/docs/a%20b", "router"),
        ("/files/1?signature=a-b_c", "router"),
    ] {
        let (status, text) = door.ask(path).await;
        assert_eq!(status, StatusCode::OK, "{path}");
        // The path arrives as it was.
        assert!(
            text.starts_with(&format!("{upstream} {path} ")),
            "{path}: {text}"
        );
    }
    for path in ["/metrics", "/readyz"] {
        assert_eq!(door.ask(path).await.0, StatusCode::NOT_FOUND, "{path}");
    }
    assert_eq!(door.ask("/healthz").await, (StatusCode::OK, "ok\n".into()));
}

#[tokio::test]
async fn nginx_passes_on_who_asked_for_what() {
    let door = Door::open().await;
    let host = door.url.strip_prefix("http://").unwrap();
    let (_, text) = door.ask("/").await;
    assert_eq!(
        text,
        format!("web / 0 {host} 127.0.0.1 127.0.0.1 http {host}")
    );
}

#[tokio::test]
async fn nginx_limits_bodies_by_what_they_are_for() {
    let door = Door::open().await;
    let post = async |path: &str, megabytes: usize| {
        let request = door.client.post(format!("{}{path}", door.url));
        let response = request
            .body(vec![0; megabytes * 1_000_000])
            .send()
            .await
            .unwrap();
        response.status()
    };
    assert_eq!(post("/graphql", 1).await, StatusCode::OK);
    assert_eq!(post("/graphql", 3).await, StatusCode::PAYLOAD_TOO_LARGE);
    assert_eq!(post("/files/1", 15).await, StatusCode::OK);
    assert_eq!(post("/profile", 11).await, StatusCode::OK);
    assert_eq!(post("/profile", 13).await, StatusCode::PAYLOAD_TOO_LARGE);
}

#[tokio::test]
async fn nginx_tells_rest_clients_of_its_own_errors_as_the_router_would() {
    let folder = tempfile::tempdir().unwrap();
    fs::set_permissions(folder.path(), fs::Permissions::from_mode(0o755)).unwrap();
    let free = || {
        let port = StdListener::bind("127.0.0.1:0").unwrap();
        port.local_addr().unwrap().to_string()
    };
    let (listen, nobody) = (free(), free());
    let _nginx = start(folder.path(), &listen, &nobody, &nobody).await;
    for path in ["/v1/users/me", "/api/v1/users/me"] {
        let url = format!("http://{listen}{path}");
        let gone = client().get(&url).send().await.unwrap();
        assert_eq!(gone.headers()["retry-after"], "3");
        assert_eq!(status_of(gone).await, (503, 14));
        let large = client().put(&url).body(vec![b' '; 3_000_000]).send().await;
        assert_eq!(status_of(large.unwrap()).await, (413, 3));
    }
}

/// The HTTP status, and the code of the body.
async fn status_of(response: reqwest::Response) -> (u16, u64) {
    assert_eq!(response.headers()["content-type"], "application/json");
    let status = response.status().as_u16();
    let body: serde_json::Value = response.json().await.unwrap();
    (status, body["code"].as_u64().unwrap())
}
