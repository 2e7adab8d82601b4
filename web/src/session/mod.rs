//! Who is signed in: an encrypted cookie that holds the tokens.

mod refresh;
mod seal;

use axum_extra::extract::{
    CookieJar,
    cookie::{Cookie, SameSite},
};
use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};
use setwise_service::Locale;
use uuid::Uuid;

pub(crate) use refresh::{RefreshError, Refresher, end};
pub(crate) use seal::Seal;

use crate::unit::WeightUnit;

/// The access token is renewed this long before it expires, so that it still
/// holds when it reaches the subgraphs.
const RENEW_BEFORE: TimeDelta = TimeDelta::seconds(30);

#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct Session {
    /// Made at sign-in; CSRF tokens are bound to it.
    pub(crate) id: Uuid,
    pub(crate) tokens: Tokens,
    pub(crate) person: Person,
}

#[derive(Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Tokens {
    pub(crate) access_token: String,
    pub(crate) access_token_expires_at: DateTime<Utc>,
    pub(crate) refresh_token: String,
    pub(crate) refresh_token_expires_at: DateTime<Utc>,
}

/// What every page shows of the viewer, or depends on.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Person {
    pub(crate) display_name: String,
    pub(crate) language: Language,
    pub(crate) weight_unit: WeightUnit,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub(crate) enum Language {
    En,
    Ru,
}

impl Language {
    /// As the graph writes it.
    pub(crate) fn code(self) -> &'static str {
        match self {
            Self::En => "EN",
            Self::Ru => "RU",
        }
    }
}

impl From<Locale> for Language {
    fn from(locale: Locale) -> Self {
        match locale {
            Locale::En => Self::En,
            Locale::Ru => Self::Ru,
        }
    }
}

impl From<Language> for Locale {
    fn from(language: Language) -> Self {
        match language {
            Language::En => Self::En,
            Language::Ru => Self::Ru,
        }
    }
}

impl Session {
    pub(crate) fn begin(tokens: Tokens, person: Person) -> Self {
        let id = Uuid::new_v4();
        Self { id, tokens, person }
    }

    pub(crate) fn needs_renewal(&self, now: DateTime<Utc>) -> bool {
        self.tokens.access_token_expires_at - RENEW_BEFORE <= now
    }
}

/// How cookies are named and marked: `https` lets them be `Secure` and bound
/// to this very host.
#[derive(Clone, Copy)]
pub(crate) struct Cookies {
    pub(crate) secure: bool,
}

impl Cookies {
    fn session_name(self) -> &'static str {
        if self.secure {
            "__Host-setwise_session"
        } else {
            "setwise_session"
        }
    }

    pub(crate) fn read(self, seal: &Seal, jar: &CookieJar) -> Option<Session> {
        let name = self.session_name();
        let plain = seal.open(name, jar.get(name)?.value())?;
        serde_json::from_slice(&plain).ok()
    }

    pub(crate) fn write(self, seal: &Seal, jar: CookieJar, session: &Session) -> CookieJar {
        let name = self.session_name();
        let plain = serde_json::to_vec(session).expect("a session is plain data");
        let Some(sealed) = seal.close(name, &plain) else {
            return jar;
        };
        let age = session.tokens.refresh_token_expires_at - Utc::now();
        let mut cookie = self.cookie(name, sealed);
        cookie.set_max_age(time::Duration::seconds(age.num_seconds()));
        jar.add(cookie)
    }

    pub(crate) fn clear(self, jar: CookieJar) -> CookieJar {
        jar.remove(self.cookie(self.session_name(), String::new()))
    }

    /// A cookie with the marks that all of ours have.
    pub(crate) fn cookie(self, name: &'static str, value: String) -> Cookie<'static> {
        Cookie::build((name, value))
            .path("/")
            .http_only(true)
            .same_site(SameSite::Lax)
            .secure(self.secure)
            .build()
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use http::HeaderMap;

    use super::*;
    use crate::config::CookieKey;

    pub(crate) fn session(expires_in: TimeDelta) -> Session {
        let tokens = Tokens {
            access_token: "access".into(),
            access_token_expires_at: Utc::now() + expires_in,
            refresh_token: Uuid::new_v4().to_string(),
            refresh_token_expires_at: Utc::now() + TimeDelta::days(30),
        };
        let person = Person {
            display_name: "Anna".into(),
            language: Language::Ru,
            weight_unit: WeightUnit::Lb,
        };
        Session::begin(tokens, person)
    }

    #[test]
    fn a_session_comes_back_from_its_cookie_and_shows_nothing_in_it() {
        let jar = CookieJar::from_headers(&HeaderMap::new());
        let seal = Seal::new(&CookieKey::from_bytes(vec![1; 64]).unwrap());
        let cookies = Cookies { secure: true };
        let session = session(TimeDelta::minutes(15));
        let jar = cookies.write(&seal, jar, &session);
        assert_eq!(cookies.read(&seal, &jar).unwrap().id, session.id);

        let response = axum::response::IntoResponse::into_response(jar);
        let header = response.headers()["set-cookie"].to_str().unwrap();
        assert!(!header.contains("access"));
        for mark in [
            "__Host-setwise_session=",
            "HttpOnly",
            "SameSite=Lax",
            "Secure",
            "Path=/",
            "Max-Age=",
        ] {
            assert!(header.contains(mark), "{mark} is missing in {header}");
        }
    }

    #[test]
    fn renews_shortly_before_the_access_token_expires() {
        let now = Utc::now();
        assert!(session(TimeDelta::seconds(-1)).needs_renewal(now));
        assert!(session(TimeDelta::seconds(20)).needs_renewal(now));
        assert!(!session(TimeDelta::minutes(5)).needs_renewal(now));
    }
}
