use std::fmt;

use reqwest::{Method, Response};
use serde_json::{Value, json};
use setwise_e2e::{Person, Stack, client};

/// A client of `/v1` and of `/graphql`, signed in or not.
#[derive(Clone)]
pub struct Api(Person);

/// What a REST call answered.
pub struct Answer {
    /// Method and path, to tell which one failed.
    request: String,
    pub status: u16,
    pub body: Value,
}

impl Api {
    pub fn new(stack: &Stack) -> Self {
        Self(Person::stranger(stack))
    }

    pub fn in_russian(&self) -> Self {
        let mut person = self.0.clone();
        person.language = "ru";
        Self(person)
    }

    pub fn with_token(&self, token: &str) -> Self {
        let mut person = self.0.clone();
        person.access_token = Some(token.to_owned());
        Self(person)
    }

    pub fn without_token(&self) -> Self {
        let mut person = self.0.clone();
        person.access_token = None;
        Self(person)
    }

    /// One REST call; null is no body.
    pub async fn call(&self, method: &str, path: &str, body: &Value) -> Answer {
        let request = format!("{method} {path}");
        let method = method.parse().expect("a method");
        let body = Some(body.clone()).filter(|body| !body.is_null());
        let (status, body) = self.0.rest(method, path, body).await;
        Answer {
            request,
            status: status.as_u16(),
            body,
        }
    }

    /// One REST call with a body as it is, and the token as a bearer's.
    pub async fn call_with(&self, method: &str, path: &str, body: &'static str) -> Answer {
        let response = self.send(method, path, body).await;
        Answer {
            request: format!("{method} {path}"),
            status: response.status().as_u16(),
            body: response.json().await.expect("the answer is JSON"),
        }
    }

    /// As [`Self::call_with`], for whoever asks for the headers.
    pub async fn send(&self, method: &str, path: &str, body: &'static str) -> Response {
        let method: Method = method.parse().expect("a method");
        let url = self.0.router.join(path).expect("a path");
        let mut sending = client().request(method, url).body(body);
        if let Some(token) = &self.0.access_token {
            sending = sending.bearer_auth(token);
        }
        sending.send().await.expect("the router answers")
    }

    pub async fn get(&self, path: &str) -> Value {
        self.call("GET", path, &Value::Null).await.ok()
    }

    pub async fn post(&self, path: &str, body: Value) -> Value {
        self.call("POST", path, &body).await.ok()
    }

    /// As [`Self::post`], with a key by which it is applied once.
    pub async fn post_once(&self, key: &str, path: &str, body: &Value) -> Value {
        let url = self.0.router.join(path).expect("a path");
        let mut sending = client().post(url).header("idempotency-key", key).json(body);
        if let Some(token) = &self.0.access_token {
            sending = sending.bearer_auth(token);
        }
        let response = sending.send().await.expect("the router answers");
        Answer {
            request: format!("POST {path}"),
            status: response.status().as_u16(),
            body: response.json().await.expect("the answer is JSON"),
        }
        .ok()
    }

    pub async fn put(&self, path: &str, body: Value) -> Value {
        self.call("PUT", path, &body).await.ok()
    }

    /// The whole response to a GraphQL operation.
    pub async fn graphql(&self, query: &str, variables: Value) -> Value {
        self.0.graphql(query, variables).await
    }

    /// The data of a GraphQL operation that must not fail.
    pub async fn data(&self, query: &str, variables: Value) -> Value {
        self.0.data(query, variables).await
    }

    /// The payload of a mutation.
    pub async fn mutate(&self, field: &str, entity: &str, input: Value) -> Value {
        self.0.mutate(field, entity, input).await
    }
}

impl fmt::Display for Answer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} -> {} {}", self.request, self.status, self.body)
    }
}

impl Answer {
    /// The body of a success.
    #[track_caller]
    pub fn ok(self) -> Value {
        assert_eq!(self.status, 200, "{self}");
        self.body
    }

    /// The message of an error of that status and code.
    #[track_caller]
    pub fn refused(self, status: u16, code: i64) -> String {
        assert_eq!(self.status, status, "{self}");
        assert_eq!(self.body["code"], code, "{self}");
        assert_eq!(self.body["details"], json!([]), "{self}");
        let message = self.body["message"].as_str().unwrap_or_default();
        assert!(!message.is_empty(), "{self}");
        message.to_owned()
    }

    /// The message of `InvalidArgument`.
    #[track_caller]
    pub fn invalid(self) -> String {
        self.refused(400, 3)
    }

    #[track_caller]
    pub fn not_found(self) -> String {
        self.refused(404, 5)
    }

    #[track_caller]
    pub fn unauthenticated(self) -> String {
        self.refused(401, 16)
    }
}

/// `value["a"]["b"]` of "a.b", as text.
#[track_caller]
pub fn text(value: &Value, path: &str) -> String {
    let found = path
        .split('.')
        .fold(value, |value, key| match key.parse::<usize>() {
            Ok(index) => &value[index],
            Err(_) => &value[key],
        });
    let text = found.as_str();
    text.unwrap_or_else(|| panic!("no text at {path} of {value}"))
        .to_owned()
}
