use std::collections::BTreeSet;

use axum::body::{Body, to_bytes};
use http::{Request, StatusCode, header};
use serde_json::{Value, json};
use tower::ServiceExt as _;

use super::{CONTRACT, ContractOperation, ContractType, Field, Kind, graph};
use crate::{
    reload::LiveGraph,
    rest::{openapi::document, router, routes},
};

/// The contract asks for no pair of tokens, only for what is in it; nothing comes of it without.
const REQUIRED_BY_NATURE: (&str, &str) = ("RefreshRequest", "tokens");

fn described() -> Value {
    document(&routes(), ["..", "../api"])
}

fn reference(name: &str) -> Value {
    json!(format!("#/components/schemas/{name}"))
}

fn strings(list: &Value) -> BTreeSet<&str> {
    list.as_array()
        .into_iter()
        .flatten()
        .filter_map(Value::as_str)
        .collect()
}

fn keys(object: &Value) -> BTreeSet<&str> {
    object
        .as_object()
        .into_iter()
        .flatten()
        .map(|(key, _)| key.as_str())
        .collect()
}

/// Whether `schema` is what the contract calls `kind`.
fn check(kind: &Kind, schema: &Value, at: &str) {
    let name = match kind {
        Kind::One(name) => name.as_str(),
        Kind::Many([name]) => {
            assert_eq!(schema["type"], "array", "{at}");
            if name != "Any" {
                check(&Kind::One(name.clone()), &schema["items"], at);
            }
            return;
        }
    };
    let is = |name: &str| match &schema["type"] {
        Value::Array(types) => *types == [json!(name), json!("null")],
        one => one == name,
    };
    let fits = match name {
        "string" | "boolean" => is(name),
        "int32" => is("integer") && schema["format"] == "int32",
        "float" => is("number") && schema["format"] == "float",
        "timestamp" => is("string") && schema["format"] == "date-time",
        "duration" => {
            is("string")
                && schema["pattern"]
                    .as_str()
                    .is_some_and(|it| it.ends_with("s$"))
        }
        name => schema["$ref"] == reference(name),
    };
    assert!(fits, "{at}: {schema} where the contract says {name}");
}

fn check_operation(operation: &ContractOperation, described: &Value) {
    let name = operation.name.as_str();
    let id = name.split_once('.').unwrap().1;
    assert_eq!(described["operationId"], id);
    let open = described["security"] == json!([]);
    assert_eq!(open, !operation.auth, "{name}");
    let of_path = operation
        .path
        .split('/')
        .filter_map(|part| part.strip_prefix('{'));
    let of_path = of_path.map(|part| ("path", part.trim_end_matches('}')));
    let of_query = operation.query.keys().map(|name| ("query", name.as_str()));
    let theirs: BTreeSet<_> = of_path.chain(of_query).collect();
    let mut ours = BTreeSet::new();
    let parameters = described["parameters"].as_array().into_iter().flatten();
    // the contract knows no headers
    for parameter in parameters.filter(|parameter| parameter["in"] != "header") {
        let field = |name: &str| parameter[name].as_str().unwrap();
        ours.insert((field("in"), field("name")));
        assert!(!field("description").is_empty(), "{name} {parameter}");
        if let Some(kind) = operation.query.get(field("name")) {
            let kind = match kind.strip_suffix("[]") {
                Some(element) => Kind::Many([element.to_owned()]),
                None => Kind::One(kind.clone()),
            };
            check(&kind, &parameter["schema"], name);
        }
    }
    assert_eq!(ours, theirs, "{name}");
    let json = "application/json";
    let body = &described["requestBody"]["content"][json]["schema"]["$ref"];
    let expected = operation.body.as_deref().map_or(Value::Null, reference);
    assert_eq!(*body, expected, "{name}");
    let ok = &described["responses"]["200"]["content"][json]["schema"];
    match operation.ok.as_str() {
        "{}" => assert_eq!(ok["type"], "object", "{name}"),
        message => assert_eq!(ok["$ref"], reference(message), "{name}"),
    }
    let statuses = keys(&described["responses"]);
    assert_eq!(statuses.contains("401"), operation.auth, "{name}");
    assert!(
        !operation.path.contains('{') || statuses.contains("404"),
        "{name}"
    );
}

