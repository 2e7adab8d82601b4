use http::StatusCode;
use schemars::Schema;
use serde_json::{Map, Value, json};

use super::operation::properties;
use crate::rest::{
    failure::Code,
    route::{Access, Route},
};

/// A response that operations share, by its name in the document.
struct Problem {
    name: &'static str,
    status: StatusCode,
    code: Code,
    about: &'static str,
    example: &'static str,
}

const fn problem(
    name: &'static str,
    status: StatusCode,
    code: Code,
    about: &'static str,
    example: &'static str,
) -> Problem {
    Problem {
        name,
        status,
        code,
        about,
        example,
    }
}

const ALL: [Problem; 9] = [
    problem(
        "InvalidArgument",
        StatusCode::BAD_REQUEST,
        Code::InvalidArgument,
        "The request cannot be read, a field is at fault, or what it asks for is not possible now.",
        "reps: must be from 1 to 10,000",
    ),
    problem(
        "Unauthenticated",
        StatusCode::UNAUTHORIZED,
        Code::Unauthenticated,
        "The access token is missing, malformed or expired: renew it and ask again.",
        "an access token is required",
    ),
    problem(
        "NotFound",
        StatusCode::NOT_FOUND,
        Code::NotFound,
        "There is no such thing, or it is another person's.",
        "not found",
    ),
    problem(
        "AlreadyExists",
        StatusCode::CONFLICT,
        Code::AlreadyExists,
        "It is there already.",
        "email: has an account already",
    ),
    problem(
        "TooLarge",
        StatusCode::PAYLOAD_TOO_LARGE,
        Code::InvalidArgument,
        "The body is too large.",
        "the body is larger than 1000000 bytes",
    ),
    problem(
        "ResourceExhausted",
        StatusCode::TOO_MANY_REQUESTS,
        Code::ResourceExhausted,
        "Too many requests, or an allowance is used up.",
        "Too many requests. Try again in 7 s.",
    ),
    problem(
        "Internal",
        StatusCode::INTERNAL_SERVER_ERROR,
        Code::Internal,
        "A fault of the server.",
        "internal error",
    ),
    problem(
        "Unavailable",
        StatusCode::SERVICE_UNAVAILABLE,
        Code::Unavailable,
        "A service that this needs does not answer.",
        "the service is unavailable, try again later",
    ),
    problem(
        "DeadlineExceeded",
        StatusCode::GATEWAY_TIMEOUT,
        Code::DeadlineExceeded,
        "A service that this needs took too long.",
        "the service took too long",
    ),
];

/// The responses that the operations refer to.
pub(super) fn responses(status: &Schema) -> Map<String, Value> {
    let all = ALL.iter().map(|problem| {
        let example = json!({
            "code": problem.code.number(), "message": problem.example, "details": [],
        });
        let mut response = json!({
            "description": problem.about,
            "content": { "application/json": { "schema": status, "example": example } },
        });
        if matches!(problem.code, Code::ResourceExhausted | Code::Unavailable) {
            response["headers"] = json!({
                "Retry-After": {
                    "description": "After how many seconds to ask again, where that is known.",
                    "schema": { "type": "integer" },
                },
            });
        }
        (problem.name.to_owned(), response)
    });
    all.collect()
}

/// The ways in which the operation of `route` fails, by status.
pub(super) fn of(route: &Route, has_parameters: bool, input: &Schema) -> Map<String, Value> {
    let operation = &route.operation;
    let has_path = route.path.contains('{');
    let has_input = has_parameters || properties(input).next().is_some();
    let names_things = properties(input).any(|(name, _)| name.ends_with("Id"));
    let told = ALL.iter().filter(|problem| match problem.name {
        "InvalidArgument" => has_input,
        "Unauthenticated" => operation.access == Access::SignedIn,
        "NotFound" => has_path || names_things,
        "AlreadyExists" => operation.conflict.is_some(),
        "TooLarge" => operation.takes_body(),
        _ => true,
    });
    let responses = told.map(|problem| {
        let mut response = json!({ "$ref": format!("#/components/responses/{}", problem.name) });
        if let ("AlreadyExists", Some(conflict)) = (problem.name, operation.conflict) {
            response["description"] = conflict.into();
        }
        (problem.status.as_str().to_owned(), response)
    });
    responses.collect()
}
