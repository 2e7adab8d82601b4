//! `@tag`: names that the supergraph keeps, and that no client sees.

use std::collections::BTreeSet;

use apollo_compiler::ast::{Definition, Document};
use serde_json::json;

use crate::support::{Graph, LINK, compose_parts};

/// Everywhere that a tag may be.
#[tokio::test]
async fn tags_change_no_answer() {
    let graph = Graph::open([
        (
            "a",
            r#"
            type Query {
                rows(first: Int @tag(name: "page"), by: By): [Row!]!
                any: Any
            }
            type Row @key(fields: "id") @tag(name: "public") { id: ID! heavy: Int @tag(name: "x") }
            interface Named @tag(name: "i") { name: String }
            type Box implements Named @tag(name: "o") { name: String @tag(name: "f") }
            union Any @tag(name: "u") = Box | Row
            input By @tag(name: "in") { text: Text @tag(name: "field") }
            scalar Text @tag(name: "s")
            "#,
            json!({
                "Query": { "rows": ["1"], "any": { "__typename": "Box", "name": "b" } },
                "Row": [{ "id": "1", "heavy": 5 }],
            }),
        ),
        (
            "b",
            r#"
            type Row @key(fields: "id") @tag(name: "internal") { id: ID! kind: Kind @tag(name: "x") }
            enum Kind @tag(name: "e") { A @tag(name: "y") B }
            "#,
            json!({ "Row": [{ "id": "1", "kind": "B" }] }),
        ),
    ])
    .await;
    graph
        .expect(
            r#"{ rows(first: 1, by: { text: "t" }) { heavy kind } any { ... on Named { name } } }"#,
            json!({ "rows": [{ "heavy": 5, "kind": "B" }], "any": { "name": "b" } }),
            "a b",
        )
        .await;
    graph
        .expect(
            r#"{ __type(name: "Row") { name fields { name } } __schema { directives { name } } }"#,
            json!({
                "__type": { "name": "Row", "fields": [{ "name": "id" }, { "name": "heavy" }, { "name": "kind" }] },
                "__schema": { "directives": [
                    { "name": "skip" }, { "name": "include" }, { "name": "deprecated" },
                    { "name": "specifiedBy" }, { "name": "defer" },
                ] },
            }),
            "",
        )
        .await;
}

/// The tags of `type_name` and of each of its fields.
fn tags(supergraph: &str, type_name: &str) -> BTreeSet<String> {
    let document = Document::parse(supergraph, "supergraph.graphql").unwrap();
    let names = |place: &str, directives: &apollo_compiler::ast::DirectiveList| {
        let tags = directives.get_all("tag");
        let names = tags.filter_map(|tag| tag.specified_argument_by_name("name")?.as_str());
        names
            .map(|name| format!("{place} {name}"))
            .collect::<Vec<_>>()
    };
    let mut found = BTreeSet::new();
    for definition in &document.definitions {
        if let Definition::ObjectTypeDefinition(object) = definition
            && object.name == type_name
        {
            found.extend(names(type_name, &object.directives));
            for field in &object.fields {
                found.extend(names(&field.name, &field.directives));
            }
        }
    }
    found
}

/// What several subgraphs say of one thing is put together.
#[tokio::test]
async fn tags_of_all_subgraphs_come_together() {
    let a = r#"
        type Query { bike: Bike }
        type Bike @key(fields: "id") @tag(name: "shared") @tag(name: "a") {
            id: ID! @tag(name: "key")
            color: String @shareable @tag(name: "a")
        }
        "#;
    let b = r#"
        type Bike @key(fields: "id") @tag(name: "shared") @tag(name: "b") {
            id: ID!
            color: String @shareable @tag(name: "b")
            gears: Int @tag(name: "b")
        }
        "#;
    let data = json!({
        "Query": { "bike": "1" },
        "Bike": [{ "id": "1", "color": "red", "gears": 21 }],
    });
    let (linked_a, linked_b) = (format!("{LINK}{a}"), format!("{LINK}{b}"));
    let parts = vec![
        ("a", linked_a.as_str(), data.clone()),
        ("b", &linked_b, data.clone()),
    ];
    let (supergraph, _servers) = compose_parts(parts).await;
    let expected = [
        "Bike a",
        "Bike b",
        "Bike shared",
        "color a",
        "color b",
        "gears b",
        "id key",
    ];
    assert_eq!(
        tags(&supergraph, "Bike"),
        expected.into_iter().map(str::to_owned).collect()
    );
    let graph = Graph::open([("a", a, data.clone()), ("b", b, data)]).await;
    graph
        .expect(
            "{ bike { color gears } }",
            json!({ "bike": { "color": "red", "gears": 21 } }),
            "a b",
        )
        .await;
}

/// One subgraph gives the directive another name, one does not import it.
#[tokio::test]
async fn tags_may_have_other_names() {
    let graph = Graph::open_unlinked([
        (
            "renames",
            r#"
            extend schema @link(
                url: "https://specs.apollo.dev/federation/v2.3"
                import: ["@key", { name: "@tag", as: "@tag" }]
            )
            type Query { lamp: Lamp }
            type Lamp @key(fields: "id") @tag(name: "public") { id: ID! watts: Int @tag(name: "unit/w") }
            "#,
            json!({ "Query": { "lamp": "1" }, "Lamp": [{ "id": "1", "watts": 40 }] }),
        ),
        (
            "prefixes",
            r#"
            extend schema @link(url: "https://specs.apollo.dev/federation/v2.3", import: ["@key"])
            type Lamp @key(fields: "id") { id: ID! lit: Boolean @federation__tag(name: "state") }
            "#,
            json!({ "Lamp": [{ "id": "1", "lit": true }] }),
        ),
    ])
    .await;
    graph
        .expect(
            "{ lamp { watts lit } }",
            json!({ "lamp": { "watts": 40, "lit": true } }),
            "prefixes renames",
        )
        .await;
}
