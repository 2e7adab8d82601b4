//! `router.yaml`: what it holds, what wins over it, and what is said of a bad one.

#![expect(clippy::unwrap_used, reason = "what goes wrong here fails the test")]

use std::{fs, path::Path};

use clap::Parser as _;
use serde_json::Value;
use setwise_router::{Config, Flags, Mode};
use tempfile::TempDir;

const EXAMPLE: &str = include_str!("../router.example.yaml");

/// A folder with this `router.yaml`.
fn folder(yaml: &str) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("router.yaml"), yaml).unwrap();
    folder
}

fn load(yaml: &str, flags: &[&str]) -> Result<Config, String> {
    let folder = folder(yaml);
    let file = folder.path().join("router.yaml");
    let arguments = ["setwise-router", "--config", file.to_str().unwrap()];
    let flags = Flags::try_parse_from(arguments.iter().chain(flags)).unwrap();
    // without the folder, which differs each time
    let folder = format!("{}/", folder.path().display());
    flags
        .load()
        .map_err(|error| error.to_string().replace(&folder, ""))
}

#[test]
fn the_schema_in_the_repository_is_that_of_the_code() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("router.schema.json");
    let schema = format!("{:#}\n", Config::schema());
    if std::env::var_os("UPDATE_SCHEMA").is_some() {
        fs::write(&path, &schema).unwrap();
    }
    let committed = fs::read_to_string(&path).unwrap();
    // as values: the order of keys is that of how serde_json was built
    let committed: Value = serde_json::from_str(&committed).unwrap();
    assert!(
        committed == Config::schema(),
        "router.schema.json is not that of the code: UPDATE_SCHEMA=1 writes it"
    );
}

#[test]
fn the_example_is_the_default_and_explains_each_key() {
    let mut config = load(EXAMPLE, &[]).unwrap();
    assert_eq!(
        config.supergraph.path.take().unwrap().file_name().unwrap(),
        "supergraph.yaml"
    );
    let expected = Config {
        mode: Some(Mode::Production),
        ..Config::default()
    };
    assert_eq!(config, expected);

    let schema = Config::schema();
    let mut sections = vec![&schema];
    sections.extend(schema["$defs"].as_object().unwrap().values());
    let keys = sections
        .iter()
        .filter_map(|section| section["properties"].as_object())
        .flatten();
    for (key, _) in keys {
        let is_there = EXAMPLE
            .lines()
            .map(|line| line.trim_start_matches(['#', ' ']))
            .any(|line| line.starts_with(&format!("{key}:")));
        assert!(is_there, "router.example.yaml lacks {key}");
    }
}

#[test]
fn the_schema_takes_what_the_loader_takes() {
    let schema = jsonschema::validator_for(&Config::schema()).unwrap();
    let is_valid = |yaml: &str| {
        let value: Value = serde_saphyr::from_str(yaml).unwrap();
        schema.is_valid(&value)
    };
    assert!(is_valid(EXAMPLE));
    for good in [
        "limits: { max_depth: \"${env.NOT_SET_ANYWHERE:-7}\" }",
        "cors: { credentials: \"${env.NOT_SET_ANYWHERE:-false}\" }",
        "files_url: ${env.NOT_SET_ANYWHERE:-http://a.example/}",
        "mode: ${env.NOT_SET_ANYWHERE:-development}",
        "listen: ${env.NOT_SET_ANYWHERE:-127.0.0.1:1}",
    ] {
        assert!(load(good, &[]).is_ok() && is_valid(good), "{good}");
    }
    for bad in [
        "limits: { max_depth: many }",
        "mode: staging",
        "limits: { max_dept: 1 }",
    ] {
        assert!(load(bad, &[]).is_err() && !is_valid(bad), "{bad}");
    }
}

#[test]
fn every_key_has_a_description() {
    fn check(path: &str, schema: &Value) {
        for (key, value) in schema["properties"].as_object().into_iter().flatten() {
            assert!(
                value["description"].is_string() || value["$ref"].is_string(),
                "{path}.{key} has no description"
            );
        }
        for (name, definition) in schema["$defs"].as_object().into_iter().flatten() {
            check(name, definition);
        }
    }
    check("Config", &Config::schema());
}

#[test]
fn a_flag_wins_over_the_file_and_the_file_over_the_default() {
    let yaml = "limits:\n  max_depth: 10\n  max_tokens: 20\n";
    let config = load(yaml, &["--max-depth=11"]).unwrap();
    assert_eq!(config.limits.max_depth, 11);
    assert_eq!(config.limits.max_tokens, 20);
    assert_eq!(config.limits.max_aliases, 100);
    let config = load("", &[]).unwrap();
    assert_eq!(config, Config::default());
}

