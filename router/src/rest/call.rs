use std::{
    marker::PhantomData,
    sync::{Arc, LazyLock},
};

use http::HeaderMap;
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use serde_json::{Map, Value};

use super::failure::{Failure, Problem, UserError};
use crate::{Caller, Graph, GraphError, GraphRequest};

/// A client's key for what it asks to be made: the operation is then applied once however often it is sent. Plain, or
/// in quotes as a structured field.
const KEY_HEADER: &str = "idempotency-key";

/// The most pages that [`Call::every`] walks, of [`PAGE`] things each.
const MAX_PAGES: usize = 100;
const PAGE: i32 = 100;

/// The stored operations of one area, and the subgraph that owns what they ask for.
pub(super) struct Document {
    service: &'static str,
    pub(super) text: LazyLock<Arc<str>>,
}

/// A stored query with variables `V`, whose `result` is read as `T`.
pub(super) struct Query<V, T> {
    stored: Stored,
    types: PhantomData<fn(&V) -> T>,
}

/// A stored mutation with one variable `input`, whose payload's `entity` is read as `T`.
pub(super) struct Mutation<I, T = ()> {
    stored: Stored,
    /// Whether its input takes the key of [`KEY_HEADER`].
    takes_key: bool,
    types: PhantomData<fn(&I) -> T>,
}

struct Stored {
    document: &'static Document,
    name: &'static str,
}

/// One REST call: the graph, and the caller's headers that go with each operation.
pub(super) struct Call {
    graph: Graph,
    headers: HeaderMap,
    caller: Caller,
}

/// A Relay connection of which only the nodes are wanted.
#[derive(Debug, Deserialize)]
pub(super) struct Nodes<T> {
    pub(super) nodes: Vec<T>,
}

/// One page of a Relay connection that is walked to its end.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Page<T> {
    nodes: Vec<T>,
    page_info: PageInfo,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct PageInfo {
    has_next_page: bool,
    end_cursor: Option<String>,
}

/// Variables of a query that [`Call::every`] walks.
#[derive(Debug, Serialize)]
pub(super) struct Paged<F> {
    filter: F,
    first: i32,
    after: Option<String>,
}

/// The variables of a query for one thing.
#[derive(Debug, Serialize)]
pub(super) struct ById {
    pub(super) id: String,
}

/// A mutation's input: the ids of the path together with the fields of the body.
#[derive(Debug, Serialize)]
pub(super) struct Within<P, B> {
    #[serde(flatten)]
    pub(super) place: P,
    #[serde(flatten)]
    pub(super) body: B,
}

#[derive(Deserialize)]
struct Root<T> {
    result: Option<T>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Payload<T> {
    #[serde(default = "Option::default")]
    entity: Option<T>,
    user_errors: Vec<UserError>,
}

impl Document {
    pub(super) const fn new(service: &'static str, text: fn() -> Arc<str>) -> Self {
        Self {
            service,
            text: LazyLock::new(text),
        }
    }
}

impl<V, T> Query<V, T> {
    pub(super) const fn new(document: &'static Document, name: &'static str) -> Self {
        Self {
            stored: Stored { document, name },
            types: PhantomData,
        }
    }
}

impl<I, T> Mutation<I, T> {
    pub(super) const fn new(document: &'static Document, name: &'static str) -> Self {
        Self {
            stored: Stored { document, name },
            takes_key: false,
            types: PhantomData,
        }
    }

    /// A mutation that makes something, once for each `Idempotency-Key`.
    pub(super) const fn making(document: &'static Document, name: &'static str) -> Self {
        Self {
            takes_key: true,
            ..Self::new(document, name)
        }
    }
}

impl Call {
    pub(super) fn new(graph: Graph, headers: HeaderMap, caller: Caller) -> Self {
        Self {
            graph,
            headers,
            caller,
        }
    }

    /// What `query` answers; what is null is not found.
    pub(super) async fn query<V, T>(&self, query: &Query<V, T>, variables: V) -> Result<T, Failure>
    where
        V: Serialize,
        T: DeserializeOwned,
    {
        let variables = object(&query.stored, &variables)?;
        let result = self.run(&query.stored, variables).await?;
        result.ok_or(Failure::NotFound)
    }

