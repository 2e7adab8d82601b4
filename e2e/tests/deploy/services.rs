//! What `compose.yaml` starts, without containers: each service is its own
//! binary with the environment that Compose gives it. Only hosts, ports and
//! folders differ, as each container has its own and processes share them.

use std::{
    fs,
    net::{Ipv4Addr, SocketAddr, TcpListener},
    os::unix::fs::PermissionsExt,
    path::Path,
    time::Duration,
};

use reqwest::StatusCode;
use setwise_e2e::{binary, client};
use setwise_testkit::ApacheKafka;
use tempfile::TempDir;
use url::Url;

use crate::{
    OWN,
    environment::environment,
    images, nginx, postgres,
    process::{Process, command},
    read,
    secrets::Secrets,
};

const READY_WITHIN: Duration = Duration::from_mins(1);

/// Everything, each in a process of its own, behind nginx.
pub(crate) struct Apart {
    /// Where nginx listens: all that people see.
    pub(crate) door: Url,
    /// For this test alone: nginx does not lead there.
    pub(crate) mailbox: Url,
    /// In the order to stop them in.
    processes: Vec<Process>,
    places: Places,
    secrets: Secrets,
    _kafka: ApacheKafka,
    folder: TempDir,
}

impl Apart {
    /// `collector` takes the traces, in the place of Jaeger.
    pub(crate) async fn start(collector: SocketAddr) -> Self {
        let folder = tempfile::tempdir().unwrap();
        // Others write here too: as root, PostgreSQL and nginx have users of their own.
        fs::set_permissions(folder.path(), fs::Permissions::from_mode(0o755)).unwrap();
        let secrets = Secrets::make();
        let addresses = Addresses::find();
        let of_db = environment("db", &secrets);
        let db = postgres::start(folder.path(), addresses.of("db"), &of_db);
        let (db, kafka) = tokio::join!(db, ApacheKafka::start());
        let places = Places {
            addresses,
            kafka: kafka.brokers(),
            collector,
        };
        let mut services = OWN.map(|name| places.start(name, folder.path(), &secrets));
        for service in &mut services {
            places.is_ready(service).await;
        }
        let addresses = &places.addresses;
        let door = addresses.of("nginx").to_string();
        let upstreams = ["router", "web"].map(|name| addresses.of(name).to_string());
        let nginx = nginx::start(folder.path(), &door, &upstreams[0], &upstreams[1]).await;
        let url = |name| Url::parse(&format!("http://{}", addresses.of(name))).unwrap();
        let mut processes = vec![nginx];
        processes.extend(services.into_iter().rev());
        processes.push(db);
        Self {
            door: url("nginx"),
            mailbox: url("mailbox"),
            processes,
            places,
            secrets,
            _kafka: kafka,
            folder,
        }
    }

    /// Ends a service in the way of `ending` and starts it again.
    pub(crate) async fn restart(&mut self, name: &str, ending: Ending) {
        let is_it = |process: &Process| process.name() == name;
        let index = self.processes.iter().position(is_it).unwrap();
        let old = self.processes.remove(index);
        match ending {
            Ending::Asked => old.stop().await,
            Ending::Killed => drop(old),
        }
        let mut new = self.places.start(name, self.folder.path(), &self.secrets);
        self.places.is_ready(&mut new).await;
        self.processes.insert(index, new);
    }

    /// Each must end well by itself when it is asked to.
    pub(crate) async fn stop(mut self) {
        for process in self.processes.drain(..) {
            process.stop().await;
        }
    }
}

/// How a process ends.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Ending {
    /// By SIGTERM, well.
    Asked,
    /// By SIGKILL.
    Killed,
}

/// Where `compose.yaml` has something listen, and where this test has.
struct Addresses(Vec<(&'static str, u16, SocketAddr)>);

impl Addresses {
    /// Ports of a loopback address that no other process uses: what is free
    /// now is free when the service comes.
    fn find() -> Self {
        let [_, high, middle, low] = std::process::id().to_be_bytes();
        let host = Ipv4Addr::new(127, 64 | high, middle, low);
        let listeners = [
            ("users", 4001),
            ("training", 4002),
            ("files", 4003),
            ("router", 4000),
            ("email-consumer", 4004),
            ("mailbox", 4005),
            ("web", 3000),
            ("db", 5432),
            ("nginx", 8080),
        ]
        .map(|(name, port)| (name, port, TcpListener::bind((host, 0)).unwrap()));
        let address = |listener: &TcpListener| listener.local_addr().unwrap();
        let addresses = listeners
            .iter()
            .map(|(name, port, listener)| (*name, *port, address(listener)));
        Self(addresses.collect())
    }

    fn of(&self, name: &str) -> SocketAddr {
        self.0.iter().find(|one| one.0 == name).unwrap().2
    }
}

struct Places {
    addresses: Addresses,
    kafka: String,
    collector: SocketAddr,
}

impl Places {
    fn start(&self, name: &str, folder: &Path, secrets: &Secrets) -> Process {
        let app = folder.join(name).join("app");
        let data = folder.join(name).join("data");
        fs::create_dir_all(&app).unwrap();
        fs::create_dir_all(&data).unwrap();
        images::copy(name, &read("deploy/Dockerfile"), &app);
        let environment = environment(name, secrets)
            .into_iter()
            .map(|(variable, value)| (variable, self.here(&value, &app, &data)));
        let program = binary(&format!("setwise-{name}"));
        let mut command = command(program, "KILL", None);
        command
            .env_remove("PATH")
            .envs(environment)
            .current_dir(app);
        Process::start(name, command, "KILL", folder)
    }

    async fn is_ready(&self, service: &mut Process) {
        let ready = format!("http://{}/readyz", self.addresses.of(service.name()));
        let ask = async || {
            let answer = client().get(&ready).send().await.ok()?;
            (answer.status() == StatusCode::OK).then_some(())
        };
        service.answers(READY_WITHIN, ask).await;
    }

    /// A value of a container's environment, for a process of this machine.
    fn here(&self, value: &str, app: &Path, data: &Path) -> String {
        let mut value = value.to_owned();
        let mut put = |there: &str, here: String| value = value.replace(there, &here);
        for (name, port, address) in &self.addresses.0 {
            put(&format!("0.0.0.0:{port}"), address.to_string());
            put(&format!("//{name}:{port}"), format!("//{address}"));
            put(&format!("@{name}:{port}"), format!("@{address}"));
        }
        put("//jaeger:4318", format!("//{}", self.collector));
        put("kafka0:29092", self.kafka.clone());
        put(
            "//localhost:8080",
            format!("//{}", self.addresses.of("nginx")),
        );
        put("/app/", format!("{}/", app.display()));
        // The networks that nginx is in: here, this machine.
        put("172.16.0.0/12", "127.0.0.0/8".to_owned());
        for (there, prefix) in [("/data", ""), ("file:///data", "file://")] {
            if let Some(inside) = value.strip_prefix(there) {
                return format!("{prefix}{}{inside}", data.display());
            }
        }
        value
    }
}
