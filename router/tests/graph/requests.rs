//! Requests that are right, wrong, or too much.

use serde_json::{Value, json};

use crate::support::Shop;

fn repeated(count: usize, part: impl Fn(usize) -> String) -> String {
    (0..count).map(part).collect::<Vec<_>>().join(" ")
}

fn code(answer: &Value) -> &str {
    assert!(answer.get("data").is_none(), "{answer}");
    answer["errors"][0]["extensions"]["code"].as_str().unwrap()
}

#[tokio::test]
async fn selects_the_operation_by_name() {
    let shop = Shop::open().await;
    let query = "query A { me { name } } query B { me { id } }";
    let b = json!({ "query": query, "operationName": "B" });
    assert_eq!(
        shop.router.post(b).await,
        json!({ "data": { "me": { "id": "u1" } } })
    );
    let a = json!({ "query": query, "operationName": "A" });
    assert_eq!(
        shop.router.post(a).await,
        json!({ "data": { "me": { "name": "Ada" } } })
    );
    let c = json!({ "query": query, "operationName": "C" });
    assert_eq!(
        code(&shop.router.post(c).await),
        "OPERATION_RESOLUTION_FAILURE"
    );
    assert_eq!(
        code(&shop.query(query).await),
        "OPERATION_RESOLUTION_FAILURE"
    );
}

#[tokio::test]
async fn tells_what_is_wrong_with_a_document() {
    let shop = Shop::open().await;
    let answer = shop.query("{ me { ").await;
    assert_eq!(code(&answer), "GRAPHQL_PARSE_FAILED");
    let answer = shop.query("{\n  me { nam }\n}").await;
    assert_eq!(code(&answer), "GRAPHQL_VALIDATION_FAILED");
    assert_eq!(
        answer["errors"][0]["locations"],
        json!([{ "line": 2, "column": 8 }])
    );
    assert!(
        answer["errors"][0]["message"]
            .as_str()
            .unwrap()
            .contains("nam"),
        "{answer}"
    );
    for query in [
        "query ($id: ID!) { user(id: $id) { name } } fragment Unused on User { id }",
        "{ ...A } fragment A on Query { ...A }",
        "{ _entities(representations: []) { __typename } }",
        "{ _service { sdl } }",
        "{ me }",
        "{ me { name name: id } }",
    ] {
        assert_eq!(code(&shop.query(query).await), "GRAPHQL_VALIDATION_FAILED");
    }
}

#[tokio::test]
async fn coerces_variables() {
    let shop = Shop::open().await;
    let query = "query ($input: EchoInput!) { echo(input: $input) }";
    let answer = shop
        .router
        .query_with(
            query,
            json!({ "input": { "text": "a", "tags": "b" }, "unknown": 1 }),
        )
        .await;
    assert_eq!(answer, json!({ "data": { "echo": "ab" } }));
    assert_eq!(
        shop.users.asked()[0]["variables"],
        json!({ "input": { "text": "a", "tags": ["b"], "times": 1 } })
    );
    let answer = shop
        .query(r#"query ($text: String! = "c") { echo(input: { text: $text, times: 2 }) }"#)
        .await;
    assert_eq!(answer, json!({ "data": { "echo": "cc" } }));
}

#[tokio::test]
async fn refuses_variables_of_the_wrong_type() {
    let shop = Shop::open().await;
    let query = "query ($input: EchoInput!) { echo(input: $input) }";
    for variables in [
        json!({}),
        json!({ "input": null }),
        json!({ "input": "text" }),
        json!({ "input": {} }),
        json!({ "input": { "text": 1 } }),
        json!({ "input": { "text": "a", "times": 1.5 } }),
        json!({ "input": { "text": "a", "times": 3_000_000_000_u64 } }),
        json!({ "input": { "text": "a", "other": 1 } }),
    ] {
        let answer = shop.router.query_with(query, variables).await;
        assert_eq!(code(&answer), "BAD_USER_INPUT");
    }
    assert_eq!(shop.users.asked().len(), 0);
}

#[tokio::test]
async fn answers_introspection_without_the_subgraphs() {
    let shop = Shop::open().await;
    let answer = shop
        .query(r#"{ __type(name: "Role") { kind enumValues { name } } }"#)
        .await;
    assert_eq!(
        answer["data"]["__type"],
        json!({ "kind": "ENUM", "enumValues": [{ "name": "ADMIN" }, { "name": "MEMBER" }] })
    );
    let answer = shop.query("{ __schema { types { name } } }").await;
    let names = answer["data"]["__schema"]["types"].to_string();
    assert!(names.contains("Product") && !names.contains("join__") && !names.contains("_Entity"));
    assert_eq!(shop.users.asked().len(), 0);
}

/// The query that tools send, seven types deep.
#[tokio::test]
async fn answers_the_introspection_of_tools() {
    let shop = Shop::open().await;
    let of_type = "ofType { kind name ".repeat(9) + &"}".repeat(9);
    let query = format!(
        "query IntrospectionQuery {{ __schema {{ description queryType {{ name kind }}
            mutationType {{ name kind }} subscriptionType {{ name kind }}
            types {{ ...FullType }}
            directives {{ name description isRepeatable locations args(includeDeprecated: true) {{ ...InputValue }} }} }} }}
         fragment FullType on __Type {{ kind name description specifiedByURL
            fields(includeDeprecated: true) {{ name description args(includeDeprecated: true) {{ ...InputValue }}
                type {{ ...TypeRef }} isDeprecated deprecationReason }}
            inputFields(includeDeprecated: true) {{ ...InputValue }} interfaces {{ ...TypeRef }}
            enumValues(includeDeprecated: true) {{ name description isDeprecated deprecationReason }}
            possibleTypes {{ ...TypeRef }} }}
         fragment InputValue on __InputValue {{ name description type {{ ...TypeRef }} defaultValue isDeprecated deprecationReason }}
         fragment TypeRef on __Type {{ kind name {of_type} }}"
    );
    let answer = shop.query(&query).await;
    assert!(answer.get("errors").is_none(), "{answer}");
    let types = answer["data"]["__schema"]["types"].as_array().unwrap();
    let media = types.iter().find(|ty| ty["name"] == "Media").unwrap();
    assert_eq!(media["possibleTypes"][1]["name"], "Film");
}

