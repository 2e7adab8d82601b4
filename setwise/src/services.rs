//! Every service with its configuration, its listener and its task.

use std::{net::SocketAddr, path::Path, time::Duration};

use anyhow::{Context, Result, ensure};
use clap::Parser;
use setwise_router::{FieldRate, Rate};
use setwise_service::Tasks;
use tokio::{
    net::TcpListener,
    time::{Instant, sleep},
};
use tokio_util::sync::CancellationToken;
use url::Url;

use crate::{DemoAccount, Switches, demo, embedded::Embedded, options::Options, secrets::Secrets};

const READY_DEADLINE: Duration = Duration::from_mins(1);

/// The listeners, bound before anything starts: a port in use is one clear line.
pub(crate) struct Addressed {
    web: Bound,
    router: Bound,
    users: Bound,
    training: Bound,
    files: Bound,
    email: Bound,
    mailbox: Option<Bound>,
}

struct Bound {
    listener: TcpListener,
    url: Url,
}

pub(crate) struct Urls {
    pub(crate) web: Url,
    pub(crate) router: Url,
    pub(crate) users: Url,
    pub(crate) training: Url,
    pub(crate) files: Url,
    pub(crate) email: Url,
    pub(crate) mailbox: Option<Url>,
}

pub(crate) struct Started {
    pub(crate) urls: Urls,
    pub(crate) switches: Switches,
    pub(crate) demo: Option<DemoAccount>,
}

impl Addressed {
    pub(crate) async fn bind(options: &Options) -> Result<Self> {
        let addresses = &options.addresses;
        let mailbox = match options.smtp_host {
            Some(_) => None,
            None => Some(bind("MAILBOX_LISTEN", addresses.mailbox).await?),
        };
        Ok(Self {
            web: bind("WEB_LISTEN", addresses.web).await?,
            router: bind("ROUTER_LISTEN", addresses.router).await?,
            users: bind("USERS_LISTEN", addresses.users).await?,
            training: bind("TRAINING_LISTEN", addresses.training).await?,
            files: bind("FILES_LISTEN", addresses.files).await?,
            email: bind("EMAIL_LISTEN", addresses.email).await?,
            mailbox,
        })
    }

    fn urls(&self) -> Urls {
        Urls {
            web: self.web.url.clone(),
            router: self.router.url.clone(),
            users: self.users.url.clone(),
            training: self.training.url.clone(),
            files: self.files.url.clone(),
            email: self.email.url.clone(),
            mailbox: self.mailbox.as_ref().map(|bound| bound.url.clone()),
        }
    }
}

async fn bind(variable: &str, address: SocketAddr) -> Result<Bound> {
    let listener = TcpListener::bind(address)
        .await
        .with_context(|| format!("{address} cannot be listened on: set {variable} to another"))?;
    let mut local = listener.local_addr()?;
    if local.ip().is_unspecified() {
        local.set_ip([127, 0, 0, 1].into());
    }
    let url = Url::parse(&format!("http://{local}"))?;
    Ok(Bound { listener, url })
}

/// Starts the services and waits until each says that it is ready.
pub(crate) async fn start(
    options: &Options,
    data: &Path,
    secrets: &Secrets,
    embedded: &Embedded,
    addressed: Addressed,
    tasks: &Tasks,
) -> Result<Started> {
    let urls = addressed.urls();
    let switches = Switches::below(&tasks.shutdown(), embedded.broker.clone());
    let configs = Configs::new(options, data, secrets, embedded, &urls)?;
    let demo = options
        .demo
        .then(|| (configs.users.clone(), configs.training.clone()));
    spawn(configs, addressed, &switches, tasks, data);
    let services = [
        &urls.users,
        &urls.training,
        &urls.files,
        &urls.email,
        &urls.router,
        &urls.web,
    ];
    for url in services {
        wait_until_ready(url, &tasks.shutdown()).await?;
    }
    let demo = match demo {
        Some((users, training)) => Some(demo::seed(&users, &training).await?),
        None => None,
    };
    Ok(Started {
        urls,
        switches,
        demo,
    })
}

impl Switches {
    fn below(shutdown: &CancellationToken, broker: CancellationToken) -> Self {
        Self {
            broker,
            users: shutdown.child_token(),
            training: shutdown.child_token(),
            files: shutdown.child_token(),
            router: shutdown.child_token(),
            email: shutdown.child_token(),
            web: shutdown.child_token(),
        }
    }
}

struct Configs {
    users: setwise_users::Config,
    training: setwise_training::Config,
    files: setwise_files::Config,
    router: setwise_router::Config,
    email: setwise_email_consumer::Config,
    web: setwise_web::Config,
}

