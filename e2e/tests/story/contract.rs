//! The REST contract, and whether an answer keeps it.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::LazyLock,
};

use serde_json::Value;

static CONTRACT: LazyLock<Value> = LazyLock::new(|| {
    serde_json::from_str(include_str!("../../../router/tests/contract.json")).unwrap()
});

/// An operation of the contract.
pub struct Operation {
    pub method: &'static str,
    pub path: &'static str,
    pub needs_token: bool,
    pub has_body: bool,
    /// Whether anything of what it takes can be wrong: a field of the body, a number of the query.
    pub has_fields: bool,
    pub ok: &'static str,
}

/// The operations by name.
pub fn operations() -> BTreeMap<&'static str, Operation> {
    let operations = CONTRACT["operations"].as_array().unwrap();
    operations
        .iter()
        .map(|operation| {
            let field = |name: &str| operation[name].as_str().unwrap();
            let parsed = Operation {
                method: field("method"),
                path: field("path"),
                needs_token: operation["auth"].as_bool().unwrap(),
                has_body: operation["body"].is_string(),
                has_fields: has_fields(operation),
                ok: field("ok"),
            };
            (field("name"), parsed)
        })
        .collect()
}

fn has_fields(operation: &Value) -> bool {
    let body = operation["body"].as_str();
    let fields = body.and_then(|body| CONTRACT["types"][body]["fields"].as_object());
    let query = operation["query"].as_object();
    let numbers = query.into_iter().flatten().any(|(_, kind)| kind == "int32");
    numbers || fields.is_some_and(|fields| !fields.is_empty())
}

/// Whether `answer` is a message `name` of the contract: each field, no more, each of its type.
pub fn check(name: &str, answer: &Value) {
    if name == "{}" {
        assert_eq!(*answer, serde_json::json!({}));
    } else {
        check_type(name, answer, name);
    }
}

fn check_type(name: &str, value: &Value, at: &str) {
    let text = value.as_str();
    let fits = match name {
        "string" => text.is_some(),
        "boolean" => value.is_boolean(),
        "int32" => value.is_i64(),
        "float" => value.is_number(),
        "timestamp" => value.is_null() || text.is_some_and(is_timestamp),
        "duration" => value.is_null() || text.is_some_and(|text| text.ends_with('s')),
        name => {
            let kind = &CONTRACT["types"][name];
            if let Some(values) = kind["enum"].as_array() {
                values.contains(value)
            } else {
                check_fields(&kind["fields"], value, at);
                true
            }
        }
    };
    assert!(fits, "{at} is not of type {name}: {value}");
}

fn check_fields(fields: &Value, value: &Value, at: &str) {
    let names = |value: &Value| -> BTreeSet<String> {
        let object = value.as_object();
        let object = object.unwrap_or_else(|| panic!("{at} is not a message: {value}"));
        object.keys().cloned().collect()
    };
    assert_eq!(names(value), names(fields), "the fields of {at}");
    for (name, field) in fields.as_object().unwrap() {
        let (value, at) = (&value[name], format!("{at}.{name}"));
        match &field["type"] {
            Value::Array(element) => {
                let element = element[0].as_str().unwrap();
                let list = value.as_array();
                let list = list.unwrap_or_else(|| panic!("{at} is not a list: {value}"));
                for value in list {
                    check_type(element, value, &at);
                }
            }
            kind => check_type(kind.as_str().unwrap(), value, &at),
        }
    }
}

fn is_timestamp(text: &str) -> bool {
    text.ends_with('Z') && chrono::DateTime::parse_from_rfc3339(text).is_ok()
}
