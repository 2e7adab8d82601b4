//! The users subgraph: accounts, sessions, profiles and preferences. It alone
//! issues access tokens, and serves the keys that everyone verifies them with.
//!
//! A folder per aggregate: `account` (registration and profile), `session`
//! (login, refresh, logout), `inbox` (training events on their way to mail).
//! A new thing a person can do is an operation in its aggregate's `mod.rs`, its
//! SQL in `store.rs`, its resolver in `graphql.rs`; a new rule is a variant in
//! `refusal.rs`.

mod account;
mod config;
mod inbox;
mod refusal;
mod session;
mod sweep;
#[cfg(test)]
mod tests;

use anyhow::Context as _;
use async_graphql::{
    EmptySubscription, MergedObject, SDLExportOptions, Schema, dataloader::DataLoader,
};
use axum::{Json, Router, http::header::CACHE_CONTROL, routing::get};
use setwise_auth::{TokenIssuer, TokenVerifier};
use setwise_outbox::{Outbox, Relay};
use setwise_service::{Readiness, Tasks};
use sqlx::{PgPool, migrate::Migrator};
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

pub use account::{Language, RegisterInput, UserId, ensure_account};
pub use config::{Config, SigningKey};

use account::{AccountById, AccountMutation, AccountQuery, Hasher, Mail};
use inbox::TrainingEvents;
use session::{Lifetimes, SessionMutation, Signing};

/// The schema `users` of the database.
pub static MIGRATOR: Migrator = sqlx::migrate!();

/// The production schema.
pub type UsersSchema = Schema<Query, Mutation, EmptySubscription>;

/// What can be read about the viewer.
#[derive(MergedObject, Default)]
pub struct Query(AccountQuery);

/// What a person can do with their account and their sessions.
#[derive(MergedObject, Default)]
pub struct Mutation(AccountMutation, SessionMutation);

/// What every request needs.
#[derive(Clone)]
pub struct State {
    pub(crate) pool: PgPool,
    pub(crate) mail: Mail,
    pub(crate) hasher: Hasher,
    pub(crate) signing: Signing,
}

impl State {
    /// # Errors
    /// When the signing key makes no key set.
    pub fn new(pool: PgPool, config: &Config) -> anyhow::Result<Self> {
        let issuer = config.token_signing_key_file.issuer().clone();
        let verifier = TokenVerifier::from_jwks(&issuer.jwks())?;
        Ok(Self {
            pool,
            mail: Mail {
                outbox: Outbox::new("users"),
                topic: config.kafka_topic.clone(),
            },
            hasher: Hasher::new(config.password_hashing_concurrency.get())?,
            signing: Signing {
                issuer,
                verifier,
                lifetimes: Lifetimes {
                    access: config.access_token_ttl,
                    refresh: config.refresh_token_ttl,
                    grace: config.refresh_grace,
                },
            },
        })
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
        .context("the schema users cannot be migrated")?;
    let state = State::new(pool, &config)?;
    let tasks = Tasks::new(shutdown.clone());
    start_tasks(&tasks, &state, &config);
    setwise_service::serve_http(listener, app(&state), shutdown).await?;
    let tasks = tasks.join().await;
    state.pool.close().await;
    tasks
}

fn start_tasks(tasks: &Tasks, state: &State, config: &Config) {
    let relay = Relay::new(
        state.pool.clone(),
        state.mail.outbox.clone(),
        &config.kafka_brokers,
    );
    tasks.spawn("outbox", relay.run(tasks.shutdown()));
    let events = TrainingEvents {
        pool: state.pool.clone(),
        mail: state.mail.clone(),
        brokers: config.kafka_brokers.clone(),
        topic: config.kafka_training_topic.clone(),
    };
    tasks.spawn("training events", inbox::consume(events, tasks.shutdown()));
    tasks.spawn("sweep", sweep::run(state.pool.clone(), tasks.shutdown()));
}

fn app(state: &State) -> Router {
    // The broker is no condition: accounts work without it, and mail waits in the outbox.
    let readiness = setwise_graphql::database::check(Readiness::new(), state.pool.clone());
    Router::new()
        .merge(setwise_graphql::endpoint(
            schema(state.clone()),
            state.signing.verifier.clone(),
        ))
        .merge(jwks(&state.signing.issuer))
        .merge(setwise_service::health(readiness))
}

/// `/.well-known/jwks.json`: the public keys, which may be kept for five minutes.
fn jwks(issuer: &TokenIssuer) -> Router {
    let keys = issuer.jwks();
    let answer = move || async move { ([(CACHE_CONTROL, "public, max-age=300")], Json(keys)) };
    Router::new().route("/.well-known/jwks.json", get(answer))
}

/// The production schema over a state; tests run it with `execute`.
#[must_use]
pub fn schema(state: State) -> UsersSchema {
    #[expect(
        clippy::disallowed_methods,
        reason = "a load ends with the request that waits for it"
    )]
    let accounts = DataLoader::new(AccountById(state.pool.clone()), tokio::spawn);
    builder().data(accounts).data(state).finish()
}

/// The SDL with its federation directives, as the router composes it.
#[must_use]
pub fn sdl() -> String {
    let options = SDLExportOptions::new().federation();
    builder().finish().sdl_with_options(options)
}

fn builder() -> async_graphql::SchemaBuilder<Query, Mutation, EmptySubscription> {
    Schema::build(Query::default(), Mutation::default(), EmptySubscription).enable_federation()
}
