//! GraphQL over WebSocket: the protocol `graphql-transport-ws`, for operations of all kinds.

mod connection;
mod message;

use axum::{
    extract::{FromRequestParts as _, Request, WebSocketUpgrade, ws::CloseFrame, ws::Message},
    response::{IntoResponse as _, Response},
};
use http::{HeaderMap, Method, StatusCode, header};

use crate::graph::GraphError;

use super::{graphql::LiveEndpoint, media::Media, refusal::Refusal};

use connection::Connection;

const PROTOCOL: &str = "graphql-transport-ws";

/// Whether the client asks for a WebSocket.
pub(super) fn is_asked_for(headers: &HeaderMap) -> bool {
    headers
        .get(header::UPGRADE)
        .and_then(|value| value.to_str().ok())
        .is_some_and(|value| value.eq_ignore_ascii_case("websocket"))
}

/// Opens a WebSocket.
pub(super) async fn upgrade(live: LiveEndpoint, request: Request) -> Response {
    let endpoint = live.current();
    let refuse = |status, error| Refusal::from_error(status, error).answer(Media::Json);
    let (mut parts, _) = request.into_parts();
    // browsers ask nobody before they open a WebSocket to another site
    if !is_origin_allowed(&parts.headers, &endpoint.settings.cors_origins) {
        let message = "WebSockets from this origin are not allowed.";
        return refuse(StatusCode::FORBIDDEN, GraphError::new("FORBIDDEN", message));
    }
    let permit = match endpoint.streams.admit() {
        Ok(permit) => permit,
        Err(error) => return refuse(StatusCode::SERVICE_UNAVAILABLE, error),
    };
    let upgrade = match WebSocketUpgrade::from_request_parts(&mut parts, &()).await {
        Ok(upgrade) => upgrade,
        Err(rejection) => return rejection.into_response(),
    };
    let upgrade = upgrade
        .max_message_size(endpoint.settings.rules.max_body_bytes)
        .max_frame_size(endpoint.settings.rules.max_body_bytes)
        .protocols([PROTOCOL]);
    let is_ours = upgrade.selected_protocol().is_some();
    let tasks = endpoint.streams.tasks.clone();
    upgrade.on_upgrade(move |mut socket| {
        tasks.track_future(async move {
            let _permit = permit;
            if is_ours {
                // an upgrade is a GET, which may not change anything; what comes through it may
                parts.method = Method::POST;
                Connection::new(live, parts, socket).run().await;
            } else {
                let frame = CloseFrame {
                    code: 4406,
                    reason: "Subprotocol not acceptable".into(),
                };
                // when the client is gone already, nothing is lost
                let _ = socket.send(Message::Close(Some(frame))).await;
            }
        })
    })
}

/// A page of another origin must be one that CORS lets in; programs send no origin.
fn is_origin_allowed(headers: &HeaderMap, allowed: &[String]) -> bool {
    let Some(origin) = headers.get(header::ORIGIN) else {
        return true;
    };
    let Ok(origin) = origin.to_str() else {
        return false;
    };
    let host = headers
        .get(header::HOST)
        .and_then(|host| host.to_str().ok());
    let is_same = origin
        .split_once("://")
        .is_some_and(|(_, authority)| Some(authority) == host);
    is_same
        || allowed
            .iter()
            .any(|allowed| allowed == "*" || allowed == origin)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_of_other_origins_need_leave() {
        let headers = |origin: Option<&str>| {
            let mut headers = HeaderMap::new();
            headers.insert(header::HOST, "gym.example:8080".parse().unwrap());
            if let Some(origin) = origin {
                headers.insert(header::ORIGIN, origin.parse().unwrap());
            }
            headers
        };
        let allowed = ["https://app.example".to_owned()];
        for (origin, expected) in [
            (None, true),
            (Some("https://gym.example:8080"), true),
            (Some("https://app.example"), true),
            (Some("https://gym.example"), false),
            (Some("https://evil.example"), false),
            (Some("null"), false),
        ] {
            let is_allowed = is_origin_allowed(&headers(origin), &allowed);
            assert_eq!(is_allowed, expected, "{origin:?}");
        }
        assert!(is_origin_allowed(&headers(Some("null")), &["*".to_owned()]));
    }
}
