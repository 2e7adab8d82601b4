use http::Method;
use schemars::Schema;
use serde_json::{Map, Value, json};

use super::{problems, schema::Messages};
use crate::rest::route::{Access, Operation, Route};

/// The Operation Object of `route`.
pub(super) fn describe(route: &Route, messages: &mut Messages) -> Value {
    let operation = &route.operation;
    let (tag, id) = operation
        .name
        .split_once('.')
        .unwrap_or(("", operation.name));
    let input = (operation.input.fields)(messages);
    let mut parameters = of_path(&(operation.path)(messages));
    let takes_body = operation.takes_body();
    if !takes_body {
        parameters.extend(of_query(&input));
    }
    // The header is not among what makes a request wrong: any client may leave it out.
    let names_something = !parameters.is_empty();
    if operation.takes_key {
        parameters.push(key());
    }
    let output = match operation.output.name {
        "Empty" => json!({ "type": "object", "description": "Nothing: `{}`." }),
        _ => (operation.output.message)(messages).to_value(),
    };
    let mut responses = problems::of(route, names_something, &input);
    let json = "application/json";
    let ok = json!({ "description": "Done.", "content": { json: { "schema": output } } });
    responses.insert("200".to_owned(), ok);
    let mut described = json!({
        "operationId": id,
        "tags": [tag],
        "summary": operation.summary,
        "description": operation.description,
        "responses": responses,
        "security": match operation.access {
            Access::Open => json!([]),
            Access::SignedIn => json!([{ "bearer": [] }, { "accessToken": [] }]),
        },
    });
    if !parameters.is_empty() {
        described["parameters"] = parameters.into();
    }
    if takes_body {
        let schema = (operation.input.message)(messages);
        described["requestBody"] = json!({
            "required": !names(&input, "required").is_empty(),
            "content": { json: { "schema": schema } },
        });
    }
    described
}

impl Operation {
    /// Whether the fields come in a body, and not in the query.
    pub(super) fn takes_body(&self) -> bool {
        matches!(self.method, Method::POST | Method::PUT | Method::PATCH)
    }
}

fn key() -> Value {
    json!({
        "name": "Idempotency-Key",
        "in": "header",
        "description": "A key of the client's, best a new UUID for each thing to make: however often the \
                        request is sent with it, it is applied once. A key holds for at least 24 hours; with \
                        another request it is refused.",
        "schema": { "type": "string", "minLength": 1, "maxLength": 255 },
        "example": "8e03978e-40d5-43e8-bc93-6894a57f9324",
    })
}

fn of_path(fields: &Schema) -> Vec<Value> {
    let ids = properties(fields).map(|(name, schema)| {
        json!({
            "name": name,
            "in": "path",
            "required": true,
            "description": schema["description"],
            "schema": { "type": "string", "format": "uuid" },
        })
    });
    ids.collect()
}

fn of_query(fields: &Schema) -> Vec<Value> {
    let parameters = properties(fields).map(|(name, schema)| {
        let mut schema = schema.clone();
        let about = schema
            .as_object_mut()
            .and_then(|fields| fields.remove("description"));
        let about = about.as_ref().and_then(Value::as_str).unwrap_or_default();
        let about = match schema["type"].as_str() {
            Some("array") => format!(
                "{about} Repeat the key for each value, `{name}=a&{name}=b`; \
                 `{name}[]=a&{name}[]=b` is the same."
            ),
            _ => about.to_owned(),
        };
        json!({ "name": name, "in": "query", "description": about, "schema": schema })
    });
    parameters.collect()
}

pub(super) fn properties(fields: &Schema) -> impl Iterator<Item = (&String, &Value)> {
    let properties: Option<&Map<_, _>> = fields.get("properties").and_then(Value::as_object);
    properties.into_iter().flatten()
}

fn names<'a>(fields: &'a Schema, list: &str) -> &'a [Value] {
    let names = fields.get(list).and_then(Value::as_array);
    names.map_or(&[], Vec::as_slice)
}
