use axum::{
    Json,
    response::{IntoResponse, Response},
};
use http::{HeaderValue, StatusCode, header::RETRY_AFTER};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use setwise_service::Locale;

use crate::GraphError;

/// Every way in which a call fails.
#[derive(Debug)]
pub(super) enum Failure {
    MissingToken,
    UnknownPath,
    UnknownMethod,
    /// The request cannot be read at all: what is wrong with it.
    Malformed(String),
    /// One field of the request cannot be taken.
    Field {
        name: String,
        problem: Problem,
    },
    /// A query answered null.
    NotFound,
    /// A mutation answered an error in its payload.
    Refused(UserError),
    /// The graph answered an error.
    Graph {
        code: GraphCode,
        message: String,
        retry_after_seconds: Option<u64>,
    },
    /// A fault of ours, already logged.
    Internal,
}

/// What is wrong with a field.
#[derive(Debug)]
pub(super) enum Problem {
    Missing,
    Empty,
    Negative,
    Unreadable(String),
}

/// An error of a mutation's payload.
#[derive(Debug, Deserialize)]
pub(super) struct UserError {
    code: UserErrorCode,
    message: String,
    field: Option<Vec<String>>,
    /// Asked of the mutations that an allowance bounds.
    #[serde(default, rename = "retryAfterSeconds")]
    retry_after_seconds: Option<u64>,
}

#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
enum UserErrorCode {
    Invalid,
    NotFound,
    AlreadyExists,
    FailedPrecondition,
    ResourceExhausted,
    InvalidCredentials,
    InvalidToken,
}

/// The `extensions.code` of a top-level error, as far as REST tells them apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum GraphCode {
    Unauthenticated,
    Forbidden,
    RateLimited,
    BadUserInput,
    NotFound,
    Unavailable,
    TimedOut,
    Internal,
}

/// A gRPC status code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Code {
    InvalidArgument,
    DeadlineExceeded,
    NotFound,
    AlreadyExists,
    PermissionDenied,
    ResourceExhausted,
    Unimplemented,
    Internal,
    Unavailable,
    Unauthenticated,
}

/// The body of every answer that is an error.
#[derive(Debug, Default, Serialize)]
pub(super) struct Status {
    code: i32,
    message: String,
    details: Vec<Value>,
}

