//! Feature tests: the graph and the HTTP door of this service, over a real
//! database and a real folder.

mod avatar;
mod file;
mod person;
mod transfer;

use std::time::Duration;

use async_graphql::Request;
use setwise_auth::{TokenIssuer, TokenVerifier};
use setwise_graphql::RequestContext;
use setwise_service::Locale;
use sqlx::{ConnectOptions, PgPool};
use tempfile::TempDir;
use tokio::net::TcpListener;
use tokio_util::{sync::CancellationToken, task::AbortOnDropHandle};

use crate::{App, Config};
pub(crate) use person::Person;

/// The running service: production code on a port of its own.
pub(crate) struct Service {
    pub(crate) app: App,
    pub(crate) client: reqwest::Client,
    pub(crate) url: String,
    pub(crate) issuer: TokenIssuer,
    /// The folder of the objects; it goes with the test.
    _folder: TempDir,
    _server: AbortOnDropHandle<()>,
}

impl Service {
    /// `upload_max_bytes` is 100 kB here.
    pub(crate) async fn start(pool: PgPool) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let database = pool.connect_options().to_url_lossy();
        let url = format!("http://{address}");
        let config = config(&folder, &url, database.as_str());
        let app = App::new(&config, pool).unwrap();
        let issuer = TokenIssuer::generate().unwrap();
        let verifier = TokenVerifier::from_jwks(&issuer.jwks()).unwrap();
        let router = crate::router(app.clone(), verifier);
        let shutdown = CancellationToken::new();
        #[expect(clippy::disallowed_methods, reason = "aborted when the test ends")]
        let server = tokio::spawn(async move {
            let served = setwise_service::serve_http(listener, router, shutdown).await;
            served.unwrap();
        });
        Self {
            app,
            client: reqwest::Client::builder()
                .timeout(Duration::from_secs(20))
                .build()
                .unwrap(),
            url,
            issuer,
            _folder: folder,
            _server: AbortOnDropHandle::new(server),
        }
    }
}

/// As the environment would give it.
fn config(folder: &TempDir, public_url: &str, database_url: &str) -> Config {
    let key = folder.path().join("key");
    std::fs::write(&key, [7; 32]).unwrap();
    <Config as clap::Parser>::parse_from([
        "setwise-files",
        &format!("--database-url={database_url}"),
        &format!("--files-public-url={public_url}"),
        &format!("--url-signing-key-file={}", key.display()),
        &format!("--files-dir={}", folder.path().join("objects").display()),
        "--upload-max-bytes=100000",
    ])
}

#[sqlx::test(migrations = false)]
async fn sets_up_an_empty_database_and_ends_in_order(pool: PgPool) {
    let folder = tempfile::tempdir().unwrap();
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/readyz", listener.local_addr().unwrap());
    let database = pool.connect_options().to_url_lossy();
    let config = config(&folder, "http://127.0.0.1:4000", database.as_str());
    let shutdown = CancellationToken::new();
    #[expect(clippy::disallowed_methods, reason = "joined below")]
    let server = tokio::spawn(crate::serve(config, listener, shutdown.clone()));
    let answer = reqwest::get(url).await.unwrap();
    assert_eq!(answer.status(), 200, "{}", answer.text().await.unwrap());
    shutdown.cancel();
    server.await.unwrap().unwrap();
}

#[test]
fn the_sdl_in_the_repo_is_that_of_the_code() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/schema.graphql");
    let sdl = crate::sdl();
    if std::env::var_os("UPDATE_SDL").is_some() {
        std::fs::write(path, &sdl).unwrap();
    }
    let in_repo = std::fs::read_to_string(path).unwrap_or_default();
    assert!(in_repo == sdl, "run with UPDATE_SDL=1 and commit {path}");
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn nothing_is_done_for_a_stranger(pool: PgPool) {
    let service = Service::start(pool).await;
    let schema = crate::schema(service.app.clone());
    for query in [
        "{ upload(id: \"0\") { id } }",
        "mutation { removeAvatar { user { id } } }",
        "mutation { setAvatar(input: { uploadId: \"0\" }) { image { id } } }",
        "mutation { createUpload(input: { filename: \"a\", contentType: \"a/b\" }) { upload { id } } }",
        "{ _entities(representations: [{ __typename: \"User\", id: \"0\" }]) { ... on User { avatar { id } } } }",
    ] {
        let request = Request::new(query).data(RequestContext::anonymous(Locale::En));
        let response = schema.execute(request).await;
        let error = &response.errors[0];
        let code = error
            .extensions
            .as_ref()
            .and_then(|values| values.get("code"));
        assert_eq!(code, Some(&"UNAUTHENTICATED".into()), "{query}: {error:?}");
    }
}
