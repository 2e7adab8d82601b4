//! The files subgraph: uploads through signed URLs, and the pictures made of
//! them. To add a kind of file, add a folder like `avatar`: its types and
//! rules, its GraphQL, its SQL.

mod avatar;
mod config;
mod download;
mod http;
mod object;
mod refusal;
mod signed_url;
mod upload;
mod user;

#[cfg(test)]
mod tests;

use std::sync::Arc;

use async_graphql::{
    EmptySubscription, MergedObject, Schema, SchemaBuilder, dataloader::DataLoader,
};
use axum::Router;
use setwise_auth::TokenVerifier;
use setwise_service::{Readiness, Tasks};
use sqlx::PgPool;
use tokio::{net::TcpListener, sync::Semaphore};
use tokio_util::sync::CancellationToken;

pub use config::{Config, PublicUrl};
pub use object::StoreLocation;
pub use signed_url::{SigningKey, SigningKeyError};

use crate::{
    avatar::{AvatarLoader, AvatarMutation, AvatarQuery, ImageLoader},
    object::{Objects, Sweeper},
    signed_url::UrlSigner,
    upload::{UploadMutation, UploadQuery},
    user::UserQuery,
};

/// The tables of the schema `files`.
pub static MIGRATOR: sqlx::migrate::Migrator = sqlx::migrate!();

/// What every request works with.
#[derive(Clone)]
pub(crate) struct App {
    pub(crate) pool: PgPool,
    pub(crate) objects: Objects,
    pub(crate) urls: UrlSigner,
    pub(crate) decoders: Arc<Semaphore>,
    pub(crate) sweeper: Sweeper,
    pub(crate) upload_max_bytes: u64,
}

impl App {
    fn new(config: &Config, pool: PgPool) -> anyhow::Result<Self> {
        let key = config.url_signing_key_file.clone();
        Ok(Self {
            pool,
            objects: Objects::open(&config.store_location())?,
            urls: UrlSigner::new(key, config.files_public_url.clone()),
            decoders: Arc::new(avatar::decoders()),
            sweeper: Sweeper::default(),
            upload_max_bytes: config.upload_max_bytes,
        })
    }

    fn readiness(&self) -> Readiness {
        let objects = self.objects.clone();
        setwise_graphql::database::check(Readiness::new(), self.pool.clone()).check(
            "object_store",
            move || {
                let objects = objects.clone();
                async move { objects.check().await.map_err(|_| "out of reach".into()) }
            },
        )
    }
}

#[derive(Default, MergedObject)]
#[graphql(name = "Query")]
pub(crate) struct Query(UploadQuery, UserQuery, AvatarQuery);

#[derive(Default, MergedObject)]
#[graphql(name = "Mutation")]
pub(crate) struct Mutation(UploadMutation, AvatarMutation);

pub(crate) type FilesSchema = Schema<Query, Mutation, EmptySubscription>;

fn schema_builder() -> SchemaBuilder<Query, Mutation, EmptySubscription> {
    Schema::build(Query::default(), Mutation::default(), EmptySubscription).enable_federation()
}

pub(crate) fn schema(app: App) -> FilesSchema {
    let pool = app.pool.clone();
    #[expect(
        clippy::disallowed_methods,
        reason = "a loader's task ends with the requests that wait for it"
    )]
    schema_builder()
        .data(DataLoader::new(AvatarLoader(pool.clone()), tokio::spawn))
        .data(DataLoader::new(ImageLoader(pool), tokio::spawn))
        .data(app)
        .finish()
}

/// The schema as the router composes it.
#[must_use]
pub fn sdl() -> String {
    schema_builder()
        .finish()
        .sdl_with_options(async_graphql::SDLExportOptions::new().federation())
}

/// Serves the files subgraph until `shutdown`; returns when the requests under
/// way have ended.
pub async fn serve(
    config: Config,
    listener: TcpListener,
    shutdown: CancellationToken,
) -> anyhow::Result<()> {
    let pool =
        setwise_graphql::database::connect(&config.database_url, config.database_max_connections)
            .await?;
    MIGRATOR.run(&pool).await?;
    let verifier = TokenVerifier::from_url(&config.jwks_url)?;
    let app = App::new(&config, pool)?;
    let tasks = Tasks::new(shutdown.clone());
    tasks.spawn(
        "sweep",
        object::sweep_periodically(app.clone(), shutdown.clone()),
    );
    tracing::info!(server.address = %listener.local_addr()?, "files are served");
    setwise_service::serve_http(listener, router(app, verifier), shutdown).await?;
    tasks.join().await
}

fn router(app: App, verifier: TokenVerifier) -> Router {
    setwise_service::health(app.readiness())
        .merge(setwise_graphql::endpoint_with_uploads(
            schema(app.clone()),
            verifier,
        ))
        .merge(http::routes(app))
}