#[tokio::test]
async fn answers_introspection_beside_data() {
    let shop = Shop::open().await;
    let answer = shop
        .query("{ me { name } ...Types } fragment Types on Query { s: __schema { queryType { name } } users { ...N } } fragment N on User { name }")
        .await;
    let users = json!([{ "name": "Ada" }, { "name": "Bob" }, { "name": "Cid" }]);
    assert_eq!(
        answer,
        json!({ "data": {
            "me": { "name": "Ada" },
            "s": { "queryType": { "name": "Query" } },
            "users": users,
        } })
    );
}

#[tokio::test]
async fn introspection_can_be_turned_off() {
    let shop = Shop::open_with(|config| config.introspection = Some(false)).await;
    let answer = shop.query("{ __schema { queryType { name } } }").await;
    assert_eq!(code(&answer), "INTROSPECTION_DISABLED");
    let answer = shop.query("{ __typename }").await;
    assert_eq!(answer["data"]["__typename"], "Query");
}

#[tokio::test]
async fn refuses_operations_that_are_too_large() {
    let shop = Shop::open().await;
    let deep = format!("{}id{}", "friends { ".repeat(60), " }".repeat(60));
    let bomb = repeated(40, |n| {
        let next = n + 1;
        format!(
            "fragment F{n} on User {{ a: friends {{ ...F{next} }} b: friends {{ ...F{next} }} }}"
        )
    });
    let names = |count| repeated(count, |n| format!("a{n}: __typename"));
    for (query, what) in [
        (format!("{{ me {{ {deep} }} }}"), "depth"),
        (
            format!("{{ me {{ ...F0 }} }} {bomb} fragment F40 on User {{ id }}"),
            "depth",
        ),
        (format!("{{ {} }}", names(51)), "root fields"),
        (format!("{{ me {{ {} }} }}", names(101)), "aliases"),
        (format!("{{ me {{ {} }} }}", "id ".repeat(6_000)), "fields"),
        (format!("{{ me {{ {} }} }}", "id ".repeat(20_000)), "tokens"),
        (
            format!("{{ me {{ {} }} }}", "... { ".repeat(2_000)),
            "depth",
        ),
        (
            format!("{{ user(id: {}) {{ id }} }}", "[".repeat(5_000)),
            "depth",
        ),
    ] {
        let answer = shop.query(&query).await;
        assert_eq!(code(&answer), "OPERATION_LIMIT_EXCEEDED", "{what}");
        let message = answer["errors"][0]["message"].as_str().unwrap();
        assert!(message.contains(what), "{what}: {message}");
    }
}

#[tokio::test]
async fn takes_operations_up_to_the_limits() {
    let shop = Shop::open_with(|config| config.limits.max_cost = None).await;
    // the subgraphs take no more than 32
    let deep = "{ friends ".repeat(28) + "{ id }" + &" }".repeat(28);
    let aliases = repeated(100, |n| format!("a{n}: id"));
    let roots = repeated(50, |n| format!("a{n}: me {{ ...F }}"));
    let to_and_fro = "author { name reviews { ".repeat(9) + "id" + &" } }".repeat(9);
    for query in [
        format!("query ($no: Boolean = false) {{ me {{ id friends @include(if: $no) {deep} }} }}"),
        format!("{{ me {{ {aliases} }} }}"),
        format!(
            "{{ {roots} }} fragment F on User {{ {} }}",
            "id ".repeat(99)
        ),
        format!("{{ reviews {{ {to_and_fro} }} }}"),
    ] {
        let answer = shop.query(&query).await;
        assert!(answer.get("errors").is_none(), "{query}: {answer}");
    }
}
