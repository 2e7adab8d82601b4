use std::process::Stdio;

use tokio::{
    io::{AsyncBufReadExt, BufReader},
    process::{Child, Command},
};
use url::Url;

/// The all-in-one binary as a process of its own, on free ports.
pub struct Process {
    child: Child,
    pub web: Url,
    pub router: Url,
    pub mailbox: Url,
}

impl Process {
    pub async fn start(data: &std::path::Path, environment: &[(&str, &str)]) -> Self {
        let mut command = Command::new(setwise_e2e::binary("setwise"));
        for listen in [
            "WEB", "ROUTER", "USERS", "TRAINING", "FILES", "EMAIL", "MAILBOX",
        ] {
            command.env(format!("{listen}_LISTEN"), "127.0.0.1:0");
        }
        let mut child = command
            .env("POSTGRES_PORT", "0")
            .env("BROKER_PORT", "0")
            .env("SETWISE_DATA", data)
            .env_remove("DATABASE_URL")
            .env_remove("KAFKA_BROKERS")
            .envs(environment.iter().copied())
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .expect("the setwise binary runs");
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let (mut web, mut router, mut mailbox) = (None, None, None);
        while let Some(line) = lines.next_line().await.unwrap() {
            let mut words = line.split_whitespace();
            match (words.next(), words.next()) {
                (Some("web"), Some(url)) => web = Url::parse(url).ok(),
                (Some("GraphQL"), Some(url)) => router = Url::parse(url).ok(),
                (Some("mailbox"), Some(url)) => mailbox = Url::parse(url).ok(),
                (Some("Ctrl-C"), _) => break,
                _ => {}
            }
        }
        Self {
            child,
            web: web.expect("the address of the web on stdout"),
            router: router.expect("the address of the router on stdout"),
            mailbox: mailbox.expect("the address of the mailbox on stdout"),
        }
    }

    /// SIGKILL: nothing gets to clean up.
    pub async fn kill(mut self) {
        self.child.kill().await.unwrap();
    }

    /// Ctrl-C, and the exit status.
    pub async fn interrupt(mut self) -> std::process::ExitStatus {
        let pid = self.child.id().unwrap().to_string();
        let sent = Command::new("kill").args(["-INT", &pid]).status().await;
        assert!(sent.unwrap().success());
        self.child.wait().await.unwrap()
    }
}
