//! CSRF prevention: a browser sends some requests to another site without asking it first. Those
//! must show that a script made them, which makes browsers ask.

use http::{HeaderMap, header};

/// Content types that a browser sends without asking.
const SIMPLE: [&str; 3] = [
    "application/x-www-form-urlencoded",
    "multipart/form-data",
    "text/plain",
];

/// Headers that a browser does not send without asking.
const PROOFS: [&str; 2] = ["apollo-require-preflight", "x-apollo-operation-name"];

/// Whether a browser asks before it sends a request with these headers to another site.
pub(super) fn is_preflighted(headers: &HeaderMap) -> bool {
    let is_asked_by_type =
        headers
            .get_all(header::CONTENT_TYPE)
            .iter()
            .any(|value| match value.to_str() {
                Ok(value) => {
                    let essence = value.split(';').next().unwrap_or_default().trim();
                    essence.contains('/')
                        && !SIMPLE
                            .iter()
                            .any(|simple| essence.eq_ignore_ascii_case(simple))
                }
                Err(_) => false,
            });
    let has_proof = PROOFS
        .iter()
        .any(|name| headers.get(*name).is_some_and(|value| !value.is_empty()));
    is_asked_by_type || has_proof
}

#[cfg(test)]
mod tests {
    use super::*;

    fn is_preflighted_with(name: &'static str, value: &str) -> bool {
        let mut headers = HeaderMap::new();
        headers.insert(name, value.parse().unwrap());
        is_preflighted(&headers)
    }

    #[test]
    fn refuses_what_browsers_send_unasked() {
        assert!(!is_preflighted(&HeaderMap::new()));
        assert!(!is_preflighted_with(
            "content-type",
            "text/plain;charset=utf-8"
        ));
        assert!(!is_preflighted_with("content-type", "Multipart/Form-Data"));
        assert!(!is_preflighted_with("content-type", "json"));
        assert!(!is_preflighted_with("apollo-require-preflight", ""));
    }

    #[test]
    fn takes_what_browsers_ask_for() {
        assert!(is_preflighted_with("content-type", "application/json"));
        assert!(is_preflighted_with("apollo-require-preflight", "1"));
        assert!(is_preflighted_with("x-apollo-operation-name", "Me"));
    }
}
