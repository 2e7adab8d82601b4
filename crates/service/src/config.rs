//! Reading the configuration, and secrets that do not show in logs.

use std::{convert::Infallible, fmt, process, str::FromStr};

use clap::{Parser, error::ErrorKind};

/// `EX_USAGE` of sysexits(3): the configuration is wrong.
pub const EXIT_USAGE: u8 = 64;

/// Reads the configuration from arguments and environment. A bad one is a
/// clear message on stderr and exit 64, before anything binds.
#[must_use]
pub fn parse<C: Parser>() -> C {
    C::try_parse().unwrap_or_else(|error| {
        let asked = matches!(
            error.kind(),
            ErrorKind::DisplayHelp | ErrorKind::DisplayVersion
        );
        // Nothing can be done when the terminal itself is gone.
        let _ = error.print();
        process::exit(if asked { 0 } else { i32::from(EXIT_USAGE) })
    })
}

/// A password or key: `Debug` does not show it.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(String);

impl Secret {
    #[must_use]
    pub fn new(value: impl Into<String>) -> Self {
        Self(value.into())
    }

    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl FromStr for Secret {
    type Err = Infallible;

    fn from_str(value: &str) -> Result<Self, Infallible> {
        Ok(Self(value.into()))
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[redacted]")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_does_not_show_in_debug_output() {
        let secret = Secret::new("hunter2");
        assert_eq!(format!("{secret:?}"), "[redacted]");
        assert_eq!(secret.expose(), "hunter2");
    }
}
