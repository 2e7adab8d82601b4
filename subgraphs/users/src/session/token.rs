use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use rand::RngCore;
use setwise_service::Secret;
use sha2::{Digest, Sha256};

/// 256 random bits in base64url. The database knows its SHA-256 alone: that
/// needs no salt and no slowness, since nobody guesses 256 bits.
#[derive(Clone, Debug)]
pub(super) struct RefreshToken(Secret);

/// The SHA-256 of a refresh token.
pub(super) type Hash = [u8; 32];

impl RefreshToken {
    pub(super) fn generate() -> Self {
        let mut bytes = [0; 32];
        rand::rng().fill_bytes(&mut bytes);
        Self(Secret::new(BASE64_URL_SAFE_NO_PAD.encode(bytes)))
    }

    pub(super) fn expose(&self) -> &str {
        self.0.expose()
    }

    pub(super) fn hash(&self) -> Hash {
        Self::hash_of(self.expose())
    }

    /// The hash of what a client presents, whatever it is.
    pub(super) fn hash_of(text: &str) -> Hash {
        Sha256::digest(text.as_bytes()).into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_token_is_another_43_characters() {
        let [one, other] = [RefreshToken::generate(), RefreshToken::generate()];
        assert_eq!(one.expose().len(), 43);
        assert_ne!(one.expose(), other.expose());
        assert_ne!(one.hash(), other.hash());
        assert_eq!(format!("{one:?}"), "RefreshToken([redacted])");
    }
}
