//! Reading server-sent events, as far as GraphQL over SSE uses them.

/// Bytes of one event.
const MAX_EVENT_BYTES: usize = 16 * 1024 * 1024;

/// What a subgraph tells.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Event {
    /// A GraphQL response, as JSON.
    Next(Vec<u8>),
    Complete,
}

/// The event is larger than [`MAX_EVENT_BYTES`].
#[derive(Debug, thiserror::Error)]
#[error("an event is larger than {MAX_EVENT_BYTES} bytes")]
pub(super) struct TooLarge;

/// Puts events together from the bytes of a body.
#[derive(Debug, Default)]
pub(super) struct Events {
    /// What no line was made of yet.
    rest: Vec<u8>,
    /// How much of `rest` is known to hold no end of a line.
    searched: usize,
    name: Vec<u8>,
    data: Vec<u8>,
}

impl Events {
    pub(super) fn push(&mut self, bytes: &[u8]) -> Result<(), TooLarge> {
        if self.rest.len() + self.data.len() + bytes.len() > MAX_EVENT_BYTES {
            return Err(TooLarge);
        }
        self.rest.extend_from_slice(bytes);
        Ok(())
    }

    /// The next event that is whole.
    pub(super) fn next(&mut self) -> Option<Event> {
        let mut start = 0;
        let mut event = None;
        while let Some(length) = self.rest[start + self.searched..]
            .iter()
            .position(|byte| *byte == b'\n')
        {
            let end = start + self.searched + length;
            self.searched = 0;
            let line = self.rest[start..end].strip_suffix(b"\r");
            let line = line.unwrap_or(&self.rest[start..end]);
            start = end + 1;
            match field(line) {
                Some((b"event", value)) => self.name = value.to_vec(),
                Some((b"data", value)) => {
                    if !self.data.is_empty() {
                        self.data.push(b'\n');
                    }
                    self.data.extend_from_slice(value);
                }
                Some(_) => {}
                None => event = Self::dispatch(&mut self.name, &mut self.data),
            }
            if event.is_some() {
                break;
            }
        }
        self.rest.drain(..start);
        if event.is_none() {
            self.searched = self.rest.len();
        }
        event
    }

    /// What an empty line ends; names that are not of the protocol are passed over.
    fn dispatch(name: &mut Vec<u8>, data: &mut Vec<u8>) -> Option<Event> {
        let data = std::mem::take(data);
        match std::mem::take(name).as_slice() {
            b"next" => Some(Event::Next(data)),
            b"complete" => Some(Event::Complete),
            _ => None,
        }
    }
}

/// Name and value of a line; `None` for the empty line. A comment has the empty name.
fn field(line: &[u8]) -> Option<(&[u8], &[u8])> {
    if line.is_empty() {
        return None;
    }
    let Some(colon) = line.iter().position(|byte| *byte == b':') else {
        return Some((line, b""));
    };
    let value = &line[colon + 1..];
    Some((&line[..colon], value.strip_prefix(b" ").unwrap_or(value)))
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &[u8] =
        b":\n\nevent: next\r\ndata: {\"a\":\r\ndata:1}\r\n\r\nevent: other\ndata: x\n\n: alive\nevent:complete\ndata\n\n";

    #[test]
    fn reads_events_however_they_are_cut() {
        for size in 1..TEXT.len() {
            let mut events = Events::default();
            let mut told = Vec::new();
            for bytes in TEXT.chunks(size) {
                events.push(bytes).unwrap();
                told.extend(std::iter::from_fn(|| events.next()));
            }
            let next = Event::Next(b"{\"a\":\n1}".to_vec());
            assert_eq!(told, [next, Event::Complete], "cut every {size} bytes");
        }
    }

    #[test]
    fn refuses_an_event_without_end() {
        let mut events = Events::default();
        let megabyte = vec![b'x'; 1024 * 1024];
        let taken = (0..32).take_while(|_| events.push(&megabyte).is_ok());
        assert_eq!(taken.count(), 16);
    }
}