#[test]
fn the_description_has_the_operations_of_the_contract() {
    let described = described();
    let mut ours = BTreeSet::new();
    for (path, methods) in described["paths"].as_object().unwrap() {
        let methods = keys(methods).into_iter();
        ours.extend(methods.map(|method| (method.to_uppercase(), path.clone())));
    }
    for operation in &CONTRACT.operations {
        let method = operation.method.to_ascii_lowercase();
        let is_there = ours.remove(&(operation.method.clone(), operation.path.clone()));
        assert!(is_there, "{}", operation.name);
        check_operation(operation, &described["paths"][&operation.path][&method]);
    }
    assert_eq!(ours, BTreeSet::new());
}

#[test]
fn the_description_has_the_types_of_the_contract() {
    let described = described();
    let schemas = &described["components"]["schemas"];
    let theirs: BTreeSet<_> = CONTRACT.types.keys().map(String::as_str).collect();
    assert_eq!(keys(schemas), theirs);
    let bodies: BTreeSet<_> = CONTRACT
        .operations
        .iter()
        .filter_map(|one| one.body.as_ref())
        .collect();
    for (name, kind) in &CONTRACT.types {
        let schema = &schemas[name];
        let fields = match kind {
            ContractType::Enum(values) => {
                assert_eq!(schema["enum"], json!(values), "{name}");
                continue;
            }
            ContractType::Fields(fields) => fields,
        };
        let properties = &schema["properties"];
        assert_eq!(
            keys(properties),
            fields.keys().map(String::as_str).collect(),
            "{name}"
        );
        for (field, Field { kind, .. }) in fields {
            check(kind, &properties[field], &format!("{name}.{field}"));
        }
        let is_body = bodies.contains(name);
        let required = fields.iter().filter(|(field, Field { required, .. })| {
            // an answer has every field
            !is_body || *required || (name.as_str(), field.as_str()) == REQUIRED_BY_NATURE
        });
        let required: BTreeSet<_> = required.map(|(field, _)| field.as_str()).collect();
        assert_eq!(strings(&schema["required"]), required, "{name}");
    }
}

#[test]
fn the_description_says_what_everything_is() {
    let described = described();
    for (path, methods) in described["paths"].as_object().unwrap() {
        for (method, operation) in methods.as_object().unwrap() {
            for field in ["summary", "description"] {
                let text = operation[field].as_str().unwrap();
                assert!(!text.is_empty(), "{method} {path}: {field}");
            }
            let tag = &operation["tags"][0];
            let mut tags = described["tags"].as_array().unwrap().iter();
            assert!(
                tags.any(|known| known["name"] == *tag),
                "{method} {path}: {tag}"
            );
        }
    }
    for (name, schema) in described["components"]["schemas"].as_object().unwrap() {
        for (field, schema) in schema["properties"].as_object().into_iter().flatten() {
            let says = schema["description"].is_string();
            assert!(says || field == "id", "{name}.{field} says nothing");
        }
    }
}

#[tokio::test]
async fn every_example_of_a_body_is_taken() {
    let described = described();
    let api = router(&LiveGraph::new(graph().await));
    let mut examples = 0;
    for operation in &CONTRACT.operations {
        let Some(body) = &operation.body else {
            continue;
        };
        let schema = &described["components"]["schemas"][body];
        for example in schema["examples"].as_array().into_iter().flatten() {
            let request = Request::builder()
                .method(&*operation.method)
                .uri(operation.path.replace(['{', '}'], ""))
                .header("x-access-token", "t")
                .body(Body::from(example.to_string()));
            let answer = api.clone().oneshot(request.unwrap()).await.unwrap();
            // read and understood: it is the subgraph that is out of reach
            let status = answer.status();
            assert_eq!(status, StatusCode::SERVICE_UNAVAILABLE, "{body}: {example}");
            examples += 1;
        }
    }
    assert!(examples > 10, "{examples} examples");
}

