use http::{HeaderName, HeaderValue, Method};
use schemars::JsonSchema;
use serde::Deserialize;
use url::Url;

use super::{
    ConfigError,
    range::{self, MAX_SECONDS},
};

/// What pages of other origins may call.
#[derive(Clone, Debug, Deserialize, JsonSchema, PartialEq)]
#[serde(deny_unknown_fields, default)]
pub struct Cors {
    /// Origins whose pages may call, such as `https://app.example.org`; `*` for any; none by
    /// default.
    pub origins: Vec<String>,

    /// Methods that they may use.
    pub methods: Vec<String>,

    /// Headers that they may send; without a value, any.
    pub allow_headers: Vec<String>,

    /// Headers of an answer that they may read, beside those that browsers always show.
    pub expose_headers: Vec<String>,

    /// Let them send cookies and other credentials of the browser; not with the origin `*`.
    pub credentials: bool,

    /// How long a browser may remember what it was told, in seconds.
    #[schemars(range(max = MAX_SECONDS))]
    pub max_age_seconds: u64,
}

impl Default for Cors {
    fn default() -> Self {
        let methods = ["GET", "POST", "PUT", "PATCH", "DELETE"];
        Self {
            origins: Vec::new(),
            methods: methods.map(str::to_owned).to_vec(),
            allow_headers: Vec::new(),
            expose_headers: Vec::new(),
            credentials: false,
            max_age_seconds: 7_200,
        }
    }
}

impl Cors {
    pub(super) fn check(&self) -> Result<(), ConfigError> {
        range::within(
            "cors.max_age_seconds",
            self.max_age_seconds,
            &(0..=MAX_SECONDS),
        )?;
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
        if self.credentials && self.origins.iter().any(|origin| origin == "*") {
            let why =
                "needs origins by name: browsers send no credentials where any origin may call";
            return Err(ConfigError::value("cors.credentials", why.to_owned()));
        }
        let is_method = |text: &String| text.parse::<Method>().is_ok();
        check_each("cors.methods", &self.methods, is_method)?;
        let is_header = |text: &String| text.parse::<HeaderName>().is_ok();
        check_each("cors.allow_headers", &self.allow_headers, is_header)?;
        check_each("cors.expose_headers", &self.expose_headers, is_header)
    }
}

fn check_each(
    key: &'static str,
    texts: &[String],
    is_good: impl Fn(&String) -> bool,
) -> Result<(), ConfigError> {
    match texts.iter().find(|text| !is_good(text)) {
        Some(bad) => Err(ConfigError::value(
            key,
            format!("{bad:?} is no name of one"),
        )),
        None => Ok(()),
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
