use std::{
    ffi::OsStr,
    fs::{self, File},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    time::Duration,
};

use setwise_testkit::eventually;

const STOPS_WITHIN: Duration = Duration::from_secs(30);

/// A program that does not outlive the test, however that ends. What it wrote
/// is shown when the test fails.
pub(crate) struct Process {
    name: String,
    child: Child,
    log: PathBuf,
    last_signal: &'static str,
}

/// A program without the environment of this test. `last_signal` ends it, and
/// what it started, when the test is gone.
pub(crate) fn command(
    program: impl AsRef<OsStr>,
    last_signal: &str,
    user: Option<&str>,
) -> Command {
    let mut command = Command::new("setpriv");
    command.args(["--pdeathsig", last_signal]);
    if let Some(user) = user {
        command.args(["--reuid", user, "--regid", user, "--clear-groups"]);
    }
    command.arg("--").arg(program).env_clear();
    if let Some(path) = std::env::var_os("PATH") {
        command.env("PATH", path);
    }
    command
}

impl Process {
    /// Starts a `command`, with its log in the folder.
    pub(crate) fn start(
        name: &str,
        mut command: Command,
        last_signal: &'static str,
        folder: &Path,
    ) -> Self {
        let log = folder.join(format!("{name}.log"));
        let file = File::options()
            .create(true)
            .append(true)
            .open(&log)
            .unwrap();
        let child = command
            .stdin(Stdio::null())
            .stdout(file.try_clone().unwrap())
            .stderr(file)
            .spawn();
        Self {
            name: name.to_owned(),
            child: child.unwrap_or_else(|error| panic!("{name}: {error}")),
            log,
            last_signal,
        }
    }

    pub(crate) fn name(&self) -> &str {
        &self.name
    }

    /// Waits for an answer that only a running process can give.
    pub(crate) async fn answers<T>(
        &mut self,
        within: Duration,
        mut ask: impl AsyncFnMut() -> Option<T>,
    ) -> T {
        let name = self.name.clone();
        eventually(&format!("{name} answers"), within, async || {
            let ended = self.child.try_wait().unwrap();
            assert_eq!(ended, None, "{name} ended instead of answering");
            ask().await
        })
        .await
    }

    /// SIGTERM, after which the process must end with success.
    pub(crate) async fn stop(mut self) {
        self.signal("TERM");
        let what = format!("{} ends after SIGTERM", self.name);
        let status = eventually(&what, STOPS_WITHIN, async || self.child.try_wait().unwrap()).await;
        assert!(status.success(), "{} ended with {status}", self.name);
    }

    fn signal(&self, signal: &str) {
        let pid = self.child.id().to_string();
        let sent = Command::new("kill").args(["-s", signal, &pid]).status();
        assert!(sent.unwrap().success(), "{} is not there", self.name);
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        if !matches!(self.child.try_wait(), Ok(Some(_))) {
            self.signal(self.last_signal);
            let _ = self.child.wait();
        }
        if std::thread::panicking() {
            let log = fs::read_to_string(&self.log).unwrap_or_default();
            eprintln!("--- {}\n{log}", self.name);
        }
    }
}