#[tokio::test]
async fn the_description_names_the_key_where_it_is_read() {
    let described = described();
    let api = router(&LiveGraph::new(graph().await));
    let mut taking = 0;
    for operation in CONTRACT.operations.iter().filter(|one| one.auth) {
        let method = operation.method.to_ascii_lowercase();
        let says = &described["paths"][&operation.path][&method];
        let parameters = says["parameters"].as_array().into_iter().flatten();
        let headers: Vec<_> = parameters
            .filter(|parameter| parameter["in"] == "header")
            .map(|parameter| &parameter["name"])
            .collect();
        let body = operation.body.as_ref().map(|body| {
            let schema = &described["components"]["schemas"][body];
            let required = strings(&schema["required"]).into_iter();
            let required = required.map(|name| (name.to_owned(), json!("1")));
            let example = schema["examples"][0].as_object().cloned();
            required.chain(example.into_iter().flatten()).collect()
        });
        let body = Value::Object(body.unwrap_or_default());
        // no key is written so: whoever reads it refuses it before the graph is asked
        let request = Request::builder()
            .method(&*operation.method)
            .uri(operation.path.replace(['{', '}'], ""))
            .header("x-access-token", "t")
            .header("idempotency-key", &b"\xff"[..])
            .body(Body::from(body.to_string()));
        let answer = api.clone().oneshot(request.unwrap()).await.unwrap();
        let answer = to_bytes(answer.into_body(), usize::MAX).await.unwrap();
        let answer = String::from_utf8(answer.to_vec()).unwrap();
        let is_read = answer.contains("Idempotency-Key");
        assert_eq!(!headers.is_empty(), is_read, "{}: {answer}", operation.name);
        for header in headers {
            assert_eq!(*header, "Idempotency-Key", "{}", operation.name);
            taking += 1;
        }
    }
    assert_eq!(taking, 8);
}

#[tokio::test]
async fn the_description_is_served_once_until_it_changes() {
    let api = router(&LiveGraph::new(graph().await));
    for (path, servers) in [
        ("/v1/openapi.json", ["..", "../api"]),
        ("/api/v1/openapi.json", ["../..", ".."]),
    ] {
        let get = |tag: Option<&str>| {
            let mut request = Request::get(path);
            if let Some(tag) = tag {
                request = request.header(header::IF_NONE_MATCH, tag);
            }
            api.clone().oneshot(request.body(Body::empty()).unwrap())
        };
        let answer = get(None).await.unwrap();
        assert_eq!(answer.status(), StatusCode::OK);
        assert_eq!(answer.headers()[header::CONTENT_TYPE], "application/json");
        assert_eq!(answer.headers()[header::CACHE_CONTROL], "no-cache");
        let tag = answer.headers()[header::ETAG].to_str().unwrap().to_owned();
        let body = to_bytes(answer.into_body(), usize::MAX).await.unwrap();
        let body: Value = serde_json::from_slice(&body).unwrap();
        let urls = body["servers"].as_array().unwrap().iter();
        assert!(
            urls.map(|server| &server["url"]).eq(servers),
            "{}",
            body["servers"]
        );
        for known in [
            tag.clone(),
            format!("\"other\", {tag}"),
            tag.replace("W/", ""),
            "*".into(),
        ] {
            let answer = get(Some(&known)).await.unwrap();
            assert_eq!(answer.status(), StatusCode::NOT_MODIFIED, "{known}");
            assert_eq!(answer.headers()[header::ETAG], tag);
        }
        assert_eq!(
            get(Some("\"other\"")).await.unwrap().status(),
            StatusCode::OK
        );
    }
}
