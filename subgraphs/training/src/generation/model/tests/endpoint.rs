//! An OpenAI-compatible endpoint on a free port, whose replies a test writes down beforehand.

use std::{
    collections::VecDeque,
    sync::{Arc, Mutex},
    time::Duration,
};

use axum::{
    Json, Router,
    body::{Body, Bytes},
    extract::State,
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse as _, Response},
    routing::post,
};
use clap::Parser as _;
use futures_util::stream;
use serde_json::{Value, json};
use setwise_testkit::eventually;
use tokio::{net::TcpListener, task::JoinSet};
use tokio_util::sync::CancellationToken;

use crate::{Config, generation::model::Model};

/// What the endpoint does with one request.
pub(super) enum Reply {
    /// What the model says, made from the request.
    Says(Box<dyn Fn(&Value) -> Value + Send>),
    /// This content to the letter.
    Text(&'static str),
    /// This body to the letter.
    Body(&'static str),
    Refuses,
    /// A status with `Retry-After`.
    Status(u16, Option<&'static str>),
    RedirectsTo(String),
    /// A body that never ends.
    Endless,
    /// A body that begins and then stays away.
    Stalls,
    /// The reply, once the test releases it.
    Held(Box<Reply>),
}

pub(super) struct Endpoint {
    base_url: String,
    shared: Arc<Shared>,
    _serving: JoinSet<()>,
}

struct Shared {
    replies: Mutex<VecDeque<Reply>>,
    requests: Mutex<Vec<(HeaderMap, Value)>>,
    released: CancellationToken,
}

impl Endpoint {
    /// Answers with the replies in turn, and 410 when there are no more.
    pub(super) async fn start(replies: Vec<Reply>) -> Self {
        let shared = Arc::new(Shared {
            replies: Mutex::new(replies.into()),
            requests: Mutex::default(),
            released: CancellationToken::new(),
        });
        let app = Router::new()
            .route("/v1/chat/completions", post(answer))
            .with_state(shared.clone());
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let base_url = format!("http://{}/v1", listener.local_addr().unwrap());
        let mut serving = JoinSet::new();
        serving.spawn(async move { axum::serve(listener, app).await.unwrap() });
        Self {
            base_url,
            shared,
            _serving: serving,
        }
    }

    /// Answers with these sets for the first exercise that takes repetitions and a weight, and then well.
    pub(super) async fn answering_first_with(sets: Value) -> Self {
        let bad = says(move |request| {
            let mut answer = workout_of(request, 5, "These are fine.");
            let offered = document(request)["exercises"].take();
            let mut offered = offered.as_array().unwrap().iter();
            let place = offered.position(|exercise| exercise["measure"] == "reps_weight");
            answer["exercises"][place.unwrap()]["sets"] = sets.clone();
            answer
        });
        Self::start(vec![bad, good()]).await
    }

    pub(super) fn base_url(&self) -> &str {
        &self.base_url
    }

    /// The model as the configuration makes it.
    pub(super) fn model(&self, timeout_seconds: u64) -> Model {
        model(&self.base_url, timeout_seconds)
    }

    /// The bodies of the requests so far.
    pub(super) fn requests(&self) -> Vec<Value> {
        let requests = self.shared.requests.lock().unwrap();
        requests.iter().map(|(_, body)| body.clone()).collect()
    }

    pub(super) fn headers(&self) -> Vec<HeaderMap> {
        let requests = self.shared.requests.lock().unwrap();
        requests
            .iter()
            .map(|(headers, _)| headers.clone())
            .collect()
    }

    /// Waits for so many requests.
    pub(super) async fn asked(&self, count: usize) {
        let within = Duration::from_secs(20);
        eventually("the endpoint is asked", within, async || {
            (self.requests().len() >= count).then_some(())
        })
        .await;
    }

    /// Lets go what is held.
    pub(super) fn release(&self) {
        self.shared.released.cancel();
    }
}

pub(super) fn model(base_url: &str, timeout_seconds: u64) -> Model {
    let timeout = timeout_seconds.to_string();
    let arguments = ["setwise-training", "--database-url", "postgres://"];
    let ai = [
        "--ai-base-url",
        base_url,
        "--ai-model",
        "tester",
        "--ai-api-key",
        "sk-hush",
    ];
    let timeout = ["--ai-timeout-seconds", &timeout];
    let arguments = arguments.into_iter().chain(ai).chain(timeout);
    let config = Config::try_parse_from(arguments).unwrap();
    Model::of(&config.ai).unwrap().unwrap()
}

async fn answer(
    State(shared): State<Arc<Shared>>,
    headers: HeaderMap,
    Json(body): Json<Value>,
) -> Response {
    let reply = shared.replies.lock().unwrap().pop_front();
    shared
        .requests
        .lock()
        .unwrap()
        .push((headers, body.clone()));
    let reply = match reply {
        Some(Reply::Held(reply)) => {
            shared.released.cancelled().await;
            *reply
        }
        Some(reply) => reply,
        None => return StatusCode::GONE.into_response(),
    };
    respond(reply, &body)
}

fn respond(reply: Reply, body: &Value) -> Response {
    match reply {
        Reply::Says(say) => completion(&say(body).to_string()),
        Reply::Text(text) => completion(text),
        Reply::Body(text) => text.into_response(),
        Reply::Refuses => Json(json!({ "choices": [{
            "message": { "role": "assistant", "content": null, "refusal": "I cannot help with that." },
            "finish_reason": "stop",
        }] }))
        .into_response(),
        Reply::Status(status, retry_after) => {
            let status = StatusCode::from_u16(status).unwrap();
            match retry_after {
                Some(after) => (status, [(header::RETRY_AFTER, after)]).into_response(),
                None => status.into_response(),
            }
        }
        Reply::RedirectsTo(url) => {
            (StatusCode::TEMPORARY_REDIRECT, [(header::LOCATION, url)]).into_response()
        }
        Reply::Endless => {
            let chunk = || Ok::<_, std::io::Error>(Bytes::from_static(&[b' '; 4096]));
            Body::from_stream(stream::repeat_with(chunk)).into_response()
        }
        Reply::Stalls => {
            let begin = stream::iter([Ok::<_, std::io::Error>(Bytes::from_static(b"{"))]);
            Body::from_stream(futures_util::StreamExt::chain(begin, stream::pending()))
                .into_response()
        }
        Reply::Held(reply) => respond(*reply, body),
    }
}

fn completion(content: &str) -> Response {
    Json(json!({
        "id": "chatcmpl-1",
        "object": "chat.completion",
        "choices": [{
            "index": 0,
            "message": { "role": "assistant", "content": content },
            "finish_reason": "stop",
        }],
    }))
    .into_response()
}

/// The document about the person in a request.
pub(super) fn document(request: &Value) -> Value {
    let content = request["messages"][1]["content"].as_str().unwrap();
    serde_json::from_str(content).unwrap()
}

/// The ids of the first exercises that a request offers.
pub(super) fn first_ids(request: &Value, count: usize) -> Vec<String> {
    let exercises = document(request)["exercises"].take();
    let ids = exercises.as_array().unwrap().iter();
    ids.take(count)
        .map(|exercise| exercise["id"].as_str().unwrap().to_owned())
        .collect()
}

/// A workout of the first exercises that a request offers, with three sets of what each measures.
pub(super) fn workout_of(request: &Value, count: usize, reasoning: &str) -> Value {
    let offered = document(request)["exercises"].take();
    let offered = offered.as_array().unwrap().iter().take(count);
    let exercises = offered.map(|exercise| {
        let set = match exercise["measure"].as_str().unwrap() {
            "reps_weight" => json!({ "reps": 8, "weightKg": 40, "timeSeconds": null }),
            "bodyweight_reps" | "assisted" => {
                json!({ "reps": 8, "weightKg": 0, "timeSeconds": null })
            }
            _ => json!({ "reps": null, "weightKg": null, "timeSeconds": 45.5 }),
        };
        json!({ "exerciseId": exercise["id"], "sets": [set, set, set] })
    });
    json!({ "reasoning": reasoning, "exercises": exercises.collect::<Vec<_>>() })
}

pub(super) fn says(say: impl Fn(&Value) -> Value + Send + 'static) -> Reply {
    Reply::Says(Box::new(say))
}

/// A workout that nothing is wrong with.
pub(super) fn good() -> Reply {
    says(|request| workout_of(request, 5, "Strong legs first, then the rest."))
}
