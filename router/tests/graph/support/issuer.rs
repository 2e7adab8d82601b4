use axum::{Json, Router, routing::get};
use chrono::{TimeDelta, Utc};
use setwise_auth::TokenIssuer;
use setwise_router::Config;
use tokio::{net::TcpListener, task::JoinSet};
use uuid::Uuid;

/// Issues tokens and serves its keys.
pub struct Issuer {
    signs: TokenIssuer,
    jwks_url: String,
    _tasks: JoinSet<()>,
}

impl Issuer {
    pub async fn start() -> Self {
        let issuer = TokenIssuer::generate().unwrap();
        let jwks = issuer.jwks();
        let app = Router::new().route("/jwks", get(move || std::future::ready(Json(jwks.clone()))));
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let jwks_url = format!("http://{}/jwks", listener.local_addr().unwrap());
        let mut tasks = JoinSet::new();
        tasks.spawn(async move { axum::serve(listener, app).await.unwrap() });
        Self {
            signs: issuer,
            jwks_url,
            _tasks: tasks,
        }
    }

    /// A token of somebody new that is valid for `seconds`.
    pub fn token(&self, seconds: i64) -> String {
        let (user, session) = (Uuid::now_v7(), Uuid::now_v7());
        let ttl = TimeDelta::seconds(seconds);
        self.signs.issue(user, session, Utc::now(), ttl).unwrap()
    }

    /// Has a router take these tokens.
    pub fn configure(&self, config: &mut Config) {
        let authentication = &mut config.authentication;
        authentication.jwks_url = Some(self.jwks_url.parse().unwrap());
        authentication.issuers = vec!["setwise".to_owned()];
        authentication.audiences = vec!["setwise".to_owned()];
        authentication.token_type = Some("at+jwt".to_owned());
    }
}
