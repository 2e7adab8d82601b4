use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use chrono::{DateTime, TimeDelta, Utc};
use ed25519_dalek::{
    SigningKey,
    pkcs8::{DecodePrivateKey, EncodePrivateKey, spki::der::pem::LineEnding},
};
use jsonwebtoken::{Algorithm, EncodingKey, Header};
use rand::RngCore;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use uuid::Uuid;

use crate::{AUDIENCE, Claims, ISSUER, TOKEN_TYPE};

/// Signs access tokens with one Ed25519 key.
#[derive(Clone)]
pub struct TokenIssuer {
    key: SigningKey,
    encoding: EncodingKey,
    key_id: String,
}

/// A signing key that cannot be read or written.
#[derive(Debug, thiserror::Error)]
pub enum KeyError {
    #[error("not an Ed25519 private key in PKCS#8 PEM form")]
    Pem(#[source] ed25519_dalek::pkcs8::Error),
    #[error("the signing key cannot be encoded")]
    Encode(#[source] ed25519_dalek::pkcs8::Error),
}

impl TokenIssuer {
    /// Makes a new random key.
    ///
    /// # Errors
    /// Only when the key cannot be encoded, which a sound build never sees.
    pub fn generate() -> Result<Self, KeyError> {
        let mut seed = [0; 32];
        rand::rng().fill_bytes(&mut seed);
        Self::new(SigningKey::from_bytes(&seed))
    }

    /// Reads a PKCS#8 PEM, as `openssl genpkey -algorithm ed25519` writes it.
    ///
    /// # Errors
    /// [`KeyError::Pem`] when the text is anything else.
    pub fn from_pem(pem: &str) -> Result<Self, KeyError> {
        Self::new(SigningKey::from_pkcs8_pem(pem).map_err(KeyError::Pem)?)
    }

    fn new(key: SigningKey) -> Result<Self, KeyError> {
        let der = key.to_pkcs8_der().map_err(KeyError::Encode)?;
        let digest = Sha256::digest(key.verifying_key().as_bytes());
        Ok(Self {
            encoding: EncodingKey::from_ed_der(der.as_bytes()),
            key_id: BASE64_URL_SAFE_NO_PAD.encode(&digest[..12]),
            key,
        })
    }

    /// The private key as PKCS#8 PEM.
    ///
    /// # Errors
    /// [`KeyError::Encode`], which a sound build never sees.
    pub fn to_pem(&self) -> Result<String, KeyError> {
        let pem = self
            .key
            .to_pkcs8_pem(LineEnding::LF)
            .map_err(KeyError::Encode)?;
        Ok(pem.to_string())
    }

    /// An access token for one session, valid for `ttl` from `now` on.
    ///
    /// # Errors
    /// When the signer refuses, which a sound build never sees.
    pub fn issue(
        &self,
        user_id: Uuid,
        session_id: Uuid,
        now: DateTime<Utc>,
        ttl: TimeDelta,
    ) -> Result<String, jsonwebtoken::errors::Error> {
        let header = Header {
            typ: Some(TOKEN_TYPE.into()),
            kid: Some(self.key_id.clone()),
            ..Header::new(Algorithm::EdDSA)
        };
        let claims = Claims {
            sub: user_id,
            sid: session_id,
            jti: Uuid::new_v4(),
            iss: ISSUER.into(),
            aud: AUDIENCE.into(),
            iat: now.timestamp(),
            exp: (now + ttl).timestamp(),
        };
        jsonwebtoken::encode(&header, &claims, &self.encoding)
    }

    /// The public key as a JSON Web Key Set (RFC 7517, RFC 8037).
    #[must_use]
    pub fn jwks(&self) -> Value {
        json!({ "keys": [{
            "kty": "OKP",
            "crv": "Ed25519",
            "use": "sig",
            "alg": "EdDSA",
            "kid": self.key_id,
            "x": BASE64_URL_SAFE_NO_PAD.encode(self.key.verifying_key().as_bytes()),
        }]})
    }
}
