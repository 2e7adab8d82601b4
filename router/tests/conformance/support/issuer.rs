//! Whoever issues tokens: a JWKS over HTTP, and tokens of any claims signed by its key.

use std::time::{SystemTime, UNIX_EPOCH};

use axum::{Json, Router, routing::get};
use base64::{Engine as _, prelude::BASE64_URL_SAFE_NO_PAD};
use ed25519_dalek::{Signer as _, SigningKey};
use serde_json::{Value, json};
use setwise_router::Config;
use tokio::{net::TcpListener, task::JoinSet};

pub struct Issuer {
    key: SigningKey,
    jwks_url: String,
    _tasks: JoinSet<()>,
}

impl Issuer {
    pub async fn start() -> Self {
        let key = SigningKey::from_bytes(&[7; 32]);
        let jwks = json!({ "keys": [{
            "kty": "OKP",
            "crv": "Ed25519",
            "use": "sig",
            "alg": "EdDSA",
            "kid": "one",
            "x": BASE64_URL_SAFE_NO_PAD.encode(key.verifying_key().as_bytes()),
        }] });
        let app = Router::new().route("/jwks", get(move || std::future::ready(Json(jwks.clone()))));
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let jwks_url = format!("http://{}/jwks", listener.local_addr().unwrap());
        let mut tasks = JoinSet::new();
        tasks.spawn(async move { axum::serve(listener, app).await.unwrap() });
        Self {
            key,
            jwks_url,
            _tasks: tasks,
        }
    }

    /// Lets a router take its tokens.
    pub fn configure(&self, config: &mut Config) {
        config.authentication.jwks_url = Some(self.jwks_url.parse().unwrap());
    }

    /// A token with these claims, valid for a minute.
    pub fn token(&self, mut claims: Value) -> String {
        let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap();
        claims["exp"] = (now.as_secs() + 60).into();
        let header = json!({ "alg": "EdDSA", "kid": "one" });
        let parts = [header, claims].map(|part| BASE64_URL_SAFE_NO_PAD.encode(part.to_string()));
        let signed = parts.join(".");
        let signature = self.key.sign(signed.as_bytes()).to_bytes();
        format!("{signed}.{}", BASE64_URL_SAFE_NO_PAD.encode(signature))
    }
}
