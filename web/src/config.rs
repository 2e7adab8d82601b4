use std::{fmt, fs, net::SocketAddr, path::Path};

use clap::Parser;
use setwise_service::TelemetryConfig;
use url::Url;

use setwise_service::Network;

/// The server-rendered web of Setwise.
#[derive(Clone, Debug, Parser)]
#[command(name = "setwise-web", version)]
pub struct Config {
    /// Address to listen on.
    #[arg(long, env = "WEB_LISTEN", default_value = "127.0.0.1:3000")]
    pub listen: SocketAddr,

    /// Base address of the router; its GraphQL is at `/graphql` below it.
    #[arg(long, env = "ROUTER_URL", default_value = "http://127.0.0.1:4000")]
    pub router_url: Url,

    /// Address that people type; with `https` the cookies are `Secure`.
    #[arg(long, env = "PUBLIC_URL", default_value = "http://127.0.0.1:3000")]
    pub public_url: Url,

    /// File of at least 64 random bytes that encrypt the session cookie. All
    /// replicas share it; another file signs everybody out.
    #[arg(long = "cookie-key-file", env = "COOKIE_KEY_FILE", value_parser = CookieKey::read)]
    pub cookie_key: CookieKey,

    /// Proxies (addresses or networks, separated by commas) whose
    /// `X-Forwarded-For` and `X-Forwarded-Host` are believed.
    #[arg(long, env = "TRUSTED_PROXIES", value_delimiter = ',')]
    pub trusted_proxies: Vec<Network>,

    #[command(flatten)]
    pub telemetry: TelemetryConfig,
}

/// The bytes that the cookie and CSRF keys are derived from.
#[derive(Clone)]
pub struct CookieKey(Vec<u8>);

impl CookieKey {
    const MIN_BYTES: usize = 64;

    /// Reads the key from the file at `path`.
    ///
    /// # Errors
    /// When the file cannot be read or is shorter than 64 bytes.
    pub fn read(path: &str) -> Result<Self, String> {
        let bytes = fs::read(Path::new(path)).map_err(|error| format!("{path}: {error}"))?;
        Self::from_bytes(bytes).map_err(|error| format!("{path}: {error}"))
    }

    /// Takes the key itself.
    ///
    /// # Errors
    /// When it is shorter than 64 bytes.
    pub fn from_bytes(bytes: Vec<u8>) -> Result<Self, String> {
        if bytes.len() < Self::MIN_BYTES {
            return Err(format!(
                "holds {} bytes, at least {} are needed",
                bytes.len(),
                Self::MIN_BYTES
            ));
        }
        Ok(Self(bytes))
    }

    pub(crate) fn bytes(&self) -> &[u8] {
        &self.0
    }
}

impl fmt::Debug for CookieKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[redacted]")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn refuses_a_short_cookie_key() {
        assert!(CookieKey::from_bytes(vec![1; 63]).is_err());
        assert!(CookieKey::from_bytes(vec![1; 64]).is_ok());
    }

    #[test]
    fn a_missing_cookie_key_file_is_named() {
        let error = CookieKey::read("/nowhere/cookie.key").unwrap_err();
        assert!(error.starts_with("/nowhere/cookie.key: "), "{error}");
    }
}
