//! Taking a subgraph's answer in: its data merged where it belongs, its errors told where the
//! client will look for them.

use bytes::Bytes;

use crate::{
    graph::PathSegment,
    supergraph::{Subgraph, Supergraph},
};

use super::{
    State,
    asked::{self, Breach, Check, Step},
    entities::Representations,
    errors::{self, Answer, SubgraphError},
    flatten,
    json::{Object, Value},
    merge::{merge, merge_copy},
    plan::{EntityFetch, Fetch, FetchKind, Rewrite},
    rewrite,
};

/// Takes `answer` to `fetch` into `state`.
pub(super) fn apply(
    state: &mut State,
    supergraph: &Supergraph,
    fetch: &Fetch,
    gathered: &[Representations],
    answer: Answer,
) {
    let subgraph = &supergraph.subgraphs[fetch.subgraph];
    let read = match answer {
        Ok(body) => read(state, body),
        Err(error) => Err(errors::no_answer(&error)),
    };
    let (mut data, errors) = match read {
        Ok(read) => read,
        Err(error) => {
            let path = path_of_fetch(state, gathered);
            state.errors.push(errors::at(error, &subgraph.name, path));
            return;
        }
    };
    let breaches = match &mut data {
        Value::Object(data) => check(state, supergraph, fetch, gathered, data),
        // its errors say why
        Value::Null | Value::Scalar(_) | Value::List(..) => Vec::new(),
    };
    for error in errors.iter().chain(&told(&errors, breaches, subgraph)) {
        tell(state, subgraph, fetch, gathered, error);
    }
    match &fetch.kind {
        FetchKind::Root {
            output_rewrites, ..
        } => distribute(state, output_rewrites, &gathered[0], vec![data]),
        FetchKind::Entities(lists) => {
            let Value::Object(mut data) = data else {
                return;
            };
            for (list, representations) in lists.iter().zip(gathered) {
                if let Value::List(entities, _) = take_field(state, &mut data, &list.response_key) {
                    distribute(state, &list.output_rewrites, representations, entities);
                }
            }
        }
    }
}

/// Holds `data` to what `fetch` asked for: what is left of it is that alone.
fn check(
    state: &State,
    supergraph: &Supergraph,
    fetch: &Fetch,
    gathered: &[Representations],
    data: &mut Object,
) -> Vec<Breach> {
    let mut check = Check {
        buffers: &state.buffers,
        supergraph,
        path: Vec::new(),
        breaches: Vec::new(),
    };
    let FetchKind::Entities(lists) = &fetch.kind else {
        check.root(&fetch.asked, data);
        return check.breaches;
    };
    let asked_for = lists
        .iter()
        .zip(gathered)
        .filter(|(_, list)| list.count > 0);
    for (list, representations) in asked_for {
        let key = &list.response_key;
        let found = state.buffers.find(data, key, 0);
        let found = found.map(|position| &mut data.fields[position].1);
        check.path.push(Step::Key(key));
        match (found, fetch.asked.of(key)) {
            (Some(Value::List(entities, _)), Some(asked))
                if entities.len() == representations.count =>
            {
                let named = entities.iter_mut().zip(&representations.type_names);
                for (index, (entity, name)) in named.enumerate() {
                    check.path.push(Step::Index(index));
                    check.entity(asked, entity, *name);
                    check.path.pop();
                }
            }
            (found, _) => {
                check.breach(asked::NOT_THE_ENTITIES);
                // which of them is whose is not known
                if let Some(entities) = found {
                    *entities = Value::Null;
                }
            }
        }
        check.path.pop();
    }
    check.breaches
}

/// What the client is told of `breaches`: those that no error of the answer explains.
fn told(
    errors: &[SubgraphError],
    breaches: Vec<Breach>,
    subgraph: &Subgraph,
) -> Vec<SubgraphError> {
    let explains = |error: &SubgraphError, path: &[PathSegment]| {
        let told = error.path.iter().flatten();
        told.zip(path).all(|(told, path)| told == path)
    };
    if let Some(first) = breaches.first() {
        tracing::warn!(
            subgraph.name = subgraph.name,
            count = breaches.len(),
            error.message = first.message,
            "subgraph's answer is not what it was asked for"
        );
    }
    breaches
        .into_iter()
        .filter(|breach| !errors.iter().any(|error| explains(error, &breach.path)))
        .map(|breach| SubgraphError::malformed(breach.message, breach.path))
        .collect()
}

/// A response's data and errors.
fn read(
    state: &mut State,
    body: Bytes,
) -> Result<(Value, Vec<SubgraphError>), crate::graph::GraphError> {
    let response = state.buffers.parse(body).map_err(|error| {
        tracing::warn!(%error, "subgraph's answer is not JSON");
        errors::malformed()
    })?;
    let Value::Object(mut response) = response else {
        return Err(errors::malformed());
    };
    let errors = match state.buffers.field(&response, "errors") {
        Some(Value::List(_, span)) => {
            SubgraphError::read(state.buffers.get(*span)).map_err(|error| {
                tracing::warn!(%error, "subgraph's errors are malformed");
                errors::malformed()
            })?
        }
        None | Some(Value::Null) => Vec::new(),
        Some(Value::Scalar(_) | Value::Object(_)) => return Err(errors::malformed()),
    };
    let data = take_field(state, &mut response, "data");
    match data {
        Value::Null if errors.is_empty() => Err(errors::malformed()),
        Value::Null | Value::Object(_) => Ok((data, errors)),
        Value::Scalar(_) | Value::List(..) => Err(errors::malformed()),
    }
}

