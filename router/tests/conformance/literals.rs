//! What a subgraph gets of the literals and variables of an operation: what the client wrote.

use apollo_compiler::ast::{Document, Value as Literal};

use crate::support::echo::{Echo, argument};

fn literal(text: &str) -> Literal {
    let document = Document::parse(format!("{{ f(a: {text}) }}"), "literal.graphql");
    argument(&document.unwrap()).clone()
}

const STRINGS: &[&str] = &[
    r#""\b\f\n\r\t\/\\\"""#,
    r#""\u0008""#,
    r#""\u0010\u0000\u001f\u007F""#,
    r#""\uD83D\uDE00""#,
    r#""\u{1F600} \u{41}""#,
    r#""é 😀 \u00e9""#,
    r#""__setwise_literal_0""#,
    r##""# { } $v""##,
    "\"\"\"\n    Say \"hello\",\n      \\\"\"\" twice \\n\n\n    end\n  \"\"\"",
    "\"\"\" \u{a0}x\n\u{a0} y\n \u{3000}z\"\"\"",
    "\"\"\"ends in \\\"\"\"\"\"\"",
    "\"\"\"a\\b\"\"\"",
];

const NUMBERS: &[&str] = &[
    "1e9",
    "6.02e9",
    "1.0e90",
    "1e0",
    "1e05",
    "1.5e0",
    "1E9",
    "1.0",
    "-0.0",
    "0.1000",
    "1e400",
    "-1e-400",
    "-0",
    "0",
    "9223372036854775808",
    "-9223372036854775809",
    "123456789012345678901234567890",
    "12345678901234567890.5",
];

#[tokio::test]
async fn strings_reach_the_subgraph_as_they_are() {
    let echo = Echo::open().await;
    for text in STRINGS {
        for query in [
            format!("{{ string(value: {text}) }}"),
            format!("{{ id(value: {text}) }}"),
            format!("{{ json(value: {{ a: [{text}] }}) }}"),
            format!("{{ node {{ json(value: {{ a: [{text}] }}) }} }}"),
        ] {
            let (document, _) = echo.received(&query, "{}").await;
            let client = Document::parse(&query, "query.graphql").unwrap();
            assert_eq!(argument(&document), argument(&client), "{query}");
        }
    }
}

#[tokio::test]
async fn numbers_reach_the_subgraph_as_they_were_written() {
    let echo = Echo::open().await;
    for text in NUMBERS {
        for query in [
            format!("{{ json(value: {text}) }}"),
            format!("{{ json(value: {{ a: [{text}] }}) }}"),
            format!("{{ a: json(value: {text}) node {{ b: json(value: {text}) }} }}"),
        ] {
            let (document, _) = echo.received(&query, "{}").await;
            let client = Document::parse(&query, "query.graphql").unwrap();
            assert_eq!(argument(&document), argument(&client), "{query}");
        }
    }
    for text in ["1e9", "6.02e9", "123456789012345678901234567890"] {
        let query = format!("{{ float(value: {text}) }}");
        let (document, _) = echo.received(&query, "{}").await;
        assert_eq!(argument(&document), &literal(text), "{query}");
    }
    let query = "{ id(value: 99999999999999999999) }";
    let (document, _) = echo.received(query, "{}").await;
    assert_eq!(argument(&document), &literal("99999999999999999999"));
}

#[tokio::test]
async fn a_supergraph_may_have_any_default() {
    let echo = Echo::open().await;
    let (document, _) = echo.received("{ defaults }", "{}").await;
    assert_eq!(
        document.to_string().replace(char::is_whitespace, ""),
        "{defaults}"
    );
    let introspection = r#"{ __type(name: "Query") { fields { args { defaultValue } } } }"#;
    let answer = echo.ask(introspection, "{}").await.to_string();
    for default in [
        "1e9",
        "123456789012345678901234567890",
        "99999999999999999999",
        "1e400",
    ] {
        assert!(answer.contains(default), "{default}: {answer}");
    }
}

