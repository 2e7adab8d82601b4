//! A process that was started, and what the kernel knows of it.

use std::{path::Path, process::Stdio, time::Duration};

use anyhow::Context as _;
use tokio::process::{Child, Command};

/// Kernel ticks in a second: fixed for user space on Linux.
const TICKS_PER_SECOND: f64 = 100.0;

/// Ends when dropped.
pub(crate) struct Process {
    child: Child,
    pid: u32,
}

impl Process {
    /// Starts `command` with what it says in `log`.
    pub(crate) fn start(command: &mut Command, log: &Path) -> anyhow::Result<Self> {
        let file = std::fs::File::create(log)?;
        let child = command
            .stdin(Stdio::null())
            .stdout(file.try_clone()?)
            .stderr(file)
            .kill_on_drop(true)
            .spawn()
            .with_context(|| {
                format!("cannot start {}", command.as_std().get_program().display())
            })?;
        let pid = child.id().context("it ended at once")?;
        Ok(Self { child, pid })
    }

    /// Waits until something listens on `port`.
    pub(crate) async fn listens(&mut self, port: u16, log: &Path) -> anyhow::Result<()> {
        for _ in 0..600 {
            if tokio::net::TcpStream::connect(("127.0.0.1", port))
                .await
                .is_ok()
            {
                return Ok(());
            }
            if let Some(status) = self.child.try_wait()? {
                let said = std::fs::read_to_string(log)?;
                anyhow::bail!("ended with {status}: {said}");
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        anyhow::bail!(
            "does not listen after 30 s: {}",
            std::fs::read_to_string(log)?
        )
    }

    /// Seconds of CPU, in user and kernel, that all its threads took so far.
    pub(crate) fn cpu_seconds(&self) -> anyhow::Result<f64> {
        let stat = std::fs::read_to_string(format!("/proc/{}/stat", self.pid))?;
        // the name, in parentheses, may hold anything
        let (_, fields) = stat.rsplit_once(')').context("no name in stat")?;
        let mut fields = fields.split_ascii_whitespace().skip(11);
        let mut ticks =
            || -> anyhow::Result<f64> { Ok(fields.next().context("stat is short")?.parse()?) };
        Ok((ticks()? + ticks()?) / TICKS_PER_SECOND)
    }

    /// The most memory that was resident at once.
    pub(crate) fn peak_kib(&self) -> anyhow::Result<u64> {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.pid))?;
        let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
        let peak = peak.and_then(|peak| peak.trim().strip_suffix("kB"));
        Ok(peak.context("no VmHWM in status")?.trim().parse()?)
    }
}
