//! What the commands print, and how they end.

use std::{fs, process::Output};

use crate::support::{Folder, Numbers, command, run, schema, supergraph};

/// A bad configuration: `EX_USAGE`.
const USAGE: i32 = 64;

fn said(output: &Output) -> (i32, String, String) {
    let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
    let code = output.status.code().unwrap();
    (code, text(&output.stdout), text(&output.stderr))
}

#[test]
fn a_bad_configuration_is_one_line() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("router.yaml");
    let file = file.to_str().unwrap();
    fs::write(file, "limits:\n  max_dept: 3\n").unwrap();
    for arguments in [
        vec!["--config", file],
        vec!["compose", "--config", file],
        vec!["config", "check", "--config", file],
    ] {
        let (code, stdout, stderr) = said(&run(&arguments));
        assert_eq!((code, stdout.as_str()), (USAGE, ""), "{stderr}");
        let expected = format!(
            "setwise-router: {file}:2: unknown key limits.max_dept: did you mean limits.max_depth?\n"
        );
        assert_eq!(stderr, expected);
    }
    let (code, _, stderr) = said(&run(&["--listen=nowhere"]));
    assert_eq!(code, USAGE);
    assert!(stderr.contains("--listen"), "{stderr}");
    let (code, _, stderr) = said(&run(&[]));
    assert_eq!(code, USAGE);
    assert!(
        stderr.contains("no supergraph: give --supergraph"),
        "{stderr}"
    );
}

#[test]
fn the_environment_names_the_file() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("router.yaml");
    fs::write(&file, "mode: development\n").unwrap();
    let mut command = command();
    command
        .args(["config", "check"])
        .env("ROUTER_CONFIG", &file);
    let (code, stdout, _) = said(&command.output().unwrap());
    assert_eq!((code, stdout.as_str()), (0, "the configuration is good\n"));
}

#[tokio::test]
async fn compose_and_plan_print() {
    let numbers = Numbers::start().await;
    let folder = Folder::of(&numbers);
    let yaml = folder.text("supergraph.yaml");
    let (code, sdl, _) = said(&run(&["compose", "--supergraph", &yaml]));
    assert_eq!(code, 0);
    assert!(sdl.contains("@join__graph(name: \"numbers\""), "{sdl}");

    // what it prints is a supergraph itself
    folder.write("supergraph.graphql", &sdl);
    folder.write("operation.graphql", "{ a }");
    let composed = folder.text("supergraph.graphql");
    let operation = folder.text("operation.graphql");
    let plan = ["plan", "--supergraph", &composed, &operation];
    let (code, text, _) = said(&run(&plan));
    assert_eq!(code, 0);
    assert!(text.contains("Fetch(service: \"numbers\")"), "{text}");
    let (code, json, _) = said(&run(&[&plan[..], &["--json"]].concat()));
    assert_eq!(code, 0);
    let json: serde_json::Value = serde_json::from_str(&json).unwrap();
    assert_eq!(json["node"]["serviceName"], "numbers");

    folder.write("operation.graphql", "{ nothing }");
    let (code, stdout, stderr) = said(&run(&plan));
    assert_eq!((code, stdout.as_str()), (1, ""));
    assert!(stderr.contains("nothing"), "{stderr}");
}

#[tokio::test]
async fn a_composition_error_names_subgraph_type_and_field() {
    let numbers = Numbers::start().await;
    let folder = Folder::of(&numbers);
    let other = supergraph(&numbers.url, "file: numbers.graphql");
    let other = other
        + "  other:\n    routing_url: http://127.0.0.1:9\n    schema:\n      file: other.graphql\n";
    folder.write("supergraph.yaml", &other);
    let link = "extend schema @link(url: \"https://specs.apollo.dev/federation/v2.3\", import: [\"@key\", \"@shareable\", \"@external\", \"@requires\"])\n";
    for (numbers, other, named) in [
        // a type that differs
        (
            format!("{link} type Query {{ a: Int @shareable }}"),
            format!("{link} type Query {{ a: String @shareable }}"),
            vec!["Query.a", "numbers", "other"],
        ),
        // a field of two subgraphs that does not say so
        (
            format!("{link} {}", schema("a: Int")),
            format!("{link} {}", schema("a: Int")),
            vec!["INVALID_FIELD_SHARING", "Query.a", "numbers", "other"],
        ),
        // a key that is not there
        (
            format!("{link} type Query {{ a: Int }} type T @key(fields: \"missing\") {{ id: ID }}"),
            format!("{link} type Query {{ b: Int }}"),
            vec!["KEY_INVALID_FIELDS", "numbers", "T", "missing"],
        ),
        // a type that is not there
        (
            format!("{link} type Query {{ a: Missing }}"),
            format!("{link} type Query {{ b: Int }}"),
            vec!["numbers", "Missing", "Query.a"],
        ),
        // a field that no subgraph resolves
        (
            format!(
                "{link} type Query {{ a: T }} type T @key(fields: \"id\") {{ id: ID size: Int @external weight: Int @requires(fields: \"size\") }}"
            ),
            format!("{link} type Query {{ b: Int }}"),
            vec!["numbers", "T.size"],
        ),
    ] {
        folder.write("numbers.graphql", &numbers);
        folder.write("other.graphql", &other);
        let output = run(&["compose", "--supergraph", &folder.text("supergraph.yaml")]);
        let (code, stdout, stderr) = said(&output);
        assert_eq!((code, stdout.as_str()), (1, ""), "{numbers}");
        for name in named {
            assert!(stderr.contains(name), "{name} is missing in: {stderr}");
        }
    }
}

#[test]
fn each_command_has_help() {
    for (arguments, named) in [
        (
            vec!["--help"],
            vec!["compose", "plan", "config", "--supergraph", "ROUTER_CONFIG"],
        ),
        (vec!["compose", "--help"], vec!["--supergraph"]),
        (vec!["plan", "--help"], vec!["<OPERATION>", "--json"]),
        (vec!["config", "--help"], vec!["schema", "check"]),
    ] {
        let (code, stdout, _) = said(&run(&arguments));
        assert_eq!(code, 0, "{arguments:?}");
        for name in named {
            assert!(stdout.contains(name), "{name} is missing in: {stdout}");
        }
    }
}

#[test]
fn prints_the_schema_of_its_configuration() {
    let (code, stdout, _) = said(&run(&["config", "schema"]));
    assert_eq!(code, 0);
    let schema: serde_json::Value = serde_json::from_str(&stdout).unwrap();
    assert!(schema == setwise_router::Config::schema());
}