impl Failure {
    /// The most telling of the graph's errors; none when there are none.
    pub(super) fn from_graph<'a>(
        operation: &str,
        errors: impl Iterator<Item = &'a GraphError>,
    ) -> Option<Self> {
        let error =
            errors.min_by_key(|error| GraphCode::of(error) != GraphCode::Unauthenticated)?;
        let code = GraphCode::of(error);
        if code == GraphCode::Internal {
            let (code, message) = (error.code(), error.message.as_str());
            tracing::error!(operation, code, message, "the graph failed");
        }
        Some(Self::Graph {
            code,
            message: error.message.clone(),
            retry_after_seconds: error
                .extensions
                .get("retryAfterSeconds")
                .and_then(Value::as_u64),
        })
    }

    pub(super) fn answer(&self, locale: Locale) -> Response {
        let code = self.code();
        let status = Status {
            code: code.number(),
            message: self.message(locale),
            details: Vec::new(),
        };
        let mut response = (code.http(), Json(status)).into_response();
        if let Some(seconds) = self.retry_after_seconds() {
            let headers = response.headers_mut();
            headers.insert(RETRY_AFTER, HeaderValue::from(seconds));
        }
        response
    }

    fn retry_after_seconds(&self) -> Option<u64> {
        match self {
            Self::Graph {
                retry_after_seconds,
                ..
            }
            | Self::Refused(UserError {
                retry_after_seconds,
                ..
            }) => *retry_after_seconds,
            Self::MissingToken
            | Self::UnknownPath
            | Self::UnknownMethod
            | Self::Malformed(_)
            | Self::Field { .. }
            | Self::NotFound
            | Self::Internal => None,
        }
    }

    fn code(&self) -> Code {
        match self {
            Self::MissingToken => Code::Unauthenticated,
            Self::UnknownPath | Self::NotFound => Code::NotFound,
            Self::UnknownMethod => Code::Unimplemented,
            Self::Malformed(_) | Self::Field { .. } => Code::InvalidArgument,
            Self::Internal => Code::Internal,
            Self::Refused(error) => match error.code {
                UserErrorCode::Invalid
                | UserErrorCode::FailedPrecondition
                | UserErrorCode::InvalidCredentials
                | UserErrorCode::InvalidToken => Code::InvalidArgument,
                UserErrorCode::NotFound => Code::NotFound,
                UserErrorCode::AlreadyExists => Code::AlreadyExists,
                UserErrorCode::ResourceExhausted => Code::ResourceExhausted,
            },
            Self::Graph { code, .. } => match code {
                GraphCode::Unauthenticated => Code::Unauthenticated,
                GraphCode::Forbidden => Code::PermissionDenied,
                GraphCode::RateLimited => Code::ResourceExhausted,
                GraphCode::BadUserInput => Code::InvalidArgument,
                GraphCode::NotFound => Code::NotFound,
                GraphCode::Unavailable => Code::Unavailable,
                GraphCode::TimedOut => Code::DeadlineExceeded,
                GraphCode::Internal => Code::Internal,
            },
        }
    }

    fn message(&self, locale: Locale) -> String {
        let (en, ru) = match self {
            Self::Refused(error) => return error.text(),
            Self::Malformed(cause) => return cause.clone(),
            Self::Field { name, problem } => return format!("{name}: {}", problem.text(locale)),
            Self::Graph { code, message, .. } => match code {
                GraphCode::Unavailable => (
                    "the service is unavailable, try again later",
                    "сервис недоступен, попробуйте позже",
                ),
                GraphCode::TimedOut => ("the service took too long", "сервис не ответил вовремя"),
                GraphCode::Internal => ("internal error", "внутренняя ошибка"),
                GraphCode::Unauthenticated
                | GraphCode::Forbidden
                | GraphCode::RateLimited
                | GraphCode::BadUserInput
                | GraphCode::NotFound => return message.clone(),
            },
            Self::MissingToken => ("an access token is required", "нужен токен доступа"),
            Self::UnknownPath => ("there is nothing at this path", "по этому пути ничего нет"),
            Self::UnknownMethod => (
                "this path does not take this method",
                "этот путь не принимает такой метод",
            ),
            Self::NotFound => ("not found", "не найдено"),
            Self::Internal => ("internal error", "внутренняя ошибка"),
        };
        match locale {
            Locale::En => en,
            Locale::Ru => ru,
        }
        .to_owned()
    }
}

impl Problem {
    fn text(&self, locale: Locale) -> &str {
        let (en, ru) = match self {
            Self::Missing => ("is required", "обязательное поле"),
            Self::Empty => ("must not be empty", "не может быть пустым"),
            Self::Negative => ("must not be negative", "не может быть отрицательным"),
            Self::Unreadable(cause) => return cause,
        };
        match locale {
            Locale::En => en,
            Locale::Ru => ru,
        }
    }
}

impl UserError {
    fn text(&self) -> String {
        let field = self.field.iter().flatten().next_back();
        match field {
            Some(field) => format!("{}: {}", rest_name(field), self.message),
            None => self.message.clone(),
        }
    }
}

/// The contract's name for a field of a mutation's input.
fn rest_name(field: &str) -> &str {
    match field {
        "heightCm" => "height",
        "weightKg" => "weight",
        "timeSeconds" => "time",
        "type" => "setType",
        "setLogId" => "setId",
        "prompt" => "userPrompt",
        "generate" => "generateWorkout",
        "primaryMuscleGroupIds" => "targetMuscleGroupIds",
        "priorityMuscleGroupIds" => "priorityMuscleGroupsIds",
        same => same,
    }
}

impl GraphCode {
    fn of(error: &GraphError) -> Self {
        match error.code() {
            "UNAUTHENTICATED" => Self::Unauthenticated,
            "FORBIDDEN" => Self::Forbidden,
            "RATE_LIMITED" => Self::RateLimited,
            "BAD_USER_INPUT" => Self::BadUserInput,
            "NOT_FOUND" => Self::NotFound,
            "SUBGRAPH_UNAVAILABLE" | "SUBREQUEST_HTTP_ERROR" => Self::Unavailable,
            "GATEWAY_TIMEOUT" => Self::TimedOut,
            _ => Self::Internal,
        }
    }
}

impl Code {
    fn number(self) -> i32 {
        match self {
            Self::InvalidArgument => 3,
            Self::DeadlineExceeded => 4,
            Self::NotFound => 5,
            Self::AlreadyExists => 6,
            Self::PermissionDenied => 7,
            Self::ResourceExhausted => 8,
            Self::Unimplemented => 12,
            Self::Internal => 13,
            Self::Unavailable => 14,
            Self::Unauthenticated => 16,
        }
    }

