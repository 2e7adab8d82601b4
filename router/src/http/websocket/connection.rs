use std::{collections::HashMap, sync::Arc, time::Duration};

use axum::extract::ws::{Message, WebSocket};
use bytes::Bytes;
use futures_util::{
    StreamExt as _,
    future::{self, AbortHandle, Abortable},
    stream::{self, BoxStream, SelectAll},
};
use http::{HeaderMap, HeaderName, HeaderValue, header, request::Parts};
use serde_json::{Map, Value, json, value::RawValue};
use tokio::time::{Instant, timeout};
use tokio_util::sync::CancellationToken;

use crate::{Caller, Subscriptions, graph::GraphError, subscription::subscribe};

use super::{
    super::{
        graphql::{self, Endpoint, LiveEndpoint, Operation},
        request,
    },
    message::{Closing, FromClient, ToClient},
};

/// What `connection_init` may say in the place of a header, which a browser cannot send.
const HEADERS: [HeaderName; 2] = [header::AUTHORIZATION, header::ACCEPT_LANGUAGE];

type Told = (Arc<str>, ToClient);

/// One open WebSocket.
pub(super) struct Connection {
    /// Each operation takes what is current when it begins.
    live: LiveEndpoint,
    /// What holds for the connection from its beginning to its end.
    config: Subscriptions,
    shutdown: CancellationToken,
    /// As if each operation were a request of its own.
    parts: Parts,
    socket: WebSocket,
    is_initialised: bool,
    operations: HashMap<Arc<str>, AbortHandle>,
    told: SelectAll<Abortable<BoxStream<'static, Told>>>,
}

/// Why a connection ends.
enum End {
    /// The client is gone, or does not take what it is sent.
    Gone,
    Close(Closing),
}

impl From<axum::Error> for End {
    fn from(error: axum::Error) -> Self {
        tracing::debug!(%error, "WebSocket broke");
        Self::Gone
    }
}

impl Connection {
    pub(super) fn new(live: LiveEndpoint, parts: Parts, socket: WebSocket) -> Self {
        Self {
            config: live.settings.current().subscriptions.clone(),
            shutdown: live.streams.shutdown.clone(),
            live,
            parts,
            socket,
            is_initialised: false,
            operations: HashMap::new(),
            told: SelectAll::new(),
        }
    }

    /// Serves the connection to its end.
    pub(super) async fn run(mut self) {
        match self.serve().await {
            Err(End::Gone) | Ok(()) => {}
            Err(End::Close(closing)) => {
                let frame = Message::Close(Some(closing.frame()));
                // when the client is gone already, nothing is lost
                let _ = timeout(self.config.send_timeout(), self.socket.send(frame)).await;
            }
        }
    }

    async fn serve(&mut self) -> Result<(), End> {
        let heartbeat = self.config.heartbeat();
        let patience = Duration::from_millis(self.config.connection_init_timeout_ms);
        let shutdown = self.shutdown.clone();
        let must_be_initialised = Instant::now() + patience;
        let mut beats = tokio::time::interval_at(Instant::now() + heartbeat, heartbeat);
        let mut is_alive = true;
        loop {
            let is_initialised = self.is_initialised;
            tokio::select! {
                () = shutdown.cancelled() => return Err(End::Close(Closing::ShuttingDown)),
                () = tokio::time::sleep_until(must_be_initialised), if !is_initialised => {
                    return Err(End::Close(Closing::InitialisationTimeout));
                }
                message = self.socket.recv() => {
                    is_alive = true;
                    match message.transpose()? {
                        Some(message) => self.take(message).await?,
                        None => return Ok(()),
                    }
                }
                Some((id, told)) = self.told.next(), if !self.told.is_empty() => {
                    if told.is_last() {
                        self.operations.remove(&id);
                    }
                    self.send(told.write(&id)).await?;
                }
                _ = beats.tick() => {
                    if !std::mem::replace(&mut is_alive, false) {
                        return Err(End::Gone);
                    }
                    self.send(Message::Ping(Bytes::new())).await?;
                }
            }
        }
    }

    async fn take(&mut self, message: Message) -> Result<(), End> {
        let message = match message {
            Message::Text(text) => FromClient::read(text.as_bytes()),
            Message::Binary(bytes) => FromClient::read(&bytes),
            Message::Close(_) => return Err(End::Gone),
            Message::Ping(_) | Message::Pong(_) => return Ok(()),
        };
        let message = message.map_err(|error| {
            End::Close(Closing::BadMessage(format!("Invalid message: {error}")))
        })?;
        match message {
            FromClient::ConnectionInit { payload } => self.initialise(payload).await,
            FromClient::Ping { payload } => {
                let pong = match payload {
                    Some(payload) => json!({ "type": "pong", "payload": payload }),
                    None => json!({ "type": "pong" }),
                };
                self.send(Message::Text(pong.to_string().into())).await
            }
            FromClient::Pong => Ok(()),
            FromClient::Subscribe { id, payload } => self.begin(id.into(), payload),
            FromClient::Complete { id } => {
                if let Some(operation) = self.operations.remove(id.as_str()) {
                    operation.abort();
                }
                Ok(())
            }
        }
    }

