use std::sync::Arc;

use anyhow::Context as _;
use argon2::{
    Algorithm, Argon2, Params, PasswordHash, PasswordHasher as _, PasswordVerifier as _, Version,
    password_hash::SaltString,
};
use rand::RngCore;
use setwise_service::Secret;
use tokio::{sync::Semaphore, task::spawn_blocking};

use crate::refusal::Flaw;

const MIN_LENGTH: usize = 8;
/// Keeps one request from buying a lot of hashing with a huge password.
const MAX_LENGTH: usize = 1024;

/// The parameters that OWASP's password storage cheat sheet names first for
/// Argon2id with little memory: 19 MiB, two passes, one lane.
const MEMORY_KIB: u32 = 19 * 1024;
const PASSES: u32 = 2;
const LANES: u32 = 1;

/// A password that a person may choose: 8 to 1024 characters.
#[derive(Clone, Debug)]
pub struct Password(Secret);

impl Password {
    /// # Errors
    /// When it is shorter or longer.
    pub fn parse(text: Secret) -> Result<Self, Flaw> {
        match text.expose().chars().count() {
            0..MIN_LENGTH => Err(Flaw::PasswordTooShort { min: MIN_LENGTH }),
            MIN_LENGTH..=MAX_LENGTH => Ok(Self(text)),
            _ => Err(Flaw::PasswordTooLong { max: MAX_LENGTH }),
        }
    }
}

/// Argon2id on blocking threads, so many at a time as there are permits:
/// hashing takes its share of the cores and 19 MiB each, never more.
#[derive(Clone)]
pub(crate) struct Hasher {
    argon2: Argon2<'static>,
    permits: Arc<Semaphore>,
}

impl Hasher {
    pub(crate) fn new(concurrency: usize) -> anyhow::Result<Self> {
        let params = Params::new(MEMORY_KIB, PASSES, LANES, None)
            .map_err(|error| anyhow::anyhow!("Argon2 parameters are refused: {error}"))?;
        Ok(Self {
            argon2: Argon2::new(Algorithm::Argon2id, Version::V0x13, params),
            permits: Arc::new(Semaphore::new(concurrency.max(1))),
        })
    }

    /// The hash in PHC string form, with a fresh salt.
    pub(crate) async fn hash(&self, password: Password) -> anyhow::Result<String> {
        self.run(move |argon2| hash(argon2, password.0.expose().as_bytes()))
            .await
    }

    /// Whether `attempt` is the password behind `expected`. Without an account
    /// (`None`) the answer is no and takes just as long, so that the time does
    /// not tell who has an account.
    pub(crate) async fn verify(
        &self,
        attempt: Secret,
        expected: Option<String>,
    ) -> anyhow::Result<bool> {
        if attempt.expose().chars().count() > MAX_LENGTH {
            return Ok(false);
        }
        self.run(move |argon2| match expected {
            Some(expected) => verify(argon2, attempt.expose().as_bytes(), &expected),
            None => hash(argon2, attempt.expose().as_bytes()).map(|_| false),
        })
        .await
    }

    #[tracing::instrument(skip_all, name = "password.hash")]
    async fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Argon2<'static>) -> anyhow::Result<T> + Send + 'static,
    ) -> anyhow::Result<T> {
        let permit = self.permits.clone().acquire_owned().await?;
        let argon2 = self.argon2.clone();
        // The permit goes along: a request that is given up keeps its place
        // until its hashing has ended.
        let work = move || {
            let _permit = permit;
            work(&argon2)
        };
        spawn_blocking(work)
            .await
            .context("password hashing panicked")?
    }
}

fn hash(argon2: &Argon2<'_>, password: &[u8]) -> anyhow::Result<String> {
    let mut salt = [0; 16];
    rand::rng().fill_bytes(&mut salt);
    let salt = SaltString::encode_b64(&salt).map_err(hashing_failed)?;
    let hash = argon2
        .hash_password(password, &salt)
        .map_err(hashing_failed)?;
    Ok(hash.to_string())
}

fn verify(argon2: &Argon2<'_>, password: &[u8], expected: &str) -> anyhow::Result<bool> {
    let expected = PasswordHash::new(expected).map_err(hashing_failed)?;
    match argon2.verify_password(password, &expected) {
        Ok(()) => Ok(true),
        Err(argon2::password_hash::Error::Password) => Ok(false),
        Err(error) => Err(hashing_failed(error)),
    }
}

fn hashing_failed(error: argon2::password_hash::Error) -> anyhow::Error {
    anyhow::anyhow!("password hashing failed: {error}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn takes_8_to_1024_characters() {
        let parse = |length| Password::parse(Secret::new("ж".repeat(length))).map(|_| ());
        assert_eq!(parse(7), Err(Flaw::PasswordTooShort { min: 8 }));
        assert_eq!(parse(8), Ok(()));
        assert_eq!(parse(1024), Ok(()));
        assert_eq!(parse(1025), Err(Flaw::PasswordTooLong { max: 1024 }));
        let password = Password::parse(Secret::new("correct horse")).unwrap();
        assert_eq!(format!("{password:?}"), "Password([redacted])");
    }

    #[tokio::test]
    async fn only_the_same_password_verifies() {
        let hasher = Hasher::new(1).unwrap();
        let password = Password::parse(Secret::new("correct horse")).unwrap();
        let hash = hasher.hash(password).await.unwrap();
        assert!(
            hash.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"),
            "{hash}"
        );
        for (attempt, expected, same) in [
            ("correct horse", Some(hash.clone()), true),
            ("Correct horse", Some(hash), false),
            ("correct horse", None, false),
        ] {
            let verified = hasher.verify(Secret::new(attempt), expected).await.unwrap();
            assert_eq!(verified, same, "{attempt}");
        }
    }
}
