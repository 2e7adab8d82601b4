use std::{any::Any, future::Future};

use axum::{
    Json,
    extract::{Request, State},
    response::{IntoResponse, Response},
    routing::{MethodFilter, MethodRouter, on},
};
use http::{HeaderMap, HeaderValue, Method, header::AUTHORIZATION};
use schemars::{JsonSchema, Schema};
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use setwise_service::Locale;
use tracing::{Instrument as _, info_span};

use super::{Failure, call::Call, input, openapi::Messages};
use crate::{Caller, Graph, reload::LiveGraph};

/// One operation of the contract.
pub(super) struct Route {
    pub(super) path: &'static str,
    pub(super) handler: MethodRouter<LiveGraph>,
    pub(super) operation: Operation,
}

/// What the contract says of an operation, by the Rust types that stand for its messages, and what
/// people are told of it.
pub(super) struct Operation {
    pub(super) method: Method,
    pub(super) name: &'static str,
    pub(super) access: Access,
    pub(super) summary: &'static str,
    pub(super) description: &'static str,
    /// When it answers that something is there already.
    pub(super) conflict: Option<&'static str>,
    /// Whether it makes something, once for each `Idempotency-Key`.
    pub(super) takes_key: bool,
    /// The parameters of the path.
    pub(super) path: fn(&mut Messages) -> Schema,
    pub(super) input: Input,
    pub(super) output: Output,
}

/// What an operation takes: a body, or the fields of the query.
pub(super) struct Input {
    pub(super) message: fn(&mut Messages) -> Schema,
    pub(super) fields: fn(&mut Messages) -> Schema,
}

/// What an operation answers.
pub(super) struct Output {
    pub(super) name: &'static str,
    pub(super) message: fn(&mut Messages) -> Schema,
}

/// Whether an operation needs an access token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Access {
    Open,
    SignedIn,
}

/// `{}`.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema, Serialize)]
pub(super) struct Empty {}

impl Route {
    /// An operation that needs an access token. `handler` gets the call, the parameters of the
    /// path, and the fields of the body (of the query where the method takes no body).
    pub(super) fn signed_in<P, I, O, F, Fut>(
        method: Method,
        path: &'static str,
        name: &'static str,
        handler: F,
    ) -> Self
    where
        P: DeserializeOwned + JsonSchema + Send + 'static,
        I: DeserializeOwned + JsonSchema + Send + 'static,
        O: JsonSchema + Serialize + 'static,
        F: Fn(Call, P, I) -> Fut + Clone + Send + Sync + 'static,
        Fut: Future<Output = Result<O, Failure>> + Send,
    {
        Self::new(Access::SignedIn, method, path, name, handler)
    }

    /// An operation that anyone may call; a token that comes with it is not looked at.
    pub(super) fn open<P, I, O, F, Fut>(
        method: Method,
        path: &'static str,
        name: &'static str,
        handler: F,
    ) -> Self
    where
        P: DeserializeOwned + JsonSchema + Send + 'static,
        I: DeserializeOwned + JsonSchema + Send + 'static,
        O: JsonSchema + Serialize + 'static,
        F: Fn(Call, P, I) -> Fut + Clone + Send + Sync + 'static,
        Fut: Future<Output = Result<O, Failure>> + Send,
    {
        Self::new(Access::Open, method, path, name, handler)
    }

    fn new<P, I, O, F, Fut>(
        access: Access,
        method: Method,
        path: &'static str,
        name: &'static str,
        handler: F,
    ) -> Self
    where
        P: DeserializeOwned + JsonSchema + Send + 'static,
        I: DeserializeOwned + JsonSchema + Send + 'static,
        O: JsonSchema + Serialize + 'static,
        F: Fn(Call, P, I) -> Fut + Clone + Send + Sync + 'static,
        Fut: Future<Output = Result<O, Failure>> + Send,
    {
        let operation = Operation {
            method: method.clone(),
            name,
            access,
            summary: "",
            description: "",
            conflict: None,
            takes_key: false,
            path: Messages::fields::<P>,
            input: Input {
                message: Messages::read::<I>,
                fields: Messages::fields::<I>,
            },
            output: Output {
                name: type_name::<O>(),
                message: Messages::written::<O>,
            },
        };
        let filter = MethodFilter::try_from(method).expect("a method that axum routes by");
        let serve = move |State(graph): State<Graph>, request: Request| async move {
            let locale = Locale::from_headers(request.headers());
            answer(graph, access, request, handler)
                .instrument(info_span!("rest", otel.name = name))
                .await
                .map_or_else(
                    |failure| failure.answer(locale),
                    |output| Json(output).into_response(),
                )
        };
        Self {
            path,
            handler: on(filter, serve),
            operation,
        }
    }

