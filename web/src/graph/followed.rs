use std::time::Duration;

/// The router gives a sign of life every 10 s.
const SILENCE: Duration = Duration::from_mins(1);
/// Bytes of one event.
const MAX_EVENT_BYTES: usize = 1024 * 1024;

/// A subscription. Of its events only that they come is looked at.
pub(crate) struct Followed {
    response: reqwest::Response,
    /// What no event was made of yet.
    rest: Vec<u8>,
}

/// What the router tells a follower.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Told {
    Event,
    SignOfLife,
}

impl Followed {
    pub(super) fn new(response: reqwest::Response) -> Self {
        let rest = Vec::new();
        Self { response, rest }
    }

    /// `None` when the subscription has ended, or the router is gone.
    pub(crate) async fn next(&mut self) -> Option<Told> {
        loop {
            if let Some(end) = self.rest.windows(2).position(|pair| pair == b"\n\n") {
                let event: Vec<u8> = self.rest.drain(..end + 2).collect();
                if event.starts_with(b"event: next\n") {
                    return Some(Told::Event);
                }
                if event.starts_with(b"event: complete\n") {
                    return None;
                }
                return Some(Told::SignOfLife);
            }
            let chunk = tokio::time::timeout(SILENCE, self.response.chunk()).await;
            let chunk = chunk.ok()?.ok()??;
            if self.rest.len() + chunk.len() > MAX_EVENT_BYTES {
                return None;
            }
            self.rest.extend_from_slice(&chunk);
        }
    }
}
