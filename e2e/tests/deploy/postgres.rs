//! PostgreSQL as the image of `compose.yaml` sets it up.

use std::{
    collections::BTreeMap, fs, net::SocketAddr, path::Path, process::Command, time::Duration,
};

use crate::{
    process::{Process, command},
    repo,
};

/// Ends the server at once, and all of its processes.
const AT_ONCE: &str = "QUIT";
const STARTS_WITHIN: Duration = Duration::from_secs(30);

/// A new server with the database and the roles that `environment` asks for.
pub(crate) async fn start(
    folder: &Path,
    address: SocketAddr,
    environment: &BTreeMap<String, String>,
) -> Process {
    let bin = binaries();
    let user = server_user();
    let home = folder.join("postgresql");
    let mut install = Command::new("install");
    install.arg("--directory").arg(&home);
    install.args(user.map(|user| format!("--owner={user}")));
    run(&mut install);
    let data = home.join("data");
    let admin = &environment["POSTGRES_USER"];
    let mut initdb = command(bin.join("initdb"), AT_ONCE, user);
    initdb.arg("-D").arg(&data).args(["--no-sync", "-U", admin]);
    initdb.args(environment["POSTGRES_INITDB_ARGS"].split_whitespace());
    run(initdb.env("LC_ALL", "C.UTF-8"));
    // The image's own rule for whoever does not come over the socket.
    let rules = data.join("pg_hba.conf");
    let given = fs::read_to_string(&rules).unwrap();
    fs::write(&rules, format!("{given}host all all all scram-sha-256\n")).unwrap();

    let port = address.port().to_string();
    let mut server = command(bin.join("postgres"), AT_ONCE, user);
    server.arg("-D").arg(&data).args(["-p", &port]);
    for setting in [
        format!("listen_addresses={}", address.ip()),
        format!("unix_socket_directories={}", home.display()),
        // The data goes with the test.
        "fsync=off".to_owned(),
    ] {
        server.args(["-c", &setting]);
    }
    let mut server = Process::start("db", server, AT_ONCE, folder);
    let client = |program: &str| {
        let mut client = command(program, AT_ONCE, None);
        client.envs(environment);
        client.env("PGHOST", &home).env("PGPORT", &port);
        client
    };
    server
        .answers(STARTS_WITHIN, async || {
            let answer = client("pg_isready").arg("--quiet").status().unwrap();
            answer.success().then_some(())
        })
        .await;
    run(client("createdb").args(["-U", admin, &environment["POSTGRES_DB"]]));
    run(&mut client(
        repo("deploy/postgres/10-roles.sh").to_str().unwrap(),
    ));
    server
}

fn run(command: &mut Command) {
    let output = command.output().unwrap();
    assert!(output.status.success(), "{command:?}: {output:?}");
}

/// PostgreSQL refuses to run as root.
fn server_user() -> Option<&'static str> {
    use std::os::unix::fs::MetadataExt;
    let root = fs::metadata("/proc/self").unwrap().uid() == 0;
    root.then_some("postgres")
}

/// The newest of Debian's, else those of the path.
fn binaries() -> std::path::PathBuf {
    let versions = fs::read_dir("/usr/lib/postgresql").into_iter().flatten();
    let versions = versions.map(|entry| entry.unwrap().path());
    let number = |path: &std::path::PathBuf| {
        let name = path.file_name()?.to_str()?;
        name.parse::<u32>().ok()
    };
    let newest = versions.max_by_key(number).map(|path| path.join("bin"));
    newest.unwrap_or_else(|| {
        let path = std::env::var_os("PATH").unwrap();
        let mut folders = std::env::split_paths(&path);
        folders
            .find(|folder| folder.join("initdb").exists())
            .expect("PostgreSQL is installed by bin/test")
    })
}
