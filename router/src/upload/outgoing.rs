use std::{
    collections::HashSet,
    io,
    sync::{Arc, OnceLock},
};

use axum::body::Body;
use bytes::Bytes;
use futures_util::stream;
use serde_json::{Map, Value};
use setwise_multipart::{Reader, Writer};
use tokio::sync::{Mutex, OwnedMutexGuard};

use super::{Files, Slot, UploadError};

/// A request with files, on its way to a subgraph.
pub(crate) struct Outgoing {
    pub(crate) content_type: String,
    pub(crate) body: Body,
}

/// A request that is being written.
struct State {
    writer: Writer,
    stage: Stage,
    reader: Arc<Mutex<Reader>>,
    /// The files that are still to come.
    wanted: HashSet<String>,
    /// Files of which this request knows nothing.
    unwanted: HashSet<String>,
    max_file_bytes: u64,
    failure: Arc<OnceLock<UploadError>>,
}

enum Stage {
    Begin(Bytes),
    BetweenParts(OwnedMutexGuard<Reader>),
    InPart {
        reader: OwnedMutexGuard<Reader>,
        bytes: u64,
    },
    End,
}

impl Files {
    /// The request that carries `operations`, which uses `variables`, and their files as they come.
    pub(crate) fn send_on(&self, operations: &[u8], variables: &[String]) -> Outgoing {
        let writer = Writer::new(format!("setwise-{:032x}", rand::random::<u128>()));
        let (wanted, unwanted): (Vec<_>, Vec<_>) = self
            .slots
            .iter()
            .partition(|slot| slot.is_used_by(variables));
        let map = serde_json::to_vec(&map(&wanted)).expect("a JSON value is written to memory");
        let begin = [
            writer.json("operations", operations),
            writer.json("map", &map),
        ];
        let name = |slot: &Slot| slot.name.clone();
        let state = State {
            stage: Stage::Begin(begin.concat().into()),
            reader: Arc::clone(&self.reader),
            wanted: wanted.into_iter().map(name).collect(),
            unwanted: unwanted.into_iter().map(name).collect(),
            max_file_bytes: self.config.max_file_bytes,
            failure: Arc::clone(&self.failure),
            writer,
        };
        Outgoing {
            content_type: state.writer.content_type(),
            body: Body::from_stream(stream::try_unfold(state, State::next)),
        }
    }
}

fn map(slots: &[&Slot]) -> Map<String, Value> {
    let paths = |slot: &Slot| -> Vec<Value> {
        let paths = slot.paths.iter();
        paths
            .map(|path| format!("variables.{}", path.join(".")).into())
            .collect()
    };
    slots
        .iter()
        .map(|slot| (slot.name.clone(), paths(slot).into()))
        .collect()
}

impl State {
    /// The next bytes. A failure ends the request in the middle, so that the subgraph does not
    /// take it for whole, and is kept for the client.
    async fn next(mut self) -> io::Result<Option<(Bytes, Self)>> {
        match self.step().await {
            Ok(bytes) => Ok(bytes.map(|bytes| (bytes, self))),
            Err(error) => {
                let told = io::Error::other(error.to_string());
                // nobody else sets it
                let _ = self.failure.set(error);
                Err(told)
            }
        }
    }

    async fn step(&mut self) -> Result<Option<Bytes>, UploadError> {
        match std::mem::replace(&mut self.stage, Stage::End) {
            Stage::Begin(bytes) => {
                let reader = Arc::clone(&self.reader).lock_owned().await;
                self.stage = Stage::BetweenParts(reader);
                Ok(Some(bytes))
            }
            Stage::BetweenParts(reader) => self.begin_part(reader).await.map(Some),
            Stage::InPart { mut reader, bytes } => {
                let Some(chunk) = reader.chunk().await? else {
                    self.stage = Stage::BetweenParts(reader);
                    return Ok(Some(self.writer.end()));
                };
                let bytes = bytes + chunk.len() as u64;
                if bytes > self.max_file_bytes {
                    let max = self.max_file_bytes;
                    return Err(UploadError::TooLarge { max });
                }
                self.stage = Stage::InPart { reader, bytes };
                Ok(Some(chunk))
            }
            Stage::End => Ok(None),
        }
    }

    async fn begin_part(
        &mut self,
        mut reader: OwnedMutexGuard<Reader>,
    ) -> Result<Bytes, UploadError> {
        while let Some(part) = reader.next_part().await? {
            if self.wanted.remove(&part.name) {
                let head = self.writer.begin(&part);
                self.stage = Stage::InPart { reader, bytes: 0 };
                return Ok(head);
            }
            if !self.unwanted.remove(&part.name) {
                return Err(UploadError::Unexpected(part.name));
            }
        }
        match self.wanted.drain().next() {
            Some(name) => Err(UploadError::Missing(name)),
            None => Ok(self.writer.close()),
        }
    }
}
