//! PostgreSQL from the system's binaries, as a child of this process.

use std::{
    fs,
    io::Read,
    os::unix::fs::{MetadataExt, PermissionsExt, chown},
    path::{Path, PathBuf},
    process::Stdio,
    time::Duration,
};

use anyhow::{Context, Result, bail, ensure};
use setwise_service::Secret;
use sqlx::{ConnectOptions, Connection, PgConnection, postgres::PgConnectOptions};
use tokio::{
    process::{Child, Command},
    time::{Instant, sleep, timeout},
};

/// The database's superuser; only this process knows its password.
pub(crate) const SUPERUSER: &str = "setwise_admin";
/// Whom the server runs as when this process is root, which PostgreSQL refuses.
const SERVER_USER: &str = "postgres";
/// Where the data goes when that user cannot enter the data folder.
const FALLBACK: &str = "/var/lib/setwise";
const START_DEADLINE: Duration = Duration::from_mins(1);
const STOP_DEADLINE: Duration = Duration::from_secs(30);

pub(crate) struct Postgres {
    child: Child,
    bin: PathBuf,
    user: Option<ServerUser>,
    pub(crate) directory: PathBuf,
    pub(crate) port: u16,
}

struct ServerUser {
    uid: u32,
    gid: u32,
}

impl Postgres {
    /// Starts the server of the data folder, made first if it is not there.
    pub(crate) async fn start(data: &Path, port: u16, password: &Secret) -> Result<Self> {
        let bin = find_binaries()?;
        let user = ServerUser::find()?;
        let directory = directory(data, user.as_ref()).await?;
        if !directory.join("PG_VERSION").exists() {
            initialise(&bin, user.as_ref(), &directory, password).await?;
        }
        stop_orphan(&bin, user.as_ref(), &directory).await?;
        let log_path = data.join("postgresql.log");
        let log = fs::OpenOptions::new()
            .create(true)
            .append(true)
            .open(&log_path)
            .with_context(|| format!("{} cannot be written", log_path.display()))?;
        let log_start = log.metadata()?.len();
        let child = command(&bin, "postgres", user.as_ref())
            .arg("-D")
            .arg(&directory)
            .args(["-p", &port.to_string()])
            .args(["-c", "listen_addresses=127.0.0.1"])
            .args(["-c", "unix_socket_directories="])
            .args(["-c", "max_connections=100"])
            .stdout(log.try_clone()?)
            .stderr(log)
            .spawn()
            .context("postgres cannot be started")?;
        let mut server = Self {
            child,
            bin,
            user,
            directory,
            port,
        };
        server.wait_until_ready(password).await.with_context(|| {
            format!(
                "PostgreSQL did not start on port {port}: {}",
                last_line(&log_path, log_start)
            )
        })?;
        Ok(server)
    }

    async fn wait_until_ready(&mut self, password: &Secret) -> Result<()> {
        let deadline = Instant::now() + START_DEADLINE;
        loop {
            if let Some(status) = self.child.try_wait()? {
                bail!("it ended with {status}");
            }
            match self.connect(password).await {
                Ok(connection) => return Ok(connection.close().await?),
                Err(error) if Instant::now() > deadline => return Err(error.into()),
                Err(_) => sleep(Duration::from_millis(50)).await,
            }
        }
    }

    async fn connect(&self, password: &Secret) -> sqlx::Result<PgConnection> {
        PgConnectOptions::new_without_pgpass()
            .host("127.0.0.1")
            .port(self.port)
            .username(SUPERUSER)
            .password(password.expose())
            .database("postgres")
            .connect()
            .await
    }

    /// Fails when the server ends by itself.
    pub(crate) async fn watch(&mut self) -> Result<()> {
        let status = self.child.wait().await?;
        bail!("PostgreSQL ended with {status}: its log lies in the data folder")
    }

    /// A fast shutdown: connections are closed, everything is on disk.
    pub(crate) async fn stop(mut self) -> Result<()> {
        stop_running(&self.bin, self.user.as_ref(), &self.directory).await?;
        timeout(STOP_DEADLINE, self.child.wait()).await??;
        Ok(())
    }
}

impl ServerUser {
    /// Nobody else when this process is not root.
    fn find() -> Result<Option<Self>> {
        if fs::metadata("/proc/self")?.uid() != 0 {
            return Ok(None);
        }
        let users = fs::read_to_string("/etc/passwd").context("/etc/passwd cannot be read")?;
        let line = users
            .lines()
            .find(|line| line.split(':').next() == Some(SERVER_USER))
            .with_context(|| {
                format!("PostgreSQL does not run as root, and there is no user {SERVER_USER}")
            })?;
        let mut ids = line.split(':').skip(2).map(str::parse);
        let (Some(Ok(uid)), Some(Ok(gid))) = (ids.next(), ids.next()) else {
            bail!("/etc/passwd has no ids for {SERVER_USER}");
        };
        Ok(Some(Self { uid, gid }))
    }
}

