use http::HeaderValue;
use schemars::JsonSchema;
use serde::Deserialize;
use url::Url;

use super::ConfigError;

/// What pages of other origins may call.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema, PartialEq)]
#[serde(deny_unknown_fields, default)]
pub struct Cors {
    /// Origins whose pages may call, such as `https://app.example.org`; `*` for any; none by
    /// default.
    pub origins: Vec<String>,
}

impl Cors {
    pub(super) fn check(&self) -> Result<(), ConfigError> {
        for origin in self.origins.iter().filter(|origin| *origin != "*") {
            if !is_origin(origin) {
                return Err(ConfigError::value(
                    "cors.origins",
                    format!(
                        "{origin:?} is no origin: write it as https://app.example.org, without a path"
                    ),
                ));
            }
        }
        Ok(())
    }
}

/// Whether browsers write an origin so: nothing else would ever be equal to one of theirs.
fn is_origin(text: &str) -> bool {
    HeaderValue::from_str(text).is_ok()
        && Url::parse(text).is_ok_and(|url| url.origin().ascii_serialization() == text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn takes_origins_as_browsers_write_them() {
        for origin in ["https://a.example", "http://127.0.0.1:3000"] {
            assert!(is_origin(origin), "{origin}");
        }
        for other in [
            "a.example",
            "https://a.example/",
            "https://A.example",
            "https://a.example:443",
        ] {
            assert!(!is_origin(other), "{other}");
        }
    }
}