#[test]
fn flags_name_subgraphs_beside_those_of_the_file() {
    let yaml = "subgraphs:\n  all:\n    timeout_ms: 1000\n  by_name:\n    a:\n      url: http://a.example/\n      timeout_ms: 5\n";
    let config = load(
        yaml,
        &["--subgraph-urls=a=http://b.example/,c=http://c.example/"],
    )
    .unwrap();
    let own = &config.subgraphs.by_name;
    assert_eq!(own["a"].url.as_ref().unwrap().as_str(), "http://b.example/");
    assert_eq!(own["c"].url.as_ref().unwrap().as_str(), "http://c.example/");
    assert_eq!(config.subgraphs.timeout("a").as_millis(), 5);
    assert_eq!(config.subgraphs.timeout("c").as_millis(), 1000);
}

#[test]
fn values_hold_variables() {
    // cargo sets these for a test
    let name = env!("CARGO_PKG_NAME");
    let yaml = "telemetry:\n  # not ${this}\n  otlp_endpoint: \"x ${env.CARGO_PKG_NAME}\"\n  log_filter: ${env.NOT_SET_ANYWHERE:-warn}\nlimits: { max_depth: \"${env.NOT_SET_ANYWHERE:-7}\" }\nsubgraphs:\n  by_name:\n    a: { url: \"http://a.example/?$5\" }\n";
    let config = load(yaml, &[]).unwrap();
    assert_eq!(config.telemetry.otlp_endpoint.unwrap(), format!("x {name}"));
    assert_eq!(config.telemetry.log_filter.unwrap(), "warn");
    assert_eq!(config.limits.max_depth, 7);
    let url = config.subgraphs.by_name["a"].url.as_ref().unwrap();
    assert_eq!(url.as_str(), "http://a.example/?$5");
}

#[test]
fn says_what_is_wrong_and_where() {
    for (yaml, expected) in [
        (
            "listen: 127.0.0.1:1\nlimits:\n  max_dept: 3\n",
            "router.yaml:3: unknown key limits.max_dept: did you mean limits.max_depth?",
        ),
        (
            "playgroun: true\n",
            "router.yaml:1: unknown key playgroun: did you mean playground?",
        ),
        (
            "csrf:\n  xyzzy: true\n",
            "router.yaml:2: unknown key csrf.xyzzy: known here are prevention",
        ),
        (
            "subgraphs:\n  by_name:\n    users:\n      timeout: 3\n",
            "router.yaml:4: unknown key subgraphs.by_name.users.timeout: did you mean subgraphs.by_name.users.timeout_ms?",
        ),
        (
            "listen: ${env.NOT_SET_ANYWHERE}\n",
            "router.yaml:1: the environment has no variable NOT_SET_ANYWHERE",
        ),
        (
            "listen: ${NAME}\n",
            "router.yaml:1: ${NAME} cannot be read: write ${env.NAME} or ${env.NAME:-default}",
        ),
        (
            "cors:\n  origins: [app.example.org]\n",
            "cors.origins: \"app.example.org\" is no origin: write it as https://app.example.org, without a path",
        ),
        (
            "subgraphs:\n  all:\n    forward_headers: [Host]\n",
            "subgraphs.all.forward_headers: \"Host\" is written by the router itself",
        ),
    ] {
        assert_eq!(load(yaml, &[]).unwrap_err(), expected);
    }
    for (yaml, line, key) in [
        ("limits:\n  max_depth: many\n", 2, "limits.max_depth"),
        ("mode: staging\n", 1, "mode"),
        ("listen: here\n", 1, "listen"),
        ("files_url:\n  - a\n", 2, "files_url"),
        ("limits: [\n", 0, ""),
        (
            "limits:\n  max_depth: 1\n  max_depth: 2\n",
            3,
            "max_depth is there twice",
        ),
        ("limits: 3\n", 1, "limits"),
        ("files_url: nope\n", 1, "files_url"),
    ] {
        let error = load(yaml, &[]).unwrap_err();
        assert!(error.contains(key), "{error}");
        assert!(!error.contains('\n'), "{error}");
        if line > 0 {
            assert!(
                error.starts_with(&format!("router.yaml:{line}: ")),
                "{error}"
            );
        }
    }
}

