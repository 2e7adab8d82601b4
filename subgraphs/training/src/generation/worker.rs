//! Takes jobs and fills workouts, one at a time. What a dead worker left is taken again when its lease ends.

use std::{sync::Arc, time::Duration};

use chrono::{DateTime, TimeDelta, Utc};
use setwise_service::Locale;
use sqlx::{PgConnection, PgPool};
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;

use crate::{
    exercise::catalogue::Catalogue,
    exercise_log,
    generation::{
        Job,
        planner::{self, Plan, Wishes},
        settings, store,
    },
    refusal::{Failure, Refusal},
    workout::{self, GenerationStatus, OpenWorkout},
};

const LEASE: TimeDelta = TimeDelta::seconds(60);
const MAX_ATTEMPTS: i32 = 3;
/// Jobs of other replicas that died, and those that failed, are looked for this often.
const POLL: Duration = Duration::from_secs(5);
/// How far back the last weights are looked for.
const HISTORY: TimeDelta = TimeDelta::days(180);

/// The exercises of a person's own that are looked at, the newest.
const MAX_OWN: i64 = 200;

/// Wakes the worker of this process.
#[derive(Clone, Default)]
pub(crate) struct Worker(Arc<Notify>);

impl Worker {
    /// Says that a job was committed.
    pub(crate) fn wake(&self) {
        self.0.notify_one();
    }
}

/// Works until `shutdown`.
pub(crate) async fn run(
    pool: PgPool,
    worker: Worker,
    shutdown: CancellationToken,
) -> anyhow::Result<()> {
    while !shutdown.is_cancelled() {
        match work(&pool).await {
            Ok(true) => continue,
            Ok(false) => {}
            Err(error) => {
                let message = format!("{:#}", anyhow::Error::from(error));
                tracing::error!(error.message = message, "workouts cannot be generated");
            }
        }
        tokio::select! {
            () = shutdown.cancelled() => {}
            () = worker.0.notified() => {}
            () = tokio::time::sleep(POLL) => {}
        }
    }
    Ok(())
}

/// Does one job; false when there is none.
pub(super) async fn work(pool: &PgPool) -> sqlx::Result<bool> {
    let now = Utc::now();
    let Some(job) = store::claim_job(&mut *pool.acquire().await?, now, LEASE).await? else {
        return Ok(false);
    };
    let outcome = if job.attempts > MAX_ATTEMPTS {
        Outcome::Failed(None)
    } else {
        match fill(pool, &job, now).await {
            Ok(outcome) => outcome,
            Err(Failure::Refused(refusal)) => Outcome::Failed(Some(refusal)),
            Err(Failure::Database(error)) => return Err(error),
        }
    };
    match outcome {
        Outcome::Filled => {}
        Outcome::Failed(reason) => fail(pool, &job, reason, now).await?,
    }
    Ok(true)
}

enum Outcome {
    Filled,
    Failed(Option<Refusal>),
}

#[tracing::instrument(skip_all, name = "generation.fill", fields(user.id = %job.user_id, generation.job = %job.id))]
async fn fill(pool: &PgPool, job: &Job, now: DateTime<Utc>) -> Result<Outcome, Failure> {
    let Some(id) = job.workout_id else {
        return Ok(Outcome::Failed(None));
    };
    let mut transaction = pool.begin().await?;
    let workout = workout::open(&mut transaction, job.user_id, id).await?;
    let plan = plan(&mut transaction, job, &workout, now).await?;
    exercise_log::add_planned(&mut transaction, &workout, &plan.exercises, now).await?;
    let (completed, reasoning) = (GenerationStatus::Completed, Some(plan.reasoning.as_str()));
    workout::set_generation(&mut transaction, &workout, completed, reasoning, now).await?;
    if store::end_job(&mut transaction, job, "done", now).await? {
        transaction.commit().await?;
        tracing::info!(workout.id = %id, workout.exercises = plan.exercises.len(), "a workout is generated");
    }
    Ok(Outcome::Filled)
}

async fn plan(
    conn: &mut PgConnection,
    job: &Job,
    workout: &OpenWorkout,
    now: DateTime<Utc>,
) -> Result<Plan, Failure> {
    let settings = settings::of(conn, job.user_id, now).await?;
    let history = workout::trained_since(conn, job.user_id, now - HISTORY).await?;
    let present = store::exercises_of(conn, job.user_id, workout.id).await?;
    let own = store::own_exercises(conn, job.user_id, MAX_OWN).await?;
    let wishes = Wishes {
        settings: &settings,
        prompt: &job.prompt,
        history: &history,
        own: &own,
        present: &present,
        weight_unit: workout.weight_unit,
        locale: Locale::from_tag(&job.locale).unwrap_or_default(),
        now,
        seed: job.id.0.as_u64_pair().1,
    };
    Ok(planner::plan(Catalogue::embedded(), &wishes)?)
}

async fn fail(
    pool: &PgPool,
    job: &Job,
    reason: Option<Refusal>,
    now: DateTime<Utc>,
) -> sqlx::Result<()> {
    let mut transaction = pool.begin().await?;
    if let Some(id) = job.workout_id {
        let locale = Locale::from_tag(&job.locale).unwrap_or_default();
        let reason = reason.map(|refusal| refusal.user_error(locale).message);
        let reason = reason.as_deref();
        workout::fail_generation(&mut transaction, job.user_id, id, reason, now).await?;
    }
    if store::end_job(&mut transaction, job, "failed", now).await? {
        transaction.commit().await?;
        tracing::warn!(user.id = %job.user_id, generation.job = %job.id, generation.reason = ?reason, "a workout was not generated");
    }
    Ok(())
}
