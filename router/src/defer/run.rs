//! Answering an operation in parts.

use std::sync::Arc;

use apollo_compiler::response::JsonMap;
use bytes::Bytes;
use futures_util::{
    FutureExt as _, StreamExt as _,
    future::BoxFuture,
    stream::{self, BoxStream, FuturesUnordered},
};
use http::HeaderMap;
use serde_json::json;

use crate::{
    exact::Variables,
    executor::{
        Execution,
        json::{Buffers, Value},
        project::{Projection, project},
    },
    graph::{Graph, GraphError, GraphResponse, PathSegment},
    pipeline::Prepared,
    supergraph::TypeId,
};

use super::{
    Deferred,
    places::{Finder, Place, is_there},
    plan::{Entity, Part, Unit},
};

/// JSON payloads of incremental delivery, as of 2022-08-24.
pub(crate) type Parts = BoxStream<'static, Vec<u8>>;

/// One request for an operation in parts.
pub(crate) struct Request {
    pub(crate) graph: Graph,
    pub(crate) prepared: Arc<Prepared>,
    pub(crate) deferred: Arc<Deferred>,
    pub(crate) variables: Variables,
    pub(crate) introspection: Option<JsonMap>,
    pub(crate) headers: HeaderMap,
}

/// An answer and what can be asked for now.
struct Answered {
    payload: Payload,
    next: Vec<(usize, Vec<Place>)>,
}

enum Payload {
    Primary(GraphResponse),
    /// A part at each of its places.
    Incremental(Vec<Item>),
}

struct Item {
    part: usize,
    path: Vec<PathSegment>,
    data: Vec<u8>,
    errors: Vec<GraphError>,
}

/// Answers in parts, each as soon as it is known.
pub(crate) fn run(request: Request) -> Parts {
    let request = Arc::new(request);
    let primary = Arc::clone(&request);
    let pending: FuturesUnordered<BoxFuture<'static, Answered>> = FuturesUnordered::new();
    pending.push(async move { primary.primary().await }.boxed());
    stream::unfold((request, pending), async |(request, mut pending)| {
        loop {
            let answered = pending.next().await?;
            for (part, places) in answered.next {
                let request = Arc::clone(&request);
                pending.push(async move { request.part(part, places).await }.boxed());
            }
            let has_next = !pending.is_empty();
            if let Payload::Incremental(items) = &answered.payload
                && items.is_empty()
                && has_next
            {
                continue;
            }
            let json = request.write(&answered.payload, has_next);
            return Some((json, (request, pending)));
        }
    })
    .boxed()
}

