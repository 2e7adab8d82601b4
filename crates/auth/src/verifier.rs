use std::{collections::HashMap, sync::Arc, time::Duration};

use jsonwebtoken::{
    Algorithm, DecodingKey, Validation, decode, decode_header,
    errors::ErrorKind,
    jwk::{Jwk, JwkSet},
};
use serde_json::Value;
use tokio::{
    sync::{Mutex, RwLock},
    time::Instant,
};

use crate::{AUDIENCE, Claims, ISSUER, TOKEN_TYPE, Viewer};

/// Keys are asked for again at most this often, however many tokens name an
/// unknown one.
const REFETCH_INTERVAL: Duration = Duration::from_secs(5);
const FETCH_TIMEOUT: Duration = Duration::from_secs(5);

/// Why a token was not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AuthError {
    #[error("no access token was given")]
    Missing,
    #[error("the access token is malformed")]
    Malformed,
    #[error("the access token has expired")]
    Expired,
    #[error("the access token is not valid")]
    Invalid,
    #[error("the keys that verify access tokens are out of reach")]
    KeysUnavailable,
}

/// Verifies access tokens against the key set of the users subgraph.
#[derive(Clone)]
pub struct TokenVerifier(Arc<Inner>);

struct Inner {
    source: Option<Source>,
    keys: RwLock<HashMap<String, DecodingKey>>,
}

struct Source {
    url: String,
    client: reqwest::Client,
    last_fetch: Mutex<Option<Instant>>,
}

impl TokenVerifier {
    /// Keys are fetched from `url` when a token first needs one.
    ///
    /// # Errors
    /// When no HTTP client can be made (no TLS roots, no threads).
    pub fn from_url(url: impl Into<String>) -> Result<Self, reqwest::Error> {
        let client = reqwest::Client::builder()
            .timeout(FETCH_TIMEOUT)
            .user_agent("setwise")
            .build()?;
        Ok(Self(Arc::new(Inner {
            source: Some(Source {
                url: url.into(),
                client,
                last_fetch: Mutex::new(None),
            }),
            keys: RwLock::default(),
        })))
    }

    /// Fixed keys: for the issuer itself, which need not ask over HTTP.
    ///
    /// # Errors
    /// When `jwks` is not a JSON Web Key Set.
    pub fn from_jwks(jwks: &Value) -> Result<Self, serde_json::Error> {
        let set: JwkSet = serde_json::from_value(jwks.clone())?;
        Ok(Self(Arc::new(Inner {
            source: None,
            keys: RwLock::new(decoding_keys(&set)),
        })))
    }

    /// # Errors
    /// Every [`AuthError`] but `Missing`.
    pub async fn verify(&self, token: &str) -> Result<Viewer, AuthError> {
        self.check(token, true).await
    }

    /// Everything but the expiry: a refresh may come with an expired token.
    ///
    /// # Errors
    /// As [`Self::verify`], without `Expired`.
    pub async fn verify_ignoring_expiry(&self, token: &str) -> Result<Viewer, AuthError> {
        self.check(token, false).await
    }

    async fn check(&self, token: &str, validate_exp: bool) -> Result<Viewer, AuthError> {
        let header = decode_header(token).map_err(|_| AuthError::Malformed)?;
        let typed = header
            .typ
            .is_some_and(|typ| typ.eq_ignore_ascii_case(TOKEN_TYPE));
        if header.alg != Algorithm::EdDSA || !typed {
            return Err(AuthError::Invalid);
        }
        let key = self.key(&header.kid.ok_or(AuthError::Invalid)?).await?;
        let mut validation = Validation::new(Algorithm::EdDSA);
        validation.set_issuer(&[ISSUER]);
        validation.set_audience(&[AUDIENCE]);
        validation.set_required_spec_claims(&["exp", "iss", "aud", "sub"]);
        validation.validate_exp = validate_exp;
        validation.leeway = 0;
        let token =
            decode::<Claims>(token, &key, &validation).map_err(|error| match error.kind() {
                ErrorKind::ExpiredSignature => AuthError::Expired,
                _ => AuthError::Invalid,
            })?;
        Ok(Viewer {
            user_id: token.claims.sub,
            session_id: token.claims.sid,
        })
    }

