//! Following a workout while it changes. Each change announces itself by PostgreSQL's NOTIFY, in its own transaction or
//! just after it: every replica hears of it once it is committed, and never of what was rolled back. When a process dies
//! between a set's commit and its announcement, who follows sees the set with the next change.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use futures_util::{Stream, stream};
use setwise_service::Secret;
use sqlx::{PgPool, postgres::PgListener};
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use crate::{
    ids::{UserId, WorkoutId},
    workout::{Workout, store},
};

const FIRST_PAUSE: Duration = Duration::from_millis(100);
const LONGEST_PAUSE: Duration = Duration::from_secs(5);

/// The workouts that somebody follows in this process. A clone is the same.
#[derive(Clone, Default)]
pub(crate) struct Live(Arc<Mutex<Followed>>);

/// Several changes that nobody has looked at yet are one: a slow follower costs no memory.
type Followed = HashMap<WorkoutId, watch::Sender<()>>;

impl Live {
    /// One of the user's workouts: at once as it is, and again after each change. `None`, when there is none (any
    /// more), is the last.
    pub(crate) fn follow(
        &self,
        pool: PgPool,
        user: UserId,
        id: WorkoutId,
    ) -> impl Stream<Item = sqlx::Result<Option<Workout>>> + use<> {
        // from here on no change is missed, so the first look comes after it
        let follower = self.follower(id);
        stream::unfold(Some((follower, true)), move |state| {
            let pool = pool.clone();
            async move {
                let (mut follower, is_first) = state?;
                if !is_first {
                    follower.changes.changed().await.ok()?;
                }
                let workout = read(&pool, user, id).await;
                let is_gone = matches!(workout, Ok(None));
                Some((workout, (!is_gone).then_some((follower, false))))
            }
        })
    }

    fn follower(&self, id: WorkoutId) -> Follower {
        let mut followed = self.followed();
        let changes = followed
            .entry(id)
            .or_insert_with(|| watch::Sender::new(()))
            .subscribe();
        Follower {
            live: self.clone(),
            id,
            changes,
        }
    }

    fn tell(&self, id: WorkoutId) {
        if let Some(followers) = self.followed().get(&id) {
            followers.send_replace(());
        }
    }

    fn tell_all(&self) {
        for followers in self.followed().values() {
            followers.send_replace(());
        }
    }

    fn followed(&self) -> MutexGuard<'_, Followed> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

struct Follower {
    live: Live,
    id: WorkoutId,
    changes: watch::Receiver<()>,
}

impl Drop for Follower {
    fn drop(&mut self) {
        let mut followed = self.live.followed();
        let followers = followed.get(&self.id).map(watch::Sender::receiver_count);
        // this one is still counted
        if followers == Some(1) {
            followed.remove(&self.id);
        }
    }
}

async fn read(pool: &PgPool, user: UserId, id: WorkoutId) -> sqlx::Result<Option<Workout>> {
    let mut conn = pool.acquire().await?;
    let workouts = store::by_ids(&mut conn, &[user.0], &[id.0]).await?;
    Ok(workouts.into_iter().next())
}

/// Hears of changes over one connection of its own until `shutdown`. When the connection is lost, everything that is
/// followed is looked at again once there is a new one: changes in between were not heard.
pub(crate) async fn listen(
    live: Live,
    database_url: Secret,
    shutdown: CancellationToken,
) -> anyhow::Result<()> {
    let mut pause = FIRST_PAUSE;
    loop {
        let heard = async {
            let mut listener = PgListener::connect(database_url.expose()).await?;
            listener.listen(store::CHANNEL).await?;
            pause = FIRST_PAUSE;
            hear(&live, &mut listener).await
        };
        let error = tokio::select! {
            () = shutdown.cancelled() => return Ok(()),
            heard = heard => heard.err(),
        };
        tracing::warn!(
            error.message = error.map(tracing::field::display),
            "changes of workouts are not heard: connecting again"
        );
        tokio::select! {
            () = shutdown.cancelled() => return Ok(()),
            () = tokio::time::sleep(pause) => {}
        }
        pause = (pause * 2).min(LONGEST_PAUSE);
    }
}

async fn hear(live: &Live, listener: &mut PgListener) -> sqlx::Result<()> {
    live.tell_all();
    loop {
        match listener.try_recv().await? {
            Some(notification) => match Uuid::parse_str(notification.payload()) {
                Ok(id) => live.tell(WorkoutId(id)),
                Err(_) => live.tell_all(),
            },
            // the connection was lost and is there again
            None => live.tell_all(),
        }
    }
}