#[tokio::test]
async fn variables_inside_custom_scalars_are_any_that_are_declared() {
    let echo = Echo::open().await;
    for (query, value) in [
        ("query($v: Int) { json(value: [$v]) }", "[$v]"),
        (
            "query($v: Int) { list(values: [[{ a: $v }, $v]]) }",
            "[[{a: $v}, $v]]",
        ),
        (
            "query($v: Int) { json(value: { a: [1, [$v]] }) }",
            "{a: [1, [$v]]}",
        ),
        (
            "query($v: Int) { input(value: { json: [$v] }) }",
            "{json: [$v]}",
        ),
        (
            "query($v: Int) { node { ...F } } fragment F on Node { json(value: [$v]) }",
            "[$v]",
        ),
    ] {
        let (document, variables) = echo.received(query, r#"{"v":7}"#).await;
        assert_eq!(argument(&document), &literal(value), "{query}");
        assert_eq!(variables, r#"{"v":7}"#, "{query}");
    }
    for query in [
        "{ json(value: { a: $zz }) }",
        "{ json(value: [{ a: $zz }]) }",
        "{ json(value: [$zz]) }",
        "query($v: Int) { a: json(value: { a: $v }) b: json(value: { a: { b: $zz } }) }",
        "{ input(value: { json: { a: $zz } }) }",
        "{ node { ...F } } fragment F on Node { json(value: { a: [$zz] }) }",
        "query A($zz: Int) { json(value: { a: $zz }) ...F } \
         query B { ...F } fragment F on Query { json(value: { a: $zz }) }",
    ] {
        let message = echo.refused(query, "GRAPHQL_VALIDATION_FAILED").await;
        assert!(
            message.contains("`$zz` is not defined"),
            "{query}: {message}"
        );
    }
    for query in [
        "query($v: Int) { json(value: $v) }",
        "query($v: Int) { list(values: [$v]) }",
        "query($v: Int) { json(value: [1]) }",
        "query($v: Int) { json(value: [$v]) a: json(value: [$v]) a: json(value: [1]) }",
    ] {
        echo.refused(query, "GRAPHQL_VALIDATION_FAILED").await;
    }
}

#[tokio::test]
async fn numbers_in_variables_reach_the_subgraph_as_they_were_sent() {
    let echo = Echo::open().await;
    for number in [
        "1",
        "-7",
        "1.0",
        "-0.0",
        "-0",
        "1e5",
        "1E-7",
        "0.1000",
        "9223372036854775808",
        "123456789012345678901234567890",
        "0.123456789012345678901234567890",
    ] {
        for (query, variables) in [
            (
                "query($v: JSON) { json(value: $v) }",
                format!(r#"{{"v":{number}}}"#),
            ),
            (
                "query($v: JSON) { json(value: { a: $v }) }",
                format!(r#"{{"v":{{"a":[{number},"1e5",null]}}}}"#),
            ),
            (
                "query($v: [JSON]) { list(values: $v) }",
                format!(r#"{{"v":[[{number}]]}}"#),
            ),
            (
                "query($v: In) { input(value: $v) }",
                format!(r#"{{"v":{{"json":{{"a":{number}}},"float":1}}}}"#),
            ),
        ] {
            let (_, received) = echo.received(query, &variables).await;
            assert_eq!(received, variables, "{query}");
        }
        let one = format!(r#"{{"v":{number}}}"#);
        let (_, received) = echo
            .received("query($v: [JSON]) { list(values: $v) }", &one)
            .await;
        assert_eq!(received, format!(r#"{{"v":[{number}]}}"#));
        for (declared, expected) in [
            (
                format!("query($v: JSON = {number}) {{ json(value: $v) }}"),
                one.clone(),
            ),
            (
                format!("query($v: JSON = {{ a: [{number}] }}) {{ json(value: $v) }}"),
                format!(r#"{{"v":{{"a":[{number}]}}}}"#),
            ),
        ] {
            let (_, received) = echo.received(&declared, "{}").await;
            assert_eq!(received, expected, "{declared}");
        }
    }
    let query = "query($v: JSON) { json(value: $v) }";
    let answer = echo.ask(query, r#"{"v":1e400}"#).await;
    assert_eq!(
        answer["errors"][0]["extensions"]["code"], "BAD_REQUEST",
        "{answer}"
    );
    // the defaults of the other fields are the subgraph's to add
    let query = "query($v: In) { input(value: $v) }";
    let (_, received) = echo.received(query, r#"{"v":{"id":"1"}}"#).await;
    assert_eq!(received, r#"{"v":{"id":"1"}}"#);
}

#[tokio::test]
async fn a_key_that_stands_twice_is_named() {
    let echo = Echo::open().await;
    let query = "query($v: JSON) { json(value: $v) }";
    for (variables, key) in [
        (r#"{"v":1,"v":2}"#, "v"),
        (r#"{"v":{"a":1,"b":2,"a":3}}"#, "a"),
        (r#"{"v":1},"variables":{}"#, "variables"),
        (r#"{"v":1},"query":"{ node { json } }""#, "query"),
    ] {
        let answer = echo.ask(query, variables).await;
        let error = &answer["errors"][0];
        assert_eq!(
            error["extensions"]["code"], "BAD_REQUEST",
            "{variables}: {answer}"
        );
        let message = error["message"].as_str().unwrap();
        assert!(message.contains(key), "{variables}: {message}");
    }
    assert!(echo.bodies.lock().unwrap().is_empty());
}
