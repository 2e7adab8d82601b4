use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use anyhow::Context as _;
use quick_cache::sync::Cache;
use setwise_auth::{AuthError, JwtRules, JwtVerifier};

use crate::{Claims, config::Authentication, graph::GraphError};

/// Tokens whose claims are kept.
const TOKENS: usize = 10_000;

pub(super) struct Authenticator {
    verifier: JwtVerifier,
    cache: Duration,
    /// By the whole token.
    known: Cache<Arc<str>, Known>,
}

#[derive(Clone)]
struct Known {
    claims: Arc<Claims>,
    until: Instant,
}

impl Authenticator {
    /// `None` when tokens are not to be looked at.
    pub(super) fn new(config: &Authentication) -> anyhow::Result<Option<Self>> {
        let Some(url) = &config.jwks_url else {
            return Ok(None);
        };
        let rules = JwtRules {
            issuers: config.issuers.clone(),
            audiences: config.audiences.clone(),
            token_type: config.token_type.clone(),
        };
        Ok(Some(Self {
            verifier: JwtVerifier::new(url.as_str(), rules).context("authentication")?,
            cache: config.cache(),
            known: Cache::new(TOKENS),
        }))
    }

    /// The claims of `token`.
    pub(super) async fn verify(&self, token: &str) -> Result<Arc<Claims>, GraphError> {
        if let Some(known) = self.known.get(token)
            && Instant::now() < known.until
        {
            return Ok(known.claims);
        }
        let claims = self.verifier.verify(token).await.map_err(rejected)?;
        let claims = Arc::new(Claims(claims));
        let until = Instant::now() + self.cache.min(claims.remaining().unwrap_or_default());
        let known = Known {
            claims: Arc::clone(&claims),
            until,
        };
        self.known.insert(token.into(), known);
        Ok(claims)
    }
}

pub(super) fn rejected(error: AuthError) -> GraphError {
    let message = match error {
        AuthError::Expired => "The access token has expired.",
        AuthError::KeysUnavailable => {
            let message = "Access tokens cannot be verified now. Try again later.";
            return GraphError::new("AUTHENTICATION_UNAVAILABLE", message);
        }
        AuthError::Missing | AuthError::Malformed | AuthError::Invalid => {
            "The access token is not valid."
        }
    };
    GraphError::new("UNAUTHENTICATED", message)
}