impl Request {
    fn execution(&self) -> Execution<'_> {
        let Graph {
            supergraph,
            upstreams,
            ..
        } = &self.graph;
        Execution::new(supergraph, upstreams, &self.variables, &self.headers)
    }

    fn projection<'a>(&'a self, root: TypeId, unit: &'a Unit) -> Projection<'a> {
        Projection {
            types: &self.graph.supergraph.types,
            root,
            selection: &unit.selection,
            variables: &self.variables,
            introspection: self.introspection.as_ref(),
        }
    }

    async fn primary(&self) -> Answered {
        let unit = &self.deferred.primary;
        let execution = self.execution();
        execution.run(unit.plan.as_ref()).await;
        let next = execution.look(|buffers, data| {
            let root = (Vec::new(), data.clone());
            self.places(None, buffers, &[root])
        });
        let projection = self.projection(self.prepared.root, unit);
        let (data, errors) = execution.finish(&projection, &self.prepared.client_keys);
        Answered {
            next: still_there(next, &data, &[]),
            payload: Payload::Primary(GraphResponse {
                data: Some(data),
                errors,
            }),
        }
    }

    /// Fetches a part for all of its places.
    async fn part(&self, index: usize, places: Vec<Place>) -> Answered {
        let part = &self.deferred.parts[index];
        let execution = self.execution();
        let (known, lost): (Vec<Place>, Vec<Place>) =
            places.into_iter().partition(|place| place.known.is_some());
        if let Some(entity) = &part.entity {
            let known: Vec<_> = known
                .iter()
                .filter_map(|place| place.known.as_deref())
                .collect();
            let json = format!("{{\"{}\":[{}]}}", entity.field, known.join(","));
            execution.seed(Bytes::from(json));
        }
        if !known.is_empty() {
            execution.run(part.unit.plan.as_ref()).await;
        }
        let (buffers, data, errors) = execution.into_parts();
        let objects = objects(part, &buffers, &data, &known);
        let mut next = self.places(Some(index), &buffers, &objects);
        let mut items: Vec<_> = lost
            .into_iter()
            .map(|place| unknown(index, place))
            .collect();
        let told = self.by_place(part, errors, objects.len());
        for ((path, object), mut errors) in objects.into_iter().zip(told) {
            let root = part.entity.as_ref().map_or(self.prepared.root, |it| it.id);
            let projection = self.projection(root, &part.unit);
            let data = project(&projection, &buffers, &object, &mut errors);
            next = still_there(next, &data, &path);
            for error in &mut errors {
                let below = error.path.take().unwrap_or_default();
                error.path = Some([path.clone(), below].concat());
            }
            items.push(Item {
                part: index,
                path,
                data,
                errors,
            });
        }
        Answered {
            payload: Payload::Incremental(items),
            next,
        }
    }

    /// Where the parts in `parent` belong, below `objects` and the ways there.
    fn places(
        &self,
        parent: Option<usize>,
        buffers: &Buffers,
        objects: &[(Vec<PathSegment>, Value)],
    ) -> Vec<(usize, Vec<Place>)> {
        let parts = self.deferred.parts.iter().enumerate();
        parts
            .filter(|(_, part)| part.parent == parent)
            .map(|(index, part)| {
                let finder = Finder {
                    supergraph: &self.graph.supergraph,
                    variables: &self.variables,
                    client_keys: &self.prepared.client_keys,
                    buffers,
                    part,
                };
                let mut found = Vec::new();
                for (path, object) in objects {
                    finder.find(object, &mut path.clone(), &mut found);
                }
                (index, found)
            })
            .filter(|(_, found)| !found.is_empty())
            .collect()
    }

    /// The errors of a part, for each place those within it, with the way from there.
    fn by_place(&self, part: &Part, errors: Vec<GraphError>, count: usize) -> Vec<Vec<GraphError>> {
        let mut told = vec![Vec::new(); count];
        for mut error in errors {
            let mut path = error.path.take().unwrap_or_default();
            if error.service().is_some() {
                // of an entity the root field and the position come first
                let start = if part.entity.is_some() {
                    path.len().min(2)
                } else {
                    0
                };
                let known = part.unit.selection.known_part(&path[start..]);
                path.truncate(start + known);
            }
            self.prepared.client_keys.translate(&mut path);
            if part.entity.is_none() {
                error.path = Some(path);
                told[0].push(error);
                continue;
            }
            // the root field, the position, and the rest
            match path.get(1) {
                Some(PathSegment::Index(index)) if *index < count => {
                    let index = *index;
                    error.path = Some(path.split_off(2));
                    told[index].push(error);
                }
                _ => {
                    error.path = Some(Vec::new());
                    for told in &mut told {
                        told.push(error.clone());
                    }
                }
            }
        }
        told
    }

    fn write(&self, payload: &Payload, has_next: bool) -> Vec<u8> {
        let mut json = match payload {
            Payload::Primary(response) => {
                let mut json = response.to_json();
                json.pop();
                json
            }
            Payload::Incremental(items) if items.is_empty() => {
                return json!({ "hasNext": has_next }).to_string().into_bytes();
            }
            Payload::Incremental(items) => {
                let mut json = b"{\"incremental\":[".to_vec();
                for (position, item) in items.iter().enumerate() {
                    if position > 0 {
                        json.push(b',');
                    }
                    self.write_item(item, &mut json);
                }
                json.push(b']');
                json
            }
        };
        json.extend_from_slice(format!(",\"hasNext\":{has_next}}}").as_bytes());
        json
    }

    fn write_item(&self, item: &Item, json: &mut Vec<u8>) {
        json.extend_from_slice(b"{\"data\":");
        json.extend_from_slice(&item.data);
        let mut rest = json!({ "path": item.path });
        if let Some(label) = &self.deferred.parts[item.part].label {
            rest["label"] = json!(label);
        }
        if !item.errors.is_empty() {
            rest["errors"] = json!(item.errors);
        }
        json.push(b',');
        json.extend_from_slice(&rest.to_string().as_bytes()[1..]);
    }
}

/// The objects that a part was fetched for.
fn objects(
    part: &Part,
    buffers: &Buffers,
    data: &Value,
    places: &[Place],
) -> Vec<(Vec<PathSegment>, Value)> {
    let paths = places.iter().map(|place| place.path.clone());
    let Some(Entity { field, .. }) = &part.entity else {
        return paths.map(|path| (path, data.clone())).collect();
    };
    let list = data
        .as_object()
        .and_then(|object| buffers.field(object, field));
    match list {
        Some(Value::List(items, _)) => paths.zip(items.iter().cloned()).collect(),
        _ => Vec::new(),
    }
}

/// The places that a response, which lies at `path`, has; those elsewhere are not judged.
fn still_there(
    places: Vec<(usize, Vec<Place>)>,
    data: &[u8],
    path: &[PathSegment],
) -> Vec<(usize, Vec<Place>)> {
    if places.is_empty() {
        return places;
    }
    let data: serde_json::Value = serde_json::from_slice(data).unwrap_or_default();
    let is_kept = |place: &Place| match place.path.strip_prefix(path) {
        Some(below) => is_there(&data, below),
        None => true,
    };
    places
        .into_iter()
        .map(|(part, places)| (part, places.into_iter().filter(is_kept).collect::<Vec<_>>()))
        .filter(|(_, places)| !places.is_empty())
        .collect()
}

/// A part of something whose keys are not known, because what should have told them failed.
fn unknown(part: usize, place: Place) -> Item {
    let message = "What the deferred fragment lies on is not known.";
    let mut error = GraphError::new("DEFERRED_FRAGMENT_UNAVAILABLE", message);
    error.path = Some(place.path.clone());
    Item {
        part,
        path: place.path,
        data: b"null".to_vec(),
        errors: vec![error],
    }
}
