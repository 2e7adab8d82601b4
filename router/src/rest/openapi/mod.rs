//! `/v1/openapi.json`: the description of `/v1` by OpenAPI 3.1, made of the routes and of the types
//! that they read and write, so that it cannot say anything else than the code does.

mod operation;
mod problems;
mod schema;
mod served;

use serde_json::{Map, Value, json};

pub(super) use self::{
    schema::{Messages, inline_schema},
    served::{ALIAS, MAIN, Served},
};
use super::{failure::Status, route::Route};

const ABOUT: &str = "\
Training over REST: a client of the same graph as `/graphql`.

Ids are UUIDs. Timestamps are RFC 3339 in UTC; durations are seconds with the suffix `s`, such as \
`90s` or `1.500s`.

**Requests** are JSON. Fields are read in `lowerCamelCase` and in `snake_case`; unknown ones are \
ignored, and null is the same as leaving a field out. Numbers may come as strings, and enums as \
their numbers. A body has at most 1,000,000 bytes and may be compressed with gzip.

**Answers** hold every field. What is not set is empty, 0, false or `…_UNSPECIFIED`; messages, \
timestamps and durations that are not set are null.

**Errors** are a `Status` with a gRPC code. What belongs to another person is not found. Messages \
are in English or Russian, by `Accept-Language`.

`/api/v1` is the same as `/v1`.";

/// The areas, by the first word of their operations' names.
const TAGS: [(&str, &str); 6] = [
    ("auth", "Signing in and out, and renewing tokens."),
    ("user", "The own account, and the settings of generation."),
    (
        "exercise",
        "Muscle groups, the catalogue, and personal exercises.",
    ),
    ("routine", "Plans: exercises in order, each with its sets."),
    (
        "workout",
        "Training: exercises and sets as they are done, and the report.",
    ),
    ("file", "Uploads, such as a profile's picture."),
];

/// The document, for clients that find `/v1`, and the same once more, below these addresses, relative
/// to where they got it.
pub(super) fn document(routes: &[Route], [main, alias]: [&str; 2]) -> Value {
    let mut messages = Messages::new();
    let mut paths: Map<String, Value> = Map::new();
    for route in routes {
        let method = route.operation.method.as_str().to_ascii_lowercase();
        let path = paths.entry(format!("/v1{}", route.path));
        let described = operation::describe(route, &mut messages);
        path.or_insert_with(|| json!({}))[method] = described;
    }
    let responses = problems::responses(&messages.written::<Status>());
    let tags = TAGS.map(|(name, about)| json!({ "name": name, "description": about }));
    json!({
        "openapi": "3.1.0",
        "info": {
            "title": "Setwise REST API",
            "version": "1",
            "summary": "Exercises, routines, workouts and their history.",
            "description": ABOUT,
            "license": { "name": "Apache-2.0", "identifier": "Apache-2.0" },
        },
        "servers": [
            { "url": main, "description": "/v1" },
            { "url": alias, "description": "/api/v1, which is the same" },
        ],
        "tags": tags,
        "paths": paths,
        "components": {
            "schemas": messages.by_name(),
            "responses": responses,
            "securitySchemes": {
                "bearer": {
                    "type": "http",
                    "scheme": "bearer",
                    "bearerFormat": "JWT",
                    "description": "The access token of `/v1/auth/login`.",
                },
                "accessToken": {
                    "type": "apiKey",
                    "in": "header",
                    "name": "X-Access-Token",
                    "description": "The same access token, without `Bearer`.",
                },
            },
        },
    })
}
