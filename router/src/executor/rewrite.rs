//! Changes that the plan makes to representations and to answers: names that subgraphs know
//! differently, and fields that had to be aliased to be fetched together.

use super::{
    json::{Buffers, Value},
    plan::{Change, PathSegment, Rewrite},
};

/// Applies `rewrites` to `value` in order.
pub(crate) fn apply(buffers: &mut Buffers, rewrites: &[Rewrite], value: &mut Value) {
    for rewrite in rewrites {
        apply_one(buffers, &rewrite.path, &rewrite.change, value);
    }
}

fn apply_one(buffers: &mut Buffers, path: &[PathSegment], change: &Change, value: &mut Value) {
    if let Value::List(items, _) = value {
        for item in items {
            apply_one(buffers, path, change, item);
        }
        return;
    }
    let Some((segment, rest)) = path.split_first() else {
        if let Change::SetString(text) = change {
            // a name of the schema needs no escaping
            *value = Value::Scalar(buffers.intern(&format!("\"{text}\"")));
        }
        return;
    };
    let Value::Object(object) = value else {
        return;
    };
    match segment {
        PathSegment::OfType(types) => {
            if buffers
                .type_name(object)
                .is_none_or(|name| types.contains(name))
            {
                apply_one(buffers, rest, change, value);
            }
        }
        PathSegment::Field(key) => {
            let Some(position) = buffers.find(object, key, 0) else {
                return;
            };
            match change {
                Change::RenameKey(name) if rest.is_empty() => {
                    object.fields[position].0 = buffers.intern(name);
                }
                Change::RemoveKey if rest.is_empty() => {
                    object.fields.remove(position);
                }
                Change::RenameKey(_) | Change::RemoveKey | Change::SetString(_) => {
                    apply_one(buffers, rest, change, &mut object.fields[position].1);
                }
            }
        }
        PathSegment::EachItem => apply_one(buffers, rest, change, value),
    }
}

/// The key that the client's data has for `key` at the end of `path` (keys only, no positions).
pub(crate) fn renamed<'a>(rewrites: &'a [Rewrite], path: &[&str], key: &'a str) -> &'a str {
    rewrites
        .iter()
        .find_map(|rewrite| {
            let Change::RenameKey(name) = &rewrite.change else {
                return None;
            };
            let mut keys = rewrite.path.iter().filter_map(|segment| match segment {
                PathSegment::Field(key) => Some(key.as_str()),
                PathSegment::EachItem | PathSegment::OfType(_) => None,
            });
            let here = path.iter().copied().chain([key]);
            here.eq(keys.by_ref()).then_some(name.as_str())
        })
        .unwrap_or(key)
}