fn take_field(state: &State, object: &mut Object, key: &str) -> Value {
    match state.buffers.find(object, key, 0) {
        Some(position) => object.fields.swap_remove(position).1,
        None => Value::Null,
    }
}

/// Merges each of `answers` into the places that wait for it.
fn distribute(
    state: &mut State,
    output_rewrites: &[Rewrite],
    representations: &Representations,
    mut answers: Vec<Value>,
) {
    for answer in &mut answers {
        rewrite::apply(&mut state.buffers, output_rewrites, answer);
    }
    // the last place that waits for an answer takes it, the others a copy
    let mut waiting = vec![0_usize; answers.len()];
    for &index in &representations.of_place {
        if let Some(count) = waiting.get_mut(index) {
            *count += 1;
        }
    }
    for (place, &index) in representations.of_place.iter().enumerate() {
        let Some(answer) = answers.get_mut(index) else {
            continue;
        };
        waiting[index] -= 1;
        let place = representations.places.get(place);
        let Some(target) = flatten::at_mut(&mut state.data, place) else {
            continue;
        };
        if waiting[index] == 0 {
            merge(
                &state.buffers,
                target,
                std::mem::replace(answer, Value::Null),
            );
        } else {
            merge_copy(&state.buffers, target, answer);
        }
    }
}

/// Adds a subgraph's error, once for each place in the client's data that it is about.
fn tell(
    state: &mut State,
    subgraph: &Subgraph,
    fetch: &Fetch,
    gathered: &[Representations],
    error: &SubgraphError,
) {
    let path = error.path.as_deref().unwrap_or_default();
    let about = match &fetch.kind {
        FetchKind::Root {
            output_rewrites, ..
        } => error
            .path
            .is_some()
            .then_some((output_rewrites, &gathered[0], 0, path)),
        FetchKind::Entities(lists) => entity_of(lists, gathered, path),
    };
    let Some((rewrites, representations, index, rest)) = about else {
        let path = path_of_fetch(state, gathered);
        state.errors.push(error.to_client(&subgraph.name, path));
        return;
    };
    let rest = client_path(rewrites, rest);
    for (place, &of_place) in representations.of_place.iter().enumerate() {
        if of_place == index {
            let way = representations.places.get(place);
            let mut path = flatten::error_path(&state.buffers, &state.data, way);
            path.extend_from_slice(&rest);
            state
                .errors
                .push(error.to_client(&subgraph.name, Some(path)));
        }
    }
}

/// The entity that an error at `path` is about, and the path within it.
fn entity_of<'a>(
    lists: &'a [EntityFetch],
    gathered: &'a [Representations],
    path: &'a [PathSegment],
) -> Option<(
    &'a Vec<Rewrite>,
    &'a Representations,
    usize,
    &'a [PathSegment],
)> {
    let (PathSegment::Key(key), rest) = path.split_first()? else {
        return None;
    };
    let mut known = lists.iter().zip(gathered);
    let (list, representations) = known.find(|(list, _)| list.response_key == *key)?;
    let (index, rest) = match rest {
        [PathSegment::Index(index), rest @ ..] => (*index, rest),
        // some servers leave the index out
        rest if representations.count == 1 => (0, rest),
        _ => return None,
    };
    Some((&list.output_rewrites, representations, index, rest))
}

/// `path` with the keys that the client knows.
fn client_path(rewrites: &[Rewrite], path: &[PathSegment]) -> Vec<PathSegment> {
    let mut keys: Vec<&str> = Vec::new();
    path.iter()
        .map(|segment| match segment {
            PathSegment::Index(index) => PathSegment::Index(*index),
            PathSegment::Key(key) => {
                let renamed = rewrite::renamed(rewrites, &keys, key);
                keys.push(key);
                PathSegment::Key(renamed.to_owned())
            }
        })
        .collect()
}

/// The path that all places of a fetch share; `None` for the root.
fn path_of_fetch(state: &State, gathered: &[Representations]) -> Option<Vec<PathSegment>> {
    let mut ways = gathered
        .iter()
        .flat_map(|list| (0..list.places.len()).map(|place| list.places.get(place)));
    let first = ways.next()?;
    let shared = ways.fold(first.len(), |shared, way| {
        let same = first[..shared].iter().zip(way).take_while(|(a, b)| a == b);
        same.count()
    });
    let path = flatten::error_path(&state.buffers, &state.data, &first[..shared]);
    (!path.is_empty()).then_some(path)
}
