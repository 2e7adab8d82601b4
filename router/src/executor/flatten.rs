//! Finding the objects that a path of the plan leads to.

use std::ops::Range;

use crate::graph::PathSegment as ErrorPathSegment;

use super::{
    json::{Buffers, Object, Value},
    plan::PathSegment,
};

/// Places in the data, each as the positions to go through from the root. Objects only grow and
/// lists keep their order, so a place stays true while other fetches are merged.
#[derive(Debug, Default)]
pub(crate) struct Places {
    steps: Vec<usize>,
    ends: Vec<usize>,
}

impl Places {
    pub(crate) fn len(&self) -> usize {
        self.ends.len()
    }

    pub(crate) fn get(&self, index: usize) -> &[usize] {
        let start = if index == 0 { 0 } else { self.ends[index - 1] };
        &self.steps[Range {
            start,
            end: self.ends[index],
        }]
    }

    pub(crate) fn push(&mut self, steps: &[usize]) {
        self.steps.extend_from_slice(steps);
        self.ends.push(self.steps.len());
    }
}

/// Calls `found` with each object that `path` leads to from `root`, and the way there.
pub(crate) fn each_object<'v>(
    buffers: &Buffers,
    root: &'v Value,
    path: &[PathSegment],
    found: &mut impl FnMut(&'v Object, &[usize]),
) {
    walk(buffers, root, path, &mut Vec::new(), found);
}

fn walk<'v>(
    buffers: &Buffers,
    value: &'v Value,
    path: &[PathSegment],
    way: &mut Vec<usize>,
    found: &mut impl FnMut(&'v Object, &[usize]),
) {
    match (value, path.split_first()) {
        (Value::Object(object), None) => found(object, way),
        (Value::Object(object), Some((PathSegment::Field(key), rest))) => {
            if let Some(position) = buffers.find(object, key, 0) {
                way.push(position);
                walk(buffers, &object.fields[position].1, rest, way, found);
                way.pop();
            }
        }
        (Value::Object(object), Some((PathSegment::OfType(types), rest))) => {
            if buffers
                .type_name(object)
                .is_none_or(|name| types.contains(name))
            {
                walk(buffers, value, rest, way, found);
            }
        }
        // a list that the path does not name is gone through too
        (Value::List(items, _), segment) => {
            let rest = match segment {
                Some((PathSegment::EachItem, rest)) => rest,
                _ => path,
            };
            for (index, item) in items.iter().enumerate() {
                way.push(index);
                walk(buffers, item, rest, way, found);
                way.pop();
            }
        }
        (Value::Null | Value::Scalar(_), _)
        | (Value::Object(_), Some((PathSegment::EachItem, _))) => {}
    }
}

/// The value that `way` leads to.
pub(crate) fn at_mut<'v>(root: &'v mut Value, way: &[usize]) -> Option<&'v mut Value> {
    way.iter().try_fold(root, |value, &step| match value {
        Value::Object(object) => Some(&mut object.fields.get_mut(step)?.1),
        Value::List(items, _) => items.get_mut(step),
        Value::Null | Value::Scalar(_) => None,
    })
}

/// `way` as the client reads it.
pub(crate) fn error_path(buffers: &Buffers, root: &Value, way: &[usize]) -> Vec<ErrorPathSegment> {
    let mut path = Vec::with_capacity(way.len());
    let mut value = root;
    for &step in way {
        value = match value {
            Value::Object(object) => {
                let (key, value) = &object.fields[step];
                let key = String::from_utf8_lossy(buffers.get(*key));
                path.push(ErrorPathSegment::Key(key.into_owned()));
                value
            }
            Value::List(items, _) => {
                path.push(ErrorPathSegment::Index(step));
                &items[step]
            }
            Value::Null | Value::Scalar(_) => break,
        };
    }
    path
}
