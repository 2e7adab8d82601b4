//! URLs that are their own permission: whoever holds one may do the one thing
//! that it names. The host is not signed, so that the same path works through
//! the router, the web and nginx.
//!
//! A PUT URL expires within minutes. A GET URL does not: clients of `/v1` keep
//! the one that they got as `profilePictureUrl`, and expect the picture there
//! years later. It cannot be guessed, reads one file only, and ends when the
//! file is removed or the signing key changes.

use std::{fmt, fs, str::FromStr};

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use chrono::{DateTime, Utc};
use hmac::{Hmac, Mac};
use serde::Deserialize;
use sha2::Sha256;
use url::form_urlencoded;
use uuid::Uuid;

use crate::{config::PublicUrl, upload::ContentType};

/// The fewest bytes of a key: as many as the hash has.
const KEY_BYTES: usize = 32;

/// The secret that signs URLs, parsed from the name of the file that holds it.
#[derive(Clone)]
pub struct SigningKey(Vec<u8>);

/// A key file that cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum SigningKeyError {
    #[error("the key file cannot be read: {0}")]
    Unreadable(#[from] std::io::Error),
    #[error("the key has {0} bytes, but needs at least {KEY_BYTES}")]
    TooShort(usize),
}

impl SigningKey {
    /// The bytes themselves, as a file would hold them.
    pub fn new(bytes: impl Into<Vec<u8>>) -> Result<Self, SigningKeyError> {
        let bytes = bytes.into();
        if bytes.len() < KEY_BYTES {
            return Err(SigningKeyError::TooShort(bytes.len()));
        }
        Ok(Self(bytes))
    }
}

impl FromStr for SigningKey {
    type Err = SigningKeyError;

    fn from_str(path: &str) -> Result<Self, Self::Err> {
        Self::new(fs::read(path)?)
    }
}

impl fmt::Debug for SigningKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[redacted]")
    }
}

/// What a URL permits.
#[derive(Clone, Copy, Debug)]
enum Permission<'a> {
    Get,
    Put {
        content_type: &'a str,
        /// Seconds since the epoch.
        expires: i64,
    },
}

/// The query of a signed URL.
#[derive(Debug, Deserialize)]
pub(crate) struct Signed {
    /// Of a PUT URL.
    expires: Option<i64>,
    /// Of a PUT URL.
    #[serde(rename = "type")]
    content_type: Option<String>,
    signature: String,
}

/// Why a signed URL permits nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Refused {
    #[error("the signature does not match this URL")]
    Forged,
    #[error("this URL has expired")]
    Expired,
}

/// Makes and checks signed URLs.
#[derive(Clone)]
pub(crate) struct UrlSigner {
    key: SigningKey,
    base: PublicUrl,
}

impl UrlSigner {
    pub(crate) fn new(key: SigningKey, base: PublicUrl) -> Self {
        Self { key, base }
    }

    /// Takes one PUT of the upload with this content type.
    pub(crate) fn put_url(
        &self,
        id: Uuid,
        content_type: &ContentType,
        expires_at: DateTime<Utc>,
    ) -> String {
        let permission = Permission::Put {
            content_type: content_type.as_str(),
            expires: expires_at.timestamp(),
        };
        self.url(id, permission)
    }

    /// Serves the file for as long as there is one.
    pub(crate) fn get_url(&self, id: Uuid) -> String {
        self.url(id, Permission::Get)
    }

    /// Checks a PUT and answers the content type that it must come with.
    pub(crate) fn check_put(
        &self,
        id: Uuid,
        signed: Signed,
        now: DateTime<Utc>,
    ) -> Result<String, Refused> {
        let content_type = signed.content_type.ok_or(Refused::Forged)?;
        let expires = signed.expires.ok_or(Refused::Forged)?;
        let permission = Permission::Put {
            content_type: &content_type,
            expires,
        };
        self.check(id, permission, &signed.signature)?;
        // Only then: how a forged URL is refused tells nothing about its time.
        if now.timestamp() >= expires {
            return Err(Refused::Expired);
        }
        Ok(content_type)
    }

    /// Checks a GET.
    pub(crate) fn check_get(&self, id: Uuid, signed: &Signed) -> Result<(), Refused> {
        self.check(id, Permission::Get, &signed.signature)
    }

    fn url(&self, id: Uuid, permission: Permission<'_>) -> String {
        let mut query = form_urlencoded::Serializer::new(String::new());
        if let Permission::Put {
            content_type,
            expires,
        } = permission
        {
            query.append_pair("expires", &expires.to_string());
            query.append_pair("type", content_type);
        }
        let signature = self.mac(id, permission).finalize().into_bytes();
        query.append_pair("signature", &BASE64_URL_SAFE_NO_PAD.encode(signature));
        format!("{}/files/{id}?{}", self.base, query.finish())
    }

