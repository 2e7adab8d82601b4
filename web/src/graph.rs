//! Client of the router: stored GraphQL operations, and what they answer.

mod followed;

use std::{net::IpAddr, time::Duration};

use http::{
    HeaderMap, HeaderValue, StatusCode,
    header::{ACCEPT, ACCEPT_LANGUAGE, AUTHORIZATION, CONTENT_TYPE},
};
use serde::{Deserialize, de::DeserializeOwned};
use serde_json::{Value, json};
use setwise_service::{Locale, trace};
use url::Url;

pub(crate) use followed::{Followed, Told};

const CONNECT_TIMEOUT: Duration = Duration::from_secs(2);
/// Above what the router itself waits for a subgraph.
const TIMEOUT: Duration = Duration::from_secs(30);
/// Above what the router lets a subscription live: as long as its access token.
const FOLLOWED: Duration = Duration::from_hours(1);

/// One operation of an `operations.graphql`.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Operation {
    pub(crate) document: &'static str,
    pub(crate) name: &'static str,
}

impl Operation {
    pub(crate) const fn new(document: &'static str, name: &'static str) -> Self {
        Self { document, name }
    }
}

/// For whom an operation runs.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Caller<'a> {
    pub(crate) access_token: Option<&'a str>,
    pub(crate) locale: Locale,
    pub(crate) address: Option<IpAddr>,
}

#[derive(Debug, thiserror::Error)]
pub(crate) enum GraphError {
    #[error("the router does not answer")]
    Unreachable(#[source] reqwest::Error),
    #[error("a part of the graph does not answer: {0}")]
    PartUnavailable(String),
    #[error("the viewer is not signed in")]
    Unauthenticated,
    #[error("the viewer may not do this")]
    Forbidden,
    #[error("there is no such thing")]
    NotFound,
    #[error("too many requests")]
    RateLimited,
    #[error("the router cannot use what was asked: {0}")]
    BadInput(String),
    #[error("unexpected answer to {operation}: {reason}")]
    Unexpected {
        operation: &'static str,
        reason: String,
    },
}

#[derive(Clone)]
pub(crate) struct Graph {
    http: reqwest::Client,
    router: Url,
}

#[derive(Deserialize)]
struct Answer {
    #[serde(default)]
    data: Value,
    #[serde(default)]
    errors: Vec<ErrorEntry>,
}

#[derive(Deserialize)]
struct ErrorEntry {
    message: String,
    #[serde(default)]
    extensions: Extensions,
}

#[derive(Default, Deserialize)]
struct Extensions {
    code: Option<String>,
}

impl Graph {
    pub(crate) fn new(router: Url) -> anyhow::Result<Self> {
        let http = reqwest::Client::builder()
            .connect_timeout(CONNECT_TIMEOUT)
            .timeout(TIMEOUT)
            .redirect(reqwest::redirect::Policy::none())
            .build()?;
        Ok(Self { http, router })
    }

    /// Runs `operation`. What a dead part of the graph leaves null is left to
    /// `T`: an error is answered only when `T` cannot do without.
    #[tracing::instrument(skip_all, name = "graph", fields(graphql.operation.name = operation.name))]
    pub(crate) async fn run<T: DeserializeOwned>(
        &self,
        operation: Operation,
        variables: Value,
        caller: Caller<'_>,
    ) -> Result<T, GraphError> {
        let request = self.request(operation, &variables, caller);
        let response = request.send().await.map_err(GraphError::Unreachable)?;
        read_whole(operation, response).await
    }

    /// Runs `operation` for the one thing that `pick` takes from its answer: `None` only when the graph says that it is
    /// not there. Where a part of the graph fails, a null says nothing.
    #[tracing::instrument(skip_all, name = "graph", fields(graphql.operation.name = operation.name))]
    pub(crate) async fn find<A: DeserializeOwned, T>(
        &self,
        operation: Operation,
        variables: Value,
        caller: Caller<'_>,
        pick: impl FnOnce(A) -> Option<T>,
    ) -> Result<Option<T>, GraphError> {
        let request = self.request(operation, &variables, caller);
        let response = request.send().await.map_err(GraphError::Unreachable)?;
        let answer = answer_of(operation, response).await?;
        read_one(operation, answer, pick)
    }

