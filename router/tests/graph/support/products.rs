use async_graphql::{
    EmptyMutation, EmptySubscription, ID, Interface, Json, Object, Schema, SimpleObject, Union,
};
use serde_json::{Value, json};

use super::Subgraph;

pub async fn start() -> Subgraph {
    let schema = Schema::build(Query, EmptyMutation, EmptySubscription)
        .enable_federation()
        .finish();
    Subgraph::serve("products", schema).await
}

struct Query;

struct Product(String);

/// Known here by its key only.
#[derive(SimpleObject)]
#[graphql(unresolvable)]
struct User {
    id: ID,
}

#[derive(SimpleObject)]
struct Book {
    title: String,
    pages: i32,
    author: User,
}

#[derive(SimpleObject)]
struct Film {
    title: String,
    minutes: i32,
    director: User,
}

#[derive(Interface)]
#[graphql(field(name = "title", ty = "&String"))]
enum Media {
    Book(Book),
    Film(Film),
}

#[derive(Union)]
enum Found {
    Product(Product),
    User(User),
}

fn media() -> Vec<Media> {
    vec![
        Media::Book(Book {
            title: "Engines".into(),
            pages: 200,
            author: User { id: "u1".into() },
        }),
        Media::Film(Film {
            title: "Looms".into(),
            minutes: 90,
            director: User { id: "u2".into() },
        }),
    ]
}

fn product(upc: &str) -> Option<Product> {
    ["p1", "p2"].contains(&upc).then(|| Product(upc.to_owned()))
}

#[Object]
impl Query {
    async fn products(&self) -> Vec<Option<Product>> {
        vec![product("p1"), None, product("p2")]
    }

    async fn product(&self, upc: ID) -> Option<Product> {
        product(&upc)
    }

    async fn media(&self) -> Vec<Media> {
        media()
    }

    async fn search(&self) -> Vec<Found> {
        vec![
            Found::Product(Product("p1".into())),
            Found::User(User { id: "u2".into() }),
        ]
    }

    #[graphql(entity)]
    async fn find_product(&self, upc: ID) -> Option<Product> {
        product(&upc)
    }
}

#[Object]
impl Product {
    async fn upc(&self) -> ID {
        ID(self.0.clone())
    }

    async fn name(&self, loud: Option<bool>) -> String {
        let name = format!("Product {}", self.0);
        if loud == Some(true) {
            name.to_uppercase()
        } else {
            name
        }
    }

    async fn price(&self) -> i32 {
        10
    }

    async fn weight(&self) -> Option<i32> {
        (self.0 == "p1").then_some(3)
    }

    async fn maker(&self) -> User {
        User { id: "u1".into() }
    }

    /// Any JSON.
    async fn details(&self) -> Json<Value> {
        Json(
            json!({ "size": [1, 2.50], "text": "a \"quoted\" line\n", "big": 9_007_199_254_740_993_i64 }),
        )
    }
}