    /// All that `query` finds, page after page.
    pub(super) async fn every<F, T>(
        &self,
        query: &Query<Paged<F>, Page<T>>,
        filter: F,
    ) -> Result<Vec<T>, Failure>
    where
        F: Serialize + Clone,
        T: DeserializeOwned,
    {
        let mut found = Vec::new();
        let mut after = None;
        for _ in 0..MAX_PAGES {
            let variables = Paged {
                filter: filter.clone(),
                first: PAGE,
                after,
            };
            let page = self.query(query, variables).await?;
            found.extend(page.nodes);
            after = page.page_info.end_cursor;
            if !page.page_info.has_next_page || after.is_none() {
                return Ok(found);
            }
        }
        tracing::warn!(
            operation = query.stored.name,
            "answered a list cut at its bound"
        );
        Ok(found)
    }

    /// The entity of `mutation`'s payload.
    pub(super) async fn mutate<I, T>(
        &self,
        mutation: &Mutation<I, T>,
        input: I,
    ) -> Result<T, Failure>
    where
        I: Serialize,
        T: DeserializeOwned,
    {
        let entity = self.payload(mutation, input).await?;
        entity.ok_or_else(|| internal(&mutation.stored, "a payload without its entity"))
    }

    /// Runs `mutation` for its effect.
    pub(super) async fn perform<I>(&self, mutation: &Mutation<I>, input: I) -> Result<(), Failure>
    where
        I: Serialize,
    {
        self.payload(mutation, input).await.map(drop)
    }

    fn key(&self) -> Result<Option<&str>, Failure> {
        let Some(key) = self.headers.get(KEY_HEADER) else {
            return Ok(None);
        };
        let key = key.to_str().map_err(|_| Failure::Field {
            name: "Idempotency-Key".to_owned(),
            problem: Problem::Unreadable("must be ASCII".to_owned()),
        })?;
        let quoted = key.strip_prefix('"').and_then(|key| key.strip_suffix('"'));
        Ok(Some(quoted.unwrap_or(key)))
    }

    async fn payload<I, T>(&self, mutation: &Mutation<I, T>, input: I) -> Result<Option<T>, Failure>
    where
        I: Serialize,
        T: DeserializeOwned,
    {
        let mut input = object(&mutation.stored, &input)?;
        input.retain(|_, value| !value.is_null());
        if mutation.takes_key
            && let Some(key) = self.key()?
        {
            input.insert("clientMutationId".to_owned(), key.into());
        }
        let variables = Map::from_iter([("input".to_owned(), Value::Object(input))]);
        let payload: Option<Payload<T>> = self.run(&mutation.stored, variables).await?;
        let payload = payload.ok_or_else(|| internal(&mutation.stored, "no payload"))?;
        match payload.user_errors.into_iter().next() {
            Some(error) => Err(Failure::Refused(error)),
            None => Ok(payload.entity),
        }
    }

    async fn run<T: DeserializeOwned>(
        &self,
        stored: &Stored,
        variables: Map<String, Value>,
    ) -> Result<Option<T>, Failure> {
        let response = self
            .graph
            .execute(GraphRequest {
                query: Arc::clone(&stored.document.text),
                operation_name: Some(stored.name.to_owned()),
                variables,
                variables_text: None,
                headers: self.headers.clone(),
                claims: self.caller.claims.clone(),
                caller: self.caller.clone(),
            })
            .await;
        let has_data = response.data.is_some();
        let telling = response
            .errors
            .iter()
            .filter(|error| !(has_data && stored.is_of_another_service(error)));
        if let Some(failure) = Failure::from_graph(stored.name, telling) {
            return Err(failure);
        }
        let root: Option<Root<T>> = response
            .data()
            .map_err(|error| internal(stored, &error.to_string()))?;
        Ok(root.and_then(|root| root.result))
    }
}

impl Stored {
    /// Fields that another subgraph answers are nullable: without them the answer is still whole.
    fn is_of_another_service(&self, error: &GraphError) -> bool {
        error
            .service()
            .is_some_and(|service| service != self.document.service)
    }
}

fn object<T: Serialize>(stored: &Stored, value: &T) -> Result<Map<String, Value>, Failure> {
    match serde_json::to_value(value) {
        Ok(Value::Object(object)) => Ok(object),
        Ok(_) => Err(internal(stored, "variables that are not an object")),
        Err(error) => Err(internal(stored, &error.to_string())),
    }
}

fn internal(stored: &Stored, cause: &str) -> Failure {
    tracing::error!(operation = stored.name, cause, "a stored operation failed");
    Failure::Internal
}
