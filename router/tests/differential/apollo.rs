//! Apollo Gateway in a Node.js process.

use std::{path::Path, process::Stdio};

use serde_json::Value;
use tokio::{
    io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader, Lines},
    process::{Child, ChildStdin, ChildStdout, Command},
};

pub struct Apollo {
    requests: ChildStdin,
    answers: Lines<BufReader<ChildStdout>>,
    _process: Child,
}

impl Apollo {
    /// A gateway over the supergraph in the file `supergraph`.
    pub fn start(supergraph: &Path) -> Self {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/differential");
        assert!(
            folder.join("node_modules").exists(),
            "the gateway is missing: run bin/assets router/tests/differential"
        );
        let mut process = Command::new("node")
            .arg("gateway.mjs")
            .arg(supergraph)
            .current_dir(&folder)
            .env("NODE_ENV", "production")
            .env("APOLLO_TELEMETRY_DISABLED", "1")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .expect("Node.js runs");
        let answers = BufReader::new(process.stdout.take().unwrap()).lines();
        Self {
            requests: process.stdin.take().unwrap(),
            answers,
            _process: process,
        }
    }

    /// What the gateway answers to `requests`, which it runs together.
    pub async fn ask(&mut self, requests: &[Value]) -> Vec<Value> {
        for request in requests {
            let line = format!("{request}\n");
            self.requests.write_all(line.as_bytes()).await.unwrap();
        }
        let mut answers = Vec::new();
        for _ in requests {
            let answer = self.answers.next_line().await.unwrap();
            let answer = answer.expect("the gateway runs on");
            answers.push(serde_json::from_str(&answer).unwrap());
        }
        answers
    }
}
