//! Access tokens: how they are made and how every service checks them.
//!
//! Only the users subgraph holds a [`TokenIssuer`]; everyone else verifies with
//! the public keys that it serves as a JWKS ([`TokenVerifier`]). Issuer,
//! audience, type and algorithm are pinned here, in one place.

mod issuer;
mod jwt;
mod key_source;
mod verifier;

pub use issuer::{KeyError, TokenIssuer};
pub use jwt::{JwtRules, JwtVerifier};
pub use verifier::{AuthError, TokenVerifier};

use http::{HeaderMap, header::AUTHORIZATION};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// The `iss` claim of every access token.
pub const ISSUER: &str = "setwise";
/// The `aud` claim of every access token.
pub const AUDIENCE: &str = "setwise";
/// The `typ` header of every access token (RFC 9068).
pub const TOKEN_TYPE: &str = "at+jwt";

/// The person on whose behalf a request is made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Viewer {
    pub user_id: Uuid,
    pub session_id: Uuid,
}

/// The claims of an access token; times are seconds since the epoch.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Claims {
    pub sub: Uuid,
    pub sid: Uuid,
    pub jti: Uuid,
    pub iss: String,
    pub aud: String,
    pub iat: i64,
    pub exp: i64,
}

/// The access token of a request: `Authorization: Bearer`, else the
/// `X-Access-Token` header that the clients of `/v1` send.
#[must_use]
pub fn bearer(headers: &HeaderMap) -> Option<&str> {
    let authorization = headers
        .get(AUTHORIZATION)
        .and_then(|value| value.to_str().ok());
    let token = authorization.and_then(|value| {
        let (scheme, token) = value.split_once(' ')?;
        scheme.eq_ignore_ascii_case("bearer").then(|| token.trim())
    });
    token
        .or_else(|| headers.get("x-access-token")?.to_str().ok().map(str::trim))
        .filter(|token| !token.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_the_token_from_either_header() {
        let mut headers = HeaderMap::new();
        assert_eq!(bearer(&headers), None);
        headers.insert("x-access-token", "old".parse().unwrap());
        assert_eq!(bearer(&headers), Some("old"));
        headers.insert(AUTHORIZATION, "bearer new".parse().unwrap());
        assert_eq!(bearer(&headers), Some("new"));
        headers.insert(AUTHORIZATION, "Basic abc".parse().unwrap());
        assert_eq!(bearer(&headers), Some("old"));
    }
}