/// A PostgreSQL program as the right user. The server ends when this process
/// does, even by SIGKILL (`PR_SET_PDEATHSIG`, which setpriv sets for us).
fn command(bin: &Path, program: &str, user: Option<&ServerUser>) -> Command {
    let mut command = Command::new("setpriv");
    command.args(["--pdeathsig", "INT"]);
    if let Some(user) = user {
        command
            .args(["--reuid", &user.uid.to_string()])
            .args(["--regid", &user.gid.to_string()])
            .arg("--clear-groups");
    }
    command
        .arg("--")
        .arg(bin.join(program))
        .current_dir("/")
        .env_clear()
        .env("LC_ALL", "C.UTF-8")
        .stdin(Stdio::null())
        // Ctrl-C in a terminal goes to the whole group: this process stops the
        // server itself, after the services.
        .process_group(0);
    command
}

/// The newest PostgreSQL of the system.
fn find_binaries() -> Result<PathBuf> {
    let versions = fs::read_dir("/usr/lib/postgresql");
    let mut debian: Vec<(u32, PathBuf)> = versions
        .into_iter()
        .flatten()
        .flatten()
        .filter_map(|entry| {
            let version = entry.file_name().to_str()?.parse().ok()?;
            Some((version, entry.path().join("bin")))
        })
        .collect();
    debian.sort_unstable();
    let path = std::env::var_os("PATH").unwrap_or_default();
    debian
        .into_iter()
        .rev()
        .map(|(_, bin)| bin)
        .chain(std::env::split_paths(&path))
        .find(|bin| bin.join("postgres").exists() && bin.join("initdb").exists())
        .context("PostgreSQL is missing: install version 15 or later, or set DATABASE_URL")
}

/// The server's folder: in the data folder, or, when the server's user cannot
/// enter that, elsewhere with a link to it.
async fn directory(data: &Path, user: Option<&ServerUser>) -> Result<PathBuf> {
    let inside = data.join("postgresql");
    if inside.is_symlink() || inside.exists() {
        return fs::canonicalize(&inside)
            .with_context(|| format!("{} leads nowhere", inside.display()));
    }
    let Some(user) = user else {
        fs::create_dir(&inside)?;
        fs::set_permissions(&inside, fs::Permissions::from_mode(0o700))?;
        return Ok(inside);
    };
    let enters = Command::new("setpriv")
        .args(["--reuid", &user.uid.to_string()])
        .args(["--regid", &user.gid.to_string()])
        .args(["--clear-groups", "--", "test", "-x"])
        .arg(data)
        .status()
        .await
        .context("setpriv (of util-linux) cannot be run")?;
    let place = if enters.success() {
        inside.clone()
    } else {
        let name = format!("postgresql-{}", uuid::Uuid::now_v7());
        Path::new(FALLBACK).join(name)
    };
    fs::create_dir_all(&place).with_context(|| format!("{} cannot be made", place.display()))?;
    fs::set_permissions(&place, fs::Permissions::from_mode(0o700))?;
    chown(&place, Some(user.uid), Some(user.gid))?;
    if place != inside {
        std::os::unix::fs::symlink(&place, &inside)?;
    }
    Ok(place)
}

async fn initialise(
    bin: &Path,
    user: Option<&ServerUser>,
    directory: &Path,
    password: &Secret,
) -> Result<()> {
    tracing::info!("making a new PostgreSQL database");
    // initdb reads the password from a file that the server's user can read.
    let password_file = tempfile::NamedTempFile::new()?;
    fs::write(password_file.path(), password.expose())?;
    if let Some(user) = user {
        chown(password_file.path(), Some(user.uid), Some(user.gid))?;
    }
    let output = command(bin, "initdb", user)
        .arg("-D")
        .arg(directory)
        .args(["-U", SUPERUSER, "--auth=scram-sha-256", "--encoding=UTF8"])
        .args(["--locale=C.UTF-8", "--no-instructions"])
        .arg(format!("--pwfile={}", password_file.path().display()))
        .output()
        .await
        .context("initdb cannot be started")?;
    let errors = String::from_utf8_lossy(&output.stderr);
    ensure!(
        output.status.success(),
        "initdb failed: {}",
        errors.lines().last().unwrap_or("no reason given")
    );
    Ok(())
}

/// A server that outlived its parent would hold the port and the folder.
async fn stop_orphan(bin: &Path, user: Option<&ServerUser>, directory: &Path) -> Result<()> {
    let running = command(bin, "pg_ctl", user)
        .arg("status")
        .arg("-D")
        .arg(directory)
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .await?;
    if running.success() {
        tracing::warn!("a PostgreSQL of an earlier run is still there; it is stopped first");
        stop_running(bin, user, directory).await?;
    }
    Ok(())
}

async fn stop_running(bin: &Path, user: Option<&ServerUser>, directory: &Path) -> Result<()> {
    let stopped = command(bin, "pg_ctl", user)
        .arg("stop")
        .arg("-D")
        .arg(directory)
        .args(["-m", "fast", "-t", &STOP_DEADLINE.as_secs().to_string()])
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .await?;
    ensure!(stopped.success(), "PostgreSQL could not be stopped");
    Ok(())
}

/// What the server last wrote, for an error that says why.
fn last_line(log: &Path, from: u64) -> String {
    let text = fs::File::open(log).and_then(|mut file| {
        let mut text = String::new();
        std::io::Seek::seek(&mut file, std::io::SeekFrom::Start(from))?;
        file.read_to_string(&mut text).map(|_| text)
    });
    let text = text.unwrap_or_default();
    let line = text
        .lines()
        .find(|line| line.contains("FATAL") || line.contains("PANIC"))
        .or_else(|| text.lines().last());
    line.unwrap_or("its log is empty").trim().to_owned()
}
