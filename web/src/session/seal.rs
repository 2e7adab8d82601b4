//! What a cookie holds is for us alone: encrypted and authenticated.

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use ring::{
    aead::{Aad, CHACHA20_POLY1305, LessSafeKey, NONCE_LEN, Nonce, UnboundKey},
    hkdf::{HKDF_SHA256, Salt},
    rand::{SecureRandom, SystemRandom},
};

use crate::config::CookieKey;

pub(crate) struct Seal {
    key: LessSafeKey,
    random: SystemRandom,
}

impl Seal {
    pub(crate) fn new(key: &CookieKey) -> Self {
        let salt = Salt::new(HKDF_SHA256, b"setwise-web");
        let secret = salt.extract(key.bytes());
        let key = secret
            .expand(&[b"session cookie"], &CHACHA20_POLY1305)
            .expect("one key is less than HKDF can make");
        Self {
            key: LessSafeKey::new(UnboundKey::from(key)),
            random: SystemRandom::new(),
        }
    }

    /// `None` only when the system has no randomness. `name` is the cookie's:
    /// its value is good under no other.
    pub(super) fn close(&self, name: &str, plain: &[u8]) -> Option<String> {
        let mut nonce = [0; NONCE_LEN];
        self.random.fill(&mut nonce).ok()?;
        let mut bytes = plain.to_vec();
        let unique = Nonce::assume_unique_for_key(nonce);
        let aad = Aad::from(name.as_bytes());
        self.key
            .seal_in_place_append_tag(unique, aad, &mut bytes)
            .ok()?;
        Some(BASE64_URL_SAFE_NO_PAD.encode([&nonce[..], &bytes].concat()))
    }

    pub(super) fn open(&self, name: &str, sealed: &str) -> Option<Vec<u8>> {
        let mut bytes = BASE64_URL_SAFE_NO_PAD.decode(sealed).ok()?;
        let (nonce, sealed) = bytes.split_at_mut_checked(NONCE_LEN)?;
        let nonce = Nonce::try_assume_unique_for_key(nonce).ok()?;
        let aad = Aad::from(name.as_bytes());
        let plain = self.key.open_in_place(nonce, aad, sealed).ok()?;
        Some(plain.to_vec())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seal(byte: u8) -> Seal {
        Seal::new(&CookieKey::from_bytes(vec![byte; 64]).unwrap())
    }

    #[test]
    fn only_the_same_key_and_name_open_a_cookie() {
        let sealed = seal(1).close("session", b"tokens").unwrap();
        assert_eq!(seal(1).open("session", &sealed).unwrap(), b"tokens");
        assert_eq!(seal(2).open("session", &sealed), None);
        assert_eq!(seal(1).open("other", &sealed), None);
    }

    #[test]
    fn a_changed_cookie_does_not_open() {
        let seal = seal(1);
        let sealed = seal.close("session", b"tokens").unwrap();
        let swapped = if sealed.starts_with('A') { 'B' } else { 'A' };
        for bad in [
            "",
            "AAAA",
            &format!("{swapped}{}", &sealed[1..]),
            &sealed[..sealed.len() - 4],
        ] {
            assert_eq!(seal.open("session", bad), None, "{bad}");
        }
        assert_ne!(sealed, seal.close("session", b"tokens").unwrap());
    }
}
