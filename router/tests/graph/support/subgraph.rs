use std::sync::{Arc, Mutex};

use async_graphql::{ObjectType, Request, Schema, SubscriptionType};
use axum::{
    Json, Router,
    extract::State,
    http::HeaderMap,
    response::{IntoResponse as _, Response},
    routing::post,
};
use serde_json::Value;
use tokio::{net::TcpListener, task::JoinSet};

/// A subgraph that remembers what it was asked.
pub struct Subgraph {
    pub name: &'static str,
    pub url: String,
    pub sdl: String,
    asked: Asked,
    _tasks: JoinSet<()>,
}

/// What a subgraph was asked, in order.
type Asked = Arc<Mutex<Vec<(HeaderMap, Value)>>>;

impl Subgraph {
    /// A subgraph that executes `schema`.
    pub async fn serve<Q, M, S>(name: &'static str, schema: Schema<Q, M, S>) -> Self
    where
        Q: ObjectType + 'static,
        M: ObjectType + 'static,
        S: SubscriptionType + 'static,
    {
        let options = async_graphql::SDLExportOptions::new()
            .federation()
            .compose_directive();
        let sdl = schema.sdl_with_options(options);
        Self::answer_with(name, sdl, move |request| {
            let schema = schema.clone();
            async move {
                let request: Request = serde_json::from_value(request).unwrap();
                Json(schema.execute(request).await).into_response()
            }
        })
        .await
    }

    /// A subgraph of which `answer` makes each answer.
    pub async fn answer_with<F, Fut>(name: &'static str, sdl: impl Into<String>, answer: F) -> Self
    where
        F: Fn(Value) -> Fut + Clone + Send + Sync + 'static,
        Fut: Future<Output = Response> + Send,
    {
        let asked = Asked::default();
        let handler =
            move |State(asked): State<Asked>, headers: HeaderMap, Json(body): Json<Value>| {
                asked.lock().unwrap().push((headers, body.clone()));
                answer(body)
            };
        let app = Router::new()
            .route("/graphql", post(handler))
            .with_state(Arc::clone(&asked));
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/graphql", listener.local_addr().unwrap());
        let mut tasks = JoinSet::new();
        tasks.spawn(async move { axum::serve(listener, app).await.unwrap() });
        Self {
            asked,
            ..Self::at(name, url, sdl, tasks)
        }
    }

    /// A subgraph that `tasks` serve at `url`.
    pub fn at(name: &'static str, url: String, sdl: impl Into<String>, tasks: JoinSet<()>) -> Self {
        Self {
            name,
            url,
            sdl: sdl.into(),
            asked: Asked::default(),
            _tasks: tasks,
        }
    }

    /// A subgraph that answers the same to everything.
    pub async fn constant(name: &'static str, sdl: &str, answer: Value) -> Self {
        Self::answer_with(name, sdl, move |_| {
            let answer = answer.clone();
            async move { Json(answer).into_response() }
        })
        .await
    }

    /// The bodies of the requests so far.
    pub fn asked(&self) -> Vec<Value> {
        let asked = self.asked.lock().unwrap();
        asked.iter().map(|(_, body)| body.clone()).collect()
    }

    /// The headers of the latest request.
    pub fn last_headers(&self) -> HeaderMap {
        let asked = self.asked.lock().unwrap();
        asked.last().expect("was asked").0.clone()
    }

    /// The representations of the latest request.
    pub fn last_representations(&self) -> Vec<Value> {
        let asked = self.asked();
        let variables = &asked.last().expect("was asked")["variables"];
        variables["representations"].as_array().unwrap().clone()
    }
}

/// The URL of a port where nobody listens.
pub async fn nowhere() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    format!("http://{}/graphql", listener.local_addr().unwrap())
}
