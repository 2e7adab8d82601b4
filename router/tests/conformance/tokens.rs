//! `@authenticated`, `@requiresScopes` and `@policy` over HTTP: the caller's token, verified by its
//! issuer's keys, tells what subgraphs are asked.

use serde_json::{Value, json};

use crate::support::{Graph, Part, issuer::Issuer, refusal};

async fn open<const N: usize>(parts: [Part<'_>; N]) -> (Graph, Issuer) {
    let issuer = Issuer::start().await;
    let graph = Graph::open_with(parts, |config| issuer.configure(config)).await;
    (graph, issuer)
}

/// Who asks.
struct Callers {
    graph: Graph,
    issuer: Issuer,
}

impl Callers {
    async fn of<const N: usize>(parts: [Part<'_>; N]) -> Self {
        let (graph, issuer) = open(parts).await;
        Self { graph, issuer }
    }

    /// Holds that a caller with `claims`, or without a token, gets `data`, an error at each of
    /// `denied`, and that no others than `asked` are asked.
    async fn expect(
        &self,
        claims: Option<Value>,
        query: &str,
        (data, denied, asked): (Value, &[Value], &[&str]),
    ) {
        let token = claims.map(|claims| self.issuer.token(claims));
        self.graph.take_requests();
        let answer = self.graph.ask_as(token.as_deref(), query, json!({})).await;
        let errors = answer["errors"].as_array().into_iter().flatten();
        let told: Vec<_> = errors
            .map(|error| {
                let code = &error["extensions"]["code"];
                assert_eq!(code, "UNAUTHORIZED_FIELD_OR_TYPE", "{query} {answer:#}");
                error["path"].clone()
            })
            .collect();
        assert_eq!(answer["data"], data, "{query}");
        assert_eq!(told, denied, "{query}");
        let requests: Vec<_> = self.graph.take_requests().into_keys().collect();
        assert_eq!(requests, asked, "{query}");
    }
}

/// What another subgraph has of an entity is joined for those only who may see it.
#[tokio::test]
async fn joins_what_the_token_allows() {
    let callers = Callers::of([
        (
            "people",
            r#"
            type Query { people: [Person!]! }
            type Person @key(fields: "id") { id: ID! name: String! }
            "#,
            json!({
                "Query": { "people": ["1", "2"] },
                "Person": [{ "id": "1", "name": "Ada" }, { "id": "2", "name": "Bob" }],
            }),
        ),
        (
            "office",
            r#"
            type Person @key(fields: "id") {
                id: ID!
                mail: String @authenticated
                pay: Int @requiresScopes(scopes: [["hr"], ["audit", "read"]])
            }
            "#,
            json!({ "Person": [
                { "id": "1", "mail": "a@x", "pay": 9 },
                { "id": "2", "mail": "b@x", "pay": 8 },
            ] }),
        ),
    ])
    .await;
    let query = "{ people { name mail pay } }";
    let mail = json!(["people", "@", "mail"]);
    let pay = json!(["people", "@", "pay"]);
    let people = |mails: [Value; 2], pays: [Value; 2]| {
        json!({ "people": [
            { "name": "Ada", "mail": mails[0], "pay": pays[0] },
            { "name": "Bob", "mail": mails[1], "pay": pays[1] },
        ] })
    };
    let nothing = [json!(null), json!(null)];
    let (mails, pays) = ([json!("a@x"), json!("b@x")], [json!(9), json!(8)]);
    let none = people(nothing.clone(), nothing.clone());
    callers
        .expect(None, query, (none, &[mail, pay.clone()], &["people"]))
        .await;
    for claims in [json!({ "sub": "u" }), json!({ "scope": "audit" })] {
        let data = people(mails.clone(), nothing.clone());
        let expected: (_, &[_], &[_]) = (data, std::slice::from_ref(&pay), &["office", "people"]);
        callers.expect(Some(claims), query, expected).await;
    }
    for claims in [
        json!({ "scope": "hr" }),
        json!({ "scope": ["read", "audit"] }),
    ] {
        let data = people(mails.clone(), pays.clone());
        let expected: (_, &[_], &[_]) = (data, &[], &["office", "people"]);
        callers.expect(Some(claims), query, expected).await;
    }
}

/// A token that is not valid is no missing token: the request is refused.
#[tokio::test]
async fn refuses_tokens_that_are_not_valid() {
    let (graph, issuer) = open([(
        "one",
        "type Query { open: Int closed: Int @authenticated }",
        json!({ "Query": { "open": 1, "closed": 2 } }),
    )])
    .await;
    let good = issuer.token(json!({}));
    let mut forged = good.clone();
    let claims = forged.find('.').unwrap() + 3;
    let other = if &forged[claims..=claims] == "A" {
        "B"
    } else {
        "A"
    };
    forged.replace_range(claims..=claims, other);
    for token in ["nonsense", &forged] {
        let answer = graph.ask_as(Some(token), "{ open }", json!({})).await;
        let code = &answer["errors"][0]["extensions"]["code"];
        assert_eq!(code, "UNAUTHENTICATED", "{answer}");
        assert_eq!(answer.get("data"), None);
    }
    assert!(graph.take_requests().is_empty());
    let answer = graph.ask_as(Some(&good), "{ closed }", json!({})).await;
    assert_eq!(answer, json!({ "data": { "closed": 2 } }));
}

/// What each subgraph requires of one field or type is required together, whichever is asked.
#[tokio::test]
async fn requirements_of_several_subgraphs_add_up() {
    let callers = Callers::of([
        (
            "a",
            r#"
            type Query {
                count: Int @shareable @authenticated
                total: Int @shareable @requiresScopes(scopes: [["x"], ["z"]])
                level: Level
                box: Box @shareable
            }
            enum Level @requiresScopes(scopes: [["x"]]) { LOW }
            type Box @shareable @authenticated { size: Int }
            "#,
            json!({ "Query": { "count": 1, "total": 2, "level": "LOW", "box": { "size": 3 } } }),
        ),
        (
            "b",
            r#"
            type Query {
                count: Int @shareable
                total: Int @shareable @requiresScopes(scopes: [["y"]])
                other: Level
                box: Box @shareable
            }
            enum Level { LOW }
            type Box @shareable @requiresScopes(scopes: [["y"]]) { size: Int }
            "#,
            json!({ "Query": { "count": 1, "total": 2, "other": "LOW", "box": { "size": 3 } } }),
        ),
    ])
    .await;
    for (scope, [count, total, other, size]) in [
        (None, [false, false, false, false]),
        (Some(""), [true, false, false, false]),
        (Some("x"), [true, false, true, false]),
        (Some("y"), [true, false, false, true]),
        (Some("x y"), [true, true, true, true]),
        (Some("z y"), [true, true, false, true]),
    ] {
        let claims = scope.map(|scope| json!({ "scope": scope }));
        let told = |allowed: bool, value: Value| if allowed { value } else { json!(null) };
        let data = json!({
            "count": told(count, json!(1)),
            "total": told(total, json!(2)),
            "other": told(other, json!("LOW")),
            "box": told(size, json!({ "size": 3 })),
        });
        let token = claims.map(|claims| callers.issuer.token(claims));
        let query = "{ count total other box { size } }";
        let answer = callers.graph.ask_as(token.as_deref(), query, json!({}));
        assert_eq!(answer.await["data"], data, "{scope:?}");
    }
}

/// Scalars and enums are protected wherever they are read, and through an interface what one
/// implementation protects is protected of all.
#[tokio::test]
async fn protects_scalars_enums_and_interfaces() {
    let callers = Callers::of([
        (
            "a",
            r#"
            type Query { nodes: [Node!]! vault: Vault plain: Plain }
            interface Node { id: ID! note: String }
            type Plain implements Node @key(fields: "id") { id: ID! note: String }
            type Vault implements Node @key(fields: "id") {
                id: ID!
                note: String @requiresScopes(scopes: [["read"]])
            }
            "#,
            json!({
                "Query": { "nodes": ["Plain:1", "Vault:2"], "vault": "2", "plain": "1" },
                "Plain": [{ "id": "1", "note": "p" }],
                "Vault": [{ "id": "2", "note": "v" }],
            }),
        ),
        (
            "b",
            r#"
            type Plain @key(fields: "id") { id: ID! pin: Pin color: Color }
            type Vault @key(fields: "id") { id: ID! pins: [Pin] }
            scalar Pin @authenticated
            enum Color @policy(policies: [["colors"]]) { RED }
            "#,
            json!({
                "Plain": [{ "id": "1", "pin": 1234, "color": "!not to be asked" }],
                "Vault": [{ "id": "2", "pins": [1, 2] }],
            }),
        ),
    ])
    .await;
    let nodes = "{ nodes { id note } }";
    let without = json!({ "nodes": [{ "id": "1", "note": null }, { "id": "2", "note": null }] });
    let denied = [json!(["nodes", "@", "note"])];
    callers
        .expect(Some(json!({})), nodes, (without, &denied, &["a"]))
        .await;
    let with = json!({ "nodes": [{ "id": "1", "note": "p" }, { "id": "2", "note": "v" }] });
    callers
        .expect(Some(json!({ "scope": "read" })), nodes, (with, &[], &["a"]))
        .await;
    let values = "{ plain { note pin color } vault { pins } }";
    callers
        .expect(
            None,
            values,
            (
                json!({ "plain": { "note": "p", "pin": null, "color": null }, "vault": { "pins": null } }),
                &[
                    json!(["plain", "pin"]),
                    json!(["plain", "color"]),
                    json!(["vault", "pins"]),
                ],
                &["a"],
            ),
        )
        .await;
    callers
        .expect(
            Some(json!({})),
            values,
            (
                json!({ "plain": { "note": "p", "pin": 1234, "color": null }, "vault": { "pins": [1, 2] } }),
                &[json!(["plain", "color"])],
                &["a", "b"],
            ),
        )
        .await;
}

/// What an interface object adds is protected in every type that implements the interface.
#[tokio::test]
async fn protects_what_interface_objects_add() {
    let callers = Callers::of([
        (
            "media",
            r#"
            type Query { media: [Media!]! book: Book }
            interface Media @key(fields: "id") { id: ID! }
            type Book implements Media @key(fields: "id") { id: ID! }
            type Film implements Media @key(fields: "id") { id: ID! }
            "#,
            json!({
                "Query": { "media": ["Book:b", "Film:f"], "book": "b" },
                "Book": [{ "id": "b" }],
                "Film": [{ "id": "f" }],
            }),
        ),
        (
            "reviews",
            r#"
            type Media @key(fields: "id") @interfaceObject { id: ID! stars: Stars }
            type Stars @authenticated { average: Int sum: Int @requiresScopes(scopes: [["all"]]) }
            "#,
            json!({ "Media": [
                { "id": "b", "stars": { "average": 4, "sum": 40 } },
                { "id": "f", "stars": { "average": 2, "sum": 8 } },
            ] }),
        ),
    ])
    .await;
    let query = "{ media { stars { average } } book { stars { sum } } }";
    callers
        .expect(
            None,
            query,
            (
                json!({ "media": [{ "stars": null }, { "stars": null }], "book": { "stars": null } }),
                &[json!(["media", "@", "stars"]), json!(["book", "stars"])],
                &["media"],
            ),
        )
        .await;
    callers
        .expect(
            Some(json!({ "scope": "all" })),
            query,
            (
                json!({
                    "media": [{ "stars": { "average": 4 } }, { "stars": { "average": 2 } }],
                    "book": { "stars": { "sum": 40 } },
                }),
                &[],
                &["media", "reviews"],
            ),
        )
        .await;
}

/// A field that requires a protected one must be protected as well, and is: what it requires is
/// not fetched for those who may not see it.
#[tokio::test]
async fn fields_require_what_their_callers_may_see() {
    let wages = r#"
        type Query { staff: [Person!]! }
        type Person @key(fields: "id") { id: ID! wage: Int @requiresScopes(scopes: [["pay"]]) }
        "#;
    let told = refusal([
        ("wages", wages),
        (
            "taxes",
            r#"
            type Person @key(fields: "id") {
                id: ID!
                wage: Int @external
                tax: String @requires(fields: "wage")
            }
            "#,
        ),
    ]);
    assert!(
        told.contains("MISSING_TRANSITIVE_AUTH_REQUIREMENTS"),
        "{told}"
    );
    let callers = Callers::of([
        (
            "wages",
            wages,
            json!({ "Query": { "staff": ["1"] }, "Person": [{ "id": "1", "wage": 50 }] }),
        ),
        (
            "taxes",
            r#"
            type Person @key(fields: "id") {
                id: ID!
                wage: Int @external
                tax: String @requires(fields: "wage") @requiresScopes(scopes: [["pay"]])
            }
            "#,
            json!({ "Person": [{ "tax": "=half of {wage}" }] }),
        ),
    ])
    .await;
    let query = "{ staff { id tax } }";
    callers
        .expect(
            Some(json!({ "scope": "other" })),
            query,
            (
                json!({ "staff": [{ "id": "1", "tax": null }] }),
                &[json!(["staff", "@", "tax"])],
                &["wages"],
            ),
        )
        .await;
    callers
        .expect(
            Some(json!({ "scope": "pay" })),
            query,
            (
                json!({ "staff": [{ "id": "1", "tax": "half of 50" }] }),
                &[],
                &["taxes", "wages"],
            ),
        )
        .await;
}

/// Nobody tells the router of policies: a field, a type and a mutation that need one are denied,
/// whatever else the caller may do.
#[tokio::test]
async fn policies_are_denied_to_everyone() {
    let callers = Callers::of([
        (
            "a",
            r#"
            type Query { user: User }
            type Mutation { ban: Int @policy(policies: [["moderator"], ["owner"]]) ping: Int }
            type User @key(fields: "id") { id: ID! name: String }
            "#,
            json!({
                "Query": { "user": "1" },
                "Mutation": { "ban": "!must not run", "ping": 1 },
                "User": [{ "id": "1", "name": "Ada" }],
            }),
        ),
        (
            "b",
            r#"
            type User @key(fields: "id") {
                id: ID!
                card: Card
                plan: String @authenticated @policy(policies: [["billing"]])
            }
            type Card @policy(policies: [["billing"]]) { number: String }
            "#,
            json!({ "User": [{ "id": "1", "card": "!not to be asked", "plan": "!not to be asked" }] }),
        ),
    ])
    .await;
    for claims in [None, Some(json!({ "scope": "billing moderator owner" }))] {
        callers
            .expect(
                claims.clone(),
                "{ user { name card { number } plan } }",
                (
                    json!({ "user": { "name": "Ada", "card": null, "plan": null } }),
                    &[json!(["user", "card"]), json!(["user", "plan"])],
                    &["a"],
                ),
            )
            .await;
        callers
            .expect(
                claims,
                "mutation { ban ping }",
                (json!({ "ban": null, "ping": 1 }), &[json!(["ban"])], &["a"]),
            )
            .await;
    }
}