    fn check(&self, id: Uuid, permission: Permission<'_>, signature: &str) -> Result<(), Refused> {
        let signature = BASE64_URL_SAFE_NO_PAD.decode(signature);
        let signature = signature.map_err(|_| Refused::Forged)?;
        let mac = self.mac(id, permission);
        // Compares in constant time.
        mac.verify_slice(&signature).map_err(|_| Refused::Forged)
    }

    /// The parts are joined by line feeds, which none of them can hold.
    fn mac(&self, id: Uuid, permission: Permission<'_>) -> Hmac<Sha256> {
        let text = match permission {
            Permission::Get => format!("GET\n{id}"),
            Permission::Put {
                content_type,
                expires,
            } => format!("PUT\n{id}\n{expires}\n{content_type}"),
        };
        let mut mac = Hmac::<Sha256>::new_from_slice(&self.key.0)
            .unwrap_or_else(|_| unreachable!("HMAC takes keys of any length"));
        mac.update(text.as_bytes());
        mac
    }
}

#[cfg(test)]
mod tests {
    use chrono::TimeDelta;

    use super::*;

    fn signer(key: u8) -> UrlSigner {
        let key = SigningKey::new([key; 32]).unwrap();
        UrlSigner::new(key, "http://files.test".parse().unwrap())
    }

    fn query(url: &str) -> Signed {
        let url = url::Url::parse(url).unwrap();
        let pair = |name: &str| {
            let value = url.query_pairs().find(|(key, _)| key == name)?.1;
            Some(value.into_owned())
        };
        Signed {
            expires: pair("expires").map(|seconds| seconds.parse().unwrap()),
            content_type: pair("type"),
            signature: pair("signature").unwrap(),
        }
    }

    fn at(text: &str) -> DateTime<Utc> {
        text.parse().unwrap()
    }

    #[test]
    fn a_get_url_stays_the_same_and_names_no_time() {
        let (signer, id) = (signer(1), Uuid::now_v7());
        let url = signer.get_url(id);
        assert_eq!(url, signer.get_url(id));
        assert!(!url.contains("expires"), "{url}");
        assert_eq!(signer.check_get(id, &query(&url)), Ok(()));
    }

    #[test]
    fn a_put_url_names_its_content_type_and_expires() {
        let (signer, id) = (signer(1), Uuid::now_v7());
        let now = at("2026-01-01T10:00:00Z");
        let content_type: ContentType = "image/svg+xml".parse().unwrap();
        let url = signer.put_url(id, &content_type, now + TimeDelta::minutes(15));
        assert!(
            url.starts_with(&format!("http://files.test/files/{id}?")),
            "{url}"
        );
        let check = |signed, now| signer.check_put(id, signed, now);
        assert_eq!(check(query(&url), now), Ok("image/svg+xml".into()));
        let expired = check(query(&url), now + TimeDelta::minutes(15));
        assert_eq!(expired, Err(Refused::Expired));
        let other = Signed {
            content_type: Some("text/html".into()),
            ..query(&url)
        };
        assert_eq!(check(other, now), Err(Refused::Forged));
    }

    #[test]
    fn refuses_every_change_to_a_url() {
        let (signer, id) = (signer(1), Uuid::now_v7());
        let now = at("2026-01-01T10:00:00Z");
        let get = signer.get_url(id);
        let refused = Err(Refused::Forged);
        assert_eq!(signer.check_get(Uuid::now_v7(), &query(&get)), refused);
        assert_eq!(self::signer(2).check_get(id, &query(&get)), refused);
        let cut = Signed {
            signature: query(&get).signature[..10].into(),
            ..query(&get)
        };
        assert_eq!(signer.check_get(id, &cut), refused);
        let put = signer.put_url(id, &"image/png".parse().unwrap(), now + TimeDelta::hours(1));
        assert_eq!(signer.check_get(id, &query(&put)), refused);
        let unbounded = Signed {
            expires: None,
            ..query(&put)
        };
        let longer = Signed {
            expires: query(&put).expires.map(|expires| expires + 1),
            ..query(&put)
        };
        for changed in [unbounded, longer, query(&get)] {
            let outcome = signer.check_put(id, changed, now);
            assert_eq!(outcome, Err(Refused::Forged));
        }
    }

    #[test]
    fn a_key_has_at_least_32_bytes_and_does_not_show() {
        assert!(SigningKey::new([0; 31]).is_err());
        let key = SigningKey::new([0; 32]).unwrap();
        assert_eq!(format!("{key:?}"), "[redacted]");
        assert!("/nowhere/at/all".parse::<SigningKey>().is_err());
    }
}
