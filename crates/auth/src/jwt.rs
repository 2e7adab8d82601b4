use jsonwebtoken::{Algorithm, Validation, decode, decode_header, errors::ErrorKind};
use serde_json::{Map, Value};

use crate::{
    AuthError,
    key_source::{KeySource, Pace},
};

/// Verifies JSON Web Tokens of any issuer that publishes its keys as a JWKS.
pub struct JwtVerifier {
    keys: KeySource,
    rules: JwtRules,
}

/// What a token must say besides being signed.
#[derive(Clone, Debug, Default)]
pub struct JwtRules {
    /// The `iss` that are taken; any when there are none.
    pub issuers: Vec<String>,
    /// The `aud` that are taken; any when there are none.
    pub audiences: Vec<String>,
    /// The `typ` that the header must carry, such as `at+jwt`; any without it.
    pub token_type: Option<String>,
}

impl JwtVerifier {
    /// Keys are fetched from `jwks_url` when a token first needs one. Tokens must name their key
    /// (`kid`), be signed by an asymmetric algorithm and expire.
    ///
    /// # Errors
    /// When no HTTP client can be made (no TLS roots, no threads).
    pub fn new(jwks_url: impl Into<String>, rules: JwtRules) -> Result<Self, reqwest::Error> {
        Ok(Self {
            keys: KeySource::new(jwks_url.into(), Pace::DEFAULT)?,
            rules,
        })
    }

    /// The claims of `token`.
    ///
    /// # Errors
    /// Every [`AuthError`] but `Missing`.
    pub async fn verify(&self, token: &str) -> Result<Map<String, Value>, AuthError> {
        let header = decode_header(token).map_err(|_| AuthError::Malformed)?;
        let has_type = self.rules.token_type.as_ref().is_none_or(|expected| {
            let typ = header.typ.as_deref();
            typ.is_some_and(|typ| typ.eq_ignore_ascii_case(expected))
        });
        if is_symmetric(header.alg) || !has_type {
            return Err(AuthError::Invalid);
        }
        let key = self
            .keys
            .key(&header.kid.ok_or(AuthError::Invalid)?)
            .await?;
        // a key takes the algorithms of its own kind only
        let mut validation = Validation::new(header.alg);
        let mut required = vec!["exp"];
        if !self.rules.issuers.is_empty() {
            validation.set_issuer(&self.rules.issuers);
            required.push("iss");
        }
        validation.validate_aud = !self.rules.audiences.is_empty();
        if validation.validate_aud {
            validation.set_audience(&self.rules.audiences);
            required.push("aud");
        }
        validation.set_required_spec_claims(&required);
        validation.validate_nbf = true;
        validation.leeway = 0;
        let token = decode::<Map<String, Value>>(token, &key, &validation);
        let token = token.map_err(|error| match error.kind() {
            ErrorKind::ExpiredSignature => AuthError::Expired,
            _ => AuthError::Invalid,
        })?;
        Ok(token.claims)
    }
}

/// Whether whoever can verify a token could also make it.
fn is_symmetric(algorithm: Algorithm) -> bool {
    matches!(
        algorithm,
        Algorithm::HS256 | Algorithm::HS384 | Algorithm::HS512
    )
}
