//! The parts that Setwise brings along when the environment names none.

use std::{net::TcpListener, path::Path};

use anyhow::{Context, Result};
use setwise_service::Tasks;
use tokio_util::sync::CancellationToken;
use url::Url;

use crate::{
    broker,
    database::{self, RoleUrls},
    options::Options,
    postgres::{Postgres, SUPERUSER},
    secrets::Secrets,
};

pub(crate) struct Embedded {
    postgres: Option<Postgres>,
    /// Stops the embedded broker alone.
    pub(crate) broker: CancellationToken,
    broker_tasks: Tasks,
    pub(crate) kafka_brokers: String,
    pub(crate) role_urls: RoleUrls,
}

impl Embedded {
    pub(crate) async fn start(
        options: &Options,
        data: &Path,
        secrets: &Secrets,
        tasks: &Tasks,
    ) -> Result<Self> {
        let (postgres, admin) = start_postgres(options, data, secrets).await?;
        // The broker goes last: a relay publishes what is under way first.
        let broker = CancellationToken::new();
        let broker_tasks = Tasks::new(tasks.shutdown());
        let prepared = tokio::try_join!(
            database::prepare(&admin, secrets),
            start_broker(options, data, &broker_tasks, &broker),
        );
        match prepared {
            Ok((role_urls, kafka_brokers)) => Ok(Self {
                postgres,
                broker,
                broker_tasks,
                kafka_brokers,
                role_urls,
            }),
            Err(error) => {
                // Why it failed matters more than how its stop went.
                let _ = stop(postgres, &broker, &broker_tasks).await;
                Err(error)
            }
        }
    }

    /// Fails when an embedded part ends by itself.
    pub(crate) async fn watch(&mut self) -> Result<()> {
        match &mut self.postgres {
            Some(postgres) => postgres.watch().await,
            None => std::future::pending().await,
        }
    }

    pub(crate) async fn stop(self) -> Result<()> {
        stop(self.postgres, &self.broker, &self.broker_tasks).await
    }
}

async fn stop(
    postgres: Option<Postgres>,
    broker: &CancellationToken,
    broker_tasks: &Tasks,
) -> Result<()> {
    broker.cancel();
    let broker_ended = broker_tasks.join().await;
    if let Some(postgres) = postgres {
        postgres.stop().await?;
    }
    broker_ended
}

async fn start_postgres(
    options: &Options,
    data: &Path,
    secrets: &Secrets,
) -> Result<(Option<Postgres>, Url)> {
    if let Some(url) = &options.database_url {
        let url = Url::parse(url.expose()).context("DATABASE_URL is not a URL")?;
        return Ok((None, url));
    }
    let password = secrets.password("admin")?;
    let port = free_port("POSTGRES_PORT", options.addresses.postgres_port)?;
    let postgres = Postgres::start(data, port, &password).await?;
    let url = format!(
        "postgres://{SUPERUSER}:{}@127.0.0.1:{}/{}",
        password.expose(),
        postgres.port,
        database::DATABASE,
    );
    Ok((Some(postgres), Url::parse(&url)?))
}

async fn start_broker(
    options: &Options,
    data: &Path,
    tasks: &Tasks,
    shutdown: &CancellationToken,
) -> Result<String> {
    if let Some(brokers) = &options.kafka_brokers {
        return Ok(brokers.clone());
    }
    let port = free_port("BROKER_PORT", options.addresses.broker_port)?;
    let serve = broker::start(data, port, shutdown.clone()).await?;
    tasks.spawn("broker", serve);
    let brokers = format!("127.0.0.1:{port}");
    broker::check_that_it_keeps(&brokers).await?;
    Ok(brokers)
}

/// The wanted port if it is free, any free one for 0.
fn free_port(variable: &str, wanted: u16) -> Result<u16> {
    let listener = TcpListener::bind(("127.0.0.1", wanted)).with_context(|| {
        format!("port {wanted} is in use: stop what listens there, or set {variable}")
    })?;
    Ok(listener.local_addr()?.port())
}

#[cfg(test)]
mod tests {
    use super::*;
    use sqlx::{Connection, PgConnection};

    async fn start(data: &Path) -> (Embedded, Tasks) {
        let options = Options::embedded(
            data.to_owned(),
            Url::parse("http://127.0.0.1:3000").unwrap(),
        );
        let tasks = Tasks::new(CancellationToken::new());
        let secrets = Secrets::open(data).unwrap();
        let embedded = Embedded::start(&options, data, &secrets, &tasks).await;
        (embedded.unwrap(), tasks)
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn a_second_start_finds_the_same_data() {
        let data = tempfile::tempdir().unwrap();
        let (first, _) = start(data.path()).await;
        let mut users = PgConnection::connect(first.role_urls.users.expose())
            .await
            .unwrap();
        for sql in [
            "CREATE SCHEMA users",
            "CREATE TABLE users.kept (id int)",
            "INSERT INTO users.kept VALUES (7)",
        ] {
            sqlx::query(sql).execute(&mut users).await.unwrap();
        }
        first.stop().await.unwrap();

        let (second, _) = start(data.path()).await;
        let mut users = PgConnection::connect(second.role_urls.users.expose())
            .await
            .unwrap();
        let kept: i32 = sqlx::query_scalar("SELECT id FROM users.kept")
            .fetch_one(&mut users)
            .await
            .unwrap();
        assert_eq!(kept, 7);
        let mut training = PgConnection::connect(second.role_urls.training.expose())
            .await
            .unwrap();
        let refused = sqlx::query("SELECT id FROM users.kept")
            .execute(&mut training)
            .await;
        assert!(
            refused
                .unwrap_err()
                .to_string()
                .contains("permission denied")
        );
        second.stop().await.unwrap();
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn a_port_in_use_is_one_clear_line() {
        let taken = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = taken.local_addr().unwrap().port();
        let error = free_port("BROKER_PORT", port).unwrap_err();
        assert_eq!(
            error.to_string(),
            format!("port {port} is in use: stop what listens there, or set BROKER_PORT")
        );
    }
}
