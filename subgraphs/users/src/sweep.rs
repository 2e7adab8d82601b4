//! Removes what nobody needs any more, once an hour.

use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use sqlx::PgPool;
use tokio::time::{MissedTickBehavior, interval};
use tokio_util::sync::CancellationToken;

use crate::{inbox, session};

const EVERY: Duration = Duration::from_hours(1);
/// Well over the time that a broker keeps events and could deliver them again.
const INBOX_KEPT: TimeDelta = TimeDelta::days(60);

pub(crate) async fn run(pool: PgPool, shutdown: CancellationToken) -> anyhow::Result<()> {
    let mut ticks = interval(EVERY);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    while shutdown.run_until_cancelled(ticks.tick()).await.is_some() {
        match sweep(&pool, Utc::now()).await {
            Ok((sessions, events)) => {
                tracing::debug!(sweep.sessions = sessions, sweep.events = events, "swept");
            }
            Err(error) => {
                tracing::warn!(error.message = %error, "sweeping failed: the next hour tries again");
            }
        }
    }
    Ok(())
}

/// How many sessions and remembered events were removed.
pub(crate) async fn sweep(pool: &PgPool, now: DateTime<Utc>) -> sqlx::Result<(u64, u64)> {
    let mut conn = pool.acquire().await?;
    let sessions = session::remove_expired(&mut conn, now).await?;
    let events = inbox::delete_received_before(&mut conn, now - INBOX_KEPT).await?;
    Ok((sessions, events))
}
