use std::sync::Arc;

use jsonwebtoken::{
    Algorithm, DecodingKey, Validation, decode, decode_header, errors::ErrorKind, jwk::JwkSet,
};
use serde_json::Value;

use crate::{
    AUDIENCE, Claims, ISSUER, TOKEN_TYPE, Viewer,
    key_source::{KeySource, Keys, Pace, decoding_keys},
};

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
pub struct TokenVerifier(Arc<Source>);

enum Source {
    Fixed(Keys),
    Fetched(KeySource),
}

impl TokenVerifier {
    /// Keys are fetched from `url` when a token first needs one.
    ///
    /// # Errors
    /// When no HTTP client can be made (no TLS roots, no threads).
    pub fn from_url(url: impl Into<String>) -> Result<Self, reqwest::Error> {
        let source = KeySource::new(url.into(), Pace::DEFAULT)?;
        Ok(Self(Arc::new(Source::Fetched(source))))
    }

    /// Fixed keys: for the issuer itself, which need not ask over HTTP.
    ///
    /// # Errors
    /// When `jwks` is not a JSON Web Key Set.
    pub fn from_jwks(jwks: &Value) -> Result<Self, serde_json::Error> {
        let set: JwkSet = serde_json::from_value(jwks.clone())?;
        Ok(Self(Arc::new(Source::Fixed(decoding_keys(&set)))))
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
        match self.0.as_ref() {
            Source::Fixed(keys) => keys.get(key_id).cloned().ok_or(AuthError::Invalid),
            Source::Fetched(source) => source.key(key_id).await,
        }
    }
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