    fn http(self) -> StatusCode {
        match self {
            Self::InvalidArgument => StatusCode::BAD_REQUEST,
            Self::DeadlineExceeded => StatusCode::GATEWAY_TIMEOUT,
            Self::NotFound => StatusCode::NOT_FOUND,
            Self::AlreadyExists => StatusCode::CONFLICT,
            Self::PermissionDenied => StatusCode::FORBIDDEN,
            Self::ResourceExhausted => StatusCode::TOO_MANY_REQUESTS,
            Self::Unimplemented => StatusCode::NOT_IMPLEMENTED,
            Self::Internal => StatusCode::INTERNAL_SERVER_ERROR,
            Self::Unavailable => StatusCode::SERVICE_UNAVAILABLE,
            Self::Unauthenticated => StatusCode::UNAUTHORIZED,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(code: &str) -> Failure {
        let error = serde_json::json!({ "code": code, "message": "no", "field": ["heightCm"] });
        Failure::Refused(serde_json::from_value(error).unwrap())
    }

    #[test]
    fn maps_what_a_mutation_refuses() {
        for (code, expected) in [
            ("INVALID", Code::InvalidArgument),
            ("FAILED_PRECONDITION", Code::InvalidArgument),
            ("INVALID_CREDENTIALS", Code::InvalidArgument),
            ("INVALID_TOKEN", Code::InvalidArgument),
            ("NOT_FOUND", Code::NotFound),
            ("ALREADY_EXISTS", Code::AlreadyExists),
            ("RESOURCE_EXHAUSTED", Code::ResourceExhausted),
        ] {
            assert_eq!(refused(code).code(), expected, "{code}");
        }
        assert_eq!(refused("INVALID").message(Locale::En), "height: no");
    }

    #[test]
    fn maps_what_the_graph_says() {
        for (graph, number, http) in [
            ("UNAUTHENTICATED", 16, 401),
            ("FORBIDDEN", 7, 403),
            ("RATE_LIMITED", 8, 429),
            ("BAD_USER_INPUT", 3, 400),
            ("NOT_FOUND", 5, 404),
            ("SUBGRAPH_UNAVAILABLE", 14, 503),
            ("GATEWAY_TIMEOUT", 4, 504),
            ("INTERNAL_SERVER_ERROR", 13, 500),
            ("GRAPHQL_VALIDATION_FAILED", 13, 500),
        ] {
            let error = GraphError::new(graph, "no");
            let code = Failure::from_graph("Test", [&error].into_iter())
                .unwrap()
                .code();
            assert_eq!(
                (code.number(), code.http().as_u16()),
                (number, http),
                "{graph}"
            );
        }
    }

    #[test]
    fn prefers_the_error_that_asks_to_sign_in() {
        let errors = [
            GraphError::new("INTERNAL_SERVER_ERROR", "secret"),
            GraphError::new("UNAUTHENTICATED", "sign in"),
        ];
        let failure = Failure::from_graph("Test", errors.iter()).unwrap();
        assert_eq!(failure.code(), Code::Unauthenticated);
        let failure = Failure::from_graph("Test", errors[..1].iter()).unwrap();
        assert_eq!(failure.message(Locale::En), "internal error");
        assert!(Failure::from_graph("Test", [].iter()).is_none());
    }

    #[test]
    fn says_when_to_come_back() {
        let mut error = GraphError::new("RATE_LIMITED", "slower");
        error
            .extensions
            .insert("retryAfterSeconds".into(), 7.into());
        let response = Failure::from_graph("Test", [&error].into_iter())
            .unwrap()
            .answer(Locale::Ru);
        assert_eq!(response.status(), StatusCode::TOO_MANY_REQUESTS);
        assert_eq!(response.headers()[RETRY_AFTER], "7");
        let error = serde_json::json!({
            "code": "RESOURCE_EXHAUSTED", "message": "tomorrow", "field": null, "retryAfterSeconds": 60,
        });
        let response = Failure::Refused(serde_json::from_value(error).unwrap()).answer(Locale::En);
        assert_eq!(response.status(), StatusCode::TOO_MANY_REQUESTS);
        assert_eq!(response.headers()[RETRY_AFTER], "60");
        let response = refused("RESOURCE_EXHAUSTED").answer(Locale::En);
        assert_eq!(response.headers().get(RETRY_AFTER), None);
    }
}