    /// Subscribes to `operation`.
    #[tracing::instrument(skip_all, name = "graph", fields(graphql.operation.name = operation.name))]
    pub(crate) async fn follow(
        &self,
        operation: Operation,
        variables: Value,
        caller: Caller<'_>,
    ) -> Result<Followed, GraphError> {
        let request = self
            .request(operation, &variables, caller)
            .header(ACCEPT, "text/event-stream")
            .timeout(FOLLOWED);
        let response = request.send().await.map_err(GraphError::Unreachable)?;
        let media = response.headers().get(CONTENT_TYPE);
        if media.is_some_and(|media| media.as_bytes().starts_with(b"text/event-stream")) {
            return Ok(Followed::new(response));
        }
        let answer: Value = read_whole(operation, response).await?;
        Err(GraphError::Unexpected {
            operation: operation.name,
            reason: format!("no events but {answer}"),
        })
    }

    fn request(
        &self,
        operation: Operation,
        variables: &Value,
        caller: Caller<'_>,
    ) -> reqwest::RequestBuilder {
        let body = json!({
            "query": operation.document,
            "operationName": operation.name,
            "variables": variables,
        });
        let request = self.http.post(self.at("/graphql"));
        request.headers(headers(caller)).json(&body)
    }

    /// `path_and_query` at the router, whatever host the graph wrote into it.
    pub(crate) fn at(&self, path_and_query: &str) -> Url {
        let mut url = self.router.clone();
        let (path, query) = match path_and_query.split_once('?') {
            Some((path, query)) => (path, Some(query)),
            None => (path_and_query, None),
        };
        let base = self.router.path().trim_end_matches('/');
        url.set_path(&format!("{base}{path}"));
        url.set_query(query);
        url
    }

