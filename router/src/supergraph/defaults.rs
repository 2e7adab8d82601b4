//! Defaults of input objects' fields that would be rounded on the way to a subgraph. They are left to
//! the subgraphs, which have them too.

use apollo_compiler::{
    Schema,
    ast::{Type, Value},
    schema::ExtendedType,
    validation::Valid,
};

use crate::exact::is_rounded;

/// `schema` without those defaults, to coerce variables by; `None` when it has none of them.
pub(super) fn without_rounded(schema: &Valid<Schema>) -> Option<Valid<Schema>> {
    let mut changed = None;
    for (name, definition) in &schema.types {
        let ExtendedType::InputObject(input) = definition else {
            continue;
        };
        for (field, definition) in &input.fields {
            let default = definition.default_value.as_ref();
            if !default.is_some_and(|default| has_rounded(default)) {
                continue;
            }
            let schema = changed.get_or_insert_with(|| schema.clone().into_inner());
            let input = schema.types.get_mut(name).and_then(|found| match found {
                ExtendedType::InputObject(input) => Some(input),
                _ => None,
            });
            if let Some(definition) = input.and_then(|it| it.make_mut().fields.get_mut(field)) {
                let definition = definition.make_mut();
                definition.default_value = None;
                // it may still be left out
                definition.ty = nullable(&definition.ty).into();
            }
        }
    }
    changed.map(Valid::assume_valid)
}

fn nullable(ty: &Type) -> Type {
    match ty {
        Type::NonNullNamed(name) => Type::Named(name.clone()),
        Type::NonNullList(inner) => Type::List(inner.clone()),
        nullable => nullable.clone(),
    }
}

fn has_rounded(value: &Value) -> bool {
    match value {
        Value::Int(number) => is_rounded(number.as_str()),
        Value::Float(number) => is_rounded(number.as_str()),
        Value::List(items) => items.iter().any(|item| has_rounded(item)),
        Value::Object(fields) => fields.iter().any(|(_, value)| has_rounded(value)),
        _ => false,
    }
}
