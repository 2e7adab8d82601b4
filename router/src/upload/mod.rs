//! File uploads by the GraphQL multipart request specification. The parts `operations` and `map`
//! are read before anything runs; the files after them go on to a subgraph while they arrive, so
//! that no file is ever held whole.

mod incoming;
mod outgoing;

use std::{
    sync::{Arc, OnceLock},
    time::Duration,
};

use apollo_compiler::response::{JsonMap, JsonValue};
use http::StatusCode;
use serde_json::{Map, Value};
use setwise_multipart::{MultipartError, Reader};
use tokio::sync::Mutex;

use crate::{Uploads, executor::plan::Node, graph::GraphError};

pub(crate) use incoming::read;
pub(crate) use outgoing::Outgoing;

/// The files of one request, still on their way.
pub(crate) struct Files {
    slots: Vec<Slot>,
    config: Uploads,
    reader: Arc<Mutex<Reader>>,
    failure: Arc<OnceLock<UploadError>>,
}

/// Where one file stands in the operation.
#[derive(Debug, PartialEq, Eq)]
struct Slot {
    /// The name of the file's part.
    name: String,
    /// Each from a variable's name to the place within its value.
    paths: Vec<Vec<String>>,
}

/// Why an upload is refused. The words are for the client.
#[derive(Debug, thiserror::Error)]
pub(crate) enum UploadError {
    #[error("Files are not taken here.")]
    Off,
    #[error("The body cannot be read: {0}.")]
    Body(#[from] MultipartError),
    #[error("The part {0} is missing: operations must come first, then map, then the files.")]
    Order(&'static str),
    #[error("The part map must be a JSON object of lists of paths such as \"variables.file\".")]
    Map,
    #[error("Files of batched operations are not taken.")]
    Batch,
    #[error("The path {0} in map leads to no null among the variables.")]
    Path(String),
    #[error("The request has more than {max} files.")]
    TooMany { max: usize },
    #[error("A file has more than {max} bytes.")]
    TooLarge { max: u64 },
    #[error("The file {0:?} is not in map, or came twice.")]
    Unexpected(String),
    #[error("The file {0:?} of map did not come.")]
    Missing(String),
}

impl UploadError {
    pub(crate) fn status(&self) -> StatusCode {
        match self {
            Self::Off => StatusCode::UNSUPPORTED_MEDIA_TYPE,
            Self::TooMany { .. }
            | Self::TooLarge { .. }
            | Self::Body(MultipartError::TooLarge { .. }) => StatusCode::PAYLOAD_TOO_LARGE,
            Self::Body(_)
            | Self::Order(_)
            | Self::Map
            | Self::Batch
            | Self::Path(_)
            | Self::Unexpected(_)
            | Self::Missing(_) => StatusCode::BAD_REQUEST,
        }
    }
}

impl Files {
    /// Puts something in the places where files stand: what is null there would not pass for a
    /// value of type `Upload!`.
    pub(crate) fn mark(&self, variables: &mut Map<String, Value>) -> Result<(), UploadError> {
        for slot in &self.slots {
            for path in &slot.paths {
                let place = place(variables, path).filter(|place| place.is_null());
                let no_place = || UploadError::Path(format!("variables.{}", path.join(".")));
                *place.ok_or_else(no_place)? = slot.name.as_str().into();
            }
        }
        Ok(())
    }

    /// Checks that one request to one subgraph takes all files that `plan` uses: they come one
    /// after the other, and once.
    pub(crate) fn check(&self, plan: Option<&Node>) -> Result<(), GraphError> {
        if plan.is_some_and(|plan| self.takers(plan) > 1) {
            return Err(GraphError::new(
                "UPLOAD_NOT_POSSIBLE",
                "The files of one operation can go to one subgraph, in one request: send an \
                 operation for each.",
            ));
        }
        Ok(())
    }

    fn takers(&self, node: &Node) -> usize {
        let takers = |node: &Option<Box<Node>>| node.as_ref().map_or(0, |node| self.takers(node));
        match node {
            Node::Fetch(fetch) => self.are_used_by(&fetch.variables).into(),
            Node::Sequence(nodes) | Node::Parallel(nodes) => {
                nodes.iter().map(|node| self.takers(node)).sum()
            }
            Node::Condition {
                then, otherwise, ..
            } => takers(then).max(takers(otherwise)),
        }
    }

    /// Whether a request with these variables carries a file.
    pub(crate) fn are_used_by(&self, variables: &[String]) -> bool {
        self.slots.iter().any(|slot| slot.is_used_by(variables))
    }

    /// `variables` with null where files stand, as subgraphs get them.
    pub(crate) fn without_marks(&self, variables: &JsonMap) -> JsonMap {
        let mut variables = variables.clone();
        for path in self.slots.iter().flat_map(|slot| &slot.paths) {
            if let Some(place) = coerced_place(&mut variables, path) {
                *place = JsonValue::Null;
            }
        }
        variables
    }

    /// How long the request that carries them may take.
    pub(crate) fn timeout(&self) -> Duration {
        Duration::from_millis(self.config.timeout_ms)
    }

    /// What went wrong with the files while they were sent on.
    pub(crate) fn failure(&self) -> Option<&UploadError> {
        self.failure.get()
    }
}

impl Slot {
    fn is_used_by(&self, variables: &[String]) -> bool {
        let mut paths = self.paths.iter();
        paths.any(|path| variables.contains(&path[0]))
    }
}

fn place<'a>(variables: &'a mut Map<String, Value>, path: &[String]) -> Option<&'a mut Value> {
    let (name, rest) = path.split_first()?;
    rest.iter()
        .try_fold(variables.get_mut(name)?, |value, step| match value {
            Value::Object(object) => object.get_mut(step),
            Value::Array(list) => list.get_mut(step.parse::<usize>().ok()?),
            _ => None,
        })
}

fn coerced_place<'a>(variables: &'a mut JsonMap, path: &[String]) -> Option<&'a mut JsonValue> {
    let (name, rest) = path.split_first()?;
    rest.iter().try_fold(
        variables.get_mut(name.as_str())?,
        |value, step| match value {
            JsonValue::Object(object) => object.get_mut(step.as_str()),
            JsonValue::Array(list) => list.get_mut(step.parse::<usize>().ok()?),
            _ => None,
        },
    )
}
