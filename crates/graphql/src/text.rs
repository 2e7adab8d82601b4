//! Text that no subgraph takes.

use async_graphql::{ErrorExtensionValues, Request, Response, ServerError, Value};
use setwise_service::Locale;

/// A refusal of a request with a NUL character in one of its texts: PostgreSQL keeps none, and nobody means one.
pub(crate) fn refusal(request: &Request, locale: Locale) -> Option<Response> {
    let has_nul = literal_has_nul(&request.query)
        || request
            .variables
            .iter()
            .any(|(_, value)| value_has_nul(value));
    has_nul.then(|| {
        let message = match locale {
            Locale::En => "text must not contain the character U+0000: remove it",
            Locale::Ru => "текст не должен содержать символ U+0000: удалите его",
        };
        let mut extensions = ErrorExtensionValues::default();
        extensions.set("code", "BAD_USER_INPUT");
        let mut error = ServerError::new(message, None);
        error.extensions = Some(extensions);
        Response::from_errors(vec![error])
    })
}

fn value_has_nul(value: &Value) -> bool {
    match value {
        Value::String(text) => text.contains('\0'),
        Value::List(values) => values.iter().any(value_has_nul),
        Value::Object(fields) => fields.values().any(value_has_nul),
        Value::Null | Value::Number(_) | Value::Boolean(_) | Value::Enum(_) | Value::Binary(_) => {
            false
        }
    }
}

/// Whether a string of a document names the character, as `\u0000` with its backslash not escaped, or holds it.
fn literal_has_nul(document: &str) -> bool {
    let mut escapes = document.match_indices("\\u0000");
    let is_escape = |place: usize| {
        let before = document.as_bytes()[..place].iter().rev();
        before.take_while(|byte| **byte == b'\\').count() % 2 == 0
    };
    document.contains('\0') || escapes.any(|(place, _)| is_escape(place))
}

#[cfg(test)]
mod tests {
    use async_graphql::{EmptyMutation, EmptySubscription, Object, Schema, Variables};
    use axum::body::{Body, to_bytes};
    use serde_json::{Value, json};
    use setwise_auth::TokenVerifier;
    use tower::ServiceExt as _;

    use super::*;

    struct Echo;

    #[Object]
    impl Echo {
        async fn echo(&self, text: String) -> String {
            text
        }
    }

    /// What the endpoint of a subgraph answers.
    async fn answer(text: &str) -> Value {
        let verifier = TokenVerifier::from_url("http://127.0.0.1:9/jwks").unwrap();
        let schema = Schema::new(Echo, EmptyMutation, EmptySubscription);
        let query = "query($text: String!) { echo(text: $text) }";
        let body = json!({ "query": query, "variables": { "text": text } });
        let request = http::Request::post("/graphql")
            .header("content-type", "application/json")
            .body(Body::from(body.to_string()))
            .unwrap();
        let Ok(response) = crate::endpoint(schema, verifier).oneshot(request).await;
        let body = to_bytes(response.into_body(), 10_000).await.unwrap();
        serde_json::from_slice(&body).unwrap()
    }

    #[tokio::test]
    async fn no_resolver_hears_of_it() {
        assert_eq!(answer("a").await["data"]["echo"], "a");
        let refused = answer("a\0").await;
        assert_eq!(refused["data"], Value::Null);
        assert_eq!(refused["errors"][0]["extensions"]["code"], "BAD_USER_INPUT");
    }

    fn is_refused(query: &str, variables: Value) -> bool {
        let request = Request::new(query).variables(Variables::from_json(variables));
        refusal(&request, Locale::En).is_some()
    }

    #[test]
    fn no_nul_gets_past_wherever_it_is() {
        for nested in [
            json!({ "a": "\0" }),
            json!({ "a": ["x", "y\0"] }),
            json!({ "a": { "b": [{ "c": "\0z" }] } }),
        ] {
            assert!(is_refused("{ a }", nested.clone()), "{nested}");
        }
        for literal in [
            r#"{ a(b: "\u0000") }"#,
            r#"{ a(b: "\\\u0000") }"#,
            "{ a(b: \"\0\") }",
        ] {
            assert!(is_refused(literal, json!({})), "{literal}");
        }
    }

    #[test]
    fn everything_else_does() {
        let variables = json!({ "a": "0 \\u0000 ноль", "b": [1, null, true, { "c": "" }] });
        assert!(!is_refused("{ a }", variables));
        assert!(!is_refused(r#"{ a(b: "\\u0000 \u0001") }"#, json!({})));
    }

    #[test]
    fn the_refusal_is_for_the_person() {
        let request = Request::new("\0");
        let response = refusal(&request, Locale::Ru).unwrap();
        let error = &response.errors[0];
        let code = error
            .extensions
            .as_ref()
            .and_then(|values| values.get("code"));
        assert_eq!(code, Some(&"BAD_USER_INPUT".into()));
        assert!(error.message.contains("удалите"));
    }
}
