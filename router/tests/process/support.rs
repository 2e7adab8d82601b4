//! A router as a process of its own, and a subgraph for it.

use std::{
    fmt::Write as _,
    fs,
    io::{BufRead as _, BufReader},
    path::{Path, PathBuf},
    process::{Child, Command, ExitStatus, Output, Stdio},
    sync::{Arc, Mutex},
    time::Duration,
};

use axum::{Json, Router, routing::post};
use serde_json::{Value, json};
use setwise_testkit::eventually;
use tempfile::TempDir;
use tokio::{net::TcpListener, task::JoinSet};

pub const PROGRAM: &str = env!("CARGO_BIN_EXE_setwise-router");
pub const SOON: Duration = Duration::from_secs(20);

/// `setwise-router` without anything from the environment.
pub fn command() -> Command {
    let mut command = Command::new(PROGRAM);
    command.env_clear();
    command
}

/// What `setwise-router` with `arguments` says and how it ends.
pub fn run(arguments: &[&str]) -> Output {
    command().args(arguments).output().unwrap()
}

/// A running router, ended with this.
pub struct Process {
    pub url: String,
    child: Child,
    log: Arc<Mutex<String>>,
}

impl Process {
    pub async fn start(arguments: &[&str]) -> Self {
        Self::start_with(arguments, []).await
    }

    pub async fn start_with<const N: usize>(
        arguments: &[&str],
        environment: [(&str, String); N],
    ) -> Self {
        let mut child = command()
            .args(["--listen=127.0.0.1:0", "--log-format=json"])
            .args(arguments)
            .envs(environment)
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let stderr = BufReader::new(child.stderr.take().unwrap());
        let log = Arc::new(Mutex::new(String::new()));
        let lines = Arc::clone(&log);
        std::thread::spawn(move || {
            for line in stderr.lines().map_while(Result::ok) {
                writeln!(lines.lock().unwrap(), "{line}").unwrap();
            }
        });
        let mut process = Self {
            url: String::new(),
            child,
            log,
        };
        let address = eventually("the router serves", SOON, async || {
            let log = process.log();
            log.lines().find_map(|line| {
                let line: Value = serde_json::from_str(line).ok()?;
                Some(line["listen"].as_str()?.to_owned())
            })
        });
        process.url = format!("http://{}", address.await);
        process
    }

    /// The process's.
    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// What it logged so far.
    pub fn log(&self) -> String {
        self.log.lock().unwrap().clone()
    }

    pub async fn until_logged(&self, text: &str) {
        eventually(text, SOON, async || self.log().contains(text).then_some(())).await;
    }

    pub fn signal(&self, name: &str) {
        let id = self.child.id().to_string();
        let sent = Command::new("kill").args(["-s", name, &id]).status();
        assert!(sent.unwrap().success());
    }

    /// How it ended, once it has.
    pub fn ended(&mut self) -> Option<ExitStatus> {
        self.child.try_wait().unwrap()
    }

    pub async fn query(&self, query: &str) -> Value {
        query_at(&client(), &self.url, query).await
    }

    /// Waits until `query` has `data`, and no other answer than a refused operation came before.
    pub async fn until_answered(&self, query: &str, data: Value) {
        eventually(query, SOON, async || {
            let answer = self.query(query).await;
            (answer["data"] == data).then_some(())
        })
        .await;
    }

    pub async fn get(&self, path: &str) -> (u16, String) {
        let url = format!("{}{path}", self.url);
        let response = client().get(url).send().await.unwrap();
        (response.status().as_u16(), response.text().await.unwrap())
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        // it may have ended by itself
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

pub fn client() -> reqwest::Client {
    reqwest::Client::builder().no_proxy().build().unwrap()
}

pub async fn query_at(client: &reqwest::Client, url: &str, query: &str) -> Value {
    let request = client.post(format!("{url}/graphql"));
    let request = request.json(&json!({ "query": query }));
    request.send().await.unwrap().json().await.unwrap()
}

/// A subgraph that has the fields of `sdl`, numbers by the order of the alphabet, and tells it.
pub struct Numbers {
    pub url: String,
    pub sdl: Arc<Mutex<String>>,
    _tasks: JoinSet<()>,
}

impl Numbers {
    pub async fn start() -> Self {
        let sdl = Arc::new(Mutex::new(schema("a: Int")));
        let told = Arc::clone(&sdl);
        let answer = move |Json(_): Json<Value>| async move {
            let sdl = told.lock().unwrap().clone();
            let groups = json!([{ "id": "1", "name": "Back" }]);
            Json(json!({ "data": {
                "a": 1, "b": 2, "c": 3, "result": groups, "_service": { "sdl": sdl },
            } }))
        };
        let app = Router::new().route("/graphql", post(answer));
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/graphql", listener.local_addr().unwrap());
        let mut tasks = JoinSet::new();
        tasks.spawn(async move { axum::serve(listener, app).await.unwrap() });
        Self {
            url,
            sdl,
            _tasks: tasks,
        }
    }
}

pub fn schema(fields: &str) -> String {
    format!("type Query {{ {fields} }}")
}

/// A folder with a `supergraph.yaml` of `numbers`, whose schema is the file `numbers.graphql`.
pub struct Folder(TempDir);

impl Folder {
    pub fn of(numbers: &Numbers) -> Self {
        let folder = Self(tempfile::tempdir().unwrap());
        folder.write("numbers.graphql", &schema("a: Int"));
        let schema = "file: numbers.graphql";
        folder.write("supergraph.yaml", &supergraph(&numbers.url, schema));
        folder
    }

    pub fn path(&self, file: &str) -> PathBuf {
        self.0.path().join(file)
    }

    pub fn text(&self, file: &str) -> String {
        self.path(file).to_str().unwrap().to_owned()
    }

    pub fn write(&self, file: &str, text: &str) {
        fs::write(self.path(file), text).unwrap();
    }

    /// Writes another file and renames it, as editors do.
    pub fn replace(&self, file: &str, text: &str) {
        self.write("new", text);
        fs::rename(self.path("new"), self.path(file)).unwrap();
    }
}

pub fn supergraph(url: &str, schema: &str) -> String {
    format!("subgraphs:\n  numbers:\n    routing_url: {url}\n    schema:\n      {schema}\n")
}

pub fn text(path: &Path) -> &str {
    path.to_str().unwrap()
}