    async fn initialise(&mut self, payload: Option<Value>) -> Result<(), End> {
        if self.is_initialised {
            return Err(End::Close(Closing::InitialisedTwice));
        }
        if let Some(Value::Object(payload)) = &payload {
            read_headers(payload, &mut self.parts.headers).map_err(End::Close)?;
        }
        self.identify().await?;
        self.is_initialised = true;
        let acknowledged = json!({ "type": "connection_ack" }).to_string();
        self.send(Message::Text(acknowledged.into())).await
    }

    /// Finds out who calls, by the headers that came now.
    async fn identify(&mut self) -> Result<(), End> {
        let endpoint = self.live.current();
        let Parts {
            headers,
            extensions,
            ..
        } = &mut self.parts;
        endpoint.graph.guard().identify(headers, extensions).await;
        match Caller::of(extensions).rejected {
            None => Ok(()),
            Some(error) if error.code() == "UNAUTHENTICATED" => {
                Err(End::Close(Closing::Forbidden(error.message)))
            }
            Some(error) => Err(End::Close(Closing::TryAgainLater(error.message))),
        }
    }

    fn begin(&mut self, id: Arc<str>, request: Box<RawValue>) -> Result<(), End> {
        if !self.is_initialised {
            return Err(End::Close(Closing::NotInitialised));
        }
        if self.operations.contains_key(&id) {
            return Err(End::Close(Closing::SubscriberExists(id.to_string())));
        }
        let limit = self.config.max_operations_per_connection;
        let told = if self.operations.len() < limit {
            execute(self.live.current(), self.parts.clone(), request)
        } else {
            let message = format!("A connection carries {limit} operations at once, no more.");
            let error = GraphError::new("TOO_MANY_SUBSCRIPTIONS", message);
            stream::iter([ToClient::Error(vec![error])]).boxed()
        };
        let (handle, registration) = AbortHandle::new_pair();
        self.operations.insert(Arc::clone(&id), handle);
        let told = told.map(move |told| (Arc::clone(&id), told)).boxed();
        self.told.push(Abortable::new(told, registration));
        Ok(())
    }

    async fn send(&mut self, message: Message) -> Result<(), End> {
        let sent = timeout(self.config.send_timeout(), self.socket.send(message)).await;
        let Ok(sent) = sent else {
            tracing::warn!("a WebSocket is closed: its client does not take what it is sent");
            return Err(End::Gone);
        };
        Ok(sent?)
    }
}

/// All that is told about one operation.
fn execute(
    endpoint: Endpoint,
    parts: Parts,
    request: Box<RawValue>,
) -> BoxStream<'static, ToClient> {
    let told = async move {
        let operation = match request::from_json(request.get().as_bytes()) {
            Ok(parameters) => graphql::prepare(&endpoint, &parts, parameters).await,
            Err(refusal) => Err(refusal),
        };
        let Operation {
            prepared, request, ..
        } = match operation {
            Ok(operation) => operation,
            Err(refusal) => return stream::iter([ToClient::Error(refusal.errors)]).boxed(),
        };
        let responses = if prepared.is_subscription() {
            subscribe(endpoint.graph, prepared, request).await
        } else {
            let response = endpoint.graph.run(&prepared, request).await;
            stream::iter([response]).boxed()
        };
        // what has no data at all did not run, or does not go on
        let told = responses.map(|response| match response.data {
            Some(_) => ToClient::Next(response),
            None => ToClient::Error(response.errors),
        });
        told.chain(stream::iter([ToClient::Complete])).boxed()
    };
    let told = stream::once(told).flatten();
    let until_last = told.scan(false, |is_over, told| {
        let before = std::mem::replace(is_over, told.is_last());
        future::ready((!before).then_some(told))
    });
    until_last.boxed()
}

/// Takes the headers that `connection_init` carries, at its top or under `headers`, in any case.
fn read_headers(payload: &Map<String, Value>, headers: &mut HeaderMap) -> Result<(), Closing> {
    let below = payload.get("headers").and_then(Value::as_object);
    for (key, value) in payload.iter().chain(below.into_iter().flatten()) {
        let Some(name) = HEADERS
            .iter()
            .find(|name| key.eq_ignore_ascii_case(name.as_str()))
        else {
            continue;
        };
        let forbidden = || Closing::Forbidden(format!("{key} is no value of a header"));
        let text = value.as_str().ok_or_else(forbidden)?;
        let mut value = HeaderValue::from_str(text).map_err(|_| forbidden())?;
        value.set_sensitive(*name == header::AUTHORIZATION);
        headers.insert(name.clone(), value);
    }
    Ok(())
}
