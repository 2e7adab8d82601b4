//! Directives of federation under other names: with a prefix, or renamed as they are imported.

use std::sync::Arc;

use serde_json::{Value, json};
use setwise_router::{Claims, Graph as Loaded, GraphRequest};

use crate::support::{Graph, compose_parts, config};

const URL: &str = "https://specs.apollo.dev/federation/v2.9";

/// Longer names before those that they begin with.
const DIRECTIVES: [&str; 10] = [
    "@requiresScopes",
    "@requires",
    "@key",
    "@external",
    "@interfaceObject",
    "@inaccessible",
    "@authenticated",
    "@policy",
    "@cost",
    "@listSize",
];

/// How directives are called.
#[derive(Clone, Copy, Debug)]
enum Names {
    /// `@federation__key`
    Whole,
    /// `@fed__key`
    Prefixed,
    /// `@keyOfMine`
    Imported,
}

const ALL: [Names; 3] = [Names::Whole, Names::Prefixed, Names::Imported];

impl Names {
    /// `sdl` with these names.
    fn call(self, sdl: &str) -> String {
        let link = match self {
            Self::Whole => format!("@link(url: \"{URL}\")"),
            Self::Prefixed => format!("@link(url: \"{URL}\", as: \"fed\")"),
            Self::Imported => {
                let used = DIRECTIVES.iter().filter(|name| sdl.contains(**name));
                let imports: Vec<_> = used
                    .map(|name| format!("{{ name: \"{name}\", as: \"{name}OfMine\" }}"))
                    .collect();
                format!("@link(url: \"{URL}\", import: [{}])", imports.join(", "))
            }
        };
        // `#` marks those that are done
        let renamed = DIRECTIVES.iter().fold(sdl.to_owned(), |sdl, name| {
            let bare = &name[1..];
            let new_name = match self {
                Self::Whole => format!("#federation__{bare}"),
                Self::Prefixed => format!("#fed__{bare}"),
                Self::Imported => format!("#{bare}OfMine"),
            };
            sdl.replace(name, &new_name)
        });
        format!("extend schema {link} {}", renamed.replace('#', "@"))
    }
}

#[tokio::test]
async fn requirements_are_met() {
    for names in ALL {
        let shop = names.call(
            r#"
            type Query { orders: [Order!]! }
            type Order @key(fields: "id") { id: ID! item: Item }
            union Item = Book | Disc
            interface Good { code: String! }
            type Book implements Good { code: String! pages: Int }
            type Disc implements Good { code: String! minutes: Int }
            "#,
        );
        let post = names.call(
            r#"
            type Order @key(fields: "id") {
                id: ID!
                item: Item @external
                fee: String @requires(fields: "item { ... on Good { code } }")
            }
            union Item = Book | Disc
            interface Good { code: String! }
            type Book implements Good { code: String! @external }
            type Disc implements Good { code: String! @external }
            "#,
        );
        let orders = json!({
            "Query": { "orders": ["1"] },
            "Order": [{ "id": "1", "item": { "__typename": "Disc", "code": "d" } }],
        });
        let fees = json!({ "Order": [{ "fee": "=fee {item}" }] });
        let graph = Graph::open_unlinked([("shop", &shop, orders), ("post", &post, fees)]).await;
        let answer = graph.ask("{ orders { fee } }", json!({})).await;
        let fee = answer["data"]["orders"][0]["fee"].as_str();
        assert!(
            fee.is_some_and(|fee| fee.contains("\"d\"")),
            "{names:?} {answer}"
        );
    }
}

#[tokio::test]
async fn interface_objects_require_what_others_have() {
    for names in ALL {
        let ware = names.call(
            r#"
            type Query { goods: [Good!]! }
            interface Good @key(fields: "sku") { sku: ID! cost: Int! }
            type Lamp implements Good @key(fields: "sku") { sku: ID! cost: Int! }
            "#,
        );
        let price = names.call(
            r#"
            type Good @key(fields: "sku") @interfaceObject {
                sku: ID!
                cost: Int! @external
                price: String! @requires(fields: "cost")
            }
            "#,
        );
        let goods = json!({
            "Query": { "goods": ["Lamp:l"] },
            "Lamp": [{ "sku": "l", "cost": 9 }],
        });
        let prices = json!({ "Good": [{ "price": "=2x{cost}" }] });
        let graph = Graph::open_unlinked([("ware", &ware, goods), ("price", &price, prices)]).await;
        let answer = graph.ask("{ goods { price } }", json!({})).await;
        let expected = json!({ "data": { "goods": [{ "price": "2x9" }] } });
        assert_eq!(answer, expected, "{names:?}");
    }
}

async fn answered(sdl: &str, data: Value, claims: Option<Value>, query: &str) -> (Value, String) {
    let (supergraph, _servers) = compose_parts(vec![("one", sdl, data)]).await;
    let mut config = config(supergraph.clone());
    config.limits.max_cost = Some(100.0);
    let graph = Loaded::load(&config).await.unwrap();
    let request = GraphRequest {
        query: query.into(),
        claims: claims.map(|claims| Arc::new(Claims(claims.as_object().unwrap().clone()))),
        ..GraphRequest::default()
    };
    let response = graph.execute(request).await;
    let answer = serde_json::from_slice(&response.to_json()).unwrap();
    (answer, supergraph)
}

#[tokio::test]
async fn what_is_protected_is_denied() {
    for names in ALL {
        let sdl = names.call(
            r#"
            type Query {
                open: Int
                known: Int @authenticated
                scoped: Int @requiresScopes(scopes: [["read"]])
                judged: Int @policy(policies: [["never"]])
                hidden: Int @inaccessible
            }
            "#,
        );
        let data = json!({ "Query": {
            "open": 1, "known": 2, "scoped": 3, "judged": 4, "hidden": 5,
        } });
        for (claims, expected) in [
            (
                None,
                json!({ "open": 1, "known": null, "scoped": null, "judged": null }),
            ),
            (
                Some(json!({ "scope": "read" })),
                json!({ "open": 1, "known": 2, "scoped": 3, "judged": null }),
            ),
        ] {
            let query = "{ open known scoped judged }";
            let (answer, sdl) = answered(&sdl, data.clone(), claims, query).await;
            assert_eq!(answer["data"], expected, "{names:?} {sdl}");
        }
        let (answer, sdl) = answered(&sdl, data, None, "{ hidden }").await;
        let code = &answer["errors"][0]["extensions"]["code"];
        assert_eq!(code, "GRAPHQL_VALIDATION_FAILED", "{names:?} {sdl}");
    }
}

#[tokio::test]
async fn what_costs_too_much_is_refused() {
    for names in ALL {
        let sdl = names.call(
            r"
            type Query { dear: Int @cost(weight: 101) many: [Item!] @listSize(assumedSize: 101) }
            type Item { id: ID! }
            ",
        );
        let data = json!({ "Query": { "dear": 1, "many": [] } });
        for query in ["{ dear }", "{ many { id } }"] {
            let (answer, sdl) = answered(&sdl, data.clone(), None, query).await;
            let code = &answer["errors"][0]["extensions"]["code"];
            assert_eq!(
                code, "OPERATION_LIMIT_EXCEEDED",
                "{names:?} {query} {answer} {sdl}"
            );
        }
    }
}
