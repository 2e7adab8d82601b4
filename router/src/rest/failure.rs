mod code;
#[cfg(test)]
mod tests;

use axum::{
    Json,
    response::{IntoResponse, Response},
};
use http::{
    HeaderValue, StatusCode,
    header::{RETRY_AFTER, WWW_AUTHENTICATE},
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use setwise_service::Locale;

use crate::GraphError;

pub(super) use self::code::Code;

/// When to ask again for what is unavailable, where nobody knows better: as long as a failing
/// subgraph is left alone.
const RETRY_UNAVAILABLE_SECONDS: u64 = 3;

/// Every way in which a call fails.
#[derive(Debug)]
pub(super) enum Failure {
    MissingToken,
    UnknownPath,
    UnknownMethod,
    /// The request cannot be read at all: what is wrong with it.
    Malformed(String),
    /// The body has more than so many bytes.
    TooLarge(usize),
    /// The body is compressed in a way that is not read here.
    UnknownEncoding,
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

/// The body of every answer that is an error.
#[derive(Debug, Default, JsonSchema, Serialize)]
pub(super) struct Status {
    /// A gRPC status code.
    code: i32,
    /// What is wrong, in the language of `Accept-Language`, after the name of the field at fault.
    message: String,
    /// Always empty.
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
        let mut response = (self.http(), Json(status)).into_response();
        let headers = response.headers_mut();
        if let Some(seconds) = self.retry_after_seconds() {
            headers.insert(RETRY_AFTER, HeaderValue::from(seconds));
        }
        if code == Code::Unauthenticated {
            headers.insert(WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
        }
        response
    }

    /// The status of the code, but where HTTP has one that says more.
    fn http(&self) -> StatusCode {
        match self {
            Self::TooLarge(_) => StatusCode::PAYLOAD_TOO_LARGE,
            Self::UnknownEncoding => StatusCode::UNSUPPORTED_MEDIA_TYPE,
            other => other.code().http(),
        }
    }

    fn retry_after_seconds(&self) -> Option<u64> {
        let unavailable = self.code() == Code::Unavailable;
        let known = match self {
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
            | Self::TooLarge(_)
            | Self::UnknownEncoding
            | Self::Field { .. }
            | Self::NotFound
            | Self::Internal => None,
        };
        known.or(unavailable.then_some(RETRY_UNAVAILABLE_SECONDS))
    }

    fn code(&self) -> Code {
        match self {
            Self::MissingToken => Code::Unauthenticated,
            Self::UnknownPath | Self::NotFound => Code::NotFound,
            Self::UnknownMethod => Code::Unimplemented,
            Self::Malformed(_) | Self::TooLarge(_) | Self::UnknownEncoding | Self::Field { .. } => {
                Code::InvalidArgument
            }
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
            Self::TooLarge(bytes) => {
                return match locale {
                    Locale::En => format!("the body is larger than {bytes} bytes"),
                    Locale::Ru => format!("тело запроса больше {bytes} байт"),
                };
            }
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
            Self::UnknownEncoding => (
                "the body must be sent as it is or with the content encoding gzip",
                "тело запроса передаётся без сжатия или с content-encoding gzip",
            ),
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
        "clientMutationId" => "Idempotency-Key",
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
            "SUBGRAPH_UNAVAILABLE" | "SUBREQUEST_HTTP_ERROR" | "AUTHENTICATION_UNAVAILABLE" => {
                Self::Unavailable
            }
            "GATEWAY_TIMEOUT" => Self::TimedOut,
            _ => Self::Internal,
        }
    }
}
