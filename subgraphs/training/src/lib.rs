//! The training subgraph: muscle groups, the exercise catalogue, routines, workouts with their logs and history, and
//! the generation of workouts.
//!
//! A folder per aggregate: `mod.rs` holds its types, rules and operations, `graphql.rs` its resolvers, `store.rs` its
//! SQL, `loader.rs` its data loaders. A new aggregate is a folder here, its roots in [`Query`] and [`Mutation`], and its
//! loaders in [`schema`]. The catalogue is data: `catalogue/*.json`, see [`exercise::catalogue`].

mod change;
mod config;
mod demo;
mod exercise;
mod exercise_log;
mod generation;
mod idempotency;
mod ids;
mod insight;
mod loading;
mod measurement;
mod muscle_group;
mod page;
mod progression;
mod record;
mod refusal;
mod routine;
mod set;
mod set_log;
#[cfg(test)]
mod testing;
mod user;
mod workout;

use anyhow::Context as _;
use async_graphql::{
    MergedObject, MergedSubscription, SDLExportOptions, Schema, SchemaBuilder,
    dataloader::DataLoader,
};
use axum::Router;
use setwise_auth::TokenVerifier;
use setwise_outbox::{Outbox, Relay};
use setwise_service::{Readiness, Tasks};
use sqlx::{PgPool, migrate::Migrator};
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;
use tracing::Instrument as _;

pub use config::Config;
pub use demo::seed_demo;

use exercise::{
    AlternativesOfExercise, ExerciseById, ExerciseMutation, ExerciseQuery, TargetsOfExercise,
};
use exercise_log::{
    ExerciseHistory, ExerciseLogById, ExerciseLogMutation, ExerciseLogQuery, ExerciseLogsOfWorkout,
};
use generation::{GenerationMutation, GenerationQuery};
use insight::{InsightQuery, ProgressOfExercise, SessionPages};
use measurement::{BodyMeasurementById, MeasurementMutation, MeasurementQuery};
use muscle_group::{MuscleGroupById, MuscleGroupQuery};
use progression::ProgressionQuery;
use record::{BestsOfExercise, RecordsOfSetLog};
use routine::{
    ExerciseInstanceById, ExerciseInstancesOfRoutine, RoutineById, RoutineCopyMutation,
    RoutineMutation, RoutinePages, RoutinePlanMutation, RoutineQuery, RoutineSetMutation,
    SetsOfExerciseInstance, ShareOfRoutine,
};
use set_log::{
    ExpectedSetsOfExerciseLog, PreviousSetLogs, SetLogById, SetLogMutation, SetLogsOfExerciseLog,
};
use user::UserQuery;
use workout::{
    ActiveWorkouts, WorkoutById, WorkoutMutation, WorkoutPages, WorkoutQuery, WorkoutSubscription,
    WorkoutTotals,
};

/// The schema `training` of the database.
pub static MIGRATOR: Migrator = sqlx::migrate!();

/// The production schema.
pub type TrainingSchema = Schema<Query, Mutation, Subscription>;

/// What can be asked.
#[derive(MergedObject, Default)]
pub struct Query(
    MuscleGroupQuery,
    ExerciseQuery,
    GenerationQuery,
    RoutineQuery,
    ProgressionQuery,
    WorkoutQuery,
    ExerciseLogQuery,
    InsightQuery,
    MeasurementQuery,
    UserQuery,
);

/// What can be done.
#[derive(MergedObject, Default)]
pub struct Mutation(
    ExerciseMutation,
    GenerationMutation,
    RoutineMutation,
    RoutineSetMutation,
    RoutinePlanMutation,
    RoutineCopyMutation,
    WorkoutMutation,
    ExerciseLogMutation,
    SetLogMutation,
    MeasurementMutation,
);

/// What can be followed.
#[derive(MergedSubscription, Default)]
pub struct Subscription(WorkoutSubscription);

/// What every request needs.
#[derive(Clone)]
pub struct State {
    pub(crate) pool: PgPool,
    pub(crate) training_topic: String,
    pub(crate) generation_daily_limit: u32,
    pub(crate) generation_worker: generation::Worker,
    pub(crate) live: workout::Live,
}

impl State {
    #[must_use]
    pub fn new(pool: PgPool, config: &Config) -> Self {
        Self {
            pool,
            training_topic: config.kafka_training_topic.clone(),
            generation_daily_limit: config.generation_daily_limit,
            generation_worker: generation::Worker::default(),
            live: workout::Live::default(),
        }
    }

    #[cfg(test)]
    pub(crate) fn for_tests(pool: PgPool) -> Self {
        Self {
            pool,
            training_topic: "training-events".to_owned(),
            generation_daily_limit: 5,
            generation_worker: generation::Worker::default(),
            live: workout::Live::default(),
        }
    }
}

