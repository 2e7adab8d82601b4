//! A subgraph over HTTP that executes what it is asked over its fixture.

use std::sync::{Arc, Mutex};

use apollo_compiler::{
    ExecutableDocument,
    request::coerce_variable_values,
    resolvers::{Execution, ObjectValue},
    response::{JsonMap, JsonValue},
};
use axum::{Json, Router, extract::State, http::StatusCode, routing::post};
use serde_json::{Value, json};
use tokio::{net::TcpListener, task::JoinSet};

use super::schema::SubgraphSchema;

/// What answers a subgraph's operations.
pub trait Resolver: Send + Sync + 'static {
    fn schema(&self) -> &SubgraphSchema;
    /// The object that the fields of the root type `type_name` are fields of.
    fn root<'a>(&'a self, type_name: &str) -> Box<dyn ObjectValue + 'a>;
    /// Whether it answers nothing for now.
    fn is_down(&self) -> bool {
        false
    }
}

/// A running subgraph.
pub struct Server {
    pub url: String,
    asked: Arc<Mutex<Vec<Value>>>,
    _tasks: JoinSet<()>,
}

struct App<R> {
    resolver: R,
    asked: Arc<Mutex<Vec<Value>>>,
}

impl Server {
    pub async fn start(resolver: impl Resolver) -> Self {
        let asked = Arc::<Mutex<Vec<Value>>>::default();
        let app = Arc::new(App {
            resolver,
            asked: Arc::clone(&asked),
        });
        let router = Router::new()
            .route("/graphql", post(answer))
            .with_state(app);
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/graphql", listener.local_addr().unwrap());
        let mut tasks = JoinSet::new();
        tasks.spawn(async move { axum::serve(listener, router).await.unwrap() });
        Self {
            url,
            asked,
            _tasks: tasks,
        }
    }

    /// The requests since the last call.
    pub fn take_asked(&self) -> Vec<Value> {
        std::mem::take(&mut self.asked.lock().unwrap())
    }
}

async fn answer<R: Resolver>(
    State(app): State<Arc<App<R>>>,
    Json(body): Json<Value>,
) -> Result<Json<Value>, StatusCode> {
    app.asked.lock().unwrap().push(body.clone());
    if app.resolver.is_down() {
        return Err(StatusCode::SERVICE_UNAVAILABLE);
    }
    Ok(Json(execute(&app.resolver, &body).unwrap_or_else(|message| {
        json!({ "errors": [{ "message": message, "extensions": { "code": "REFUSED_BY_SUBGRAPH" } }] })
    })))
}

/// Executes the request `body` as the specification says.
pub fn execute(resolver: &impl Resolver, body: &Value) -> Result<Value, String> {
    let query = body["query"].as_str().ok_or("no query")?;
    let schema = resolver.schema().schema();
    let document = ExecutableDocument::parse_and_validate(schema, query, "query.graphql")
        .map_err(|failed| format!("{}\nin {query}", failed.errors))?;
    let operation = document
        .operations
        .get(None)
        .map_err(|error| error.message().to_string())?;
    let mut variables = JsonMap::new();
    for (name, value) in body["variables"].as_object().into_iter().flatten() {
        variables.insert(name.as_str(), JsonValue::from(value.clone()));
    }
    let variables = coerce_variable_values(schema, operation, &variables)
        .map_err(|error| format!("{} in {query}", error.message()))?;
    let root = resolver.root(operation.object_type());
    let response = Execution::new(schema, &document)
        .operation(operation)
        .coerced_variable_values(&variables)
        .execute_sync(&*root)
        .map_err(|error| error.message().to_string())?;
    Ok(serde_json::to_value(response).unwrap())
}
