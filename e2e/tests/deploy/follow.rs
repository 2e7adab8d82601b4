//! A second screen that follows a workout while the subgraph behind it restarts.

use std::time::Duration;

use futures_util::{SinkExt, StreamExt};
use reqwest::{Client, Response, header::ACCEPT};
use serde_json::{Value, json};
use setwise_e2e::Person;
use tokio::{net::TcpStream, time::timeout};
use tokio_tungstenite::{
    MaybeTlsStream, WebSocketStream, connect_async,
    tungstenite::{Message, client::IntoClientRequest},
};

use crate::services::{Apart, Ending};

/// The router waits up to 5 s between two attempts.
const PATIENCE: Duration = Duration::from_secs(30);

const QUERY: &str = "subscription ($id: ID!) {
    workoutUpdated(workoutId: $id) { exerciseLogs { setLogs { reps } } }
}";

/// Both ways to follow go on, whether training ends well or not.
pub(crate) async fn a_workout_through_restarts(apart: &mut Apart, person: &Person, routine: &str) {
    let entity = "workout { id exerciseLogs { id } }";
    let input = json!({ "routineId": routine });
    let started = person.mutate("startWorkout", entity, input).await;
    let workout = &started["workout"];
    let mut events = Events::of(person, &workout["id"]).await;
    let mut socket = Socket::of(person, &workout["id"]).await;
    assert_eq!(events.next().await, json!([]));
    assert_eq!(socket.next().await, json!([]));

    let mut done = Vec::new();
    for (ending, reps) in [(Ending::Asked, 5), (Ending::Killed, 4)] {
        apart.restart("training", ending).await;
        let input = json!({
            "workoutId": workout["id"], "exerciseLogId": workout["exerciseLogs"][0]["id"],
            "reps": reps, "weight": 100,
        });
        let set = person.mutate("logSet", "setLog { reps }", input).await;
        assert_eq!(set["setLog"]["reps"], reps, "{set}");
        done.push(json!({ "reps": reps }));
        let done = Value::from(done.clone());
        while events.next().await != done {}
        while socket.next().await != done {}
    }
}

/// The sets of an answer's only exercise.
fn sets(answer: &Value) -> Value {
    assert_eq!(answer.get("errors"), None, "{answer}");
    answer["data"]["workoutUpdated"]["exerciseLogs"][0]["setLogs"].clone()
}

/// Server-sent events.
struct Events {
    response: Response,
    rest: String,
}

impl Events {
    async fn of(person: &Person, workout: &Value) -> Self {
        let request = Client::builder()
            .build()
            .unwrap()
            .post(person.router.join("/graphql").unwrap())
            .header(ACCEPT, "text/event-stream")
            .bearer_auth(person.access_token.as_ref().unwrap())
            .json(&json!({ "query": QUERY, "variables": { "id": workout } }));
        Self {
            response: request.send().await.unwrap(),
            rest: String::new(),
        }
    }

    async fn next(&mut self) -> Value {
        loop {
            if let Some(end) = self.rest.find('\n') {
                let line: String = self.rest.drain(..=end).collect();
                if let Some(answer) = line.strip_prefix("data: ") {
                    return sets(&serde_json::from_str(answer).unwrap());
                }
                continue;
            }
            let chunk = timeout(PATIENCE, self.response.chunk()).await;
            let chunk = chunk.expect("an event comes in time").unwrap();
            let chunk = chunk.expect("the stream goes on");
            self.rest.push_str(std::str::from_utf8(&chunk).unwrap());
        }
    }
}

/// A WebSocket whose token is in `connection_init`.
struct Socket(WebSocketStream<MaybeTlsStream<TcpStream>>);

impl Socket {
    async fn of(person: &Person, workout: &Value) -> Self {
        let mut url = person.router.join("/graphql").unwrap();
        url.set_scheme("ws").unwrap();
        let mut request = url.as_str().into_client_request().unwrap();
        let protocol = "graphql-transport-ws".parse().unwrap();
        request
            .headers_mut()
            .insert("sec-websocket-protocol", protocol);
        let mut socket = Self(connect_async(request).await.unwrap().0);
        let token = person.access_token.as_ref().unwrap();
        let payload = json!({ "Authorization": format!("Bearer {token}") });
        socket
            .send(&json!({ "type": "connection_init", "payload": payload }))
            .await;
        assert_eq!(socket.message().await["type"], "connection_ack");
        let payload = json!({ "query": QUERY, "variables": { "id": workout } });
        socket
            .send(&json!({ "type": "subscribe", "id": "1", "payload": payload }))
            .await;
        socket
    }

    async fn send(&mut self, message: &Value) {
        let message = Message::text(message.to_string());
        self.0.send(message).await.unwrap();
    }

    async fn message(&mut self) -> Value {
        loop {
            let message = timeout(PATIENCE, self.0.next()).await;
            let message = message.expect("a message comes in time").unwrap().unwrap();
            if message.is_text() {
                return message.to_text().unwrap().parse().unwrap();
            }
            assert!(message.is_ping(), "{message}");
        }
    }

    async fn next(&mut self) -> Value {
        let message = self.message().await;
        assert_eq!(message["type"], "next", "{message}");
        sets(&message["payload"])
    }
}
