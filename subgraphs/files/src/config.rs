use std::{fmt, net::SocketAddr, path::PathBuf, str::FromStr};

use clap::Parser;
use setwise_service::{Secret, TelemetryConfig};
use url::Url;

use crate::{object::StoreLocation, signed_url::SigningKey};

/// The files subgraph: uploads, pictures and the signed URLs that serve them.
#[derive(Clone, Debug, Parser)]
#[command(name = "setwise-files", version)]
pub struct Config {
    /// Address to listen on.
    #[arg(long, env = "FILES_LISTEN", default_value = "127.0.0.1:4003")]
    pub listen: SocketAddr,

    /// PostgreSQL, as the role that owns the schema `files`.
    #[arg(long, env = "DATABASE_URL", hide_env_values = true)]
    pub database_url: Secret,

    /// Most connections to PostgreSQL at a time.
    #[arg(long, env = "DATABASE_MAX_CONNECTIONS", default_value_t = 10)]
    pub database_max_connections: u32,

    /// Where the users subgraph serves the keys that verify access tokens.
    #[arg(
        long,
        env = "JWKS_URL",
        default_value = "http://127.0.0.1:4001/.well-known/jwks.json"
    )]
    pub jwks_url: String,

    /// The address under which clients reach `/files/…`: what signed URLs begin with.
    #[arg(
        long,
        env = "FILES_PUBLIC_URL",
        default_value = "http://127.0.0.1:4000"
    )]
    pub files_public_url: PublicUrl,

    /// Where the bytes lie: `file:///absolute/folder`, or `memory:` (gone at exit). The default is the folder of `FILES_DIR`.
    #[arg(long, env = "OBJECT_STORE_URL")]
    pub object_store_url: Option<StoreLocation>,

    /// The folder of the files when `OBJECT_STORE_URL` is not set.
    #[arg(long, env = "FILES_DIR", default_value = ".data/files")]
    pub files_dir: PathBuf,

    /// File with the key that signs URLs: at least 32 random bytes, readable by this service alone. Another key ends every
    /// URL that was given out, profile pictures that clients have kept included.
    #[arg(long, env = "URL_SIGNING_KEY_FILE")]
    pub url_signing_key_file: SigningKey,

    /// The largest file that an upload takes, in bytes.
    #[arg(long, env = "UPLOAD_MAX_BYTES", default_value_t = 10 * 1024 * 1024)]
    pub upload_max_bytes: u64,

    #[command(flatten)]
    pub telemetry: TelemetryConfig,
}

impl Config {
    pub(crate) fn store_location(&self) -> StoreLocation {
        let default = || StoreLocation::Folder(self.files_dir.clone());
        self.object_store_url.clone().unwrap_or_else(default)
    }
}

/// An absolute http(s) address without query and trailing slash.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PublicUrl(String);

impl FromStr for PublicUrl {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let url = Url::parse(text).map_err(|_| "not an absolute URL")?;
        if !matches!(url.scheme(), "http" | "https") {
            return Err("must begin with http:// or https://");
        }
        if url.query().is_some() || url.fragment().is_some() {
            return Err("must have neither a query nor a fragment");
        }
        Ok(Self(url.as_str().trim_end_matches('/').to_owned()))
    }
}

impl fmt::Display for PublicUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_public_url_is_absolute_and_plain() {
        let url: PublicUrl = "https://gym.example/setwise/".parse().unwrap();
        assert_eq!(url.to_string(), "https://gym.example/setwise");
        for bad in ["", "/files", "ftp://gym.example", "http://gym.example/?a=1"] {
            assert!(bad.parse::<PublicUrl>().is_err(), "{bad}");
        }
    }
}