    pub(crate) fn http(&self) -> &reqwest::Client {
        &self.http
    }
}

async fn read_whole<T: DeserializeOwned>(
    operation: Operation,
    response: reqwest::Response,
) -> Result<T, GraphError> {
    let answer = answer_of(operation, response).await?;
    read(operation, answer).map(|(data, _)| data)
}

async fn answer_of(
    operation: Operation,
    response: reqwest::Response,
) -> Result<Answer, GraphError> {
    let status = response.status();
    let bytes = response.bytes().await.map_err(GraphError::Unreachable)?;
    serde_json::from_slice(&bytes).map_err(|_| not_graphql(operation, status))
}

fn headers(caller: Caller<'_>) -> HeaderMap {
    let mut headers = HeaderMap::new();
    let language = HeaderValue::from_static(caller.locale.tag());
    headers.insert(ACCEPT_LANGUAGE, language);
    if let Some(token) = caller.access_token
        && let Ok(mut value) = HeaderValue::from_str(&format!("Bearer {token}"))
    {
        value.set_sensitive(true);
        headers.insert(AUTHORIZATION, value);
    }
    if let Some(address) = caller.address
        && let Ok(value) = HeaderValue::from_str(&address.to_string())
    {
        headers.insert("x-forwarded-for", value);
    }
    trace::inject(&mut headers);
    headers
}

fn not_graphql(operation: Operation, status: StatusCode) -> GraphError {
    match status {
        StatusCode::TOO_MANY_REQUESTS => GraphError::RateLimited,
        StatusCode::UNAUTHORIZED => GraphError::Unauthenticated,
        _ if status.is_server_error() => GraphError::PartUnavailable(format!("status {status}")),
        _ => GraphError::Unexpected {
            operation: operation.name,
            reason: format!("status {status} without GraphQL"),
        },
    }
}

impl ErrorEntry {
    fn code(&self) -> &str {
        self.extensions.code.as_deref().unwrap_or_default()
    }
}

/// The data, and what went wrong with what is missing in it.
fn read<T: DeserializeOwned>(
    operation: Operation,
    answer: Answer,
) -> Result<(T, Vec<ErrorEntry>), GraphError> {
    let errors = answer.errors;
    if errors.iter().any(|entry| entry.code() == "UNAUTHENTICATED") {
        return Err(GraphError::Unauthenticated);
    }
    match T::deserialize(answer.data) {
        Ok(data) => {
            for entry in &errors {
                tracing::warn!(
                    graphql.error.code = entry.code(),
                    graphql.error.message = entry.message,
                    "answered in part"
                );
            }
            Ok((data, errors))
        }
        Err(reason) => {
            let failure = failure(operation, &errors);
            Err(failure.unwrap_or_else(|| GraphError::Unexpected {
                operation: operation.name,
                reason: reason.to_string(),
            }))
        }
    }
}

fn read_one<A: DeserializeOwned, T>(
    operation: Operation,
    answer: Answer,
    pick: impl FnOnce(A) -> Option<T>,
) -> Result<Option<T>, GraphError> {
    let (data, errors) = read(operation, answer)?;
    match (pick(data), failure(operation, &errors)) {
        (None, Some(GraphError::NotFound) | None) => Ok(None),
        (None, Some(failure)) => Err(failure),
        (found, _) => Ok(found),
    }
}

/// What errors come to; that something is not there counts only when nothing else is wrong.
fn failure(operation: Operation, errors: &[ErrorEntry]) -> Option<GraphError> {
    let has = |wanted: &str| errors.iter().any(|entry| entry.code() == wanted);
    if has("FORBIDDEN") {
        return Some(GraphError::Forbidden);
    }
    if has("RATE_LIMITED") {
        return Some(GraphError::RateLimited);
    }
    let mut telling = errors.iter().filter(|entry| entry.code() != "NOT_FOUND");
    let Some(entry) = telling.next() else {
        return (!errors.is_empty()).then_some(GraphError::NotFound);
    };
    Some(match entry.code() {
        "BAD_USER_INPUT" => GraphError::BadInput(entry.message.clone()),
        code if code == "INTERNAL_SERVER_ERROR" || code.starts_with("GRAPHQL_") => {
            GraphError::Unexpected {
                operation: operation.name,
                reason: format!("{code}: {}", entry.message),
            }
        }
        _ => GraphError::PartUnavailable(entry.message.clone()),
    })
}

/// A mutation's answer: every stored mutation names its field `payload`.
#[derive(Deserialize)]
pub(crate) struct Mutated<T> {
    pub(crate) payload: Payload<T>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Payload<T> {
    #[serde(flatten)]
    pub(crate) entity: T,
    pub(crate) user_errors: Vec<UserError>,
}

/// For mutations of which only the success counts.
#[derive(Deserialize)]
pub(crate) struct Done {}

#[derive(Clone, Debug, Deserialize)]
pub(crate) struct UserError {
    pub(crate) code: String,
    /// In the viewer's language.
    pub(crate) message: String,
    #[serde(default)]
    pub(crate) field: Option<Vec<String>>,
}

#[derive(Clone, Debug, Deserialize)]
pub(crate) struct Connection<T> {
    pub(crate) nodes: Vec<T>,
    #[serde(rename = "pageInfo")]
    pub(crate) page_info: PageInfo,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct PageInfo {
    pub(crate) has_next_page: bool,
    pub(crate) end_cursor: Option<String>,
}

impl PageInfo {
    /// Where the next page begins, when there is one.
    pub(crate) fn next(&self) -> Option<&str> {
        self.end_cursor.as_deref().filter(|_| self.has_next_page)
    }
}

#[cfg(test)]
mod tests {
    use std::{fs, path::Path};

    use apollo_compiler::{ExecutableDocument, Schema};

