use axum::extract::ws::{CloseFrame, Message};
use serde::{Deserialize, de::Error as _};
use serde_json::{Map, Value, json, value::RawValue};

use crate::graph::{GraphError, GraphResponse};

/// What a client sends.
#[derive(Debug)]
pub(super) enum FromClient {
    ConnectionInit {
        payload: Option<Value>,
    },
    Ping {
        payload: Option<Map<String, Value>>,
    },
    Pong,
    Subscribe {
        id: String,
        /// A GraphQL request, a JSON object.
        payload: Box<RawValue>,
    },
    Complete {
        id: String,
    },
}

impl FromClient {
    /// Reads a message. The error tells what is wrong with it.
    pub(super) fn read(message: &[u8]) -> Result<Self, serde_json::Error> {
        #[derive(Deserialize)]
        struct Frame<'a> {
            r#type: Kind,
            id: Option<String>,
            #[serde(borrow)]
            payload: Option<&'a RawValue>,
        }
        #[derive(Deserialize)]
        #[serde(rename_all = "snake_case")]
        enum Kind {
            ConnectionInit,
            Ping,
            Pong,
            Subscribe,
            Complete,
        }

        let Frame {
            r#type,
            id,
            payload,
        } = serde_json::from_slice(message)?;
        let id = || id.ok_or_else(|| serde_json::Error::missing_field("id"));
        Ok(match r#type {
            Kind::ConnectionInit => Self::ConnectionInit {
                payload: payload
                    .map(|it| serde_json::from_str(it.get()))
                    .transpose()?,
            },
            Kind::Ping => Self::Ping {
                payload: payload
                    .map(|it| serde_json::from_str(it.get()))
                    .transpose()?,
            },
            Kind::Pong => Self::Pong,
            Kind::Subscribe => Self::Subscribe {
                id: id()?,
                payload: payload
                    .filter(|payload| payload.get().starts_with('{'))
                    .ok_or_else(|| serde_json::Error::custom("payload must be an object"))?
                    .to_owned(),
            },
            Kind::Complete => Self::Complete { id: id()? },
        })
    }
}

/// What a client is sent about one operation.
#[derive(Debug)]
pub(super) enum ToClient {
    Next(GraphResponse),
    /// The operation did not run.
    Error(Vec<GraphError>),
    Complete,
}

impl ToClient {
    /// Whether nothing follows it.
    pub(super) fn is_last(&self) -> bool {
        match self {
            Self::Next(_) => false,
            Self::Error(_) | Self::Complete => true,
        }
    }

    pub(super) fn write(&self, id: &str) -> Message {
        let text = match self {
            Self::Next(response) => {
                let payload = response.to_json();
                let payload = String::from_utf8_lossy(&payload);
                format!(
                    "{{\"id\":{},\"type\":\"next\",\"payload\":{payload}}}",
                    Value::from(id)
                )
            }
            Self::Error(errors) => {
                json!({ "id": id, "type": "error", "payload": errors }).to_string()
            }
            Self::Complete => json!({ "id": id, "type": "complete" }).to_string(),
        };
        Message::Text(text.into())
    }
}

/// Why the router closes a connection.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Closing {
    ShuttingDown,
    BadMessage(String),
    NotInitialised,
    /// The token, or what else the client began with, is not taken.
    Forbidden(String),
    TryAgainLater(String),
    InitialisationTimeout,
    SubscriberExists(String),
    InitialisedTwice,
}

impl Closing {
    pub(super) fn frame(&self) -> CloseFrame {
        let (code, reason) = match self {
            Self::ShuttingDown => (1001, "The router is shutting down".to_owned()),
            Self::BadMessage(what) => (4400, what.clone()),
            Self::NotInitialised => (4401, "Unauthorized".to_owned()),
            Self::Forbidden(what) => (4403, format!("Forbidden: {what}")),
            Self::TryAgainLater(what) => (1013, what.clone()),
            Self::InitialisationTimeout => (4408, "Connection initialisation timeout".to_owned()),
            Self::SubscriberExists(id) => (4409, format!("Subscriber for {id} already exists")),
            Self::InitialisedTwice => (4429, "Too many initialisation requests".to_owned()),
        };
        // a control frame holds 125 bytes, of which two are the code
        let mut end = reason.len().min(120);
        while !reason.is_char_boundary(end) {
            end -= 1;
        }
        CloseFrame {
            code,
            reason: reason[..end].into(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_request_is_kept_as_it_was_sent() {
        let request = r#"{"variables":{"a":1e5,"a":2}}"#;
        let message = format!(r#"{{"payload":{request},"id":"1","type":"subscribe"}}"#);
        match FromClient::read(message.as_bytes()).unwrap() {
            FromClient::Subscribe { id, payload } => {
                assert_eq!((id.as_str(), payload.get()), ("1", request));
            }
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn messages_that_lack_something_are_refused() {
        for message in [
            "",
            "[]",
            r#"{"id":"1"}"#,
            r#"{"type":"stop"}"#,
            r#"{"type":"complete"}"#,
            r#"{"type":"subscribe","payload":{}}"#,
            r#"{"type":"subscribe","id":"1"}"#,
            r#"{"type":"subscribe","id":"1","payload":[]}"#,
            r#"{"type":"ping","payload":1}"#,
            r#"{"type":"pong","type":"ping"}"#,
        ] {
            assert!(FromClient::read(message.as_bytes()).is_err(), "{message}");
        }
    }
}