/// The numbers of a JSON schema: the key with its parents, the bounds, the keys that must be
/// beside it.
fn numbers(root: &Value, schema: &Value, path: &[&str], found: &mut Vec<Number>) {
    let schema = match schema["$ref"].as_str() {
        Some(name) => root.pointer(&name[1..]).unwrap(),
        None => schema,
    };
    let alternatives = schema["anyOf"].as_array().into_iter().flatten();
    for schema in alternatives {
        numbers(root, schema, path, found);
    }
    let is_one = |name: &str| {
        let ty = &schema["type"];
        ty == name
            || ty
                .as_array()
                .is_some_and(|types| types.contains(&name.into()))
    };
    if is_one("integer") || is_one("number") {
        found.push(Number {
            path: path.iter().map(ToString::to_string).collect(),
            is_float: is_one("number"),
            minimum: schema["minimum"].as_f64(),
            maximum: schema["maximum"].as_f64(),
        });
    }
    for (key, value) in schema["properties"].as_object().into_iter().flatten() {
        numbers(root, value, &[path, &[key]].concat(), found);
    }
    if let Some(value) = schema.get("additionalProperties") {
        numbers(root, value, &[path, &["some"]].concat(), found);
    }
}

struct Number {
    path: Vec<String>,
    is_float: bool,
    minimum: Option<f64>,
    maximum: Option<f64>,
}

impl Number {
    fn key(&self) -> String {
        self.path.join(".")
    }

    /// A file in which it has this value.
    fn yaml(&self, value: &str) -> String {
        let (key, parents) = self.path.split_last().unwrap();
        let beside = match key.as_str() {
            "per_minute" => ", burst: 1",
            "burst" => ", per_minute: 1",
            _ => "",
        };
        let innermost = format!("{{ {key}: {value}{beside} }}");
        let parents = parents.iter().rev();
        parents.fold(innermost, |inner, parent| {
            format!("{{ {parent}: {inner} }}")
        })
    }
}

#[test]
fn numbers_that_cannot_be_meant_are_refused_by_the_loader_and_by_the_schema() {
    let root = Config::schema();
    let schema = jsonschema::validator_for(&root).unwrap();
    let is_valid = |yaml: &str| schema.is_valid(&serde_saphyr::from_str(yaml).unwrap());
    let mut all = Vec::new();
    numbers(&root, &root, &[], &mut all);
    assert!(all.len() > 30, "{} numbers", all.len());
    for number in &all {
        let key = number.key();
        let minimum = number.minimum.unwrap();
        for good in [number.minimum, number.maximum].into_iter().flatten() {
            let yaml = number.yaml(&good.to_string());
            assert!(is_valid(&yaml), "{yaml}");
            if let Err(error) = load(&yaml, &[]) {
                panic!("{yaml}: {error}");
            }
        }
        let above = number.maximum.map(|maximum| maximum + 1.0);
        for bad in [Some(minimum - 1.0), above].into_iter().flatten() {
            let yaml = number.yaml(&bad.to_string());
            assert!(!is_valid(&yaml), "{yaml}");
            let error = load(&yaml, &[]).unwrap_err();
            assert!(error.contains(&key), "{yaml}: {error}");
            if bad >= 0.0 || number.is_float {
                let expected = format!("{key}: {bad} is out of range: it must be ");
                assert!(error.starts_with(&expected), "{error}");
            }
        }
        let is_time = key.ends_with("_ms") || key.ends_with("_seconds");
        assert!(!is_time || number.maximum.is_some(), "{key} has no maximum");
        if number.is_float {
            for bad in [".nan", ".inf", "-.inf"] {
                let error = load(&number.yaml(bad), &[]).unwrap_err();
                assert!(error.starts_with(&key), "{error}");
            }
        }
    }
}

#[test]
fn a_flag_is_held_to_the_range_too() {
    let error = load("", &["--subgraph-timeout-ms=0"]).unwrap_err();
    let expected = "subgraphs.all.timeout_ms: 0 is out of range: it must be from 1 to 31536000000";
    assert_eq!(error, expected);
    let error = load("", &["--max-depth=0"]).unwrap_err();
    let expected = "limits.max_depth: 0 is out of range: it must be at least 1";
    assert_eq!(error, expected);
}

#[test]
fn a_secret_does_not_show_in_an_error() {
    let value = env!("CARGO_PKG_VERSION");
    let error = load("limits:\n  max_depth: ${env.CARGO_PKG_VERSION}\n", &[]).unwrap_err();
    assert!(!error.contains(value), "{error}");
}

#[test]
fn a_missing_file_is_named() {
    let flags = Flags::parse_from(["setwise-router", "--config=/nowhere/router.yaml"]);
    let error = flags.load().unwrap_err().to_string();
    assert!(
        error.starts_with("/nowhere/router.yaml: cannot be read"),
        "{error}"
    );
}

#[test]
fn introspection_and_graphiql_are_on_in_development_only() {
    for (yaml, introspection, playground) in [
        ("", false, false),
        ("mode: production", false, false),
        ("mode: development", true, true),
        ("mode: development\nintrospection: false", false, true),
        ("playground: true", false, true),
    ] {
        let config = load(yaml, &[]).unwrap();
        let is = (config.introspection(), config.playground());
        assert_eq!(is, (introspection, playground), "{yaml}");
    }
}
