#![expect(clippy::unused_async, reason = "resolvers are async, whatever they do")]

use std::sync::{Arc, Mutex};

use async_graphql::{
    Context, EmptySubscription, Enum, Error, ErrorExtensions as _, ID, InputObject, Object, Schema,
};

use super::Subgraph;

/// Ada is an admin and may not be written to, Bob is her friend.
const NAMES: [(&str, &str); 3] = [("u1", "Ada"), ("u2", "Bob"), ("u3", "Cid")];

pub async fn start() -> Subgraph {
    let schema = Schema::build(Query, Mutation, EmptySubscription)
        .enable_federation()
        .data(Steps::default())
        .finish();
    Subgraph::serve("users", schema).await
}

/// The steps that were taken, and whether one is being taken.
#[derive(Default)]
struct Steps(Arc<Mutex<Vec<i32>>>);

struct Query;
struct Mutation;

struct User(String);

#[derive(Clone, Copy, PartialEq, Eq, Enum)]
enum Role {
    Admin,
    Member,
    #[graphql(inaccessible)]
    Ghost,
}

#[derive(InputObject)]
struct EchoInput {
    text: String,
    #[graphql(default = 1)]
    times: i32,
    tags: Option<Vec<String>>,
}

fn user(id: &str) -> Option<User> {
    let is_known = NAMES.iter().any(|(known, _)| *known == id);
    is_known.then(|| User(id.to_owned()))
}

#[Object]
impl Query {
    async fn me(&self) -> Option<User> {
        user("u1")
    }

    async fn user(&self, id: ID) -> Option<User> {
        user(&id)
    }

    async fn users(&self) -> Vec<User> {
        NAMES.iter().filter_map(|(id, _)| user(id)).collect()
    }

    async fn echo(&self, input: EchoInput) -> String {
        let tags = input.tags.unwrap_or_default().join("+");
        format!(
            "{}{tags}",
            input.text.repeat(usize::try_from(input.times).unwrap())
        )
    }

    #[graphql(entity)]
    async fn find_user(&self, id: ID) -> Option<User> {
        user(&id)
    }
}

#[Object]
impl Mutation {
    /// Answers the steps taken so far, this one included.
    async fn step(&self, ctx: &Context<'_>, n: i32) -> Vec<i32> {
        let Steps(steps) = ctx.data_unchecked();
        steps.lock().unwrap().push(n);
        tokio::task::yield_now().await;
        steps.lock().unwrap().clone()
    }

    async fn touch(&self, id: ID) -> Option<User> {
        user(&id)
    }
}

#[Object]
impl User {
    async fn id(&self) -> ID {
        ID(self.0.clone())
    }

    async fn name(&self) -> &'static str {
        let (_, name) = NAMES.iter().find(|(id, _)| *id == self.0).unwrap();
        name
    }

    async fn email(&self) -> Result<Option<String>, Error> {
        if self.0 == "u1" {
            return Err(
                Error::new("the address is secret").extend_with(|_, extensions| {
                    extensions.set("code", "FORBIDDEN");
                    extensions.set("stacktrace", "secret.rs:1");
                }),
            );
        }
        Ok(Some(format!("{}@example.org", self.0)))
    }

    async fn friends(&self) -> Vec<Option<User>> {
        vec![user("u2"), None, user("u2"), user("u3")]
    }

    async fn role(&self) -> Role {
        match self.0.as_str() {
            "u1" => Role::Admin,
            "u2" => Role::Member,
            _ => Role::Ghost,
        }
    }
}
