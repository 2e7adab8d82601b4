//! Access tokens, as the users subgraph signs them, and the keys to verify them, served.

use std::{convert::Infallible, time::SystemTime};

use base64::{Engine as _, prelude::BASE64_URL_SAFE_NO_PAD};
use ed25519_dalek::{Signer as _, SigningKey};
use http_body_util::Full;
use hyper::{Response, body::Bytes, header, server::conn::http1, service::service_fn};
use hyper_util::rt::TokioIo;
use serde_json::json;
use tokio::net::TcpListener;

/// Seconds for which a token is good: longer than any bench.
const LIFETIME: u64 = 24 * 3600;

pub(crate) struct Issuer {
    key: SigningKey,
    issued_at: u64,
}

impl Issuer {
    pub(crate) fn new() -> anyhow::Result<Self> {
        let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH)?;
        Ok(Self {
            // good for nothing but this bench: whoever reads it can sign
            key: SigningKey::from_bytes(&[7; 32]),
            issued_at: now.as_secs(),
        })
    }

    pub(crate) fn token(&self, user: &str) -> String {
        let header = json!({ "alg": "EdDSA", "typ": "at+jwt", "kid": "bench" });
        let claims = json!({ "sub": user, "sid": user, "jti": user, "iss": "setwise", "aud": "setwise",
                             "iat": self.issued_at, "exp": self.issued_at + LIFETIME });
        let encode = |json: serde_json::Value| BASE64_URL_SAFE_NO_PAD.encode(json.to_string());
        let signed = format!("{}.{}", encode(header), encode(claims));
        let signature = self.key.sign(signed.as_bytes()).to_bytes();
        format!("{signed}.{}", BASE64_URL_SAFE_NO_PAD.encode(signature))
    }

    /// Serves the key set, at any path of the port that is answered.
    pub(crate) async fn serve_keys(&self) -> anyhow::Result<u16> {
        let x = BASE64_URL_SAFE_NO_PAD.encode(self.key.verifying_key().as_bytes());
        let keys = json!({ "keys": [{ "kty": "OKP", "crv": "Ed25519", "use": "sig", "alg": "EdDSA", "kid": "bench", "x": x }] });
        let keys = Bytes::from(keys.to_string());
        let listener = TcpListener::bind(("127.0.0.1", 0)).await?;
        let port = listener.local_addr()?.port();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let keys = keys.clone();
                let answer = service_fn(move |_| {
                    let response = Response::builder()
                        .header(header::CONTENT_TYPE, "application/json")
                        .body(Full::new(keys.clone()))
                        .expect("a plain response");
                    async move { Ok::<_, Infallible>(response) }
                });
                let connection =
                    http1::Builder::new().serve_connection(TokioIo::new(stream), answer);
                // how it ends is seen by who asks
                tokio::spawn(connection);
            }
        });
        Ok(port)
    }
}
