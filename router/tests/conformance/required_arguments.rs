//! `@requires` of fields with arguments, beside those that the client asks for.

use serde_json::json;

use crate::support::Graph;

/// What is required is fetched with the arguments of the requirement, beside the client's own.
#[tokio::test]
async fn requires_fields_with_arguments() {
    let graph = Graph::open([
        (
            "money",
            r#"
            type Query { item: Item }
            type Item @key(fields: "id") { id: ID! price(currency: String! = "EUR"): String! }
            "#,
            json!({
                "Query": { "item": "i" },
                "Item": [{ "id": "i", "price": "=5 {args.currency}" }],
            }),
        ),
        (
            "customs",
            r#"
            type Item @key(fields: "id") {
                id: ID!
                price(currency: String! = "EUR"): String! @external
                duty: String @requires(fields: "price(currency: \"USD\")")
            }
            "#,
            json!({ "Item": [{ "duty": "=half of {price}" }] }),
        ),
    ])
    .await;
    graph
        .expect(
            "{ item { duty } }",
            json!({ "item": { "duty": "half of 5 USD" } }),
            "customs money",
        )
        .await;
    graph
        .expect(
            r#"{ item { price duty rub: price(currency: "RUB") } }"#,
            json!({ "item": { "price": "5 EUR", "duty": "half of 5 USD", "rub": "5 RUB" } }),
            "customs money",
        )
        .await;
}

/// So is what is required of an object within the entity.
#[tokio::test]
async fn requires_fields_with_arguments_of_objects() {
    let graph = Graph::open([
        (
            "store",
            r#"
            type Query { parcel: Parcel }
            type Parcel @key(fields: "id") { id: ID! size: Size }
            type Size { width(unit: String! = "in"): String! height: Int }
            "#,
            json!({
                "Query": { "parcel": "p" },
                "Parcel": [{ "id": "p", "size": { "width": "=5 {args.unit}", "height": 2 } }],
            }),
        ),
        (
            "post",
            r#"
            type Parcel @key(fields: "id") {
                id: ID!
                size: Size @external
                postage: String @requires(fields: "size { width(unit: \"cm\") height }")
                label: String @requires(fields: "size { width }")
            }
            type Size { width(unit: String! = "in"): String! @external height: Int @external }
            "#,
            json!({ "Parcel": [{ "postage": "=for {size.width}", "label": "={size.width} wide" }] }),
        ),
    ])
    .await;
    graph
        .expect(
            "{ parcel { size { width height } postage } }",
            json!({ "parcel": { "size": { "width": "5 in", "height": 2 }, "postage": "for 5 cm" } }),
            "post store",
        )
        .await;
    graph
        .expect(
            r#"{ parcel { mine: size { width(unit: "mm") } size { width } postage } }"#,
            json!({ "parcel": {
                "mine": { "width": "5 mm" }, "size": { "width": "5 in" }, "postage": "for 5 cm",
            } }),
            "post store",
        )
        .await;
    graph
        .expect(
            r#"{ parcel { size { width(unit: "mm") } label } }"#,
            json!({ "parcel": { "size": { "width": "5 mm" }, "label": "5 in wide" } }),
            "post store",
        )
        .await;
}
