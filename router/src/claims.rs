use std::{
    collections::BTreeSet,
    time::{Duration, SystemTime, UNIX_EPOCH},
};

use serde_json::{Map, Value};

/// The claims of the caller's token, once it is verified. A request without them is anonymous.
///
/// Whoever verifies tokens puts an `Arc<Claims>` into the HTTP request's extensions, or into
/// [`GraphRequest::claims`](crate::GraphRequest::claims).
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Claims(pub Map<String, Value>);

impl Claims {
    /// The scopes that the `scope` claim grants: a list of names, or names separated by spaces.
    #[must_use]
    pub fn scopes(&self) -> BTreeSet<&str> {
        match self.0.get("scope") {
            Some(Value::String(scopes)) => scopes.split_ascii_whitespace().collect(),
            Some(Value::Array(scopes)) => scopes.iter().filter_map(Value::as_str).collect(),
            _ => BTreeSet::new(),
        }
    }

    /// How long the token goes on to be valid; `None` when it does not end.
    pub(crate) fn remaining(&self) -> Option<Duration> {
        let expiry = self.0.get("exp")?.as_f64()?;
        let now = SystemTime::now().duration_since(UNIX_EPOCH);
        let expiry = Duration::try_from_secs_f64(expiry).unwrap_or_default();
        Some(expiry.saturating_sub(now.unwrap_or_default()))
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn scopes(claims: &Value) -> Vec<String> {
        let claims = Claims(claims.as_object().unwrap().clone());
        claims.scopes().into_iter().map(str::to_owned).collect()
    }

    #[test]
    fn tells_how_long_a_token_is_valid() {
        let remaining = |claims: Value| Claims(claims.as_object().unwrap().clone()).remaining();
        assert_eq!(remaining(json!({})), None);
        assert_eq!(remaining(json!({ "exp": 1 })), Some(Duration::ZERO));
        assert_eq!(remaining(json!({ "exp": 1e300 })), Some(Duration::ZERO));
        let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap();
        let in_a_minute = remaining(json!({ "exp": now.as_secs() + 60 })).unwrap();
        assert!(in_a_minute > Duration::from_secs(55) && in_a_minute <= Duration::from_mins(1));
    }

    #[test]
    fn reads_scopes_of_both_forms() {
        assert_eq!(scopes(&json!({ "scope": "b  a" })), ["a", "b"]);
        assert_eq!(scopes(&json!({ "scope": ["a", 1, "b c"] })), ["a", "b c"]);
        assert_eq!(scopes(&json!({ "scope": 1 })), [""; 0]);
        assert_eq!(scopes(&json!({ "sub": "u" })), [""; 0]);
    }
}
