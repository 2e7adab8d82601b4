//! Keys and passwords, made at the first start and kept in the data folder,
//! readable by their owner alone.

use std::{
    fs::{self, OpenOptions},
    io::{ErrorKind, Write},
    os::unix::fs::{DirBuilderExt, OpenOptionsExt},
    path::{Path, PathBuf},
};

use anyhow::{Context, Result};
use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use rand::RngCore;
use setwise_auth::TokenIssuer;
use setwise_service::Secret;

const KEY_BYTES: usize = 64;
const PASSWORD_BYTES: usize = 24;

pub(crate) struct Secrets {
    directory: PathBuf,
}

impl Secrets {
    pub(crate) fn open(data: &Path) -> Result<Self> {
        let directory = data.join("secrets");
        fs::DirBuilder::new()
            .recursive(true)
            .mode(0o700)
            .create(&directory)
            .with_context(|| format!("{} cannot be made", directory.display()))?;
        Ok(Self { directory })
    }

    /// The Ed25519 key that signs access tokens, as PKCS#8 PEM.
    pub(crate) fn token_signing_key(&self) -> Result<PathBuf> {
        self.file("token-signing-key.pem", || {
            Ok(TokenIssuer::generate()?.to_pem()?)
        })
    }

    /// The key that signs upload and download URLs.
    pub(crate) fn url_signing_key(&self) -> Result<PathBuf> {
        self.file("url-signing-key", || Ok(random(KEY_BYTES)))
    }

    /// The key that seals the web's session cookies.
    pub(crate) fn cookie_key(&self) -> Result<PathBuf> {
        self.file("cookie-key", || Ok(random(KEY_BYTES)))
    }

    pub(crate) fn password(&self, role: &str) -> Result<Secret> {
        let path = self.file(&format!("postgresql-{role}"), || Ok(random(PASSWORD_BYTES)))?;
        let text = fs::read_to_string(&path)
            .with_context(|| format!("{} cannot be read", path.display()))?;
        Ok(Secret::new(text.trim_end()))
    }

    /// The file of that name, written first if it is not there.
    fn file(&self, name: &str, make: impl FnOnce() -> Result<String>) -> Result<PathBuf> {
        let path = self.directory.join(name);
        if path.exists() {
            return Ok(path);
        }
        // Under another name first: a start that is cut off leaves no half a key.
        let draft = self.directory.join(format!("{name}.draft"));
        let write = || -> Result<()> {
            match fs::remove_file(&draft) {
                Err(error) if error.kind() != ErrorKind::NotFound => return Err(error.into()),
                _ => {}
            }
            let mut options = OpenOptions::new();
            options.write(true).create_new(true).mode(0o600);
            let mut file = options.open(&draft)?;
            file.write_all(make()?.as_bytes())?;
            file.sync_all()?;
            Ok(fs::rename(&draft, &path)?)
        };
        write().with_context(|| format!("{} cannot be written", path.display()))?;
        Ok(path)
    }
}

fn random(bytes: usize) -> String {
    let mut buffer = vec![0; bytes];
    rand::rng().fill_bytes(&mut buffer);
    BASE64_URL_SAFE_NO_PAD.encode(buffer)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::fs::PermissionsExt;

    #[test]
    fn a_secret_is_made_once_and_is_its_owners_alone() {
        let data = tempfile::tempdir().unwrap();
        let secrets = Secrets::open(data.path()).unwrap();
        let first = secrets.password("users").unwrap();
        assert_eq!(secrets.password("users").unwrap(), first);
        assert_ne!(secrets.password("files").unwrap(), first);
        let key = secrets.token_signing_key().unwrap();
        let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
        assert_eq!(mode(&key), 0o600);
        assert_eq!(mode(key.parent().unwrap()), 0o700);
    }
}
