//! Merging what one fetch answered into what is known already.

use super::json::{Buffers, Value};

/// Merges `source` into `target`: objects field by field, lists item by item. What the target
/// knows is not unlearnt by a null.
pub(crate) fn merge(buffers: &Buffers, target: &mut Value, source: Value) {
    match (target, source) {
        (_, Value::Null) => {}
        (Value::Object(target), Value::Object(source)) => {
            target.fields.reserve(source.fields.len());
            for (hint, (key, value)) in source.fields.into_iter().enumerate() {
                match buffers.find_bytes(target, buffers.get(key), hint) {
                    Some(position) => merge(buffers, &mut target.fields[position].1, value),
                    None => target.fields.push((key, value)),
                }
            }
        }
        (Value::List(target, _), Value::List(source, _)) => {
            let known = target.len();
            for (index, item) in source.into_iter().enumerate() {
                if index < known {
                    merge(buffers, &mut target[index], item);
                } else {
                    target.push(item);
                }
            }
        }
        (target, source) => *target = source,
    }
}

/// [`merge`], of what others wait for too.
pub(crate) fn merge_copy(buffers: &Buffers, target: &mut Value, source: &Value) {
    match (target, source) {
        (_, Value::Null) => {}
        (Value::Object(target), Value::Object(source)) => {
            // with room for what a later fetch adds
            target.fields.reserve(2 * source.fields.len());
            for (hint, (key, value)) in source.fields.iter().enumerate() {
                match buffers.find_bytes(target, buffers.get(*key), hint) {
                    Some(position) => merge_copy(buffers, &mut target.fields[position].1, value),
                    None => target.fields.push((*key, value.clone())),
                }
            }
        }
        (Value::List(target, _), Value::List(source, _)) => {
            let known = target.len();
            for (index, item) in source.iter().enumerate() {
                if index < known {
                    merge_copy(buffers, &mut target[index], item);
                } else {
                    target.push(item.clone());
                }
            }
        }
        (target, source) => target.clone_from(source),
    }
}
