//! Takes jobs and fills workouts. What a dead worker left is taken again when its lease ends.

use std::{sync::Arc, time::Duration};

use chrono::{TimeDelta, Utc};
use futures_util::future::join_all;
use setwise_service::Locale;
use sqlx::PgPool;
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;

use crate::{
    exercise::catalogue::Catalogue,
    exercise_log,
    generation::{
        Job,
        brief::Brief,
        model::{Model, NoPlan},
        planner::{self, Plan},
        store,
    },
    ids::WorkoutId,
    refusal::{Failure, Refusal},
    workout::{self, GenerationStatus},
};

/// Renewed while the model thinks, so that a job of a dead process waits no longer than this.
const LEASE: TimeDelta = TimeDelta::seconds(60);
const RENEWAL: Duration = Duration::from_secs(20);
const MAX_ATTEMPTS: i32 = 3;
/// What was cut off so often is planned without the model.
const MODEL_ATTEMPTS: i32 = 2;
/// Jobs of other replicas that died, and those that failed, are looked for this often.
const POLL: Duration = Duration::from_secs(5);

/// Wakes the worker of this process.
#[derive(Clone, Default)]
pub(crate) struct Worker(Arc<Notify>);

impl Worker {
    /// Says that a job was committed.
    pub(crate) fn wake(&self) {
        self.0.notify_one();
    }
}

/// Works until `shutdown`: at one job, or with a model at as many as it may be asked for at once.
pub(crate) async fn run(
    pool: PgPool,
    worker: Worker,
    model: Option<Model>,
    shutdown: CancellationToken,
) -> anyhow::Result<()> {
    let lanes = model.as_ref().map_or(1, |model| model.conversations);
    let lane = |_| keep_working(&pool, &worker, model.as_ref(), &shutdown);
    join_all((0..lanes).map(lane)).await;
    Ok(())
}

async fn keep_working(
    pool: &PgPool,
    worker: &Worker,
    model: Option<&Model>,
    shutdown: &CancellationToken,
) {
    while !shutdown.is_cancelled() {
        match work(pool, model, shutdown).await {
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
}

/// Does one job; false when there is none.
pub(super) async fn work(
    pool: &PgPool,
    model: Option<&Model>,
    shutdown: &CancellationToken,
) -> sqlx::Result<bool> {
    let claimed = store::claim_job(&mut *pool.acquire().await?, Utc::now(), LEASE).await?;
    let Some(job) = claimed else {
        return Ok(false);
    };
    let locale = Locale::from_tag(&job.locale).unwrap_or_default();
    if job.attempts > MAX_ATTEMPTS {
        fail(pool, &job, gave_up(locale)).await?;
        return Ok(true);
    }
    match fill(pool, model, &job, shutdown).await {
        Ok(()) => {}
        Err(Failure::Refused(refusal)) => {
            fail(pool, &job, &refusal.user_error(locale).message).await?;
        }
        Err(Failure::Database(error)) => return Err(error),
    }
    Ok(true)
}

fn gave_up(locale: Locale) -> &'static str {
    match locale {
        Locale::En => "Something went wrong on our side. You can try again.",
        Locale::Ru => "Что-то пошло не так на нашей стороне. Можно попробовать ещё раз.",
    }
}

#[tracing::instrument(skip_all, name = "generation.fill", fields(user.id = %job.user_id, generation.job = %job.id))]
async fn fill(
    pool: &PgPool,
    model: Option<&Model>,
    job: &Job,
    shutdown: &CancellationToken,
) -> Result<(), Failure> {
    let Some(id) = job.workout_id else {
        // The workout was deleted: nobody is told.
        let mut conn = pool.acquire().await?;
        store::end_job(&mut conn, job, "failed", Utc::now()).await?;
        return Ok(());
    };
    let brief = Brief::read(&mut *pool.acquire().await?, job, id, Utc::now()).await?;
    let model = model.filter(|_| job.attempts <= MODEL_ATTEMPTS);
    let plan = match model {
        None => planner::plan(Catalogue::embedded(), &brief.wishes())?,
        Some(model) => match ask(pool, model, job, &brief, shutdown).await? {
            Some(Ok(plan)) => plan,
            Some(Err(no_plan)) => stand_in(&brief, no_plan)?,
            None => return Ok(()),
        },
    };
    write(pool, job, id, plan).await
}

/// Asks the model, and renews the lease meanwhile. No answer is waited for any more when another worker has the job, or
/// at shutdown, which gives the job back.
async fn ask(
    pool: &PgPool,
    model: &Model,
    job: &Job,
    brief: &Brief,
    shutdown: &CancellationToken,
) -> sqlx::Result<Option<Result<Plan, NoPlan>>> {
    tokio::select! {
        answer = model.plan(brief) => Ok(Some(answer)),
        () = hold(pool, job) => Ok(None),
        () = shutdown.cancelled() => {
            store::release_job(&mut *pool.acquire().await?, job, Utc::now()).await?;
            Ok(None)
        }
    }
}

/// Keeps a job until another worker has it.
async fn hold(pool: &PgPool, job: &Job) {
    loop {
        tokio::time::sleep(RENEWAL).await;
        let renewed = async {
            let mut conn = pool.acquire().await?;
            store::renew_lease(&mut conn, job, Utc::now() + LEASE).await
        };
        match renewed.await {
            Ok(true) => {}
            Ok(false) => return,
            Err(error) => {
                let message = format!("{:#}", anyhow::Error::from(error));
                tracing::warn!(error.message = message, "a lease cannot be renewed");
            }
        }
    }
}

/// The plan of the built-in planner, which says why it is not the model's.
fn stand_in(brief: &Brief, no_plan: NoPlan) -> Result<Plan, Refusal> {
    let told = no_plan.told(brief.locale);
    let message = format!("{:#}", anyhow::Error::from(no_plan));
    tracing::warn!(
        error.message = message,
        "the built-in planner stands in for the model"
    );
    let mut plan = planner::plan(Catalogue::embedded(), &brief.wishes())?;
    plan.reasoning = format!("{told} {}", plan.reasoning);
    Ok(plan)
}

/// Puts the plan into the workout, without what the person has begun meanwhile.
async fn write(pool: &PgPool, job: &Job, id: WorkoutId, mut plan: Plan) -> Result<(), Failure> {
    let now = Utc::now();
    let mut transaction = pool.begin().await?;
    let workout = workout::open(&mut transaction, job.user_id, id).await?;
    let present = store::exercises_of(&mut transaction, job.user_id, id).await?;
    plan.exercises
        .retain(|planned| !present.contains(&planned.exercise));
    exercise_log::add_planned(&mut transaction, &workout, &plan.exercises, now).await?;
    let (completed, reasoning) = (GenerationStatus::Completed, Some(plan.reasoning.as_str()));
    workout::set_generation(&mut transaction, &workout, completed, reasoning, now).await?;
    if store::end_job(&mut transaction, job, "done", now).await? {
        transaction.commit().await?;
        tracing::info!(workout.id = %id, workout.exercises = plan.exercises.len(), "a workout is generated");
    }
    Ok(())
}

async fn fail(pool: &PgPool, job: &Job, reason: &str) -> sqlx::Result<()> {
    let now = Utc::now();
    let mut transaction = pool.begin().await?;
    if let Some(id) = job.workout_id {
        workout::fail_generation(&mut transaction, job.user_id, id, Some(reason), now).await?;
    }
    if store::end_job(&mut transaction, job, "failed", now).await? {
        transaction.commit().await?;
        tracing::warn!(user.id = %job.user_id, generation.job = %job.id, generation.reason = reason, "a workout was not generated");
    }
    Ok(())
}