/// Serves until `shutdown`, and lets what is under way end.
///
/// # Errors
/// When the database stays out of reach or cannot be migrated, or the listener fails.
pub async fn serve(
    config: Config,
    listener: TcpListener,
    shutdown: CancellationToken,
) -> anyhow::Result<()> {
    let connections = config.database_max_connections;
    let pool = setwise_graphql::database::connect(&config.database_url, connections).await?;
    MIGRATOR
        .run(&pool)
        .await
        .context("the schema training cannot be migrated")?;
    exercise::catalogue::load(&pool).await?;
    let state = State::new(pool, &config);
    let model = generation::Model::of(&config.ai)?;

    let verifier = TokenVerifier::from_url(config.jwks_url)?;
    let tasks = Tasks::new(shutdown.clone());
    let outbox = Outbox::new("training");
    let relay = Relay::new(state.pool.clone(), outbox, &config.kafka_brokers);
    tasks.spawn("outbox", relay.run(tasks.shutdown()));
    let worker = state.generation_worker.clone();
    let generation = generation::run(state.pool.clone(), worker, model, tasks.shutdown());
    tasks.spawn("generation", generation);
    let live = workout::listen(state.live.clone(), config.database_url, tasks.shutdown());
    tasks.spawn("live workouts", live);
    let forget = idempotency::forget(state.pool.clone(), tasks.shutdown());
    tasks.spawn("mutation keys", forget);
    let app = app(&state, verifier, &shutdown);
    setwise_service::serve_http(listener, app, shutdown).await?;
    let tasks = tasks.join().await;
    state.pool.close().await;
    tasks
}

fn app(state: &State, verifier: TokenVerifier, shutdown: &CancellationToken) -> Router {
    // The broker is no condition: workouts are logged without it, and events wait in the outbox.
    let readiness = setwise_graphql::database::check(Readiness::new(), state.pool.clone());
    Router::new()
        .merge(setwise_graphql::endpoint_with_subscriptions(
            schema(state.clone()),
            verifier,
            shutdown.clone(),
        ))
        .merge(setwise_service::health(readiness))
}

/// The production schema over a state; tests run it with `execute`.
#[must_use]
pub fn schema(state: State) -> TrainingSchema {
    let pool = || state.pool.clone();
    builder()
        .data(loader(MuscleGroupById(pool())))
        .data(loader(ExerciseById(pool())))
        .data(loader(TargetsOfExercise(pool())))
        .data(loader(AlternativesOfExercise(pool())))
        .data(loader(RoutineById(pool())))
        .data(loader(RoutinePages(pool())))
        .data(loader(ShareOfRoutine(pool())))
        .data(loader(ExerciseInstanceById(pool())))
        .data(loader(ExerciseInstancesOfRoutine(pool())))
        .data(loader(SetsOfExerciseInstance(pool())))
        .data(loader(WorkoutById(pool())))
        .data(loader(WorkoutPages(pool())))
        .data(loader(ActiveWorkouts(pool())))
        .data(loader(WorkoutTotals(pool())))
        .data(loader(ExerciseLogById(pool())))
        .data(loader(ExerciseLogsOfWorkout(pool())))
        .data(loader(ExerciseHistory(pool())))
        .data(loader(SetLogsOfExerciseLog(pool())))
        .data(loader(ExpectedSetsOfExerciseLog(pool())))
        .data(loader(PreviousSetLogs(pool())))
        .data(loader(SetLogById(pool())))
        .data(loader(RecordsOfSetLog(pool())))
        .data(loader(BestsOfExercise(pool())))
        .data(loader(SessionPages(pool())))
        .data(loader(ProgressOfExercise(pool())))
        .data(loader(BodyMeasurementById(pool())))
        .data(state)
        .finish()
}

/// A loader whose statements belong to the trace of the request that asks.
fn loader<L>(loader: L) -> DataLoader<L> {
    #[expect(
        clippy::disallowed_methods,
        reason = "a load ends with the request that waits for it"
    )]
    DataLoader::new(loader, |load| tokio::spawn(load.in_current_span()))
}

/// The SDL with its federation directives, as the router composes it.
#[must_use]
pub fn sdl() -> String {
    let options = SDLExportOptions::new().federation().compose_directive();
    builder().finish().sdl_with_options(options)
}

fn builder() -> SchemaBuilder<Query, Mutation, Subscription> {
    Schema::build(
        Query::default(),
        Mutation::default(),
        Subscription::default(),
    )
    .enable_federation()
    .enable_subscription_in_federation()
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_sdl_is_written_down() {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/schema.graphql");
        #[expect(clippy::disallowed_methods, reason = "a switch of this test alone")]
        if std::env::var("UPDATE_SDL").is_ok() {
            std::fs::write(path, crate::sdl()).unwrap();
        }
        let written = std::fs::read_to_string(path).unwrap_or_default();
        assert!(
            written == crate::sdl(),
            "schema.graphql is stale: run this test with UPDATE_SDL=1"
        );
    }
}