    async fn key(&self, key_id: &str) -> Result<DecodingKey, AuthError> {
        if let Some(key) = self.0.keys.read().await.get(key_id) {
            return Ok(key.clone());
        }
        let Some(source) = &self.0.source else {
            return Err(AuthError::Invalid);
        };
        let mut last_fetch = source.last_fetch.lock().await;
        // Another request may have fetched while this one waited for the lock.
        if let Some(key) = self.0.keys.read().await.get(key_id) {
            return Ok(key.clone());
        }
        if last_fetch.is_none_or(|at| at.elapsed() >= REFETCH_INTERVAL) {
            match source.fetch().await {
                Ok(set) => {
                    *self.0.keys.write().await = decoding_keys(&set);
                    *last_fetch = Some(Instant::now());
                }
                Err(error) => {
                    tracing::warn!(
                        error.message = %error,
                        "the key set could not be fetched: check that the users service is up and JWKS_URL is right"
                    );
                    return Err(AuthError::KeysUnavailable);
                }
            }
        }
        let keys = self.0.keys.read().await;
        keys.get(key_id).cloned().ok_or(AuthError::Invalid)
    }
}

impl Source {
    async fn fetch(&self) -> Result<JwkSet, reqwest::Error> {
        let response = self.client.get(&self.url).send().await?;
        response.error_for_status()?.json().await
    }
}

/// The keys that this verifier understands, by their id; others are left out.
fn decoding_keys(set: &JwkSet) -> HashMap<String, DecodingKey> {
    let pair = |jwk: &Jwk| {
        let id = jwk.common.key_id.clone()?;
        Some((id, DecodingKey::from_jwk(jwk).ok()?))
    };
    set.keys.iter().filter_map(pair).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::TokenIssuer;
    use chrono::{TimeDelta, Utc};
    use uuid::Uuid;

    fn token(issuer: &TokenIssuer, ttl_seconds: i64) -> (Viewer, String) {
        let viewer = Viewer {
            user_id: Uuid::now_v7(),
            session_id: Uuid::now_v7(),
        };
        let ttl = TimeDelta::seconds(ttl_seconds);
        let token = issuer.issue(viewer.user_id, viewer.session_id, Utc::now(), ttl);
        (viewer, token.unwrap())
    }

    #[tokio::test]
    async fn takes_what_the_issuer_signed() {
        let issuer = TokenIssuer::generate().unwrap();
        let verifier = TokenVerifier::from_jwks(&issuer.jwks()).unwrap();
        let (viewer, token) = token(&issuer, 60);
        assert_eq!(verifier.verify(&token).await, Ok(viewer));
    }

    #[tokio::test]
    async fn a_key_read_back_from_pem_is_the_same_key() {
        let issuer = TokenIssuer::generate().unwrap();
        let again = TokenIssuer::from_pem(&issuer.to_pem().unwrap()).unwrap();
        assert_eq!(issuer.jwks(), again.jwks());
        assert!(TokenIssuer::from_pem("nonsense").is_err());
    }

    #[tokio::test]
    async fn names_what_is_wrong_with_a_token() {
        let issuer = TokenIssuer::generate().unwrap();
        let verifier = TokenVerifier::from_jwks(&issuer.jwks()).unwrap();
        let (viewer, expired) = token(&issuer, -60);
        assert_eq!(verifier.verify(&expired).await, Err(AuthError::Expired));
        assert_eq!(verifier.verify_ignoring_expiry(&expired).await, Ok(viewer));
        assert_eq!(verifier.verify("abc").await, Err(AuthError::Malformed));
        let (_, foreign) = token(&TokenIssuer::generate().unwrap(), 60);
        assert_eq!(verifier.verify(&foreign).await, Err(AuthError::Invalid));
        let (_, good) = token(&issuer, 60);
        let (head, signature) = good.rsplit_once('.').unwrap();
        let (_, other) = token(&issuer, 61);
        let forged = format!("{head}.{}", other.rsplit_once('.').unwrap().1);
        assert_ne!(other.rsplit_once('.').unwrap().1, signature);
        assert_eq!(verifier.verify(&forged).await, Err(AuthError::Invalid));
    }

    #[tokio::test]
    async fn refuses_another_algorithm() {
        let verifier = TokenVerifier::from_jwks(&TokenIssuer::generate().unwrap().jwks()).unwrap();
        let mut header = jsonwebtoken::Header::new(Algorithm::HS256);
        header.typ = Some(TOKEN_TYPE.into());
        let key = jsonwebtoken::EncodingKey::from_secret(b"secret");
        let claims = serde_json::json!({ "sub": Uuid::nil() });
        let token = jsonwebtoken::encode(&header, &claims, &key).unwrap();
        assert_eq!(verifier.verify(&token).await, Err(AuthError::Invalid));
    }

    #[tokio::test]
    async fn says_so_when_the_keys_are_out_of_reach() {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        let closed = listener.local_addr().unwrap();
        drop(listener);
        let verifier = TokenVerifier::from_url(format!("http://{closed}/jwks")).unwrap();
        let (_, token) = token(&TokenIssuer::generate().unwrap(), 60);
        assert_eq!(
            verifier.verify(&token).await,
            Err(AuthError::KeysUnavailable)
        );
    }
}