impl Configs {
    /// What is given here overrides the environment; all else the services
    /// read from it themselves.
    fn new(
        options: &Options,
        data: &Path,
        secrets: &Secrets,
        embedded: &Embedded,
        urls: &Urls,
    ) -> Result<Self> {
        let roles = &embedded.role_urls;
        let brokers = ("kafka-brokers", embedded.kafka_brokers.as_str());
        let jwks = format!("{}.well-known/jwks.json", urls.users);
        let public_url = options.public_url.as_str().trim_end_matches('/');
        let token_key = path_text(&secrets.token_signing_key()?)?;
        let url_key = path_text(&secrets.url_signing_key()?)?;
        let cookie_key = path_text(&secrets.cookie_key()?)?;
        let files_dir = path_text(&data.join("files"))?;
        let mail_dir = path_text(&data.join("mail"))?;
        let router_url = urls.router.as_str().trim_end_matches('/');
        let subgraph_urls = format!(
            "users={}graphql,training={}graphql,files={}graphql",
            urls.users, urls.training, urls.files
        );
        let mut files = vec![
            ("database-url", roles.files.expose()),
            ("jwks-url", &jwks),
            ("url-signing-key-file", &url_key),
            ("files-dir", &files_dir),
            ("files-public-url", router_url),
        ];
        if let Some(store) = &options.object_store_url {
            files.push(("object-store-url", store.as_str()));
        }
        let mut email = vec![brokers, ("public-url", public_url)];
        match &options.smtp_host {
            Some(host) => email.push(("smtp-host", host)),
            None => email.push(("mail-dir", &mail_dir)),
        }
        let mut router = configure::<setwise_router::Flags>(&[
            ("subgraph-urls", &subgraph_urls),
            ("files-url", urls.files.as_str()),
        ])?
        .load()?;
        router.mode.get_or_insert(setwise_router::Mode::Development);
        router.supergraph.sdl = Some(include_str!("../../supergraph.graphql").into());
        router.rest = true;
        // the web, which says for whom it asks
        router.trusted_proxies = vec!["127.0.0.0/8".to_owned(), "::1".to_owned()];
        router.rate_limits.fields = password_rates();
        Ok(Self {
            users: configure(&[
                ("database-url", roles.users.expose()),
                ("token-signing-key-file", &token_key),
                brokers,
            ])?,
            training: configure(&[
                ("database-url", roles.training.expose()),
                ("jwks-url", &jwks),
                brokers,
            ])?,
            files: configure(&files)?,
            router,
            email: configure(&email)?,
            web: configure(&[
                ("router-url", router_url),
                ("public-url", public_url),
                ("cookie-key-file", &cookie_key),
            ])?,
        })
    }
}

/// Guessing passwords and tokens is slow, whatever it is dressed up as.
fn password_rates() -> Vec<FieldRate> {
    let rate = |name: &str| FieldRate {
        names: vec![name.to_owned()],
        per_address: Rate {
            per_minute: 30,
            burst: 60,
        },
    };
    ["login", "register", "refreshSession"].map(rate).into()
}

/// A service's own configuration from arguments, over its environment.
fn configure<C: Parser>(arguments: &[(&str, &str)]) -> Result<C> {
    let arguments = arguments
        .iter()
        .map(|(name, value)| format!("--{name}={value}"));
    let arguments = std::iter::once("setwise".to_owned()).chain(arguments);
    // clap's own text names the variable and what is wrong with it.
    C::try_parse_from(arguments).map_err(|error| anyhow::anyhow!("{error}"))
}

fn path_text(path: &Path) -> Result<String> {
    let text = path.to_str().map(str::to_owned);
    text.with_context(|| format!("{} is not UTF-8", path.display()))
}

fn spawn(configs: Configs, addressed: Addressed, switches: &Switches, tasks: &Tasks, data: &Path) {
    let Configs {
        users,
        training,
        files,
        router,
        email,
        web,
    } = configs;
    let listener = addressed.users.listener;
    tasks.spawn(
        "users",
        setwise_users::serve(users, listener, switches.users.clone()),
    );
    let listener = addressed.training.listener;
    tasks.spawn(
        "training",
        setwise_training::serve(training, listener, switches.training.clone()),
    );
    let listener = addressed.files.listener;
    tasks.spawn(
        "files",
        setwise_files::serve(files, listener, switches.files.clone()),
    );
    let listener = addressed.router.listener;
    tasks.spawn(
        "router",
        setwise_router::serve(router, listener, switches.router.clone()),
    );
    let listener = addressed.email.listener;
    tasks.spawn(
        "email-consumer",
        setwise_email_consumer::serve(email, listener, switches.email.clone()),
    );
    let listener = addressed.web.listener;
    tasks.spawn(
        "web",
        setwise_web::serve(web, listener, switches.web.clone()),
    );
    if let Some(mailbox) = addressed.mailbox {
        let directory = data.join("mail");
        let serve =
            setwise_email_consumer::serve_mailbox(directory, mailbox.listener, tasks.shutdown());
        tasks.spawn("mailbox", serve);
    }
}

async fn wait_until_ready(url: &Url, shutdown: &CancellationToken) -> Result<()> {
    let client = reqwest::Client::builder()
        .timeout(Duration::from_secs(5))
        .build()?;
    let deadline = Instant::now() + READY_DEADLINE;
    let ready = url.join("/readyz")?;
    loop {
        ensure!(
            !shutdown.is_cancelled(),
            "a service ended while starting: its log line says why"
        );
        let answer = client.get(ready.clone()).send().await;
        match answer {
            Ok(response) if response.status().is_success() => return Ok(()),
            _ => ensure!(
                Instant::now() < deadline,
                "{ready} did not become ready in time"
            ),
        }
        sleep(Duration::from_millis(20)).await;
    }
}
