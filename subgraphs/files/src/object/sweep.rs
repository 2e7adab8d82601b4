use std::{sync::Arc, time::Duration};

use chrono::{DateTime, Utc};
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;

use super::doom;
use crate::{App, upload};

/// How often is swept when nothing asks for it.
const INTERVAL: Duration = Duration::from_mins(10);

/// Asks the sweep to come soon, because something is due.
#[derive(Clone, Debug, Default)]
pub(crate) struct Sweeper(Arc<Notify>);

impl Sweeper {
    pub(crate) fn wake(&self) {
        self.0.notify_one();
    }
}

/// Removes what is due now and then, until `shutdown`. A store or a database
/// that fails is tried again the next time.
pub(crate) async fn sweep_periodically(
    app: App,
    shutdown: CancellationToken,
) -> anyhow::Result<()> {
    loop {
        match sweep(&app, Utc::now()).await {
            Ok(Swept {
                uploads: 0,
                objects: 0,
            }) => {}
            Ok(swept) => tracing::info!(
                files.uploads = swept.uploads,
                files.objects = swept.objects,
                "removed abandoned uploads and unused objects"
            ),
            Err(error) => tracing::warn!(
                error.message = format!("{error:#}"),
                "the sweep failed and is tried again"
            ),
        }
        tokio::select! {
            () = shutdown.cancelled() => return Ok(()),
            () = app.sweeper.0.notified() => {}
            () = tokio::time::sleep(INTERVAL) => {}
        }
    }
}

/// What a sweep removed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Swept {
    /// Uploads that expired without a file.
    pub(crate) uploads: u64,
    /// Objects that nothing uses.
    pub(crate) objects: u64,
}

/// Removes the abandoned uploads and the objects that are due at `now`.
pub(crate) async fn sweep(app: &App, now: DateTime<Utc>) -> anyhow::Result<Swept> {
    let mut conn = app.pool.acquire().await?;
    let uploads = upload::remove_abandoned(&mut conn, now).await?;
    drop(conn);
    let mut objects = 0;
    while remove_one(app, now).await? {
        objects += 1;
    }
    Ok(Swept { uploads, objects })
}

/// The object goes first: its note must outlive a crash in between.
async fn remove_one(app: &App, now: DateTime<Utc>) -> anyhow::Result<bool> {
    let mut tx = app.pool.begin().await?;
    let Some(key) = doom::lock_due(&mut tx, now).await? else {
        return Ok(false);
    };
    app.objects.remove(&key).await?;
    doom::claim(&mut tx, &key).await?;
    tx.commit().await?;
    Ok(true)
}
