//! Forms carry a token that only a page of ours can know.

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use hmac::{Hmac, Mac};
use sha2::Sha256;
use subtle::ConstantTimeEq;
use uuid::Uuid;

use crate::config::CookieKey;

/// The name of the hidden field.
pub(crate) const FIELD: &str = "csrf";

const NONCE_BYTES: usize = 16;

/// Makes and checks tokens: a nonce and the HMAC of nonce and session. The
/// nonce makes each page's token differ, so that compression of the answer
/// does not give it away.
#[derive(Clone)]
pub(crate) struct Csrf {
    key: [u8; 32],
}

impl Csrf {
    pub(crate) fn new(key: &CookieKey) -> Self {
        let key = mac(key.bytes(), &[b"setwise-web csrf"]);
        Self { key }
    }

    /// `holder` is the session, or the visitor who has none yet.
    pub(crate) fn token(&self, holder: Uuid) -> String {
        let nonce = *Uuid::new_v4().as_bytes();
        let tag = mac(&self.key, &[&nonce, holder.as_bytes()]);
        BASE64_URL_SAFE_NO_PAD.encode([&nonce[..], &tag[..]].concat())
    }

    pub(crate) fn holds(&self, holder: Uuid, token: &str) -> bool {
        let Ok(bytes) = BASE64_URL_SAFE_NO_PAD.decode(token) else {
            return false;
        };
        let Some((nonce, tag)) = bytes.split_at_checked(NONCE_BYTES) else {
            return false;
        };
        let expected = mac(&self.key, &[nonce, holder.as_bytes()]);
        expected.ct_eq(tag).into()
    }
}

fn mac(key: &[u8], parts: &[&[u8]]) -> [u8; 32] {
    let mut mac =
        <Hmac<Sha256> as Mac>::new_from_slice(key).expect("HMAC takes keys of any length");
    for part in parts {
        mac.update(part);
    }
    mac.finalize().into_bytes().into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_holds_for_its_session_only() {
        let csrf = Csrf::new(&CookieKey::from_bytes(vec![7; 64]).unwrap());
        let holder = Uuid::new_v4();
        let token = csrf.token(holder);
        assert!(csrf.holds(holder, &token));
        assert_ne!(token, csrf.token(holder), "every page has its own");
        assert!(!csrf.holds(Uuid::new_v4(), &token));
        assert!(!csrf.holds(holder, ""));
        assert!(!csrf.holds(holder, "AAAA"));
        assert!(!csrf.holds(holder, &token[..token.len() - 2]));
        let other = Csrf::new(&CookieKey::from_bytes(vec![8; 64]).unwrap());
        assert!(!other.holds(holder, &token));
    }
}
