//! What the feature tests of every aggregate share, and the tests of the whole.

use std::{io::Write, time::Duration};

use async_graphql::{Request, Variables};
use clap::Parser;
use serde_json::{Value, json};
use setwise_auth::{AuthError, TokenIssuer, TokenVerifier, Viewer};
use setwise_graphql::RequestContext;
use setwise_service::{Locale, Secret};
use sqlx::{ConnectOptions, PgPool};
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use crate::{Config, State, UsersSchema, schema};

const DEADLINE: Duration = Duration::from_secs(30);
pub(crate) const PASSWORD: &str = "correct horse";

/// The production schema on a database, and who asks it.
pub(crate) struct App {
    pub pool: PgPool,
    pub state: State,
    schema: UsersSchema,
    locale: Locale,
}

impl App {
    pub(crate) fn new(pool: PgPool) -> Self {
        Self::with_arguments(pool, &[])
    }

    pub(crate) fn with_arguments(pool: PgPool, arguments: &[&str]) -> Self {
        let state = State::new(pool.clone(), &config(arguments)).unwrap();
        Self {
            pool,
            schema: schema(state.clone()),
            state,
            locale: Locale::En,
        }
    }

    pub(crate) fn speaking(mut self, locale: Locale) -> Self {
        self.locale = locale;
        self
    }

    pub(crate) async fn ask(
        &self,
        viewer: Result<Viewer, AuthError>,
        query: &str,
        variables: Value,
    ) -> Value {
        let locale = self.locale;
        let request = Request::new(query)
            .variables(Variables::from_json(variables))
            .data(RequestContext { viewer, locale });
        serde_json::to_value(self.schema.execute(request).await).unwrap()
    }

    /// The answer to one field of a mutation with one input.
    pub(crate) async fn mutate(
        &self,
        viewer: Result<Viewer, AuthError>,
        field: &str,
        input_type: &str,
        input: Value,
        selection: &str,
    ) -> Value {
        let query = format!(
            "mutation($input: {input_type}!) {{ {field}(input: $input) {{ {selection} userErrors {{ code field message }} }} }}"
        );
        let mut answer = self.ask(viewer, &query, json!({ "input": input })).await;
        assert_eq!(answer["errors"], Value::Null, "{answer:#}");
        answer["data"][field].take()
    }

    pub(crate) async fn register(&self, input: Value) -> Value {
        let selection = "user { id email displayName language weightUnit hasCompletedOnboarding }
            tokens { accessToken accessTokenExpiresAt refreshToken refreshTokenExpiresAt }";
        let nobody = Err(AuthError::Missing);
        self.mutate(nobody, "register", "RegisterInput", input, selection)
            .await
    }

    /// Registers ann@example.com, or whoever it is, and answers the viewer and the tokens.
    pub(crate) async fn sign_up(&self, email: &str) -> (Viewer, Value) {
        let mut answer = self
            .register(json!({ "email": email, "password": PASSWORD }))
            .await;
        assert_eq!(answer["userErrors"], json!([]));
        let tokens = answer["tokens"].take();
        (self.viewer(&tokens).await, tokens)
    }

    /// Who holds these tokens, as every service sees it.
    pub(crate) async fn viewer(&self, tokens: &Value) -> Viewer {
        let token = tokens["accessToken"].as_str().unwrap();
        self.state.signing.verifier.verify(token).await.unwrap()
    }
}

/// The production configuration with a fresh key.
pub(crate) fn config(arguments: &[&str]) -> Config {
    let mut key = tempfile::NamedTempFile::new().unwrap();
    let pem = TokenIssuer::generate().unwrap().to_pem().unwrap();
    key.write_all(pem.as_bytes()).unwrap();
    let key = key.path().to_str().unwrap();
    let fixed = [
        "setwise-users",
        "--database-url",
        "unused",
        "--token-signing-key-file",
        key,
    ];
    Config::try_parse_from(fixed.iter().chain(arguments)).unwrap()
}

pub(crate) fn nobody() -> Viewer {
    Viewer {
        user_id: Uuid::now_v7(),
        session_id: Uuid::now_v7(),
    }
}

/// `UPDATE_SDL=1 cargo test` writes it anew.
#[test]
fn the_sdl_in_the_repo_is_that_of_the_code() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/schema.graphql");
    if std::env::var_os("UPDATE_SDL").is_some() {
        std::fs::write(path, crate::sdl()).unwrap();
    }
    assert_eq!(std::fs::read_to_string(path).unwrap(), crate::sdl());
}

/// Boots what `main` boots, with a broker that is down.
#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn serves_without_a_broker(pool: PgPool) {
    let closed = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let broker = closed.local_addr().unwrap().to_string();
    drop(closed);
    let mut config = config(&["--kafka-brokers", &broker]);
    config.database_url = Secret::new(pool.connect_options().to_url_lossy().to_string());
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let origin = format!("http://{}", listener.local_addr().unwrap());
    let shutdown = CancellationToken::new();
    let story = async {
        let client = reqwest::Client::builder()
            .timeout(DEADLINE)
            .build()
            .unwrap();
        let ready = client.get(format!("{origin}/readyz")).send().await.unwrap();
        assert_eq!(ready.status(), 200, "{}", ready.text().await.unwrap());
        let query = "mutation($input: RegisterInput!) { register(input: $input) { tokens { accessToken } } }";
        let input = json!({ "email": "ann@example.com", "password": PASSWORD });
        let body = json!({ "query": query, "variables": { "input": input } });
        let answer = client
            .post(format!("{origin}/graphql"))
            .json(&body)
            .send()
            .await
            .unwrap();
        let answer: Value = answer.json().await.unwrap();
        let token = answer["data"]["register"]["tokens"]["accessToken"]
            .as_str()
            .unwrap();
        let verifier = TokenVerifier::from_url(format!("{origin}/.well-known/jwks.json")).unwrap();
        let viewer = verifier.verify(token).await.unwrap();
        let me = client.post(format!("{origin}/graphql")).bearer_auth(token);
        let me = me
            .json(&json!({ "query": "{ me { id } }" }))
            .send()
            .await
            .unwrap();
        let me: Value = me.json().await.unwrap();
        assert_eq!(me["data"]["me"]["id"], json!(viewer.user_id));
        shutdown.cancel();
    };
    let served = crate::serve(config, listener, shutdown.clone());
    let (served, ()) = tokio::join!(served, story);
    served.unwrap();
}
