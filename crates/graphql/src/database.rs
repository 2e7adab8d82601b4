//! The pool of a subgraph.

use std::time::Duration;

use anyhow::Context;
use log::LevelFilter;
use setwise_service::{Readiness, Secret};
use sqlx::{
    ConnectOptions, PgPool,
    postgres::{PgConnectOptions, PgPoolOptions},
};
use tokio::time::Instant;

const START_DEADLINE: Duration = Duration::from_secs(30);
const FIRST_PAUSE: Duration = Duration::from_millis(50);
const ACQUIRE_TIMEOUT: Duration = Duration::from_secs(5);
const SLOW_STATEMENT: Duration = Duration::from_secs(1);

/// Opens a pool; a server that is still starting is tried for 30 seconds.
///
/// # Errors
/// When the URL is malformed or the server takes no connection in time.
pub async fn connect(url: &Secret, max_connections: u32) -> anyhow::Result<PgPool> {
    let options: PgConnectOptions = url
        .expose()
        .parse()
        .map_err(|_| anyhow::anyhow!("DATABASE_URL is not a PostgreSQL URL"))?;
    // At debug every statement goes to the trace, with its text and its time.
    let options = options.log_slow_statements(LevelFilter::Warn, SLOW_STATEMENT);
    let pool = PgPoolOptions::new()
        .max_connections(max_connections)
        .acquire_timeout(ACQUIRE_TIMEOUT)
        .connect_lazy_with(options);
    let deadline = Instant::now() + START_DEADLINE;
    let mut pause = FIRST_PAUSE;
    while let Err(error) = pool.acquire().await {
        if Instant::now() > deadline {
            return Err(error).context("the database takes no connections: check DATABASE_URL");
        }
        tokio::time::sleep(pause).await;
        pause = (pause * 2).min(Duration::from_secs(2));
    }
    Ok(pool)
}

/// Adds the check that the database answers.
#[must_use]
pub fn check(readiness: Readiness, pool: PgPool) -> Readiness {
    readiness.check("database", move || {
        let pool = pool.clone();
        async move {
            let answer = sqlx::query("SELECT 1").execute(&pool).await;
            answer.map(|_| ()).map_err(|error| {
                tracing::warn!(error.message = %error, "the database does not answer");
                "no answer".to_owned()
            })
        }
    })
}