    use super::*;

    const OPERATION: Operation = Operation::new("query Me { me { id } }", "Me");

    fn answer(value: Value) -> Result<Value, GraphError> {
        #[derive(Deserialize)]
        struct Me {
            me: Value,
        }
        let answer = serde_json::from_value(value).unwrap();
        read::<Me>(OPERATION, answer).map(|(data, _)| data.me)
    }

    fn one(codes: &[&str]) -> Result<Option<Value>, GraphError> {
        #[derive(Deserialize)]
        struct Found {
            workout: Option<Value>,
        }
        let error = |code: &&str| json!({ "message": "no", "extensions": { "code": code } });
        let errors: Vec<Value> = codes.iter().map(error).collect();
        let answer = json!({ "data": { "workout": null }, "errors": errors });
        let answer = serde_json::from_value(answer).unwrap();
        read_one(OPERATION, answer, |found: Found| found.workout)
    }

    #[test]
    fn only_the_graph_itself_says_that_something_is_not_there() {
        assert!(matches!(one(&[]), Ok(None)));
        assert!(matches!(one(&["NOT_FOUND"]), Ok(None)));
        assert!(matches!(
            one(&["NOT_FOUND", "SUBREQUEST_HTTP_ERROR"]),
            Err(GraphError::PartUnavailable(_))
        ));
        assert!(matches!(
            one(&["INTERNAL_SERVER_ERROR"]),
            Err(GraphError::Unexpected { .. })
        ));
        assert!(matches!(
            one(&["BAD_USER_INPUT"]),
            Err(GraphError::BadInput(_))
        ));
    }

    #[test]
    fn a_partial_answer_is_an_answer() {
        let partial = answer(json!({
            "data": { "me": { "id": "1" } },
            "errors": [{ "message": "files is down", "extensions": { "code": "DOWN" } }],
        }));
        assert_eq!(partial.unwrap()["id"], "1");
    }

    #[test]
    fn errors_are_told_apart_by_their_code() {
        let error = |code: &str| {
            answer(json!({
                "data": null,
                "errors": [{ "message": "no", "extensions": { "code": code } }],
            }))
            .unwrap_err()
        };
        assert!(matches!(
            error("UNAUTHENTICATED"),
            GraphError::Unauthenticated
        ));
        assert!(matches!(error("RATE_LIMITED"), GraphError::RateLimited));
        assert!(matches!(error("FORBIDDEN"), GraphError::Forbidden));
        assert!(matches!(error("NOT_FOUND"), GraphError::NotFound));
        assert!(matches!(error("BAD_USER_INPUT"), GraphError::BadInput(_)));
        assert!(matches!(
            error("SUBREQUEST_HTTP_ERROR"),
            GraphError::PartUnavailable(_)
        ));
        assert!(matches!(
            error("INTERNAL_SERVER_ERROR"),
            GraphError::Unexpected { .. }
        ));
    }

    #[test]
    fn urls_of_the_graph_are_asked_of_the_router() {
        let graph = Graph::new("http://router:4000".parse().unwrap()).unwrap();
        let url = graph.at("/files/1?signature=a%2Fb");
        assert_eq!(url.as_str(), "http://router:4000/files/1?signature=a%2Fb");
    }

    #[test]
    fn every_stored_operation_fits_the_supergraph() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR"));
        let api = fs::read_to_string(root.join("../supergraph.graphql")).unwrap();
        let schema = Schema::parse_and_validate(api, "supergraph.graphql").unwrap();
        let mut checked = 0;
        for entry in fs::read_dir(root.join("src")).unwrap() {
            let path = entry.unwrap().path().join("operations.graphql");
            let Ok(document) = fs::read_to_string(&path) else {
                continue;
            };
            if let Err(error) = ExecutableDocument::parse_and_validate(&schema, document, &path) {
                panic!("{}", error.errors);
            }
            checked += 1;
        }
        assert!(checked > 0);
    }
}