    /// What people read of the operation.
    pub(super) fn about(mut self, summary: &'static str, description: &'static str) -> Self {
        self.operation.summary = summary;
        self.operation.description = description;
        self
    }

    /// Says when the operation answers that something is there already.
    pub(super) fn may_conflict(mut self, when: &'static str) -> Self {
        self.operation.conflict = Some(when);
        self
    }

    /// Says that the operation runs a mutation of [`Mutation::making`](super::call::Mutation::making).
    pub(super) fn once_by_key(mut self) -> Self {
        self.operation.takes_key = true;
        self
    }
}

async fn answer<P, I, O, Fut>(
    graph: Graph,
    access: Access,
    request: Request,
    handler: impl Fn(Call, P, I) -> Fut,
) -> Result<O, Failure>
where
    P: DeserializeOwned,
    I: DeserializeOwned,
    Fut: Future<Output = Result<O, Failure>>,
{
    let (mut parts, body) = request.into_parts();
    let mut headers = std::mem::take(&mut parts.headers);
    let mut caller = Caller::of(&parts.extensions);
    match access {
        Access::SignedIn => one_token(&mut headers)?,
        Access::Open => {
            drop_tokens(&mut headers);
            caller = caller.without_token();
        }
    }
    let path = input::path(&mut parts).await?;
    let fields = match parts.method {
        Method::POST | Method::PUT | Method::PATCH => input::body(body).await?,
        _ => input::query(parts.uri.query().unwrap_or_default())?,
    };
    handler(Call::new(graph, headers, caller), path, fields).await
}

/// Leaves one header with the token: a proxy's `Authorization: Basic` may stand beside
/// `X-Access-Token`, and subgraphs look at the first only.
fn one_token(headers: &mut HeaderMap) -> Result<(), Failure> {
    let token = setwise_auth::bearer(headers).ok_or(Failure::MissingToken)?;
    let mut bearer =
        HeaderValue::try_from(format!("Bearer {token}")).map_err(|_| Failure::MissingToken)?;
    bearer.set_sensitive(true);
    drop_tokens(headers);
    headers.insert(AUTHORIZATION, bearer);
    Ok(())
}

fn drop_tokens(headers: &mut HeaderMap) {
    headers.remove(AUTHORIZATION);
    headers.remove("x-access-token");
}

/// The name of `T` without its module.
pub(super) fn type_name<T>() -> &'static str {
    let name = std::any::type_name::<T>();
    name.rsplit("::").next().unwrap_or(name)
}

pub(super) async fn unknown_path(headers: HeaderMap) -> Response {
    Failure::UnknownPath.answer(Locale::from_headers(&headers))
}

pub(super) async fn unknown_method(headers: HeaderMap) -> Response {
    Failure::UnknownMethod.answer(Locale::from_headers(&headers))
}

/// The answer of an operation that panicked.
#[expect(
    clippy::needless_pass_by_value,
    reason = "the signature that the layer asks for"
)]
pub(super) fn panicked(panic: Box<dyn Any + Send>) -> Response {
    let text = panic.downcast_ref::<String>().map(String::as_str);
    let text = text.or_else(|| panic.downcast_ref::<&str>().copied());
    tracing::error!(
        panic = text.unwrap_or("unknown"),
        "an operation of /v1 panicked"
    );
    Failure::Internal.answer(Locale::En)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn leaves_one_header_with_the_token() {
        for (authorization, access_token, expected) in [
            (Some("Bearer a"), None, Some("Bearer a")),
            (None, Some("b"), Some("Bearer b")),
            (Some("bearer a"), Some("b"), Some("Bearer a")),
            (Some("Basic c2VjcmV0"), Some("b"), Some("Bearer b")),
            (Some("Basic c2VjcmV0"), None, None),
            (None, None, None),
        ] {
            let mut headers = HeaderMap::new();
            if let Some(value) = authorization {
                headers.insert(AUTHORIZATION, value.parse().unwrap());
            }
            if let Some(value) = access_token {
                headers.insert("x-access-token", value.parse().unwrap());
            }
            let Some(expected) = expected else {
                assert!(one_token(&mut headers).is_err());
                continue;
            };
            one_token(&mut headers).unwrap();
            assert_eq!(headers.len(), 1);
            assert_eq!(headers[AUTHORIZATION], expected);
        }
    }

    #[test]
    fn a_panic_is_an_internal_error() {
        let response = panicked(Box::new("oh"));
        assert_eq!(response.status(), http::StatusCode::INTERNAL_SERVER_ERROR);
        assert_eq!(response.headers()["content-type"], "application/json");
    }
}
