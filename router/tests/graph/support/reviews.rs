use async_graphql::{EmptyMutation, EmptySubscription, ID, Object, Schema, SimpleObject};

use super::Subgraph;

/// id, author, product, body
const REVIEWS: [(&str, &str, &str, &str); 4] = [
    ("r1", "u1", "p1", "Good"),
    ("r2", "u1", "p2", "Better"),
    ("r3", "u2", "p1", "Bad"),
    ("r4", "u2", "p1", "Worse"),
];

pub async fn start() -> Subgraph {
    let schema = Schema::build(Query, EmptyMutation, EmptySubscription)
        .enable_federation()
        .finish();
    Subgraph::serve("reviews", schema).await
}

struct Query;

struct User {
    id: ID,
}

struct Product {
    upc: ID,
    price: Option<i32>,
    weight: Option<i32>,
}

#[derive(SimpleObject)]
struct Review {
    id: ID,
    body: String,
    author: User,
    product: Product,
}

fn reviews(is_meant: impl Fn(&str, &str) -> bool) -> Vec<Review> {
    REVIEWS
        .iter()
        .filter(|(_, author, product, _)| is_meant(author, product))
        .map(|(id, author, product, body)| Review {
            id: (*id).into(),
            body: (*body).into(),
            author: User {
                id: (*author).into(),
            },
            product: Product {
                upc: (*product).into(),
                price: None,
                weight: None,
            },
        })
        .collect()
}

#[Object]
impl Query {
    async fn reviews(&self) -> Vec<Review> {
        reviews(|_, _| true)
    }

    #[graphql(entity)]
    async fn find_user(&self, id: ID) -> User {
        User { id }
    }

    #[graphql(entity)]
    async fn find_product(
        &self,
        #[graphql(key)] upc: ID,
        price: Option<i32>,
        weight: Option<i32>,
    ) -> Product {
        Product { upc, price, weight }
    }
}

#[Object]
impl User {
    async fn id(&self) -> &ID {
        &self.id
    }

    async fn reviews(&self, first: Option<i32>) -> Option<Vec<Review>> {
        let mut reviews = reviews(|author, _| *author == *self.id);
        if let Some(first) = first {
            reviews.truncate(usize::try_from(first).unwrap());
        }
        Some(reviews)
    }
}

#[Object]
impl Product {
    async fn upc(&self) -> &ID {
        &self.upc
    }

    #[graphql(external)]
    async fn price(&self) -> i32 {
        self.price.unwrap_or_default()
    }

    #[graphql(external)]
    async fn weight(&self) -> Option<i32> {
        self.weight
    }

    async fn reviews(&self) -> Option<Vec<Review>> {
        Some(reviews(|_, product| *product == *self.upc))
    }

    /// `price x weight`, null when the weight is.
    #[graphql(requires = "price weight")]
    async fn shipping(&self) -> Option<i32> {
        Some(self.price? * self.weight?)
    }
}
