//! URLs that are their own permission: whoever holds one may do the one thing
//! that it names until it expires. The host is not signed, so that the same
//! path works through the router, the web and nginx.

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
/// How long a GET URL is good for, at least.
const GET_SECONDS: i64 = 3600;
/// GET URLs expire on the hour, so that they stay the same, and cacheable, for up to an hour.
const GET_BUCKET_SECONDS: i64 = 3600;

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
    Put { content_type: &'a str },
}

/// The query of a signed URL.
#[derive(Debug, Deserialize)]
pub(crate) struct Signed {
    expires: i64,
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
        };
        self.url(id, permission, expires_at.timestamp())
    }

    /// Serves the file for one to two hours from `now`.
    pub(crate) fn get_url(&self, id: Uuid, now: DateTime<Utc>) -> String {
        let at_least = now.timestamp() + GET_SECONDS;
        let buckets = at_least.div_euclid(GET_BUCKET_SECONDS) + 1;
        self.url(id, Permission::Get, buckets * GET_BUCKET_SECONDS)
    }

    /// Checks a PUT and answers the content type that it must come with.
    pub(crate) fn check_put(
        &self,
        id: Uuid,
        signed: Signed,
        now: DateTime<Utc>,
    ) -> Result<String, Refused> {
        let content_type = signed.content_type.ok_or(Refused::Forged)?;
        let permission = Permission::Put {
            content_type: &content_type,
        };
        self.check(id, permission, signed.expires, &signed.signature, now)?;
        Ok(content_type)
    }

    /// Checks a GET and answers for how many more seconds the URL is good.
    pub(crate) fn check_get(
        &self,
        id: Uuid,
        signed: &Signed,
        now: DateTime<Utc>,
    ) -> Result<i64, Refused> {
        self.check(id, Permission::Get, signed.expires, &signed.signature, now)?;
        Ok(signed.expires - now.timestamp())
    }

    fn url(&self, id: Uuid, permission: Permission<'_>, expires: i64) -> String {
        let mut query = form_urlencoded::Serializer::new(String::new());
        query.append_pair("expires", &expires.to_string());
        if let Permission::Put { content_type } = permission {
            query.append_pair("type", content_type);
        }
        let signature = self.mac(id, permission, expires).finalize().into_bytes();
        query.append_pair("signature", &BASE64_URL_SAFE_NO_PAD.encode(signature));
        format!("{}/files/{id}?{}", self.base, query.finish())
    }

    fn check(
        &self,
        id: Uuid,
        permission: Permission<'_>,
        expires: i64,
        signature: &str,
        now: DateTime<Utc>,
    ) -> Result<(), Refused> {
        let signature = BASE64_URL_SAFE_NO_PAD.decode(signature);
        let signature = signature.map_err(|_| Refused::Forged)?;
        let mac = self.mac(id, permission, expires);
        // Compares in constant time.
        mac.verify_slice(&signature).map_err(|_| Refused::Forged)?;
        // Only then: how a forged URL is refused tells nothing about its time.
        if now.timestamp() >= expires {
            return Err(Refused::Expired);
        }
        Ok(())
    }

    /// The parts are joined by line feeds, which none of them can hold.
    fn mac(&self, id: Uuid, permission: Permission<'_>, expires: i64) -> Hmac<Sha256> {
        let text = match permission {
            Permission::Get => format!("GET\n{id}\n{expires}"),
            Permission::Put { content_type } => format!("PUT\n{id}\n{expires}\n{content_type}"),
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
            expires: pair("expires").unwrap().parse().unwrap(),
            content_type: pair("type"),
            signature: pair("signature").unwrap(),
        }
    }

    fn at(text: &str) -> DateTime<Utc> {
        text.parse().unwrap()
    }

    #[test]
    fn a_get_url_is_good_for_one_to_two_hours_and_stays_the_same_within_the_hour() {
        let (signer, id) = (signer(1), Uuid::now_v7());
        let early = signer.get_url(id, at("2026-01-01T10:00:00Z"));
        let late = signer.get_url(id, at("2026-01-01T10:59:59Z"));
        let next = signer.get_url(id, at("2026-01-01T11:00:00Z"));
        assert_eq!(early, late);
        assert_ne!(late, next);
        let left = |now| signer.check_get(id, &query(&late), at(now));
        assert_eq!(left("2026-01-01T10:59:59Z"), Ok(3601));
        assert_eq!(left("2026-01-01T11:59:59Z"), Ok(1));
        assert_eq!(left("2026-01-01T12:00:00Z"), Err(Refused::Expired));
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
        let get = signer.get_url(id, now);
        let refused = Err(Refused::Forged);
        assert_eq!(signer.check_get(Uuid::now_v7(), &query(&get), now), refused);
        assert_eq!(self::signer(2).check_get(id, &query(&get), now), refused);
        let longer = Signed {
            expires: query(&get).expires + 1,
            ..query(&get)
        };
        assert_eq!(signer.check_get(id, &longer, now), refused);
        let cut = Signed {
            signature: query(&get).signature[..10].into(),
            ..query(&get)
        };
        assert_eq!(signer.check_get(id, &cut, now), refused);
        let put = signer.put_url(id, &"image/png".parse().unwrap(), now + TimeDelta::hours(1));
        assert_eq!(signer.check_get(id, &query(&put), now), refused);
    }

    #[test]
    fn a_key_has_at_least_32_bytes_and_does_not_show() {
        assert!(SigningKey::new([0; 31]).is_err());
        let key = SigningKey::new([0; 32]).unwrap();
        assert_eq!(format!("{key:?}"), "[redacted]");
        assert!("/nowhere/at/all".parse::<SigningKey>().is_err());
    }
}
